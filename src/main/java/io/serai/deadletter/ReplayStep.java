package io.serai.deadletter;

/** Where on its way something is taken up again; each names what is done anew from there on. */
public enum ReplayStep {
  /** From the bytes as they arrived: read by the route and mapping of now, and applied. */
  NORMALIZE(DeadLetterType.MESSAGE),
  /**
   * From the order as it is kept: SKUs, nodes and stock are decided anew; nothing is read again.
   */
  APPLY(DeadLetterType.ORDER),
  /**
   * From what is owed: made anew by the mappings of now, as a new revision under a new key; only
   * when no attempt can have had its effect.
   */
  MAP(DeadLetterType.DELIVERY),
  /** From what was made: the same bytes under the same key. */
  SEND(DeadLetterType.DELIVERY);

  private final DeadLetterType type;

  ReplayStep(DeadLetterType type) {
    this.type = type;
  }

  /** What it takes up. */
  public DeadLetterType type() {
    return type;
  }

  /** Whether it takes up deliveries, so that destinations can be chosen. */
  public boolean sends() {
    return type == DeadLetterType.DELIVERY;
  }
}
