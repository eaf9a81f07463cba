package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of the due deliveries a claim takes. */
class ClaimsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private Instant outageEnd;

  @BeforeEach
  void fourOfThem() {
    DATABASE.truncate();
    debts.tried(0).owe("1", "old").tried(2).owe("2", "old-tried");
    clock.advance(Duration.ofMinutes(10));
    outageEnd = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    debts.tried(0).owe("3", "new").tried(1).owe("4", "new-tried");
    clock.advance(Duration.ofMinutes(1));
  }

  private List<String> claim(Turns.Which which, int limit) throws SQLException {
    try (var connection = DATABASE.connect("outbox")) {
      return OutboxStore.claimDue(
              connection,
              which,
              outageEnd,
              PARTNER,
              List.of("shipment"),
              "node-1",
              clock.instant(),
              Duration.ofSeconds(60),
              limit)
          .stream()
          .map(Delivery::idempotencyKey)
          .toList();
    }
  }

  @Test
  void allOfThemTheLongestDueFirst() throws Exception {
    assertThat(claim(Turns.Which.ANY, 2)).containsExactly("old", "old-tried");
    assertThat(claim(Turns.Which.ANY, 9)).containsExactly("new", "new-tried");
    assertThat(claim(Turns.Which.ANY, 9)).isEmpty();
  }

  @Test
  void firstTries() throws Exception {
    assertThat(claim(Turns.Which.FIRST_TRIES, 9)).containsExactly("old", "new");
  }

  @Test
  void retries() throws Exception {
    assertThat(claim(Turns.Which.RETRIES, 9)).containsExactly("old-tried", "new-tried");
  }

  @Test
  void whatCameAfterTheOutage() throws Exception {
    assertThat(claim(Turns.Which.NEW, 9)).containsExactly("new");
  }

  @Test
  void whatTheOutageLeftBehindAndWhatFailedSince() throws Exception {
    assertThat(claim(Turns.Which.OLD, 9)).containsExactly("old", "old-tried", "new-tried");
  }

  @Test
  void whatTheOutageLeftBehindUntried() throws Exception {
    assertThat(claim(Turns.Which.OLD_FIRST_TRIES, 9)).containsExactly("old");
  }

  @Test
  void aNewOneNeverPassesAnOldOneOfItsOrder() throws Exception {
    debts.run("UPDATE delivery SET lane = 'northwind/1'");

    assertThat(claim(Turns.Which.NEW, 9)).isEmpty();
    assertThat(claim(Turns.Which.ANY, 9)).containsExactly("old");
  }
}
