package io.serai.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.FulfillmentResponse;
import io.serai.order.HoldKind;
import io.serai.order.RefusalCode;
import io.serai.order.Shipment;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What partners' answers and shipments do to the hub's picture of an order. */
final class FulfillmentRules {
  /** The canonical document, and outbox route, of a shipment told to a channel. */
  static final String SHIPMENT = "shipment";

  /** How long a parcel that left before the last one may be told after it. */
  static final Duration LATE = Duration.ofMinutes(5);

  private final Book book;
  private final Fulfilling fulfilling;

  FulfillmentRules(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /** A partner accepted, rejected, cancelled or will not cancel. */
  ApplyResult apply(FulfillmentResponse response, Application cause) {
    var id = Ids.uuid("ful", response.fulfillmentId());
    var order = book.ordersByFulfillment.get(id);
    if (order == null) {
      return unknown(response.fulfillmentId(), cause);
    }
    answer(order, response, cause);
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, null);
  }

  /** The answer to a request of this order. */
  void answer(WorkingOrder order, FulfillmentResponse response, Application cause) {
    var fulfillment = find(order, Ids.uuid("ful", response.fulfillmentId()));
    spoke(order, fulfillment);
    if (response.state() != FulfillmentResponse.State.ACCEPTED) {
      fulfillment.answered();
    }
    if (response.reference() != null) {
      fulfillment.reference = response.reference();
    }
    fulfillment.changed = true;
    order.changed = true;
    switch (response.state()) {
      case ACCEPTED -> {
        if ("REQUESTED".equals(fulfillment.state)) {
          fulfillment.state = "ACCEPTED";
          event(
              order,
              "fulfillment.accepted",
              "'%s' accepted the request%s.",
              fulfillment,
              response.reference(),
              cause);
        }
        if (fulfillment.live() && !response.refused().isEmpty()) {
          refusePart(order, fulfillment, response, cause);
        }
      }
      case REJECTED -> {
        if (fulfillment.live()) {
          fulfillment.state = "REJECTED";
          var code = response.code() == null ? RefusalCode.OTHER : response.code();
          for (var reserved : fulfillment.reserved) {
            if (reserved.open() > 0) {
              fulfilling.refuse(
                  order,
                  fulfillment,
                  reserved,
                  reserved.open(),
                  codeOf(response, reserved, code),
                  cause);
            }
          }
          book.event(
              order,
              "fulfillment.rejected",
              "'%s' will not send it: %s."
                  .formatted(fulfillment.partnerOrNode(), because(response.reason(), code)),
              cause);
          fulfilling.elsewhere(order, fulfillment, code, response.reason(), cause);
        }
      }
      case CANCELLED -> {
        if (fulfillment.live() && !fulfilling.wasToStop(fulfillment)) {
          stopsByItself(order, fulfillment, response, cause);
        } else if (fulfillment.live()) {
          fulfillment.state = "CANCELLED";
          fulfilling.release(order, fulfillment, cause);
          event(
              order,
              "fulfillment.cancelled",
              "'%s' will not send it%s.",
              fulfillment,
              response.reference(),
              cause);
          fulfilling.settle(order, cause);
        }
      }
      case CANCEL_REFUSED -> {
        // A shipment of a part may have come first.
        if ("CANCEL_REQUESTED".equals(fulfillment.state)
            || "PARTIALLY_SHIPPED".equals(fulfillment.state)) {
          if ("CANCEL_REQUESTED".equals(fulfillment.state)) {
            fulfillment.state = "ACCEPTED";
          }
          fulfilling.stays(fulfillment);
          var late = fulfilling.tooLate(order, fulfillment);
          book.event(
              order,
              "fulfillment.cancel-refused",
              "Too late to cancel: '%s' sends it all the same%s."
                  .formatted(
                      fulfillment.partner,
                      response.reason() == null ? "" : " (" + response.reason() + ")"),
              cause);
          crossed(order, fulfillment, late);
        }
      }
    }
  }

