package io.serai.api;

import io.serai.hub.Publications;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;

/** Reads stock, its publications and its movements. */
final class StockReads {
  private static final String LEVEL =
      """
      SELECT sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, incoming, shortage, source,
             as_of, on_hand - allocated - frozen - damaged - quarantined - safety AS available
      FROM stock_level
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
        Reads.instant(row, "as_of"));
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
              jdbc.sql(
                      """
                      SELECT occurred_at, node, quantity, debit, credit, cause, order_id, message_id, actor
                      FROM stock_movement WHERE sku = :sku ORDER BY id DESC LIMIT :rows
                      """)
                  .param("sku", sku)
                  .param("rows", MOVEMENTS)
                  .query(
                      (row, n) ->
                          new StockViews.Movement(
                              Reads.instant(row, "occurred_at"),
                              row.getString("node"),
                              row.getInt("quantity"),
                              row.getString("debit"),
                              row.getString("credit"),
                              row.getString("cause"),
                              Reads.id("ord", Reads.uuid(row, "order_id")),
                              Reads.id("msg", Reads.number(row, "message_id")),
                              row.getString("actor")))
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
