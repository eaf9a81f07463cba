package io.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Await;
import io.serai.support.LostAnswers;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is accepted, once, in order, and what is refused before it is taken. */
class InboxIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final List<String> run = new CopyOnWriteArrayList<>();
  private InboxRunner runner;
  private Inbox inbox;
  private volatile Optional<String> refusal = Optional.empty();

  @BeforeEach
  void open() {
    DATABASE.truncate();
    runner =
        new InboxRunner(
            () -> DATABASE.connect("inbox"),
            clock,
            "node-1",
            new InboxRunner.Settings(2_000, 250, Duration.ofMillis(50), Duration.ofSeconds(60)));
    inbox =
        new Inbox(
            () -> DATABASE.connect("accept"),
            clock,
            "node-1",
            Inbox.Limits.DEFAULT,
            runner,
            () -> refusal);
    runner.register(
        "shop",
        "order",
        (message, done) -> {
          run.add(new String(message.body()));
          done.accept(new Ending.Ignored("seen"));
        });
  }

  @AfterEach
  void close() {
    inbox.close();
    runner.close();
  }

  private static Arrival event(String key, String dedupe, String body) {
    return new Arrival("shop", "order", key, dedupe, null, null, null, body.getBytes());
  }

  private CompletableFuture<Accepted> accept(Arrival arrival) {
    return accept(inbox, arrival);
  }

  private static CompletableFuture<Accepted> accept(Inbox intake, Arrival arrival) {
    var answer = new CompletableFuture<Accepted>();
    intake.accept(
        arrival,
        (ok, error) -> {
          if (error == null) {
            answer.complete(ok);
          } else {
            answer.completeExceptionally(error);
          }
        });
    return answer;
  }

  @Test
  void anEventWhoseIdNoIndexTakesIsStoredAndKnownAgain() throws Exception {
    var id =
        new Random(7)
            .ints(1_100, 0x4e00, 0x9fff)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    inbox.acceptAll(
        List.of(event("1", id + "a", "one"), event("2", "e-2", "two")), connection -> {});
    inbox.acceptAll(List.of(event("1", id + "a", "one")), connection -> {});
    inbox.acceptAll(List.of(event("1", id + "b", "one")), connection -> {});

    assertThat(number("SELECT count(*) FROM inbox_message WHERE message_key = '1'"))
        .as("the same once, another beside it")
        .isEqualTo(2);
    assertThat(number("SELECT count(*) FROM inbox_message WHERE message_key = '2'")).isEqualTo(1);
  }

  private static long number(String sql) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test
  void theSameEventAHundredTimesAtOnceIsStoredOnceAndEverySenderIsAnswered() throws Exception {
    var answers = new CopyOnWriteArrayList<CompletableFuture<Accepted>>();
    var threads =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    Thread.startVirtualThread(() -> answers.add(accept(event("1", "e-1", "body")))))
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    var accepted = new ArrayList<Accepted>();
    for (var answer : answers) {
      accepted.add(answer.get(60, TimeUnit.SECONDS));
    }

    assertThat(accepted).hasSize(100).filteredOn(a -> !a.duplicate()).hasSize(1);
    assertThat(accepted).extracting(Accepted::messageId).containsOnly(1L);
    assertThat(number("SELECT count(*) FROM inbox_message")).isEqualTo(1);
    Await.until(
        "every duplicate is counted on the message",
        LONG,
        () -> number("SELECT duplicate_count FROM inbox_message") == 99);
  }

  @Test
  void messagesOfALaneRunInTheOrderOfArrivalWhateverTheirKeys() throws Exception {
    var answers = new ArrayList<CompletableFuture<Accepted>>();
    for (var i = 0; i < 40; i++) {
      answers.add(accept(event("1", "e-" + (99 - i), "" + i)));
    }
    for (var answer : answers) {
      answer.get(60, TimeUnit.SECONDS);
    }

    runner.start();

    Await.until("all have run", LONG, () -> run.size() == 40);
    assertThat(run)
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(i -> "" + i).toList());
  }

  @Test
  void anOrderThatAMessageWaitedLongForIsFetched() throws Exception {
    var fetched = new CopyOnWriteArrayList<String>();
    runner.registerFetcher("shop", fetched::add);
    runner.register(
        "shop",
        "refund",
        (message, done) -> {
          run.add("refund");
          done.accept(
              new Ending.Waits(
                  "shop/1001",
                  Failure.of(FailureKind.TRANSIENT, "It waits for its order.", Place.of("shop"))));
        });
    accept(new Arrival("shop", "refund", "1001", "r-1", null, null, null, new byte[] {'1'})).get();
    runner.start();
    Await.until(
        "the refund waits",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'WAITING'") == 1);
    clock.advance(Duration.ofMinutes(14));
    runner.nudge();
    assertThat(fetched).isEmpty();

    clock.advance(Duration.ofMinutes(2));

    Await.until("the order is asked for", LONG, () -> !fetched.isEmpty());
    assertThat(fetched).containsExactly("1001");
    Await.until("the refund is tried again", LONG, () -> run.size() == 2);
  }

  @Test
  void aHintThatFailsHoldsUpNoStateOfItsOrder() throws Exception {
    for (var document : List.of("order-change", "batch")) {
      runner.register(
          "shop",
          document,
          (message, done) ->
              done.accept(
                  new Ending.Failed(
                      Failure.of(
                          "tried".equals(message.messageKey())
                              ? FailureKind.TRANSIENT
                              : FailureKind.REFUSED,
                          "The order is not found.",
                          Place.of("shop")))));
      accept(new Arrival("shop", document, "tried", "h-1", null, null, null, new byte[] {'1'}));
      accept(new Arrival("shop", document, document, "h-2", null, null, null, new byte[] {'1'}));
    }
    runner.register("shop", "refund", (message, done) -> done.accept(new Ending.Ignored("seen")));
    runner.start();
    Await.until(
        "two hints are parked and two are to be tried again",
        LONG,
        () ->
            number("SELECT count(*) FROM inbox_message WHERE state = 'PARKED'") == 2
                && number("SELECT count(DISTINCT message_id) FROM failure WHERE kind = 'TRANSIENT'")
                    == 2);

    accept(event("tried", "o-1", "an order behind one that is tried again"));
    accept(event("order-change", "o-2", "an order behind one that is parked"));
    accept(event("batch", "o-3", "an order behind a batch that is parked"));
    accept(new Arrival("shop", "refund", "batch", "r-1", null, null, null, new byte[] {'1'}));

    Await.until(
        "the orders and the refund have run",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 4);
    assertThat(number("SELECT count(*) FROM inbox_message WHERE state = 'PARKED'")).isEqualTo(2);
  }

  @Test
  void aScanThatIsParkedHoldsUpNoOtherOfItsParcel() throws Exception {
    var tries = new AtomicInteger();
    runner.register(
        "shop",
        "tracking",
        (message, done) ->
            done.accept(
                tries.getAndIncrement() == 0
                    ? new Ending.Failed(
                        Failure.of(
                            FailureKind.UNMAPPED, "The scan is not known.", Place.of("shop")))
                    : new Ending.Ignored("seen")));
    runner.start();
    accept(new Arrival("shop", "tracking", "94001", "s-1", null, null, null, new byte[] {'1'}));
    Await.until(
        "the first is parked",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'PARKED'") == 1);

    accept(new Arrival("shop", "tracking", "94001", "s-2", null, null, null, new byte[] {'1'}));

    Await.until(
        "the second has run",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 1);
  }

  @Test
  void aMessageWhoseOrderWasAppliedWhileItDecidedToWaitIsRunAgainSoon() throws Exception {
    var tries = new AtomicInteger();
    runner.register(
        "shop",
        "refund",
        (message, done) ->
            done.accept(
                tries.getAndIncrement() == 0
                    ? new Ending.Waits(
                        "shop/1/a",
                        Failure.of(FailureKind.TRANSIENT, "It waits.", Place.of("shop")))
                    : new Ending.Ignored("seen")));
    number(
        """
        INSERT INTO sales_order (id, account, channel_order_id, state, revision, received_at, updated_at)
        VALUES (gen_random_uuid(), 'shop', '1/a', 'RELEASED', 1, now(), now()) RETURNING 1""");
    accept(new Arrival("shop", "refund", "1/a", "r-1", null, null, null, "{}".getBytes()))
        .get(60, TimeUnit.SECONDS);

    runner.start();

    var lapses = clock.instant().plusSeconds(50); // a claim would, soon after
    Await.until(
        "it has ended",
        LONG,
        () -> {
          if (clock.instant().isBefore(lapses)) {
            clock.advance(Duration.ofMillis(100));
          }
          return number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 1;
        });
    assertThat(tries).hasValue(2);
  }

  @Test
  void aMessageWithoutARouteWaitsWithOneFailureUntilThereIsOne() throws Exception {
    accept(new Arrival("shop", "listing", "1", "l-1", null, null, null, new byte[] {'1'})).get();
    runner.start();
    Await.until(
        "it was tried",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE failure_id IS NOT NULL") == 1);
    for (var i = 1; i <= 3; i++) {
      var tries = i + 1;
      clock.advance(Duration.ofMinutes(2));
      runner.nudge();
      Await.until(
          "it was tried again",
          LONG,
          () ->
              number(
                      "SELECT count(*) FROM inbox_message WHERE state = 'RECEIVED' AND fence >= "
                          + tries)
                  == 1);
    }

    assertThat(number("SELECT count(*) FROM failure")).isEqualTo(1);
    assertThat(number("SELECT attempt_count FROM inbox_message")).isZero();
    runner.register("shop", "listing", (message, done) -> done.accept(new Ending.Ignored("seen")));
    Await.until(
        "it runs at once, though its next turn is a while off",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 1);
  }

  @Test
  void partsSayWhatTheyAreAPartOf() throws Exception {
    runner.register(
        "shop",
        "page",
        (message, done) -> {
          try {
            inbox.split(message, List.of(event("1", "a", "first"), event("2", "b", "second")));
            done.accept(Ending.SETTLED);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
    runner.start();
    var whole =
        accept(new Arrival("shop", "page", "p", "p-1", null, null, null, new byte[] {'1'})).get();

    Await.until("both parts have run", LONG, () -> run.size() == 2);
    assertThat(
            number(
                "SELECT count(*) FROM inbox_message WHERE document = 'order' AND parent_id = "
                    + whole.messageId()))
        .isEqualTo(2);
    assertThat(
            number(
                "SELECT count(*) FROM inbox_message WHERE document = 'page' AND parent_id IS NULL"
                    + " AND state = 'SPLIT'"))
        .isEqualTo(1);
  }

  @Test
  void theItemsOfAPageKeepTheirOrder() throws Exception {
    inbox.acceptAll(
        List.of(event("1", "z", "first"), event("1", "m", "second"), event("1", "a", "third")),
        connection -> {});

    runner.start();

    Await.until("all have run", LONG, () -> run.size() == 3);
    assertThat(run).containsExactly("first", "second", "third");
  }

  @Test
  void whatWasAcceptedEarlierIsStoredAsOfThenInItsOrderOnceAndNothingWhileNothingMayBe() {
    var came = clock.instant().minusSeconds(90);
    var batch =
        List.of(
            new Latecomers.Late(event("1", "z", "first"), came),
            new Latecomers.Late(event("1", "z", "first"), came),
            new Latecomers.Late(event("1", "m", "second"), came.plusSeconds(60)),
            new Latecomers.Late(
                new Arrival("shop", "order", "1", "bad", "a\0b", null, null, "none".getBytes()),
                came.plusSeconds(60)),
            new Latecomers.Late(event("1", "a", "third"), came.plusSeconds(60)));
    try (var latecomers = inbox.latecomers()) {
      refusal = Optional.of("The disk is full.");
      assertThatThrownBy(() -> latecomers.keep(batch))
          .isInstanceOf(IntakeRefused.class)
          .hasMessage("The disk is full.");
      assertThat(number("SELECT count(*) FROM inbox_message")).isZero();
      refusal = Optional.empty();

      for (var time = 0; time < 2; time++) { // the second is after a crash
        assertThat(latecomers.keep(batch))
            .extracting(one -> new String(one.late().document().body()))
            .containsExactly("none");
      }
    }
    runner.start();

    Await.until("all have run", LONG, () -> run.size() >= 3);
    assertThat(run).containsExactly("first", "second", "third");
    assertThat(inbox.acceptedCount()).isEqualTo(3);
    assertThat(
            number(
                "SELECT extract(epoch FROM max(received_at) - min(received_at))::int FROM inbox_message"))
        .isEqualTo(60);
  }

  @Test
  void aListingThatSaysWhatItSaidOnceBeforeIsNewsWhenItSaidSomethingElseMeanwhile()
      throws Exception {
    for (var content : List.of("5", "5", "100", "100", "5", "5", "100")) {
      inbox.acceptAll(
          List.of(
              new Arrival(
                  "shop",
                  "listing",
                  "MUG",
                  Arrival.BY_CONTENT + "0".repeat(63) + content.charAt(0),
                  null,
                  null,
                  null,
                  content.getBytes()),
              new Arrival(
                  "shop",
                  "listing",
                  "CUP",
                  Arrival.BY_CONTENT + "f".repeat(64),
                  null,
                  null,
                  null,
                  "7".getBytes())),
          connection -> {});
    }

    assertThat(number("SELECT count(*) FROM inbox_message WHERE message_key = 'MUG'")).isEqualTo(4);
    assertThat(number("SELECT count(*) FROM inbox_message WHERE message_key = 'CUP'")).isEqualTo(1);
  }

  @Test
  void anAnswerThatThrowsCostsItsNeighborsNothing() throws Exception {
    var answers = new ArrayList<CompletableFuture<Accepted>>();
    runner.start();
    for (var i = 0; i < 20; i++) {
      if (i % 3 == 0) {
        inbox.accept(
            event("" + i, "e-" + i, "" + i),
            (ok, error) -> {
              throw new IllegalStateException("the sender is gone");
            });
      } else {
        answers.add(accept(event("" + i, "e-" + i, "" + i)));
      }
    }

    for (var answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).duplicate()).isFalse();
    }
    Await.until("all have run", LONG, () -> run.size() == 20);
  }

  @Test
  void oneBadRowDoesNotFailItsNeighbors() throws Exception {
    var answers = new ArrayList<CompletableFuture<Accepted>>();
    for (var i = 0; i < 10; i++) {
      answers.add(accept(event("" + i, i == 5 ? "bad \0" : "e-" + i, "" + i)));
    }

    for (var i = 0; i < 10; i++) {
      if (i != 5) {
        assertThat(answers.get(i).get(60, TimeUnit.SECONDS).duplicate()).isFalse();
      }
    }
    assertThatThrownBy(() -> answers.get(5).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IntakeRefused.class);
    assertThat(number("SELECT count(*) FROM inbox_message")).isEqualTo(9);
  }

  @Test
  void aPageAndItsCursorAreOneTransaction() {
    assertThatThrownBy(
            () ->
                inbox.acceptAll(
                    List.of(event("1", "a", "body")),
                    connection -> {
                      throw new SQLException("the cursor was moved by another");
                    }))
        .isInstanceOf(SQLException.class);

    assertThat(number("SELECT count(*) FROM inbox_message")).isZero();
  }

  @Test
  void whatMayNotBeTakenIsRefusedBeforeItIsTaken() {
    refusal = Optional.of("The disk is low.");

    assertThatThrownBy(() -> accept(event("1", "a", "body")))
        .isInstanceOfSatisfying(
            IntakeRefused.class,
            refused -> {
              assertThat(refused).hasMessage("The disk is low.");
              assertThat(refused.retryAfter()).isPositive();
            });
    assertThat(number("SELECT count(*) FROM inbox_message")).isZero();
  }

  @Test
  void whatWasCommittedUnheardIsRunAtOnceAndOnce() throws Exception {
    var database = new LostAnswers(() -> DATABASE.connect("accept"), "INSERT INTO inbox_message");
    runner.start();
    try (var unheard = intake(database)) {
      database.loseNext();
      var refused = accept(unheard, event("1", "a", "body"));

      assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
          .hasMessageContaining(
              "The database was lost before it said whether it has the document. Send it again: it is taken once.");
      assertThat(accept(unheard, event("1", "a", "body")).get(60, TimeUnit.SECONDS).duplicate())
          .isTrue();
      clock.advance(Duration.ofSeconds(1)); // far less than the lease
      Await.until("it has run", LONG, () -> !run.isEmpty());
      clock.advance(Duration.ofSeconds(1));
      assertThat(accept(unheard, event("2", "b", "other")).get(60, TimeUnit.SECONDS).duplicate())
          .isFalse();
      Await.until("the next has run", LONG, () -> run.contains("other"));
    }
    assertThat(run).containsExactly("body", "other");
  }

  @Test
  void aCommitThatComesAfterItsSenderGaveUpIsSeenWithoutWaitingForItsLease() throws Exception {
    var database = new LostAnswers(() -> DATABASE.connect("accept"), "INSERT INTO inbox_message");
    runner.start();
    try (var unheard = intake(database)) {
      database.delayNext();
      var refused = accept(unheard, event("1", "a", "body"));
      assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IntakeRefused.class);
      clock.advance(Duration.ofSeconds(1));
      assertThat(accept(unheard, event("2", "b", "other")).get(60, TimeUnit.SECONDS).duplicate())
          .isFalse();
      Await.until("the runner has looked", LONG, () -> !run.isEmpty());

      database.commitLate();

      clock.advance(Duration.ofSeconds(1));
      Await.until("it has run", LONG, () -> run.contains("body"));
    }
    assertThat(run).containsExactly("other", "body");
  }

  private Inbox intake(LostAnswers database) {
    return new Inbox(database, clock, "node-1", Inbox.Limits.DEFAULT, runner, Optional::empty);
  }

  @Test
  void tooManyBytesThatWaitForTheirCommitAreRefusedEarly() throws Exception {
    var database = new CountDownLatch(1);
    try (var slow =
        new Inbox(
            () -> {
              try {
                database.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return DATABASE.connect("accept");
            },
            clock,
            "node-1",
            new Inbox.Limits(100, 1_000, Duration.ofSeconds(60)),
            runner,
            Optional::empty)) {
      var answer = new CompletableFuture<Accepted>();
      slow.accept(event("1", "a", "x".repeat(600)), (ok, error) -> answer.complete(ok));

      assertThatThrownBy(() -> slow.accept(event("2", "b", "x".repeat(600)), (ok, error) -> {}))
          .isInstanceOfSatisfying(
              IntakeRefused.class,
              refused -> {
                assertThat(refused)
                    .hasMessage(
                        "Too many bytes wait for their commit; the document was not taken. Send it again later.");
                assertThat(refused.retryAfter()).isPositive();
              });
      database.countDown();

      assertThat(answer.get(60, TimeUnit.SECONDS).duplicate()).isFalse();
      var later = new CompletableFuture<Accepted>();
      slow.accept(event("2", "b", "x".repeat(600)), (ok, error) -> later.complete(ok));
      assertThat(later.get(60, TimeUnit.SECONDS).duplicate()).as("there is room again").isFalse();
    } finally {
      database.countDown();
    }
    assertThat(number("SELECT count(*) FROM inbox_message")).isEqualTo(2);
  }

  @Test
  void largeMessagesAreReadAFewAtATimeAndKeptWhileTheOthersPass() throws Exception {
    var at = new ConcurrentHashMap<String, Consumer<Ending>>();
    try (var node =
            new InboxRunner(
                () -> DATABASE.connect("inbox"),
                clock,
                "node-3",
                new InboxRunner.Settings(
                    2_000, 250, Duration.ofMillis(50), Duration.ofSeconds(60), 700_000));
        var itsInbox = intake("node-3", node)) {
      node.register("shop", "batch", (message, done) -> at.put(message.messageKey(), done));
      node.register("shop", "order", (message, done) -> done.accept(new Ending.Ignored("seen")));
      node.start();
      for (var key : List.of("a", "b", "c", "d")) {
        var answer = new CompletableFuture<Accepted>();
        itsInbox.accept(
            new Arrival("shop", "batch", key, key, null, null, null, new byte[300 * 1024]),
            (ok, error) -> answer.complete(ok));
        answer.get(60, TimeUnit.SECONDS);
      }
      itsInbox.accept(event("1", "e-1", "small"), (ok, error) -> {});
      Await.until(
          "two are at it, two were put off, and the order has run",
          LONG,
          () ->
              at.size() == 2
                  && number(
                          "SELECT count(*) FROM inbox_message WHERE state = 'RECEIVED' AND fence > 0 AND lease_owner IS NULL")
                      == 2
                  && number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 1);

      for (var i = 0; i < 4; i++) {
        var until = clock.instant().plusSeconds(20 + 60).getEpochSecond();
        clock.advance(Duration.ofSeconds(20));
        Await.until(
            "both claims are renewed",
            LONG,
            () ->
                number(
                        "SELECT count(*) FROM inbox_message WHERE state = 'RUNNING' AND fence = 1 AND lease_until >= to_timestamp("
                            + until
                            + ")")
                    == 2);
      }
      var now = clock.instant().getEpochSecond();
      Await.until(
          "the other two are put off anew, by this clock",
          LONG,
          () ->
              number(
                      "SELECT count(*) FROM inbox_message WHERE state = 'RECEIVED' AND due_at > to_timestamp("
                          + now
                          + ")")
                  == 2);
      assertThat(at).hasSize(2);
      at.values().forEach(done -> done.accept(new Ending.Ignored("done")));
      var lapses = clock.instant().plusSeconds(60);
      Await.until(
          "the other two have their turn",
          LONG,
          () -> {
            if (clock.instant().isBefore(lapses.minusSeconds(10))) { // or the claims would
              clock.advance(Duration.ofSeconds(1));
            }
            return at.size() == 4;
          });
    }
    assertThat(number("SELECT sum(attempt_count) FROM inbox_message")).isZero();
    assertThat(number("SELECT count(*) FROM failure")).isZero();
  }

  @Test
  void partsCameWhenTheWholeCameAndAClaimThatIsLostDividesNothing() throws Exception {
    var wholes = new CopyOnWriteArrayList<InboxMessage>();
    runner.register("shop", "page", (message, done) -> wholes.add(message));
    runner.start();
    accept(new Arrival("shop", "page", "p", "p-1", null, null, null, new byte[] {'1'})).get();
    Await.until("it is at it", LONG, () -> wholes.size() == 1);
    clock.advance(Duration.ofSeconds(61));
    Await.until("it is taken for dead", LONG, () -> wholes.size() == 2);
    var parts = List.of(event("1", "a", "first"));

    assertThat(inbox.holds(wholes.get(0))).isFalse();
    assertThatThrownBy(() -> inbox.divide(wholes.get(0), parts.iterator(), () -> "one"))
        .hasMessage("The claim on message 'msg_1' was lost");
    assertThat(number("SELECT count(*) FROM inbox_message")).isEqualTo(1);
    assertThat(inbox.holds(wholes.get(1))).isTrue();
    inbox.divide(wholes.get(1), parts.iterator(), () -> "one");

    assertThat(
            number(
                "SELECT count(*) FROM inbox_message p JOIN inbox_message w ON w.id = p.parent_id WHERE p.received_at = w.received_at AND w.reason = 'one'"))
        .isEqualTo(1);
  }

  /** Another node on the same database. */
  private InboxRunner node(String name, Duration pollEvery) {
    return new InboxRunner(
        () -> DATABASE.connect("inbox"),
        clock,
        name,
        new InboxRunner.Settings(2_000, 250, pollEvery, Duration.ofSeconds(60)));
  }

  private Inbox intake(String name, InboxRunner behind) {
    return new Inbox(
        () -> DATABASE.connect("accept"),
        clock,
        name,
        Inbox.Limits.DEFAULT,
        behind,
        Optional::empty);
  }

  @Test
  void twoNodesRunEveryMessageOnceAndEachLaneInOrder() throws Exception {
    var lanes = 20;
    var each = 6;
    var inside = new ConcurrentHashMap<String, AtomicInteger>();
    var together = new AtomicInteger();
    var byLane = new ConcurrentHashMap<String, List<String>>();
    InboxHandler handler =
        (message, done) -> {
          var busy = inside.computeIfAbsent(message.messageKey(), k -> new AtomicInteger());
          if (busy.incrementAndGet() > 1) {
            together.incrementAndGet();
          }
          byLane
              .computeIfAbsent(message.messageKey(), k -> new CopyOnWriteArrayList<>())
              .add(new String(message.body()));
          Thread.startVirtualThread(
              () -> {
                busy.decrementAndGet();
                done.accept(new Ending.Ignored("seen"));
              });
        };
    try (var other = node("node-2", Duration.ofMillis(50));
        var otherInbox = intake("node-2", other)) {
      runner.register("shop", "order", handler);
      other.register("shop", "order", handler);
      runner.start();
      other.start();
      for (var i = 0; i < each; i++) {
        var answers = new ArrayList<CompletableFuture<Accepted>>();
        for (var lane = 0; lane < lanes; lane++) {
          var answer = new CompletableFuture<Accepted>();
          ((lane + i) % 2 == 0 ? inbox : otherInbox)
              .accept(event("" + lane, lane + "-" + i, "" + i), (ok, error) -> answer.complete(ok));
          answers.add(answer);
        }
        for (var answer : answers) {
          assertThat(answer.get(60, TimeUnit.SECONDS).duplicate()).isFalse();
        }
      }
      Await.until(
          "all have ended",
          LONG,
          () ->
              number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'")
                  == (long) lanes * each);
    }

    assertThat(together).as("two messages of one lane at once").hasValue(0);
    assertThat(byLane).hasSize(lanes);
    assertThat(byLane.values())
        .allSatisfy(seen -> assertThat(seen).containsExactly("0", "1", "2", "3", "4", "5"));
  }

  @Test
  void whatAStalledNodeHadIsRunByAnotherAndItsLateEndingChangesNothing() throws Exception {
    var had = new CopyOnWriteArrayList<Consumer<Ending>>();
    try (var stalled = node("node-2", Duration.ofHours(1));
        var itsInbox = intake("node-2", stalled)) {
      stalled.register("shop", "order", (message, done) -> had.add(done));
      stalled.start();
      // its first look, at which it would take over what has lapsed, is over with another message
      itsInbox.acceptAll(List.of(event("0", "e-0", "body")), connection -> {});
      Await.until("it has looked", LONG, () -> had.size() == 1);
      had.removeFirst().accept(new Ending.Ignored("seen"));
      Await.until(
          "that has ended",
          LONG,
          () -> number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 1);
      itsInbox.acceptAll(List.of(event("1", "e-1", "body")), connection -> {});
      Await.until("it has the message", LONG, () -> had.size() == 1);

      clock.advance(Duration.ofSeconds(61));
      runner.start();
      Await.until("another has run it", LONG, () -> run.size() == 1);
      had.getFirst().accept(new Ending.Ignored("by the stalled one"));
      itsInbox.acceptAll(List.of(event("2", "e-2", "body")), connection -> {});
      Await.until("the second has run somewhere", LONG, () -> had.size() + run.size() == 3);
      Await.until(
          "the first ended as the other node said",
          LONG,
          () ->
              number(
                      "SELECT count(*) FROM inbox_message WHERE message_key = '1' AND reason = 'seen' AND fence > 1")
                  == 1);
    }
  }

  @Test
  void whatAStoppingNodeHasNotEndedIsRunByAnotherAtOnceAndUncounted() throws Exception {
    var had = new CopyOnWriteArrayList<Consumer<Ending>>();
    try (var stopping = node("node-2", Duration.ofMillis(50));
        var itsInbox = intake("node-2", stopping)) {
      stopping.register("shop", "order", (message, done) -> had.add(done));
      stopping.start();
      accept(itsInbox, event("1", "e-1", "fails")).get(60, TimeUnit.SECONDS);
      accept(itsInbox, event("2", "e-2", "hangs")).get(60, TimeUnit.SECONDS);
      Await.until("it has both", LONG, () -> had.size() == 2);

      stopping.stopClaiming();
      accept(itsInbox, event("3", "e-3", "comes late")).get(60, TimeUnit.SECONDS);
      had.getFirst().accept(failed());
      Await.until(
          "what failed and what came are due for others",
          LONG,
          () ->
              number(
                      "SELECT count(*) FROM inbox_message WHERE state = 'RECEIVED' AND lease_owner IS NULL")
                  == 2);
      stopping.close();
      runner.start();

      Await.until("another has run all", LONG, () -> run.size() == 3);
      had.getLast().accept(failed());
      assertThat(had).as("it took up nothing more").hasSize(2);
    }
    Await.until(
        "all have ended",
        LONG,
        () -> number("SELECT count(*) FROM inbox_message WHERE state = 'IGNORED'") == 3);
    assertThat(number("SELECT count(*) FROM inbox_message WHERE attempt_count > 0")).isZero();
    assertThat(number("SELECT count(*) FROM failure")).isZero();
  }

  @Test
  void whatANodeWritesOfWhatItGaveBackChangesNothing() throws Exception {
    var had = new CopyOnWriteArrayList<InboxMessage>();
    try (var stopping = node("node-2", Duration.ofMillis(50));
        var itsInbox = intake("node-2", stopping)) {
      stopping.register("shop", "order", (message, done) -> had.add(message));
      stopping.start();
      accept(itsInbox, event("1", "e-1", "hangs")).get(60, TimeUnit.SECONDS);
      Await.until("it has it", LONG, () -> had.size() == 1);

      stopping.close();

      assertThat(itsInbox.holds(had.getFirst())).isFalse();
      assertThatThrownBy(() -> itsInbox.split(had.getFirst(), List.of(event("9", "e-9", "part"))))
          .hasMessageContaining("was lost");
    }
  }

  @Test
  void whatIsHandedOnAfterTheEndIsGivenBack() throws Exception {
    runner.start();
    accept(event("1", "e-1", "body")).get(60, TimeUnit.SECONDS);
    Await.until("it is run", LONG, () -> run.size() == 1);
    runner.drain();

    runner.handOn(
        List.of(
            new InboxMessage(1, "shop", "order", "1", null, null, clock.instant(), 0, 1, null)));

    assertThat(runner.inMemory()).isZero();
    assertThat(run).hasSize(1);
  }

  private static Ending failed() {
    return new Ending.Failed(Failure.of(FailureKind.CONFIG, "It failed.", Place.of("shop")));
  }
}
