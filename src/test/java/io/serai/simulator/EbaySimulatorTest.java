package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The eBay stand-in refuses what eBay refuses and keeps what eBay keeps. */
class EbaySimulatorTest {

  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("ebay-app:ebay-secret".getBytes());

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private final ManualClock clock = new ManualClock(NOW);
  private EbaySimulator ebay;
  private String bearer;

  @BeforeEach
  void open() throws IOException {
    ebay = EbaySimulator.start(options());
    bearer = "Bearer " + token("grant_type=refresh_token&refresh_token=ebay-refresh").text();
  }

  @AfterEach
  void close() {
    ebay.close();
    ear.close();
  }

  @Test
  void aTokenIsGoodForItsTimeAndNoneIsGivenAfterTheConsentIsTakenBack() throws Exception {
    var id = ebay.createOrder();
    assertThat(get("/sell/fulfillment/v1/order/" + id).status()).isEqualTo(200);

    clock.advance(Duration.ofHours(2));
    var late = get("/sell/fulfillment/v1/order/" + id);
    ebay.revokeConsent();
    var revoked = token("grant_type=refresh_token&refresh_token=ebay-refresh");

    assertThat(late.status()).isEqualTo(401);
    assertThat(late.json().at("/errors/0/errorId").asInt()).isEqualTo(1001);
    assertThat(revoked.status()).isEqualTo(400);
    assertThat(revoked.json().get("error").asText()).isEqualTo("invalid_grant");
  }

  @Test
  void theApplicationsTokenOpensNoOrdersAndTheSellersNoKeys() throws Exception {
    var application = "Bearer " + token("grant_type=client_credentials&scope=api").text();

    var orders = Caller.get(ebay.url(), "/sell/fulfillment/v1/order", "Authorization", application);
    var key = get("/commerce/notification/v1/public_key/any");

    assertThat(orders.status()).isEqualTo(403);
    assertThat(key.status()).isEqualTo(403);
  }

  @Test
  void aStrangerGetsNoToken() throws Exception {
    var answer =
        Caller.post(
            ebay.url(),
            "/identity/v1/oauth2/token",
            "grant_type=client_credentials",
            "Authorization",
            "Basic bm9ib2R5Og==");

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aPaidOrderIsToldByItsNumbersUnderASignatureOverTheBytes() throws Exception {
    var id = ebay.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(1));
    var heard = ear.heard().getFirst();
    var proof =
        Jsons.own(Base64.getDecoder().decode(heard.header("x-ebay-signature").orElseThrow()));
    var application = "Bearer " + token("grant_type=client_credentials&scope=api").text();
    var key =
        Caller.get(
                ebay.url(),
                "/commerce/notification/v1/public_key/" + proof.get("kid").asText(),
                "Authorization",
                application)
            .json();

    assertThat(Ear.json(heard).at("/notification/data/order/orderId").asText()).isEqualTo(id);
    assertThat(verified(key, proof, heard.body())).isTrue();
    var tampered = heard.body().clone();
    tampered[20] ^= 1;
    assertThat(verified(key, proof, tampered)).isFalse();
  }

  @Test
  void anUnpaidOrderIsToldWhenTheMoneyComes() {
    var draft = ebay.draftOrder();
    draft.put("orderPaymentStatus", "PENDING");
    var id = ebay.createOrder(draft);
    assertThat(ear.heard()).isEmpty();

    ebay.payOrder(id);

    soon(() -> assertThat(ear.heard()).hasSize(1));
    assertThat(ebay.order(id).get("orderPaymentStatus").asText()).isEqualTo("PAID");
  }

  @Test
  void ordersArePagedByOffsetWithinAWindowOfModification() throws Exception {
    ebay.createUpTo(7);
    clock.advance(Duration.ofHours(1));
    var late = ebay.createOrder();
    clock.advance(Duration.ofMinutes(1));

    var ids = new ArrayList<String>();
    JsonNode page;
    var offset = 0;
    do {
      page = search("lastmodifieddate:[2026-03-02T09:00:00Z..2026-03-02T10:30:00Z]", 3, offset);
      page.get("orders").forEach(o -> ids.add(o.get("orderId").asText()));
      offset += 3;
    } while (page.has("next"));

    assertThat(ids).hasSize(7).doesNotContain(late).doesNotHaveDuplicates();
    assertThat(page.get("total").asInt()).isEqualTo(7);
  }

