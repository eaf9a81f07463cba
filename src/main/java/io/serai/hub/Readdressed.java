package io.serai.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.hub.Edit.Kind;
import io.serai.order.HoldKind;
import io.serai.support.Json;

/**
 * Parcels that were packed here for an address to which their order does not go any more: no label
 * of theirs may be used.
 *
 * <p>Gap: one that the carrier took before its label was taken back is told of when it is scanned.
 */
final class Readdressed {
  private Readdressed() {}

  /** Whether a parcel bears another address than its order has since somebody changed it. */
  static boolean is(WorkingOrder order, WorkingParcel parcel) {
    var changed =
        order.edits.stream()
            .flatMap(e -> e.parts().stream())
            .anyMatch(p -> p.kind() == Kind.ADDRESS);
    var asked = parcel.papers.request();
    if (!changed || asked == null || order.document == null) {
      return false;
    }
    var document = JsonNodeFactory.instance.objectNode();
    document.set("shipTo", Json.node(asked.shipTo()));
    document.set("service", order.document.get("service"));
    var bears = Edits.digest(document);
    var goes = Edits.digest(order.document);
    return bears != null && goes != null && !bears.equals(goes);
  }

  /** Has a person pack a parcel anew whose label is taken back. */
  static void show(Book book, WorkingOrder order, WorkingParcel parcel, Application cause) {
    var sentence =
        "Parcel '%s' at '%s' bears the former address of order '%s', and its label '%s' is taken back. Keep it from leaving, then pack it anew."
            .formatted(parcel.text(), parcel.node, order.shown(), parcel.trackingNumber);
    if (order.place(HoldKind.PARCEL, parcel, sentence, book.now)) {
      book.event(order, "parcel.readdressed", sentence, cause);
    }
  }

  /** Its units are in another parcel now. */
  static void packedAnew(Book book, WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    for (var parcel : book.parcels.values()) {
      if (parcel.fulfillmentId.equals(fulfillment.id)
          && (parcel.state == WorkingParcel.State.VOIDING
              || parcel.state == WorkingParcel.State.VOIDED)
          && is(order, parcel)) {
        order.lift(HoldKind.PARCEL, parcel, book.now);
      }
    }
  }
}
