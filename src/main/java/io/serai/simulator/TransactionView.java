package io.serai.simulator;

import static io.serai.simulator.OrderView.bag;
import static io.serai.simulator.OrderView.both;
import static io.serai.simulator.OrderView.camel;
import static io.serai.simulator.OrderView.money;
import static io.serai.simulator.StockView.time;
import static io.serai.simulator.StockView.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How an order was paid, as the Admin API shows it. */
final class TransactionView {
  private TransactionView() {}

  /** Its payments, what was taken of an authorization, and what went back. */
  static List<Object> of(ShopOrder order, JsonNode json) {
    var list = new ArrayList<Object>();
    for (var gateway : json.path("payment_gateway_names")) {
      var part = json.path("payment_gateway_names").size() > 1;
      var giftCard = "gift_card".equals(gateway.asText());
      var pending = "pending".equals(json.path("financial_status").asText());
      var view =
          transaction(
              order.id + list.size(),
              order.authorized ? "AUTHORIZATION" : "SALE",
              gateway.asText(),
              order.createdAt,
              part
                  ? share(json.path("total_price_set"), giftCard)
                  : bag(json.path("total_price_set")));
      view.put("status", order.expired ? "FAILURE" : pending ? "PENDING" : "SUCCESS");
      view.put("test", json.path("test").asBoolean());
      list.add(view);
    }
    var gateway = json.path("payment_gateway_names").path(0).asText("manual");
    var currency = json.path("presentment_currency").asText();
    for (var capture : order.captures) {
      var view =
          transaction(
              capture.id(),
              "CAPTURE",
              gateway,
              capture.at(),
              Map.of(
                  "presentmentMoney",
                  money(capture.amount(), currency),
                  "shopMoney",
                  money(inShop(json, capture.amount()), json.path("currency").asText())));
      view.put("parentTransaction", view("OrderTransaction", order.id));
      list.add(view);
    }
    for (var refund : json.path("refunds")) {
      for (var view : ofRefund(json, refund)) {
        view.put(
            "parentTransaction",
            view(
                "OrderTransaction",
                order.captures.isEmpty() ? order.id : order.captures.getFirst().id()));
        list.add(view);
      }
    }
    return list;
  }

  /** What was tried to give back with a refund of an order. */
  static List<Map<String, Object>> ofRefund(JsonNode json, JsonNode refund) {
    var list = new ArrayList<Map<String, Object>>();
    for (var one : refund.path("transactions")) {
      var view =
          transaction(
              one.path("id").asLong(),
              "REFUND",
              json.path("payment_gateway_names").path(0).asText("manual"),
              OffsetDateTime.parse(refund.path("created_at").asText()).toInstant(),
              both(json, one.path("amount")));
      var status = one.path("status").asText().toUpperCase(Locale.ROOT);
      view.put("status", status);
      view.put("errorCode", "FAILURE".equals(status) ? "CARD_DECLINED" : null);
      list.add(view);
    }
    return list;
  }

  private static BigDecimal inShop(JsonNode json, BigDecimal amount) {
    var shop = new BigDecimal(json.at("/total_price_set/shop_money/amount").asText("0"));
    var buyer = new BigDecimal(json.at("/total_price_set/presentment_money/amount").asText("0"));
    return buyer.signum() == 0
        ? amount
        : amount.multiply(shop).divide(buyer, 2, RoundingMode.HALF_UP);
  }

  private static Map<String, Object> transaction(
      long id, String kind, String gateway, Instant at, Object amount) {
    var view = view("OrderTransaction", id);
    view.put("kind", kind);
    view.put("status", "SUCCESS");
    view.put("gateway", gateway);
    view.put("createdAt", time(at));
    view.put("processedAt", time(at));
    view.put("amountSet", amount);
    return view;
  }

  /** A gift card pays ten, or everything when that is less; another gateway the rest. */
  private static Object share(JsonNode set, boolean giftCard) {
    var result = new HashMap<String, Object>();
    for (var side : List.of("shop_money", "presentment_money")) {
      var whole = new BigDecimal(set.at("/" + side + "/amount").asText());
      var card = whole.min(BigDecimal.TEN);
      result.put(
          camel(side),
          money(
              giftCard ? card : whole.subtract(card),
              set.at("/" + side + "/currency_code").asText()));
    }
    return result;
  }
}