  @Test
  void aCreationDateDecidesAloneWhenBothAreGiven() throws Exception {
    ebay.createOrder();
    clock.advance(Duration.ofMinutes(90));

    var page =
        search(
            "creationdate:[2026-03-02T11:00:00Z..],lastmodifieddate:[2026-03-02T09:00:00Z..]",
            50,
            0);

    assertThat(page.get("orders")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'limit=201', 31100",
    "'limit=x', 31100",
    "'offset=-1', 31000",
    "'filter=lastchange:[a..b]', 30700",
    "'filter=lastmodifieddate:[yesterday..]', 30810",
    "'filter=lastmodifieddate:[..2026-03-02T09:00:00Z]', 30820",
    "'filter=lastmodifieddate:[2023-03-02T09:00:00Z..]', 30830",
    "'filter=lastmodifieddate:[2026-03-02T09:00:00Z..2026-03-01T09:00:00Z]', 30840",
    "'filter=lastmodifieddate:[2026-03-02T09:00:00Z..2026-03-02T10:00:01Z]', 30850",
  })
  void aQuestionThatMakesNoSenseIsRefusedByNumber(String query, int errorId) throws Exception {
    var parts = query.split("=", 2);
    var answer =
        get(
            "/sell/fulfillment/v1/order?"
                + parts[0]
                + "="
                + URLEncoder.encode(parts[1], StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/errorId").asInt()).isEqualTo(errorId);
  }

  @Test
  void whatEbayCollectsIsPartOfTheTotalOnlyInTheBreakdown() throws Exception {
    String id;
    do {
      id = ebay.createOrder();
    } while (!ebay.order(id).path("ebayCollectAndRemitTax").asBoolean());

    var plain = get("/sell/fulfillment/v1/order/" + id).json();
    var broken = get("/sell/fulfillment/v1/order/" + id + "?fieldGroups=TAX_BREAKDOWN").json();

    var tax = broken.at("/pricingSummary/tax/value").decimalValue();
    assertThat(plain.at("/pricingSummary/tax").isMissingNode()).isTrue();
    assertThat(new java.math.BigDecimal(broken.at("/pricingSummary/total/value").asText()))
        .isEqualByComparingTo(
            new java.math.BigDecimal(plain.at("/pricingSummary/total/value").asText())
                .add(new java.math.BigDecimal(broken.at("/pricingSummary/tax/value").asText())));
    assertThat(tax).isNotNull();
  }

  @Test
  void whatABuyerAskedForIsShownByGetOrderOnly() throws Exception {
    var id = ebay.createOrder();
    ebay.askToCancel(id);
    clock.advance(Duration.ofMinutes(1));

    var listed = search("lastmodifieddate:[2026-03-02T09:00:00Z..]", 50, 0).at("/orders/0");
    var read = get("/sell/fulfillment/v1/order/" + id).json();

    assertThat(listed.at("/cancelStatus/cancelState").asText()).isEqualTo("IN_PROGRESS");
    assertThat(listed.at("/cancelStatus/cancelRequests")).isEmpty();
    assertThat(read.at("/cancelStatus/cancelRequests/0/cancelInitiator").asText())
        .isEqualTo("Buyer");
  }

  @Test
  void aParcelIsKnownByItsTrackingNumberAndNotTakenTwice() throws Exception {
    var id = ebay.createOrder();

    var told = ship(id, "\"trackingNumber\":\"1Z999\",\"shippingCarrierCode\":\"UPS\"");
    var again = ship(id, "\"trackingNumber\":\"1Z999\",\"shippingCarrierCode\":\"UPS\"");

    assertThat(told.status()).isEqualTo(201);
    assertThat(told.body()).isEmpty();
    assertThat(told.header("Location")).endsWith("/" + id + "/shipping_fulfillment/1Z999");
    assertThat(again.json().at("/errors/0/errorId").asInt()).isEqualTo(34500);
    assertThat(ebay.order(id).get("orderFulfillmentStatus").asText()).isEqualTo("FULFILLED");
    assertThat(
            get("/sell/fulfillment/v1/order/" + id + "/shipping_fulfillment")
                .json()
                .get("fulfillments"))
        .hasSize(1);
  }

  @Test
  void aParcelWithoutANumberIsTakenAsOftenAsItIsTold() throws Exception {
    var id = ebay.createOrder();

    var first = ship(id, "");
    ship(id, "");

    assertThat(first.header("Location")).endsWith("/999");
    assertThat(ebay.ledger().effects().of("shipment.created").on(id).count()).isEqualTo(2);
    assertThat(ebay.summary(false).at("/orders/shippedTooMuch").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"trackingNumber\":\"1Z999\"', 32300",
    "'\"shippingCarrierCode\":\"UPS\"', 32300",
    "'\"trackingNumber\":\"1Z-999\",\"shippingCarrierCode\":\"UPS\"', 32300",
    "'\"shippedDate\":\"yesterday\"', 32500",
    "'\"shippedDate\":\"2020-01-01T00:00:00.000Z\"', 32500",
    "'\"lineItems\":[{\"lineItemId\":\"1\",\"quantity\":1}]', 32200",
  })
  void aParcelThatMakesNoSenseIsRefusedByNumber(String fields, int errorId) throws Exception {
    var id = ebay.createOrder();

    var answer = ship(id, fields);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/errorId").asInt()).isEqualTo(errorId);
    assertThat(ebay.ledger().effects().of("shipment.created").count()).isZero();
  }

  @Test
  void anOrderNobodyKnowsTakesNoParcel() throws Exception {
    assertThat(ship("99-99999-99999", "").json().at("/errors/0/errorId").asInt()).isEqualTo(32100);
  }

  @Test
  void eachArticleOfACallIsJudgedByItself() throws Exception {
    var answer =
        stock(
            """
            {"requests":[
              {"sku":"MUG-BLU","shipToLocationAvailability":{"quantity":7},
               "offers":[{"offerId":"%s","availableQuantity":7}]},
              {"sku":"NOBODY","shipToLocationAvailability":{"quantity":7}},
              {"sku":"MUG-RED","offers":[{"offerId":"1","availableQuantity":7}]}]}"""
                .formatted(ebay.offer("MUG-BLU")));

    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.json().get("responses").findValuesAsText("statusCode"))
        .containsExactly("200", "404", "404");
    assertThat(answer.json().at("/responses/1/errors/0/errorId").asInt()).isEqualTo(25702);
    assertThat(ebay.stock("MUG-BLU")).containsEntry("shown", 7).containsEntry("sendable", 7);
    assertThat(ebay.stock("MUG-RED")).containsEntry("shown", 1000);
  }

  @Test
  void moreThanTwentyFiveArticlesAreTooMany() throws Exception {
    var many = "{\"sku\":\"MUG-BLU\",\"shipToLocationAvailability\":{\"quantity\":1}}";

    var answer = stock("{\"requests\":[" + (many + ",").repeat(25) + many + "]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(ebay.stock("MUG-BLU")).containsEntry("sendable", 1000);
  }

  @Test
  void aListingIsRevisedSoOftenOnADayAndNoMore() throws Exception {
    var one = "{\"requests\":[{\"sku\":\"%s\",\"shipToLocationAvailability\":{\"quantity\":1}}]}";

    for (var i = 0; i < 3; i++) {
      assertThat(stock(one.formatted(i == 0 ? "MUG-BLU" : "MUG-RED")).status()).isEqualTo(200);
    }
    var fourth = stock(one.formatted("MUG-WHT"));
    clock.advance(Duration.ofDays(1));
    bearer = "Bearer " + token("grant_type=refresh_token&refresh_token=ebay-refresh").text();
    var tomorrow = stock(one.formatted("MUG-WHT"));

    assertThat(fourth.json().at("/responses/0/errors/0/errorId").asInt()).isEqualTo(25002);
    assertThat(tomorrow.status()).isEqualTo(200);
  }

  @Test
  void aCancellationIsApprovedOnceAndTheMoneyGoesBack() throws Exception {
    var id = ebay.createOrder();
    var cancelId = ebay.askToCancel(id);

    var approved = iaf("/post-order/v2/cancellation/" + cancelId + "/approve", "{}");
    var again = iaf("/post-order/v2/cancellation/" + cancelId + "/approve", "{}");

    assertThat(approved.status()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(409);
    assertThat(ebay.order(id).at("/cancelStatus/cancelState").asText()).isEqualTo("CANCELED");
    assertThat(ebay.order(id).get("orderPaymentStatus").asText()).isEqualTo("FULLY_REFUNDED");
  }

  @Test
  void theSellerCancelsWhatIsNotSentAndForAReasonThatCounts() throws Exception {
    var open = ebay.createOrder();
    var sent = ebay.createOrder();
    ship(sent, "");
    var cancel = "{\"legacyOrderId\":\"%s\",\"cancelReason\":\"%s\"}";

    var whim = iaf("/post-order/v2/cancellation", cancel.formatted(open, "WHIM"));
    var done =
        iaf(
            "/post-order/v2/cancellation",
            cancel.formatted(open, "OUT_OF_STOCK_OR_CANNOT_FULFILL"));
    var twice =
        iaf(
            "/post-order/v2/cancellation",
            cancel.formatted(open, "OUT_OF_STOCK_OR_CANNOT_FULFILL"));
    var late =
        iaf(
            "/post-order/v2/cancellation",
            cancel.formatted(sent, "OUT_OF_STOCK_OR_CANNOT_FULFILL"));

    assertThat(whim.status()).isEqualTo(400);
    assertThat(done.json().get("cancelId").asText()).isNotBlank();
    assertThat(twice.status()).isEqualTo(409);
    assertThat(late.status()).isEqualTo(409);
  }

  @Test
  void noMoreMoneyGoesBackThanWasPaid() throws Exception {
    var id = ebay.createOrder();
    var path = "/sell/fulfillment/v1/order/" + id + "/issue_refund";
    var money =
        "{\"reasonForRefund\":\"BUYER_RETURN\",\"orderLevelRefundAmount\":{\"value\":\"%s\",\"currency\":\"%s\"}}";
    var currency = ebay.order(id).at("/pricingSummary/total/currency").asText();

    var part = post(path, money.formatted("1.50", currency));
    var tooMuch = post(path, money.formatted("1000000", currency));

    assertThat(part.json().get("refundStatus").asText()).isEqualTo("REFUNDED");
    assertThat(tooMuch.json().at("/errors/0/errorId").asInt()).isEqualTo(34915);
    assertThat(ebay.order(id).get("orderPaymentStatus").asText()).isEqualTo("PARTIALLY_REFUNDED");
  }

  @Test
  void theEndpointHasToProveThatItIsMeant() throws Exception {
    ear.answering(200);

    assertThat(ebay.challenge()).as("it says 'heard' to everything").isFalse();
  }

  @Test
  void aRestartForgetsTokensOnly() throws Exception {
    var id = ebay.createOrder();
    ship(id, "\"trackingNumber\":\"1Z999\",\"shippingCarrierCode\":\"UPS\"");
    soon(() -> assertThat(ebay.summary(false).at("/webhooks/waiting").asInt()).isZero());
    var before = ebay.order(id);
    var signedBefore = Jsons.own(Base64.getDecoder().decode(ebay.sign("x"))).get("kid");
    ebay.close();

    ebay = EbaySimulator.start(options());

    assertThat(ebay.order(id)).isEqualTo(before);
    assertThat(Jsons.own(Base64.getDecoder().decode(ebay.sign("x"))).get("kid"))
        .isEqualTo(signedBefore);
    assertThat(get("/sell/fulfillment/v1/order/" + id).status()).isEqualTo(401);
  }

  private EbayOptions options() {
    return EbayOptions.in(folder)
        .notificationsTo(ear.url())
        .revisionsPerDay(3)
        .retrySpan(Duration.ofMillis(50))
        .clock(clock);
  }

  private static boolean verified(JsonNode key, JsonNode proof, byte[] body) throws Exception {
    var pem = key.get("key").asText().replaceAll("-----[A-Z ]+-----", "");
    var signature = java.security.Signature.getInstance("SHA1withECDSA");
    signature.initVerify(
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem))));
    signature.update(body);
    return signature.verify(Base64.getDecoder().decode(proof.get("signature").asText()));
  }

