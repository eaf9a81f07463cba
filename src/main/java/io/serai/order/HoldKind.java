package io.serai.order;

import java.time.Duration;

/**
 * Why an order stands still: a closed list, each with who has to act and by when. An order may be
 * held for several reasons at once; the first of this list that is open is the one it shows.
 */
public enum HoldKind {
  /** Something of it is not known here: a SKU, a value. */
  UNMAPPED("integration", Duration.ofHours(4)),
  /** No node can send it. */
  UNALLOCATABLE("operations", Duration.ofHours(4)),
  /** Our own configuration is at fault. */
  CONFIG("integration", Duration.ofHours(4)),
  /** It is a test and is never sent. */
  TEST("merchant", null),
  /** It is taken for a fraud. */
  RISK("risk", Duration.ofHours(24)),
  /** Nobody could deliver to its address. */
  ADDRESS("customer-care", Duration.ofHours(24)),
  /** Its money is not there. */
  PAYMENT("finance", Duration.ofHours(72)),
  /** Its stock is in doubt. */
  STOCK("operations", Duration.ofHours(4)),
  /** A rule wants a person to look at it. */
  RULE("operations", Duration.ofHours(24)),
  /** The decision is only proposed: a person accepts or overrides it. */
  SUGGESTION("operations", Duration.ofHours(4)),
  /** A person wants it. */
  MANUAL("operations", Duration.ofHours(24)),
  /** It was imported as history, and its channel says that something of it is still to be sent. */
  HISTORY("operations", Duration.ofHours(24)),
  /** The buyer may still change it; it goes on by itself. */
  EDIT_WINDOW("hub", null),
  /** The buyer wants it later; it goes on by itself when its window opens. */
  SHIP_WINDOW("hub", null),
  /** The channel wants it otherwise when that cannot be done any more; this stops nothing. */
  EDIT("customer-care", Duration.ofHours(24)),
  /** Somebody sends what is cancelled or was to be otherwise; this stops nothing. */
  TOO_LATE("customer-care", Duration.ofHours(24)),
  /** A warehouse or supplier is silent past its lead time; this stops nothing. */
  SILENT("operations", Duration.ofHours(24)),
  /** A parcel has no label, or one too many; this stops nothing. */
  PARCEL("operations", Duration.ofHours(4)),
  /** A carrier has not scanned a parcel for too long; this stops nothing. */
  NO_MOVEMENT("carrier", Duration.ofHours(24)),
  /** A carrier brings a parcel back; this stops nothing. */
  RETURNED_TO_SENDER("customer-care", Duration.ofHours(24)),
  /** What left is not what was asked for; its channel is not told of it; this stops nothing. */
  SHIPMENT("operations", Duration.ofHours(4)),
  /** What came back is not what was to come, or should not have come; this stops nothing. */
  RETURN("customer-care", Duration.ofHours(24)),
  /** What was to come back has not come in time; this stops nothing. */
  RETURN_OVERDUE("customer-care", Duration.ofHours(24)),
  /** Money is due to the buyer and has not gone back; this stops nothing. */
  REFUND_DUE("customer-care", Duration.ofHours(72)),
  /** The money of it is not what was sent and kept; this stops nothing. */
  MONEY("finance", Duration.ofHours(24));

  private final String owner;
  private final Duration due;

  HoldKind(String owner, Duration due) {
    this.owner = owner;
    this.due = due;
  }

  /** Who has to act when nobody else is named. */
  public String owner() {
    return owner;
  }

  /** How long they have, or null when there is no such time. */
  public Duration due() {
    return due;
  }

  /** Whether nothing more of the order is asked of anybody while it is open. */
  public boolean stops() {
    return switch (this) {
      case EDIT,
          TOO_LATE,
          SILENT,
          PARCEL,
          NO_MOVEMENT,
          RETURNED_TO_SENDER,
          SHIPMENT,
          RETURN,
          RETURN_OVERDUE,
          REFUND_DUE,
          MONEY ->
          false;
      default -> true;
    };
  }

  /** Whether a person may place it. */
  public boolean byHand() {
    return switch (this) {
      case RISK, ADDRESS, PAYMENT, STOCK, MANUAL -> true;
      default -> false;
    };
  }

  /** Whether it is lifted by trying the allocation again, as a replay does. */
  public boolean ofAllocation() {
    return this == UNMAPPED || this == UNALLOCATABLE || this == CONFIG;
  }
}
