package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Cancellation;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderChange;
import io.serai.order.OrderLine;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * What a change does to an order: the order's document is changed as it says and applied as a newer
 * state of the order, so that the same rules take units back and allocate more.
 *
 * <p>Guarantee: one number of a change changes an order once; a change of a line that the order
 * does not have changes nothing. Changes are applied in the order of their arrival, and where the
 * channel is answered, one that is read again behind a newer one is refused. Gap: not where both
 * came in one file.
 */
final class Changes {
  private final Book book;
  private final OrderRules rules;
  private final Trading trading;

  Changes(Book book, OrderRules rules) {
    this.book = book;
    this.rules = rules;
    this.trading = new Trading(book);
  }

  ApplyResult apply(OrderChange change, Application cause) {
    var channel = change.channel();
    var working = book.ordersByKey.get(channel.account() + '/' + channel.orderId());
    if (working == null || working.document == null) {
      return new ApplyResult.Waits(
          channel.account() + '/' + channel.orderId(),
          "Change '%s' waits for order '%s', which has not arrived yet."
              .formatted(change.changeId(), channel.orderId()));
    }
    if (change.cancel()) {
      return rules.apply(
          new Cancellation(
              channel,
              Cancellation.Source.CHANNEL,
              change.reason(),
              change.changedAt(),
              change.changeId(),
              null,
              null),
          cause);
    }
    if (trading.knows(working, Trading.CHANGE, change.changeId())) {
      var reason =
          "Change '%s' of order '%s' is applied already."
              .formatted(change.changeId(), working.shown());
      book.end(cause, "IGNORED", working.id, reason);
      return new ApplyResult.NoEffect(working.id, reason);
    }
    var came = cause.message() == null ? null : cause.message().receivedAt();
    var newest = trading.newestChange(working);
    if (came != null && newest != null && came.isBefore(newest)) {
      return new ApplyResult.Failed(
          Failure.of(
              FailureKind.INVALID,
              "Change '%s' of order '%s' came before a change that is applied already, and would undo it. Have the channel send what it still wants as a new change, then discard this one."
                  .formatted(change.changeId(), working.shown()),
              Place.of(working.account)));
    }
    var asked = JsonNodeFactory.instance.arrayNode();
    var document = (ObjectNode) working.document.deepCopy();
    for (var line : change.lines()) {
      if (!change(document, working, line, asked)) {
        return new ApplyResult.Failed(
            Failure.of(
                FailureKind.INVALID,
                "Change '%s' speaks of line '%s', which order '%s' does not have. Ask the channel which line it means."
                    .formatted(change.changeId(), line.lineId(), working.shown()),
                Place.of(working.account)));
      }
    }
    var at = latest(change.changedAt(), working.channelVersion);
    document.put("updatedAt", at.toString());
    dates(document, change);
    if (change.shipTo() != null) {
      document.set("shipTo", Json.node(change.shipTo()));
    }
    extend(document, Json.node(change.extensions()));
    var order = Json.as(document, Order.class);
    var answer = trading.channel(working);
    if (answer != null && answer.offers(Trading.CHANGE)) {
      trading.note(
          new Trading.Paper(
              working.id, Trading.CHANGE, change.changeId(), null, asked, came, false));
    }
    return rules.replace(
        working,
        order,
        at.toString(),
        new Application(
            order,
            document,
            Json.text(document),
            cause.message(),
            cause.actor(),
            cause.deed(),
            cause.done()),
        EditClaim.change(change.changeId()));
  }

  // The channel's clock may be behind its own order's; the change is newer all the same.
  private static Instant latest(Instant changed, String version) {
    try {
      return OrderRules.newer(changed.toString(), version)
          ? changed
          : Instant.parse(version).plusNanos(1);
    } catch (DateTimeParseException e) {
      return changed;
    }
  }

