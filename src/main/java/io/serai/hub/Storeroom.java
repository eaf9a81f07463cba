package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.order.StockReport;
import io.serai.stock.StockClass;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What is known of stock beside its levels: announced units, buffers, references of what was asked,
 * rows that were parked. Read only by transactions that report or change stock, never by orders.
 */
final class Storeroom {
  /** Announced units of one reference. */
  static final class Incoming {
    int quantity;
    int received;
    Instant expectedAt;
    String source;
    Instant asOf;
    boolean changed;

    int open() {
      return Math.max(0, quantity - received);
    }
  }

  /** A buffer as somebody wants it: one that keeps nothing back is removed. */
  record BufferSet(Buffer buffer, String actor) {
    boolean removed() {
      return buffer.units() == null && buffer.percent() == null;
    }
  }

  /** What was asked under a reference. */
  record Asked(String reference, String kind, String fingerprint, String actor) {}

  /** A row of a report that could not be taken. */
  record ParkedRow(long messageId, int no, String sku, String sentence) {}

  /** Why a message is parked although a part of it took effect. */
  record Parked(long messageId, Failure failure) {}

  /** A count that is further off than its class allows. */
  record Discrepancy(
      WorkingStock.Key key, int expected, int counted, String sentence, String owner) {
    int units() {
      return Math.abs(counted - expected);
    }
  }

  /** A level and an instant that a report speaks of. */
  record Since(WorkingStock.Key key, Instant instant) {}

  final Map<WorkingStock.Key, TreeMap<String, Incoming>> incoming = new TreeMap<>();
  final List<Buffer> buffers = new ArrayList<>();
  final Map<List<String>, BufferSet> buffersSet = new LinkedHashMap<>();
  final Set<String> spreads = new TreeSet<>();
  final Set<String> remarked = new TreeSet<>();
  final Map<String, String> asked = new HashMap<>();
  final List<Asked> newlyAsked = new ArrayList<>();
  final Map<Long, Set<Integer>> parkedBefore = new HashMap<>();
  final List<ParkedRow> parkedRows = new ArrayList<>();
  final List<Parked> parked = new ArrayList<>();

  /** How each class of articles is counted, by name. */
  final Map<String, StockClass> classes = new HashMap<>();

  final Map<WorkingStock.Key, Discrepancy> discrepancies = new TreeMap<>();

  /** Levels of which a count was as the books had it, or nearly. */
  final Set<WorkingStock.Key> agreed = new TreeSet<>();

  /** Reported SKUs that are no item, where items are kept, and that nobody saw before. */
  final Set<String> unknownSkus = new HashSet<>();

  private final Map<Since, Integer> leftSince = new HashMap<>();

  /** Units of a level that left after an instant and before this transaction. */
  int leftSince(WorkingStock.Key key, Instant instant) {
    return leftSince.getOrDefault(new Since(key, instant), 0);
  }

  /** Whether a document needs what is kept here. */
  static boolean concerns(Object document) {
    return document instanceof StockReport
        || document instanceof StockChange
        || document instanceof BufferChange
        || document instanceof BufferSpread;
  }

