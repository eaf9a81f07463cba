package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Replaying any subset of dead letters k times gives the same state, and the same ledger at the
 * partner, as once. An engine of a few lines stands between: it ends each message and delivery as
 * the history says, in lane order, and the partner keeps one effect a key.
 */
class ReplayModelIT {
  private static TestDatabase database;

  @BeforeContainer
  static void open() {
    database = new TestDatabase().open();
  }

  @AfterContainer
  static void close() {
    database.close();
  }

  enum Kind {
    MESSAGE,
    IDEMPOTENT,
    UNKNOWN_IDEMPOTENT,
    UNKNOWN_BLIND,
    UNKNOWN_QUERYABLE,
    REFUSED,
    HOLD
  }

  /** A dead letter, its lane, and whether it will go well when it is tried again. */
  record Dead(Kind kind, int lane, boolean cured) {}

  /** How a round of replays is done. */
  enum Way {
    ONE_BY_ONE,
    JOB,
    TWO_JOBS,
    GROUPS
  }

  @Provide
  Arbitrary<List<Dead>> pile() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of(true, true, false))
        .as(Dead::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<Way>> ways() {
    return Arbitraries.of(Way.class).list().ofMinSize(1).ofMaxSize(4);
  }

  @Property(seed = "20260302", tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void replayingAnySubsetSeveralTimesGivesTheSameStateAsOnce(
      @ForAll("pile") List<Dead> pile,
      @ForAll Set<@IntRange(max = 11) Integer> subset,
      @ForAll("ways") List<Way> ways,
      @ForAll boolean engineRunsInBetween) {
    var once = new World(pile);
    once.replay(subset, Way.ONE_BY_ONE);
    once.runEngine();
    var expected = once.picture();

    var often = new World(pile);
    for (var way : ways) {
      often.replay(subset, way);
      if (engineRunsInBetween) {
        often.runEngine();
      }
    }
    often.runEngine();

    assertThat(often.picture()).isEqualTo(expected);
    assertThat(often.partner.values()).allMatch(effects -> effects == 1);
  }

  /** A pile of dead letters with an engine, a partner and an operator. */
  private static final class World {
    private final ManualClock clock = new ManualClock();
    private final Pile pile = new Pile(database.dataSource(), clock);
    private final List<Dead> dead;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Dead> byId = new HashMap<>();
    private final Map<String, Integer> partner = new TreeMap<>();
    private final Replay replay = new Replay(database.dataSource(), clock, this::allocate);

    World(List<Dead> dead) {
      this.dead = dead;
      pile.clear();
      for (var each : dead) {
        var id =
            switch (each.kind()) {
              case MESSAGE -> pile.message().inLane("shop/" + each.lane()).lies();
              case IDEMPOTENT -> delivery(each).lies();
              case UNKNOWN_IDEMPOTENT -> delivery(each).ofUnknownOutcome().lies();
              case UNKNOWN_BLIND -> delivery(each).repeatable("BLIND").ofUnknownOutcome().lies();
              case UNKNOWN_QUERYABLE ->
                  delivery(each).repeatable("QUERYABLE").ofUnknownOutcome().lies();
              case REFUSED -> delivery(each).in("REFUSED").lies();
              case HOLD -> pile.order().lies();
            };
        ids.add(id);
        byId.put(id, each);
        if (each.kind().name().startsWith("UNKNOWN")) {
          partner.put(key(id), 1); // the answer was lost, the effect was not
        }
      }
    }

    private Pile.Delivery delivery(Dead each) {
      return pile.delivery().inLane("northwind/" + each.lane());
    }

    void replay(Set<Integer> subset, Way way) {
      var wanted = subset.stream().filter(i -> i < ids.size()).map(ids::get).toList();
      switch (way) {
        case ONE_BY_ONE -> wanted.forEach(id -> replay.one(id, null, "ann", DeadLetters.AS_IT_IS));
        case JOB -> job(wanted);
        case TWO_JOBS -> {
          start(wanted);
          job(wanted);
        }
        case GROUPS -> byFingerprint(wanted).forEach((fingerprint, members) -> job(members));
      }
    }

    private Map<String, List<String>> byFingerprint(List<String> wanted) {
      var groups = new TreeMap<String, List<String>>();
      var deadLetters = new DeadLetters(database.dataSource(), clock, Aftermath.none());
      for (var id : wanted) {
        deadLetters
            .find(id)
            .ifPresent(
                found ->
                    groups
                        .computeIfAbsent(found.deadLetter().fingerprint(), f -> new ArrayList<>())
                        .add(id));
      }
      return groups;
    }

    private void start(List<String> wanted) {
      replay.start(Selection.of(wanted.toArray(String[]::new)), 1_000, false, null, "ann");
    }

    private void job(List<String> wanted) {
      start(wanted);
      try (var worker =
          new ReplayWorker(
              database.dataSource(),
              clock,
              UUID.randomUUID().toString(),
              this::allocate,
              null,
              Spike.USUAL)) {
        worker.runDue();
        clock.advance(Duration.ofMillis(500));
        worker.runDue();
      }
    }

    /** Runs what is due, the oldest of each lane first, until nothing is due. */
    void runEngine() {
      clock.advance(Duration.ofSeconds(1));
      for (var id : ids) {
        var item = ItemId.parse(id).orElseThrow();
        if (item.type() == DeadLetterType.MESSAGE && pile.state(id).equals("RECEIVED")) {
          end(id, "UPDATE inbox_message SET state = 'APPLIED'");
        } else if (item.type() == DeadLetterType.DELIVERY && pile.state(id).equals("READY")) {
          if (byId.get(id).cured()) {
            partner.putIfAbsent(key(id), 1); // the same key has its effect once
          }
          end(id, "UPDATE delivery SET state = 'CONFIRMED', outcome_unknown = false");
        }
      }
    }

    private void end(String id, String update) {
      if (byId.get(id).cured()) {
        pile.execute(update + ", fence = fence + 1 WHERE id = " + id.substring(4));
      } else {
        pile.failsAgain(id, FailureKind.INVALID, "Still wrong. Look again.");
      }
    }

    private boolean allocate(UUID order) {
      var id = ItemId.ofOrder(order);
      if (!byId.get(id).cured()) {
        return false;
      }
      pile.execute(
          "UPDATE sales_order SET hold = NULL, revision = revision + 1 WHERE hold IS NOT NULL AND id = '"
              + order
              + "'");
      return true;
    }

    private String key(String id) {
      return pile.row(id).get("idempotency_key");
    }

    /** Everything that matters: not how often it was tried, but what came of it. */
    Map<String, Object> picture() {
      var picture = new TreeMap<String, Object>();
      for (int i = 0; i < ids.size(); i++) {
        var row = pile.row(ids.get(i));
        var state = new TreeMap<String, String>();
        for (var column :
            List.of(
                "state",
                "hold",
                "lane",
                "message_key",
                "idempotency_key",
                "content",
                "revision",
                "outcome_unknown",
                "dedupe_key")) {
          state.put(column, String.valueOf(row.get(column)));
        }
        picture.put(String.valueOf(i), dead.get(i) + " " + state);
      }
      picture.put("partner", Map.copyOf(partner));
      picture.put(
          "rows",
          List.of(
              pile.number("SELECT count(*) FROM inbox_message"),
              pile.number("SELECT count(*) FROM delivery"),
              pile.number("SELECT count(*) FROM sales_order")));
      return picture;
    }
  }
}
