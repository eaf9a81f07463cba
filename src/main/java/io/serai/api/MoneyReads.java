package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.hub.OrderMoney;
import io.serai.order.Order;
import io.serai.order.PaymentState;
import io.serai.support.Json;
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
    var rows = new OrderMoney.Rows();
    var refunds =
        jdbc.sql(
                """
                SELECT refund_id, amount, told, lines::text AS lines, refunded_at, request_id, message_id FROM refund
                WHERE order_id = :order ORDER BY recorded_at, refund_id
                """)
            .param("order", order)
            .query(
                (row, number) -> {
                  var amount = row.getBigDecimal("amount");
                  var request = Reads.uuid(row, "request_id");
                  rows.given(row.getString("refund_id"), amount, row.getString("lines"), request);
                  return new MoneyViews.Refund(
                      row.getString("refund_id"),
                      OrderViews.decimal(amount),
                      row.getString("told"),
                      Reads.instant(row, "refunded_at"),
                      Reads.id("rfd", request),
                      row.getString("message_id") == null
                          ? null
                          : "msg_" + row.getString("message_id"));
                })
            .list();
    var requests =
        jdbc.sql(
                """
                SELECT id, state, amount, lines::text AS lines, return_id, reason, actor, answer, created_at FROM refund_request
                WHERE order_id = :order ORDER BY created_at, id
                """)
            .param("order", order)
            .query(
                (row, number) -> {
                  var id = Reads.uuid(row, "id");
                  var state = row.getString("state");
                  var amount = row.getBigDecimal("amount");
                  rows.wanted(id, row.getString("return_id"), amount, state);
                  return new MoneyViews.Request(
                      Reads.id("rfd", id),
                      state,
                      OrderViews.decimal(amount),
                      units(row.getString("lines")),
                      row.getString("return_id"),
                      row.getString("reason"),
                      row.getString("actor"),
                      row.getString("answer"),
                      Reads.instant(row, "created_at"));
                })
            .list();
    var captures =
        jdbc.sql(
                """
                SELECT key, amount, last, state, answer, created_at FROM capture WHERE order_id = :order ORDER BY created_at, key
                """)
            .param("order", order)
            .query(
                (row, number) -> {
                  var amount = row.getBigDecimal("amount");
                  var state = row.getString("state");
                  rows.taken(row.getString("key"), amount, row.getBoolean("last"), state);
                  return new MoneyViews.Capture(
                      row.getString("key"),
                      OrderViews.decimal(amount),
                      state,
                      row.getString("answer"),
                      Reads.instant(row, "created_at"));
                })
            .list();
    var balance =
        document == null || payment == null
            ? null
            : OrderMoney.of(
                Json.as(document, Order.class), PaymentState.valueOf(payment), units(lines), rows);
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
}
