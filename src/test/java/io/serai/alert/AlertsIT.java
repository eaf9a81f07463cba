package io.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.deadletter.Aftermath;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Pile;
import io.serai.failure.FailureKind;
import io.serai.outbox.Maintenance;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is told of what needs people, when, and how often. */
class AlertsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final AlertTerms PLAIN = terms(1, null, Set.of());

  private final ManualClock clock = new ManualClock();
  private final Pile pile = new Pile(DATABASE.dataSource(), clock);

  @BeforeEach
  void clear() {
    pile.clear();
  }

  private static AlertTerms terms(long from, Long orMoney, Set<String> kinds) {
    return new AlertTerms(
        Duration.ofMinutes(5),
        from,
        orMoney,
        Duration.ofHours(24),
        kinds,
        "https://serai.example",
        "IDEMPOTENT",
        Duration.ofHours(24));
  }

  private Alerts alerts(Map<String, AlertTerms> terms) {
    var aftermath =
        new Aftermath() {
          @Override
          public void confirmed(Connection connection, long delivery, String reference) {}

          @Override
          public void discarded(Connection connection, long delivery, String reason) {}
        };
    return new Alerts(
        DATABASE.dataSource(),
        clock,
        new DeadLetters(DATABASE.dataSource(), clock, aftermath),
        terms);
  }

  private void looks(AlertTerms terms) throws SQLException {
    alerts(Map.of("pager", terms)).run();
  }

  private String stops() {
    return pile.message()
        .from("northwind")
        .failedBy(FailureKind.AUTH, "'northwind' refuses the key. Renew it, then replay.")
        .lies();
  }

  /** What is owed, oldest first. */
  private List<JsonNode> told() {
    return pile
        .rows(
            """
            SELECT c.content::text AS content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
            WHERE d.operation = 'alert' ORDER BY d.id""")
        .stream()
        .map(row -> Json.tree(row.get("content")))
        .toList();
  }

  private List<String> types() {
    return told().stream().map(alert -> alert.path("type").asText()).toList();
  }

  @Test
  void aCauseIsToldOnceHoweverManyThingsStopOfIt() throws SQLException {
    stops();
    stops();
    looks(PLAIN);
    assertThat(told()).as("it has not stood for five minutes").isEmpty();

    clock.advance(Duration.ofMinutes(5));
    looks(PLAIN);
    stops();
    clock.advance(Duration.ofMinutes(10));
    looks(PLAIN);

    var alert = told().getFirst();
    assertThat(told()).hasSize(1);
    assertThat(alert.path("type").asText()).isEqualTo("alert.raised");
    assertThat(alert.path("title").asText()).isEqualTo("2 stopped at 'northwind': AUTH");
    assertThat(alert.path("sentence").asText())
        .isEqualTo("'northwind' refuses the key. Renew it, then replay.");
    assertThat(alert.path("count").asInt()).isEqualTo(2);
    assertThat(alert.path("link").asText())
        .startsWith("https://serai.example/console/dead-letters/group?fingerprint=");
    assertThat(alert.path("id").asText()).startsWith("alt_");
  }

  @Test
  void whatStopsAtADestinationUnderMaintenanceIsToldWhenThatIsOver() throws SQLException {
    stops();
    clock.advance(Duration.ofHours(1));
    looks(PLAIN);
    var window =
        new Maintenance(DATABASE.dataSource(), clock)
            .plan("northwind", null, clock.instant().plus(Duration.ofHours(48)), "Moves.", "ada");
    pile.message().from("northwind").failedBy(FailureKind.CONFIG, "Another cause.").lies();
    pile.message().from("globex").failedBy(FailureKind.CONFIG, "Elsewhere.").lies();

    clock.advance(Duration.ofHours(30));
    looks(PLAIN);
    pile.execute(
        "UPDATE inbox_message SET state = 'DISCARDED' WHERE account = 'northwind' AND failure_id IN (SELECT id FROM failure WHERE kind = 'AUTH')");
    looks(PLAIN);
    assertThat(told())
        .extracting(a -> a.path("type").asText() + " " + a.path("account").asText())
        .containsExactly("alert.raised northwind", "alert.raised globex");

    clock.set(window.until());
    pile.execute("UPDATE maintenance SET closed_at = ends_at");
    looks(PLAIN);

    assertThat(types())
        .containsExactlyInAnyOrder("alert.raised", "alert.raised", "alert.raised", "alert.cleared");
  }

  @Test
  void itIsToldAgainWhileItStandsAndOnceMoreWhenItIsOver() throws SQLException {
    stops();
    clock.advance(Duration.ofHours(1));
    looks(PLAIN);
    clock.advance(Duration.ofHours(23));
    looks(PLAIN);
    assertThat(types()).containsExactly("alert.raised");

    clock.advance(Duration.ofHours(1));
    looks(PLAIN);
    looks(PLAIN);
    assertThat(types()).containsExactly("alert.raised", "alert.repeated");

    pile.execute("UPDATE inbox_message SET state = 'DISCARDED'");
    looks(PLAIN);
    looks(PLAIN);
    assertThat(types()).containsExactly("alert.raised", "alert.repeated", "alert.cleared");
    assertThat(told())
        .extracting(alert -> alert.path("id").asText())
        .containsOnly(told().get(0).path("id").asText());
    assertThat(told()).extracting(alert -> alert.path("times").asInt()).containsExactly(1, 2, 3);
    assertThat(told().getLast().path("title").asText())
        .isEqualTo("Cleared: 1 stopped at 'northwind': AUTH");

    stops();
    clock.advance(Duration.ofMinutes(5));
    looks(PLAIN);
    assertThat(types()).endsWith("alert.raised").hasSize(4);
    assertThat(told().getLast().path("id")).isNotEqualTo(told().getFirst().path("id"));
  }

  @Test
  void whatTwoReplicasSeeAtOnceIsToldOnce() throws Exception {
    stops();
    clock.advance(Duration.ofMinutes(5));
    var threads =
        List.of(1, 2, 3, 4).stream()
            .map(
                i ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                looks(PLAIN);
                              } catch (SQLException e) {
                                throw new IllegalStateException(e);
                              }
                            }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(types()).containsExactly("alert.raised");
    assertThat(pile.number("SELECT count(*) FROM alert")).isEqualTo(1);
  }

  @Test
  void fewAreToldWhenTheyAreWorthMuchAndOnlyOfTheKindsThatAreWanted() throws SQLException {
    stops();
    clock.advance(Duration.ofHours(1));

    looks(terms(2, null, Set.of()));
    assertThat(told()).as("two of a cause are wanted").isEmpty();
    looks(terms(1, null, Set.of("OVERDUE")));
    assertThat(told()).as("another kind is wanted").isEmpty();

    pile.execute(
        """
        INSERT INTO sales_order (id, account, channel_order_id, state, revision, grand_total, currency, received_at, updated_at, placed_at)
        SELECT '01900000-0000-7000-8000-000000000001', 'shopify-main', '1001', 'READY', 1, 250.00, 'EUR', now(), now(), now()""");
    pile.execute("UPDATE inbox_message SET order_id = '01900000-0000-7000-8000-000000000001'");
    looks(terms(2, 251L, Set.of()));
    assertThat(told()).as("the order is worth less").isEmpty();
    looks(terms(2, 250L, Set.of()));
    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().at("/money/0/currency").asText()).isEqualTo("EUR");
  }

  @Test
  void holdsThatAreOverdueAreToldByKindAndOwner() throws SQLException {
    for (var no : List.of(1, 2)) {
      pile.execute(
          """
          INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, due_at)
          VALUES (gen_random_uuid(), %d, 'RISK', 'high', 'risk', timestamptz '2020-01-01', timestamptz '2020-01-02')"""
              .formatted(no));
    }
    looks(PLAIN);

    var alert = told().getFirst();
    assertThat(told()).hasSize(1);
    assertThat(alert.path("title").asText()).isEqualTo("2 overdue, for 'risk'");
    assertThat(alert.path("sentence").asText())
        .isEqualTo(
            "2 orders are held (RISK) longer than 'risk' was given. Look at them and release, change or cancel.");
    assertThat(alert.path("kind").asText()).isEqualTo("OVERDUE");
  }

  @Test
  void whatGoesWrongAtADestinationOfAlertsIsToldToTheOthers() throws SQLException {
    pile.message()
        .from("pager")
        .failedBy(FailureKind.TRANSIENT, "'pager' did not answer. Look at it, then replay.")
        .lies();
    clock.advance(Duration.ofMinutes(5));

    alerts(Map.of("pager", PLAIN, "chat", PLAIN)).run();

    assertThat(pile.rows("SELECT destination FROM delivery"))
        .containsExactly(Map.of("destination", "chat"));
  }
}
