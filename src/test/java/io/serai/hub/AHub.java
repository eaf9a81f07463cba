package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.inbox.InboxMessage;
import io.serai.order.Acknowledgment;
import io.serai.order.Cancellation;
import io.serai.order.ChannelRef;
import io.serai.order.FulfillmentResponse;
import io.serai.order.Order;
import io.serai.order.OrderChange;
import io.serai.order.Refund;
import io.serai.order.Return;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.outbox.Delivery;
import io.serai.outbox.RepeatMode;
import io.serai.stock.Items;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import io.serai.support.OwnConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hub of two nodes and one shop on a real database, without routes: canonical documents go in,
 * tables are what comes out.
 */
final class AHub implements AutoCloseable {
  static final String SHOP = "shopify-main";
  static final String NEAR = "nj-1";
  static final String FAR = "ca-1";
  static final String NEAR_PARTNER = "northwind";
  static final String FAR_PARTNER = "fabrikam";

  static final Topology TWO_NODES =
      new Topology(
          List.of(
              new Candidate(NEAR, "3pl", NEAR_PARTNER, "US"),
              new Candidate(FAR, "3pl", FAR_PARTNER, "US")),
          Map.of(
              SHOP,
              new Topology.Account(
                  SHOP,
                  true,
                  true,
                  false,
                  Map.of("shipment", RepeatMode.QUERYABLE, "cancellation", RepeatMode.QUERYABLE),
                  Duration.ofHours(48)),
              NEAR_PARTNER,
              partner(NEAR_PARTNER, RepeatMode.IDEMPOTENT),
              FAR_PARTNER,
              partner(FAR_PARTNER, RepeatMode.QUERYABLE)));

  private static final AtomicLong SERIAL = new AtomicLong();

  /** What came of a document, and how its message ended. */
  record Result(ApplyResult result, String messageState, long messageId) {
    ApplyResult.Failed failed() {
      assertThat(result).isInstanceOf(ApplyResult.Failed.class);
      return (ApplyResult.Failed) result;
    }
  }

  /** A line's quantities. */
  record Quantities(
      int ordered,
      int cancelWanted,
      int cancelled,
      int allocated,
      int backordered,
      int shipped,
      int refunded) {
    int unplaced() {
      return ordered - cancelled - allocated - backordered - shipped;
    }
  }

  /** An order's row. */
  record Row(
      UUID id,
      String state,
      int revision,
      String version,
      String hold,
      String holdReason,
      String holdOwner,
      Instant holdDueAt,
      boolean moneyMismatch,
      Instant cancelledAt) {}

  /** A delivery's row. */
  record Owed(
      long id,
      String destination,
      String document,
      String operation,
      String businessKey,
      int revision,
      String key,
      String state,
      String lane,
      JsonNode content) {}

  /** A level's row. */
  record Level(int onHand, int allocated, int shortage) {}

  /** A fulfillment order's row. */
  record Asked(UUID id, String node, String state, String reference) {
    String text() {
      return Ids.text("ful", id);
    }
  }

  final ManualClock clock;
  final List<Delivery> handedOn = new CopyOnWriteArrayList<>();
  final Set<String> nudged = ConcurrentHashMap.newKeySet();
  private final TestDatabase database;
  private final Topology topology;
  private Apply apply;

  /** What is sold under which code; the next transaction knows it. */
  volatile Items items = Items.NONE;

  volatile boolean room;

  /** What the engine writes through, from the next restart on. */
  OwnConnection.Source connections;

  /** Deliveries that may be there though nobody was told. */
  final List<Long> unheard = new CopyOnWriteArrayList<>();

  AHub(TestDatabase database) {
    this(database, TWO_NODES, new ManualClock());
  }

  AHub(TestDatabase database, Topology topology, ManualClock clock) {
    this.database = database;
    this.topology = topology;
    this.clock = clock;
    this.connections = () -> database.connect("apply");
    for (var i = 0; i < topology.nodes().size(); i++) {
      var node = topology.nodes().get(i);
      run(
          "INSERT INTO node (id, type, partner, country, priority) VALUES (?, ?, ?, ?, ?) ON"
              + " CONFLICT DO NOTHING",
          node.id(),
          node.type(),
          node.partner(),
          node.country(),
          i + 1);
    }
    restart();
  }

