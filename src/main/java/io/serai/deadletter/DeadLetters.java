package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;
import static io.serai.deadletter.Transaction.instant;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Sha256;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Everything that stopped, and the verbs that end it without running it again. Reads see committed
 * state of one instant. Each verb is one transaction that holds the change, its audit entry and the
 * line in the order's timeline; it is refused when the thing changed since the operator looked.
 *
 * <p>The gap: a verb decides about the hub's record only. A delivery that is discarded may have had
 * its effect at the partner; who discards it says in the reason what was found out.
 */
public final class DeadLetters {
  /** Instead of a fence: whatever the version is, as long as it is still a dead letter. */
  public static final long AS_IT_IS = -1;

  /** An edited payload may not be larger. */
  public static final int PAYLOAD_LIMIT = 5 * 1024 * 1024;

  private static final int PAGE_LIMIT = 500;
  private static final int GROUP_LIMIT = 1_000;

  private final DataSource database;
  private final Clock clock;
  private final Aftermath aftermath;
  private final LockedFields locked;

  /** Dead letters of one database, of whose payloads anything may be edited. */
  public DeadLetters(DataSource database, Clock clock, Aftermath aftermath) {
    this(database, clock, aftermath, LockedFields.none());
  }

  /**
   * Dead letters of one database.
   *
   * @param aftermath follows when a person ends a delivery
   * @param locked what no edit of a payload may change
   */
  public DeadLetters(DataSource database, Clock clock, Aftermath aftermath, LockedFields locked) {
    this.database = database;
    this.clock = clock;
    this.aftermath = aftermath;
    this.locked = locked;
  }

  /**
   * One page, newest failure first.
   *
   * @param cursor {@link Page#next} of the page before; null or unreadable = from the start
   * @param limit at most this many, and never more than 500
   */
  public Page<DeadLetter> list(Selection selection, String cursor, int limit) {
    var most = Math.clamp(limit, 1, PAGE_LIMIT);
    var after = cursor == null ? null : DeadLetterQuery.Cursor.decode(cursor).orElse(null);
    var found =
        Transaction.run(
            database, connection -> DeadLetterQuery.page(connection, selection, after, most + 1));
    var full = found.size() > most;
    var page = full ? found.subList(0, most) : found;
    return new Page<>(
        page.stream().map(DeadLetterQuery.Found::deadLetter).toList(),
        full ? page.getLast().cursor().encoded() : null);
  }

  /** How many there are. */
  public int count(Selection selection) {
    return Transaction.run(database, connection -> DeadLetterQuery.count(connection, selection));
  }

  /** Grouped by cause, largest group first; at most a thousand groups. */
  public List<DeadLetterGroup> groups(Selection selection) {
    return Transaction.run(
        database, connection -> DeadLetterQuery.groups(connection, selection, GROUP_LIMIT));
  }

  /** Counted by something else than the cause, largest part first; at most a thousand parts. */
  public List<DeadLetterCount> counts(Selection selection, DeadLetterCount.By by) {
    return Transaction.run(
        database, connection -> DeadLetterQuery.counts(connection, selection, by, GROUP_LIMIT));
  }

  /** One dead letter with its past; empty when it is none, or none any more. */
  public Optional<DeadLetterHistory> find(String id) {
    var item = ItemId.parse(id);
    if (item.isEmpty()) {
      return Optional.empty();
    }
    return Transaction.snapshot(
        database,
        connection -> {
          var page = DeadLetterQuery.page(connection, Selection.of(id), null, 1);
          if (page.isEmpty()) {
            return Optional.empty();
          }
          return Optional.of(
              new DeadLetterHistory(
                  page.getFirst().deadLetter(),
                  failures(connection, item.get()),
                  waitingBehind(connection, item.get())));
        });
  }