  /** A node that was not asked to stop will not send it: it goes elsewhere. */
  private void stopsByItself(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      FulfillmentResponse response,
      Application cause) {
    fulfillment.state = "CANCELLED";
    var code = response.code() == null ? RefusalCode.OTHER : response.code();
    for (var reserved : fulfillment.reserved) {
      if (reserved.open() > 0) {
        fulfilling.refuse(order, fulfillment, reserved, reserved.open(), code, cause);
      }
    }
    book.event(
        order,
        "fulfillment.cancelled",
        "'%s' cancelled it by itself: %s."
            .formatted(fulfillment.partnerOrNode(), because(response.reason(), code)),
        cause);
    fulfilling.elsewhere(order, fulfillment, code, response.reason(), cause);
  }

  /**
   * Units leave that the channel has cancelled: nobody waits for an answer, so a person has to
   * know.
   */
  private void crossed(WorkingOrder order, WorkingOrder.Fulfillment fulfillment, int units) {
    if (units <= 0 || order.wishes.stream().anyMatch(Wish::open)) {
      return;
    }
    order.place(
        HoldKind.TOO_LATE,
        "'%s' sends %d unit(s) of order '%s' that '%s' has cancelled. Have the parcel stopped or brought back, and settle it with the buyer."
            .formatted(fulfillment.partnerOrNode(), units, order.shown(), order.account),
        null,
        book.now.plus(HoldKind.TOO_LATE.due()),
        book.now,
        null);
  }

  /** A request that a node takes but for some units: they go elsewhere, the rest stays there. */
  private void refusePart(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      FulfillmentResponse response,
      Application cause) {
    RefusalCode first = null;
    var said = new HashMap<String, Integer>();
    for (var part : response.refused()) {
      var code = part.code() != null ? part.code() : response.code();
      code = code == null ? RefusalCode.OTHER : code;
      var matching =
          fulfillment.reserved.stream()
              .filter(
                  r ->
                      part.lineId() != null
                          ? part.lineId().equals(r.line.lineId)
                          : r.sku.equals(part.sku()))
              .toList();
      // What it says again is not refused again; parts of one line add up.
      var name = part.lineId() != null ? part.lineId() : part.sku();
      var rest =
          said.merge(name, part.quantity(), Integer::sum)
              - matching.stream().mapToInt(r -> r.refused).sum();
      for (var reserved : matching) {
        var units = Math.min(rest, reserved.open());
        if (units > 0) {
          fulfilling.refuse(order, fulfillment, reserved, units, code, cause);
          book.event(
              order,
              "fulfillment.short",
              "'%s' will not send %d of '%s': %s."
                  .formatted(
                      fulfillment.partnerOrNode(),
                      units,
                      reserved.sku,
                      because(response.reason(), code)),
              cause);
          first = first == null ? code : first;
          rest -= units;
        }
      }
    }
    if (first != null) {
      close(fulfillment);
      fulfilling.elsewhere(order, fulfillment, first, response.reason(), cause);
    }
  }

  // Whoever answers is not silent any more, and has what it answers.
  private void spoke(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    order.lift(h -> h.kind == HoldKind.SILENT, book.now, null, null);
    var key = Ids.text("ful", fulfillment.id);
    for (var open : fulfilling.openTo(order, fulfillment)) {
      if (open.silent()
          && "fulfillment-request".equals(open.operation())
          && key.equals(open.businessKey())) {
        book.arrived.put(open.id(), Delivery.lane(fulfillment.partner, order.id.toString()));
      }
    }
  }

  // A request of which nothing is open any more is over, whatever it came to.
  private static void close(WorkingOrder.Fulfillment fulfillment) {
    if (fulfillment.open() == 0) {
      fulfillment.state =
          fulfillment.reserved.stream().anyMatch(r -> r.shipped > 0) ? "SHIPPED" : "REJECTED";
      fulfillment.changed = true;
    }
  }

  private static RefusalCode codeOf(
      FulfillmentResponse response, WorkingOrder.Reserved reserved, RefusalCode usual) {
    return response.refused().stream()
        .filter(
            r ->
                r.lineId() != null
                    ? r.lineId().equals(reserved.line.lineId)
                    : reserved.sku.equals(r.sku()))
        .map(FulfillmentResponse.Refused::code)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(usual);
  }

  private static String because(String reason, RefusalCode code) {
    return reason == null ? code.words() : reason;
  }

