package io.serai.hub;

import io.serai.order.PaymentState;
import io.serai.outbox.Delivery;
import io.serai.support.Json;
import io.serai.support.Statements;
import io.serai.support.Statements.PgArray;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Reads and locks what an apply transaction needs. Orders are locked by id and then stock by (sku,
 * node), both sorted, so two transactions never wait for each other.
 */
final class HubStore {
  private static final String EXISTING =
      """
      SELECT o.account, o.channel_order_id
      FROM unnest(?, ?) AS u(account, channel_order_id)
      JOIN sales_order o ON o.account = u.account AND o.channel_order_id = u.channel_order_id""";

  // What a promise looks at and changes; the rest of the row stays where it is.
  private static final String LOCK_STOCK_TO_PROMISE =
      """
      SELECT sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, incoming, waited_for
      FROM stock_level WHERE sku = ANY (?) ORDER BY sku, node FOR NO KEY UPDATE""";

  private static final String LOCK_STOCK =
      """
      SELECT sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, shortage, source, source_sequence, as_of,
             counted_at, counted_sequence, incoming, frozen_since, buffer_units, buffer_percent, left_at, unsellable_source,
             unsellable_as_of, waited_for
      FROM stock_level WHERE sku = ANY (?) ORDER BY sku, node FOR NO KEY UPDATE""";

  private static final String DELIVERY_IDS =
      "SELECT nextval('delivery_id') FROM generate_series(1, ?)";

  private static final String ORDER_IDS_BY_KEY =
      """
      SELECT o.id FROM unnest(?, ?) AS u(account, channel_order_id)
      JOIN sales_order o ON o.account = u.account AND o.channel_order_id = u.channel_order_id""";

  private static final String ORDER_IDS_BY_FULFILLMENT =
      "SELECT order_id FROM fulfillment_order WHERE id = ANY (?)";

  private static final String LOCK_ORDERS =
      """
      SELECT id, account, channel_order_id, display_number, state, revision, channel_version, currency, grand_total,
             money_mismatch, test, fulfilled_by, payment_state, hold, hold_reason, hold_owner, hold_due_at, buyer_email,
             ship_country, placed_at, cancelled_at, cancellation_wishes::text AS cancellation_wishes,
             edits::text AS edits, money_moved, erased_at
      FROM sales_order WHERE id = ANY (?) ORDER BY id FOR UPDATE""";

  private static final String DOCUMENTS =
      "SELECT order_id, document FROM order_document WHERE order_id = ANY (?)";

  private static final String LINES =
      """
      SELECT order_id, line_no, line_id, sku, kind, requires_shipping, ordered, cancel_wanted, cancelled, allocated,
             backordered, shipped, returned, refunded, parent_line_no, per_parent, delivered, came_back
      FROM order_line WHERE order_id = ANY (?) ORDER BY order_id, line_no""";

  private static final String FULFILLMENTS =
      """
      SELECT id, order_id, node, partner, state, reference, refused_at, refused_code, refused_reason, move_to,
             short_at, short_code, answer_due_at
      FROM fulfillment_order WHERE order_id = ANY (?) ORDER BY id""";

  private static final String RESERVATIONS =
      """
      SELECT order_id, line_no, fulfillment_order_id, sku, quantity, shipped, released, refused
      FROM reservation WHERE order_id = ANY (?) ORDER BY order_id, line_no""";

  private static final String SHIPMENTS =
      "SELECT order_id, fulfillment_order_id, partner_shipment_id FROM shipment WHERE order_id ="
          + " ANY (?)";

  private static final String OPEN_DELIVERIES =
      """
      SELECT order_id, id, destination, operation, business_key, state, outcome_unknown, attempt_count
      FROM delivery WHERE order_id = ANY (?) AND state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED') ORDER BY id FOR UPDATE""";

  private static final String CANCELS_ASKED =
      "SELECT business_key FROM delivery WHERE order_id = ANY (?) AND operation = 'cancellation'";

  private static final String DECIDED =
      "SELECT DISTINCT order_id FROM decision WHERE order_id = ANY (?)";

  private HubStore() {}

