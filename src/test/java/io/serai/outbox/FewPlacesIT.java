package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is claimed although few places at an endpoint are free and more is due. */
class FewPlacesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int PLACES = 40;

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  // what is being sent, and ends when the test says so
  private final Map<String, Consumer<Outcome>> sent = new ConcurrentHashMap<>();
  private Outbox outbox;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    outbox =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(20), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    var usual = Destination.of(PARTNER);
    outbox.describe(new Destination(PARTNER, PLACES, usual.call(), usual.rate(), usual.backoff()));
    for (var document : List.of("shipment", "stock")) {
      outbox.register(
          PARTNER, document, (delivery, done) -> sent.put(delivery.idempotencyKey(), done));
    }
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private void owe(int from, int to) {
    IntStream.range(from, to).forEach(i -> debts.owe("lane-" + i, "shipment-" + i));
  }

  private void ends(String key) {
    sent.get(key).accept(new Outcome.Confirmed("R-" + key));
    Await.until(key + " is confirmed", LONG, () -> debts.state(key).equals("CONFIRMED"));
  }

  private void sent(int deliveries) {
    Await.until(deliveries + " are sent", LONG, () -> sent.size() == deliveries);
  }

  @Test
  void whatHurries() {
    owe(0, 2 * PLACES);
    outbox.start();
    sent(PLACES);
    ends("shipment-0");
    debts.owe("stock", "stock-1");
    debts.run(
        "UPDATE delivery SET document = 'stock', operation = 'stock' WHERE business_key = 'stock-1'");

    outbox.hurry(PARTNER, "stock");

    Await.until("what hurries is sent", LONG, () -> sent.containsKey("stock-1"));
  }

  @Test
  void whatHasPlacesOfItsOwn() {
    outbox.start();
    outbox.handOn(IntStream.range(0, PLACES).mapToObj(this::handedOn).toList());
    sent(PLACES);
    owe(0, 8);
    var claims = PLACES / 10;
    Await.until(
        "the places for claims are used",
        LONG,
        () -> debts.count("SELECT count(*) FROM delivery WHERE state = 'SENDING'") == claims);

    for (var i = 0; i < claims; i++) {
      sent.get("new-" + i).accept(new Outcome.Confirmed("R-" + i));
    }
    Await.until("what was claimed is sent", LONG, () -> sent.containsKey("shipment-0"));

    // others are handed on: places are free in the reserve only
    outbox.handOn(IntStream.range(PLACES, PLACES + 10).mapToObj(this::handedOn).toList());
    ends("shipment-0");

    Await.until("the next is claimed", LONG, () -> debts.state("shipment-4").equals("SENDING"));
  }

  private Delivery handedOn(int i) {
    var now = clock.instant();
    return new Delivery(
        10_000 + i,
        PARTNER,
        "shipment",
        "shipment",
        Delivery.lane(PARTNER, "new-" + i),
        null,
        "new-" + i,
        1,
        "new-" + i,
        RepeatMode.IDEMPOTENT,
        JsonNodeFactory.instance.objectNode(),
        false,
        0,
        now.plus(Duration.ofHours(48)),
        now,
        1,
        now.plus(Duration.ofSeconds(60)));
  }
}
