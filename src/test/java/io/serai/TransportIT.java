package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serai.database.Refusal;
import io.serai.database.TestDatabase;
import io.serai.deploy.AlertRules;
import io.serai.deploy.Promql;
import io.serai.inbox.Arrival;
import io.serai.inbox.IntakeRefused;
import io.serai.intake.Transport;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import io.serai.support.Sha256;
import io.serai.topic.KafkaBroker;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Status;
import org.springframework.mock.env.MockEnvironment;

/** A whole hub that accepts into a topic of a real broker, which is dead in the end. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TransportIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String TOPIC = "serai.intake.v1";
  private static final String GROUP = "serai-intake";
  private static final Instant THEN = Instant.parse("2026-03-02T10:00:00Z");

  /** Of a body, beside what its headers may take. */
  private static final int LARGEST = 20_000;

  private KafkaBroker broker;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data, @TempDir Path brokers) throws IOException {
    broker = KafkaBroker.in(brokers).ready();
    broker.create(TOPIC, 1, Map.of("max.message.bytes", Integer.toString(LARGEST + 64 * 1024)));
    hub =
        AWholeHub.over(DATABASE)
            .with("serai.transport", "kafka")
            .with("serai.kafka.bootstrap-servers", broker.address())
            .with("serai.kafka.security-protocol", "PLAINTEXT")
            .with("serai.kafka.allow-single-broker", true)
            .with("serai.kafka.timeout", "6s")
            .channel(
                "kiosk",
                "signed-webhook",
                "webhook-secret",
                "kiosk-token",
                "signature-scheme",
                "bearer",
                "signature-header",
                "Authorization")
            .channel("b2b", "api")
            .node("nj-1", "type", "warehouse", "country", "US", "postal-code", "07001")
            .start(data);
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    broker.close();
  }

  private static String order(String account, String number) {
    return Json.text(
        anOrder().of(account).numbered(number).updatedAt(THEN).with("MUG-BLU", 1).build());
  }

  private HttpResponse<String> told(String body, String token) {
    return hub.send(
        hub.to("/webhooks/kiosk")
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Sends as senders do: until it is taken. */
  private HttpResponse<String> taken(String body) {
    return await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> told(body, "kiosk-token"), answer -> answer.statusCode() == 200);
  }

  private List<String> messages(String number) {
    return hub.texts("SELECT state FROM inbox_message WHERE message_key = ? ORDER BY id", number);
  }

  private void untilApplied(String number) {
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> messages(number).equals(List.of("APPLIED")) && hub.orderState(number) != null);
  }

  private void untilCommitted() {
    var end = (long) broker.read(TOPIC).size();
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> Long.valueOf(end).equals(broker.committed(GROUP, TOPIC).get(0)));
  }

  @Test
  @Order(1)
  void whatIsAcceptedWhileTheDatabaseTakesNothingIsAppliedOnceAfterwards() throws Exception {
    HttpResponse<String> first;
    try (var connection = DATABASE.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("LOCK TABLE inbox_message IN ACCESS EXCLUSIVE MODE");
      }
      first = taken(order("kiosk", "T-1"));
      taken(order("kiosk", "T-1"));
      assertThat(told(order("kiosk", "T-2"), "another").statusCode()).isEqualTo(401);
      connection.rollback();
    }

    assertThat(first.body())
        .startsWith("{\"id\":\"" + TOPIC + "-0@")
        .endsWith("\"duplicate\":null}");
    untilApplied("T-1");
    untilCommitted();
    var records = broker.read(TOPIC);
    assertThat(records).hasSizeGreaterThanOrEqualTo(2);
    assertThat(new String(records.getFirst().key())).isEqualTo("kiosk/T-1");
    assertThat(new String(records.getFirst().value())).isEqualTo(order("kiosk", "T-1"));
    assertThat(messages("T-1")).hasSize(1);
    assertThat(messages("T-2")).as("nobody vouched for it").isEmpty();
    assertThat(
            hub.texts(
                "SELECT floor(extract(epoch FROM received_at) * 1000)::bigint FROM inbox_message WHERE message_key = 'T-1'"))
        .as("it came when it was accepted")
        .containsExactly(
            ""
                + Instant.parse(
                        new String(
                            records.getFirst().headers().lastHeader("serai-received-at").value()))
                    .toEpochMilli());
  }

  @Test
  @Order(2)
  void ordersOfProgramsGoTheSameWayAndWhatIsTooLargeForTheTopicGoesToTheDatabase() {
    var small =
        await()
            .atMost(AWholeHub.PATIENCE)
            .until(
                () -> hub.api("POST", "/orders", order("b2b", "T-3")),
                answer -> answer.statusCode() == 202);
    assertThat(Json.tree(small.body()).path("messageId").asText()).startsWith(TOPIC + "-0@");
    assertThat(Json.tree(small.body()).has("duplicate")).isFalse();
    untilApplied("T-3");

    var large = taken(order("kiosk", "T-4") + " ".repeat(LARGEST));
    assertThat(Json.tree(large.body()).path("id").asText()).startsWith("msg_");
    assertThat(Json.tree(large.body()).path("duplicate").isBoolean()).isTrue();
    untilApplied("T-4");
  }

  @Test
  @Order(3)
  void aRecordThatCannotBeReadOrStoredIsParkedAndTheOthersGoOn() {
    var noise = new byte[64];
    new Random(7).nextBytes(noise);
    broker.write(TOPIC, "x", noise);
    var body = order("kiosk", "T-5");
    broker.write(TOPIC, "x", body.getBytes(), headers(body, "serai-form", "2"));
    broker.write(TOPIC, "x", (body + " ").getBytes(), headers(body));
    broker.write(TOPIC, "x", body.getBytes(), headers(body, "serai-received-at", "noon"));
    broker.write(TOPIC, "x", body.getBytes(), headers(body, "serai-dedupe", ""));
    broker.write(TOPIC, "x", body.getBytes(), headers(body, "serai-event", "a\0b"));
    broker.write(TOPIC, "x", body.getBytes(), headers(body));
    taken(order("kiosk", "T-6"));

    untilApplied("T-5");
    untilApplied("T-6");
    assertThat(hub.parked())
        .filteredOn(line -> line.contains(" UNREADABLE "))
        .extracting(line -> line.replaceAll("@\\d+", "@n"))
        .containsExactlyInAnyOrder(
            parked("was not written by a hub"),
            parked("has form '2', which this version does not read"),
            parked("has other bytes than were written"),
            parked("says in header 'serai-received-at' no time"),
            parked("has no header 'serai-dedupe'"),
            parked("is one that the database does not store"));
    assertThat(
            hub.texts(
                "SELECT DISTINCT account FROM inbox_message WHERE document = 'unlisted' ORDER BY 1"))
        .containsExactly("kiosk", "unknown");
  }

  private static String parked(String what) {
    return "%1$s-0@n UNREADABLE Record '%1$s-0@n' %2$s. Find out who wrote it and have it sent again, then discard this."
        .formatted(TOPIC, what);
  }

  /** As a hub writes them, but for one. */
  private static String[] headers(String body, String... other) {
    var all =
        new java.util.TreeMap<String, String>(
            Map.of(
                "serai-form", "1",
                "serai-account", "kiosk",
                "serai-document", "order",
                "serai-key", "T-5",
                "serai-dedupe", "T-5@" + THEN,
                "serai-version", THEN.toString(),
                "content-type", "application/json",
                "serai-received-at", THEN.toString(),
                "serai-sha256", Sha256.hex(body.getBytes())));
    if (other.length > 0) {
      all.put(other[0], other[1]);
    }
    return all.entrySet().stream()
        .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
        .toArray(String[]::new);
  }

  private List<String> kept() {
    return hub.texts("SELECT account || dedupe_key || state FROM inbox_message ORDER BY id");
  }

  @Test
  @Order(4)
  void whatWasStoredAndNotCommittedIsReadAgainAndIsKnown() {
    taken(order("kiosk", "T-7"));
    untilApplied("T-7");
    untilCommitted();
    var before = kept();
    var orders = hub.texts("SELECT id FROM sales_order ORDER BY id");
    var transport = hub.part(TransportLifecycle.class).transport().orElseThrow();

    transport.stopReading();
    await().atMost(AWholeHub.PATIENCE).until(() -> broker.left(GROUP));
    broker.rewind(GROUP, TOPIC, 1); // as if it had died before it committed anything
    transport.read();
    untilCommitted();

    assertThat(kept()).isEqualTo(before);
    assertThat(hub.texts("SELECT id FROM sales_order ORDER BY id")).isEqualTo(orders);
  }

  @Test
  @Order(5)
  void healthShowsTheTopicAndStaysUpWhileTheDatabaseIsAway() {
    var shown = hub.health().at("/components/intake");
    assertThat(shown.path("status").asText()).isEqualTo("UP");
    assertThat(shown.at("/details/transport").asText()).isEqualTo("kafka");
    assertThat(shown.at("/details/allowSingleBroker").asBoolean()).isTrue();
    assertThat(shown.at("/details/replicas").asInt()).isEqualTo(1);

    var away = Optional.of(new Refusal(Refusal.Reason.AWAY, "It does not answer."));
    var health = TransportWiring.health(away, hub.part(TransportLifecycle.class).transport());
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsEntry("database", "It does not answer.");
    assertThat(TransportWiring.health(away, Optional.empty()).getStatus()).isEqualTo(Status.DOWN);
  }

  @Test
  @Order(6)
  void aTopicOnOneBrokerIsRefusedUnlessTheSettingAllowsIt() {
    var settings =
        TransportTerms.read(
                new MockEnvironment()
                    .withProperty("serai.transport", "kafka")
                    .withProperty("serai.kafka.bootstrap-servers", broker.address())
                    .withProperty("serai.kafka.security-protocol", "plaintext"))
            .orElseThrow();
    var transport = new Transport(settings, null, new ManualClock());
    transport.start();
    try {
      var sentence =
          "Topic 'serai.intake.v1' has 1 replicas of which 1 must have a record, so one broker that dies could take accepted documents with it, and none is accepted. Give it 3 and 'min.insync.replicas' 2, or set 'serai.kafka.allow-single-broker'; intake goes on by itself.";
      assertThat(transport.refusal()).contains(sentence);
      assertThat(TransportWiring.health(Optional.empty(), Optional.of(transport)).getStatus())
          .isEqualTo(Status.DOWN);
      assertThatThrownBy(
              () ->
                  transport
                      .intake()
                      .accept(
                          new Arrival("kiosk", "order", "1", "1", null, null, null, new byte[0]),
                          (accepted, error) -> {}))
          .isInstanceOf(IntakeRefused.class)
          .hasMessage(sentence);
    } finally {
      transport.close();
    }
  }

  @Test
  @Order(7)
  void documentsThatADatabaseDoesNotTakeAreToldOfAndCatchUpByThemselves() throws Exception {
    untilCommitted();
    var series = new Promql.Series();
    var begun = 300L;
    for (var at = 0L; at < begun; at += AlertRules.STEP) {
      AlertRules.scraped(series, scrape(), at);
    }
    var before = kept();
    full(true);
    var body = order("kiosk", "T-5");
    for (var i = 0; i <= 1_000; i++) {
      broker.write(TOPIC, "kiosk/T-5", body.getBytes(), headers(body)); // known, once they are read
    }
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> hub.part(TransportLifecycle.class).transport().orElseThrow().behind() > 1_000);
    var until = begun + 600;
    var shown = scrape();
    for (var at = begun; at <= until; at += AlertRules.STEP) {
      AlertRules.scraped(series, shown, at);
    }
    full(false);

    assertThat(new AlertRules().fired(series, until).get("SeraiTransportBehind"))
        .startsWith(begun + 300);
    untilCommitted();
    assertThat(kept()).isEqualTo(before);
  }

  private List<String> scrape() {
    return hub.metrics().lines().toList();
  }

  private static void full(boolean full) throws Exception {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          full
              ? """
              CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100'', MESSAGE = ''no space''; END';
              CREATE TRIGGER full_disk BEFORE INSERT ON inbox_message FOR EACH ROW EXECUTE FUNCTION full_disk()"""
              : "DROP TRIGGER full_disk ON inbox_message; DROP FUNCTION full_disk()");
    }
  }

  @Test
  @Order(8)
  void withoutItsBrokerNothingIsAcceptedAndSendersAreToldToComeAgain() throws Exception {
    untilCommitted();
    broker.kill();

    var unknown = told(order("kiosk", "T-8"), "kiosk-token");
    assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(503);
    assertThat(unknown.headers().firstValue("Retry-After")).contains("5");
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> "DOWN".equals(hub.health().at("/components/intake/status").asText()));
    var refused = told(order("kiosk", "T-8"), "kiosk-token");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Json.tree(refused.body()).path("detail").asText())
        .startsWith("Nothing is accepted: No broker of 'serai.kafka' answers at ");
    assertThat(messages("T-8")).isEmpty();
  }
}
