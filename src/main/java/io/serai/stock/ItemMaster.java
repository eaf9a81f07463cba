package io.serai.stock;

import io.serai.stock.Item.Part;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The items and cross-references as they are kept, and the one way to change them.
 *
 * <p>Guarantee: changes are made one after the other, take effect completely or not at all, and
 * have what channels show of the codes they concern computed anew; a set never has a set among its
 * components. {@link #get} costs nothing. Gap: other replicas know of a change when they {@link
 * #refresh} next, about a second later.
 */
public final class ItemMaster implements Supplier<Items> {
  private static final Logger LOG = LoggerFactory.getLogger(ItemMaster.class);

  private static final String EDITION = "SELECT coalesce(max(edition), 0) FROM item_edition";

  private static final String NEXT_EDITION =
      """
      INSERT INTO item_edition (edition) VALUES (1)
      ON CONFLICT (one) DO UPDATE SET edition = item_edition.edition + 1 RETURNING edition""";

  private static final String ITEMS =
      """
      SELECT i.sku, i.title, i.tags, i.weight_grams, i.hs_code, i.origin_country, i.abc_class,
        (SELECT array_agg(c.component ORDER BY c.component) FROM item_component c WHERE c.sku = i.sku),
        (SELECT array_agg(c.quantity ORDER BY c.component) FROM item_component c WHERE c.sku = i.sku)
      FROM item i""";

  private static final String REFERENCES =
      "SELECT account, code, sku, quantity FROM cross_reference";

  private static final String PUT_ITEMS =
      """
      INSERT INTO item (sku, title, tags, weight_grams, hs_code, origin_country, abc_class, updated_at)
      SELECT u.sku, u.title, string_to_array(u.tags, E'\\n'), u.weight_grams, u.hs_code, u.origin_country, u.abc_class, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?) AS u(sku, title, tags, weight_grams, hs_code, origin_country, abc_class) ORDER BY u.sku
      ON CONFLICT (sku) DO UPDATE SET title = excluded.title, tags = excluded.tags, weight_grams = excluded.weight_grams,
        hs_code = excluded.hs_code, origin_country = excluded.origin_country, abc_class = excluded.abc_class, updated_at = excluded.updated_at""";

  private static final String PUT_COMPONENTS =
      "INSERT INTO item_component (sku, component, quantity) SELECT * FROM unnest(?, ?, ?)";

  private static final String PUT_REFERENCES =
      """
      INSERT INTO cross_reference (account, code, sku, quantity, updated_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?) u
      ON CONFLICT (account, code) DO UPDATE SET sku = excluded.sku, quantity = excluded.quantity, updated_at = excluded.updated_at""";

  // In the order of the key, as whoever else marks does, so that nobody waits for the other.
  private static final String MARK =
      """
      UPDATE publication p SET marked_at = coalesce(p.marked_at, ?)
      FROM (SELECT account, listing_id, location_id FROM publication WHERE sku = ANY (?)
            ORDER BY account, listing_id, location_id FOR UPDATE) m
      WHERE p.account = m.account AND p.listing_id = m.listing_id AND p.location_id = m.location_id""";

  private final DataSource database;
  private final Clock clock;
  private volatile Items current = Items.NONE;
  private volatile long edition = -1;

  /** A rule that an item or cross-reference breaks. */
  public record Refused(String key, String sentence) {}

  /** Works on a database; knows nothing until the first {@link #refresh}. */
  public ItemMaster(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Items get() {
    return current;
  }

  /** Reads what changed elsewhere. Answers whether anything did. */
  public synchronized boolean refresh() throws SQLException {
    try (var connection = database.getConnection()) {
      var before = edition;
      if (edition(connection, EDITION) == before) {
        return false;
      }
      connection.setAutoCommit(false);
      // The edition is read first: what changes meanwhile is read again next time.
      var seen = edition(connection, EDITION);
      current = known(connection).asItems();
      edition = seen;
      connection.rollback();
      return true;
    }
  }

  /** As {@link #refresh}; what cannot be read stays as it was known. */
  public void refreshOrWarn() {
    try {
      refresh();
    } catch (SQLException e) {
      LOG.warn("Items could not be read; those known before stay: {}", e.getMessage());
    }
  }

  /** Describes items, replacing what was said of the same SKUs. Answers those it refused. */
  public List<Refused> putItems(Collection<Item> items) throws SQLException {
    return change(
        (connection, known) -> {
          var refused = new ArrayList<Refused>();
          var sets = new HashSet<String>();
          var used = new HashSet<String>();
          var replaced = new HashSet<String>();
          items.forEach(i -> replaced.add(i.sku()));
          known.items().values().stream()
              .filter(i -> i.isSet() && !replaced.contains(i.sku()))
              .forEach(
                  i -> {
                    sets.add(i.sku());
                    i.components().forEach(c -> used.add(c.sku()));
                  });
          var taken = new ArrayList<Item>();
          for (var item : items) {
            var fault = item.isSet() ? fault(item, sets, used) : null;
            if (fault != null) {
              refused.add(new Refused(item.sku(), fault));
              continue;
            }
            if (item.isSet()) {
              sets.add(item.sku());
              item.components().forEach(c -> used.add(c.sku()));
            }
            taken.add(item);
          }
          write(connection, taken);
          var touched = new TreeSet<String>();
          taken.forEach(i -> touched.add(i.sku()));
          return new Change<>(refused, taken.isEmpty() ? null : touched);
        });
  }

  private static String fault(Item item, Set<String> sets, Set<String> used) {
    for (var component : item.components()) {
      if (component.sku().equals(item.sku()) || sets.contains(component.sku())) {
        return "SKU '%s' is a set and names '%s' as a component, which is a set too; name what that one consists of."
            .formatted(item.sku(), component.sku());
      }
    }
    return used.contains(item.sku())
        ? "SKU '%s' cannot be a set: it is a component of one. Take it out of that set first."
            .formatted(item.sku())
        : null;
  }

  private void write(Connection connection, List<Item> items) throws SQLException {
    if (items.isEmpty()) {
      return;
    }
    record Row(String sku, Part part) {}
    var rows =
        items.stream().flatMap(i -> i.components().stream().map(c -> new Row(i.sku(), c))).toList();
    var skus = texts(items.stream().map(Item::sku).toList());
    new Statements()
        .add(
            PUT_ITEMS,
            clock.instant(),
            skus,
            texts(items.stream().map(Item::title).toList()),
            texts(items.stream().map(i -> String.join("\n", i.tags())).toList()),
            Statements.array("int4", items.stream().map(Item::weightGrams).toArray(Integer[]::new)),
            texts(items.stream().map(Item::hsCode).toList()),
            texts(items.stream().map(Item::originCountry).toList()),
            texts(items.stream().map(Item::abcClass).toList()))
        .add("DELETE FROM item_component WHERE sku = ANY (?)", skus)
        .add(
            PUT_COMPONENTS,
            texts(rows.stream().map(Row::sku).toList()),
            texts(rows.stream().map(r -> r.part().sku()).toList()),
            Statements.array(
                "int4", rows.stream().map(r -> r.part().quantity()).toArray(Integer[]::new)))
        .execute(connection);
  }

  /** Forgets an item. Answers whether it was known. */
  public boolean removeItem(String sku) throws SQLException {
    return change(
        (connection, known) -> {
          if (!known.items().containsKey(sku)) {
            return new Change<>(false, null);
          }
          new Statements().add("DELETE FROM item WHERE sku = ?", sku).execute(connection);
          return new Change<>(true, Set.of(sku));
        });
  }

  /** Says what codes mean, replacing what was said of them. */
  public void putReferences(Collection<CrossReference> references) throws SQLException {
    change(
        (connection, known) -> {
          var rows = List.copyOf(references);
          var codes = new TreeSet<String>();
          rows.forEach(r -> codes.add(r.code()));
          if (!rows.isEmpty()) {
            new Statements()
                .add(
                    PUT_REFERENCES,
                    clock.instant(),
                    texts(rows.stream().map(r -> account(r.account())).toList()),
                    texts(rows.stream().map(CrossReference::code).toList()),
                    texts(rows.stream().map(CrossReference::sku).toList()),
                    Statements.array(
                        "int4",
                        rows.stream().map(CrossReference::quantity).toArray(Integer[]::new)))
                .execute(connection);
          }
          return new Change<>(null, codes.isEmpty() ? null : codes);
        });
  }

  /**
   * Forgets what a code means. Answers whether it was known.
   *
   * @param account null for the meaning in every channel
   */
  public boolean removeReference(String account, String code) throws SQLException {
    return change(
        (connection, known) -> {
          var found =
              known.references().stream()
                  .anyMatch(
                      r -> r.code().equals(code) && account(r.account()).equals(account(account)));
          if (!found) {
            return new Change<>(false, null);
          }
          new Statements()
              .add(
                  "DELETE FROM cross_reference WHERE account = ? AND code = ?",
                  account(account),
                  code)
              .execute(connection);
          return new Change<>(true, Set.of(code));
        });
  }

  private static String account(String name) {
    return name == null ? "" : name;
  }

  private record Known(Map<String, Item> items, List<CrossReference> references) {
    Items asItems() {
      return new Items(items.values(), references);
    }
  }

  /**
   * What came of a change.
   *
   * @param touched codes and SKUs that mean something else now, or null when nothing changed
   */
  private record Change<T>(T answer, Set<String> touched) {}

  @FunctionalInterface
  private interface Changing<T> {
    Change<T> change(Connection connection, Known known) throws SQLException;
  }

  private synchronized <T> T change(Changing<T> changing) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        var next = edition(connection, NEXT_EDITION);
        var before = known(connection);
        var change = changing.change(connection, before);
        if (change.touched() == null) {
          connection.rollback();
          return change.answer();
        }
        var after = known(connection);
        new Statements()
            .add(MARK, clock.instant(), texts(codes(change.touched(), before, after)))
            .execute(connection);
        connection.commit();
        current = after.asItems();
        edition = next;
        return change.answer();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** Under which codes channels may show something else than before. */
  private static List<String> codes(Set<String> touched, Known before, Known after) {
    var codes = new TreeSet<>(touched);
    for (var known : List.of(before, after)) {
      var items = known.asItems();
      touched.forEach(sku -> codes.addAll(items.codesOf(sku).keySet()));
      // A cross-reference to a set that changed is found by the set's name.
      known.references().stream()
          .filter(reference -> touched.contains(reference.sku()))
          .forEach(reference -> codes.add(reference.code()));
    }
    return List.copyOf(codes);
  }

  private static long edition(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Known known(Connection connection) throws SQLException {
    var items = new HashMap<String, Item>();
    var references = new ArrayList<CrossReference>();
    new Statements()
        .query(
            ITEMS,
            rows -> {
              while (rows.next()) {
                var parts = new ArrayList<Part>();
                if (rows.getArray(8) != null) {
                  var skus = (String[]) rows.getArray(8).getArray();
                  var quantities = (Integer[]) rows.getArray(9).getArray();
                  for (var i = 0; i < skus.length; i++) {
                    parts.add(new Part(skus[i], quantities[i]));
                  }
                }
                items.put(
                    rows.getString(1),
                    new Item(
                        rows.getString(1),
                        rows.getString(2),
                        Set.of((String[]) rows.getArray(3).getArray()),
                        rows.getObject(4, Integer.class),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getString(7),
                        parts));
              }
            })
        .query(
            REFERENCES,
            rows -> {
              while (rows.next()) {
                var account = rows.getString(1);
                references.add(
                    new CrossReference(
                        account.isEmpty() ? null : account,
                        rows.getString(2),
                        rows.getString(3),
                        rows.getInt(4)));
              }
            })
        .execute(connection);
    return new Known(items, references);
  }

  private static Statements.PgArray texts(List<String> values) {
    return Statements.array("text", values.toArray(String[]::new));
  }
}
