package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.hub.OrderMoney;
import io.serai.order.Order;
import io.serai.order.PaymentState;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what the money of an order did. */
final class MoneyReads {
  private MoneyReads() {}

  /** The money of an order; null of one that nobody paid for yet and nothing is known of. */
  static MoneyViews.Full of(
      JdbcClient jdbc, UUID order, String payment, JsonNode document, List<OrderViews.Line> lines) {
    var refunds =
        jdbc.sql(
                """
                SELECT refund_id, amount, told, refunded_at, request_id, message_id FROM refund
                WHERE order_id = :order ORDER BY recorded_at, refund_id
                """)
            .param("order", order)
            .query(
                (row, number) ->
                    new MoneyViews.Refund(
                        row.getString("refund_id"),
                        OrderViews.decimal(row.getBigDecimal("amount")),
                        row.getString("told"),
                        Reads.instant(row, "refunded_at"),
                        Reads.id("rfd", Reads.uuid(row, "request_id")),
                        row.getString("message_id") == null
                            ? null
                            : "msg_" + row.getString("message_id")))
            .list();
    var requests =
        jdbc.sql(
                """
                SELECT id, state, amount, lines::text AS lines, return_id, reason, actor, answer, created_at FROM refund_request
                WHERE order_id = :order ORDER BY created_at, id
                """)
            .param("order", order)
            .query(
                (row, number) ->
                    new MoneyViews.Request(
                        Reads.id("rfd", Reads.uuid(row, "id")),
                        row.getString("state"),
                        OrderViews.decimal(row.getBigDecimal("amount")),
                        units(row.getString("lines")),
                        row.getString("return_id"),
                        row.getString("reason"),
                        row.getString("actor"),
                        row.getString("answer"),
                        Reads.instant(row, "created_at")))
            .list();
    var captures =
        jdbc.sql(
                """
                SELECT key, amount, state, answer, created_at FROM capture WHERE order_id = :order ORDER BY created_at, key
                """)
            .param("order", order)
            .query(
                (row, number) ->
                    new MoneyViews.Capture(
                        row.getString("key"),
                        OrderViews.decimal(row.getBigDecimal("amount")),
                        row.getString("state"),
                        row.getString("answer"),
                        Reads.instant(row, "created_at")))
            .list();
    var balance =
        document == null || payment == null
            ? null
            : OrderMoney.of(
                Json.as(document, Order.class),
                PaymentState.valueOf(payment),
                units(lines),
                sum(refunds.stream().map(MoneyViews.Refund::amount).toList()),
                sum(
                    requests.stream()
                        .filter(r -> "DUE".equals(r.state()) || "REQUESTED".equals(r.state()))
                        .map(MoneyViews.Request::amount)
                        .toList()),
                sum(
                    captures.stream()
                        .filter(c -> "CAPTURED".equals(c.state()))
                        .map(MoneyViews.Capture::amount)
                        .toList()));
    if (balance == null && refunds.isEmpty() && requests.isEmpty() && captures.isEmpty()) {
      return null;
    }
    return new MoneyViews.Full(
        balance == null ? null : balance.captured().text(),
        balance == null ? null : balance.refunded().text(),
        balance == null ? null : balance.asked().text(),
        balance == null ? null : balance.sent().text(),
        balance == null ? null : balance.kept().text(),
        refunds,
        requests,
        captures);
  }

  private static List<OrderMoney.Line> units(List<OrderViews.Line> lines) {
    return lines.stream()
        .filter(line -> line.parentLineId() == null)
        .map(
            line ->
                new OrderMoney.Line(
                    line.lineId(),
                    line.requiresShipping() && "PHYSICAL".equals(line.kind())
                        || lines.stream().anyMatch(l -> line.lineId().equals(l.parentLineId())),
                    line.ordered(),
                    line.cancelled(),
                    line.shipped(),
                    line.returned(),
                    line.refunded()))
        .toList();
  }

  private static Map<String, Integer> units(String json) {
    var units = new LinkedHashMap<String, Integer>();
    if (json != null) {
      Json.tree(json).properties().forEach(e -> units.put(e.getKey(), e.getValue().asInt()));
    }
    return units;
  }

  private static BigDecimal sum(List<String> amounts) {
    return amounts.stream()
        .filter(amount -> amount != null)
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
