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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Tells channels what they may sell. What changed is marked once per listing; the quantity is
 * computed when it is sent, so a listing that changes a hundred times in a second is told once.
 *
 * <p>Guarantee: a listing is in at most one call on its way, jobs that a channel took on and is not
 * done with aside, and a change after the computation marks it again; so what a channel shows
 * converges to what there is. While a channel takes its time, what else changes is not queued, and
 * what hurries, because little or nothing is left, never waits for what only refreshes, nor for a
 * job that the channel took on and is not done with. Where calls fail because of what the channel
 * sold meanwhile, they carry less, and more again when they succeed. A channel that bears few
 * changes of one listing is told of what does not hurry only so often, and of the variations of one
 * listing by turns; one that wants few calls is told of everything that gathers in one, and of all
 * it sells again after a while. A place of a channel is told what the nodes that feed it hold, and
 * one that none feeds is left alone. Gap: between a sale elsewhere and the channel's answer the
 * channel shows the former quantity.
 */
public final class StockPublisher {
  private static final String STOCK = "stock";

  /** Calls that hurry and are open at a channel at a time. */
  private static final int HURRYING = 2;

  /** Calls that what is due is spread over at most. */
  private static final int CALLS_AT_ONCE = 8;

  /** How often it is looked for what was not told for too long. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** How long a call that is not true any more may wait for its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DataSource database;
  private final Clock clock;
  private final Topology topology;
  private final Map<String, Integer> bulk;
  private final Map<String, Integer> bulkFrom;
  private final Map<String, StockRest> rests;
  private final Supplier<Items> items;
  private final Ids ids;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final PublicationLags lags = new PublicationLags();
  private final Map<String, Integer> sizes = new ConcurrentHashMap<>();
  private final Map<String, Instant> lookAgain = new ConcurrentHashMap<>();

  /** Publishes for channels that sell under our SKUs. */
  public StockPublisher(
      DataSource database, Clock clock, Topology topology, Map<String, Integer> bulk) {
    this(database, clock, topology, bulk, Map.of(), Map.of(), () -> Items.NONE);
  }

  /**
   * Publishes for the channels of a topology.
   *
   * @param bulk per channel, how many listings one call may carry
   * @param bulkFrom per channel, how many that do not hurry must be due before a call carries more
   *     than one; any number when the channel is not named
   * @param rests per channel, when it wants to hear of what does not hurry; at once when the
   *     channel is not named
   * @param items what is sold under which code
   */
  public StockPublisher(
      DataSource database,
      Clock clock,
      Topology topology,
      Map<String, Integer> bulk,
      Map<String, Integer> bulkFrom,
      Map<String, StockRest> rests,
      Supplier<Items> items) {
    this.database = database;
    this.clock = clock;
    this.topology = topology;
    this.bulk = Map.copyOf(bulk);
    this.bulkFrom = Map.copyOf(bulkFrom);
    this.rests = Map.copyOf(rests);
    this.items = items;
    this.ids = new Ids(clock);
  }

