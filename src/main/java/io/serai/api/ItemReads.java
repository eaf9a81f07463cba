package io.serai.api;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Finds and reads items and cross-references. */
final class ItemReads {
  private static final String ITEM =
      """
      SELECT i.sku, i.title, i.tags, i.weight_grams, i.hs_code, i.origin_country, i.abc_class, i.updated_at,
        (SELECT array_agg(c.component ORDER BY c.component) FROM item_component c WHERE c.sku = i.sku) AS components,
        (SELECT array_agg(c.quantity ORDER BY c.component) FROM item_component c WHERE c.sku = i.sku) AS quantities
      FROM item i
      """;

  private final Reads reads;

  ItemReads(Reads reads) {
    this.reads = reads;
  }

  Page<ItemViews.Article> items(int limit, String cursor) {
    var after = cursor == null ? "" : Cursor.key(cursor, 1).get(0).asText();
    return reads.read(
        jdbc -> {
          var rows =
              jdbc.sql(ITEM + "WHERE i.sku > :after ORDER BY i.sku LIMIT :rows")
                  .param("after", after)
                  .param("rows", limit + 1)
                  .query((row, number) -> article(row))
                  .list();
          return Page.of(rows, limit, last -> Cursor.of(last.sku()));
        });
  }

  ItemViews.Article item(String sku) {
    return reads.read(
        jdbc ->
            jdbc.sql(ITEM + "WHERE i.sku = :sku")
                .param("sku", sku)
                .query((row, number) -> article(row))
                .optional()
                .orElseThrow(() -> unknown(sku)));
  }

  static Problem unknown(String sku) {
    return Problem.notFound(
        "Item '%s' is not known; GET /api/v1/items lists those that are."
            .formatted(Words.cut(sku)));
  }

  private static ItemViews.Article article(ResultSet row) throws SQLException {
    var components = new ArrayList<ItemViews.Component>();
    if (row.getArray("components") != null) {
      var skus = (String[]) row.getArray("components").getArray();
      var quantities = (Integer[]) row.getArray("quantities").getArray();
      for (var i = 0; i < skus.length; i++) {
        components.add(new ItemViews.Component(skus[i], quantities[i]));
      }
    }
    return new ItemViews.Article(
        row.getString("sku"),
        row.getString("title"),
        List.of((String[]) row.getArray("tags").getArray()),
        row.getObject("weight_grams", Integer.class),
        row.getString("hs_code"),
        row.getString("origin_country"),
        row.getString("abc_class"),
        components,
        Reads.instant(row, "updated_at"));
  }

  Page<ItemViews.Reference> references(String sku, int limit, String cursor) {
    return reads.read(
        jdbc -> {
          var values = new HashMap<String, Object>();
          var sql =
              new StringBuilder(
                  "SELECT account, code, sku, quantity, updated_at FROM cross_reference WHERE true");
          if (sku != null) {
            sql.append(" AND sku = :sku");
            values.put("sku", sku);
          }
          if (cursor != null) {
            var after = Cursor.key(cursor, 2);
            sql.append(" AND (account, code) > (:account, :code)");
            values.put("account", after.get(0).asText());
            values.put("code", after.get(1).asText());
          }
          sql.append(" ORDER BY account, code LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, number) ->
                          new ItemViews.Reference(
                              Words.present(row.getString("account")),
                              row.getString("code"),
                              row.getString("sku"),
                              row.getInt("quantity"),
                              Reads.instant(row, "updated_at")))
                  .list();
          return Page.of(
              rows,
              limit,
              last -> Cursor.of(last.channel() == null ? "" : last.channel(), last.code()));
        });
  }
}
