package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.GraphqlErrorException;
import graphql.schema.DataFetchingEnvironment;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Giving money of an order back, remembered under its key, and taking what is authorized. */
final class MoneyMutations {
  private static final String REFUND = "refundCreate";
  private static final String CAPTURE = "orderCapture";

  private final Shop shop;

  private final OrderView orders;

  MoneyMutations(Shop shop, OrderView orders) {
    this.shop = shop;
    this.orders = orders;
  }

  Map<String, Object> refund(DataFetchingEnvironment env) {
    var key = key(env);
    Map<String, Object> input = env.getArgument("input");
    var hash = Signature.hex("input", Jsons.bytes(Jsons.tree(input)));
    var earlier = shop.refundAnswer(key);
    if (earlier != null) {
      return hash.equals(earlier.text("hash"))
          ? refunded(earlier)
          : refused(
              REFUND,
              "refund",
              key,
              UserError.of("This idempotency key was used with other parameters.", "input")
                  .code("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"));
    }
    var order = shop.order(ShopifyIds.number("Order", (String) input.get("orderId")));
    if (order == null) {
      return refused(REFUND, "refund", null, UserError.of("Order does not exist", "orderId"));
    }
    var json = order.json();
    var returns = new ArrayList<OrderPayload.Return>();
    var index = 0;
    for (var wanted : list(input.get("refundLineItems"))) {
      var line =
          OrderPayload.line(json, ShopifyIds.number("LineItem", (String) wanted.get("lineItemId")));
      var quantity = (Integer) wanted.get("quantity");
      if (line == null || quantity > line.path("current_quantity").asInt()) {
        return refused(
            REFUND,
            "refund",
            String.valueOf(order.id),
            UserError.of(
                "Quantity cannot refund more items than were purchased",
                "refundLineItems",
                String.valueOf(index),
                "quantity"));
      }
      index++;
      returns.add(
          new OrderPayload.Return(
              line.get("id").asLong(),
              quantity,
              wanted.get("restockType") == null
                  ? "no_restock"
                  : String.valueOf(wanted.get("restockType")).toLowerCase(Locale.ROOT)));
    }
    var amount = BigDecimal.ZERO;
    for (var transaction : list(input.get("transactions"))) {
      amount = amount.add(new BigDecimal(String.valueOf(transaction.get("amount"))));
    }
    var net = received(order, json);
    if (amount.compareTo(net) > 0) {
      return refused(
          REFUND,
          "refund",
          String.valueOf(order.id),
          UserError.of(
              "Refund amount $%s is greater than net payment received $%s"
                  .formatted(amount.toPlainString(), net.toPlainString())));
    }
    return refunded(shop.refund(order, (String) input.get("note"), returns, amount, key, hash));
  }

  // What the buyer paid less what went back, in the buyer's currency.
  private static BigDecimal received(ShopOrder order, JsonNode json) {
    var total = new BigDecimal(json.at("/total_price_set/presentment_money/amount").asText("0"));
    var shopTotal = new BigDecimal(json.at("/total_price_set/shop_money/amount").asText("0"));
    var paid =
        order.authorized
            ? order.captures.stream()
                .map(ShopOrder.Capture::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
            : "pending".equals(json.path("financial_status").asText()) ? BigDecimal.ZERO : total;
    for (var refund : json.path("refunds")) {
      for (var transaction : OrderPayload.given(refund)) {
        var back = new BigDecimal(transaction.get("amount").asText());
        paid =
            paid.subtract(
                shopTotal.signum() == 0
                    ? back
                    : back.multiply(total).divide(shopTotal, total.scale(), RoundingMode.HALF_UP));
      }
    }
    return paid.max(BigDecimal.ZERO);
  }

  private Map<String, Object> refunded(Effect effect) {
    var payload = new HashMap<String, Object>();
    payload.put("refund", orders.refund(effect.data().get("order"), effect.data().get("refund")));
    payload.put("userErrors", List.of());
    return payload;
  }

  Map<String, Object> capture(DataFetchingEnvironment env) {
    Map<String, Object> input = env.getArgument("input");
    var order = shop.order(ShopifyIds.number("Order", (String) input.get("id")));
    if (order == null) {
      return refused(CAPTURE, "transaction", null, UserError.of("Order does not exist", "id"));
    }
    var json = order.json();
    var subject = String.valueOf(order.id);
    var parent = ShopifyIds.number("OrderTransaction", (String) input.get("parentTransactionId"));
    if (!order.authorized || parent != order.id) {
      return refused(
          CAPTURE,
          "transaction",
          subject,
          UserError.of("Transaction is not an authorization", "parentTransactionId"));
    }
    if (order.expired) {
      return refused(
          CAPTURE,
          "transaction",
          subject,
          UserError.of("The authorization has expired", "parentTransactionId"));
    }
    var amount = new BigDecimal(String.valueOf(input.get("amount")));
    var taken =
        order.captures.stream().map(ShopOrder.Capture::amount).reduce(amount, BigDecimal::add);
    var total = new BigDecimal(json.at("/total_price_set/presentment_money/amount").asText("0"));
    if (amount.signum() <= 0 || taken.compareTo(total) > 0) {
      return refused(
          CAPTURE,
          "transaction",
          subject,
          UserError.of("Amount exceeds the amount of the authorization", "amount"));
    }
    var capture = shop.capture(order, amount, Boolean.TRUE.equals(input.get("finalCapture")));
    var payload = new HashMap<String, Object>();
    payload.put(
        "transaction",
        Map.of("id", ShopifyIds.gid("OrderTransaction", capture.id()), "status", "SUCCESS"));
    payload.put("userErrors", List.of());
    return payload;
  }

  private Map<String, Object> refused(
      String operation, String field, String subject, UserError error) {
    var errors = UserError.json(List.of(error));
    shop.refused(operation, subject, Jsons.tree(errors));
    var payload = new HashMap<String, Object>();
    payload.put(field, null);
    payload.put("userErrors", errors);
    return payload;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Object value) {
    return value == null ? List.of() : (List<Map<String, Object>>) value;
  }

  private static String key(DataFetchingEnvironment env) {
    var directives = env.getQueryDirectives().getImmediateAppliedDirective("idempotent");
    String key =
        directives.isEmpty() ? null : (String) directives.get(0).getArgument("key").getValue();
    if (key == null || key.isBlank()) {
      throw GraphqlErrorException.newErrorException()
          .message("The @idempotent directive is required for this mutation but was not provided.")
          .extensions(Map.of("code", "BAD_REQUEST"))
          .build();
    }
    return key;
  }
}
