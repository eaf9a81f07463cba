package io.serai.edi;

/** The bytes cannot be taken apart any further; the fault says why. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1;
  private final transient EdiFault fault;

  Unreadable(EdiFault fault) {
    super(fault.what(), null, false, false);
    this.fault = fault;
  }

  EdiFault fault() {
    return fault;
  }
}
