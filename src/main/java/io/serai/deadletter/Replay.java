package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;
import static io.serai.deadletter.Transaction.instant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The way back in: one dead letter at once, or many as a durable job that {@link ReplayWorker}
 * works. What is replayed keeps its id, key, lane, idempotency key and content, so replaying a
 * second time finds nothing left to do, and a partner that heard of it before recognizes it.
 *
 * <p>The gap: replayed means given back to the engine. Whether it goes well this time is the
 * engine's to find out; what fails again is a dead letter again.
 */
public final class Replay {
  /** Items a second, at most. */
  public static final int RATE_LIMIT = 10_000;

  /** Longest ramp, in seconds. */
  public static final int RAMP_LIMIT = 86_400;

  private static final int PAGE_LIMIT = 500;
  private static final String COLUMNS =
      """
      SELECT id, selection, step, patch, patch IS NULL AND patch_reason IS NOT NULL AS patch_gone, dry_run, rate, ramp_seconds, state, reason, purpose, repeats, actor, total, replayed,
             skipped, failed, created_at, finished_at
      FROM replay_job
      """;

  private final DataSource database;
  private final Clock clock;
  private final HoldReplay holds;

  /** Replays within one database; {@code holds} runs a held order again. */
  public Replay(DataSource database, Clock clock, HoldReplay holds) {
    this.database = database;
    this.clock = clock;
    this.holds = holds;
  }

  /**
   * Replays one dead letter now. A delivery of unknown outcome that may not be repeated is refused
   * and has to be resolved instead.
   *
   * @param reason why, or null
   * @param fence the version that the operator saw, or {@link DeadLetters#AS_IT_IS}
   */
  public Verdict one(String id, String reason, String actor, long fence) {
    var verdict =
        new Verb(database, clock, "replay", actor, reason)
            .on(
                id,
                fence,
                (connection, target, now) -> {
                  if (target.needsChoice()) {
                    return new Verdict.Refused(
                        "%s may have had its effect at '%s', and asking again may do it twice. Find"
                                .formatted(target.name(), target.destination())
                            + " out there, then resolve it: it happened, under which reference, or"
                            + " it did not.");
                  }
                  if (target.item().type() == DeadLetterType.ORDER) {
                    // run below, without this transaction's lock, which its own would wait for
                    return new Verdict.Done(target.id(), target.state(), target.fence());
                  }
                  var obstacle = Obstacles.why(connection, target);
                  if (obstacle != null) {
                    return new Verdict.Refused(obstacle);
                  }
                  var fenceNow = Revival.of(connection, target, now);
                  DeadLetters.tell(connection, target, "replayed", "was replayed", actor, now);
                  return new Verdict.Done(
                      target.id(),
                      target.item().type() == DeadLetterType.MESSAGE ? "RECEIVED" : "READY",
                      fenceNow);
                });
    if (verdict instanceof Verdict.Done done) {
      var item = ItemId.parse(done.id()).orElseThrow();
      if (item.type() == DeadLetterType.ORDER) {
        holds.replay(item.order());
        return Transaction.run(
            database,
            connection -> {
              var order = Target.lock(connection, item).orElseThrow();
              return new Verdict.Done(order.id(), order.state(), order.fence());
            });
      }
    }
    return verdict;
  }

  /**
   * Freezes a selection as a job, in one transaction, and lets it run. An item that changes between
   * now and its turn is skipped; two jobs over the same items replay each of them once.
   *
   * @param rate items a second, from 1 to {@link #RATE_LIMIT}
   * @param dryRun only look what would happen
   * @param reason why, or null
   * @throws IllegalArgumentException for a rate out of range
   */
  public ReplayJob start(
      Selection selection, int rate, boolean dryRun, String reason, String actor) {
    return start(selection, rate, 0, dryRun, reason, actor);
  }

  /**
   * The same, growing from one item a second to the rate. When what is replayed fails again (see
   * {@link Spike}), the job pauses by itself, and while it grows little was replayed by then.
   *
   * @param rampSeconds how long it grows, from 0 (not at all) to {@link #RAMP_LIMIT}
   */
  public ReplayJob start(
      Selection selection, int rate, int rampSeconds, boolean dryRun, String reason, String actor) {
    return start(selection, rate, rampSeconds, dryRun, reason, actor, Integer.MAX_VALUE);
  }

  /**
   * The same; but when more than {@code alone} items are to be replayed, the job waits as PROPOSED
   * until somebody else {@link #approve approves} it.
   */
  public ReplayJob start(
      Selection selection,
      int rate,
      int rampSeconds,
      boolean dryRun,
      String reason,
      String actor,
      int alone) {
    return start(selection, new Terms(null, null, rate, rampSeconds, dryRun, alone), reason, actor);
  }

