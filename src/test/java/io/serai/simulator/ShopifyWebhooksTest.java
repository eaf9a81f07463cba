package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyWebhooksTest {

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private ShopifySimulator shop;

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
    }
    ear.close();
  }

  @Test
  void aNewOrderIsToldWithASignatureOverItsBytes() throws Exception {
    open();

    var id = shop.createOrder();

    soon(() -> assertThat(ear.heard("orders/create")).hasSize(1));
    var heard = ear.heard().get(0);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(), "HmacSHA256"));
    assertThat(heard.header("X-Shopify-Hmac-Sha256"))
        .contains(Base64.getEncoder().encodeToString(mac.doFinal(heard.body())));
    assertThat(heard.header("X-Shopify-Shop-Domain")).contains("acme.myshopify.com");
    assertThat(heard.header("X-Shopify-API-Version")).contains("2026-07");
    assertThat(heard.header("X-Shopify-Webhook-Id")).isPresent();
    assertThat(heard.header("X-Shopify-Event-Id")).isPresent();
    assertThat(heard.header("X-Shopify-Triggered-At")).isPresent();
    assertThat(Ear.json(heard).get("id").asText()).isEqualTo(id);
  }

  @Test
  void whatIsNotAnswered2xxIsSentAgainUnderTheSameIds() {
    var left = new AtomicInteger(2);
    ear.answering(r -> left.getAndDecrement() > 0 ? 503 : 202);
    open();

    shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(3));
    assertThat(ear.heard().stream().map(r -> r.header("X-Shopify-Webhook-Id")).distinct())
        .hasSize(1);
    soon(
        () ->
            assertThat(shop.ledger().effects().of("webhook.acknowledged").all())
                .singleElement()
                .satisfies(e -> assertThat(e.data().get("attempts").asInt()).isEqualTo(3)));
  }

  @Test
  void afterEightRetriesItGivesUp() {
    ear.answering(500);
    open();

    shop.createOrder();

    soon(() -> assertThat(shop.ledger().effects().of("webhook.given-up").count()).isOne());
    assertThat(ear.heard()).hasSize(9);
  }

  @Test
  void anUnacknowledgedWebhookIsSentAgainAfterARestart() {
    ear.answering(500);
    shop = ShopifySimulator.start(options().retrySpan(Duration.ofHours(4)));
    var id = shop.createOrder();
    soon(() -> assertThat(ear.heard()).hasSize(1));
    shop.close();
    ear.answering(200);

    open();

    soon(() -> assertThat(ear.heard()).hasSize(2));
    assertThat(ear.heard().get(1).body()).isEqualTo(ear.heard().get(0).body());
    assertThat(ear.heard().get(1).header("X-Shopify-Webhook-Id"))
        .isEqualTo(ear.heard().get(0).header("X-Shopify-Webhook-Id"));
    assertThat(Ear.json(ear.heard().get(1)).get("id").asText()).isEqualTo(id);
  }

  @Test
  void anAcknowledgedWebhookIsNotSentAgainAfterARestart() {
    open();
    shop.createOrder();
    soon(() -> assertThat(shop.summary(false).at("/webhooks/waiting").asInt()).isZero());
    shop.close();

    open();
    shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(2));
    assertThat(ear.heard().stream().map(r -> Ear.json(r).get("id").asText()).distinct()).hasSize(2);
  }

  @Test
  void askingForATotalAgainPlacesOnlyWhatIsMissing() {
    open();
    shop.createUpTo(3, 0);
    soon(() -> assertThat(shop.summary(false).at("/orders/created").asInt()).isEqualTo(3));
    shop.close();

    open();
    shop.createUpTo(5, 0);

    soon(() -> assertThat(shop.ledger().effects().of("order.created").count()).isEqualTo(5));
    assertThat(shop.ledger().effects().duplicates("order.created")).isEmpty();
  }

  @Test
  void aCancelIsToldAsCancelledAndAsUpdatedUnderOneEvent() {
    open();
    var id = shop.createOrder();

    shop.cancelOrder(id, "customer");

    soon(() -> assertThat(ear.heard()).hasSize(3));
    var cancelled = ear.heard("orders/cancelled").get(0);
    var updated = ear.heard("orders/updated").get(0);
    assertThat(Ear.json(cancelled).get("cancel_reason").asText()).isEqualTo("customer");
    assertThat(Ear.json(cancelled).get("cancelled_at").isNull()).isFalse();
    assertThat(Ear.json(cancelled).at("/line_items/0/current_quantity").asInt()).isZero();
    assertThat(updated.header("X-Shopify-Event-Id"))
        .isEqualTo(cancelled.header("X-Shopify-Event-Id"));
    assertThat(updated.header("X-Shopify-Webhook-Id"))
        .isNotEqualTo(cancelled.header("X-Shopify-Webhook-Id"));
  }

  @Test
  void aRefundTakesUnitsOffTheOrder() {
    open();
    var id = shop.createOrder();
    var line = shop.order(id).at("/line_items/0");

    shop.refundLine(id, line.get("id").asText(), 1, "cancel");

    soon(() -> assertThat(ear.heard("refunds/create")).hasSize(1));
    var refund = Ear.json(ear.heard("refunds/create").get(0));
    assertThat(refund.get("order_id").asText()).isEqualTo(id);
    assertThat(refund.at("/refund_line_items/0/line_item_id")).isEqualTo(line.get("id"));
    assertThat(refund.at("/refund_line_items/0/restock_type").asText()).isEqualTo("cancel");
    assertThat(refund.at("/refund_line_items/0/subtotal").isNumber()).isTrue();
    assertThat(shop.order(id).at("/line_items/0/current_quantity").asInt())
        .isEqualTo(line.get("quantity").asInt() - 1);
  }

  @Test
  void theMoodDuplicatingDeliversTwice() {
    open();
    shop.moods().set(Mood.of(Mood.Kind.DUPLICATING));

    shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(2));
    assertThat(ear.heard().stream().map(r -> r.header("X-Shopify-Event-Id")).distinct()).hasSize(1);
  }

  @Test
  void everySecondRepeatHasAWebhookIdOfItsOwn() {
    open();
    shop.moods().set(Mood.of(Mood.Kind.DUPLICATING));

    shop.createOrder();
    soon(() -> assertThat(ear.heard()).hasSize(2));
    shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(4));
    assertThat(ear.heard().stream().map(r -> r.header("X-Shopify-Webhook-Id")).distinct())
        .hasSize(3);
    assertThat(ear.heard().stream().map(r -> r.header("X-Shopify-Event-Id")).distinct()).hasSize(2);
  }

  @Test
  void aSubscriptionGivenUpIsEndedUntilItIsMadeAgain() {
    ear.answering(500);
    shop =
        ShopifySimulator.start(
            options().retrySpan(Duration.ofMillis(100)).dropsSubscriptions(true));
    shop.createOrder();
    soon(() -> assertThat(shop.ledger().effects().of("subscription.removed").count()).isOne());
    var before = ear.heard().size();
    ear.answering(200);

    shop.createOrder();
    shop.subscribe("orders/create");
    var third = shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(before + 1));
    assertThat(Ear.json(ear.heard().get(before)).get("id").asText()).isEqualTo(third);
  }

  @Test
  void theMoodDroppingDeliversNothingEver() {
    open();
    shop.moods().set(Mood.of(Mood.Kind.DROPPING).times(1));

    shop.createOrder();
    var second = shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(1));
    assertThat(Ear.json(ear.heard().get(0)).get("id").asText()).isEqualTo(second);
    soon(() -> assertThat(shop.summary(false).at("/webhooks/dropped").asInt()).isOne());
    assertThat(shop.summary(false).at("/webhooks/givenUp").asInt()).isZero();
  }

  @Test
  void theMoodOutOfOrderDeliversALaterWebhookFirst() {
    var clock = new ManualClock();
    shop = ShopifySimulator.start(options().clock(clock));
    shop.moods().set(Mood.of(Mood.Kind.OUT_OF_ORDER).times(1).lasting(Duration.ofSeconds(2)));

    var first = shop.createOrder();
    var second = shop.createOrder();

    soon(() -> assertThat(ear.heard()).hasSize(1));
    clock.advance(Duration.ofSeconds(2));
    shop.runDue();
    soon(() -> assertThat(ear.heard()).hasSize(2));
    assertThat(ear.heard())
        .extracting(r -> Ear.json(r).get("id").asText())
        .containsExactly(second, first);
  }

  private ShopifyOptions options() {
    return ShopifyOptions.in(folder).webhooksTo(ear.url()).webhookSecret("s3cret");
  }

  private void open() {
    shop = ShopifySimulator.start(options().retrySpan(Duration.ofMillis(800)));
  }
}
