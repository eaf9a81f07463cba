package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Routes that people stopped, at a whole hub: what comes meanwhile is not lost, only late. */
class StoppedRoutesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  private static final String WHY = "{\"reason\":\"Prices are wrong.\"}";

  private AWholeHub hub;

  @BeforeEach
  void start(@TempDir Path data) {
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "kiosk",
                "signed-webhook",
                "webhook-secret",
                "kiosk-token",
                "signature-scheme",
                "bearer",
                "signature-header",
                "Authorization")
            .channel(
                "shop",
                "shopify",
                "shop",
                "acme",
                "access-token",
                "shpat-1",
                "webhook-secret",
                "shop-secret",
                "base-url",
                "http://127.0.0.1:9")
            .node("store-1", "type", "store", "country", "US", "postal-code", "07001")
            .start(data);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private String route(String kind) {
    return StreamSupport.stream(hub.read("/routes/running").path("items").spliterator(), false)
        .filter(
            route ->
                route.path("kind").asText().equals(kind)
                    && route.path("id").asText().endsWith("@kiosk"))
        .map(route -> route.path("id").asText())
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> sends(String id) {
    var body =
        """
        {"schemaVersion":"1.0","channel":{"type":"x","account":"kiosk","orderId":"%s"},"orderType":"STANDARD","fulfilledBy":"MERCHANT",\
        "placedAt":"2026-03-02T10:00:00Z","updatedAt":"2026-03-02T10:00:00Z","test":false,"currency":"USD","pricesIncludeTax":true,\
        "shipTo":{"name":"Ada Example","address":{"lines":["1 Main St"],"city":"Newark","postalCode":"07001","countryCode":"US"},\
        "piiState":"present"},\
        "lines":[{"lineId":"1","kind":"PHYSICAL","sku":"MUG","title":"Mug","unit":"EA","ordered":1,"cancelled":0,"shipped":0,\
        "returned":0,"refunded":0,"requiresShipping":true,"unitPrice":{"amount":"9.90","currency":"USD"},\
        "lineTotal":{"amount":"9.90","currency":"USD"}}],\
        "totals":{"grandTotal":{"amount":"9.90","currency":"USD"},"channelGrandTotal":{"amount":"9.90","currency":"USD"}},\
        "payment":{"state":"PAID"}}"""
            .formatted(id);
    return hub.send(
        hub.to("/webhooks/kiosk")
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer kiosk-token")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void aRouteThatBeginsWithAKameletIsStoppedWhereThingsComeIn() {
    assertThat(hub.read("/routes/running").path("items"))
        .allSatisfy(
            route ->
                assertThat(route.path("kind").asText())
                    .as(route.path("id").asText())
                    .isEqualTo(expected(route.path("id").asText())));
    changed("/channels/shop/pause");
    assertThat(told()).isEqualTo(503);
    hub.restart("serai.any", "other");
    assertThat(told()).isEqualTo(503);
    changed("/channels/shop/resume");
    assertThat(told()).as("a stranger").isEqualTo(401);
  }

  private static String expected(String route) {
    if (route.contains("-in@") || route.contains("-poll@") || route.contains("-reconcile@")) {
      return "IN";
    }
    return route.contains("-normalize@")
        ? "APPLY"
        : route.contains("-fetch@")
            ? "IN"
            : route.contains("-out@") || route.contains("-lookup@") ? "OUT" : "INNER";
  }

  private int told() {
    return hub.send(
            hub.to("/webhooks/shop")
                .header("Content-Type", "application/json")
                .header("X-Shopify-Hmac-Sha256", "bm9uZQ==")
                .header("X-Shopify-Topic", "orders/create")
                .POST(BodyPublishers.ofString("{}"))
                .build())
        .statusCode();
  }

  private void changed(String path) {
    var answer = hub.api("POST", path, WHY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private int messages() {
    return Integer.parseInt(
        hub.text("SELECT count(*)::text FROM inbox_message WHERE account = 'kiosk'"));
  }

  @Test
  void aPausedChannelTellsToComeAgainAlsoAfterARestartAndTakesItWhenResumed() {
    changed("/channels/kiosk/pause");

    var refused = sends("1");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("60");
    assertThat(Json.tree(refused.body()).path("detail").asText())
        .isEqualTo(
            "Nothing is taken of account 'kiosk' for a while; nothing was stored. Send it again later.");

    hub.restart("serai.any", "other");
    assertThat(sends("1").statusCode()).isEqualTo(503);
    assertThat(messages()).isZero();

    changed("/channels/kiosk/resume");
    assertThat(sends("1").statusCode()).isEqualTo(200);
    Await.until("it is there", AWholeHub.PATIENCE, () -> hub.orderState("1") != null);
  }

  @Test
  void whatAStoppedRouteWouldApplyWaitsUncountedAndIsAppliedWhenItIsStarted() {
    var route = route("APPLY");
    changed("/routes/" + route + "/stop");

    assertThat(sends("7").statusCode()).isEqualTo(200);
    Await.until(
        "it was looked at and put back",
        AWholeHub.PATIENCE,
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT count(*)::text FROM inbox_message WHERE account = 'kiosk' AND due_at > received_at")));
    assertThat(hub.orderState("7")).isNull();
    assertThat(
            hub.text(
                "SELECT state || ' ' || attempt_count FROM inbox_message WHERE account = 'kiosk'"))
        .isIn("RECEIVED 0", "RUNNING 0");

    changed("/routes/" + route + "/start");
    Await.until("it is applied", AWholeHub.PATIENCE, () -> hub.orderState("7") != null);
  }
}