  /**
   * How the items of a job are run.
   *
   * @param step where each is taken up again, or null for the usual way back
   * @param patch a change that each payload gets first, as {@link JsonPatch} reads it, or null; one
   *     that it does not fit, or that would fail all the same, is left as it is
   * @param rate items a second
   * @param rampSeconds how long the rate takes to grow to that
   * @param dryRun only look what would happen
   * @param alone of more items than this the job is PROPOSED
   */
  public record Terms(
      ReplayStep step, JsonNode patch, int rate, int rampSeconds, boolean dryRun, int alone) {}

  /**
   * The same on these terms, so that only what a step or a patch is for is selected.
   *
   * @throws IllegalArgumentException with the sentence when the selection can hold nothing of that,
   *     a patch is none or has no reason, or a number is out of range
   */
  public ReplayJob start(Selection selection, Terms terms, String reason, String actor) {
    return start(selection, terms, null, reason, actor);
  }

  /**
   * The same, as a repetition.
   *
   * @param repeats the replay of which it takes up what is left, or null
   */
  public ReplayJob start(
      Selection selection, Terms terms, String repeats, String reason, String actor) {
    var step = terms.step();
    var rate = terms.rate();
    var rampSeconds = terms.rampSeconds();
    var dryRun = terms.dryRun();
    if (terms.patch() != null) {
      JsonPatch.of(terms.patch());
      if (step != null && step != ReplayStep.NORMALIZE) {
        throw new IllegalArgumentException(
            "A patch changes the bytes of messages, which run from step 'normalize'. Leave the step or the patch out.");
      }
      if (!dryRun && (reason == null || reason.isBlank())) {
        throw new IllegalArgumentException(GroupPatch.NO_REASON);
      }
      step = ReplayStep.NORMALIZE;
    }
    if (step != null && !selection.covers(step.type())) {
      throw new IllegalArgumentException(
          "From step '%s' only dead letters of type %s are replayed, and the selection can hold none. Change one of them."
              .formatted(step.name().toLowerCase(Locale.ROOT), step.type()));
    }
    var from = step;
    var meant = step == null ? selection : selection.ofType(step.type());
    if (rampSeconds < 0 || rampSeconds > RAMP_LIMIT) {
      throw new IllegalArgumentException(
          "Ramp '%d' is out of range. Give seconds, from 0 to %d."
              .formatted(rampSeconds, RAMP_LIMIT));
    }
    if (rate < 1 || rate > RATE_LIMIT) {
      throw new IllegalArgumentException(
          "Rate '%d' is out of range. Give items a second, from 1 to %d."
              .formatted(rate, RATE_LIMIT));
    }
    return Transaction.snapshot(
        database,
        connection -> {
          var now = clock.instant();
          var id = insert(connection, meant, terms, from, repeats, reason, actor, now);
          var total = DeadLetterQuery.freeze(connection, id, meant);
          var proposed = !dryRun && total > terms.alone();
          try (var update =
              connection.prepareStatement(
                  """
                  UPDATE replay_job
                  SET total = ?, state = CASE WHEN ? = 0 THEN 'DONE' WHEN ? THEN 'PROPOSED' ELSE state END,
                      finished_at = CASE WHEN ? = 0 THEN created_at END
                  WHERE id = ?
                  """)) {
            update.setInt(1, total);
            update.setInt(2, total);
            update.setBoolean(3, proposed);
            update.setInt(4, total);
            update.setLong(5, id);
            update.executeUpdate();
          }
          Trail.audit(
              connection,
              actor,
              dryRun ? "replay.dry-run" : proposed ? "replay.propose" : "replay.start",
              jobId(id),
              reason,
              null,
              meant
                  .toJson()
                  .put("from", from == null ? null : from.name().toLowerCase(Locale.ROOT))
                  .<ObjectNode>set("patch", outline(terms.patch()))
                  .put("total", total)
                  .put("rate", rate)
                  .put("rampSeconds", rampSeconds),
              now);
          return find(connection, id).orElseThrow();
        });
  }

  /** Stops a running job; when this has returned, no further item of it is replayed. */
  public Verdict pause(String id, String reason, String actor) {
    return move(id, "pause", List.of("RUNNING"), ReplayJob.State.PAUSED, reason, actor);
  }

  /** Lets a paused job go on where it was; failures from before do not stop it again. */
  public Verdict resume(String id, String actor) {
    return move(id, "resume", List.of("PAUSED"), ReplayJob.State.RUNNING, null, actor);
  }

