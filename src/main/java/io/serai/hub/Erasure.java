package io.serai.hub;

import io.serai.support.Ids;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases the personal data of orders that are done with, when their account's time is over or when
 * somebody asks for it, and the bytes of dead letters that nobody resolved in time.
 *
 * <p>Guarantee: names, addresses, phones, mails and free words of an order go in one transaction,
 * in every table; lines, totals, states, ids, country and region stay. What comes later about an
 * erased order goes with the next run. Nothing under a legal hold is touched, and nothing that is
 * still open or on its way. A kill in between only delays the rest. Gap: a person who demands it
 * has to be found among orders by its keys; reasons that staff wrote stay in the audit.
 */
public final class Erasure {
  private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);
  private static final String ITSELF = "serai";
  static final int PAGE = 500;
  private static final int BATCH = 50;
  private static final Duration LATER = Duration.ofHours(1);
  private static final Set<String> DONE = Set.of("SHIPPED", "DELIVERED", "CLOSED", "CANCELLED");

  /**
   * How long personal data is kept.
   *
   * @param usual of orders, after what was shipped last left or after they were cancelled
   * @param deadLetters of messages that are stopped and of which no order came, after they came
   * @param accounts of orders of these channels, where it is another time
   */
  public record Terms(Duration usual, Duration deadLetters, Map<String, Duration> accounts) {
    /** Two years; dead letters one. */
    public static final Terms USUAL =
        new Terms(Duration.ofDays(730), Duration.ofDays(365), Map.of());

    /** Of an account's orders. */
    public Duration of(String account) {
      return accounts.getOrDefault(account, usual);
    }

    /** Of an account's dead letters: never longer than of its orders. */
    public Duration deadLettersOf(String account) {
      var orders = of(account);
      return orders.compareTo(deadLetters) < 0 ? orders : deadLetters;
    }

    Duration shortest() {
      var shortest = usual;
      for (var one : accounts.values()) {
        shortest = one.compareTo(shortest) < 0 ? one : shortest;
      }
      return shortest;
    }
  }

  /**
   * Where an order stands.
   *
   * @param dueAt when it is erased, or null: not before it is done, or not at all
   * @param erasedBy who asked for it, or null: its time was over
   * @param keptSince since when a legal hold keeps it, or null
   */
  public record Standing(
      UUID order,
      Instant dueAt,
      Instant erasedAt,
      String erasedBy,
      String reason,
      Instant keptSince,
      String keptBy,
      String keptReason) {}

  /** What came of it: where the order stands, or why not, in a sentence. */
  public record Outcome(Standing standing, String refusal) {}

  private record Row(
      UUID id,
      String account,
      String key,
      String shown,
      boolean done,
      Instant since,
      Instant erasedAt,
      long moving,
      long stopped,
      long comingBack,
      Instant keptSince,
      String keptReason,
      long money) {
    /** Whether something of it is still expected or owed that people have to settle. */
    boolean open() {
      return !done || moving > 0 || comingBack > 0 || money > 0;
    }
  }

  private static final String LOCK =
      "SELECT id FROM sales_order WHERE id = ANY (?) ORDER BY id FOR UPDATE";

  private static final String READ =
      """
      SELECT o.id, o.account, o.channel_order_id, coalesce(o.display_number, o.channel_order_id), o.state, o.fulfilled_by, o.test,
        CASE WHEN o.fulfilled_by <> 'MERCHANT' OR o.test THEN o.received_at
          ELSE coalesce((SELECT max(s.shipped_at) FROM shipment s WHERE s.order_id = o.id), o.cancelled_at, o.updated_at) END,
        o.erased_at,
        (SELECT count(*) FROM delivery d WHERE d.order_id = o.id AND d.state IN ('READY', 'SENDING', 'PENDING', 'WAITING'))
          + (SELECT count(*) FROM inbox_message m WHERE m.lane = o.account || '/' || o.channel_order_id AND m.state IN ('RECEIVED', 'RUNNING')),
        (SELECT count(*) FROM delivery d WHERE d.order_id = o.id AND (d.state = 'PARKED' OR d.state = 'REFUSED' AND d.failure_id IS NOT NULL))
          + (SELECT count(*) FROM inbox_message m WHERE m.lane = o.account || '/' || o.channel_order_id AND m.state = 'PARKED'),
        (SELECT count(*) FROM return_order r WHERE r.order_id = o.id AND r.state IN ('REQUESTED', 'APPROVED', 'IN_TRANSIT', 'RECEIVED')),
        e.kept_since, e.kept_reason,
        (SELECT count(*) FROM delivery d WHERE d.order_id = o.id AND d.operation IN ('refund', 'capture')
          AND (d.state = 'PARKED' OR d.state = 'REFUSED' AND d.failure_id IS NOT NULL))
      FROM sales_order o LEFT JOIN erasure e ON e.order_id = o.id WHERE o.id = ANY (?) ORDER BY o.id""";

  private static final String STANDING =
      """
      SELECT o.id, e.due_at, e.erased_at, e.erased_by, e.reason, e.kept_since, e.kept_by, e.kept_reason
      FROM sales_order o LEFT JOIN erasure e ON e.order_id = o.id WHERE o.id = ?""";

  private static final String ERASED =
      """
      INSERT INTO erasure (order_id, erased_at, erased_by, reason) SELECT u.id, ?, ?, ? FROM unnest(?) AS u(id)
      ON CONFLICT (order_id) DO UPDATE SET due_at = NULL, erased_at = excluded.erased_at,
        erased_by = coalesce(excluded.erased_by, erasure.erased_by), reason = coalesce(excluded.reason, erasure.reason)""";

  private static final String KEEP =
      """
      INSERT INTO erasure (order_id, kept_since, kept_by, kept_reason) VALUES (?, ?, ?, ?)
      ON CONFLICT (order_id) DO UPDATE SET due_at = NULL, kept_since = excluded.kept_since, kept_by = excluded.kept_by,
        kept_reason = excluded.kept_reason""";

  private static final String AUDIT =
      "INSERT INTO audit_entry (actor, action, object, reason, occurred_at) VALUES (?, ?, ?, ?, ?)";

  private final DataSource database;
  private final Clock clock;
  private final Terms terms;
  private final int pages;
  private final MessageErasure messages;

  /**
   * Erases in this database.
   *
   * @param pages how many pages of {@value #PAGE} a run works off, at most
   */
  public Erasure(DataSource database, Clock clock, Terms terms, int pages) {
    this.database = database;
    this.clock = clock;
    this.terms = terms;
    this.pages = pages;
    this.messages = new MessageErasure(database, clock, terms, pages);
  }

  /** How long it is kept. */
  public Terms terms() {
    return terms;
  }

  /** Erases what is due, up to a bound. Answers how many orders and messages that were. */
  public int run() throws SQLException {
    walkOrders();
    messages.walk();
    var erased = 0;
    for (var i = 0; i < pages * PAGE / BATCH; i++) {
      var due = due();
      if (due.isEmpty()) {
        break;
      }
      erased += batch(due);
    }
    return erased + messages.due();
  }

  private int batch(List<UUID> due) throws SQLException {
    try {
      return inTransaction(connection -> decide(connection, due));
    } catch (SQLException | RuntimeException e) {
      if (due.size() == 1) {
        // one that cannot be erased must not keep the others from it
        LOG.warn("Order '{}' was not erased: {}", Ids.text("ord", due.getFirst()), e.getMessage());
        inTransaction(
            connection -> {
              later(connection, due.getFirst(), clock.instant().plus(LATER));
              return 0;
            });
        return 0;
      }
      var erased = 0;
      for (var one : due) {
        erased += batch(List.of(one));
      }
      return erased;
    }
  }

  private int decide(Connection connection, List<UUID> due) throws SQLException {
    var now = clock.instant();
    var ready = new ArrayList<Row>();
    var asked = asked(connection, due, now);
    for (var row : read(connection, due)) {
      var at = row.since().plus(terms.of(row.account()));
      if (row.keptSince() != null) {
        later(connection, row.id(), null);
      } else if (row.open() || asked.contains(row.id())) {
        later(connection, row.id(), now.plus(LATER));
      } else if (row.erasedAt() == null && at.isAfter(now)) {
        later(connection, row.id(), at);
      } else {
        ready.add(row);
      }
    }
    erase(connection, ready, null, null, now);
    for (var row : ready) {
      if (row.stopped() > 0) {
        new Statements()
            .add(
                AUDIT,
                ITSELF,
                "order.erase",
                Ids.text("ord", row.id()),
                "Its time was over; %d dead letters of it were discarded.".formatted(row.stopped()),
                now)
            .execute(connection);
      }
    }
    return ready.size();
  }

  /** Those of which something is asked for that a second person has not decided yet. */
  private static Set<UUID> asked(Connection connection, List<UUID> orders, Instant now)
      throws SQLException {
    var names = new HashMap<String, UUID>();
    orders.forEach(order -> names.put(Ids.text("ord", order), order));
    var asked = new HashSet<UUID>();
    new Statements()
        .query(
            "SELECT object FROM approval WHERE object = ANY (?) AND state = 'OPEN' AND expires_at > ?",
            rows -> {
              while (rows.next()) {
                asked.add(names.get(rows.getString(1)));
              }
            },
            Statements.texts(List.copyOf(names.keySet())),
            now)
        .execute(connection);
    return asked;
  }

  private void erase(
      Connection connection, List<Row> ready, String actor, String reason, Instant now)
      throws SQLException {
    if (ready.isEmpty()) {
      return;
    }
    var orders = ready.stream().map(Row::id).toList();
    new ErasureWriter(connection, now)
        .orders(orders, ready.stream().map(r -> r.account() + '/' + r.key()).toList());
    new Statements()
        .add(ERASED, now, actor, reason, Statements.array("uuid", orders.toArray()))
        .execute(connection);
  }

  /** Erases one order now. Asked for twice it is done once. */
  public Outcome erase(UUID order, String actor, String reason) throws SQLException {
    return inTransaction(
        connection -> {
          var found = read(connection, List.of(order));
          if (found.isEmpty()) {
            return new Outcome(null, null);
          }
          var row = found.getFirst();
          var refusal = refusal(row);
          if (refusal == null && !asked(connection, List.of(order), clock.instant()).isEmpty()) {
            refusal =
                "Order '%s' cannot be erased now: something is asked for that a second person has not decided. Decide it first."
                    .formatted(row.shown());
          }
          if (refusal != null) {
            return new Outcome(null, refusal);
          }
          var now = clock.instant();
          if (row.erasedAt() == null) {
            new Statements()
                .add(AUDIT, actor, "order.erase", Ids.text("ord", order), reason, now)
                .execute(connection);
          }
          var first = row.erasedAt() == null;
          erase(connection, found, first ? actor : null, first ? reason : null, now);
          return new Outcome(standing(connection, order), null);
        });
  }

  private static String refusal(Row row) {
    if (row.keptSince() != null) {
      return "Order '%s' is under a legal hold since %s (%s), so nothing of it is erased. End the hold first."
          .formatted(row.shown(), day(row.keptSince()), row.keptReason());
    }
    if (!row.done()) {
      return "Order '%s' is not done with: its goods are still to be sent. Let it be sent, or cancel it first."
          .formatted(row.shown());
    }
    if (row.moving() > 0) {
      return "Order '%s' cannot be erased now: %d of its messages and deliveries are under way. Ask again when they are done."
          .formatted(row.shown(), row.moving());
    }
    if (row.stopped() > 0) {
      return "Order '%s' cannot be erased now: %d of its messages and deliveries are dead letters that are still owed. Replay or discard them first."
          .formatted(row.shown(), row.stopped());
    }
    if (row.comingBack() > 0) {
      return "Order '%s' cannot be erased now: %d of its returns are open. Close them first."
          .formatted(row.shown(), row.comingBack());
    }
    return null;
  }

  static String day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** Keeps an order whatever its time says, until {@link #letGo}. */
  public Outcome keep(UUID order, String actor, String reason) throws SQLException {
    return inTransaction(
        connection -> {
          var found = read(connection, List.of(order));
          if (found.isEmpty()) {
            return new Outcome(null, null);
          }
          var row = found.getFirst();
          if (row.erasedAt() != null) {
            return new Outcome(
                null,
                "Order '%s' was erased on %s; there is nothing left to keep."
                    .formatted(row.shown(), day(row.erasedAt())));
          }
          if (row.keptSince() == null) {
            var now = clock.instant();
            new Statements()
                .add(KEEP, order, now, actor, reason)
                .add(AUDIT, actor, "order.keep", Ids.text("ord", order), reason, now)
                .execute(connection);
          }
          return new Outcome(standing(connection, order), null);
        });
  }

  /** Ends a legal hold: what is overdue goes with the next run. */
  public Outcome letGo(UUID order, String actor, String reason) throws SQLException {
    return inTransaction(
        connection -> {
          var found = read(connection, List.of(order));
          if (found.isEmpty()) {
            return new Outcome(null, null);
          }
          if (found.getFirst().keptSince() != null) {
            var now = clock.instant();
            new Statements()
                .add(
                    "UPDATE erasure SET due_at = ?, kept_since = NULL, kept_by = NULL, kept_reason = NULL WHERE order_id = ?",
                    now,
                    order)
                .add(AUDIT, actor, "order.let-go", Ids.text("ord", order), reason, now)
                .execute(connection);
          }
          return new Outcome(standing(connection, order), null);
        });
  }

  /** Where an order stands; empty when it is not known. */
  public Optional<Standing> find(UUID order) throws SQLException {
    try (var connection = database.getConnection()) {
      var row = read(connection, List.of(order), false);
      if (row.isEmpty()) {
        return Optional.empty();
      }
      var standing = standing(connection, order);
      var one = row.getFirst();
      var due =
          one.done() && one.erasedAt() == null && one.keptSince() == null
              ? one.since().plus(terms.of(one.account()))
              : null;
      return Optional.of(
          new Standing(
              order,
              due,
              standing.erasedAt(),
              standing.erasedBy(),
              standing.reason(),
              standing.keptSince(),
              standing.keptBy(),
              standing.keptReason()));
    }
  }

  private static Standing standing(Connection connection, UUID order) throws SQLException {
    var found = new Standing[1];
    new Statements()
        .query(
            STANDING,
            rows -> {
              if (rows.next()) {
                found[0] =
                    new Standing(
                        order,
                        instant(rows.getTimestamp(2)),
                        instant(rows.getTimestamp(3)),
                        rows.getString(4),
                        rows.getString(5),
                        instant(rows.getTimestamp(6)),
                        rows.getString(7),
                        rows.getString(8));
              }
            },
            order)
        .execute(connection);
    return found[0];
  }

  private static List<Row> read(Connection connection, List<UUID> orders) throws SQLException {
    return read(connection, orders, true);
  }

  private static List<Row> read(Connection connection, List<UUID> orders, boolean lock)
      throws SQLException {
    var ids = Statements.array("uuid", orders.toArray());
    var found = new ArrayList<Row>();
    if (lock) {
      new Statements().query(LOCK, rows -> {}, ids).execute(connection);
    }
    new Statements()
        .query(
            READ,
            rows -> {
              while (rows.next()) {
                found.add(
                    new Row(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        DONE.contains(rows.getString(5))
                            || !"MERCHANT".equals(rows.getString(6))
                            || rows.getBoolean(7),
                        rows.getTimestamp(8).toInstant(),
                        instant(rows.getTimestamp(9)),
                        rows.getLong(10),
                        rows.getLong(11),
                        rows.getLong(12),
                        instant(rows.getTimestamp(13)),
                        rows.getString(14),
                        rows.getLong(15)));
              }
            },
            ids)
        .execute(connection);
    return found;
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  private static void later(Connection connection, UUID order, Instant at) throws SQLException {
    new Statements()
        .add("UPDATE erasure SET due_at = ?::timestamptz WHERE order_id = ?", at, order)
        .execute(connection);
  }

  private List<UUID> due() throws SQLException {
    var due = new ArrayList<UUID>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT order_id FROM erasure WHERE due_at <= ? ORDER BY due_at LIMIT ?",
              rows -> {
                while (rows.next()) {
                  due.add(rows.getObject(1, UUID.class));
                }
              },
              clock.instant(),
              BATCH)
          .execute(connection);
    }
    return due;
  }

  // Each order is met once, when it is as old as the shortest time; from then on it has its own.
  private void walkOrders() throws SQLException {
    var before = clock.instant().minus(terms.shortest());
    for (var i = 0; i < pages; i++) {
      var of =
          inTransaction(
              connection -> {
                var old = new ArrayList<UUID>();
                new Statements()
                    .query(
                        """
                        SELECT id, received_at FROM sales_order
                        WHERE id > coalesce((SELECT order_id FROM erasure_reach), '00000000-0000-0000-0000-000000000000')
                        ORDER BY id LIMIT ?""",
                        rows -> {
                          while (rows.next() && rows.getTimestamp(2).toInstant().isBefore(before)) {
                            old.add(rows.getObject(1, UUID.class));
                          }
                        },
                        PAGE)
                    .execute(connection);
                if (!old.isEmpty()) {
                  new Statements()
                      .add(
                          "INSERT INTO erasure (order_id, due_at) SELECT u.id, ? FROM unnest(?) AS u(id) ON CONFLICT DO NOTHING",
                          clock.instant(),
                          Statements.array("uuid", old.toArray()))
                      .add(
                          "INSERT INTO erasure_reach (order_id) VALUES (?) ON CONFLICT (one) DO UPDATE SET order_id = excluded.order_id",
                          old.getLast())
                      .execute(connection);
                }
                return old.size();
              });
      if (of < PAGE) {
        return;
      }
    }
  }

  /** Something done in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    return inTransaction(database, work);
  }

  static <T> T inTransaction(DataSource database, Work<T> work) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        var done = work.on(connection);
        connection.commit();
        return done;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }
}
