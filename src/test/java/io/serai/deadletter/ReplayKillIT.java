package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** A bulk replay that is killed, wherever it is: nothing is replayed twice, nothing is left out. */
class ReplayKillIT {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private Pile pile;
  private Replay replay;

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    replay = new Replay(database.dataSource(), clock, order -> true);
    // counts what the figures must agree with: every change from dead to alive
    pile.execute("DROP TABLE IF EXISTS revival");
    pile.execute("CREATE TABLE revival (item text)");
    pile.execute(
        """
        CREATE OR REPLACE FUNCTION count_revival() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state IN ('PARKED', 'REFUSED') AND NEW.state IN ('RECEIVED', 'READY') THEN
            INSERT INTO revival VALUES (TG_ARGV[0] || NEW.id);
          END IF;
          RETURN NEW;
        END $$
        """);
    for (var table : Map.of("inbox_message", "msg_", "delivery", "dlv_").entrySet()) {
      pile.execute(
          """
          CREATE OR REPLACE TRIGGER count_revival AFTER UPDATE ON %s
          FOR EACH ROW EXECUTE FUNCTION count_revival('%s')
          """
              .formatted(table.getKey(), table.getValue()));
    }
  }

  @Test
  void aWorkerThatDiesAtAnyStatementLeavesNothingOutAndReplaysNothingTwice() {
    var deaths = 0;
    for (int statement = 1; ; statement++) {
      begin();
      for (int i = 0; i < 6; i++) {
        pile.message().lies();
        pile.delivery().lies();
      }
      pile.order().lies();
      var job = replay.start(Selection.everything(), 1_000, false, null, "ann");

      var mortal = new Mortal(database.dataSource(), statement);
      var died = run(worker(mortal.dataSource(), clock, "mortal"));
      clock.advance(Duration.ofSeconds(31));
      run(worker(database.dataSource(), clock, "heir"));

      var done = replay.find(job.id()).orElseThrow();
      assertThat(done.state()).as("died at %d", statement).isEqualTo(ReplayJob.State.DONE);
      assertThat(done.replayed() + done.skipped()).as("died at %d", statement).isEqualTo(13);
      assertThat(done.replayed()).as("died at %d", statement).isGreaterThanOrEqualTo(12);
      assertThat(pile.number("SELECT count(*) FROM revival")).isEqualTo(12);
      assertThat(pile.number("SELECT count(DISTINCT item) FROM revival")).isEqualTo(12);
      if (!died) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).as("places to die at").isGreaterThan(15);
  }

  @Test
  void aProcessKilledInsideABatchLosesTheBatchAndTheNextOneDoesItAgain() throws Exception {
    pile(1_500);
    var job = replay.start(Selection.everything(), 10_000, false, null, "ann");

    for (var hit : new int[] {1, 2, 3}) {
      assertThat(child("P16:" + hit)).isEqualTo(137);
    }
    var between = replay.find(job.id()).orElseThrow();
    assertThat(between.replayed()).isEqualTo(pile.number("SELECT count(*) FROM revival"));
    assertThat(child(null)).isZero();

    var done = replay.find(job.id()).orElseThrow();
    assertThat(done.state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(done.replayed()).isEqualTo(1_500);
    assertThat(pile.number("SELECT count(*) FROM revival")).isEqualTo(1_500);
    assertThat(pile.number("SELECT count(DISTINCT item) FROM revival")).isEqualTo(1_500);
  }

  @Test
  @Tag("long")
  void aHundredThousandWithFiveKillsGoAtFiveHundredASecondOrMore() throws Exception {
    pile(100_000);
    var job = replay.start(Selection.everything(), 10_000, false, null, "ann");
    var started = System.nanoTime();

    for (int kill = 1; kill <= 5; kill++) {
      assertThat(child("P16:" + 20 * kill)).isEqualTo(137);
    }
    assertThat(child(null)).isZero();

    var seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
    var done = replay.find(job.id()).orElseThrow();
    assertThat(done.replayed()).isEqualTo(100_000);
    assertThat(pile.number("SELECT count(DISTINCT item) FROM revival")).isEqualTo(100_000);
    assertThat(pile.number("SELECT count(*) FROM revival")).isEqualTo(100_000);
    assertThat(100_000 / seconds).as("items a second, kills included").isGreaterThan(500);
  }

  @Test
  @Tag("long")
  void aMillionAreSelectedFrozenCountedAndLetGo() {
    pile(1_000_000);

    var job = replay.start(Selection.everything(), 10_000, false, null, "ann");

    assertThat(job.total()).isEqualTo(1_000_000);
    assertThat(pile.number("SELECT count(*) FROM replay_item")).isEqualTo(1_000_000);
    replay.abort(job.id(), "a slip", "ann");
    assertThat(replay.find(job.id()).orElseThrow().state()).isEqualTo(ReplayJob.State.ABORTED);
    assertThat(pile.number("SELECT count(*) FROM revival")).isZero();
    assertThat(pile.number("SELECT count(*) FROM inbox_message WHERE state = 'PARKED'"))
        .isEqualTo(1_000_000);
  }

  /** Works every running job until none is left; its clock runs, and fast. */
  static final class Worker {
    public static void main(String[] arguments) throws Exception {
      var dataSource = new PGSimpleDataSource();
      dataSource.setUrl(arguments[0]);
      dataSource.setUser(arguments[1]);
      dataSource.setPassword(arguments[2]);
      // each life begins after the lease of the one before has lapsed
      var clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(Long.parseLong(arguments[3])));
      var replay = new Replay(dataSource, clock, order -> true);
      try (var worker = worker(dataSource, clock, "life-" + ProcessHandle.current().pid())) {
        while (replay.jobs(null, 1).items().getFirst().state() == ReplayJob.State.RUNNING) {
          if (worker.runDue() == 0) {
            Thread.onSpinWait();
          }
        }
      }
    }
  }

  private static final AtomicInteger LIVES = new AtomicInteger();

  private static int child(String crashPoint) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (crashPoint != null) {
      command.add("-Dserai.crash-point=" + crashPoint);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Worker.class.getName());
    command.add(database.url());
    command.add(TestDatabase.server().user());
    command.add(TestDatabase.server().password());
    command.add(String.valueOf(LIVES.incrementAndGet()));
    var process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private void pile(int messages) {
    pile.execute(
        """
        INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state,
          received_at, due_at, order_id)
        SELECT 'a', 'order', 'a/' || n, n, n, 'PARKED', now(), now(), gen_random_uuid()
        FROM generate_series(1, %d) n
        """
            .formatted(messages));
  }

  private static ReplayWorker worker(DataSource dataSource, Clock clock, String holder) {
    return new ReplayWorker(dataSource, clock, holder, order -> true, null, Spike.USUAL);
  }

  /** Whether it died on the way. */
  private boolean run(ReplayWorker worker) {
    try {
      for (int i = 0; i < 3; i++) {
        worker.runDue();
        clock.advance(Duration.ofMillis(500));
      }
      return false;
    } catch (RuntimeException died) {
      return true;
    }
  }

  /** A database that is gone from the n-th statement or commit on, for whoever uses it. */
  private static final class Mortal {
    private static final Set<String> STEPS =
        Set.of("execute", "executeQuery", "executeUpdate", "commit");
    private final DataSource alive;
    private final AtomicInteger left;

    Mortal(DataSource alive, int statement) {
      this.alive = alive;
      this.left = new AtomicInteger(statement);
    }

    DataSource dataSource() {
      return proxy(DataSource.class, alive);
    }

    private <T> T proxy(Class<T> type, T target) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                if (STEPS.contains(method.getName()) && left.decrementAndGet() <= 0) {
                  throw new SQLException("killed", "08006");
                }
                try {
                  var result = method.invoke(target, arguments);
                  if (result instanceof Connection connection) {
                    return proxy(Connection.class, connection);
                  }
                  if (result instanceof PreparedStatement statement) {
                    return proxy(PreparedStatement.class, statement);
                  }
                  return result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              }));
    }
  }
}