  /**
   * Opens the transaction of a batch of orders that are expected to be new: locks the stock of
   * their SKUs, draws delivery ids, and answers which of the orders exist already.
   */
  static Set<String> beginNew(
      Connection connection,
      Book book,
      List<String> accounts,
      List<String> orderIds,
      Collection<String> skus,
      int deliveries)
      throws SQLException {
    var existing = new HashSet<String>();
    NodeLoad.read(new Statements(), book.topology.nodes(), book.now, book.load)
        .query(
            EXISTING,
            rows -> {
              while (rows.next()) {
                existing.add(rows.getString(1) + '/' + rows.getString(2));
              }
            },
            Statements.texts(accounts),
            Statements.texts(orderIds))
        .query(LOCK_STOCK_TO_PROMISE, rows -> readStockToPromise(rows, book), sorted(skus))
        .query(DELIVERY_IDS, rows -> readIds(rows, book), deliveries)
        .begin(connection);
    return existing;
  }

  /** The orders that keys and fulfillment orders name. */
  static Set<UUID> orderIds(
      Connection connection,
      List<String> accounts,
      List<String> orderIds,
      Collection<UUID> fulfillments,
      Collection<UUID> more)
      throws SQLException {
    var found = new TreeSet<>(more);
    Statements.Rows read =
        rows -> {
          while (rows.next()) {
            found.add(rows.getObject(1, UUID.class));
          }
        };
    new Statements()
        .query(ORDER_IDS_BY_KEY, read, Statements.texts(accounts), Statements.texts(orderIds))
        .query(ORDER_IDS_BY_FULFILLMENT, read, uuids(fulfillments))
        .execute(connection);
    return found;
  }

  /**
   * Opens the transaction of a batch that touches existing orders: locks them and reads all of
   * them.
   */
  static void beginExisting(Connection connection, Book book, Collection<UUID> orders)
      throws SQLException {
    var ids = uuids(new TreeSet<>(orders));
    new Statements()
        .query(LOCK_ORDERS, rows -> readOrders(rows, book), ids)
        .query(DOCUMENTS, rows -> readDocuments(rows, book), ids)
        .query(LINES, rows -> readLines(rows, book), ids)
        .query(FULFILLMENTS, rows -> readFulfillments(rows, book), ids)
        .query(RESERVATIONS, rows -> readReservations(rows, book), ids)
        .query(SHIPMENTS, rows -> readShipments(rows, book), ids)
        .query(OPEN_DELIVERIES, rows -> readDeliveries(rows, book), ids)
        .query(CANCELS_ASKED, rows -> readCancels(rows, book), ids)
        .query(DECIDED, rows -> readDecided(rows, book), ids)
        .query(HoldStore.OF_ORDERS, rows -> HoldStore.read(rows, book), ids)
        .query(QueueStore.OF_ORDERS, rows -> QueueStore.read(rows, book), ids)
        .query(QueueStore.PREORDERS, rows -> QueueStore.readPreorders(rows, book), ids)
        .begin(connection);
    PurseStore.read(connection, book);
  }

  /** Locks and reads the stock of these SKUs and draws delivery ids, in the open transaction. */
  static void lockStock(Connection connection, Book book, Collection<String> skus, int deliveries)
      throws SQLException {
    NodeLoad.read(new Statements(), book.topology.nodes(), book.now, book.load)
        .query(LOCK_STOCK, rows -> readStock(rows, book), sorted(skus))
        .query(DELIVERY_IDS, rows -> readIds(rows, book), deliveries)
        .execute(connection);
  }

  /** Draws so many delivery ids, in the open transaction. */
  static Deque<Long> deliveryIds(Connection connection, int deliveries) throws SQLException {
    var ids = new ArrayDeque<Long>();
    new Statements()
        .query(
            DELIVERY_IDS,
            rows -> {
              while (rows.next()) {
                ids.add(rows.getLong(1));
              }
            },
            deliveries)
        .execute(connection);
    return ids;
  }

  /** Reads at which places channels keep stock, as far as it takes to tell one from several. */
  static void listedPlaces(Connection connection, Book book, Collection<String> channels)
      throws SQLException {
    new Statements()
        .query(
            """
            SELECT u.account, (SELECT min(location_id) FROM listing l WHERE l.account = u.account AND l.location_id > ''),
              (SELECT max(location_id) FROM listing l WHERE l.account = u.account AND l.location_id > '')
            FROM unnest(?) AS u(account)""",
            rows -> {
              while (rows.next()) {
                var places = new HashSet<String>();
                if (rows.getString(2) != null) {
                  places.add(rows.getString(2));
                  places.add(rows.getString(3));
                }
                book.listedPlaces.put(rows.getString(1), places);
              }
            },
            Statements.texts(List.copyOf(channels)))
        .execute(connection);
  }