  /** Lets a proposed job run; who asked for it must be somebody else, which the caller judges. */
  public Verdict approve(String id, String reason, String actor) {
    return move(id, "approve", List.of("PROPOSED"), ReplayJob.State.RUNNING, reason, actor);
  }

  /** Ends a job; what was replayed stays replayed, the rest stays a dead letter. */
  public Verdict abort(String id, String reason, String actor) {
    return move(
        id,
        "abort",
        List.of("RUNNING", "PAUSED", "PROPOSED"),
        ReplayJob.State.ABORTED,
        reason,
        actor);
  }

  /** One job as it stands. */
  public Optional<ReplayJob> find(String id) {
    var number = jobNumber(id);
    return number.isEmpty()
        ? Optional.empty()
        : Transaction.run(database, connection -> find(connection, number.get()));
  }

  /**
   * Jobs, newest first.
   *
   * @param cursor {@link Page#next} of the page before, or null
   */
  public Page<ReplayJob> jobs(String cursor, int limit) {
    return jobs(null, cursor, limit);
  }

  /**
   * Jobs over one group, newest first; those over its members by id are not among them.
   *
   * @param fingerprint the group, or null for all jobs
   */
  public Page<ReplayJob> jobs(String fingerprint, String cursor, int limit) {
    var most = Math.clamp(limit, 1, PAGE_LIMIT);
    var before = jobNumber(cursor).orElse(Long.MAX_VALUE);
    var jobs =
        Transaction.run(
            database,
            connection -> {
              try (var select =
                  connection.prepareStatement(
                      COLUMNS
                          + " WHERE id < ? AND (?::text IS NULL OR selection ->> 'fingerprint' = ?)"
                          + " ORDER BY id DESC LIMIT ?")) {
                select.setLong(1, before);
                select.setString(2, fingerprint);
                select.setString(3, fingerprint);
                select.setInt(4, most + 1);
                var found = new ArrayList<ReplayJob>();
                try (var rows = select.executeQuery()) {
                  while (rows.next()) {
                    found.add(job(rows));
                  }
                }
                return found;
              }
            });
    var full = jobs.size() > most;
    var page = full ? jobs.subList(0, most) : jobs;
    return new Page<>(List.copyOf(page), full ? page.getLast().id() : null);
  }

