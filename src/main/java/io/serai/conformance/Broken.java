package io.serai.conformance;

/** A clause does not hold; the message says what was seen instead. */
final class Broken extends RuntimeException {
  private static final long serialVersionUID = 1;

  Broken(String what, Object... values) {
    super(what.formatted(values));
  }

  static void unless(boolean holds, String what, Object... values) {
    if (!holds) {
      throw new Broken(what, values);
    }
  }
}