  /**
   * Gives a message or delivery up for good; what waits behind it in its lane goes on.
   *
   * @param reason why it may be left undone; required
   * @param fence the version that the operator saw, or {@link #AS_IT_IS}
   */
  public Verdict discard(String id, String reason, String actor, long fence) {
    if (isBlank(reason)) {
      return new Verdict.Refused(
          "Discarding '%s' needs a reason. Say why it may be left undone.".formatted(id));
    }
    return new Verb(database, clock, "discard", actor, reason)
        .on(
            id,
            fence,
            (connection, target, now) ->
                switch (target.item().type()) {
                  case MESSAGE -> discardMessage(connection, target, reason, actor, now);
                  case DELIVERY -> discardDelivery(connection, target, reason, actor, now);
                  case ORDER ->
                      new Verdict.Refused(
                          "%s is held and cannot be discarded. Cancel the order, or cure the hold"
                                  .formatted(target.name())
                              + " and replay it.");
                });
  }

  /**
   * Replaces the bytes of a parked message and runs it again: same id, same key, same lane, same
   * dedupe key. The bytes before are kept with who replaced them and why. What the message is known
   * by ({@link LockedFields}) has to be in the new bytes as it was in the old ones.
   *
   * @param body the new bytes, in the content type of the old ones
   * @param reason why; required
   * @param fence the version that the operator saw, or {@link #AS_IT_IS}
   */
  public Verdict edit(String id, byte[] body, String reason, String actor, long fence) {
    if (isBlank(reason)) {
      return new Verdict.Refused(
          "Editing '%s' needs a reason. Say what was wrong with it.".formatted(id));
    }
    if (body.length == 0 || body.length > PAYLOAD_LIMIT) {
      return new Verdict.Refused(
          "The new payload of '%s' has %d bytes. Give between 1 and %d."
              .formatted(id, body.length, PAYLOAD_LIMIT));
    }
    return new Verb(database, clock, "edit", actor, reason)
        .on(
            id,
            fence,
            (connection, target, now) ->
                target.item().type() == DeadLetterType.MESSAGE
                    ? editMessage(connection, target, body, locked, reason, actor, now)
                    : new Verdict.Refused(
                        "%s is no message, and only messages can be edited. %s"
                            .formatted(
                                target.name(),
                                target.cause() == null
                                    ? "Replay or discard it."
                                    : "Edit message '%s' that caused it, or replay it."
                                        .formatted(ItemId.ofMessage(target.cause())))));
  }

  /**
   * Ends what somebody did by hand: a message is discarded and a delivery confirmed, under the
   * reference that it has there. Or settles a delivery whose outcome nobody knows, by what a person
   * found out at the partner. It happened: CONFIRMED with the partner's reference, nothing is sent.
   * It did not: sent again under the same idempotency key.
   *
   * @param reason how it was found out; required
   * @param fence the version that the operator saw, or {@link #AS_IT_IS}
   */
  public Verdict resolve(
      String id, Resolution resolution, String reason, String actor, long fence) {
    if (isBlank(reason)) {
      return new Verdict.Refused(
          "Resolving '%s' needs a reason. Say how it was found out.".formatted(id));
    }
    return new Verb(database, clock, "resolve", actor, reason)
        .on(
            id,
            fence,
            (connection, target, now) -> {
              if (resolution instanceof Resolution.Elsewhere elsewhere) {
                return elsewhere(connection, target, elsewhere.reference(), reason, actor, now);
              }
              if (target.item().type() != DeadLetterType.DELIVERY || !target.outcomeUnknown()) {
                return new Verdict.Refused(
                    "%s has no unknown outcome, so there is nothing to choose. Replay or discard"
                            .formatted(target.name())
                        + " it.");
              }
              if (resolution instanceof Resolution.Happened happened) {
                return isBlank(happened.reference())
                    ? new Verdict.Refused(
                        "Saying that '%s' happened needs the reference that '%s' gave it. Look it"
                                .formatted(target.id(), target.destination())
                            + " up there.")
                    : confirm(connection, target, happened.reference(), actor, now);
              }
              var obstacle = Obstacles.why(connection, target);
              if (obstacle != null) {
                return new Verdict.Refused(obstacle);
              }
              var fenceNow = Revival.ofKnownAbsent(connection, target, now);
              tell(connection, target, "resolved", "did not happen and is sent again", actor, now);
              return new Verdict.Done(target.id(), "READY", fenceNow);
            });
  }

