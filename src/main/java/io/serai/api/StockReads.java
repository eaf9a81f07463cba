package io.serai.api;

import io.serai.hub.Publications;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;

/** Reads stock, its publications and its movements. */
final class StockReads {
  private static final String LEVEL =
      """
      SELECT sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, incoming, shortage, source,
             nullif(as_of, '1970-01-01T00:00:00Z'::timestamptz) AS as_of, counted_at, frozen_since, unsellable_source,
             unsellable_as_of, buffer_units, buffer_percent,
             extract(epoch FROM now() - nullif(as_of, '1970-01-01T00:00:00Z'::timestamptz))::bigint AS age,
             on_hand - allocated - frozen - damaged - quarantined - safety AS available
      FROM stock_level
      """;
  private static final String MOVEMENT =
      "occurred_at, node, quantity, debit, credit, cause, order_id, message_id, actor, note";
  // Node by node, as the ledger is kept: an article that is sold all day has millions of them.
  private static final String NEWEST_MOVEMENTS =
      """
      SELECT m.* FROM stock_level s CROSS JOIN LATERAL (
        SELECT id, %s FROM stock_movement WHERE sku = s.sku AND node = s.node %s ORDER BY id DESC LIMIT :rows) m
      WHERE s.sku = :sku AND (:node::text IS NULL OR s.node = :node) ORDER BY m.id DESC LIMIT :rows
      """;
  private static final int MOVEMENTS = 20;

  private final Reads reads;
  private final Publications published;

  StockReads(Reads reads, Publications published) {
    this.reads = reads;
    this.published = published;
  }

