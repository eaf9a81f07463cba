package io.serai.deadletter;

/**
 * What a person found out about a delivery of unknown outcome; there is no third answer. Or that
 * somebody did by hand what stopped, whatever it is.
 */
public sealed interface Resolution {
  /**
   * The partner did it.
   *
   * @param reference what the partner calls it
   */
  record Happened(String reference) implements Resolution {}

  /** The partner never did it; it is sent again under the same key. */
  record DidNotHappen() implements Resolution {}

  /**
   * It was done by hand, in the channel or at the partner; nothing is sent.
   *
   * @param reference what it is called there
   */
  record Elsewhere(String reference) implements Resolution {}

  /** It was done by hand and is called {@code reference} there. */
  static Resolution elsewhere(String reference) {
    return new Elsewhere(reference);
  }

  /** The partner did it and calls it {@code reference}. */
  static Resolution happened(String reference) {
    return new Happened(reference);
  }

  /** The partner never did it. */
  static Resolution didNotHappen() {
    return new DidNotHappen();
  }
}