  /**
   * Items of a job in their order.
   *
   * @param state only those in this state, or null for all
   * @param cursor {@link Page#next} of the page before, or null
   */
  public Page<ReplayItem> items(String id, ReplayItem.State state, String cursor, int limit) {
    var number = jobNumber(id);
    if (number.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    var most = Math.clamp(limit, 1, PAGE_LIMIT);
    var after = ordinal(cursor);
    var items =
        Transaction.run(
            database,
            connection -> {
              try (var select =
                  connection.prepareStatement(
                      """
                      SELECT item, ordinal, state, detail, worked_at FROM replay_item
                      WHERE job_id = ? AND ordinal > ? AND (?::text IS NULL OR state = ?)
                      ORDER BY ordinal LIMIT ?
                      """)) {
                select.setLong(1, number.get());
                select.setInt(2, after);
                select.setString(3, state == null ? null : state.name());
                select.setString(4, state == null ? null : state.name());
                select.setInt(5, most + 1);
                var found = new ArrayList<ReplayItem>();
                try (var rows = select.executeQuery()) {
                  while (rows.next()) {
                    found.add(
                        new ReplayItem(
                            rows.getString(1),
                            rows.getInt(2),
                            ReplayItem.State.valueOf(rows.getString(3)),
                            rows.getString(4),
                            instant(rows.getObject(5, OffsetDateTime.class))));
                  }
                }
                return found;
              }
            });
    var full = items.size() > most;
    var page = full ? items.subList(0, most) : items;
    return new Page<>(List.copyOf(page), full ? String.valueOf(page.getLast().ordinal()) : null);
  }

  private Verdict move(
      String id, String verb, List<String> from, ReplayJob.State to, String reason, String actor) {
    var number = jobNumber(id);
    if (number.isEmpty()) {
      return absent(id);
    }
    return Transaction.run(
        database,
        connection -> {
          var now = clock.instant();
          String state;
          try (var select =
              connection.prepareStatement(
                  "SELECT state FROM replay_job WHERE id = ? FOR NO KEY UPDATE")) {
            select.setLong(1, number.get());
            try (var row = select.executeQuery()) {
              if (!row.next()) {
                return absent(id);
              }
              state = row.getString(1);
            }
          }
          if (!from.contains(state)) {
            return new Verdict.Changed(
                "Replay '%s' is %s; only a %s one can be told to %s. Look at it again."
                    .formatted(id, state, String.join(" or ", from), verb),
                state,
                0);
          }
          try (var update =
              connection.prepareStatement(
                  """
                  UPDATE replay_job
                  SET state = ?, reason = ?,
                      watched_from = CASE WHEN ? = 'RUNNING' THEN ? ELSE watched_from END,
                      finished_at = CASE WHEN ? = 'ABORTED' THEN ? END
                  WHERE id = ?
                  """)) {
            update.setString(1, to.name());
            update.setString(2, reason);
            update.setString(3, to.name());
            update.setObject(4, at(now));
            update.setString(5, to.name());
            update.setObject(6, at(now));
            update.setLong(7, number.get());
            update.executeUpdate();
          }
          Trail.audit(
              connection,
              actor,
              "replay." + verb,
              id,
              reason,
              Verb.state(state, 0),
              Verb.state(to.name(), 0),
              now);
          return new Verdict.Done(id, to.name(), 0);
        });
  }

  private static long insert(
      Connection connection,
      Selection selection,
      Terms terms,
      ReplayStep step,
      String repeats,
      String reason,
      String actor,
      Instant now)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO replay_job
              (selection, step, dry_run, rate, ramp_seconds, state, actor, total, created_at, watched_from,
               patch, patch_reason, purpose, repeats)
            VALUES (?::json, ?, ?, ?, ?, 'RUNNING', ?, 0, ?, ?, ?::json, ?, ?, ?)
            RETURNING id
            """)) {
      insert.setString(1, selection.toJson().toString());
      insert.setString(2, step == null ? null : step.name());
      insert.setBoolean(3, terms.dryRun());
      insert.setInt(4, terms.rate());
      insert.setInt(5, terms.rampSeconds());
      insert.setString(6, actor);
      insert.setObject(7, at(now));
      insert.setObject(8, at(now));
      insert.setString(9, terms.patch() == null ? null : terms.patch().toString());
      insert.setString(10, terms.patch() == null ? null : reason);
      insert.setString(11, reason);
      insert.setObject(12, jobNumber(repeats).orElse(null), java.sql.Types.BIGINT);
      try (var row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  static Optional<ReplayJob> find(Connection connection, long id) throws SQLException {
    try (var select = connection.prepareStatement(COLUMNS + " WHERE id = ?")) {
      select.setLong(1, id);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(job(row)) : Optional.empty();
      }
    }
  }

  private static ReplayJob job(ResultSet row) throws SQLException {
    return new ReplayJob(
        jobId(row.getLong("id")),
        row.getString("selection"),
        step(row.getString("step")),
        row.getString("patch"),
        row.getBoolean("patch_gone"),
        row.getBoolean("dry_run"),
        row.getInt("rate"),
        row.getInt("ramp_seconds"),
        ReplayJob.State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("purpose"),
        row.getObject("repeats") == null ? null : jobId(row.getLong("repeats")),
        row.getString("actor"),
        row.getInt("total"),
        row.getInt("replayed"),
        row.getInt("skipped"),
        row.getInt("failed"),
        instant(row.getObject("created_at", OffsetDateTime.class)),
        instant(row.getObject("finished_at", OffsetDateTime.class)));
  }

  /**
   * Which places a patch changes and how, without the values, which may name a person; null for
   * none.
   */
  public static JsonNode outline(JsonNode patch) {
    if (patch == null) {
      return null;
    }
    var outline = JsonNodeFactory.instance.arrayNode();
    if (patch.isArray()) {
      patch.forEach(one -> outline.add(one.path("op").asText() + " " + one.path("path").asText()));
    } else {
      patch.fieldNames().forEachRemaining(name -> outline.add("merge /" + name));
    }
    return outline;
  }

  static ReplayStep step(String name) {
    return name == null ? null : ReplayStep.valueOf(name);
  }

  static String jobId(long number) {
    return "rpl_" + number;
  }

  static Optional<Long> jobNumber(String id) {
    if (id == null || !id.startsWith("rpl_")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(id.substring(4)));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static int ordinal(String cursor) {
    try {
      return cursor == null ? 0 : Integer.parseInt(cursor);
    } catch (NumberFormatException unreadable) {
      return 0;
    }
  }

  private static Verdict absent(String id) {
    return new Verdict.Absent(
        "Replay '%s' does not exist. List the replays to find its id.".formatted(id));
  }
}