  private record Token(int status, JsonNode json) {
    String text() {
      return json.get("access_token").asText();
    }
  }

  private Token token(String form) throws IOException {
    var answer = Caller.post(ebay.url(), "/identity/v1/oauth2/token", form, "Authorization", BASIC);
    return new Token(answer.status(), answer.json());
  }

  private Caller.Reply get(String path) throws IOException {
    return Caller.get(ebay.url(), path, "Authorization", bearer);
  }

  private Caller.Reply post(String path, String body) throws IOException {
    return Caller.post(ebay.url(), path, body, "Authorization", bearer);
  }

  private Caller.Reply iaf(String path, String body) throws IOException {
    return Caller.post(
        ebay.url(), path, body, "Authorization", bearer.replaceFirst("Bearer", "IAF"));
  }

  private JsonNode search(String filter, int limit, int offset) throws IOException {
    return get("/sell/fulfillment/v1/order?filter="
            + URLEncoder.encode(filter, StandardCharsets.UTF_8)
            + "&limit="
            + limit
            + "&offset="
            + offset)
        .json();
  }

  private Caller.Reply ship(String orderId, String fields) throws IOException {
    return post(
        "/sell/fulfillment/v1/order/" + orderId + "/shipping_fulfillment", "{" + fields + "}");
  }

  private Caller.Reply stock(String body) throws IOException {
    return post("/sell/inventory/v1/bulk_update_price_quantity", body);
  }
}
