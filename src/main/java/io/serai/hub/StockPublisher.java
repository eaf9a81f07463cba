package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.order.StockPublication;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.stock.Item.Part;
import io.serai.stock.Items;
import io.serai.support.CrashPoint;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Tells channels what they may sell. What changed is marked once per listing; the quantity is
 * computed when it is sent, so a listing that changes a hundred times in a second is told once.
 *
 * <p>Guarantee: a listing is in at most one call on its way, and a change after the computation
 * marks it again; so what a channel shows converges to what there is. A push that prevents an
 * oversell goes before a refresh. A place of a channel is told what the nodes that feed it hold,
 * and one that none feeds is left alone. Gap: between a sale elsewhere and the channel's answer the
 * channel shows the former quantity.
 */
public final class StockPublisher {
  private static final String STOCK = "stock";

  private record Due(
      String listingId, String locationId, String sku, Integer quantity, Integer base) {
    String key() {
      return listingId + '/' + locationId;
    }
  }

  private final DataSource database;
  private final Clock clock;
  private final Topology topology;
  private final Map<String, Integer> bulk;
  private final Supplier<Items> items;
  private final Ids ids;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /** Publishes for channels that sell under our SKUs. */
  public StockPublisher(
      DataSource database, Clock clock, Topology topology, Map<String, Integer> bulk) {
    this(database, clock, topology, bulk, () -> Items.NONE);
  }

  /**
   * Publishes for the channels of a topology.
   *
   * @param bulk per channel, how many listings one call may carry
   * @param items what is sold under which code
   */
  public StockPublisher(
      DataSource database,
      Clock clock,
      Topology topology,
      Map<String, Integer> bulk,
      Supplier<Items> items) {
    this.database = database;
    this.clock = clock;
    this.topology = topology;
    this.bulk = Map.copyOf(bulk);
    this.items = items;
    this.ids = new Ids(clock);
  }

