package io.serai.deadletter;

/** What a person found out about a delivery of unknown outcome. There is no third answer. */
public sealed interface Resolution {
  /**
   * The partner did it.
   *
   * @param reference what the partner calls it
   */
  record Happened(String reference) implements Resolution {}

  /** The partner never did it; it is sent again under the same key. */
  record DidNotHappen() implements Resolution {}

  /** The partner did it and calls it {@code reference}. */
  static Resolution happened(String reference) {
    return new Happened(reference);
  }

  /** The partner never did it. */
  static Resolution didNotHappen() {
    return new DidNotHappen();
  }
}
