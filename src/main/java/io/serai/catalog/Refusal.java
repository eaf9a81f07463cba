package io.serai.catalog;

/** A mapping that says no itself, with a code the connector's error table knows. */
final class Refusal extends RuntimeException {

  private final String code;

  Refusal(String code, String sentence) {
    super(sentence, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }
}
