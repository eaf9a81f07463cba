package io.serai.hub;

import io.serai.order.ParcelRequest;
import io.serai.order.Shipment;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Reads and writes parcels. Orders of which no node of our own sends anything, and documents that
 * say nothing of parcels, cost no statement.
 */
final class ParcelStore {
  // A number may be used again after a year: the newest parcel that has it is meant.
  private static final String BY_TRACKING =
      """
      SELECT order_id FROM (
        SELECT order_id, created_at FROM parcel WHERE tracking_number = ?
        UNION ALL SELECT order_id, created_at FROM shipment WHERE tracking_number = ?
        UNION ALL SELECT order_id, created_at FROM shipment_number WHERE tracking_number = ?) found
      ORDER BY created_at DESC LIMIT 1""";

  private static final String OF_ORDERS =
      """
      SELECT id, order_id, fulfillment_order_id, node, state, round, account, tracking_number, tracking_state,
        document::text, due_at, last_scan_at, shipped_at, delivered_at, created_at
      FROM parcel WHERE order_id = ANY (?) ORDER BY id""";

  private static final String BUYING =
      """
      SELECT p.id, d.business_key, d.state, d.remote_id
      FROM parcel p JOIN delivery d ON d.order_id = p.order_id AND d.destination = p.account AND d.operation = 'label-request'
      WHERE p.order_id = ANY (?) AND p.state = 'BUYING' ORDER BY d.id""";

  private static final String SCANS =
      """
      SELECT s.parcel_id, s.at, s.state, s.code, s.description, s.place, s.future
      FROM parcel p JOIN parcel_scan s ON s.parcel_id = p.id WHERE p.order_id = ANY (?)""";

  private static final String SHIPPED =
      """
      SELECT id, order_id, fulfillment_order_id, tracking_number, document::text, shipped_at
      FROM shipment WHERE order_id = ANY (?) AND (tracking_number = ANY (?)
        OR id IN (SELECT shipment_id FROM shipment_number WHERE tracking_number = ANY (?))) ORDER BY created_at, id""";

  private static final String WRITE =
      """
      INSERT INTO parcel (id, order_id, fulfillment_order_id, node, state, round, account, tracking_number, tracking_state,
        document, due_at, last_scan_at, shipped_at, delivered_at, created_at, updated_at)
      SELECT u.*, ?::timestamptz, ?::timestamptz FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json[], ?::timestamptz[],
        ?::timestamptz[], ?::timestamptz[], ?::timestamptz[]) u
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, round = excluded.round, account = excluded.account,
        tracking_number = excluded.tracking_number, tracking_state = excluded.tracking_state, document = excluded.document,
        due_at = excluded.due_at, last_scan_at = excluded.last_scan_at, shipped_at = excluded.shipped_at,
        delivered_at = excluded.delivered_at, updated_at = excluded.updated_at""";

  private static final String LABEL =
      """
      INSERT INTO parcel_label (parcel_id, format, content, created_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (parcel_id) DO UPDATE SET format = excluded.format, content = excluded.content,
        created_at = excluded.created_at""";

  private static final String SCAN =
      """
      INSERT INTO parcel_scan (parcel_id, at, state, code, description, place, future, told_at, message_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (parcel_id, at, state, code) DO UPDATE SET future = false
      WHERE parcel_scan.future AND NOT excluded.future""";

  private static final String DELIVERED =
      """
      UPDATE order_line l SET delivered = u.delivered, came_back = u.came_back
      FROM unnest(?, ?, ?, ?) AS u(order_id, line_no, delivered, came_back)
      WHERE l.order_id = u.order_id AND l.line_no = u.line_no""";

  private ParcelStore() {}

  /** Finds the orders that carriers tell of; answers which must be locked before. */
  static Set<UUID> find(Connection connection, List<Application> batch) throws SQLException {
    var orders = new HashSet<UUID>();
    var statements = new Statements();
    for (var application : batch) {
      if (application.document() instanceof Tracking tracking) {
        statements.query(
            BY_TRACKING,
            rows -> {
              if (rows.next()) {
                orders.add(rows.getObject(1, UUID.class));
              }
            },
            tracking.trackingNumber(),
            tracking.trackingNumber(),
            tracking.trackingNumber());
      }
    }
    statements.execute(connection);
    return orders;
  }