  private static boolean change(
      ObjectNode document, WorkingOrder working, OrderChange.Line change, ArrayNode asked) {
    ObjectNode line = null;
    for (var one : document.path("lines")) {
      if (change.lineId().equals(one.path("lineId").asText())) {
        line = (ObjectNode) one;
      }
    }
    if (line == null && change.added() == null) {
      return false;
    }
    var before = 0;
    if (line == null) {
      line = (ObjectNode) Json.node(change.added());
      line.put("lineId", change.lineId());
      ((ArrayNode) document.path("lines")).add(line);
      total(document, gross(line));
    } else {
      before =
          working.lines.stream()
              .filter(l -> l.lineId.equals(change.lineId()))
              .mapToInt(l -> l.ordered - Math.max(l.cancelled, l.cancelWanted))
              .sum();
      revalue(document, line, change);
    }
    var wanted = change.ordered();
    var row = asked.addObject();
    if (change.sku() != null && change.added() == null) {
      line.put("sku", change.sku());
      row.put("sku", change.sku());
    }
    row.put("lineId", change.lineId())
        .put("before", before)
        .put(
            "asked",
            wanted != null
                ? wanted
                : before == 0
                    ? line.path("ordered").asInt() - line.path("cancelled").asInt()
                    : before);
    return true;
  }

  /** What was ordered stays ordered: what is wanted less is cancelled, what is more is added. */
  private static void revalue(ObjectNode document, ObjectNode line, OrderChange.Line change) {
    var old = gross(line);
    var ordered = line.path("ordered").asInt();
    var now = ordered;
    if (change.ordered() != null) {
      now = Math.max(ordered, change.ordered());
      line.put("ordered", now);
      line.put("cancelled", now - change.ordered());
    }
    Money gross;
    var price = Json.as(line.get("unitPrice"), Money.class);
    if (change.unitPrice() != null && change.unitPrice().compareTo(price) != 0) {
      line.set("unitPrice", Json.node(change.unitPrice()));
      gross = change.unitPrice().times(now);
    } else {
      gross =
          ordered == 0
              ? price.times(now)
              : new Money(
                  old.amount()
                      .multiply(BigDecimal.valueOf(now))
                      .divide(BigDecimal.valueOf(ordered), MathContext.DECIMAL64),
                  old.currency());
    }
    var more = gross.minus(old);
    if (line.has("lineTotal")) {
      line.set("lineTotal", Json.node(Json.as(line.get("lineTotal"), Money.class).plus(more)));
    }
    total(document, more);
  }

  private static Money gross(ObjectNode line) {
    var bound = Json.as(line, OrderLine.class);
    if (bound.lineTotal() == null) {
      return bound.unitPrice().times(bound.ordered());
    }
    var gross = bound.lineTotal();
    for (var discount : bound.discounts()) {
      gross = gross.plus(discount.amount());
    }
    return gross;
  }

  private static void total(ObjectNode document, Money more) {
    if (document.path("totals") instanceof ObjectNode totals) {
      for (var name : new String[] {"items", "grandTotal", "channelGrandTotal"}) {
        if (totals.has(name)) {
          totals.set(name, Json.node(Json.as(totals.get(name), Money.class).plus(more)));
        }
      }
    }
  }

  private static void dates(ObjectNode document, OrderChange change) {
    if (change.shipNotBefore() == null && change.shipBy() == null && change.deliverBy() == null) {
      return;
    }
    var service = document.withObjectProperty("service");
    put(service, "shipNotBefore", change.shipNotBefore());
    put(service, "shipBy", change.shipBy());
    put(service, "deliverBy", change.deliverBy());
  }

  private static void put(ObjectNode service, String name, Instant at) {
    if (at != null) {
      service.put(name, at.toString());
    }
  }

  private static void extend(ObjectNode document, JsonNode extensions) {
    if (!extensions.isEmpty()) {
      merge(document.withObjectProperty("extensions"), extensions);
    }
  }

  private static void merge(ObjectNode into, JsonNode more) {
    for (var field : more.properties()) {
      var there = into.get(field.getKey());
      if (there instanceof ObjectNode object && field.getValue().isObject()) {
        merge(object, field.getValue());
      } else if (there instanceof ArrayNode list && field.getValue().isArray()) {
        field.getValue().forEach(list::add);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }
}