  private List<StockViews.Publication> publications(String sku) {
    try {
      return published.of(sku).stream()
          .map(
              p ->
                  new StockViews.Publication(
                      p.channel(),
                      p.listingId(),
                      Words.present(p.location()),
                      p.code().equals(sku) ? null : p.code(),
                      p.wanted(),
                      p.accepted(),
                      p.shown(),
                      p.pendingSince() != null,
                      p.lag() == null ? null : p.lag().toMillis() / 1e3,
                      p.exposure(),
                      p.pendingSince(),
                      p.sentAt(),
                      p.confirmedAt()))
          .toList();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "What channels show of '%s' could not be read: %s".formatted(sku, e.getMessage()), e);
    }
  }

  /** Whether a change of this name was made. */
  boolean wasChangedAs(String reference) {
    return reads.read(
        jdbc ->
            jdbc.sql("SELECT EXISTS (SELECT 1 FROM stock_change WHERE reference = ?)")
                .param(reference)
                .query(Boolean.class)
                .single());
  }

  /** The nodes that may be reported on. */
  List<String> nodes() {
    return reads.read(
        jdbc ->
            jdbc.sql("SELECT id FROM node WHERE active ORDER BY priority, id")
                .query(String.class)
                .list());
  }

  Page<StockViews.Level> list(String sku, String node, int limit, String cursor) {
    var after = cursor == null ? null : Cursor.key(cursor, 2);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder(LEVEL).append("WHERE true\n");
          var values = new HashMap<String, Object>();
          if (sku != null) {
            sql.append("AND sku = :sku\n");
            values.put("sku", sku);
          }
          if (node != null) {
            sql.append("AND node = :node\n");
            values.put("node", node);
          }
          if (after != null) {
            sql.append("AND (sku, node) > (:afterSku, :afterNode)\n");
            values.put("afterSku", after.get(0).asText());
            values.put("afterNode", after.get(1).asText());
          }
          sql.append("ORDER BY sku, node LIMIT :rows");
          values.put("rows", limit + 1);
          var rows = jdbc.sql(sql.toString()).params(values).query((row, n) -> level(row)).list();
          return Page.of(rows, limit, last -> Cursor.of(last.sku(), last.node()));
        });
  }

  private static StockViews.Level level(ResultSet row) throws SQLException {
    return new StockViews.Level(
        row.getString("sku"),
        row.getString("node"),
        row.getInt("available"),
        row.getInt("on_hand"),
        row.getInt("allocated"),
        row.getInt("frozen"),
        row.getInt("damaged"),
        row.getInt("quarantined"),
        row.getInt("safety"),
        row.getInt("incoming"),
        row.getInt("shortage"),
        row.getString("source"),
        Reads.instant(row, "as_of"),
        Reads.number(row, "age") == null ? null : Math.max(0, Reads.number(row, "age")),
        Reads.instant(row, "counted_at"),
        Reads.instant(row, "frozen_since"),
        row.getString("unsellable_source"),
        Reads.instant(row, "unsellable_as_of"),
        kept(
            row.getObject("buffer_units", Integer.class),
            row.getObject("buffer_percent", Integer.class)));
  }

  private static StockViews.Kept kept(Integer units, Integer percent) {
    return units == null && percent == null ? null : new StockViews.Kept(units, percent);
  }

  Page<StockViews.Movement> movements(
      String sku, String node, String cause, Instant from, Instant to, int limit, String cursor) {
    var before = Cursor.number(cursor);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder();
          var values = new HashMap<String, Object>();
          values.put("sku", sku);
          values.put("node", node);
          values.put("rows", limit + 1);
          if (cause != null) {
            sql.append("AND cause = :cause\n");
            values.put("cause", cause);
          }
          if (from != null) {
            sql.append("AND occurred_at >= :from\n");
            values.put("from", Timestamp.from(from));
          }
          if (to != null) {
            sql.append("AND occurred_at < :to\n");
            values.put("to", Timestamp.from(to));
          }
          if (before != null) {
            sql.append("AND id < :before\n");
            values.put("before", before);
          }
          record Numbered(long id, StockViews.Movement movement) {}
          var rows =
              jdbc.sql(NEWEST_MOVEMENTS.formatted(MOVEMENT, sql))
                  .params(values)
                  .query((row, n) -> new Numbered(row.getLong("id"), movement(row)))
                  .list();
          var page = Page.of(rows, limit, last -> Cursor.of(last.id()));
          return new Page<>(page.items().stream().map(Numbered::movement).toList(), page.next());
        });
  }

  // Backwards from what is there now: what happened since is taken off again.
  StockViews.Past past(String sku, Instant at) {
    return reads.read(
        jdbc -> {
          var nodes =
              jdbc.sql(
                      """
                      SELECT s.node,
                        s.on_hand - coalesce(sum(CASE WHEN m.debit = 'outside' THEN m.quantity WHEN m.credit = 'outside' THEN -m.quantity END), 0)
                          AS on_hand,
                        s.allocated - coalesce(sum(CASE 'allocated' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0) AS allocated,
                        s.frozen - coalesce(sum(CASE 'frozen' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0) AS frozen,
                        s.damaged - coalesce(sum(CASE 'damaged' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0) AS damaged,
                        s.quarantined - coalesce(sum(CASE 'quarantined' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0)
                          AS quarantined,
                        s.safety - coalesce(sum(CASE 'safety' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0) AS safety,
                        s.incoming - coalesce(sum(CASE 'incoming' WHEN m.credit THEN m.quantity WHEN m.debit THEN -m.quantity END), 0) AS incoming
                      FROM stock_level s LEFT JOIN stock_movement m ON m.sku = s.sku AND m.node = s.node AND m.occurred_at > :at
                      WHERE s.sku = :sku GROUP BY s.sku, s.node ORDER BY s.node
                      """)
                  .param("sku", sku)
                  .param("at", Timestamp.from(at))
                  .query((row, n) -> pastLevel(row))
                  .list();
          if (nodes.isEmpty()) {
            throw Problem.notFound(
                "SKU '%s' is not known at any node; report it with PUT /api/v1/stock."
                    .formatted(Words.cut(sku)));
          }
          return new StockViews.Past(sku, at, nodes);
        });
  }

  private static StockViews.PastLevel pastLevel(ResultSet row) throws SQLException {
    var onHand = row.getInt("on_hand");
    var allocated = row.getInt("allocated");
    var frozen = row.getInt("frozen");
    var damaged = row.getInt("damaged");
    var quarantined = row.getInt("quarantined");
    var safety = row.getInt("safety");
    return new StockViews.PastLevel(
        row.getString("node"),
        onHand - allocated - frozen - damaged - quarantined - safety,
        onHand,
        allocated,
        frozen,
        damaged,
        quarantined,
        safety,
        row.getInt("incoming"));
  }

  private static StockViews.Movement movement(ResultSet row) throws SQLException {
    return new StockViews.Movement(
        Reads.instant(row, "occurred_at"),
        row.getString("node"),
        row.getInt("quantity"),
        row.getString("debit"),
        row.getString("credit"),
        row.getString("cause"),
        Reads.id("ord", Reads.uuid(row, "order_id")),
        Reads.id("msg", Reads.number(row, "message_id")),
        row.getString("actor"),
        row.getString("note"));
  }

  StockViews.Sku get(String sku) {
    var publications = publications(sku);
    return reads.read(
        jdbc -> {
          var nodes =
              jdbc.sql(LEVEL + "WHERE sku = :sku ORDER BY node")
                  .param("sku", sku)
                  .query((row, n) -> level(row))
                  .list();
          if (nodes.isEmpty() && publications.isEmpty()) {
            throw Problem.notFound(
                "SKU '%s' is not known at any node; report it with PUT /api/v1/stock."
                    .formatted(Words.cut(sku)));
          }
          var movements =
              jdbc.sql(NEWEST_MOVEMENTS.formatted(MOVEMENT, ""))
                  .param("sku", sku)
                  .param("node", null)
                  .param("rows", MOVEMENTS)
                  .query((row, n) -> movement(row))
                  .list();
          return new StockViews.Sku(
              sku,
              nodes.stream().mapToInt(StockViews.Level::available).sum(),
              nodes.stream().mapToInt(StockViews.Level::onHand).sum(),
              nodes.stream().mapToInt(StockViews.Level::allocated).sum(),
              nodes.stream().mapToInt(StockViews.Level::shortage).sum(),
              nodes,
              publications,
              movements);
        });
  }
}
