package io.serai.edi;

/** A document cannot be written as X12; the message says which element and why, in one sentence. */
public final class Unwritable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unwritable(String sentence) {
    super(sentence);
  }
}