  /**
   * Has what channels show per place computed anew, as after a start with other places: which node
   * feeds which may have changed. What they show already is not told again.
   */
  public void remark() throws SQLException {
    var names =
        topology.accounts().values().stream()
            .filter(a -> a.channel() && a.publishStock() && !a.locations().isEmpty())
            .map(Topology.Account::name)
            .toList();
    if (names.isEmpty()) {
      return;
    }
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              "UPDATE publication SET marked_at = ? WHERE account = ANY (?) AND marked_at IS NULL",
              clock.instant(),
              Statements.texts(names))
          .execute(connection);
    }
  }

  /** Owes every channel what is marked and due. Answers how many calls are owed now. */
  public int publishDue() throws SQLException {
    var owed = 0;
    for (var account : topology.accounts().values()) {
      if (account.channel() && account.publishStock() && account.offers(STOCK)) {
        while (publish(account)) {
          owed++;
        }
      }
    }
    return owed;
  }

  private boolean publish(Topology.Account account) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      var now = clock.instant();
      var due = take(connection, account.name(), bulk.getOrDefault(account.name(), 1), now);
      if (due.isEmpty()) {
        connection.rollback();
        return false;
      }
      var known = items.get();
      var parts = new HashMap<String, List<Part>>();
      due.forEach(one -> parts.put(one.sku(), known.parts(account.name(), one.sku())));
      var sellable = sellable(connection, parts.values());
      var items = new ArrayList<StockPublication.Item>();
      for (var one : due) {
        if (!account.fed(one.locationId())) {
          continue; // that place is somebody else's
        }
        var quantity = quantity(account, one.locationId(), parts.get(one.sku()), sellable);
        if (one.quantity() == null
            || one.quantity() != quantity
            || one.base() == null
            || one.base() != quantity) {
          items.add(
              new StockPublication.Item(
                  one.key(),
                  one.sku(),
                  one.listingId(),
                  null,
                  one.locationId().isEmpty() ? null : one.locationId(),
                  quantity,
                  one.base()));
        }
      }
      if (!items.isEmpty()) {
        owe(connection, account, items, now);
      }
      connection.commit();
      return true;
    }
  }

  /** How many can be made of what the nodes that feed a place hold of each part. */
  private static int quantity(
      Topology.Account account,
      String location,
      List<Part> parts,
      Map<String, Map<String, Integer>> sellable) {
    var most = Integer.MAX_VALUE;
    for (var part : parts) {
      var units = 0L;
      for (var node : sellable.getOrDefault(part.sku(), Map.of()).entrySet()) {
        units += account.feeds(node.getKey(), location) ? node.getValue() : 0;
      }
      most = (int) Math.min(most, units / part.quantity());
    }
    return most;
  }

  private static List<Due> take(Connection connection, String account, int limit, Instant now)
      throws SQLException {
    var due = new ArrayList<Due>();
    new Statements()
        .query(
            """
            WITH due AS (
              SELECT account, listing_id, location_id FROM publication
              WHERE account = ? AND marked_at <= ? AND delivery_id IS NULL
              ORDER BY urgent DESC, marked_at LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE publication p SET marked_at = NULL, urgent = false
            FROM due WHERE p.account = due.account AND p.listing_id = due.listing_id AND p.location_id = due.location_id
            RETURNING p.listing_id, p.location_id, p.sku, p.quantity, p.base""",
            rows -> {
              while (rows.next()) {
                due.add(
                    new Due(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getObject(4, Integer.class),
                        rows.getObject(5, Integer.class)));
              }
            },
            account,
            now,
            limit)
        .execute(connection);
    due.sort(Comparator.comparing(Due::key));
    return due;
  }

  private static Map<String, Map<String, Integer>> sellable(
      Connection connection, Collection<List<Part>> parts) throws SQLException {
    var sellable = new HashMap<String, Map<String, Integer>>();
    new Statements()
        .query(
            """
            SELECT s.sku, s.node, greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety)
            FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = ANY (?)""",
            rows -> {
              while (rows.next()) {
                sellable
                    .computeIfAbsent(rows.getString(1), sku -> new HashMap<>())
                    .put(rows.getString(2), rows.getInt(3));
              }
            },
            Statements.texts(
                parts.stream().flatMap(List::stream).map(Part::sku).distinct().sorted().toList()))
        .execute(connection);
    return sellable;
  }

  private void owe(
      Connection connection,
      Topology.Account account,
      List<StockPublication.Item> items,
      Instant now)
      throws SQLException {
    var key = Ids.text("stk", ids.next());
    insert(
        connection,
        account.name(),
        key,
        Json.node(new StockPublication(items)),
        account,
        "READY",
        now);
    new Statements()
        .add(
            """
            UPDATE publication SET delivery_id = (SELECT id FROM delivery WHERE destination = ? AND operation = 'stock' AND business_key = ?),
              sent_at = ?
            WHERE account = ? AND listing_id || '/' || location_id = ANY (?)""",
            account.name(),
            key,
            now,
            account.name(),
            Statements.texts(items.stream().map(StockPublication.Item::key).toList()))
        .execute(connection);
  }

  private static void insert(
      Connection connection,
      String destination,
      String key,
      JsonNode content,
      Topology.Account account,
      String state,
      Instant now)
      throws SQLException {
    // A lane of its own: order is kept per listing, which is in one call at a time.
    new Statements()
        .add(
            """
            WITH d AS (
              INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
                state, due_at, deadline_at, created_at)
              VALUES (?, 'stock', 'stock', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id)
            INSERT INTO delivery_content (delivery_id, content) SELECT id, ? FROM d""",
            destination,
            destination + "/" + key,
            key,
            key,
            account.repeats().get(STOCK).name(),
            state,
            now,
            now.plus(account.giveUp()),
            now,
            Json.text(content))
        .execute(connection);
  }

  /**
   * Learns what a channel answered. Safe to be told twice: a call that no listing waits for changes
   * nothing.
   */
  public void settle(Delivery delivery, Outcome outcome) throws SQLException {
    CrashPoint.hit(CrashPoint.BEFORE_PUBLISHED_MARK);
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      var now = clock.instant();
      if (outcome instanceof Outcome.Items items) {
        var quantities = new HashMap<String, Integer>();
        delivery
            .content()
            .path("items")
            .forEach(i -> quantities.put(i.path("key").asText(), i.path("quantity").asInt()));
        for (var item : items.items()) {
          one(connection, delivery, item, quantities.remove(item.key()), now);
        }
        for (var silent : quantities.keySet()) {
          again(connection, delivery, silent, true, now);
        }
      } else if (outcome instanceof Outcome.Failed failed) {
        // Absolute values: what is wanted is computed anew, and what the channel shows is read
        // first.
        for (var item : delivery.content().path("items")) {
          if (again(failed.failure())) {
            again(connection, delivery, item.path("key").asText(), true, now);
          } else {
            free(connection, delivery, item.path("key").asText());
          }
        }
      }
      connection.commit();
    }
  }

  private static boolean again(Failure failure) {
    return failure.kind().curable() || failure.kind() == FailureKind.UNKNOWN_OUTCOME;
  }

  private void one(
      Connection connection, Delivery delivery, Outcome.Item item, Integer quantity, Instant now)
      throws SQLException {
    if (quantity == null) {
      return;
    }
    if (item.outcome() instanceof Outcome.Confirmed) {
      try (var statement =
          connection.prepareStatement(
              """
              UPDATE publication SET quantity = ?, base = ?, confirmed_at = ?, delivery_id = NULL
              WHERE account = ? AND delivery_id = ? AND listing_id || '/' || location_id = ?""")) {
        statement.setInt(1, quantity);
        statement.setInt(2, quantity);
        statement.setTimestamp(3, Timestamp.from(now));
        statement.setString(4, delivery.destination());
        statement.setLong(5, delivery.id());
        statement.setString(6, item.key());
        statement.executeUpdate();
      }
      return;
    }
    var failure = item.outcome() instanceof Outcome.Failed failed ? failed.failure() : null;
    if (failure == null || again(failure)) {
      again(connection, delivery, item.key(), true, now);
    } else if (failure.sentence().contains("BATCH_NOT_APPLIED")) {
      again(connection, delivery, item.key(), false, now);
    } else {
      refused(connection, delivery, item.key(), failure, now);
    }
  }

  /**
   * Marks a listing again; with {@code reread} its base is unknown and is read before the next
   * write.
   */
  private void again(
      Connection connection, Delivery delivery, String key, boolean reread, Instant now)
      throws SQLException {
    var wait =
        Backoff.DEFAULT.after(Math.min(delivery.attempt(), 5), random).plus(Duration.ofMillis(200));
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE publication SET delivery_id = NULL, marked_at = least(coalesce(marked_at, ?), ?),
              base = CASE WHEN ? THEN NULL ELSE base END
            WHERE account = ? AND delivery_id = ? AND listing_id || '/' || location_id = ?""")) {
      var due = Timestamp.from(now.plus(wait));
      statement.setTimestamp(1, due);
      statement.setTimestamp(2, due);
      statement.setBoolean(3, reread);
      statement.setString(4, delivery.destination());
      statement.setLong(5, delivery.id());
      statement.setString(6, key);
      statement.executeUpdate();
    }
  }

  private static int free(Connection connection, Delivery delivery, String key)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE publication SET delivery_id = NULL, base = NULL
            WHERE account = ? AND delivery_id = ? AND listing_id || '/' || location_id = ?""")) {
      statement.setString(1, delivery.destination());
      statement.setLong(2, delivery.id());
      statement.setString(3, key);
      return statement.executeUpdate();
    }
  }

  /** A listing that the channel refuses for good is a dead letter of its own; the others go on. */
  private void refused(
      Connection connection, Delivery delivery, String key, Failure failure, Instant now)
      throws SQLException {
    if (free(connection, delivery, key) == 0) {
      return;
    }
    for (var item : delivery.content().path("items")) {
      if (key.equals(item.path("key").asText())) {
        var content = Json.MAPPER.createObjectNode();
        content.putArray("items").add(item);
        var own = Ids.text("stk", ids.next());
        insert(
            connection,
            delivery.destination(),
            own,
            content,
            topology.accounts().get(delivery.destination()),
            "PARKED",
            now);
        new Statements()
            .add(
                """
                WITH f AS (
                  INSERT INTO failure (kind, sentence, fingerprint, account, route, step, evidence, delivery_id, occurred_at)
                  SELECT ?, ?, ?, ?, ?, ?, ?, d.id, ? FROM delivery d WHERE d.destination = ? AND d.operation = 'stock' AND d.business_key = ?
                  RETURNING id, delivery_id)
                UPDATE delivery d SET failure_id = f.id FROM f WHERE d.id = f.delivery_id""",
                failure.kind().name(),
                failure.sentence(),
                failure.fingerprint(),
                delivery.destination(),
                failure.place().route(),
                failure.place().step(),
                failure.evidence(),
                now,
                delivery.destination(),
                own)
            .execute(connection);
      }
    }
  }
}
