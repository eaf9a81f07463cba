package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import io.serai.topic.KafkaBroker;
import io.serai.topic.TopicAccess;
import io.serai.topic.TopicReader;
import io.serai.topic.TopicRecord;
import io.serai.topic.TopicWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Orders of topics at a whole hub, and the reading of topics by itself, with a real broker. */
@TestInstance(Lifecycle.PER_CLASS)
class KafkaIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ORDERS = "orders";

  private KafkaBroker broker;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data, @TempDir Path brokers) throws IOException {
    broker = KafkaBroker.in(brokers);
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "erp",
                "kafka-orders",
                "bootstrap-servers[0]",
                broker.address(),
                "security-protocol",
                "PLAINTEXT",
                "topic",
                ORDERS)
            .channel(
                "depot",
                "kafka-orders",
                "bootstrap-servers[0]",
                broker.address(),
                "security-protocol",
                "PLAINTEXT",
                "topic",
                "fleeting")
            .channel(
                "stranger",
                "kafka-orders",
                "bootstrap-servers[0]",
                broker.securedAddress(),
                "security-protocol",
                "SASL_PLAINTEXT",
                "sasl-mechanism",
                "PLAIN",
                "username",
                "hub",
                "password",
                "wrong",
                "topic",
                ORDERS)
            .channel("b2b", "api")
            .partner(
                "lake",
                "event-kafka",
                "bootstrap-servers[0]",
                broker.address(),
                "security-protocol",
                "PLAINTEXT",
                "topic-prefix",
                "lake.",
                "allow-single-broker",
                true,
                "events[0]",
                "order.*",
                "events[1]",
                "stock.*")
            .node("nj-1", "type", "warehouse", "country", "US", "postal-code", "07001")
            .start(data);
    broker.ready().create(ORDERS, 2, Map.of());
    broker.create("lake.orders.v1", 1, Map.of());
    broker.create("lake.stock.v1", 1, Map.of());
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    broker.close();
  }

  private static byte[] order(String number, Instant updatedAt) {
    return Json.bytes(
        Json.node(
            anOrder().of("erp").numbered(number).updatedAt(updatedAt).with("MUG-BLU", 1).build()));
  }

  private List<String> messages(String like) {
    return hub.texts(
        "SELECT state FROM inbox_message WHERE account IN ('erp', 'depot') AND dedupe_key LIKE ? ORDER BY id",
        like);
  }

  private void until(int messages, String like) {
    await().atMost(AWholeHub.PATIENCE).until(() -> messages(like).size() == messages);
  }

  private void committed(int records) {
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                broker.committed("serai", ORDERS).values().stream().mapToLong(n -> n).sum()
                    == records);
  }

  @Test
  void ordersAreTakenOnceHoweverOftenTheyStandThereAndWhatIsNoneIsParked() {
    var then = Instant.parse("2026-03-02T10:00:00Z");
    broker.write(ORDERS, "K-1", order("K-1", then), "ce_id", "e-1", "CamelHttpUri", "http://evil");
    broker.write(ORDERS, "K-1", order("K-1", then), "ce_id", "e-1");
    broker.write(ORDERS, "K-2", order("K-2", then));
    broker.write(ORDERS, "K-2", order("K-2", then));
    broker.write(ORDERS, "K-2", order("K-2", then.plusSeconds(60)));
    var noise = new byte[64];
    new Random(7).nextBytes(noise);
    broker.write(ORDERS, "K-3", noise);
    broker.write(ORDERS, "K-4", null);
    broker.write(ORDERS, "K-7", "{\"state\":\"new\"}".getBytes());
    broker.write(ORDERS, "K-5", order("K-5", then), "ce_id", "e-5");
    committed(9);

    assertThat(messages("e-%")).hasSize(2);
    assertThat(messages("K-2@%")).hasSize(2);
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> messages("orders-%").equals(List.of("PARKED", "PARKED", "PARKED")));
    assertThat(
            hub.texts(
                """
                SELECT f.kind FROM failure f JOIN inbox_message m ON m.failure_id = f.id
                WHERE m.account = 'erp' AND m.message_key LIKE 'sha256:%'"""))
        .containsExactly("UNREADABLE", "UNREADABLE");
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                hub.texts("SELECT channel_order_id FROM sales_order WHERE account = 'erp'").size()
                    == 3);
    assertThat(
            hub.texts(
                "SELECT message_key FROM inbox_message WHERE account = 'erp' AND dedupe_key LIKE 'orders-%'"))
        .as("what cannot be read has a lane of its own, what says nothing of itself its key's")
        .hasSize(3)
        .contains("K-7")
        .doesNotContain("K-3", "K-4");
  }

  @Test
  @Tag("long")
  void aTopicThatIsLostAndFilledAnewBringsOnlyWhatIsNew() {
    var then = Instant.parse("2026-03-02T10:00:00Z");
    broker.create("fleeting", 2, Map.of());
    broker.write("fleeting", "F-1", order("F-1", then), "ce_id", "f-1");
    broker.write("fleeting", "F-2", order("F-2", then));
    until(1, "f-1");
    until(1, "F-2@%");

    broker.delete("fleeting");
    broker.create("fleeting", 2, Map.of());
    broker.write("fleeting", "F-1", order("F-1", then), "ce_id", "f-1");
    broker.write("fleeting", "F-2", order("F-2", then));
    broker.write("fleeting", "F-2", order("F-2", then.plusSeconds(60)));
    broker.write("fleeting", "F-3", order("F-3", then));

    until(1, "F-3@%");
    until(2, "F-2@%");
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                broker.committed("serai", "fleeting").values().stream().mapToLong(n -> n).sum()
                    == 4);
    assertThat(messages("f-1")).hasSize(1);
  }

  @Test
  void anAccountThatIsRefusedSaysSoAndWhatToDo() {
    await()
        .atMost(AWholeHub.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.read("/channels/stranger").at("/health/warnings").toString())
                    .contains(
                        "The brokers of 'stranger' refuse its login (Authentication failed: Invalid username or password). Correct 'username', 'password' or 'sasl-mechanism'; it goes on by itself."));
  }

  private void place(String number) {
    var order = anOrder().of("b2b").numbered(number).with("MUG-BLU", 1).build();
    var answer = hub.api("POST", "/orders", Json.text(order));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private List<JsonNode> told(String number) {
    return broker.read("lake.orders.v1").stream()
        .map(record -> Json.tree(new String(record.value())))
        .filter(event -> number.equals(event.at("/order/channel/orderId").asText()))
        .toList();
  }

  private List<String> owed(String number) {
    return hub.texts(
        """
        SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
        WHERE o.channel_order_id = ? AND d.destination = 'lake' ORDER BY d.id""",
        number);
  }

  /** Until all that is owed of an order by now stands in the topic, however often. */
  private void untilAllIsTold(String number) {
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () -> {
              var states = owed(number);
              var ids = new TreeSet<String>();
              told(number).forEach(event -> ids.add(event.path("id").asText()));
              return states.size() >= 2
                  && states.stream().allMatch("CONFIRMED"::equals)
                  && ids.size() == states.size();
            });
  }

  @Test
  void whatHappensIsToldInOrderUnderTheKeyOfItsOrder() {
    place("B-1");
    hub.stock("nj-1", "MUG-RED", 7);
    untilAllIsTold("B-1");

    var records =
        broker.read("lake.orders.v1").stream()
            .filter(r -> new String(r.value()).contains("\"B-1\""))
            .toList();
    assertThat(records).isNotEmpty();
    for (var record : records) {
      var event = Json.tree(new String(record.value()));
      assertThat(new String(record.key())).isEqualTo(event.at("/order/id").asText());
      assertThat(new String(record.headers().lastHeader("ce_id").value()))
          .isEqualTo(event.path("id").asText());
      assertThat(new String(record.headers().lastHeader("ce_type").value()))
          .isEqualTo(event.path("type").asText());
      assertThat(record.headers().toArray()).hasSize(6);
      assertThat(canonical(event)).isEmpty();
    }
    var events = told("B-1");
    assertThat(events.getFirst().path("type").asText()).isEqualTo("order.received");
    assertThat(events.stream().map(e -> e.path("sequence").asLong())).isSorted();
    await().atMost(AWholeHub.PATIENCE).until(() -> !counted("MUG-RED@nj-1").isEmpty());
    assertThat(counted("MUG-RED@nj-1").getLast().at("/stock/onHand").asInt()).isEqualTo(7);
  }

  private List<JsonNode> counted(String key) {
    return broker.read("lake.stock.v1").stream()
        .filter(record -> key.equals(new String(record.key())))
        .map(record -> Json.tree(new String(record.value())))
        .toList();
  }

  private static Set<ValidationMessage> canonical(JsonNode event) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(KafkaIT.class.getResourceAsStream("/mappings/canonical/event.schema.json"))
        .validate(event);
  }

  @Test
  @Tag("long")
  void aBrokerThatDiesAndComesBackIsToldWhatHappenedMeanwhile() throws Exception {
    broker.kill();
    place("B-2");
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> owed("B-2").stream().anyMatch(state -> !"CONFIRMED".equals(state)));
    broker.restart();
    broker.ready();
    untilAllIsTold("B-2");
  }

  private String refused(TopicAccess access, boolean single, String topic, int bytes) {
    var answer = new CompletableFuture<String>();
    try (var writer = new TopicWriter(access, single)) {
      writer.send(
          new TopicWriter.Written(topic, "k", Map.of(), new byte[bytes]),
          (place, failure) -> answer.complete(failure == null ? place : failure.sentence()));
      return answer.orTimeout(AWholeHub.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  @Test
  void whatATopicCannotTakeIsOneSentence() throws IOException {
    var open = access(broker.address(), null);
    broker.create("thin", 1, Map.of());
    broker.create("strict", 1, Map.of("min.insync.replicas", "2"));

    assertThat(refused(open, true, "thin", 10)).isEqualTo("thin-0@0");
    assertThat(refused(open, false, "thin", 10))
        .isEqualTo(
            "Topic 'thin' of 'shelf' has 1 replicas of which 1 must have a record, so one broker that dies could take events with it. Give it 3 and 'min.insync.replicas' 2, or set 'allow-single-broker'; it goes on by itself.");
    assertThat(refused(open, true, "strict", 10))
        .isEqualTo(
            "Topic 'strict' of 'shelf' takes nothing: 1 of its replicas are in step and 2 must be. Bring its brokers back; it goes on by itself.");
    assertThat(refused(open, true, "nowhere", 10))
        .isEqualTo(
            "Topic 'nowhere' of 'shelf' does not exist. Create it, or correct the account; it goes on by itself.");
    assertThat(refused(open, true, "thin", 2 << 20))
        .isEqualTo(
            "A record for topic 'thin' of 'shelf' is larger than the topic takes. Raise its 'max.message.bytes', then replay.");
    assertThat(refused(access(broker.securedAddress(), "wrong"), true, "thin", 10))
        .startsWith("The brokers of 'shelf' refuse its login (");
    assertThat(refused(access(broker.securedAddress(), KafkaBroker.PASSWORD), true, "thin", 10))
        .isEqualTo("thin-0@1");
  }

  /** Who keeps records by what stands in them, and what a reader says of itself. */
  private static final class Shelf implements TopicReader.Keeper, TopicReader.Watch {
    final List<String> kept = new CopyOnWriteArrayList<>();
    final List<String> said = new CopyOnWriteArrayList<>();
    final AtomicInteger refusals = new AtomicInteger();
    volatile int wells;

    @Override
    public void keep(List<TopicRecord> batch) {
      if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new FailureException(
            Failure.of(FailureKind.TRANSIENT, "The shelf is full.", Place.of("shelf")));
      }
      batch.forEach(record -> kept.add(new String(record.value())));
    }

    @Override
    public void well() {
      wells++;
    }

    @Override
    public void failed(Failure failure) {
      said.add(failure.sentence());
    }

    @Override
    public void behind(long records) {}
  }

  private TopicAccess access(String address, String password) {
    return new TopicAccess(
        "shelf",
        List.of(address),
        password == null ? "PLAINTEXT" : "SASL_PLAINTEXT",
        "PLAIN",
        "hub",
        password,
        null,
        null,
        null,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private static TopicAccess impatient(String address) {
    return new TopicAccess(
        "shelf",
        List.of(address),
        "PLAINTEXT",
        "PLAIN",
        null,
        null,
        null,
        null,
        null,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }

  private TopicReader reader(TopicAccess access, String topic, Shelf shelf) {
    var reader = new TopicReader(access, topic, "shelf-" + topic, 10, shelf, shelf);
    reader.start();
    return reader;
  }

  private void write(String topic, int from, int to) {
    IntStream.range(from, to).forEach(n -> broker.write(topic, "k" + n, ("" + n).getBytes()));
  }

  private static void untilKept(int records, List<String> kept) {
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> new TreeSet<>(new ArrayList<>(kept)).size() == records);
  }

  @Test
  void whatCannotBeKeptIsReadAgainInItsOrderAndNothingIsPassedOver() {
    broker.create("refused", 1, Map.of());
    write("refused", 0, 25);
    var shelf = new Shelf();
    shelf.refusals.set(2);

    try (var reader = reader(access(broker.address(), null), "refused", shelf)) {
      untilKept(25, shelf.kept);
      await()
          .atMost(AWholeHub.PATIENCE)
          .until(
              () -> Long.valueOf(25).equals(broker.committed("shelf-refused", "refused").get(0)));
    }
    assertThat(new LinkedHashSet<>(shelf.kept))
        .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(n -> "" + n).toList());
    assertThat(Collections.frequency(shelf.said, "The shelf is full.")).isEqualTo(2);
    assertThat(broker.committed("shelf-refused", "refused")).containsEntry(0, 25L);
  }

  @Test
  void aTopicThatIsNotThereIsWaitedFor() {
    var shelf = new Shelf();
    try (var reader =
        reader(access(broker.securedAddress(), KafkaBroker.PASSWORD), "later", shelf)) {
      await()
          .atMost(AWholeHub.PATIENCE)
          .until(
              () ->
                  shelf.said.contains(
                      "Topic 'later' of 'shelf' does not exist. Create it, or correct the account; it goes on by itself."));
      broker.create("later", 1, Map.of());
      write("later", 0, 3);
      untilKept(3, shelf.kept);
    }
    assertThat(new LinkedHashSet<>(shelf.kept)).containsExactly("0", "1", "2");
  }

  @Test
  void noBrokerIsOneSentence() throws IOException {
    var shelf = new Shelf();
    try (var nobody = new java.net.ServerSocket(0)) {
      var address = "127.0.0.1:" + nobody.getLocalPort();
      nobody.close();
      try (var reader = reader(impatient(address), "orders", shelf)) {
        await().atMost(AWholeHub.PATIENCE).until(() -> !shelf.said.isEmpty());
      }
      assertThat(shelf.said.getFirst())
          .startsWith("No broker of 'shelf' answers at '" + address + "' (")
          .endsWith(
              "). Start them, or correct 'bootstrap-servers' or 'security-protocol'; it goes on by itself.");
    }
    assertThat(access("127.0.0.1:1", "secret-word").toString()).doesNotContain("secret-word");
  }

  @Test
  @Tag("long")
  void partitionsThatChangeTheirOwnerLoseNothing() {
    broker.create("shared", 4, Map.of());
    var one = new Shelf();
    var two = new Shelf();
    write("shared", 0, 50);
    try (var first = reader(access(broker.address(), null), "shared", one)) {
      await().atMost(AWholeHub.PATIENCE).until(() -> !one.kept.isEmpty());
      try (var second = reader(access(broker.address(), null), "shared", two)) {
        write("shared", 50, 100);
        // until both have some of it
        var more = new AtomicInteger(100);
        await()
            .atMost(AWholeHub.PATIENCE)
            .until(
                () -> {
                  var n = more.getAndAdd(5);
                  write("shared", n, n + 5);
                  return !two.kept.isEmpty();
                });
        var all = more.get();
        await().atMost(AWholeHub.PATIENCE).until(() -> together(one, two).size() == all);
      }
      var before = together(one, two).size();
      write("shared", before, before + 20);
      await().atMost(AWholeHub.PATIENCE).until(() -> together(one, two).size() == before + 20);
    }
  }

  private static TreeSet<String> together(Shelf one, Shelf two) {
    var all = new TreeSet<>(one.kept);
    all.addAll(two.kept);
    return all;
  }

  @Test
  void whatWasKeptAndNotCommittedIsReadAgain() {
    broker.create("again", 1, Map.of());
    write("again", 0, 5);
    var shelf = new Shelf();
    try (var reader = reader(access(broker.address(), null), "again", shelf)) {
      untilKept(5, shelf.kept);
    }
    await().atMost(AWholeHub.PATIENCE).until(() -> broker.left("shelf-again"));
    broker.rewind("shelf-again", "again", 1); // as if it had died in between

    try (var reader = reader(access(broker.address(), null), "again", shelf)) {
      await().atMost(AWholeHub.PATIENCE).until(() -> shelf.kept.size() >= 10);
    }
    assertThat(Collections.frequency(shelf.kept, "0")).isGreaterThanOrEqualTo(2);
  }
}
