package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import io.serai.trace.Mark;
import io.serai.trace.MemoryExporter;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Money over real routes: a shop that gives it back and takes it, and a 3PL that ships in parts.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MoneyHubIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String SENDERS_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static int serial;

  private AWholeHub hub;
  private ShopifySimulator shop;
  private Rest3plSimulator northwind;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    var webhooks = "http://127.0.0.1:" + port + "/webhooks/";
    shop = ShopifySimulator.start(AWholeHub.quickShop(folder, port, "shopify-main"));
    northwind =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, port, "northwind")
                .acceptsAnySku(true)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    hub =
        AWholeHub.over(DATABASE)
            .at(port)
            .channel(
                "shopify-main",
                "shopify",
                shop.parameters(),
                "capture",
                "on-shipment",
                "money-grace",
                "1s",
                "publish-stock",
                false,
                "reconcile",
                false)
            .threePl("northwind", northwind, "poll-shipments", false)
            .node(
                "nj-1",
                "type",
                "warehouse",
                "country",
                "US",
                "region",
                "NJ",
                "postal-code",
                "07030",
                "partner",
                "northwind")
            .with("serai.traces.exporter", MemoryExporter.NAME)
            .with("serai.traces.outward", "northwind")
            .start(folder.resolve("hub"));
  }

  @AfterAll
  void stop() {
    hub.close();
    northwind.close();
    shop.close();
  }

  private void until(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, AWholeHub.PATIENCE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage()
              + "\n"
              + String.join(
                  "\n",
                  hub.texts(
                      "SELECT d.operation || ' ' || d.state || ' ' || coalesce(f.sentence, '') FROM delivery d LEFT JOIN failure f ON f.id = d.failure_id WHERE d.state <> 'CONFIRMED' ORDER BY d.id")),
          e);
    }
  }

  /** An order of these lines, units and prices, each of an article of its own; freight is 5.00. */
  private String order(String payment, int[] units, String... prices) {
    ObjectNode payload = shop.draftOrder();
    var one = (ObjectNode) payload.get("line_items").get(0).deepCopy();
    var lines = payload.putArray("line_items");
    payload.put("financial_status", payment).put("test", false).put("taxes_included", true);
    payload.put("currency", "USD").put("presentment_currency", "USD");
    payload.putArray("line_item_groups");
    payload.putArray("shipping_lines");
    payload.putArray("tax_lines");
    payload.putArray("discount_applications");
    payload.putArray("payment_gateway_names").add("shopify_payments");
    var total = new BigDecimal("5.00");
    for (var i = 0; i < prices.length; i++) {
      var sku = "SKU-" + ++serial;
      hub.stock("nj-1", sku, 100);
      var line = one.deepCopy();
      line.put("id", payload.get("id").asLong() * 10 + i);
      line.put("sku", sku).put("quantity", units[i]).put("current_quantity", units[i]);
      line.put("fulfillable_quantity", units[i]).put("requires_shipping", true);
      line.put("gift_card", false).put("price", prices[i]).put("taxable", false);
      line.remove(List.of("tip_payment_gateway", "sales_line_item_group_id"));
      line.set("price_set", set(prices[i]));
      line.putArray("tax_lines");
      line.putArray("discount_allocations");
      lines.add(line);
      total = total.add(new BigDecimal(prices[i]).multiply(BigDecimal.valueOf(units[i])));
    }
    var freight = payload.withArray("shipping_lines").addObject();
    freight.put("title", "Standard").put("code", "standard").put("price", "5.00");
    freight.set("price_set", set("5.00"));
    freight.putArray("tax_lines");
    freight.putArray("discount_allocations");
    for (var field : List.of("total_price", "current_total_price")) {
      payload.put(field, total.toPlainString());
      payload.set(field + "_set", set(total.toPlainString()));
    }
    for (var field :
        List.of(
            "total_tax",
            "current_total_tax",
            "total_discounts",
            "current_total_discounts",
            "total_cash_rounding_payment_adjustment",
            "total_cash_rounding_refund_adjustment",
            "total_shipping_price")) {
      payload.put(field, "0.00");
      payload.set(field + "_set", set("0.00"));
    }
    payload.remove(
        List.of("total_cash_rounding_payment_adjustment", "total_cash_rounding_refund_adjustment"));
    payload.put("total_tip_received", "0.00");
    payload.put("total_outstanding", "authorized".equals(payment) ? total.toPlainString() : "0.00");
    payload
        .putObject("shipping_address")
        .put("first_name", "Ada")
        .put("last_name", "Example")
        .put("name", "Ada Example")
        .put("address1", "12 River Street")
        .put("city", "Hoboken")
        .put("zip", "07030")
        .put("province", "New Jersey")
        .put("province_code", "NJ")
        .put("country", "United States")
        .put("country_code", "US");
    var id = shop.createOrder(payload);
    until(
        "the order is known",
        () -> {
          assertThat(hub.texts("SELECT sentence FROM failure WHERE message_id IS NOT NULL"))
              .as("what went wrong")
              .isEmpty();
          return hub.orderState(id) != null;
        });
    return id;
  }

  private static ObjectNode set(String amount) {
    var set = Json.MAPPER.createObjectNode();
    for (var side : List.of("shop_money", "presentment_money")) {
      set.putObject(side).put("amount", amount).put("currency_code", "USD");
    }
    return set;
  }

  private String line(String order, int index) {
    return shop.order(order).at("/line_items/" + index + "/id").asText();
  }

  private String sku(String order, int index) {
    return shop.order(order).at("/line_items/" + index + "/sku").asText();
  }

  /** The newest request of an order that the 3PL took on and has something of. */
  private String asked(String id) {
    until("'northwind' was asked", () -> live(id) != null);
    return live(id);
  }

  private String live(String id) {
    return hub.text(
        """
        SELECT d.business_key FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        JOIN delivery d ON d.order_id = o.id AND d.operation = 'fulfillment-request' AND d.state = 'CONFIRMED'
          AND d.business_key = (SELECT e.business_key FROM delivery e WHERE e.order_id = o.id AND e.operation = 'fulfillment-request' ORDER BY e.id DESC LIMIT 1)
        WHERE o.channel_order_id = ? AND f.state IN ('ACCEPTED', 'PARTIALLY_SHIPPED') ORDER BY d.id DESC LIMIT 1""",
        id);
  }

  /** The 3PL says that so many left in a parcel of their own. */
  private void ships(String request, String sku, int units) {
    var body =
        """
        {"type":"shipment.created","occurredAt":"%1$s","shipment":{"id":"S-%2$d","fulfillmentId":"%3$s","shippedAt":"%1$s",
          "carrier":{"code":"UPS","name":"UPS"},"packages":[{"id":"P-1","tracking":[{"number":"1Z%2$d"}],
          "lines":[{"sku":"%4$s","quantity":%5$d}]}]}}"""
            .formatted(Instant.now(), ++serial, request, sku, units);
    var answer =
        hub.send(
            hub.to("/webhooks/northwind")
                .header("Content-Type", "application/json")
                .header("X-Event-Id", "evt-" + serial)
                .header("X-Signature", signature(body))
                .header("traceparent", "00-" + SENDERS_TRACE + "-00f067aa0ba902b7-01")
                .POST(BodyPublishers.ofString(body))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String signature(String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              AWholeHub.THREE_PL_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode money(String id) {
    var answer = hub.api("GET", "/orders/shopify-main:" + id, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.tree(answer.body()).path("money");
  }

  private boolean has(String id, String field, String amount) {
    return amount.equals(money(id).path(field).asText());
  }

  private List<String> captures(String id) {
    return shop.ledger().effects().of("order.captured").on(id).all().stream()
        .map(e -> e.data().path("amount").asText())
        .toList();
  }

  private List<String> holds(String id) {
    return hub.texts(
        "SELECT h.kind || ': ' || h.reason FROM order_hold h JOIN sales_order o ON o.id = h.order_id WHERE o.channel_order_id = ? AND h.released_at IS NULL",
        id);
  }

  @Test
  void messyOrder06APartIsCancelledAndMoneyIsTakenOnlyForWhatWasSent() {
    var id = order("authorized", new int[] {1, 2}, "10.00", "7.77");
    ships(asked(id), sku(id, 1), 1);

    until("the first parcel is paid", () -> captures(id).equals(List.of("12.77")));
    shop.refundLine(id, line(id, 0), 1, "cancel");
    until(
        "the line is cancelled",
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT l.cancelled::text FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ? AND l.line_no = 1",
                        id)));
    ships(asked(id), sku(id, 1), 1);

    until("the last parcel is paid", () -> captures(id).equals(List.of("12.77", "7.77")));
    until("the hub knows", () -> has(id, "captured", "20.54"));
    assertThat(money(id).path("kept").asText()).isEqualTo("20.54");
    assertThat(money(id).path("refunded").asText()).isEqualTo("0.00");
    until(
        "the shop says paid",
        () -> "paid".equals(shop.order(id).path("financial_status").asText()));
    assertThat(holds(id)).isEmpty();
  }

  private static SpanData parent(List<SpanData> trace, SpanData span) {
    return trace.stream()
        .filter(s -> s.getSpanId().equals(span.getParentSpanId()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(span + " has no parent in " + trace));
  }

  private static SpanData named(List<SpanData> trace, String name) {
    return trace.stream()
        .filter(s -> s.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no '" + name + "' in " + trace));
  }

  @Test
  void anOrderIsOneTraceFromTheShopsWordToWhatTheShopIsTold() {
    var id = order("authorized", new int[] {1}, "10.00");
    ships(asked(id), sku(id, 0), 1);
    var name = Mark.accepted(Mark.lane("shopify-main", id), 0).trace();
    until(
        "that the shop was told is told",
        () ->
            MemoryExporter.trace(name).stream()
                .anyMatch(s -> s.getName().equals("deliver shipment")));

    var trace = MemoryExporter.trace(name);
    var asked = named(trace, "deliver fulfillment-request");
    assertThat(asked.getKind()).isEqualTo(SpanKind.CLIENT);
    var applied = parent(trace, asked);
    assertThat(applied.getName()).isEqualTo("apply order");
    var normalized = parent(trace, applied);
    assertThat(normalized.getName()).isEqualTo("normalize order");
    var accepted = parent(trace, normalized);
    assertThat(accepted.getName()).isEqualTo("accept order");
    assertThat(accepted.getParentSpanContext().isValid()).isFalse();
    assertThat(accepted.getStartEpochNanos()).isLessThanOrEqualTo(applied.getEndEpochNanos());

    var shipped = parent(trace, named(trace, "deliver shipment"));
    assertThat(shipped.getName()).isEqualTo("apply shipment");
    var word = shipped.getLinks().getFirst().getSpanContext();
    assertThat(word.getTraceId()).isNotEqualTo(name);
    var said = MemoryExporter.trace(word.getTraceId());
    var read = named(said, "normalize shipment");
    assertThat(read.getSpanId()).isEqualTo(word.getSpanId());
    var heard = parent(said, read);
    assertThat(heard.getParentSpanContext().isValid()).isFalse();
    assertThat(heard.getLinks().getFirst().getSpanContext().getTraceId()).isEqualTo(SENDERS_TRACE);
    assertThat(MemoryExporter.trace(SENDERS_TRACE)).isEmpty();

    var told = trace.toString() + said;
    assertThat(told).doesNotContain("Ada", "Example", "River", "Hoboken", id);
    // five digits may stand in a hash or in nanoseconds by chance
    assertThat(told.replaceAll("[0-9a-f]{16,}", "")).doesNotContain("07030");
  }

  @Test
  void anAuthorizationThatExpiredIsACaseAndWhatLeftStaysSent() {
    var id = order("authorized", new int[] {2}, "10.00");
    var request = asked(id);
    shop.expireAuthorization(id);
    ships(request, sku(id, 0), 1);

    until("it is a case", () -> holds(id).stream().anyMatch(h -> h.startsWith("PAYMENT: ")));
    assertThat(holds(id).toString()).contains("does not take 15.00 USD for what was sent");
    assertThat(captures(id)).isEmpty();
    assertThat(
            hub.text(
                "SELECT l.shipped::text FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                id))
        .isEqualTo("1");
  }

  @Test
  void messyOrder17ARefundWithoutAReturnIsRightAndAReturnWithoutARefundIsACase() {
    var id = order("paid", new int[] {2}, "10.00");
    ships(asked(id), sku(id, 0), 2);
    until("all is sent", () -> "SHIPPED".equals(hub.orderState(id)));

    // A favor, asked for here: the shop gives it back once and tells of it twice.
    var answer = asksBack(id, "4.00");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    until("it went back", () -> has(id, "refunded", "4.00"));
    assertThat(money(id).at("/requests/0/state").asText()).isEqualTo("CONFIRMED");
    assertThat(shop.order(id).path("refunds")).hasSize(1);
    assertThat(shop.order(id).at("/refunds/0/note").asText())
        .isEqualTo(money(id).at("/requests/0/id").asText() + ": a scratch");

    // Goods come back, and nobody gives their money back.
    shop.takeBack(id, line(id, 0), 1);
    until("it is a case", () -> holds(id).stream().anyMatch(h -> h.startsWith("MONEY: ")));
    assertThat(holds(id).toString())
        .contains("25.00 USD were taken and 4.00 USD given back", "6.00 USD too much are kept")
        .contains("It comes from 'msg_");

    shop.refundMoney(id, "6.00");
    until("the case is over", () -> holds(id).isEmpty());
    assertThat(money(id).path("refunded").asText()).isEqualTo("10.00");
    assertThat(money(id).path("refunds")).hasSize(3);
    assertThat(money(id).path("kept").asText()).isEqualTo("15.00");
  }

  private HttpResponse<String> asksBack(String id, String amount) {
    return hub.api(
        "POST",
        "/orders/shopify-main:" + id + "/refunds",
        "{\"amount\":\"" + amount + "\",\"reason\":\"a scratch\"}",
        "Idempotency-Key",
        id);
  }

  @Test
  void aGatewayThatDeclinesGaveNothingBackAndIsACase() {
    var id = order("paid", new int[] {1}, "10.00");
    shop.declineRefunds(id, true);

    assertThat(asksBack(id, "4.00").statusCode()).isEqualTo(202);

    until("it is a case", () -> holds(id).stream().anyMatch(h -> h.startsWith("REFUND_DUE: ")));
    assertThat(holds(id).toString())
        .contains("does not give back 4.00 USD", "The payment gateway did not give it back");
    until("the shop told of it", () -> money(id).path("refunds").size() == 1);
    assertThat(money(id).at("/requests/0/state").asText()).isEqualTo("REFUSED");
    assertThat(money(id).path("refunded").asText()).isEqualTo("0.00");

    shop.declineRefunds(id, false);
    shop.refundMoney(id, "4.00");
    until("it went back", () -> has(id, "refunded", "4.00"));
    assertThat(money(id).at("/requests/0/state").asText()).isEqualTo("CONFIRMED");
    assertThat(holds(id)).isEmpty();
  }

  @Test
  void aRefundWhoseAnswerWasLostIsFoundByOurIdAndNotAskedForAgain() {
    var id = order("paid", new int[] {1}, "10.00");
    // Nothing but a look at the shop can tell, and nothing is left that could be given back again.
    shop.moods()
        .set(
            Mood.of(Mood.Kind.ANSWER_LOST).on("refundCreate").times(1),
            Mood.of(Mood.Kind.DROPPING).on("refunds/create", "orders/updated"));
    try {
      assertThat(asksBack(id, "15.00").statusCode()).isEqualTo(202);

      until("it is known", () -> "CONFIRMED".equals(money(id).at("/requests/0/state").asText()));
    } finally {
      shop.moods().calm();
    }
    assertThat(shop.order(id).path("refunds")).hasSize(1);
    assertThat(money(id).at("/refunds/0/refundId").asText())
        .isEqualTo(shop.order(id).at("/refunds/0/id").asText());
    assertThat(money(id).path("refunded").asText()).isEqualTo("15.00");
    assertThat(holds(id)).isEmpty();
  }

  @Test
  void moreThanWasPaidIsRefusedHereAndNeverAskedOfTheShop() {
    var id = order("paid", new int[] {1}, "10.00");

    var answer = asksBack(id, "15.01");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .contains("cannot be given back: 15.00 USD were paid", "Ask for 15.00 USD at most.");
    assertThat(shop.order(id).path("refunds")).isEmpty();
  }
}
