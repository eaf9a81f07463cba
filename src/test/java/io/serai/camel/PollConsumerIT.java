package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Mappings;
import io.serai.database.Leases;
import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a poll asks for, what it keeps, and who polls when there are several replicas. */
class PollConsumerIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration OVERLAP = Duration.ofMinutes(10);
  private static final Instant T0 = ManualClock.START;

  private final ManualClock clock = new ManualClock();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** What a replica asked a partner for. */
  private record Question(String cursor, Instant since, Instant until) {
    Question(String cursor, Instant since) {
      this(cursor, since, null);
    }

    Question open() {
      return new Question(cursor, since);
    }
  }

  /** How a partner answers. */
  private interface Partner {
    String page(Question question) throws Exception;
  }

  /** One hub's poll of the partner's orders. */
  private final class Replica {
    final List<Question> asked = new ArrayList<>();
    final Leases leases;
    private final PollConsumer consumer;
    Partner partner = question -> "{\"items\":[]}";

    Replica(String name) throws Exception {
      this(name, "0s");
    }

    Replica(String name, String lag) throws Exception {
      leases = new Leases(DATABASE.dataSource(), clock, name);
      var runner =
          new InboxRunner(
              () -> DATABASE.connect("inbox"), clock, name, InboxRunner.Settings.DEFAULT);
      var inbox =
          new Inbox(
              () -> DATABASE.connect("accept"),
              clock,
              name,
              Inbox.Limits.DEFAULT,
              runner,
              Optional::empty);
      var context = new DefaultCamelContext();
      context.disableJMX();
      context.addComponent(
          "serai",
          new SeraiComponent(
              new Hub(
                  null,
                  Mappings.builtIn(),
                  null,
                  inbox,
                  runner,
                  null,
                  null,
                  leases,
                  DATABASE.dataSource(),
                  null,
                  clock)));
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("serai:poll/order?account=shop&lag=" + lag)
                  .routeId("poll")
                  .process(Replica.this::ask)
                  .to(
                      "serai:accept/order?account=shop&items=/items&cursor=/cursor&key=/id&version=/updatedAt");
            }
          });
      context.start();
      consumer = (PollConsumer) context.getRoute("poll").getConsumer();
      opened.addAll(List.of(context, inbox, runner));
    }

    private void ask(Exchange exchange) throws Exception {
      var question =
          new Question(
              exchange.getVariable("cursor", String.class),
              Instant.parse(exchange.getVariable("since", String.class)),
              Instant.parse(exchange.getVariable("until", String.class)));
      asked.add(question);
      exchange.getMessage().setBody(partner.page(question));
    }

    void ring() {
      consumer.ring();
    }
  }

  private static String page(String cursor, String... ids) {
    var items = new ArrayList<String>();
    for (var id : ids) {
      items.add("{\"id\":\"%s\",\"updatedAt\":\"2026-03-02T09:59:00Z\"}".formatted(id));
    }
    return "{\"items\":[%s]%s}"
        .formatted(String.join(",", items), cursor == null ? "" : ",\"cursor\":\"" + cursor + "\"");
  }

  private static List<String> stored() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT message_key FROM inbox_message ORDER BY id")) {
      var keys = new ArrayList<String>();
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
      return keys;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  @AfterEach
  void close() throws Exception {
    for (var one : opened) {
      one.close();
    }
  }

  @Test
  void theFirstPollLooksADayBackAndTheNextReachesOverTheLastOne() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner = question -> page(null, "1");

    replica.ring();
    clock.advance(Duration.ofMinutes(15));
    replica.ring();
    clock.advance(Duration.ofMinutes(15));
    replica.ring();

    assertThat(replica.asked)
        .extracting(Question::open)
        .containsExactly(
            new Question(null, T0.minus(Duration.ofDays(1)).minus(OVERLAP)),
            new Question(null, T0.minus(OVERLAP)),
            new Question(null, T0.plus(Duration.ofMinutes(15)).minus(OVERLAP)));
    assertThat(stored()).as("what is seen again in the overlap is known").containsExactly("1");
  }

  @Test
  void pagesAreFollowedAndTheNextPollBeginsAnew() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> question.cursor() == null ? page("c1", "1", "2") : page(null, "3");

    replica.ring();
    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly(null, "c1", null, "c1");
    assertThat(stored()).containsExactly("1", "2", "3");
  }

  @Test
  void aPollThatBreaksOffGoesOnAtItsPageAndLosesNothingOfItsWindow() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner = question -> page(null);
    replica.ring();
    clock.advance(Duration.ofHours(1));
    replica.partner =
        question -> {
          if (question.cursor() == null) {
            return page("c1", "1");
          }
          throw new IllegalStateException("the partner is down");
        };
    replica.ring();
    clock.advance(Duration.ofHours(1));
    replica.partner = question -> page(null, "2");
    replica.ring();
    replica.ring();

    var window = T0.minus(OVERLAP);
    assertThat(replica.asked)
        .extracting(Question::open)
        .containsExactly(
            new Question(null, T0.minus(Duration.ofDays(1)).minus(OVERLAP)),
            new Question(null, window),
            new Question("c1", window),
            new Question("c1", window),
            // no further than the window that broke off was to reach
            new Question(null, T0.plus(Duration.ofHours(1)).minus(OVERLAP)));
    assertThat(stored()).containsExactly("1", "2");
  }

  @Test
  void whileOneReplicaPollsAnotherDoesNot() throws Exception {
    var first = new Replica("hub-a");
    var second = new Replica("hub-b");
    first.partner =
        question -> {
          second.ring();
          return page(null, "1");
        };

    first.ring();
    assertThat(second.asked).isEmpty();
    second.ring();

    assertThat(second.asked).hasSize(1);
    assertThat(stored()).containsExactly("1");
  }

  @Test
  void aReplicaThatStalledPastItsLeaseStoresNothing() throws Exception {
    var stalled = new Replica("hub-a");
    var other = new Replica("hub-b");
    other.partner = question -> page(null, "fresh");
    stalled.partner =
        question -> {
          clock.advance(Duration.ofMinutes(6));
          other.ring();
          return page("c1", "late");
        };

    stalled.ring();

    assertThat(other.asked).hasSize(1);
    assertThat(stored()).containsExactly("fresh");
    other.ring();
    assertThat(other.asked.getLast().cursor()).as("the place it would have left").isNull();
  }

  @Test
  void aWindowEndsBeforeNowAndKeepsItsEndUntilItsLastPageIsThere() throws Exception {
    var replica = new Replica("hub-a", "2m");
    var lag = Duration.ofMinutes(2);
    replica.partner =
        question -> {
          if (question.cursor() != null) {
            throw new IllegalStateException("the partner is down");
          }
          return page("c1", "1");
        };
    replica.ring();
    clock.advance(Duration.ofHours(1));
    replica.partner = question -> page(null, "2");

    replica.ring();
    replica.ring();

    assertThat(replica.asked)
        .extracting(Question::until)
        .containsExactly(
            T0.minus(lag), T0.minus(lag), T0.minus(lag), T0.plus(Duration.ofHours(1)).minus(lag));
    assertThat(replica.asked.getLast().since()).isEqualTo(T0.minus(lag).minus(OVERLAP));
  }

  private static FailureException failure(FailureKind kind, Duration retryAfter) {
    return new FailureException(
        new Failure(kind, "The partner said no.", Place.of("shop"), null, null, retryAfter));
  }

  private static String column(String name) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT " + name + " FROM poll_cursor")) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"THROTTLED, 180, 180", "THROTTLED,, 5", "AUTH,, 60", "THROTTLED, 86400, 3600"})
  void aPollThatIsPutOffPassesOverItsRingsOnEveryReplica(FailureKind kind, Long said, long seconds)
      throws Exception {
    var replica = new Replica("hub-a");
    var retryAfter = said == null ? null : Duration.ofSeconds(said);
    replica.partner =
        question -> {
          throw failure(kind, retryAfter);
        };
    replica.ring();
    var other = new Replica("hub-b");

    clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
    replica.ring();
    other.ring();
    assertThat(replica.asked).hasSize(1);
    assertThat(other.asked).isEmpty();
    assertThat(column("failure")).isEqualTo("The partner said no.");
    assertThat(column("failure_kind")).isEqualTo(kind.name());
    clock.advance(Duration.ofMillis(1));
    other.ring();

    assertThat(other.asked).hasSize(1);
    assertThat(column("failure")).isNull();
    assertThat(column("not_before")).isNull();
    assertThat(column("last_success_at")).isNotNull();
  }

  @Test
  void whatElseGoesWrongIsToldAndTriedAgainAtTheNextRing() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          throw failure(FailureKind.TRANSIENT, null);
        };

    replica.ring();
    replica.ring();

    assertThat(replica.asked).hasSize(2);
    assertThat(column("failure")).isEqualTo("The partner said no.");
    assertThat(column("failed_at")).isNotNull();
    assertThat(column("last_success_at")).isNull();
  }

  @Test
  void aRefusedTokenIsReplacedWithinThePollOnceForAPage() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          if (replica.asked.size() % 2 == 1) {
            throw failure(FailureKind.AUTH, Duration.ofSeconds(1));
          }
          return question.cursor() == null ? page("c1", "1") : page(null, "2");
        };
    replica.ring();
    assertThat(replica.asked).extracting(Question::cursor).containsExactly(null, null, "c1", "c1");
    assertThat(column("failure")).isNull();

    replica.asked.clear();
    replica.partner =
        question -> {
          throw failure(FailureKind.AUTH, Duration.ofSeconds(1));
        };
    replica.ring();
    assertThat(replica.asked).hasSize(2);
    assertThat(column("failure_kind")).isEqualTo("AUTH");
  }

  @Test
  void aCursorThatIsTooOldBeginsItsWindowAgainOnce() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          if (question.cursor() == null) {
            return page("c1", "1");
          }
          throw new IllegalStateException("the partner is down");
        };
    replica.ring();
    clock.advance(Duration.ofDays(2));
    replica.asked.clear();
    replica.partner =
        question -> {
          if (replica.asked.size() == 1) {
            throw failure(FailureKind.STALE, null);
          }
          return question.cursor() == null ? page("c1", "1") : page(null, "2");
        };

    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly("c1", null, "c1");
    assertThat(replica.asked.getLast().since())
        .isEqualTo(T0.minus(Duration.ofDays(1)).minus(OVERLAP));
    assertThat(stored()).containsExactly("1", "2");
    assertThat(column("failure")).isNull();
  }

  @Test
  void cursorsThatAreAlwaysTooOldAreAFailure() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          if (question.cursor() == null) {
            return page("c1", "1");
          }
          throw failure(FailureKind.STALE, null);
        };

    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly(null, "c1", null, "c1");
    assertThat(column("failure_kind")).isEqualTo("STALE");
  }

  @Test
  void pagingThatRepeatsItselfIsStopped() throws Exception {
    var replica = new Replica("hub-a");
    var pages = new ArrayList<>(List.of("c1", "c2", "c1", "c2"));
    replica.partner =
        question -> {
          var next = pages.removeFirst();
          return page(next, next + "-" + pages.size());
        };

    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly(null, "c1", "c2");
    assertThat(pages).hasSize(1);
    assertThat(column("failure_kind")).isEqualTo("INVALID");
    assertThat(column("failure"))
        .isEqualTo(
            "The poll of 'shop' for 'order' was given page 'c1' twice: the partner's paging repeats itself. Its window begins again at the next ring; ask the partner if this stays.");
    replica.partner = question -> page(null, "9");
    replica.ring();
    assertThat(replica.asked.getLast().cursor()).isNull();
    assertThat(column("failure")).isNull();
  }

  @Test
  void pageNumbersThatThePartnerDoesNotHeedAreStopped() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question ->
            page(
                question.cursor() == null
                    ? "2"
                    : Integer.toString(Integer.parseInt(question.cursor()) + 1),
                "1");

    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly(null, "2");
    assertThat(column("failure"))
        .isEqualTo(
            "The poll of 'shop' for 'order' found on page '2' what was on the page before it: the partner's paging repeats itself. Its window begins again at the next ring; ask the partner if this stays.");
    assertThat(stored()).containsExactly("1");
    replica.partner = question -> page(null, "2");
    replica.ring();
    assertThat(replica.asked.getLast().cursor()).isNull();
    assertThat(stored()).containsExactly("1", "2");
    assertThat(column("failure")).isNull();
  }

  @Test
  void everyPageOfTheFirstWindowAsksForTheSameInstants() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner = question -> question.cursor() == null ? page("c1", "1") : page(null, "2");

    replica.ring();

    assertThat(replica.asked).hasSize(2);
    assertThat(replica.asked.get(1).since()).isEqualTo(replica.asked.get(0).since());
    assertThat(replica.asked.get(1).until()).isEqualTo(replica.asked.get(0).until());
  }

  @Test
  void aFirstWindowThatFailsForDaysStillBeginsWhereItBegan() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          throw new IllegalStateException("the partner is down");
        };
    replica.ring();
    clock.advance(Duration.ofDays(3));
    replica.partner = question -> page(null, "1");

    replica.ring();

    assertThat(replica.asked)
        .extracting(Question::since)
        .containsOnly(T0.minus(Duration.ofDays(1)).minus(OVERLAP));
  }

  @ParameterizedTest
  @CsvSource({"REFUSED", "INVALID"})
  void aCursorThatIsNotTakenAnyMoreBeginsTheWindowAgain(FailureKind kind) throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          if (question.cursor() == null) {
            return page("c1", "1");
          }
          throw failure(FailureKind.TRANSIENT, null);
        };
    replica.ring();
    replica.asked.clear();
    replica.partner =
        question -> {
          if (replica.asked.size() == 1) {
            throw failure(kind, null);
          }
          return question.cursor() == null ? page("d1", "1") : page(null, "2");
        };

    replica.ring();

    assertThat(replica.asked).extracting(Question::cursor).containsExactly("c1", null, "d1");
    assertThat(stored()).containsExactly("1", "2");
    assertThat(column("failure")).isNull();
  }

  @Test
  void aPageWithoutItemsIsNotTheLast() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question ->
            question.cursor() == null
                ? page("c1")
                : question.cursor().equals("c1") ? page("c2") : page(null, "9");

    replica.ring();

    assertThat(stored()).containsExactly("9");
  }

  @Test
  void manyPagesWithoutItemsGoOnAtTheNextRing() throws Exception {
    var replica = new Replica("hub-a");
    replica.partner =
        question -> {
          var next = question.cursor() == null ? 1 : Integer.parseInt(question.cursor()) + 1;
          return next > 25 ? page(null, "9") : page(Integer.toString(next));
        };

    replica.ring();
    assertThat(replica.asked).hasSize(20);
    replica.ring();

    assertThat(replica.asked.get(20).cursor()).isEqualTo("20");
    assertThat(stored()).containsExactly("9");
  }

  @Test
  void aWindowNeverEndsBeforeItBegins() throws Exception {
    var replica = new Replica("hub-a");
    clock.advance(Duration.ofDays(1));
    replica.ring();
    clock.advance(Duration.ofHours(-20));

    replica.ring();

    assertThat(replica.asked.getLast().since()).isEqualTo(clock.instant().minus(OVERLAP));
    assertThat(replica.asked.getLast().until()).isEqualTo(clock.instant());
  }
}
