package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.ChannelRef;
import io.serai.order.ParcelRequest;
import io.serai.order.Party;
import io.serai.order.Service;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes parcels of what a node's own people packed: never more of a line than the node is to send
 * and is not packed yet.
 */
final class Packer {
  private final Book book;
  private final Parceling parceling;

  Packer(Book book, Parceling parceling) {
    this.book = book;
    this.parceling = parceling;
  }

  ApplyResult pack(WorkingOrder order, PackOrder command, Application cause) {
    if (order.hold != null) {
      return HoldOrder.refused(
          order,
          "Order '%s' is held (%s): %s Release it, then pack it."
              .formatted(order.shown(), order.hold, order.holdReason));
    }
    var fulfillment = find(order, command);
    if (fulfillment == null) {
      return HoldOrder.refused(
          order,
          "Order '%s' has nothing to pack%s. Only what a node of our own is asked to send, and that names 'carriers', is packed here."
              .formatted(
                  order.shown(),
                  command.fulfillmentId() == null
                      ? ""
                      : " in '" + Ids.text("ful", command.fulfillmentId()) + "'"));
    }
    var open = open(order, fulfillment);
    var contents = new ArrayList<List<ParcelRequest.Line>>();
    for (var packed : command.parcels()) {
      var lines = new ArrayList<ParcelRequest.Line>();
      if (packed.lines().isEmpty()) {
        open.forEach((reserved, units) -> take(order, reserved, units, lines));
        open.replaceAll((reserved, units) -> 0);
      }
      for (var content : packed.lines()) {
        var rest = content.quantity();
        for (var entry : open.entrySet()) {
          var units = Math.min(rest, entry.getValue());
          if (entry.getKey().line.lineId.equals(content.lineId()) && units > 0) {
            take(order, entry.getKey(), units, lines);
            entry.setValue(entry.getValue() - units);
            rest -= units;
          }
        }
        if (rest > 0) {
          return HoldOrder.refused(
              order,
              "Line '%s' of order '%s' has %d unit(s) fewer to pack. Read the order, then pack what is open."
                  .formatted(content.lineId(), order.shown(), rest));
        }
      }
      if (lines.isEmpty()) {
        return HoldOrder.refused(
            order,
            "Everything of order '%s' is packed already. Void a parcel to pack it anew."
                .formatted(order.shown()));
      }
      contents.add(lines);
    }
    Readdressed.packedAnew(book, order, fulfillment);
    for (var i = 0; i < contents.size(); i++) {
      var id = book.ids.next();
      var parcel = new WorkingParcel(id, order.id, fulfillment.id, fulfillment.node, true);
      parcel.madeAt = book.now;
      parcel.papers =
          WorkingParcel.Papers.of(
              request(order, parcel, command.parcels().get(i).size(), contents.get(i)));
      book.parcels.put(id, parcel);
      parceling.offer(order, parcel, cause);
    }
    order.changed = true;
    return new ApplyResult.Applied(order.id, null);
  }

  private WorkingOrder.Fulfillment find(WorkingOrder order, PackOrder command) {
    return order.fulfillments.stream()
        .filter(f -> f.live() && f.partner == null && book.topology.packing().containsKey(f.node))
        .filter(f -> command.fulfillmentId() == null || command.fulfillmentId().equals(f.id))
        .filter(f -> f.open() > 0)
        .findFirst()
        .orElse(null);
  }

  private Map<WorkingOrder.Reserved, Integer> open(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    var packed = new HashMap<String, Integer>();
    for (var parcel : book.parcels.values()) {
      if (parcel.fulfillmentId.equals(fulfillment.id) && parcel.packed()) {
        parcel.papers.lines().forEach(l -> packed.merge(l.lineId(), l.quantity(), Integer::sum));
      }
    }
    var open = new java.util.LinkedHashMap<WorkingOrder.Reserved, Integer>();
    for (var reserved : fulfillment.reserved) {
      var lineId = reserved.line.lineId;
      var inParcels = Math.min(reserved.open(), packed.getOrDefault(lineId, 0));
      packed.merge(lineId, -inParcels, Integer::sum);
      open.put(reserved, reserved.open() - inParcels);
    }
    return open;
  }

  private void take(
      WorkingOrder order, WorkingOrder.Reserved reserved, int units, List<ParcelRequest.Line> to) {
    if (units <= 0) {
      return;
    }
    var item = book.items.find(reserved.sku);
    to.add(
        new ParcelRequest.Line(
            reserved.line.lineId,
            reserved.sku,
            reserved.line.title,
            units,
            item.map(i -> i.hsCode()).orElse(null),
            item.map(i -> i.originCountry()).orElse(null)));
  }

  private ParcelRequest request(
      WorkingOrder order,
      WorkingParcel parcel,
      ParcelRequest.Size size,
      List<ParcelRequest.Line> lines) {
    var packing = book.topology.packing().get(parcel.node);
    return new ParcelRequest(
        parcel.text(),
        1,
        null,
        HubWriter.orderId(order.id),
        part(order, "channel", ChannelRef.class),
        parcel.node,
        packing.shipFrom(),
        part(order, "shipTo", Party.class),
        part(order, "service", Service.class),
        note(order),
        size,
        lines,
        order.currency,
        packing.labelFormat(),
        null,
        null,
        null);
  }

  private static String note(WorkingOrder order) {
    return order.document == null ? null : order.document.path("note").asText(null);
  }

  static <T> T part(WorkingOrder order, String field, Class<T> type) {
    JsonNode part = order.document == null ? null : order.document.get(field);
    return part == null || part.isNull() ? null : Json.as(part, type);
  }
}