  static Topology.Account partner(String name, RepeatMode repeat) {
    return new Topology.Account(
        name, false, false, false, Map.of("fulfillment-request", repeat), Duration.ofHours(48));
  }

  /** Fresh objects on the same database, as after a crash. */
  void restart() {
    if (apply != null) {
      apply.close();
    }
    apply =
        new Apply(
            connections,
            clock,
            "test",
            Duration.ofSeconds(60),
            topology,
            () -> items,
            new Apply.HandOn() {
              @Override
              public boolean hasRoomFor(String destination, int deliveries) {
                return room;
              }

              @Override
              public void handOn(List<Delivery> deliveries) {
                handedOn.addAll(deliveries);
              }

              @Override
              public void neverHandedOn(List<Long> deliveries, Instant leaseUntil) {
                unheard.addAll(deliveries);
              }

              @Override
              public void nudge(Set<String> lanes) {
                nudged.addAll(lanes);
              }
            });
  }

  Apply engine() {
    return apply;
  }

  FollowUps followUps() {
    return new FollowUps(database.dataSource(), clock, apply, () -> items);
  }

  /** Does what follows from changes of stock. Answers how many documents that took. */
  int keepUp() {
    try {
      return new StockUpkeep(database.dataSource(), clock, apply).runDue();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Does something to stock by hand. */
  StockChange.Outcome change(StockChange.Kind kind, String node, StockChange.Row... rows) {
    var result = applyInside(new StockChange(kind, node, List.of(rows), null, null, null));
    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
    return (StockChange.Outcome) ((ApplyResult.Applied) result).detail();
  }

  /** Does what has become possible meanwhile. Answers how many orders went on. */
  int followUp() {
    try {
      return followUps().runDue();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets a node count so many of a SKU, now. */
  AHub has(String sku, String node, int onHand) {
    var done =
        apply(
            new StockReport(
                node,
                null,
                StockReport.Kind.ABSOLUTE,
                clock.instant(),
                null,
                List.of(new StockReport.Level(sku, onHand)),
                null));
    assertThat(done.result()).isInstanceOf(ApplyResult.Applied.class);
    return this;
  }

  /** Applies a document as its message would be, and waits for the commit. */
  Result apply(Object document) {
    return apply(document, message(document));
  }

  /** Applies a document for a message that is claimed already. */
  Result apply(Object document, InboxMessage message) {
    var done = new CompletableFuture<ApplyResult>();
    apply.apply(document, Json.node(document), message, done::complete);
    var result = get(done);
    if (result instanceof ApplyResult.Failed) {
      run("UPDATE inbox_message SET state = 'PARKED' WHERE id = ?", message.id());
    } else if (result instanceof ApplyResult.Waits waits) {
      run(
          "UPDATE inbox_message SET state = 'WAITING', waits_for = ? WHERE id = ?",
          waits.lane(),
          message.id());
    }
    return new Result(result, messageState(message.id()), message.id());
  }

  /** Applies a document that comes from inside. */
  ApplyResult applyInside(Object document) {
    var done = new CompletableFuture<ApplyResult>();
    apply.apply(document, null, "somebody", done::complete);
    return get(done);
  }

  static ApplyResult get(CompletableFuture<ApplyResult> done) {
    try {
      return done.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("apply did not answer", e);
    }
  }

  /** A claimed message for a document. */
  InboxMessage message(Object document) {
    return switch (document) {
      case Order o -> message(o.channel().account(), "order", o.channel().orderId());
      case Cancellation c -> message(c.channel().account(), "cancellation", c.channel().orderId());
      case OrderChange c -> message(c.channel().account(), "order-change", c.channel().orderId());
      case Refund r -> message(r.channel().account(), "refund", r.channel().orderId());
      case Shipment s -> message(NEAR_PARTNER, "shipment", s.fulfillmentId());
      case FulfillmentResponse r ->
          message(NEAR_PARTNER, "fulfillment-response", r.fulfillmentId());
      case Acknowledgment a -> message(NEAR_PARTNER, "acknowledgment", a.named());
      case Return r -> message(SHOP, "return", r.returnId());
      default -> message(NEAR_PARTNER, "stock", "stock");
    };
  }

  InboxMessage message(String account, String document, String key) {
    var id =
        one(
            """
            INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at,
              lease_owner, lease_until, fence)
            VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?, 'test', ?, 1) RETURNING id""",
            rows -> rows.getLong(1),
            account,
            document,
            account + "/" + key,
            key,
            "event-" + SERIAL.incrementAndGet(),
            clock.instant(),
            clock.instant(),
            clock.instant().plusSeconds(60));
    return new InboxMessage(
        id, account, document, key, null, null, clock.instant(), 0, 1, new byte[0]);
  }

  String messageState(long id) {
    return one("SELECT state FROM inbox_message WHERE id = ?", rows -> rows.getString(1), id);
  }

  /** What the channel writes when the whole order is cancelled. */
  Cancellation cancellationOf(String orderId) {
    return new Cancellation(
        ref(orderId), Cancellation.Source.BUYER, null, clock.instant(), null, null, null);
  }

  /** What the channel writes when so many of a line are cancelled. */
  Cancellation cancellationOf(String orderId, String lineId, int quantity) {
    return new Cancellation(
        ref(orderId),
        Cancellation.Source.BUYER,
        null,
        clock.instant(),
        null,
        null,
        List.of(new Cancellation.Line(lineId, quantity)));
  }

  /** The buyer's wish, which the channel waits to hear about. */
  Cancellation wishOf(String orderId, String request, Cancellation.Line... lines) {
    return new Cancellation(
        ref(orderId),
        Cancellation.Source.BUYER,
        "CUSTOMER",
        clock.instant(),
        request,
        null,
        List.of(lines));
  }

  static ChannelRef ref(String orderId) {
    return new ChannelRef(
        "shopify", SHOP, orderId, "#" + orderId, null, null, null, null, null, null);
  }

  /** What a partner writes when so many of a SKU left. */
  Shipment shipmentOf(String fulfillmentId, String shipmentId, String sku, int quantity) {
    return new Shipment(
        fulfillmentId,
        shipmentId,
        null,
        null,
        clock.instant(),
        new Shipment.Carrier("ups", "UPS"),
        null,
        List.of(
            new Shipment.Package(
                List.of(new Shipment.Tracking("1Z" + shipmentId, null)),
                List.of(new Shipment.Line(null, sku, quantity)))));
  }

  /** What a partner answers. */
  FulfillmentResponse answer(String fulfillmentId, FulfillmentResponse.State state) {
    return new FulfillmentResponse(fulfillmentId, state, null, null, clock.instant());
  }

  Row order(String orderId) {
    return one(
        """
        SELECT id, state, revision, channel_version, hold, hold_reason, hold_owner, hold_due_at, money_mismatch, cancelled_at
        FROM sales_order WHERE account = ? AND channel_order_id = ?""",
        rows ->
            new Row(
                rows.getObject(1, UUID.class),
                rows.getString(2),
                rows.getInt(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                rows.getString(7),
                instant(rows, 8),
                rows.getBoolean(9),
                instant(rows, 10)),
        SHOP,
        orderId);
  }

  long orders() {
    return one("SELECT count(*) FROM sales_order", rows -> rows.getLong(1));
  }

  Quantities line(String orderId, String lineId) {
    return one(
        """
        SELECT l.ordered, l.cancel_wanted, l.cancelled, l.allocated, l.backordered, l.shipped, l.refunded
        FROM order_line l JOIN sales_order o ON o.id = l.order_id
        WHERE o.account = ? AND o.channel_order_id = ? AND l.line_id = ?""",
        rows ->
            new Quantities(
                rows.getInt(1),
                rows.getInt(2),
                rows.getInt(3),
                rows.getInt(4),
                rows.getInt(5),
                rows.getInt(6),
                rows.getInt(7)),
        SHOP,
        orderId,
        lineId);
  }

  Level level(String sku, String node) {
    return one(
        "SELECT on_hand, allocated, shortage FROM stock_level WHERE sku = ? AND node = ?",
        rows -> new Level(rows.getInt(1), rows.getInt(2), rows.getInt(3)),
        sku,
        node);
  }

  List<Owed> owed(String orderId) {
    return all(
        """
        SELECT d.id, d.destination, d.document, d.operation, d.business_key, d.revision, d.idempotency_key, d.state, d.lane,
          c.content
        FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id JOIN sales_order o ON o.id = d.order_id
        WHERE o.account = ? AND o.channel_order_id = ? ORDER BY d.id""",
        rows ->
            new Owed(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getInt(6),
                rows.getString(7),
                rows.getString(8),
                rows.getString(9),
                Json.tree(rows.getString(10))),
        SHOP,
        orderId);
  }

  Owed owed(String orderId, String operation) {
    var found = owed(orderId).stream().filter(d -> operation.equals(d.operation())).toList();
    assertThat(found).as("deliveries of operation '%s'", operation).hasSize(1);
    return found.getFirst();
  }

  List<Asked> asked(String orderId) {
    return all(
        """
        SELECT f.id, f.node, f.state, f.reference FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        WHERE o.account = ? AND o.channel_order_id = ? ORDER BY f.created_at, f.id""",
        rows ->
            new Asked(
                rows.getObject(1, UUID.class),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4)),
        SHOP,
        orderId);
  }

  List<String> timeline(String orderId) {
    return all(
        """
        SELECT e.kind FROM order_event e JOIN sales_order o ON o.id = e.order_id
        WHERE o.account = ? AND o.channel_order_id = ? ORDER BY e.id""",
        rows -> rows.getString(1),
        SHOP,
        orderId);
  }

  /** Why a delivery stopped. */
  String failureOf(Owed delivery) {
    return one(
        "SELECT f.sentence FROM failure f JOIN delivery d ON d.failure_id = f.id WHERE d.id = ?",
        rows -> rows.getString(1),
        delivery.id());
  }

  /** As the outbox leaves a delivery that the partner took: confirmed, and its request accepted. */
  void confirm(Owed delivery) {
    run(
        "UPDATE delivery SET state = 'CONFIRMED', finished_at = ?, outcome_unknown = false WHERE id"
            + " = ?",
        clock.instant(),
        delivery.id());
    if ("fulfillment-request".equals(delivery.operation())) {
      run(
          "UPDATE fulfillment_order SET state = 'ACCEPTED' WHERE id = ? AND state = 'REQUESTED'",
          Ids.uuid("ful", delivery.businessKey()));
    }
  }

  /** As the outbox leaves a delivery that is on its way. */
  void sending(Owed delivery) {
    run(
        "UPDATE delivery SET state = 'SENDING', lease_owner = 'test', lease_until = ?, fence ="
            + " fence + 1 WHERE id = ?",
        clock.instant().plusSeconds(60),
        delivery.id());
  }

  /** As the outbox leaves a delivery that the partner took on and will say more about. */
  void pending(Owed delivery, String remoteId) {
    run(
        "UPDATE delivery SET state = 'PENDING', remote_id = ?, due_at = ? WHERE id = ?",
        remoteId,
        clock.instant().plusSeconds(3_600),
        delivery.id());
  }

  /** As the outbox leaves a delivery in some other state. */
  void put(Owed delivery, String state, boolean outcomeUnknown, int attempts) {
    run(
        "UPDATE delivery SET state = ?, outcome_unknown = ?, attempt_count = ? WHERE id = ?",
        state,
        outcomeUnknown,
        attempts,
        delivery.id());
  }

  /** What must hold after every commit, whatever came before it. */
  void holdsTogether() {
    none(
        "a line's promises are the sum of its open reservations",
        """
        SELECT l.order_id || '/' || l.line_no || ': ' || l.allocated || ' promised, ' || coalesce(r.open, 0) || ' reserved'
        FROM order_line l LEFT JOIN (SELECT order_id, line_no, sum(quantity - shipped - released) AS open FROM reservation
          GROUP BY 1, 2) r USING (order_id, line_no)
        WHERE l.allocated <> coalesce(r.open, 0)""");
    none(
        "a level's promises are the sum of the open reservations",
        """
        SELECT s.sku || '@' || s.node || ': ' || s.allocated || ' promised, ' || coalesce(r.open, 0) || ' reserved'
        FROM stock_level s LEFT JOIN (SELECT sku, node, sum(quantity - shipped - released) AS open FROM reservation
          GROUP BY 1, 2) r USING (sku, node)
        WHERE s.allocated <> coalesce(r.open, 0)""");
    none(
        "nothing is promised beyond what there is",
        "SELECT sku || '@' || node FROM stock_level WHERE allocated < 0 OR allocated > on_hand");
    none(
        "no line loses or gains a unit",
        """
        SELECT order_id || '/' || line_no FROM order_line
        WHERE cancelled + allocated + backordered + shipped > ordered OR cancelled > cancel_wanted""");
    none(
        "levels are what the movements add up to",
        """
        SELECT s.sku || '@' || s.node || ': ' || s.on_hand || ' and ' || s.allocated || ', moved ' || m.on_hand || ' and ' || m.allocated
        FROM stock_level s JOIN (
          SELECT sku, node,
            sum(CASE WHEN debit = 'outside' THEN quantity WHEN credit = 'outside' THEN -quantity ELSE 0 END) AS on_hand,
            sum(CASE WHEN credit = 'allocated' THEN quantity WHEN debit = 'allocated' THEN -quantity ELSE 0 END) AS allocated
          FROM stock_movement GROUP BY 1, 2) m USING (sku, node)
        WHERE s.on_hand <> m.on_hand OR s.allocated <> m.allocated""");
    none(
        "a case is open where units are missing and nowhere else",
        """
        SELECT coalesce(s.sku || '@' || s.node, c.sku || '@' || c.node) || ': ' || coalesce(c.quantity, 0)
        FROM (SELECT sku, node, shortage + greatest(0, allocated + damaged + quarantined - on_hand) AS missing FROM stock_level) s
        FULL JOIN (SELECT sku, node, quantity FROM stock_case WHERE kind = 'SHORTAGE' AND closed_at IS NULL) c USING (sku, node)
        WHERE coalesce(s.missing, 0) <> coalesce(c.quantity, 0)""");
    none(
        "only what a node still has to do holds stock",
        """
        SELECT r.order_id || '@' || r.node || ' ' || f.state FROM reservation r JOIN fulfillment_order f ON f.id = r.fulfillment_order_id
        WHERE r.quantity - r.shipped - r.released > 0
          AND f.state NOT IN ('REQUESTED', 'ACCEPTED', 'PARTIALLY_SHIPPED', 'CANCEL_REQUESTED')""");
    none(
        "no effect is owed without a cause",
        """
        SELECT 'dlv_' || id FROM delivery d WHERE message_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM order_event e WHERE e.order_id = d.order_id AND e.actor IS NOT NULL)""");
    requestsAreOwedOnce();
  }

  private void requestsAreOwedOnce() {
    var requests = new HashMap<String, List<String>>();
    all(
            "SELECT business_key, state FROM delivery WHERE operation = 'fulfillment-request'",
            rows -> new String[] {rows.getString(1), rows.getString(2)})
        .forEach(row -> requests.computeIfAbsent(row[0], k -> new ArrayList<>()).add(row[1]));
    for (var asked :
        all(
            "SELECT id, node, state, reference FROM fulfillment_order WHERE partner IS NOT NULL",
            rows ->
                new Asked(
                    rows.getObject(1, UUID.class),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4)))) {
      var owed = requests.remove(asked.text());
      assertThat(owed).as("requests of '%s'", asked.text()).hasSize(1);
      assertThat("WITHDRAWN".equals(owed.getFirst()))
          .as("request of '%s', which is %s, is %s", asked.text(), asked.state(), owed)
          .isEqualTo("WITHDRAWN".equals(asked.state()));
    }
    assertThat(requests).as("requests of nothing").isEmpty();
  }

  private void none(String law, String sql) {
    assertThat(all(sql, rows -> rows.getString(1))).as(law).isEmpty();
  }

  /** The one text that a query answers. */
  String text(String sql, Object... parameters) {
    return one(sql, rows -> rows.getString(1), parameters);
  }

  /** The one number that a query answers. */
  long number(String sql, Object... parameters) {
    return one(sql, rows -> rows.getLong(1), parameters);
  }

  /** Reads one row. */
  interface Reader<T> {
    T read(ResultSet rows) throws SQLException;
  }

  <T> T one(String sql, Reader<T> reader, Object... parameters) {
    var all = all(sql, reader, parameters);
    assertThat(all).as(sql).hasSize(1);
    return all.getFirst();
  }

  <T> List<T> all(String sql, Reader<T> reader, Object... parameters) {
    try (var connection = database.dataSource().getConnection();
        var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<T>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  void run(String sql, Object... parameters) {
    try (var connection = database.dataSource().getConnection();
        var statement = prepare(connection, sql, parameters)) {
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object[] parameters)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (var i = 0; i < parameters.length; i++) {
      statement.setObject(
          i + 1,
          parameters[i] instanceof Instant instant ? Timestamp.from(instant) : parameters[i]);
    }
    return statement;
  }

  private static Instant instant(ResultSet rows, int column) throws SQLException {
    var at = rows.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  @Override
  public void close() {
    apply.close();
  }
}
