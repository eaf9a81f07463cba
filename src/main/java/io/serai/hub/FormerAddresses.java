package io.serai.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.hub.Edit.Kind;
import io.serai.hub.Edit.Part;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.UUID;

/**
 * Where requests go whose orders' addresses were changed after they were asked.
 *
 * <p>Guarantee: what a node sends before it let go of its request went where that request says, and
 * so does the order once nothing of it goes elsewhere. Orders whose address nobody changed cost no
 * statement. Gap: a request whose content is past its retention says nothing, so its order keeps
 * the newer address.
 */
final class FormerAddresses {
  private static final String SENT_TO =
      """
      SELECT d.business_key, c.content::json ->> 'shipTo' FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
      WHERE d.order_id = ANY (?) AND d.operation = 'fulfillment-request' AND d.business_key = ANY (?) ORDER BY d.id""";

  private FormerAddresses() {}

  /** Reads them for the locked orders, in the open transaction. */
  static void read(Connection connection, Book book) throws SQLException {
    var orders = new ArrayList<UUID>();
    var requests = new ArrayList<String>();
    for (var order : book.ordersById.values()) {
      for (var edit : order.edits) {
        if (changes(edit)) {
          orders.add(order.id);
          requests.addAll(edit.awaits());
          requests.addAll(edit.refusedBy());
        }
      }
    }
    if (requests.isEmpty()) {
      return;
    }
    new Statements()
        .query(
            SENT_TO,
            rows -> {
              while (rows.next()) {
                if (rows.getString(2) != null) {
                  book.formerAddresses.put(
                      Ids.uuid("ful", rows.getString(1)), Json.tree(rows.getString(2)));
                }
              }
            },
            Statements.array("uuid", orders.toArray()),
            Statements.texts(requests))
        .execute(connection);
  }

  /** Whether an edit is to send an order elsewhere, or did. */
  static boolean changes(Edit edit) {
    return edit.parts().stream().anyMatch(p -> p.accepted() && p.kind() == Kind.ADDRESS);
  }

  /** Notes where partners were asked to send an order, before its address is another. */
  static void keep(Book book, WorkingOrder order) {
    for (var fulfillment : order.fulfillments) {
      if (fulfillment.live() && fulfillment.partner != null) {
        book.formerAddresses.putIfAbsent(fulfillment.id, order.document.path("shipTo"));
      }
    }
  }

  /** Requests that were to be stopped and of which something left all the same, by now. */
  static Edit left(Book book, Edit edit) {
    if (!changes(edit)) {
      return edit;
    }
    var refused = new ArrayList<>(edit.refusedBy());
    for (var id : edit.awaits()) {
      var request = Ids.uuid("ful", id);
      if (!refused.contains(id)
          && book.shipments.stream().anyMatch(s -> s.fulfillmentId().equals(request))) {
        refused.add(id);
      }
    }
    return edit.awaiting(edit.awaits(), refused);
  }

  /** The part as it is once every node has spoken: the order goes where what is left of it goes. */
  static Part settled(Book book, WorkingOrder order, Edit edit, Part part, String channelSays) {
    var former =
        edit.refusedBy().stream()
            .map(id -> book.formerAddresses.get(Ids.uuid("ful", id)))
            .reduce((one, last) -> last == null ? one : last)
            .orElse(null);
    if (former == null || goesThere(order, edit)) {
      return part;
    }
    var document = (ObjectNode) order.document.deepCopy();
    document.set("shipTo", former);
    order.document = document;
    order.newDocument = Json.text(document);
    order.shipCountry = former.path("address").path("countryCode").asText(order.shipCountry);
    return part.refused(channelSays);
  }

  // Something of it is asked of a node since, is packed by one of our own, or is still to be
  // placed.
  private static boolean goesThere(WorkingOrder order, Edit edit) {
    return order.lines.stream().anyMatch(l -> l.goods() && l.unplaced() + l.backordered > 0)
        || order.fulfillments.stream()
            .filter(f -> !edit.refusedBy().contains(Ids.text("ful", f.id)))
            .anyMatch(
                f ->
                    f.live() || since(f, edit) && f.reserved.stream().anyMatch(r -> r.shipped > 0));
  }

  private static boolean since(WorkingOrder.Fulfillment fulfillment, Edit edit) {
    return Ids.instant(fulfillment.id).plusMillis(1).isAfter(edit.askedAt());
  }
}