  /** Reads the parcels of the locked orders that can have any, in the open transaction. */
  static void read(Connection connection, Book book, List<Application> batch) throws SQLException {
    var told = new ArrayList<String>();
    var concerned = new HashSet<UUID>();
    for (var application : batch) {
      if (application.document() instanceof Tracking tracking) {
        told.add(tracking.trackingNumber());
      } else if (application.document() instanceof ParcelCommand command) {
        concerned.add(command.orderId());
      }
    }
    for (var order : book.ordersById.values()) {
      if (!told.isEmpty() || order.fulfillments.stream().anyMatch(f -> f.partner == null)) {
        concerned.add(order.id);
      }
    }
    if (concerned.isEmpty()) {
      return;
    }
    var ids = Statements.array("uuid", concerned.toArray());
    var statements =
        new Statements()
            .query(OF_ORDERS, rows -> read(rows, book), ids)
            .query(BUYING, rows -> readBuying(rows, book), ids)
            .query(SCANS, rows -> readScans(rows, book), ids);
    if (!told.isEmpty()) {
      var numbers = Statements.texts(told);
      statements.query(SHIPPED, rows -> readShipped(rows, book, told), ids, numbers, numbers);
    }
    statements.execute(connection);
  }

  private static void read(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var parcel =
          new WorkingParcel(
              rows.getObject(1, UUID.class),
              rows.getObject(2, UUID.class),
              rows.getObject(3, UUID.class),
              rows.getString(4),
              false);
      parcel.state = WorkingParcel.State.valueOf(rows.getString(5));
      parcel.round = rows.getInt(6);
      parcel.account = rows.getString(7);
      parcel.trackingNumber = rows.getString(8);
      var tracking = rows.getString(9);
      parcel.tracking = tracking == null ? null : TrackingState.valueOf(tracking);
      parcel.papers = Json.as(Json.tree(rows.getString(10)), WorkingParcel.Papers.class);
      parcel.dueAt = HubStore.instant(rows, 11);
      parcel.lastScanAt = HubStore.instant(rows, 12);
      parcel.shippedAt = HubStore.instant(rows, 13);
      parcel.deliveredAt = HubStore.instant(rows, 14);
      parcel.madeAt =
          parcel.papers.request() == null
              ? parcel.shippedAt // others made it
              : HubStore.instant(rows, 15);
      book.parcels.put(parcel.id, parcel);
    }
  }

  private static void readBuying(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var parcel = book.parcels.get(rows.getObject(1, UUID.class));
      if (parcel.key().equals(rows.getString(2))) {
        parcel.buying = rows.getString(3);
        parcel.boughtAs = rows.getString(4);
      }
    }
  }

  private static void readScans(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var parcel = book.parcels.get(rows.getObject(1, UUID.class));
      parcel.scans.add(
          new WorkingParcel.Scan(
              new Tracking.Event(
                  rows.getTimestamp(2).toInstant(),
                  TrackingState.valueOf(rows.getString(3)),
                  rows.getString(4),
                  rows.getString(5),
                  rows.getString(6)),
              rows.getBoolean(7),
              false));
    }
  }

  // What somebody else sent becomes a parcel here when its carrier tells of it first, each number
  // one of its own.
  private static void readShipped(ResultSet rows, Book book, List<String> told)
      throws SQLException {
    while (rows.next()) {
      var order = book.ordersById.get(rows.getObject(2, UUID.class));
      var fulfillmentId = rows.getObject(3, UUID.class);
      var node =
          order.fulfillments.stream()
              .filter(f -> f.id.equals(fulfillmentId))
              .findFirst()
              .map(f -> f.node)
              .orElse("");
      var shipment = Json.as(Json.tree(rows.getString(5)), Shipment.class);
      for (var packed : shipment.packages()) {
        for (var tracking : packed.tracking()) {
          var number = tracking.number();
          if (!told.contains(number)
              || book.parcels.values().stream().anyMatch(p -> number.equals(p.trackingNumber))) {
            continue;
          }
          var parcel =
              new WorkingParcel(
                  number.equals(rows.getString(4))
                      ? rows.getObject(1, UUID.class)
                      : book.ids.next(),
                  order.id,
                  fulfillmentId,
                  node,
                  true);
          parcel.state = WorkingParcel.State.SHIPPED;
          parcel.trackingNumber = number;
          parcel.shippedAt = HubStore.instant(rows, 6);
          parcel.madeAt = parcel.shippedAt;
          var numbers = packed.tracking().stream().map(Shipment.Tracking::number).toList();
          parcel.papers =
              new WorkingParcel.Papers(
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  carrier(shipment),
                  lines(order, packed),
                  null,
                  numbers.size() > 1 ? numbers : null);
          book.parcels.put(parcel.id, parcel);
        }
      }
    }
  }

  private static String carrier(Shipment shipment) {
    return shipment.carrier() == null ? null : shipment.carrier().code();
  }

  private static List<ParcelRequest.Line> lines(WorkingOrder order, Shipment.Package packed) {
    var lines = new ArrayList<ParcelRequest.Line>();
    for (var line : packed.lines()) {
      var lineId = line.lineId() != null ? line.lineId() : lineOf(order, line.sku());
      if (lineId != null) {
        lines.add(new ParcelRequest.Line(lineId, line.sku(), null, line.quantity(), null, null));
      }
    }
    return lines;
  }

  private static String lineOf(WorkingOrder order, String sku) {
    return order.lines.stream()
        .filter(line -> sku != null && sku.equals(line.sku))
        .map(line -> line.lineId)
        .findFirst()
        .orElse(null);
  }

  static void write(Statements statements, Book book) {
    var changed = book.parcels.values().stream().filter(p -> p.changed).toList();
    if (changed.isEmpty()) {
      return;
    }
    statements.add(
        WRITE,
        book.now,
        book.now,
        HubWriter.column("uuid", changed, p -> p.id),
        HubWriter.column("uuid", changed, p -> p.orderId),
        HubWriter.column("uuid", changed, p -> p.fulfillmentId),
        HubWriter.column("text", changed, p -> p.node),
        HubWriter.column("text", changed, p -> p.state.name()),
        HubWriter.column("int4", changed, p -> p.round),
        HubWriter.column("text", changed, p -> p.account),
        HubWriter.column("text", changed, p -> p.trackingNumber),
        HubWriter.column("text", changed, p -> p.tracking == null ? null : p.tracking.name()),
        HubWriter.column("text", changed, p -> Json.text(p.papers)),
        HubWriter.column("text", changed, p -> HubWriter.text(p.dueAt)),
        HubWriter.column("text", changed, p -> HubWriter.text(p.lastScanAt)),
        HubWriter.column("text", changed, p -> HubWriter.text(p.shippedAt)),
        HubWriter.column("text", changed, p -> HubWriter.text(p.deliveredAt)));
    for (var parcel : changed) {
      if (parcel.file != null) {
        statements.add(LABEL, parcel.id, parcel.papers.label().format(), parcel.file, book.now);
      }
      for (var scan : parcel.scans) {
        if (scan.isNew()) {
          var event = scan.event();
          statements.add(
              SCAN,
              parcel.id,
              event.at(),
              event.state().name(),
              WorkingParcel.code(event),
              event.description(),
              event.place(),
              scan.future(),
              book.now,
              parcel.toldBy);
        }
      }
    }
    lines(statements, book.ordersById.values());
  }

  private static void lines(Statements statements, Collection<WorkingOrder> orders) {
    record Row(WorkingOrder order, WorkingOrder.Line line) {}
    var rows = new ArrayList<Row>();
    for (var order : orders) {
      for (var line : order.lines) {
        if (line.deliveredChanged) {
          rows.add(new Row(order, line));
        }
      }
    }
    if (!rows.isEmpty()) {
      statements.add(
          DELIVERED,
          HubWriter.column("uuid", rows, r -> r.order().id),
          HubWriter.column("int2", rows, r -> (short) r.line().no),
          HubWriter.column("int4", rows, r -> r.line().delivered),
          HubWriter.column("int4", rows, r -> r.line().cameBack));
    }
  }
}
