package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.order.ChangeAnswer;
import io.serai.order.Invoice;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderAcknowledgment;
import io.serai.order.Shipment;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What a channel that trades in documents is owed beside its shipments: one acknowledgment of an
 * order once it is decided, one invoice for each shipment, one answer to each change.
 *
 * <p>Guarantee: each is owed once, in the transaction that knows it, and names the order as it is
 * applied then. A channel whose connector does not offer them costs a look at its account. Gap:
 * what becomes of an order after its acknowledgment is told by shipments and answers, not by
 * another acknowledgment.
 */
final class Trading {
  static final String ACKNOWLEDGMENT = "acknowledgment";
  static final String INVOICE = "invoice";
  static final String CHANGE = "order-change";

  private final Book book;

  Trading(Book book) {
    this.book = book;
  }

  /**
   * What was owed of an order, or will be: a change that is not answered is not done.
   *
   * @param came when the change came that it answers, else null
   */
  record Paper(
      UUID orderId,
      String document,
      String key,
      String number,
      JsonNode asked,
      Instant came,
      boolean done) {}

  /** The channel of an order when it trades in documents, else null. */
  Topology.Account channel(WorkingOrder order) {
    var account = book.topology.accounts().get(order.account);
    return account != null && account.trades() ? account : null;
  }

  boolean knows(WorkingOrder order, String document, String key) {
    return book.papers.getOrDefault(order.id, Map.of()).containsKey(document + '/' + key);
  }

