package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What hurries goes before what is due longer, at an endpoint that takes one at a time. */
class HurriedIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private Outbox outbox;

  @BeforeEach
  void owed() {
    DATABASE.truncate();
    outbox =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(20), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    var usual = Destination.of(PARTNER);
    outbox.describe(new Destination(PARTNER, 1, usual.call(), usual.rate(), usual.backoff()));
    for (var document : List.of("shipment", "stock")) {
      outbox.register(
          PARTNER,
          document,
          (delivery, done) -> {
            sent.add(delivery.idempotencyKey());
            done.accept(new Outcome.Confirmed("R-1"));
          });
    }
    debts.owe("1", "shipment-1").owe("2", "shipment-2").owe("3", "shipment-3");
    clock.advance(Duration.ofMinutes(1));
    debts.owe("4", "stock-1").owe("5", "stock-2");
    debts.run(
        "UPDATE delivery SET document = 'stock', operation = 'stock' WHERE business_key LIKE 'stock%'");
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private void allSent() {
    outbox.start();
    Await.until("all are sent", Duration.ofSeconds(60), () -> sent.size() == 5);
  }

  @Test
  void whatHurriesGoesBeforeWhatIsDueLonger() {
    outbox.hurry(PARTNER, "stock");

    allSent();

    assertThat(sent)
        .containsExactly("stock-1", "stock-2", "shipment-1", "shipment-2", "shipment-3");
  }

  @Test
  void withoutHurryWhatIsDueLongestGoesFirst() {
    allSent();

    assertThat(sent)
        .containsExactly("shipment-1", "shipment-2", "shipment-3", "stock-1", "stock-2");
  }
}