  /** Locks and reads all stock of a node, for a report that names everything there is. */
  static void lockNode(Connection connection, Book book, String node) throws SQLException {
    new Statements()
        .query(
            """
            SELECT sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, shortage, source, source_sequence, as_of,
                   counted_at, counted_sequence, incoming, frozen_since, buffer_units, buffer_percent, left_at, unsellable_source,
                   unsellable_as_of, waited_for
            FROM stock_level WHERE node = ? ORDER BY sku, node FOR NO KEY UPDATE""",
            rows -> readStock(rows, book),
            node)
        .query(
            """
            SELECT s.sku, s.node, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety
            FROM stock_level s WHERE s.node <> ? AND s.sku IN (SELECT l.sku FROM stock_level l WHERE l.node = ?)""",
            rows -> {
              while (rows.next()) {
                book.elsewhere.put(
                    new WorkingStock.Key(rows.getString(1), rows.getString(2)), rows.getInt(3));
              }
            },
            node,
            node)
        .execute(connection);
  }

  private static PgArray sorted(Collection<String> skus) {
    return Statements.array("text", new TreeSet<>(skus).toArray());
  }

  private static PgArray uuids(Collection<UUID> ids) {
    return Statements.array("uuid", ids.toArray());
  }

  private static void readIds(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      book.deliveryIds.add(rows.getLong(1));
    }
  }

  private static void readStockToPromise(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var level = terms(rows);
      level.incoming = rows.getInt(9);
      level.waitedFor = rows.getBoolean(10);
      level.toPromise = true;
      level.loaded();
      book.stock.put(new WorkingStock.Key(rows.getString(1), rows.getString(2)), level);
    }
  }

  private static WorkingStock.Level terms(ResultSet rows) throws SQLException {
    var level = new WorkingStock.Level(false);
    level.onHand = rows.getInt(3);
    level.allocated = rows.getInt(4);
    level.frozen = rows.getInt(5);
    level.damaged = rows.getInt(6);
    level.quarantined = rows.getInt(7);
    level.safety = rows.getInt(8);
    return level;
  }

  private static void readStock(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var level = terms(rows);
      level.shortage = rows.getInt(9);
      level.source = rows.getString(10);
      level.sequence = rows.getString(11);
      level.asOf = instant(rows, 12);
      level.countedAt = instant(rows, 13);
      level.countedSequence = rows.getString(14);
      level.incoming = rows.getInt(15);
      level.frozenSince = instant(rows, 16);
      level.bufferUnits = rows.getObject(17, Integer.class);
      level.bufferPercent = rows.getObject(18, Integer.class);
      level.leftAt = instant(rows, 19);
      level.unsellableSource = rows.getString(20);
      level.unsellableAsOf = instant(rows, 21);
      level.waitedFor = rows.getBoolean(22);
      level.loaded();
      book.stock.put(new WorkingStock.Key(rows.getString(1), rows.getString(2)), level);
    }
  }

  private static void readOrders(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var order =
          new WorkingOrder(
              rows.getObject("id", UUID.class),
              rows.getString("account"),
              rows.getString("channel_order_id"),
              false);
      order.displayNumber = rows.getString("display_number");
      order.revision = rows.getInt("revision");
      order.channelVersion = rows.getString("channel_version");
      order.currency = rows.getString("currency");
      order.grandTotal = rows.getBigDecimal("grand_total");
      order.moneyMismatch = rows.getBoolean("money_mismatch");
      order.test = rows.getBoolean("test");
      order.fulfilledBy = rows.getString("fulfilled_by");
      var payment = rows.getString("payment_state");
      order.payment = payment == null ? null : PaymentState.valueOf(payment);
      order.hold = rows.getString("hold");
      order.holdReason = rows.getString("hold_reason");
      order.holdOwner = rows.getString("hold_owner");
      order.holdDueAt = instant(rows, "hold_due_at");
      order.buyerEmail = rows.getString("buyer_email");
      order.shipCountry = rows.getString("ship_country");
      order.placedAt = instant(rows, "placed_at");
      order.cancelledAt = instant(rows, "cancelled_at");
      order.moneyMoved = rows.getBoolean("money_moved");
      order.erasedAt = instant(rows, "erased_at");
      var wishes = rows.getString("cancellation_wishes");
      if (wishes != null) {
        order.wishes.addAll(List.of(Json.as(Json.tree(wishes), Wish[].class)));
      }
      var edits = rows.getString("edits");
      if (edits != null) {
        order.edits.addAll(List.of(Json.as(Json.tree(edits), Edit[].class)));
      }
      book.put(order);
    }
  }

  private static void readDocuments(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      book.ordersById.get(rows.getObject(1, UUID.class)).document = Json.tree(rows.getString(2));
    }
  }

  private static void readLines(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var order = book.ordersById.get(rows.getObject("order_id", UUID.class));
      var line = new WorkingOrder.Line(rows.getInt("line_no"), rows.getString("line_id"), false);
      line.sku = rows.getString("sku");
      line.kind = rows.getString("kind");
      line.requiresShipping = rows.getBoolean("requires_shipping");
      line.ordered = rows.getInt("ordered");
      line.cancelWanted = rows.getInt("cancel_wanted");
      line.cancelled = rows.getInt("cancelled");
      line.allocated = rows.getInt("allocated");
      line.backordered = rows.getInt("backordered");
      line.shipped = rows.getInt("shipped");
      line.returned = rows.getInt("returned");
      line.refunded = rows.getInt("refunded");
      line.delivered = rows.getInt("delivered");
      line.cameBack = rows.getInt("came_back");
      order.lines.add(line);
      // A component stands behind its set.
      var parentNo = rows.getInt("parent_line_no");
      if (!rows.wasNull()) {
        line.parent = order.lines.stream().filter(l -> l.no == parentNo).findFirst().orElseThrow();
        line.perParent = rows.getInt("per_parent");
        line.parent.components.add(line);
      }
    }
  }

  private static void readFulfillments(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var order = book.ordersById.get(rows.getObject("order_id", UUID.class));
      var fulfillment =
          new WorkingOrder.Fulfillment(
              rows.getObject("id", UUID.class),
              rows.getString("node"),
              rows.getString("partner"),
              rows.getString("state"),
              false);
      fulfillment.reference = rows.getString("reference");
      RefusalStore.read(rows, fulfillment);
      order.fulfillments.add(fulfillment);
      book.ordersByFulfillment.put(fulfillment.id, order);
    }
  }

  private static void readReservations(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var order = book.ordersById.get(rows.getObject("order_id", UUID.class));
      var lineNo = rows.getInt("line_no");
      var line = order.lines.stream().filter(l -> l.no == lineNo).findFirst().orElseThrow();
      var fulfillmentId = rows.getObject("fulfillment_order_id", UUID.class);
      var reserved =
          new WorkingOrder.Reserved(line, rows.getString("sku"), rows.getInt("quantity"), false);
      reserved.shipped = rows.getInt("shipped");
      reserved.released = rows.getInt("released");
      reserved.refused = rows.getInt("refused");
      order.fulfillments.stream()
          .filter(f -> f.id.equals(fulfillmentId))
          .findFirst()
          .orElseThrow()
          .reserved
          .add(reserved);
    }
  }

  private static void readShipments(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      book.ordersById
          .get(rows.getObject(1, UUID.class))
          .shipmentIds
          .add(rows.getObject(2, UUID.class) + "/" + rows.getString(3));
    }
  }

  private static void readDeliveries(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var orderId = rows.getObject("order_id", UUID.class);
      book.openDeliveries
          .computeIfAbsent(
              Delivery.lane(rows.getString("destination"), orderId.toString()),
              lane -> new ArrayList<>())
          .add(
              new Book.OpenDelivery(
                  rows.getLong("id"),
                  rows.getString("operation"),
                  rows.getString("business_key"),
                  rows.getString("state"),
                  rows.getBoolean("outcome_unknown"),
                  rows.getInt("attempt_count")));
    }
  }

  private static void readCancels(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      book.cancelsAsked.add(rows.getString(1));
    }
  }

  private static void readDecided(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      book.ordersById.get(rows.getObject(1, UUID.class)).decided = true;
    }
  }

  static Instant instant(ResultSet rows, int column) throws SQLException {
    var at = rows.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  static Instant instant(ResultSet rows, String column) throws SQLException {
    Timestamp at = rows.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
