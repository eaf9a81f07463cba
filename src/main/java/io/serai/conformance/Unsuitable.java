package io.serai.conformance;

/** The suite cannot begin; the message is one sentence that says why and what to do. */
final class Unsuitable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unsuitable(String sentence) {
    super(sentence);
  }
}
