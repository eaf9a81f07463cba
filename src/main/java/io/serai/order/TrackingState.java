package io.serai.order;

/** What a scan of a parcel says of where it stands, whatever the carrier calls it. */
public enum TrackingState {
  /** There is a label; nobody has the parcel yet. */
  PRE_TRANSIT,
  /** The carrier has it. */
  IN_TRANSIT,
  /** It is on the last van. */
  OUT_FOR_DELIVERY,
  /** It waits where the buyer collects it. */
  AVAILABLE_FOR_PICKUP,
  /** The buyer has it. */
  DELIVERED,
  /** Something is wrong; it may go on by itself. */
  EXCEPTION,
  /** It is on its way back. */
  RETURNING,
  /** It is back. */
  RETURNED,
  /** The label was taken back. */
  CANCELLED,
  /** The carrier says nothing that helps. */
  UNKNOWN;

  /**
   * Whether it proves that the carrier has or had the parcel. An exception does not: carriers
   * report one for a label whose parcel they never got.
   */
  public boolean scanned() {
    return switch (this) {
      case PRE_TRANSIT, EXCEPTION, CANCELLED, UNKNOWN -> false;
      default -> true;
    };
  }

  /** Whether nothing more is expected to move. */
  public boolean ended() {
    return this == DELIVERED || this == RETURNED || this == CANCELLED;
  }
}