  /** How long channels took to show what changed. */
  public PublicationLags lags() {
    return lags;
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

  /** Owes every channel what is marked and due. Answers which channels are owed a call now. */
  public Set<String> publishDue() throws SQLException {
    var owed = new TreeSet<String>();
    for (var account : topology.accounts().values()) {
      if (account.channel() && account.publishStock() && account.offers(STOCK)) {
        recall(account);
        refresh(account);
        while (publish(account)) {
          owed.add(account.name());
        }
      }
    }
    return owed;
  }

  private void refresh(Topology.Account account) throws SQLException {
    var rest = rests.get(account.name());
    var now = clock.instant();
    if (rest == null
        || rest.refresh() == null
        || now.isBefore(lookAgain.getOrDefault(account.name(), now))) {
      return;
    }
    lookAgain.put(account.name(), now.plus(LOOK));
    try (var connection = database.getConnection()) {
      DuePublication.refresh(connection, account.name(), rest.refresh(), now);
    }
  }

  // Answers whether there may be more to do at once.
  private boolean publish(Topology.Account account) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      var now = clock.instant();
      DuePublication.overtake(connection, account.name(), now);
      var open = open(connection, account.name());
      var due =
          open.hurrying() < HURRYING
              ? take(connection, account, true, now)
              : List.<DuePublication>of();
      var hurries = !due.isEmpty();
      if (due.isEmpty() && open.refreshing() == 0) {
        due = take(connection, account, false, now);
      }
      if (due.isEmpty()) {
        connection.rollback();
        return false;
      }
      var known = items.get();
      var parts = new HashMap<String, List<Part>>();
      due.forEach(one -> parts.put(one.code(), known.parts(account.name(), one.code())));
      var sellable = Sellable.of(connection, parts.values());
      var sure = new ArrayList<StockPublication.Item>();
      var unsure = new ArrayList<StockPublication.Item>();
      var settled = new ArrayList<DuePublication>();
      for (var one : due) {
        var quantity = sellable.at(account, one.locationId(), parts.get(one.code()));
        // A place that no node feeds is somebody else's.
        if (!account.fed(one.locationId())
            || !one.doubted()
                && Objects.equals(one.quantity(), quantity)
                && Objects.equals(one.base(), quantity)) {
          settled.add(one);
          continue;
        }
        (one.base() == null ? unsure : sure)
            .add(
                new StockPublication.Item(
                    one.key(),
                    one.code(),
                    one.listingId(),
                    null,
                    one.locationId().isEmpty() ? null : one.locationId(),
                    quantity,
                    one.base()));
      }
      // What somebody changed meanwhile makes its whole call fail, so the doubtful go by
      // themselves.
      for (var together : List.of(sure, unsure)) {
        var size = size(account.name(), together.size(), hurries);
        for (var from = 0; from < together.size(); from += size) {
          var to = Math.min(from + size, together.size());
          owe(connection, account, together.subList(from, to), now);
        }
      }
      DuePublication.forget(connection, account.name(), settled);
      connection.commit();
      return true;
    }
  }

  private List<DuePublication> take(
      Connection connection, Topology.Account account, boolean urgent, Instant now)
      throws SQLException {
    var most =
        Math.min(
            Math.max(bulk.getOrDefault(account.name(), 1), CALLS_AT_ONCE),
            size(account.name()) * CALLS_AT_ONCE);
    return DuePublication.take(
        connection, account.name(), urgent, now, rests.get(account.name()), most);
  }

  /** How many quantities a call to a channel carries now. */
  private int size(String channel) {
    return sizes.getOrDefault(channel, bulk.getOrDefault(channel, 1));
  }

  // A call that carries many may be slow, so what hurries goes one by one then.
  private int size(String channel, int due, boolean hurries) {
    var from = bulkFrom.getOrDefault(channel, 1);
    return from > 1 && (hurries || due < from) ? 1 : size(channel);
  }

  // A call that carries less is less likely to hold something that was sold meanwhile.
  private void learn(String channel, boolean stale) {
    var most = bulk.getOrDefault(channel, 1);
    sizes.put(
        channel,
        stale ? Math.max(1, size(channel) / 2) : Math.min(most, Math.max(1, size(channel)) * 2));
  }

  private record Open(int refreshing, int hurrying) {}

  private static Open open(Connection connection, String account) throws SQLException {
    var open = new Open[1];
    new Statements()
        .query(
            """
            SELECT count(*) FILTER (WHERE o.hurrying = 0), count(*) FILTER (WHERE o.hurrying > 0)
            FROM (SELECT delivery_id, count(*) FILTER (WHERE hurried) AS hurrying FROM publication
                  WHERE account = ? AND delivery_id IS NOT NULL GROUP BY delivery_id) o""",
            rows -> {
              rows.next();
              open[0] = new Open(rows.getInt(1), rows.getInt(2));
            },
            account)
        .execute(connection);
    return open[0];
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
            UPDATE publication p SET delivery_id = (SELECT id FROM delivery WHERE destination = ? AND operation = 'stock' AND business_key = ?),
              sent_at = ?
            FROM unnest(?, ?) AS u(listing_id, location_id)
            WHERE p.account = ? AND p.listing_id = u.listing_id AND p.location_id = u.location_id""",
            account.name(),
            key,
            now,
            Statements.texts(items.stream().map(StockPublication.Item::listingId).toList()),
            Statements.texts(
                items.stream().map(i -> i.locationId() == null ? "" : i.locationId()).toList()),
            account.name())
        .execute(connection);
  }

  /**
   * Takes back calls that wait for their turn while what they would say is known to be wrong, and
   * those that a channel took on and said nothing more of by their time: it is computed anew.
   */
  private void recall(Topology.Account account) throws SQLException {
    var now = clock.instant();
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              WITH late AS (
                SELECT d.id FROM delivery d
                WHERE d.id IN (SELECT p.delivery_id FROM publication p
                               WHERE p.account = ? AND p.delivery_id IS NOT NULL AND p.marked_at <= ?)
                  AND d.state = 'READY' AND NOT d.outcome_unknown AND d.created_at <= ?
                ORDER BY d.id FOR UPDATE SKIP LOCKED),
              taken AS (
                UPDATE delivery d SET state = 'SUPERSEDED', finished_at = ?,
                  reason = 'It waited for its turn until it was not true any more.'
                FROM late WHERE d.id = late.id AND d.state = 'READY' RETURNING d.id),
              mine AS (
                SELECT p.account, p.listing_id, p.location_id FROM publication p JOIN taken ON taken.id = p.delivery_id
                WHERE p.account = ? ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
              UPDATE publication p SET delivery_id = NULL, marked_at = coalesce(p.marked_at, ?),
                urgent = p.urgent OR p.hurried, hurried = false, doubted = true
              FROM mine
              WHERE p.account = mine.account AND p.listing_id = mine.listing_id AND p.location_id = mine.location_id""",
              account.name(),
              now,
              now.minus(PATIENCE),
              now,
              account.name(),
              now)
          .add(
              """
              WITH late AS (
                SELECT d.id FROM delivery d
                WHERE d.state = 'PENDING' AND d.due_at <= ? AND d.operation = 'stock' AND d.destination = ?
                ORDER BY d.id FOR UPDATE SKIP LOCKED),
              taken AS (
                UPDATE delivery d SET state = 'SUPERSEDED', finished_at = ?, acknowledged_at = ?,
                  reason = 'Nothing was said in time of what came of it, so it is told anew.'
                FROM late WHERE d.id = late.id AND d.state = 'PENDING' RETURNING d.id),
              mine AS (
                SELECT p.account, p.listing_id, p.location_id FROM publication p JOIN taken ON taken.id = p.delivery_id
                WHERE p.account = ? ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
              UPDATE publication p SET delivery_id = NULL, marked_at = coalesce(p.marked_at, ?), base = NULL, sold = 0,
                urgent = p.urgent OR p.hurried, hurried = false
              FROM mine
              WHERE p.account = mine.account AND p.listing_id = mine.listing_id AND p.location_id = mine.location_id""",
              now,
              account.name(),
              now,
              now,
              account.name(),
              now)
          .execute(connection);
    }
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
    var quantities = new TreeMap<String, Integer>();
    delivery
        .content()
        .path("items")
        .forEach(i -> quantities.put(i.path("key").asText(), i.path("quantity").asInt()));
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      if (outcome instanceof Outcome.Items items) {
        each(connection, delivery, items, quantities);
      } else if (outcome instanceof Outcome.Confirmed) {
        accepted(connection, delivery, quantities);
      } else if (outcome instanceof Outcome.Failed failed) {
        // Absolute values: what is wanted is computed anew, and what the channel shows is read
        // first.
        if (again(failed.failure())) {
          again(connection, delivery, quantities.keySet(), true, wait(delivery, failed.failure()));
        } else {
          free(connection, delivery, quantities.keySet());
        }
      }
      connection.commit();
    }
  }

  private void each(
      Connection connection,
      Delivery delivery,
      Outcome.Items items,
      TreeMap<String, Integer> quantities)
      throws SQLException {
    var accepted = new TreeMap<String, Integer>();
    var unasked = new TreeSet<String>();
    var reread = new TreeMap<Duration, Set<String>>();
    var refused = new TreeMap<String, Failure>();
    for (var item : items.items()) {
      var quantity = quantities.remove(item.key());
      if (quantity == null) {
        continue;
      }
      var failure = item.outcome() instanceof Outcome.Failed failed ? failed.failure() : null;
      if (item.outcome() instanceof Outcome.Confirmed) {
        accepted.put(item.key(), quantity);
      } else if (failure != null && failure.sentence().contains("BATCH_NOT_APPLIED")) {
        unasked.add(item.key());
      } else if (failure == null || again(failure)) {
        reread.computeIfAbsent(wait(delivery, failure), w -> new TreeSet<>()).add(item.key());
      } else {
        refused.put(item.key(), failure);
      }
    }
    learn(delivery.destination(), !unasked.isEmpty() || reread.containsKey(Duration.ZERO));
    // What the answer does not name is asked again.
    reread.computeIfAbsent(wait(delivery, null), w -> new TreeSet<>()).addAll(quantities.keySet());
    accepted(connection, delivery, accepted);
    again(connection, delivery, unasked, false, Duration.ZERO);
    for (var entry : reread.entrySet()) {
      again(connection, delivery, entry.getValue(), true, entry.getKey());
    }
    for (var entry : refused.entrySet()) {
      refused(connection, delivery, entry.getKey(), entry.getValue(), clock.instant());
    }
  }

  private static boolean again(Failure failure) {
    return failure.kind().curable() || failure.kind() == FailureKind.UNKNOWN_OUTCOME;
  }

  // Somebody was faster, which is no sign of trouble: it is tried again at once.
  private Duration wait(Delivery delivery, Failure failure) {
    if (failure != null && failure.retryAfter() != null) {
      return failure.retryAfter();
    }
    return failure != null && failure.kind() == FailureKind.STALE
        ? Duration.ZERO
        : Backoff.DEFAULT
            .after(Math.min(delivery.attempt(), 5), random)
            .plus(Duration.ofMillis(200));
  }

  private void accepted(Connection connection, Delivery delivery, TreeMap<String, Integer> accepted)
      throws SQLException {
    if (accepted.isEmpty()) {
      return;
    }
    var now = clock.instant();
    var read = new ArrayList<String>();
    for (var item : delivery.content().path("items")) {
      if (!item.path("changeFrom").isNumber()) {
        read.add(item.path("key").asText());
      }
    }
    new Statements()
        .query(
            """
            WITH taken AS (
              SELECT p.account, p.listing_id, p.location_id, p.pending_since, u.quantity,
                u.key = ANY (?) AS read
              FROM publication p JOIN unnest(?, ?) AS u(key, quantity) ON p.listing_id || '/' || p.location_id = u.key
              WHERE p.account = ? AND p.delivery_id = ?
              ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
            UPDATE publication p SET quantity = taken.quantity, base = taken.quantity, confirmed_at = ?, delivery_id = NULL,
              pending_since = NULL, hurried = false, read_at = CASE WHEN taken.read THEN ? ELSE p.read_at END
            FROM taken
            WHERE p.account = taken.account AND p.listing_id = taken.listing_id AND p.location_id = taken.location_id
            RETURNING taken.pending_since""",
            rows -> {
              while (rows.next()) {
                var since = rows.getTimestamp(1);
                if (since != null) {
                  lags.took(delivery.destination(), Duration.between(since.toInstant(), now));
                }
              }
            },
            Statements.texts(read),
            Statements.texts(List.copyOf(accepted.keySet())),
            Statements.array("int4", accepted.values().toArray(Integer[]::new)),
            delivery.destination(),
            delivery.id(),
            now,
            now)
        .execute(connection);
  }

  /**
   * Marks listings again; with {@code reread} what the channel shows is unknown and is read before
   * the next write.
   */
  private void again(
      Connection connection, Delivery delivery, Set<String> keys, boolean reread, Duration wait)
      throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    var due = clock.instant().plus(wait);
    update(
        connection,
        delivery,
        keys,
        """
        marked_at = least(coalesce(p.marked_at, ?), ?), urgent = p.urgent OR p.hurried,
          base = CASE WHEN ? THEN NULL ELSE p.base END, sold = CASE WHEN ? THEN 0 ELSE p.sold END""",
        due,
        due,
        reread,
        reread);
  }

  private static int free(Connection connection, Delivery delivery, Set<String> keys)
      throws SQLException {
    return update(connection, delivery, keys, "base = NULL, sold = 0");
  }

  private static int update(
      Connection connection, Delivery delivery, Set<String> keys, String change, Object... values)
      throws SQLException {
    var parameters =
        new ArrayList<Object>(
            List.of(delivery.destination(), delivery.id(), Statements.texts(List.copyOf(keys))));
    parameters.addAll(List.of(values));
    var changed = new int[1];
    new Statements()
        .query(
            """
            WITH own AS (
              SELECT p.account, p.listing_id, p.location_id FROM publication p
              WHERE p.account = ? AND p.delivery_id = ? AND p.listing_id || '/' || p.location_id = ANY (?)
              ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE)
            UPDATE publication p SET delivery_id = NULL, hurried = false, %s FROM own
            WHERE p.account = own.account AND p.listing_id = own.listing_id AND p.location_id = own.location_id
            RETURNING 1"""
                .formatted(change),
            rows -> {
              while (rows.next()) {
                changed[0]++;
              }
            },
            parameters.toArray())
        .execute(connection);
    return changed[0];
  }

  /** A listing that the channel refuses for good is a dead letter of its own; the others go on. */
  private void refused(
      Connection connection, Delivery delivery, String key, Failure failure, Instant now)
      throws SQLException {
    if (free(connection, delivery, Set.of(key)) == 0) {
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
