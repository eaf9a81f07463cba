package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Rest3plTest {

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private Rest3plSimulator partner;

  @AfterEach
  void close() {
    if (partner != null) {
      partner.close();
    }
    ear.close();
  }

  @Test
  void aFulfillmentIsAcceptedWithAReference() throws IOException {
    open(o -> o);

    var reply = create("ful_1", "k1");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().get("status").asText()).isEqualTo("accepted");
    assertThat(reply.json().get("reference").asText()).isEqualTo("F-1");
    assertThat(partner.ledger().effects().of("fulfillment.accepted").on("ful_1").withKey("k1"))
        .hasSize(1);
  }

  @Test
  void anUnknownBearerIsRefused() throws IOException {
    open(o -> o);

    var reply =
        Caller.post(partner.url(), "/fulfillments", request("ful_1"), "Authorization", "Bearer no");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(partner.ledger().effects().of("fulfillment.accepted")).isEmpty();
  }

  @Test
  void theSameKeyGetsTheSameAnswerAndNoSecondFulfillment() throws IOException {
    open(o -> o);
    var first = create("ful_1", "k1");

    var second = create("ful_1", "k1");

    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(partner.summary(false).at("/fulfillments/accepted").asInt()).isOne();
    assertThat(partner.summary(false).at("/fulfillments/repeated").asInt()).isOne();
  }

  @Test
  void aKeyForAnotherBodyIsRefused() throws IOException {
    open(o -> o);
    create("ful_1", "k1");

    var reply = create("ful_2", "k1");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(code(reply)).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void aMissingKeyIsRefusedWhereKeysAreHonoured() throws IOException {
    open(o -> o);

    var reply =
        Caller.post(
            partner.url(), "/fulfillments", request("ful_1"), "Authorization", "Bearer 3pl-key");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(code(reply)).isEqualTo("IDEMPOTENCY_KEY_REQUIRED");
  }

  @Test
  void aKeyOutlivesARestartButNotItsLife() throws IOException {
    open(o -> o);
    create("ful_1", "k1");
    partner.close();
    open(o -> o);
    assertThat(create("ful_1", "k1").header("Idempotent-Replay")).isEqualTo("true");
    partner.close();

    open(o -> o.keyLife(Duration.ZERO));
    create("ful_1", "k1");

    assertThat(partner.ledger().effects().duplicates("fulfillment.accepted"))
        .containsOnlyKeys("ful_1");
  }

  @Test
  void aQueryablePartnerTakesARepeatTwiceButCanBeAsked() throws IOException {
    open(o -> o.whenCreatedTwice(Repeat.QUERYABLE));
    assertThat(find("ful_1").json().get("fulfillments")).isEmpty();
    create("ful_1", "k1");
    assertThat(find("ful_1").json().at("/fulfillments/0/reference").asText()).isEqualTo("F-1");

    create("ful_1", "k1");

    assertThat(partner.summary(false).at("/fulfillments/doubled/0").asText()).isEqualTo("ful_1");
    assertThat(partner.ledger().effects().duplicates("fulfillment.accepted"))
        .containsOnlyKeys("ful_1");
  }

  @Test
  void aBlindPartnerCannotBeAsked() throws IOException {
    open(o -> o.whenCreatedTwice(Repeat.BLIND));
    create("ful_1", "k1");

    assertThat(find("ful_1").status()).isEqualTo(404);
    assertThat(create("ful_1", "k1").json().get("reference").asText()).isEqualTo("F-2");
  }

  @Test
  void anUnknownSkuIsRefusedByName() throws IOException {
    open(o -> o);
    var request = request("ful_1");
    ((ObjectNode) request.at("/lines/0")).put("sku", "NO-SUCH");

    var reply = create(request, "k1");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(code(reply)).isEqualTo("UNKNOWN_SKU");
    assertThat(reply.json().at("/error/message").asText())
        .isEqualTo("The SKU 'NO-SUCH' is not known.");
  }

  @Test
  void aQuantityThatIsNoWholeNumberAboveZeroIsRefused() throws IOException {
    open(o -> o);
    var request = request("ful_1");
    ((ObjectNode) request.at("/lines/0")).put("quantity", 0);

    assertThat(code(create(request, "k1"))).isEqualTo("INVALID");
  }

  @Test
  void aMissingCountryIsRefusedWhereAddressesAreChecked() throws IOException {
    open(o -> o.checksAddress(true));
    var request = request("ful_1");
    request.putObject("shipTo").put("name", "Ava");

    assertThat(code(create(request, "k1"))).isEqualTo("INVALID_ADDRESS");
  }

  @Test
  void bytesThatAreNoJsonAreRefused() throws IOException {
    open(o -> o);

    var reply =
        Caller.post(
            partner.url(),
            "/fulfillments",
            "{\"orderId\":",
            "Authorization",
            "Bearer 3pl-key",
            "Idempotency-Key",
            "k1");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(code(reply)).isEqualTo("MALFORMED");
  }

  @Test
  void whatWasAcceptedIsShippedAndToldWithASignature() throws IOException {
    open(o -> o.shipAfter(Duration.ofMillis(50)));

    create("ful_1", "k1");

    soon(() -> assertThat(ear.heard("shipment.created")).hasSize(1));
    var heard = ear.heard("shipment.created").get(0);
    var body = Ear.json(heard);
    assertThat(heard.header("X-Signature")).contains(Signature.hex("3pl-secret", heard.body()));
    assertThat(heard.header("X-Event-Id")).contains(body.get("id").asText());
    assertThat(body.at("/shipment/fulfillmentId").asText()).isEqualTo("ful_1");
    assertThat(body.at("/shipment/packages/0/tracking/0/number").asText()).isNotBlank();
    assertThat(body.at("/shipment/packages/0/lines/0/sku").asText()).isEqualTo("MUG-BLU");
    assertThat(body.at("/shipment/packages/0/lines/0/quantity").asInt()).isEqualTo(2);
    assertThat(partner.summary(false).at("/stock/MUG-BLU").asInt()).isEqualTo(998);
  }

  @Test
  void someFulfillmentsLeaveInTwoParcelsAndSomeInTwoShipments() throws IOException {
    open(o -> o.shipAfter(Duration.ofHours(1)));
    for (var n = 1; n <= 7; n++) {
      create("ful_" + n, "k" + n);
    }

    partner.ship("ful_5");
    partner.ship("ful_7");

    var shipped = partner.ledger().effects().of("shipment.created");
    assertThat(shipped.on("ful_5").all())
        .singleElement()
        .satisfies(e -> assertThat(e.data().get("packages")).hasSize(2));
    assertThat(shipped.on("ful_7").all()).hasSize(2);
  }

  @Test
  void whatWasNotShippedWhenTheProcessDiedIsShippedAfterwards() throws IOException {
    open(o -> o.shipAfter(Duration.ofHours(1)));
    create("ful_1", "k1");
    partner.close();

    open(o -> o.shipAfter(Duration.ofMillis(1)));

    soon(() -> assertThat(ear.heard("shipment.created")).hasSize(1));
  }

  @Test
  void aCancelBeforePickingIsGrantedAndRepeatable() throws IOException {
    open(o -> o.pickAfter(Duration.ofHours(1)).shipAfter(Duration.ofHours(2)));
    create("ful_1", "k1");

    var first = cancel("F-1", "c1");
    var second = cancel("F-1", "c1");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().get("status").asText()).isEqualTo("cancelled");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(code(cancel("F-1", "other"))).isEqualTo("ALREADY_CANCELLED");
    assertThat(partner.ledger().effects().of("fulfillment.cancelled").count()).isOne();
    soon(() -> assertThat(ear.heard("fulfillment.cancelled")).hasSize(1));
  }

  @Test
  void aBlindCancelIsRefusedTheSecondTime() throws IOException {
    open(
        o ->
            o.whenCancelledTwice(Repeat.BLIND)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    create("ful_1", "k1");
    cancel("F-1", "c1");

    var reply = cancel("F-1", "c1");

    assertThat(reply.status()).isEqualTo(409);
    assertThat(code(reply)).isEqualTo("ALREADY_CANCELLED");
  }

  @Test
  void aCancelAfterPickingBeganOrAfterShippingIsRefused() throws IOException {
    open(o -> o.pickAfter(Duration.ZERO).shipAfter(Duration.ofHours(1)));
    create("ful_1", "k1");

    assertThat(code(cancel("F-1", "c1"))).isEqualTo("ALREADY_PICKING");
    partner.ship("ful_1");
    assertThat(code(cancel("F-1", "c2"))).isEqualTo("ALREADY_SHIPPED");
    assertThat(code(cancel("F-9", "c3"))).isEqualTo("UNKNOWN_REFERENCE");
  }

  @Test
  void aRejectionIsToldByWebhook() throws IOException {
    open(o -> o.shipAfter(Duration.ofHours(1)));
    create("ful_1", "k1");

    assertThat(partner.reject("ful_1", "damaged")).isTrue();

    soon(() -> assertThat(ear.heard("fulfillment.rejected")).hasSize(1));
    var body = Ear.json(ear.heard("fulfillment.rejected").get(0));
    assertThat(body.get("fulfillmentId").asText()).isEqualTo("ful_1");
    assertThat(body.get("reason").asText()).isEqualTo("damaged");
    assertThat(partner.reject("ful_1", "again")).isFalse();
  }

  @Test
  void aPartnerThatAnswersLaterSaysReceivedAndThenAccepted() throws IOException {
    open(o -> o.answersLater(true).pickAfter(Duration.ofMillis(30)).shipAfter(Duration.ofHours(1)));

    var reply = create("ful_1", "k1");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().get("status").asText()).isEqualTo("received");
    soon(() -> assertThat(ear.heard("fulfillment.accepted")).hasSize(1));
  }

  @Test
  void shipmentsAreReadPageByPage() throws IOException {
    open(o -> o.shipAfter(Duration.ofHours(1)).splits(false));
    for (var n = 1; n <= 5; n++) {
      create("ful_" + n, "k" + n);
      partner.ship("ful_" + n);
    }

    var first = read("/shipments?limit=3").json();
    var second = read("/shipments?limit=3&since=" + first.get("next").asText()).json();
    var third = read("/shipments?since=" + second.get("next").asText()).json();

    assertThat(first.get("shipments")).hasSize(3);
    assertThat(first.get("more").asBoolean()).isTrue();
    assertThat(second.get("shipments")).hasSize(2);
    assertThat(second.get("more").asBoolean()).isFalse();
    assertThat(third.get("shipments")).isEmpty();
    assertThat(third.get("next")).isEqualTo(second.get("next"));
    assertThat(code(read("/shipments?since=bogus"))).isEqualTo("INVALID_CURSOR");
    assertThat(code(read("/shipments?limit=251"))).isEqualTo("INVALID");
  }

  @Test
  void theStockIsReadWholeAndAnnouncedOnDemand() throws IOException {
    open(o -> o.initialStock(7));

    var stock = read("/stock").json();
    partner.count("MUG-BLU", 3);
    partner.announceStock();

    assertThat(stock.get("complete").asBoolean()).isTrue();
    assertThat(stock.at("/levels/0/onHand").asInt()).isEqualTo(7);
    soon(() -> assertThat(ear.heard("stock.snapshot")).hasSize(1));
    assertThat(Ear.json(ear.heard("stock.snapshot").get(0)).get("levels"))
        .anyMatch(l -> l.get("sku").asText().equals("MUG-BLU") && l.get("onHand").asInt() == 3);
  }

  @Test
  void promisingMoreThanThereIsIsSeenAsOversold() throws IOException {
    open(o -> o.initialStock(3).shipAfter(Duration.ofHours(1)));
    create("ful_1", "k1");
    assertThat(partner.summary(false).get("oversold")).isEmpty();

    create("ful_2", "k2");

    assertThat(partner.summary(false).at("/oversold/0").asText()).isEqualTo("MUG-BLU");
  }

  private void open(UnaryOperator<Rest3plOptions> how) {
    partner = Rest3plSimulator.start(how.apply(Rest3plOptions.in(folder).webhooksTo(ear.url())));
  }

  private static ObjectNode request(String fulfillmentId) {
    var request = Jsons.object();
    request.put("orderId", "6200000001024");
    request.put("fulfillmentId", fulfillmentId);
    request.putArray("lines").addObject().put("sku", "MUG-BLU").put("quantity", 2);
    request.putObject("shipTo").put("name", "Ava").put("countryCode", "US");
    return request;
  }

  private Caller.Reply create(String fulfillmentId, String key) throws IOException {
    return create(request(fulfillmentId), key);
  }

  private Caller.Reply create(ObjectNode request, String key) throws IOException {
    return Caller.post(
        partner.url(),
        "/fulfillments",
        request,
        "Authorization",
        "Bearer 3pl-key",
        "Idempotency-Key",
        key);
  }

  private Caller.Reply find(String fulfillmentId) throws IOException {
    return read("/fulfillments?fulfillmentId=" + fulfillmentId);
  }

  private Caller.Reply read(String path) throws IOException {
    return Caller.get(partner.url(), path, "Authorization", "Bearer 3pl-key");
  }

  private Caller.Reply cancel(String reference, String key) throws IOException {
    return Caller.post(
        partner.url(),
        "/fulfillments/" + reference + "/cancel",
        Jsons.object(),
        "Authorization",
        "Bearer 3pl-key",
        "Idempotency-Key",
        key);
  }

  private static String code(Caller.Reply reply) {
    return reply.json().at("/error/code").asText();
  }
}
