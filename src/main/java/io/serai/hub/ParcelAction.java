package io.serai.hub;

import static io.serai.hub.WorkingParcel.State.KEPT;
import static io.serai.hub.WorkingParcel.State.LABELED;
import static io.serai.hub.WorkingParcel.State.RATING;
import static io.serai.hub.WorkingParcel.State.WAITING;

import java.util.HashMap;
import java.util.UUID;

/**
 * What a person does to a parcel that is packed.
 *
 * @param what {@link What}
 */
public record ParcelAction(UUID orderId, UUID parcelId, What what, String reason)
    implements ParcelCommand {
  /** What can be done. */
  public enum What {
    /** Its label, if it has one, is taken back, and its units are there to be packed anew. */
    VOID,
    /** It was handed to the carrier, whatever its scans say. */
    HAND_OVER,
    /** Carriers that made no offer are asked again at once. */
    ASK_AGAIN
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var parcel = order == null ? null : book.parcels.get(parcelId);
    if (parcel == null) {
      return new ApplyResult.NoEffect(orderId, "The parcel is not known.");
    }
    var refusal = refusal(book, order, parcel);
    if (refusal != null) {
      return HoldOrder.refused(order, refusal);
    }
    var parceling = new Parceling(book, fulfilling);
    switch (what) {
      case VOID -> {
        if (parcel.state == LABELED) {
          parceling.takeBack(order, parcel, cause);
        } else {
          parceling.unask(order, parcel, cause);
        }
      }
      case HAND_OVER -> {
        parceling.solved(order, parcel);
        parceling.ship(order, parcel, book.now, cause);
      }
      case ASK_AGAIN -> parceling.again(order, parcel, cause);
    }
    order.changed = true;
    return new ApplyResult.Applied(order.id, null);
  }

  private String refusal(Book book, WorkingOrder order, WorkingParcel parcel) {
    var possible =
        switch (what) {
          case VOID -> parcel.state == LABELED || parcel.state == RATING || parcel.state == WAITING;
          case HAND_OVER -> parcel.state == LABELED || parcel.state == KEPT;
          case ASK_AGAIN -> parcel.state == WAITING;
        };
    if (!possible) {
      return "Parcel '%s' is '%s'; %s."
          .formatted(
              parcel.text(),
              parcel.state,
              switch (what) {
                case VOID -> "only one that has not left and buys no label can be voided";
                case HAND_OVER -> "only one that has a label and has not left can be handed over";
                case ASK_AGAIN -> "only for one that waits are carriers asked again";
              });
    }
    if (parcel.state == KEPT && Readdressed.is(order, parcel)) {
      return "Parcel '%s' bears the former address of order '%s'. Pack it anew, and ask '%s' for the money of its label."
          .formatted(parcel.text(), order.shown(), parcel.account);
    }
    return parcel.state == KEPT && !fits(book, order, parcel)
        ? "The units of parcel '%s' are not to be sent any more, or are packed in another one. Ask '%s' for the money of its label."
            .formatted(parcel.text(), parcel.account)
        : null;
  }

  /** Whether what is in a parcel is still to be sent, and in no other one. */
  private static boolean fits(Book book, WorkingOrder order, WorkingParcel parcel) {
    var fulfillment =
        order.fulfillments.stream()
            .filter(f -> f.id.equals(parcel.fulfillmentId) && f.live())
            .findFirst();
    if (order.hold != null || fulfillment.isEmpty()) {
      return false;
    }
    var open = new HashMap<String, Integer>();
    fulfillment.get().reserved.forEach(r -> open.merge(r.line.lineId, r.open(), Integer::sum));
    for (var other : book.parcels.values()) {
      if (other.fulfillmentId.equals(parcel.fulfillmentId) && other.packed()) {
        other.papers.lines().forEach(l -> open.merge(l.lineId(), -l.quantity(), Integer::sum));
      }
    }
    return parcel.papers.lines().stream()
        .allMatch(l -> open.merge(l.lineId(), -l.quantity(), Integer::sum) >= 0);
  }
}