  private Verdict elsewhere(
      Connection connection,
      Target target,
      String reference,
      String reason,
      String actor,
      Instant now)
      throws SQLException {
    if (isBlank(reference)) {
      return new Verdict.Refused(
          "Saying that '%s' was done elsewhere needs the reference that it has there. Look it up."
              .formatted(target.id()));
    }
    return switch (target.item().type()) {
      case MESSAGE ->
          discardMessage(
              connection,
              target,
              "Done elsewhere as '%s': %s".formatted(reference, reason),
              actor,
              now);
      case DELIVERY -> confirm(connection, target, reference, actor, now);
      case ORDER ->
          new Verdict.Refused(
              "%s is held and is not done elsewhere as a whole. Cancel it, or release it."
                  .formatted(target.name()));
    };
  }

  private Verdict confirm(
      Connection connection, Target target, String reference, String actor, Instant now)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE delivery
            SET state = 'CONFIRMED', remote_id = ?, outcome_unknown = false, finished_at = ?,
                fence = fence + 1, lease_owner = NULL, lease_until = NULL
            WHERE id = ? AND fence = ?
            """)) {
      update.setString(1, reference);
      update.setObject(2, at(now));
      update.setLong(3, target.item().number());
      update.setLong(4, target.fence());
      update.executeUpdate();
    }
    aftermath.confirmed(connection, target.item().number(), reference);
    tell(connection, target, "resolved", "happened, as '" + reference + "'", actor, now);
    return new Verdict.Done(target.id(), "CONFIRMED", target.fence() + 1);
  }

  private Verdict discardMessage(
      Connection connection, Target target, String reason, String actor, Instant now)
      throws SQLException {
    discard(connection, "inbox_message", target, reason, now);
    tell(connection, target, "discarded", "was discarded", actor, now);
    return new Verdict.Done(target.id(), "DISCARDED", target.fence() + 1);
  }

  private Verdict discardDelivery(
      Connection connection, Target target, String reason, String actor, Instant now)
      throws SQLException {
    discard(connection, "delivery", target, reason, now);
    aftermath.discarded(connection, target.item().number(), reason);
    tell(connection, target, "discarded", "was discarded", actor, now);
    return new Verdict.Done(target.id(), "DISCARDED", target.fence() + 1);
  }

  private static void discard(
      Connection connection, String table, Target target, String reason, Instant now)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE %s
            SET state = 'DISCARDED', reason = ?, finished_at = ?, fence = fence + 1,
                lease_owner = NULL, lease_until = NULL
            WHERE id = ? AND fence = ?
            """
                .formatted(table))) {
      update.setString(1, reason);
      update.setObject(2, at(now));
      update.setLong(3, target.item().number());
      update.setLong(4, target.fence());
      update.executeUpdate();
    }
  }

  static Verdict editMessage(
      Connection connection,
      Target target,
      byte[] body,
      LockedFields locked,
      String reason,
      String actor,
      Instant now)
      throws SQLException {
    var sha256 = Sha256.of(body);
    byte[] before;
    Normalizer.Raw raw;
    try (var select =
        connection.prepareStatement(
            """
            SELECT p.sha256, m.account, m.document, m.event_type, m.message_key, p.content_type, p.body
            FROM inbox_message m
            JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
            WHERE m.id = ?
            """)) {
      select.setLong(1, target.item().number());
      try (var row = select.executeQuery()) {
        if (!row.next()) {
          return new Verdict.Refused(
              "The payload of '%s' is past its retention and gone. Discard it."
                  .formatted(target.id()));
        }
        before = row.getBytes(1);
        raw =
            new Normalizer.Raw(
                target.item().number(),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getBytes(7));
      }
    }
    if (MessageDigest.isEqual(before, sha256)) {
      return new Verdict.Refused(
          "The new payload of '%s' equals the old one. Replay it instead.".formatted(target.id()));
    }
    var refusal = locked.refusal(raw, body);
    if (refusal.isPresent()) {
      return new Verdict.Refused(refusal.get());
    }
    try (var keep =
        connection.prepareStatement(
            """
            INSERT INTO message_edit
              (message_id, edited_at, received_at, actor, reason, content_type, sha256, body)
            SELECT m.id, ?, m.received_at, ?, ?, p.content_type, p.sha256, p.body
            FROM inbox_message m
            JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
            WHERE m.id = ?
            """)) {
      keep.setObject(1, at(now));
      keep.setString(2, actor);
      keep.setString(3, reason);
      keep.setLong(4, target.item().number());
      keep.executeUpdate();
    }
    try (var replace =
        connection.prepareStatement(
            """
            UPDATE message_payload p SET body = ?, sha256 = ?
            FROM inbox_message m
            WHERE m.id = ? AND p.message_id = m.id AND p.received_at = m.received_at
            """)) {
      replace.setBytes(1, body);
      replace.setBytes(2, sha256);
      replace.setLong(3, target.item().number());
      replace.executeUpdate();
    }
    Trail.audit(
        connection,
        actor,
        "dead-letter.payload",
        target.id(),
        reason,
        JsonNodeFactory.instance.objectNode().put("sha256", HexFormat.of().formatHex(before)),
        JsonNodeFactory.instance.objectNode().put("sha256", HexFormat.of().formatHex(sha256)),
        now);
    var fenceNow = Revival.of(connection, target, now);
    tell(connection, target, "edited", "was edited and is run again", actor, now);
    return new Verdict.Done(target.id(), "RECEIVED", fenceNow);
  }

  /**
   * One line in the timeline of the order concerned, of kind {@code message.<kind>} and the like.
   */
  static void tell(
      Connection connection, Target target, String kind, String what, String actor, Instant now)
      throws SQLException {
    var type = target.item().type();
    Trail.timeline(
        connection,
        target.order(),
        type.name().toLowerCase(Locale.ROOT) + "." + kind,
        "%s %s (by '%s').".formatted(target.name(), what, actor),
        type == DeadLetterType.MESSAGE ? (Long) target.item().number() : null,
        type == DeadLetterType.DELIVERY ? (Long) target.item().number() : null,
        actor,
        now);
  }

  private static List<DeadLetterHistory.PastFailure> failures(Connection connection, ItemId item)
      throws SQLException {
    var mine =
        switch (item.type()) {
          case MESSAGE -> "message_id = ?";
          case DELIVERY -> "delivery_id = ?";
          case ORDER -> "id IN (SELECT hold_failure_id FROM sales_order WHERE sales_order.id = ?)";
        };
    var failures = new ArrayList<DeadLetterHistory.PastFailure>();
    try (var select =
        connection.prepareStatement(
            """
            SELECT kind, sentence, route, step, evidence, attempt, occurred_at
            FROM failure WHERE %s ORDER BY id
            """
                .formatted(mine))) {
      if (item.type() == DeadLetterType.ORDER) {
        select.setObject(1, item.order());
      } else {
        select.setLong(1, item.number());
      }
      try (var row = select.executeQuery()) {
        while (row.next()) {
          failures.add(
              new DeadLetterHistory.PastFailure(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getInt(6),
                  instant(row.getObject(7, OffsetDateTime.class))));
        }
      }
    }
    return failures;
  }

  private static int waitingBehind(Connection connection, ItemId item) throws SQLException {
    var query =
        switch (item.type()) {
          case MESSAGE ->
              """
              SELECT count(*) FROM inbox_message behind JOIN inbox_message m ON m.lane = behind.lane
              WHERE m.id = ? AND behind.id > m.id AND behind.state = 'RECEIVED'
              """;
          case DELIVERY ->
              """
              SELECT count(*) FROM delivery behind JOIN delivery d ON d.lane = behind.lane
              WHERE d.id = ? AND d.state = 'PARKED' AND behind.id > d.id AND behind.state = 'READY'
              """;
          case ORDER -> null;
        };
    if (query == null) {
      return 0;
    }
    try (var select = connection.prepareStatement(query)) {
      select.setLong(1, item.number());
      try (var row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
