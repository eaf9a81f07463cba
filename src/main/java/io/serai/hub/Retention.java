package io.serai.hub;

import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what was received and what was owed, byte for byte, once nobody needs it any more. Keys,
 * states, hashes and the story of an order stay: what came once is known for ever. Notes of how
 * files came and went go too: by then nobody sends or asks for them again.
 *
 * <p>Guarantee: nothing that is not finished or under a legal hold loses its body, however old it
 * is, and a run deletes a bounded number of them. Gap: a body goes some minutes after its time; the
 * rows of those that were unfinished then are looked at again until they are.
 */
public final class Retention {
  private static final int PAGE = 500;

  /**
   * How long bodies are kept.
   *
   * @param orders of orders and what happens to them
   * @param stock of quantities and articles
   * @param interchanges of files as they came
   */
  public record Terms(Duration orders, Duration stock, Duration interchanges) {
    /** Ninety days, a week, two years. */
    public static final Terms USUAL =
        new Terms(Duration.ofDays(90), Duration.ofDays(7), Duration.ofDays(730));

    /** How long a finished body of this document is kept. */
    public Duration of(String document) {
      return STOCK.contains(document)
          ? stock
          : "interchange".equals(document) ? interchanges : orders;
    }
  }

  // A legal hold keeps what belongs to its order.
  private static final String KEPT =
      "EXISTS (SELECT 1 FROM erasure e WHERE e.order_id = m.order_id AND e.kept_since IS NOT NULL)";

  /** Nor does what came out of a page let go of it. */
  static final String PAGE_KEPT =
      "EXISTS (SELECT 1 FROM erasure e JOIN inbox_message c ON c.order_id = e.order_id WHERE e.kept_since IS NOT NULL AND c.parent_id = m.id)";

  /** Nor does what ended in the lane of an order without becoming a part of it. */
  static final String LANE_KEPT =
      """
      (m.order_id IS NULL AND EXISTS (SELECT 1 FROM sales_order o JOIN erasure k ON k.order_id = o.id
        WHERE o.account = m.account AND o.channel_order_id = substr(m.lane, length(m.account) + 2)
          AND k.kept_since IS NOT NULL))""";

  /** Where bodies lie and whose they are. */
  private enum Store {
    RECEIVED(
        "SELECT id, document, CASE WHEN "
            + KEPT
            + " OR "
            + LANE_KEPT
            + " OR state = 'SPLIT' AND "
            + PAGE_KEPT
            + " THEN 'KEPT' ELSE state END, received_at FROM inbox_message m WHERE id > ? ORDER BY id LIMIT ?",
        "SELECT m.id, m.state FROM retention_left l JOIN inbox_message m ON m.id = l.id WHERE l.class = ? AND m.state = ANY (?) AND NOT "
            + KEPT
            + " AND NOT "
            + LANE_KEPT
            + " AND NOT (m.state = 'SPLIT' AND "
            + PAGE_KEPT
            + ") LIMIT ?",
        List.of(
            "DELETE FROM message_payload WHERE message_id = ANY (?)",
            "DELETE FROM message_edit WHERE message_id = ANY (?)"),
        Set.of("APPLIED", "SPLIT", "IGNORED", "SUPERSEDED", "DISCARDED")),
    OWED(
        "SELECT id, document, CASE WHEN "
            + KEPT
            + " THEN 'KEPT' ELSE state END, created_at FROM delivery m WHERE id > ? ORDER BY id LIMIT ?",
        "SELECT m.id, m.state FROM retention_left l JOIN delivery m ON m.id = l.id WHERE l.class = ? AND m.state = ANY (?) AND NOT "
            + KEPT
            + " LIMIT ?",
        List.of("DELETE FROM delivery_content WHERE delivery_id = ANY (?)"),
        Set.of("CONFIRMED", "WITHDRAWN", "SUPERSEDED", "DISCARDED")); // REFUSED is a dead letter

    final String page;
    final String left;
    final List<String> delete;
    final Set<String> finished;

    Store(String page, String left, List<String> delete, Set<String> finished) {
      this.page = page;
      this.left = left;
      this.delete = delete;
      this.finished = finished;
    }
  }

  private static final String LABELS =
      """
      WITH old AS (
        SELECT l.parcel_id FROM parcel_label l JOIN parcel p ON p.id = l.parcel_id
        WHERE l.created_at < ? AND p.state NOT IN ('LABELED', 'VOIDING')
          AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.order_id = p.order_id AND e.kept_since IS NOT NULL) ORDER BY l.created_at LIMIT ?),
      gone AS (DELETE FROM parcel_label l USING old WHERE l.parcel_id = old.parcel_id RETURNING 1)
      SELECT count(*) FROM gone""";

  // What is still owed is looked up by them before it is sent again.
  private static final String SENT =
      """
      WITH old AS (
        SELECT s.ctid FROM %1$s s WHERE s.%2$s < ? AND NOT EXISTS (
          SELECT 1 FROM delivery d WHERE d.state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED')
            AND d.destination = s.account AND d.idempotency_key = s.delivery_key)
        LIMIT ?)
      DELETE FROM %1$s s USING old WHERE s.ctid = old.ctid""";

  private static final String CAME =
      """
      WITH old AS (SELECT ctid FROM as2_received WHERE received_at < ? LIMIT ?)
      DELETE FROM as2_received r USING old WHERE r.ctid = old.ctid""";

  // A patch may hold what the payloads held; its reason stays and says that there was one.
  private static final String PATCHES =
      "UPDATE replay_job SET patch = NULL WHERE patch IS NOT NULL AND finished_at < ?";

  private record Part(String name, Store store, Predicate<String> documents, Duration kept) {}

