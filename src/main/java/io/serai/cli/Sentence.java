package io.serai.cli;

/** A verb cannot be done; the message is the one sentence for the operator. */
final class Sentence extends RuntimeException {
  Sentence(String sentence) {
    super(sentence, null, false, false);
  }
}