  /** When the newest change of an order came that was applied; null when none was. */
  Instant newestChange(WorkingOrder order) {
    return book.papers.getOrDefault(order.id, Map.of()).values().stream()
        .map(Paper::came)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Notes what is owed of an order, so that it is not owed twice. */
  void note(Paper paper) {
    book.papers
        .computeIfAbsent(paper.orderId(), id -> new LinkedHashMap<>())
        .put(paper.document() + '/' + paper.key(), paper);
    book.newPapers.add(paper);
  }

  /** Owes what is known by now of orders that this transaction touched. */
  void settle(Map<Application, ApplyResult> results) {
    for (var order : book.ordersById.values()) {
      var channel = channel(order);
      if (channel != null && order.document != null && "MERCHANT".equals(order.fulfilledBy)) {
        order.rollUp();
        if (channel.offers(ACKNOWLEDGMENT) && !knows(order, ACKNOWLEDGMENT, "")) {
          acknowledge(channel, order, results);
        }
        for (var paper : new ArrayList<>(book.papers.getOrDefault(order.id, Map.of()).values())) {
          if (!paper.done()) {
            answer(channel, order, paper, results);
          }
        }
      }
    }
  }

  private void acknowledge(
      Topology.Account channel, WorkingOrder order, Map<Application, ApplyResult> results) {
    if (order.hold != null && order.cancelledAt == null
        || order.lines.isEmpty()
        || !order.lines.stream().allMatch(Trading::decided)
        || withdrawn(order)) {
      return;
    }
    var lines = new ArrayList<OrderAcknowledgment.Line>();
    for (var line : order.lines) {
      if (line.parent == null && !line.lineId.startsWith(Edits.OURS)) {
        var backordered = backordered(line);
        lines.add(
            new OrderAcknowledgment.Line(
                line.lineId,
                line.code == null ? line.sku : line.code,
                line.ordered,
                line.ordered - line.cancelled - backordered,
                backordered,
                line.cancelled));
      }
    }
    var accepted = lines.stream().mapToInt(OrderAcknowledgment.Line::accepted).sum();
    var waits = lines.stream().mapToInt(OrderAcknowledgment.Line::backordered).sum();
    var ordered = lines.stream().mapToInt(OrderAcknowledgment.Line::ordered).sum();
    var state =
        accepted == ordered
            ? OrderAcknowledgment.State.ACCEPTED
            : accepted + waits == 0
                ? OrderAcknowledgment.State.REJECTED
                : OrderAcknowledgment.State.CHANGED;
    var number = HubWriter.orderId(order.id);
    var cause = Apply.cause(order, results);
    note(new Paper(order.id, ACKNOWLEDGMENT, "", number, null, null, true));
    owe(
        channel,
        order,
        ACKNOWLEDGMENT,
        number,
        new OrderAcknowledgment(number, number, state, book.now, lines, null, null),
        cause);
    book.event(
        order,
        "order.acknowledged",
        "'%s' is told what becomes of its order: %d unit(s) are sent, %d wait, %d do not come."
            .formatted(order.account, accepted, waits, ordered - accepted - waits),
        cause);
  }

  /** The channel took it back itself before it was told anything: it knows. */
  private static boolean withdrawn(WorkingOrder order) {
    return order.cancelledAt != null && order.wishes.stream().anyMatch(w -> w.request() != null);
  }

  /** Whether nothing that may still happen by itself changes what becomes of a line. */
  private static boolean decided(WorkingOrder.Line line) {
    return (!line.goods() || line.unplaced() == 0) && line.cancelWanted <= line.cancelled;
  }

  private static int backordered(WorkingOrder.Line line) {
    var most = line.backordered;
    for (var component : line.components) {
      most = Math.max(most, Math.ceilDiv(component.backordered, component.perParent));
    }
    return most;
  }

  /** Owes the invoice of a shipment that is told in the lines that were sold. */
  void invoice(
      Topology.Account channel,
      WorkingOrder order,
      Shipment told,
      String shipmentKey,
      Application cause) {
    if (!channel.offers(INVOICE) || order.document == null || knows(order, INVOICE, shipmentKey)) {
      return;
    }
    var now = new LinkedHashMap<String, Integer>();
    told.packages().stream()
        .flatMap(parcel -> parcel.lines().stream())
        .forEach(line -> now.merge(line.lineId(), line.quantity(), Integer::sum));
    var before = new LinkedHashMap<String, Integer>();
    for (var line : order.lines) {
      if (line.parent == null) {
        before.put(line.lineId, Math.max(0, line.shipped - now.getOrDefault(line.lineId, 0)));
      }
    }
    var bill = Billing.of(Json.as(order.document, Order.class), before, now);
    var count =
        book.papers.getOrDefault(order.id, Map.of()).values().stream()
            .filter(paper -> INVOICE.equals(paper.document()))
            .count();
    var number = number(order, count + 1);
    note(new Paper(order.id, INVOICE, shipmentKey, number, Json.node(bill.totals()), null, true));
    owe(
        channel,
        order,
        INVOICE,
        shipmentKey,
        new Invoice(
            number,
            HubWriter.orderId(order.id),
            shipmentKey,
            told.shipmentId(),
            book.now,
            told.shippedAt(),
            order.currency,
            told.carrier(),
            told.packages().stream()
                .flatMap(parcel -> parcel.tracking().stream())
                .map(Shipment.Tracking::number)
                .findFirst()
                .orElse(null),
            told.billOfLading(),
            bill.lines(),
            bill.charges(),
            bill.discounts(),
            bill.taxes(),
            bill.totals(),
            null,
            null),
        cause);
    book.event(
        order,
        "invoice.owed",
        "Invoice '%s' of %s is owed to '%s'."
            .formatted(number, bill.totals().total(), order.account),
        cause);
  }

  // An invoice number has room for 22 characters in X12; people find it by the order's.
  private static String number(WorkingOrder order, long count) {
    var number = order.shown() + '-' + count;
    if (number.length() <= 22) {
      return number;
    }
    var id = HubWriter.orderId(order.id);
    return id.substring(id.length() - 16) + '-' + count;
  }

  /** Owes the answer to a change when it is known what became of it. */
  private void answer(
      Topology.Account channel,
      WorkingOrder order,
      Paper paper,
      Map<Application, ApplyResult> results) {
    var edit = order.edits.stream().filter(e -> paper.key().equals(e.key())).findFirst();
    if (edit.isPresent() && edit.get().state() == Edit.State.ASKED) {
      return;
    }
    var elsewhere =
        edit.stream()
            .flatMap(e -> e.parts().stream())
            .filter(part -> part.kind() == Edit.Kind.ADDRESS)
            .toList();
    var refused =
        elsewhere.stream().anyMatch(part -> !part.accepted() || !edit.get().refusedBy().isEmpty());
    var wholly =
        elsewhere.isEmpty()
            || elsewhere.stream()
                .anyMatch(part -> !part.accepted() || edit.get().state() == Edit.State.REFUSED);
    var lines = new ArrayList<ChangeAnswer.Line>();
    for (var asked : paper.asked()) {
      var id = asked.path("lineId").asText();
      var line = order.lines.stream().filter(l -> l.lineId.equals(id)).findFirst();
      if (line.isPresent() && (!decided(line.get()) || Edits.open(order, id))) {
        return;
      }
      var comes = line.map(l -> l.ordered - l.cancelled).orElse(0); // an addition that is refused
      var sku = line.map(l -> l.code == null ? l.sku : l.code).orElse(null);
      lines.add(
          new ChangeAnswer.Line(
              id,
              sku,
              asked.path("before").asInt(),
              asked.path("asked").asInt(),
              comes,
              line.map(Trading::backordered).orElse(0),
              price(order, id),
              comes == asked.path("asked").asInt()
                  && (!asked.has("sku")
                      || asked.path("sku").equals(Edits.line(order.document, id).path("sku")))));
    }
    var accepted = lines.stream().filter(ChangeAnswer.Line::accepted).count();
    var state =
        accepted == lines.size() && !refused
            ? ChangeAnswer.State.ACCEPTED
            : accepted == 0 && wholly ? ChangeAnswer.State.REJECTED : ChangeAnswer.State.CHANGED;
    var cause = Apply.cause(order, results);
    note(
        new Paper(
            order.id, CHANGE, paper.key(), paper.number(), paper.asked(), paper.came(), true));
    owe(
        channel,
        order,
        CHANGE,
        HubWriter.orderId(order.id) + '/' + paper.key(),
        new ChangeAnswer(
            paper.key(), HubWriter.orderId(order.id), state, book.now, lines, null, null),
        cause);
    book.event(
        order,
        "change.answered",
        "Change '%s' of order '%s' is answered: %d of %d line(s) are as '%s' wants them."
            .formatted(paper.key(), order.shown(), accepted, lines.size(), order.account),
        cause);
  }

  private static Money price(WorkingOrder order, String lineId) {
    for (var line : order.document.path("lines")) {
      if (lineId.equals(line.path("lineId").asText()) && line.has("unitPrice")) {
        return Json.as(line.get("unitPrice"), Money.class);
      }
    }
    return null;
  }

  private void owe(
      Topology.Account channel,
      WorkingOrder order,
      String document,
      String key,
      Object record,
      Application cause) {
    var content = (ObjectNode) Json.node(record);
    content.set("channel", order.document.get("channel"));
    content.set("order", order.document);
    book.owe(channel, document, document, order.id, key, content, cause, false);
  }

  /** The public id of a shipment. */
  static String shipmentKey(UUID id) {
    return Ids.text("shp", id);
  }
}
