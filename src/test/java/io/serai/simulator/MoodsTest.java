package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoodsTest {

  @TempDir Path folder;
  private Rest3plSimulator partner;
  private ShopifySimulator shop;

  @BeforeEach
  void open() {
    partner = Rest3plSimulator.start(Rest3plOptions.in(folder).shipAfter(Duration.ofHours(1)));
    shop = ShopifySimulator.start(ShopifyOptions.in(folder));
  }

  @AfterEach
  void close() {
    partner.close();
    shop.close();
  }

  @Test
  void flakyAnswers503BeforeAnythingHappened() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.FLAKY));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(accepted()).isZero();
  }

  @Test
  void failedAfterEffectAnswers503AfterEverythingHappened() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.FAILED_AFTER_EFFECT).answering(504));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(504);
    assertThat(accepted()).isOne();
  }

  @Test
  void throttlingSaysWhenToComeBack() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.THROTTLING).lasting(Duration.ofSeconds(3)));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEqualTo("3");
    assertThat(accepted()).isZero();
  }

  @Test
  void refusingIsAnAnswerForGood() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.REFUSING));

    assertThat(create("ful_1").status()).isEqualTo(422);
    assertThat(accepted()).isZero();
  }

  @Test
  void concurrentSaysThatTheKeyIsInUse() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.CONCURRENT));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().at("/error/code").asText()).isEqualTo("IDEMPOTENCY_KEY_IN_USE");
    assertThat(accepted()).isZero();
  }

  @Test
  void unauthorizedForgetsTheCredentials() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.UNAUTHORIZED).times(1));

    assertThat(create("ful_1").status()).isEqualTo(401);
    assertThat(create("ful_1").status()).isEqualTo(201);
  }

  @Test
  void anAnswerLostHasTakenEffect() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).times(1));

    assertThatThrownBy(() -> create("ful_1")).isInstanceOf(IOException.class);
    var again = create("ful_1");

    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(accepted()).isOne();
  }

  @Test
  void aRequestLostHasNotTakenEffect() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.REQUEST_LOST).times(1));

    assertThatThrownBy(() -> create("ful_1")).isInstanceOf(IOException.class);

    assertThat(accepted()).isZero();
  }

  @Test
  void halfAnAnswerStopsInTheMiddleAfterTheEffect() {
    partner.moods().set(Mood.of(Mood.Kind.HALF_ANSWER).times(1));

    assertThatThrownBy(() -> create("ful_1")).isInstanceOf(IOException.class);

    assertThat(accepted()).isOne();
  }

  @Test
  void garbageIsNoJsonThoughItSaysSo() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.GARBAGE));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThatThrownBy(reply::json).isInstanceOf(RuntimeException.class);
    assertThat(accepted()).isOne();
  }

  @Test
  void anErrorMayComeWithStatus200() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.ERROR_IN_200));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("status").asText()).isEqualTo("error");
    assertThat(accepted()).isZero();
  }

  @Test
  void aProxyMayAnswerWithAPage() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.HTML));

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).startsWith("<!doctype html>");
    assertThat(accepted()).isZero();
  }

  @Test
  void aMoodMayBeToldToTakeEffect() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.HTML).withEffect(true));

    create("ful_1");

    assertThat(accepted()).isOne();
  }

  @Test
  void slowTakesEffectAtOnceAndAnswersLate() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.SLOW).lasting(Duration.ofMillis(200)));
    var began = System.nanoTime();

    var reply = create("ful_1");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(System.nanoTime() - began).isGreaterThan(200_000_000);
  }

  @Test
  void latePollsShowAShipmentOnlyLater() throws IOException {
    create("ful_1");
    partner.ship("ful_1");
    partner.moods().set(Mood.of(Mood.Kind.LATE_POLLS).lasting(Duration.ofHours(1)));

    assertThat(read("/shipments").json().get("shipments")).isEmpty();
    assertThat(read("/fulfillments?fulfillmentId=ful_1").json().get("fulfillments")).isEmpty();

    partner.moods().calm();
    assertThat(read("/shipments").json().get("shipments")).hasSize(1);
  }

  @Test
  void anExpiredCursorIsRefused() throws IOException {
    create("ful_1");
    partner.ship("ful_1");
    var next = read("/shipments").json().get("next").asText();
    partner.moods().set(Mood.of(Mood.Kind.EXPIRED_CURSOR));

    assertThat(read("/shipments?since=" + next).json().at("/error/code").asText())
        .isEqualTo("INVALID_CURSOR");
  }

  @Test
  void aRepeatedItemIsSeenOnTheNextPageAgain() throws IOException {
    create("ful_1");
    partner.ship("ful_1");
    var next = read("/shipments").json().get("next").asText();
    partner.moods().set(Mood.of(Mood.Kind.REPEATED_ITEMS));

    assertThat(read("/shipments?since=" + next).json().get("shipments")).hasSize(1);
  }

  @Test
  void aMoodTouchesOnlyTheOperationsItNames() throws IOException {
    partner.moods().set(Mood.of(Mood.Kind.FLAKY).on("shipments.*"));

    assertThat(create("ful_1").status()).isEqualTo(201);
    assertThat(read("/shipments").status()).isEqualTo(503);
  }

  @Test
  void aShareOfTheRequestsIsHitAndTheSameOnEveryRun() {
    assertThat(hits()).isEqualTo(hits()).isBetween(200, 400);
  }

  private static int hits() {
    var moods = new Moods(7);
    moods.set(Mood.of(Mood.Kind.FLAKY).sometimes(0.3));
    var hits = 0;
    for (var n = 0; n < 1000; n++) {
      hits += moods.onCall(List.of("x")).isPresent() ? 1 : 0;
    }
    return hits;
  }

  @Test
  void moodsAreChangedWhileItRuns() throws IOException {
    var set =
        Caller.post(
            partner.url(),
            "/_control/moods",
            "[{\"mood\":\"flaky\",\"times\":1,\"operations\":[\"fulfillments.create\"]}]");

    assertThat(set.status()).isEqualTo(200);
    assertThat(create("ful_1").status()).isEqualTo(503);
    assertThat(Caller.get(partner.url(), "/_control/moods").json().get(0).get("felt").asInt())
        .isOne();
    assertThat(create("ful_1").status()).isEqualTo(201);
  }

  @Test
  void anUnknownMoodIsRefusedByName() throws IOException {
    var reply = Caller.post(partner.url(), "/_control/moods", "[{\"mood\":\"fluky\"}]");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText())
        .startsWith("Mood 'fluky' is not known; use one of slow, flaky,");
  }

  @Test
  void aShareOutsideZeroToOneIsRefused() {
    assertThatThrownBy(() -> Mood.parse("flaky=2"))
        .hasMessage("Mood 'FLAKY' has share 2.0; give a number from 0 to 1.");
    assertThatThrownBy(() -> Mood.parse("flaky=often"))
        .hasMessage("Mood 'flaky=often' has no readable share; write it as 'flaky=0.1'.");
  }

  @Test
  void theShopThrottlesWithStatus200OrWith429() {
    shop.moods().set(Mood.of(Mood.Kind.THROTTLING));
    var soft = new Admin(shop).post("{ shop { id } }", Map.of());
    shop.moods().set(Mood.of(Mood.Kind.THROTTLING).answering(429));
    var hard = new Admin(shop).post("{ shop { id } }", Map.of());

    assertThat(soft.status()).isEqualTo(200);
    assertThat(soft.json().at("/errors/0/extensions/code").asText()).isEqualTo("THROTTLED");
    assertThat(hard.status()).isEqualTo(429);
    assertThat(hard.header("Retry-After")).isEqualTo("2.0");
  }

  @Test
  void theShopRefusesAMutationInItsPayloadAndAQueryAtTheTop() {
    shop.moods().set(Mood.of(Mood.Kind.REFUSING));

    assertThat(new Admin(shop).ask("{ shop { id } }").at("/errors/0/extensions/code").asText())
        .isEqualTo("ACCESS_DENIED");
    assertThat(
            new Admin(shop)
                .ship(List.of(Map.of("fulfillmentOrderId", "x")), "1Z")
                .at("/userErrors/0/message")
                .asText())
        .isEqualTo("The shop does not take this change.");
  }

  @Test
  void theShopMaySayThatAKeyIsInUse() {
    shop.moods().set(Mood.of(Mood.Kind.CONCURRENT));

    var answer = new Admin(shop).setStock("k", Map.of());

    assertThat(answer.at("/data/inventorySetQuantities/userErrors/0/code").asText())
        .isEqualTo("IDEMPOTENCY_CONCURRENT_REQUEST");
  }

  @Test
  void anErrorOfTheShopComesWithStatus200() {
    shop.moods().set(Mood.of(Mood.Kind.ERROR_IN_200));

    var reply = new Admin(shop).post("{ shop { id } }", Map.of());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/errors/0/extensions/code").asText())
        .isEqualTo("INTERNAL_SERVER_ERROR");
  }

  @Test
  void aShipmentWhoseAnswerIsLostIsOnTheOrder() {
    var id = shop.createOrder();
    var admin = new Admin(shop);
    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0).get("id").asText();
    shop.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("fulfillmentCreate").times(1));

    assertThatThrownBy(
            () -> admin.ship(List.of(Map.of("fulfillmentOrderId", fulfillmentOrder)), "1Z"))
        .isInstanceOf(java.io.UncheckedIOException.class);

    assertThat(shop.ledger().effects().of("fulfillment.created").on(id).count()).isOne();
  }

  @Test
  void lateLinesShowANewOrderEmpty() {
    var id = shop.createOrder();
    shop.moods().set(Mood.of(Mood.Kind.LATE_LINES).lasting(Duration.ofHours(1)));

    var order =
        new Admin(shop)
            .data(
                "query($id: ID!) { order(id: $id) { lineItems(first: 5) { nodes { id } } } }",
                Map.of("id", Admin.orderGid(id)));

    assertThat(order.at("/order/lineItems/nodes")).isEmpty();
  }

  private int accepted() {
    return partner.ledger().effects().of("fulfillment.accepted").count();
  }

  private Caller.Reply create(String fulfillmentId) throws IOException {
    ObjectNode request = Jsons.object();
    request.put("orderId", "6200000001024");
    request.put("fulfillmentId", fulfillmentId);
    request.putArray("lines").addObject().put("sku", "MUG-BLU").put("quantity", 1);
    return Caller.post(
        partner.url(),
        "/fulfillments",
        request,
        "Authorization",
        "Bearer 3pl-key",
        "Idempotency-Key",
        "key-" + fulfillmentId);
  }

  private Caller.Reply read(String path) throws IOException {
    return Caller.get(partner.url(), path, "Authorization", "Bearer 3pl-key");
  }
}
