package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Order;
import io.serai.support.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Money that a person gives back, over the API and the terminal. */
@ResourceLock(ApiHub.SHARED)
class RefundsApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;

  private String order() throws Exception {
    Order order = anOrder().of(account).with("SKU-" + unique, 2).build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    return "/orders/" + account + ":" + order.channel().orderId();
  }

  private HttpResponse<String> post(String order, String key, String body) throws Exception {
    return post(ApiHub.TOKEN, order, key, body);
  }

  private HttpResponse<String> post(String token, String order, String key, String body)
      throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + hub.port() + "/api/v1" + order + "/refunds"))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", key)
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void oneKeyIsOneRefundAndAnotherBodyIsRefused() throws Exception {
    var order = order();
    var body = "{\"amount\":\"5.00\",\"reason\":\"it came late\"}";

    var first = post(order, "k-1", body);
    var again = post(order, "k-1", body);
    var other = post(order, "k-1", "{\"amount\":\"6.00\",\"reason\":\"it came late\"}");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body())
        .contains(
            "This key was used for another refund of order '#1001'; send this one under a key of its own.");
    var money = hub.get(order).json().path("money");
    assertThat(money.path("captured").asText()).isEqualTo("20.00");
    assertThat(money.path("asked").asText()).isEqualTo("5.00");
    assertThat(money.path("requests")).hasSize(1);
    assertThat(money.at("/requests/0/state").asText()).isEqualTo("DUE");
    assertThat(money.at("/requests/0/actor").asText()).isEqualTo("token:api");
    var id = hub.get(order).json().path("id").asText();
    var audit = hub.get("/audit?action=order.refund&object=" + id).json();
    assertThat(audit.path("items")).as("sent again it is not done again").hasSize(1);
    assertThat(audit.at("/items/0/reason").asText()).isEqualTo("it came late");
    assertThat(hub.get("/holds?kind=REFUND_DUE&channel=" + account).json().path("items"))
        .hasSize(1);
  }

  @Test
  void anOperatorGivesBackUpToTheLimitAndAnAdminTheRest() throws Exception {
    var order = order();
    var most = "{\"amount\":\"10.00\",\"reason\":\"it came late\"}";

    assertThat(post(ApiHub.OPERATOR, order, "k-1", most).statusCode()).isEqualTo(202);
    var above = post(ApiHub.OPERATOR, order, "k-2", most);

    assertThat(above.statusCode()).isEqualTo(409);
    assertThat(above.body())
        .contains(
            "An operator may have 15.00 EUR given back of one order; with this it would be 20.00 EUR of order '#1001'. Ask an admin for it.");
    assertThat(post(order, "k-2", most).statusCode()).isEqualTo(202);
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    var order = order() + "/refunds";

    assertThat(hub.post(order, "{}").detail())
        .isEqualTo("Nothing says why to give money back; give 'reason' as text.");
    assertThat(hub.post(order, "{\"reason\":\"x\"}").detail())
        .isEqualTo("Nothing says what to give back; give 'lines', 'amount' or both.");
    assertThat(hub.post(order, "{\"reason\":\"x\",\"amount\":\"-5\"}").detail())
        .isEqualTo("'amount' is '-5', which is no amount; give decimal text as 5.00.");
    assertThat(hub.post(order, "{\"reason\":\"x\",\"lines\":[{\"lineId\":\"1\"}]}").detail())
        .isEqualTo(
            "A line to refund has no 'lineId', no 'quantity' of at least 1, or comes twice; give each line once with both.");
    assertThat(
            hub.post(
                    order,
                    "{\"reason\":\"x\",\"lines\":[%s]}".formatted("null,".repeat(1000) + "null"))
                .detail())
        .isEqualTo("'lines' has 1001 lines; give at most 1000.");
    assertThat(hub.post(order, "{\"reason\":\"x\",\"amount\":\"1\"}").detail())
        .isEqualTo(
            "Nothing tells a new refund from one that is sent again; send the header 'Idempotency-Key', a new one for each.");
    var above = hub.once(order, "k-1", "{\"reason\":\"x\",\"amount\":\"20.01\"}");
    assertThat(above.status()).isEqualTo(409);
    assertThat(above.detail())
        .isEqualTo(
            "20.01 EUR of order '#1001' cannot be given back: 20.00 EUR were paid and 0.00 EUR are given back or asked for already. Ask for 20.00 EUR at most.");
    assertThat(
            post(
                    order.replace("/refunds", ""),
                    "k".repeat(201),
                    "{\"reason\":\"x\",\"amount\":\"1\"}")
                .body())
        .contains("is longer than 200 characters or not plain text; shorten it.");
  }

  @Test
  void theTerminalGivesMoneyBackAndShowsIt() throws Exception {
    var order = order().substring("/orders/".length());
    var terminal = new OnTerminal(hub);

    assertThat(
            terminal.serai("orders", "refund", order, "--line", "1001-1=1", "--reason", "broken"))
        .as(terminal::err)
        .isZero();
    assertThat(terminal.out()).contains("Give back 10.00 EUR in the channel");
    assertThat(terminal.serai("orders", "show", order)).isZero();

    assertThat(terminal.out())
        .contains("20.00 taken, 0.00 given back, 10.00 to be given back, 20.00 sent or to be sent")
        .containsPattern("rfd_[0-9A-Z]{26} +to give back +10.00 +DUE +broken");
  }
}
