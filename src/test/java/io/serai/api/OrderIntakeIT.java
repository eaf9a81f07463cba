package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class OrderIntakeIT {
  private final ApiHub hub = ApiHub.running();
  private final String number = UUID.randomUUID().toString();

  /** The documented example under a number of its own. */
  private String order() {
    JsonNode example =
        hub.get("/openapi.json")
            .json()
            .at("/paths/~1api~1v1~1orders/post/requestBody/content/application~1json/example");
    return example.toString().replace("4711", number);
  }

  private ApiHub.Answer send(String key, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/api/v1/orders"))
            .header("Authorization", ApiHub.bearer(ApiHub.OPERATOR))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return hub.send(request.build());
  }

  @Test
  void anOrderIsCommittedBeforeTheAnswer() {
    var body = order();

    var answer = send(null, body);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.response().headers().firstValue("Location"))
        .contains("/api/v1/orders/erp:" + number);
    assertThat(answer.json().path("duplicate").asBoolean()).isFalse();
    var message = hub.get("/messages/" + answer.json().path("messageId").asText()).json();
    assertThat(message.at("/payload/text").asText()).isEqualTo(body);
    assertThat(message.path("lane").asText()).isEqualTo("erp/" + number);
    assertThat(message.path("document").asText()).isEqualTo("order");
  }

  @Test
  void oneKeyStandsForOneBody() {
    var key = "key-" + number;

    var first = send(key, order());
    var again = send(key, order());
    var other = send(key, order().replace("Blue mug", "Red mug"));

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
    assertThat(again.json().path("messageId")).isEqualTo(first.json().path("messageId"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.detail())
        .isEqualTo(
            "Idempotency-Key '%s' was used for another body; send this one under a key of its own."
                .formatted(key));
  }

  @Test
  void theSameBodyWithoutAKeyIsTheSameOrder() {
    var first = send(null, order());

    var again = send(null, order());

    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
    assertThat(again.json().path("messageId")).isEqualTo(first.json().path("messageId"));
  }

  @Test
  void whatIsNoCanonicalOrderIsRefusedNamingTheField() {
    var negative = send(null, order().replace("\"ordered\":2", "\"ordered\":-2"));
    var nameless = send(null, "{\"channel\":{\"account\":\"erp\"}}");
    var nothing = send(null, "{}");

    assertThat(negative.status()).isEqualTo(422);
    assertThat(negative.detail()).contains("ordered").endsWith("Correct it and send it again.");
    assertThat(nameless.detail()).isEqualTo("The order has no 'channel.orderId'; give it as text.");
    assertThat(nothing.status()).isEqualTo(422);
    assertThat(send(null, "{").status()).isEqualTo(400);
  }

  @Test
  void anAccountThatTakesNoOrdersHereIsNamed() {
    var answer = send(null, order().replace("\"erp\"", "\"shopify-main\""));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail())
        .startsWith("Channel account 'shopify-main' takes no orders here;")
        .contains("connector 'api'");
  }

  @Test
  void aKeyThatIsNoPlainTextIsRefused() {
    assertThat(send("k".repeat(256), order()).status()).isEqualTo(400);
    assertThat(send("two words", order()).detail())
        .isEqualTo(
            "Idempotency-Key 'two words' is longer than 255 characters or not plain text; shorten it.");
  }
}
