package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Systems behind the hub hear what happens, and people what stopped, over the real routes. */
@TestInstance(Lifecycle.PER_CLASS)
class EventWebhookIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final byte[] NEW_SECRET = "the-new-signing-secret-1234".getBytes();
  private static final byte[] OLD_SECRET = "the-old-signing-secret-5678".getBytes();

  /** What one call brought. */
  private record Heard(String id, String time, String signature, String body, int answer) {
    JsonNode event() {
      return Json.tree(body);
    }
  }

  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final List<Heard> alerts = new CopyOnWriteArrayList<>();
  private HttpServer erp;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    erp = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    erp.createContext(
        "/events",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var headers = exchange.getRequestHeaders();
          var answer =
              refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                  ? 400
                  : busy.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? 503 : 204;
          heard.add(
              new Heard(
                  headers.getFirst("webhook-id"),
                  headers.getFirst("webhook-timestamp"),
                  headers.getFirst("webhook-signature"),
                  body,
                  answer));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    erp.createContext(
        "/alerts",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var headers = exchange.getRequestHeaders();
          alerts.add(
              new Heard(
                  headers.getFirst("webhook-id"),
                  headers.getFirst("webhook-timestamp"),
                  headers.getFirst("webhook-signature"),
                  body,
                  200));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    erp.start();
    hub =
        AWholeHub.over(DATABASE)
            .channel("b2b", "api")
            .partner(
                "erp",
                "event-webhook",
                "url",
                "http://127.0.0.1:" + erp.getAddress().getPort() + "/events",
                "signing-secret[0]",
                new String(NEW_SECRET),
                "signing-secret[1]",
                new String(OLD_SECRET),
                "events[0]",
                "order.*")
            .partner(
                "pager",
                "alert-webhook",
                "url",
                "http://127.0.0.1:" + erp.getAddress().getPort() + "/alerts",
                "signing-secret[0]",
                new String(NEW_SECRET),
                "console-url",
                "https://serai.example",
                "after",
                "1s")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
    erp.stop(0);
  }

  private static String signature(byte[] secret, Heard call) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return "v1,"
        + Base64.getEncoder()
            .encodeToString(
                mac.doFinal((call.id() + '.' + call.time() + '.' + call.body()).getBytes()));
  }

  private void order(String number) {
    var order = anOrder().of("b2b").numbered(number).with("MUG-BLU", 1).build();
    var answer = hub.api("POST", "/orders", Json.text(order));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private List<Heard> of(String number) {
    var calls = new ArrayList<>(heard);
    calls.removeIf(call -> !number.equals(call.event().at("/order/channel/orderId").asText()));
    return calls;
  }

  private void untilAllIsTold(String number) {
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                hub
                    .texts(
                        """
                        SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
                        WHERE o.channel_order_id = ? AND d.operation = 'event'""",
                        number)
                    .stream()
                    .allMatch("CONFIRMED"::equals));
  }

  @Test
  void whatHappensIsToldSignedByEverySecretAndInOrder() throws GeneralSecurityException {
    order("B-1001");

    await().atMost(AWholeHub.PATIENCE).until(() -> of("B-1001").size() >= 2);
    var calls = of("B-1001");
    assertThat(calls.getFirst().event().path("type").asText()).isEqualTo("order.received");
    for (var call : calls) {
      assertThat(call.signature().split(" "))
          .containsExactly(signature(NEW_SECRET, call), signature(OLD_SECRET, call));
      assertThat(call.event().path("version").asInt()).isEqualTo(1);
    }
    assertThat(calls.stream().map(call -> call.event().path("sequence").asLong())).isSorted();
    assertThat(calls.stream().map(Heard::id)).doesNotHaveDuplicates();
    untilAllIsTold("B-1001");
    assertThat(
            hub.texts(
                """
                SELECT kind FROM order_event e JOIN sales_order o ON o.id = e.order_id
                WHERE o.channel_order_id = ?""",
                "B-1001"))
        .as("its own life, not who heard of it")
        .contains("order.received")
        .noneMatch(kind -> kind.startsWith("event."));
  }

  @Test
  void oneThatIsNotTakenIsToldAgainUnderTheSameIdBeforeTheNext() {
    busy.set(1);
    order("B-1002");

    await().atMost(AWholeHub.PATIENCE).until(() -> of("B-1002").size() >= 3);
    var calls = of("B-1002");
    assertThat(calls.get(0).answer()).isEqualTo(503);
    assertThat(calls.get(1).id()).isEqualTo(calls.get(0).id());
    assertThat(calls.get(1).body()).isEqualTo(calls.get(0).body());
    assertThat(calls.get(2).id()).isNotEqualTo(calls.get(0).id());
  }

  @Test
  void aPagerIsToldOfWhatStoppedAndThatItIsOver() throws GeneralSecurityException {
    refusals.set(1);
    order("B-1003");

    await().atMost(AWholeHub.PATIENCE).until(() -> !told("erp").isEmpty());
    var raised = told("erp").getFirst();
    assertThat(raised.event().path("type").asText()).isEqualTo("alert.raised");
    assertThat(raised.event().path("kind").asText()).isEqualTo("REFUSED");
    assertThat(raised.event().path("text").asText())
        .startsWith("1 stopped at 'erp': REFUSED\n")
        .endsWith(raised.event().path("link").asText());
    assertThat(raised.event().path("link").asText())
        .startsWith("https://serai.example/console/dead-letters/group?fingerprint=");
    assertThat(raised.signature()).isEqualTo(signature(NEW_SECRET, raised));

    var stopped =
        hub.texts(
            "SELECT 'dlv_' || id FROM delivery WHERE destination = 'erp' AND failure_id IS NOT NULL");
    assertThat(stopped).hasSize(1);
    var replay =
        hub.api(
            "POST",
            "/replays",
            "{\"selection\":{\"ids\":[\"%s\"]},\"reason\":\"it is right now\"}"
                .formatted(stopped.getFirst()));
    assertThat(replay.statusCode()).as(replay.body()).isEqualTo(202);

    await().atMost(AWholeHub.PATIENCE).until(() -> told("erp").size() == 2);
    var cleared = told("erp").getLast().event();
    assertThat(cleared.path("type").asText()).isEqualTo("alert.cleared");
    assertThat(cleared.path("id")).isEqualTo(raised.event().path("id"));
    untilAllIsTold("B-1003"); // else what is left of it meets the refusals of the next test
  }

  /** Other tests' orders are told of, too. */
  private List<Heard> told(String account) {
    var calls = new ArrayList<>(alerts);
    calls.removeIf(call -> !account.equals(call.event().path("account").asText()));
    return calls;
  }
}