  /** Reads what the documents of a batch need, after their levels were locked. */
  void read(Connection connection, Book book, List<Application> batch) throws SQLException {
    var skus = new TreeSet<String>();
    var reported = new TreeSet<String>();
    var references = new TreeSet<String>();
    var advices = new TreeSet<String>();
    var messages = new TreeSet<Long>();
    var since = new HashSet<Since>();
    for (var application : batch) {
      switch (application.document()) {
        case StockReport report -> {
          report.levels().forEach(level -> reported.add(level.sku()));
          if (application.message() != null) {
            messages.add(application.message().id());
          }
          var node = StockRules.node(report, book.topology);
          if (report.kind() == StockReport.Kind.ABSOLUTE && node != null && report.asOf() != null) {
            since(book, report, node, since);
          }
        }
        case StockChange change -> {
          change.rows().forEach(row -> skus.add(row.sku()));
          advices.addAll(GoodsAnnouncements.names(change));
          if (change.reference() != null) {
            references.add(change.reference());
          }
          if (change.kind() == StockChange.Kind.COUNT && change.at() != null) {
            change.rows().forEach(row -> since(book, row.sku(), change.node(), change.at(), since));
          }
        }
        case BufferChange change -> skus.add(change.buffer().sku());
        case BufferSpread spread -> skus.addAll(spread.skus());
        default -> {}
      }
    }
    if (skus.isEmpty() && reported.isEmpty()) {
      return;
    }
    skus.addAll(reported);
    new Statements()
        .query(
            """
            SELECT sku, node, channel, units, percent FROM stock_buffer
            WHERE channel = '' AND (sku = '' OR sku = ANY (?))""",
            rows -> {
              while (rows.next()) {
                buffers.add(
                    new Buffer(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getObject(4, Integer.class),
                        rows.getObject(5, Integer.class)));
              }
            },
            Statements.texts(List.copyOf(skus)))
        .query(
            """
            SELECT sku, node, reference, quantity, received, expected_at, source, as_of FROM stock_incoming
            WHERE sku = ANY (?) OR reference = ANY (?) ORDER BY sku, node, reference""",
            rows -> {
              while (rows.next()) {
                var one = new Incoming();
                one.quantity = rows.getInt(4);
                one.received = rows.getInt(5);
                one.expectedAt = rows.getTimestamp(6).toInstant();
                one.source = rows.getString(7);
                one.asOf = rows.getTimestamp(8).toInstant();
                incoming
                    .computeIfAbsent(
                        new WorkingStock.Key(rows.getString(1), rows.getString(2)),
                        key -> new TreeMap<>())
                    .put(rows.getString(3), one);
              }
            },
            Statements.texts(List.copyOf(skus)),
            Statements.texts(List.copyOf(advices)))
        .query(
            "SELECT class, count_every_days, alarm_percent FROM stock_class",
            rows -> {
              while (rows.next()) {
                classes.put(
                    rows.getString(1),
                    new StockClass(rows.getString(1), rows.getInt(2), rows.getInt(3)));
              }
            })
        .query(
            "SELECT reference, fingerprint FROM stock_change WHERE reference = ANY (?)",
            rows -> {
              while (rows.next()) {
                asked.put(rows.getString(1), rows.getString(2));
              }
            },
            Statements.texts(List.copyOf(references)))
        .query(
            "SELECT message_id, row_no FROM stock_parked_row WHERE message_id = ANY (?)",
            rows -> {
              while (rows.next()) {
                parkedBefore
                    .computeIfAbsent(rows.getLong(1), id -> new HashSet<>())
                    .add(rows.getInt(2));
              }
            },
            Statements.array("int8", messages.toArray()))
        .query(
            """
            SELECT u.sku FROM unnest(?) AS u(sku) WHERE EXISTS (SELECT 1 FROM item)
              AND NOT EXISTS (SELECT 1 FROM item i WHERE i.sku = u.sku)
              AND NOT EXISTS (SELECT 1 FROM stock_level s WHERE s.sku = u.sku)
              AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.sku = u.sku)""",
            rows -> {
              while (rows.next()) {
                unknownSkus.add(rows.getString(1));
              }
            },
            Statements.texts(List.copyOf(reported)))
        .execute(connection);
    StockClass.all(classes).forEach(one -> classes.put(one.name(), one));
    if (!since.isEmpty()) {
      readLeft(connection, List.copyOf(since));
    }
  }

  private static void since(Book book, StockReport report, String node, Set<Since> since) {
    report.levels().forEach(row -> since(book, row.sku(), node, report.asOf(), since));
  }

  // Only where something left later than the count: otherwise there is nothing to look for.
  private static void since(Book book, String sku, String node, Instant instant, Set<Since> since) {
    var key = new WorkingStock.Key(sku, node);
    var level = book.stock.get(key);
    if (level != null && level.leftAt != null && level.leftAt.isAfter(instant)) {
      since.add(new Since(key, instant));
    }
  }

  // A shipment is dated by the node's own clock, as its count is, and was written in the
  // transaction
  // of its movements.
  private void readLeft(Connection connection, List<Since> since) throws SQLException {
    new Statements()
        .query(
            """
            SELECT u.n, sum(m.quantity)
            FROM unnest(?, ?, ?, ?::timestamptz[]) AS u(n, sku, node, instant)
            JOIN stock_movement m ON m.sku = u.sku AND m.node = u.node AND m.credit = 'outside'
              AND m.occurred_at > u.instant - interval '1 day'
            WHERE CASE WHEN m.cause = 'ship' THEN EXISTS (
                SELECT 1 FROM shipment s JOIN fulfillment_order f ON f.id = s.fulfillment_order_id
                WHERE s.order_id = m.order_id AND s.created_at = m.occurred_at AND f.node = m.node AND s.shipped_at > u.instant)
              ELSE m.cause IN ('sale', 'adjustment', 'refused') AND coalesce(m.happened_at, m.occurred_at) > u.instant END
            GROUP BY u.n""",
            rows -> {
              while (rows.next()) {
                leftSince.put(since.get(rows.getInt(1)), rows.getInt(2));
              }
            },
            HubWriter.column("int4", numbers(since.size()), n -> n),
            HubWriter.column("text", since, s -> s.key().sku()),
            HubWriter.column("text", since, s -> s.key().node()),
            HubWriter.column("text", since, s -> HubWriter.text(s.instant())))
        .execute(connection);
  }

  private static List<Integer> numbers(int size) {
    return IntStream.range(0, size).boxed().toList();
  }

  /** Gives a level the buffer that holds for it now. */
  void buffer(WorkingStock.Key key, WorkingStock.Level level) {
    var buffer = Buffer.of(buffers, key.sku(), key.node(), "").orElse(null);
    level.bufferUnits = buffer == null ? null : buffer.units();
    level.bufferPercent = buffer == null ? null : buffer.percent();
  }
}