  private record Row(long id, String document, String state, Instant at) {}

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Set<String> STOCK = Set.of("stock", "listing");

  private final DataSource database;
  private final Clock clock;
  private final List<Part> parts;
  private final int pages;
  private final Duration kept;
  private final Duration filesKept;
  private Erasure erasure;

  /**
   * Keeps a database small.
   *
   * @param pages how many pages of {@value #PAGE} a run works off of each class, at most
   */
  public Retention(DataSource database, Clock clock, Terms terms, int pages) {
    this.database = database;
    this.clock = clock;
    this.pages = pages;
    this.kept = terms.orders();
    this.filesKept = terms.interchanges();
    this.parts = new ArrayList<>();
    for (var store : Store.values()) {
      add(store, "stock", STOCK::contains, terms.stock());
      add(store, "interchanges", "interchange"::equals, terms.interchanges());
      add(
          store,
          "orders",
          document -> !STOCK.contains(document) && !"interchange".equals(document),
          terms.orders());
    }
  }

  /** Whether what is owed loses its content once it is old: a refusal waits for somebody. */
  public static boolean takesOwed(String state) {
    return Store.OWED.finished.contains(state);
  }

  /** Lets it erase personal data, too, in its runs. */
  public Retention with(Erasure erasing) {
    this.erasure = erasing;
    return this;
  }

  private void add(Store store, String name, Predicate<String> documents, Duration kept) {
    parts.add(new Part(store.name().toLowerCase() + "/" + name, store, documents, kept));
  }

  /** Deletes what is due, up to a bound. Answers how many bodies that were. */
  public int run() throws SQLException {
    forget();
    var deleted = labels() + erased();
    for (var part : parts) {
      deleted += finishedLater(part);
      for (var i = 0; i < pages; i++) {
        var of = page(part);
        if (of < 0) {
          break;
        }
        deleted += of;
      }
    }
    return deleted;
  }

  // What cannot be erased now must not let the disk run full.
  private int erased() {
    if (erasure == null) {
      return 0;
    }
    try {
      return erasure.run();
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "Personal data that is due was not erased; it is tried again in a minute. {}",
          e.getMessage());
      return 0;
    }
  }

  /** Deletes notes of files: those of ours go with orders, those of others with files that came. */
  private void forget() throws SQLException {
    var now = clock.instant();
    try (var connection = database.getConnection()) {
      new Statements()
          .add(SENT.formatted("as2_sent", "sent_at"), now.minus(kept), PAGE * pages)
          .add(SENT.formatted("sent_file", "updated_at"), now.minus(kept), PAGE * pages)
          .add(CAME, now.minus(filesKept), PAGE * pages)
          .add(PATCHES, now.minus(kept))
          .execute(connection);
    }
  }

  /** Deletes labels that are as old as bodies of orders may be and that nobody prints any more. */
  private int labels() throws SQLException {
    var deleted = new int[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              LABELS,
              rows -> deleted[0] = rows.next() ? rows.getInt(1) : 0,
              clock.instant().minus(kept),
              PAGE * pages)
          .execute(connection);
    }
    return deleted[0];
  }

  /** Answers how many bodies of a page were deleted, or less than zero when none was old enough. */
  private int page(Part part) throws SQLException {
    var before = clock.instant().minus(part.kept());
    var upTo = new long[1];
    var rows = new ArrayList<Row>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT up_to FROM retention WHERE class = ?",
              found -> upTo[0] = found.next() ? found.getLong(1) : 0,
              part.name())
          .execute(connection);
      new Statements()
          .query(
              part.store().page,
              found -> {
                while (found.next()) {
                  rows.add(
                      new Row(
                          found.getLong(1),
                          found.getString(2),
                          found.getString(3),
                          found.getTimestamp(4).toInstant()));
                }
              },
              upTo[0],
              PAGE)
          .execute(connection);
      var old = rows.stream().takeWhile(row -> row.at().isBefore(before)).toList();
      if (old.isEmpty()) {
        return -1;
      }
      var finished = new ArrayList<Long>();
      var open = new ArrayList<Long>();
      for (var row : old) {
        if (part.documents().test(row.document())) {
          (part.store().finished.contains(row.state()) ? finished : open).add(row.id());
        }
      }
      delete(part, finished)
          .add(
              "INSERT INTO retention_left (class, id) SELECT ?, unnest(?) ON CONFLICT DO NOTHING",
              part.name(),
              Statements.array("int8", open.toArray()))
          .add(
              """
              INSERT INTO retention (class, up_to) VALUES (?, ?)
              ON CONFLICT (class) DO UPDATE SET up_to = greatest(retention.up_to, excluded.up_to)""",
              part.name(),
              old.getLast().id())
          .inTransaction(connection);
      return finished.size();
    }
  }

  private int finishedLater(Part part) throws SQLException {
    var finished = new ArrayList<Long>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              part.store().left,
              found -> {
                while (found.next()) {
                  finished.add(found.getLong(1));
                }
              },
              part.name(),
              Statements.texts(List.copyOf(part.store().finished)),
              PAGE)
          .execute(connection);
      if (!finished.isEmpty()) {
        delete(part, finished)
            .add(
                "DELETE FROM retention_left WHERE class = ? AND id = ANY (?)",
                part.name(),
                Statements.array("int8", finished.toArray()))
            .inTransaction(connection);
      }
    }
    return finished.size();
  }

  private static Statements delete(Part part, List<Long> ids) {
    var statements = new Statements();
    part.store()
        .delete
        .forEach(sql -> statements.add(sql, Statements.array("int8", ids.toArray())));
    return statements;
  }
}