  /** Something left a node: promises become shipped units, and the channel is owed the tracking. */
  ApplyResult apply(Shipment shipment, Application cause) {
    var id = Ids.uuid("ful", shipment.fulfillmentId());
    var order = book.ordersByFulfillment.get(id);
    if (order == null) {
      return unknown(shipment.fulfillmentId(), cause);
    }
    if (!order.shipmentIds.add(id + "/" + shipment.shipmentId())) {
      var reason = "Shipment '%s' is applied already.".formatted(shipment.shipmentId());
      book.end(cause, "IGNORED", order.id, reason);
      return new ApplyResult.NoEffect(order.id, reason);
    }
    var fulfillment = find(order, id);
    spoke(order, fulfillment);
    var check = new ShipmentCase.Check(order, fulfillment, book.formerAddresses.get(id), shipment);
    var parcels = new ArrayList<Map<WorkingOrder.Line, Integer>>();
    var unwanted = order.lines.stream().mapToInt(FulfillmentRules::due).sum();
    for (var parcel : shipment.packages()) {
      var shipped = new LinkedHashMap<WorkingOrder.Line, Integer>();
      for (var line : parcel.lines()) {
        var rest = ship(order, fulfillment, line, shipped, cause);
        if (rest > 0) {
          var sentence = check.more(parcels.size(), line, rest);
          book.event(order, "shipment.surplus", sentence, cause);
        }
      }
      parcels.add(shipped);
    }
    var late = unwanted - order.lines.stream().mapToInt(FulfillmentRules::due).sum();
    if (late > 0) {
      book.event(
          order,
          "cancellation.late",
          "%d unit(s) left '%s' before they could be stopped: they count as sent, not as cancelled."
              .formatted(late, fulfillment.partnerOrNode()),
          cause);
      crossed(order, fulfillment, late);
    }
    sentAllTheSame(order, fulfillment, shipment);
    if (fulfillment.live() && units(parcels) > 0) {
      fulfillment.state = fulfillment.open() == 0 ? "SHIPPED" : "PARTIALLY_SHIPPED";
      fulfillment.changed = true;
      if (!fulfillment.live()) {
        fulfillment.answered();
      }
    }
    order.changed = true;

    if (!shipment.packages().isEmpty()) { // else it only says that nothing more comes
      remember(order, shipment, fulfillment, parcels, check.done(parcels), cause);
    }
    if (Boolean.TRUE.equals(shipment.last())
        && fulfillment.live()
        && fulfillment.open() > 0
        && fulfillment.shortAt == null) {
      fulfillment.shortCode = shipment.code() == null ? RefusalCode.NOT_FOUND : shipment.code();
      fulfillment.refusalChanged = true;
      if (shipment.packages().isEmpty()) { // it sends nothing, so no parcel of it can be late
        shortShipped(order, fulfillment, cause);
      } else {
        fulfillment.shortAt = book.now.plus(LATE);
        book.event(
            order,
            "fulfillment.last",
            "'%s' sends no more of it; %d unit(s) are open and are taken for missing at %s, unless a parcel of them is told until then."
                .formatted(fulfillment.partnerOrNode(), fulfillment.open(), fulfillment.shortAt),
            cause);
      }
    }
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, null);
  }

  private static int due(WorkingOrder.Line line) {
    return line.isSet() ? 0 : Math.max(0, line.cancelWanted - line.cancelled);
  }

  // What a node said it would not send counts as cancelled or goes elsewhere, whatever it does.
  private void sentAllTheSame(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Shipment shipment) {
    if (!"CANCELLED".equals(fulfillment.state) || shipment.packages().isEmpty()) {
      return;
    }
    order.place(
        HoldKind.TOO_LATE,
        "'%s' reports shipment '%s' of order '%s', though it had said that it would not send it. Have it stopped or brought back, and settle it with the buyer."
            .formatted(fulfillment.partnerOrNode(), shipment.shipmentId(), order.shown()),
        null,
        book.now.plus(HoldKind.TOO_LATE.due()),
        book.now,
        null);
  }

  private void remember(
      WorkingOrder order,
      Shipment shipment,
      WorkingOrder.Fulfillment fulfillment,
      List<Map<WorkingOrder.Line, Integer>> parcels,
      ShipmentCase differing,
      Application cause) {
    var shipmentId = book.ids.next();
    var tracking =
        shipment.packages().stream()
            .flatMap(p -> p.tracking().stream())
            .map(Shipment.Tracking::number)
            .findFirst()
            .orElse(null);
    var carrier =
        shipment.carrier() == null
            ? null
            : shipment.carrier().code() != null
                ? shipment.carrier().code()
                : shipment.carrier().name();
    book.shipments.add(
        new Book.Shipped(
            shipmentId,
            order.id,
            fulfillment.id,
            shipment.shipmentId(),
            carrier,
            tracking,
            shipment.shippedAt(),
            shipment.withoutAddress(),
            differing));
    book.event(
        order,
        "shipment.sent",
        "'%s' sent %d unit(s)%s."
            .formatted(
                fulfillment.partner == null ? fulfillment.node : fulfillment.partner,
                units(parcels),
                tracking == null ? "" : " with tracking number '" + tracking + "'"),
        cause);
    if (differing == null) {
      tellChannel(order, shipment, shipmentId, parcels, cause);
    } else {
      differs(order, shipment, shipmentId, differing, cause);
    }
  }

  /** Nobody is told of what differs from what was asked for before a person has looked at it. */
  private void differs(
      WorkingOrder order,
      Shipment shipment,
      UUID shipmentId,
      ShipmentCase differing,
      Application cause) {
    var id = Ids.text("shp", shipmentId);
    var sentence =
        "Shipment '%s' (%s) of order '%s' differs from what was asked for, and its channel is not told of it: %s"
            .formatted(
                shipment.shipmentId(), id, order.shown(), String.join(" ", differing.faults()));
    order.place(HoldKind.SHIPMENT, id, sentence, book.now);
    book.event(order, "shipment.differs", sentence, cause);
  }

  private static int units(List<Map<WorkingOrder.Line, Integer>> parcels) {
    return parcels.stream().flatMap(p -> p.values().stream()).mapToInt(u -> u).sum();
  }

  /**
   * What a node left open of what it said was all is missing, once late parcels had their time.
   * Answers whether there was any such thing.
   */
  boolean endShort(WorkingOrder order, Application cause) {
    var ended = false;
    for (var fulfillment : List.copyOf(order.fulfillments)) {
      if (fulfillment.shortAt != null && !fulfillment.shortAt.isAfter(book.now)) {
        fulfillment.shortAt = null;
        fulfillment.refusalChanged = true;
        order.changed = true;
        ended = true;
        if (fulfillment.live() && fulfillment.open() > 0) {
          shortShipped(order, fulfillment, cause);
        }
      }
    }
    return ended;
  }

  private void shortShipped(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Application cause) {
    var code = fulfillment.shortCode;
    var missing = fulfillment.open();
    for (var reserved : fulfillment.reserved) {
      if (reserved.open() > 0) {
        fulfilling.refuse(order, fulfillment, reserved, reserved.open(), code, cause);
      }
    }
    close(fulfillment);
    book.event(
        order,
        "fulfillment.short",
        "'%s' sends no more of it; %d unit(s) are missing: %s."
            .formatted(fulfillment.partnerOrNode(), missing, code.words()),
        cause);
    fulfilling.elsewhere(order, fulfillment, code, null, cause);
  }

  private int ship(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      Shipment.Line line,
      Map<WorkingOrder.Line, Integer> shipped,
      Application cause) {
    var rest = line.quantity();
    for (var reserved : fulfillment.reserved) {
      var matches =
          line.lineId() != null
              ? line.lineId().equals(reserved.line.lineId)
              : reserved.sku.equals(line.sku());
      var units = matches ? Math.min(rest, reserved.open()) : 0;
      if (units > 0) {
        reserved.shipped += units;
        reserved.changed = true;
        reserved.line.allocated -= units;
        reserved.line.shipped += units;
        reserved.line.cancelWanted =
            Math.min(reserved.line.cancelWanted, reserved.line.ordered - reserved.line.shipped);
        reserved.line.changed = true;
        book.stock.ship(
            new WorkingStock.Key(reserved.sku, fulfillment.node), units, cause, order.id);
        shipped.merge(reserved.line, units, Integer::sum);
        rest -= units;
      }
    }
    return rest;
  }

  void tellChannel(
      WorkingOrder order,
      Shipment shipment,
      UUID shipmentId,
      List<Map<WorkingOrder.Line, Integer>> parcels,
      Application cause) {
    if (parcels.stream().allMatch(Map::isEmpty)) {
      return;
    }
    var told = sold(order, shipment, parcels);
    if (!told.packages().isEmpty()) { // parts of sets are told when the last of them leaves
      owe(order, told, shipmentId, cause);
    }
  }

  /** Owes the channel what was sent of an order, when it wants to hear of it. */
  void owe(WorkingOrder order, Shipment told, UUID shipmentId, Application cause) {
    var channel = book.topology.accounts().get(order.account);
    if (channel == null || !channel.publishStatus()) {
      return;
    }
    var key = Trading.shipmentKey(shipmentId);
    if (channel.offers(SHIPMENT)) {
      book.owe(
          channel,
          SHIPMENT,
          SHIPMENT,
          order.id,
          key,
          content(channel, order, told, key),
          cause,
          false);
    }
    if (channel.trades()) {
      new Trading(book).invoice(channel, order, told, key, cause);
    }
  }

  private static ObjectNode content(
      Topology.Account channel, WorkingOrder order, Shipment told, String key) {
    ObjectNode content = (ObjectNode) Json.node(told);
    content.put("orderId", HubWriter.orderId(order.id));
    if (order.document != null) {
      content.set("channel", order.document.get("channel"));
    } else {
      content.set(
          "channel", JsonNodeFactory.instance.objectNode().put("orderId", order.channelOrderId));
    }
    if (channel.trades() && order.document != null) {
      content.put("key", key);
      content.put("shipFrom", find(order, Ids.uuid("ful", told.fulfillmentId())).node);
      content.set("order", order.document);
    }
    return content;
  }

  /**
   * The shipment in the lines that were sold, by the channel's ids of them and without what nobody
   * asked for: a set leaves with the last of its components, in that one's parcel, which then names
   * the tracking numbers of the other parcels too.
   */
  private static Shipment sold(
      WorkingOrder order, Shipment shipment, List<Map<WorkingOrder.Line, Integer>> parcels) {
    var left = new HashMap<WorkingOrder.Line, Integer>();
    order.lines.stream()
        .filter(WorkingOrder.Line::isSet)
        .forEach(
            set -> {
              set.rollUp();
              left.put(set, set.untold);
              set.untold = 0;
            });
    var packages = new ArrayDeque<Shipment.Package>();
    var tracking = new ArrayList<Shipment.Tracking>();
    for (var i = parcels.size() - 1; i >= 0; i--) {
      var lines = new ArrayList<Shipment.Line>();
      for (var entry : parcels.get(i).entrySet()) {
        var line = entry.getKey();
        if (line.parent == null && !line.lineId.startsWith(Edits.OURS)) {
          lines.add(new Shipment.Line(line.lineId, line.sku, entry.getValue()));
        } else if (line.parent != null
            && left.getOrDefault(line.parent, 0) > 0
            && !line.parent.lineId.startsWith(Edits.OURS)) {
          lines.add(
              new Shipment.Line(line.parent.lineId, line.parent.sku, left.remove(line.parent)));
        }
      }
      if (lines.isEmpty()) {
        tracking.addAll(shipment.packages().get(i).tracking());
      } else {
        var parcel = shipment.packages().get(i);
        packages.addFirst(new Shipment.Package(parcel.tracking(), lines, parcel.sscc()));
      }
    }
    if (!packages.isEmpty() && !tracking.isEmpty()) {
      var last = packages.removeLast();
      packages.addLast(
          new Shipment.Package(
              Stream.concat(last.tracking().stream(), tracking.reversed().stream()).toList(),
              last.lines(),
              last.sscc()));
    }
    return shipment.as(shipment.shipmentId(), List.copyOf(packages));
  }

  private static WorkingOrder.Fulfillment find(WorkingOrder order, UUID id) {
    return order.fulfillments.stream().filter(f -> f.id.equals(id)).findFirst().orElseThrow();
  }

  private void event(
      WorkingOrder order,
      String kind,
      String sentence,
      WorkingOrder.Fulfillment fulfillment,
      String reference,
      Application cause) {
    book.event(
        order,
        kind,
        sentence.formatted(fulfillment.partner, reference == null ? "" : " as '" + reference + "'"),
        cause);
  }

  private static ApplyResult unknown(String fulfillmentId, Application cause) {
    var endpoint = cause.message() == null ? null : cause.message().account();
    return new ApplyResult.Failed(
        Failure.of(
            FailureKind.INVALID,
            "Fulfillment order '%s' is not known here. Ask the partner which request it answers."
                .formatted(fulfillmentId),
            Place.of(endpoint)));
  }
}
