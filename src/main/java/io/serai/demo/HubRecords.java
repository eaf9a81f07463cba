package io.serai.demo;

import io.serai.support.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What the hub's tables hold of one channel's orders, copied out to be compared with the ledgers of
 * those it dealt with.
 *
 * @param orders by the channel's order id; more than one entry would be a doubled order
 * @param openMessages keys of messages that stopped or wait, by state
 * @param fulfillments what nodes were asked to ship
 * @param deliveries state of each effect, by operation and business key
 * @param shipments what partners told of, as fulfillment and partner's shipment id
 * @param overdrawn stock rows that promise more than there is
 * @param sellable what each article that the channel lists should show there
 */
record HubRecords(
    Map<String, List<Order>> orders,
    Map<String, String> openMessages,
    List<Fulfillment> fulfillments,
    Map<String, String> deliveries,
    List<Shipment> shipments,
    List<String> overdrawn,
    Map<String, Integer> sellable) {

  /**
   * An order.
   *
   * @param stuck units that should move and do not: not held, not unpaid, not backordered
   */
  record Order(
      String id, String channelOrderId, String number, String state, String hold, int stuck) {}

  /** A request to a node; without a partner it is the node's own people's business. */
  record Fulfillment(
      String id, String channelOrderId, String account, String partner, String state) {}

  /** A shipment a partner told of. */
  record Shipment(
      String id, String fulfillmentId, String partnerShipmentId, String channelOrderId) {}

  /** Reads everything of an account. */
  static HubRecords read(DataSource database, String account) throws SQLException {
    var orders = new HashMap<String, List<Order>>();
    each(
        database,
        """
        SELECT o.id, o.channel_order_id, o.display_number, o.state, o.hold,
          CASE WHEN o.hold IS NULL AND o.cancelled_at IS NULL AND o.state <> 'PENDING_PAYMENT'
               THEN coalesce((SELECT sum(l.ordered - l.cancelled - l.allocated - l.backordered - l.shipped)
                              FROM order_line l WHERE l.order_id = o.id AND l.requires_shipping AND l.kind = 'PHYSICAL'), 0)
               ELSE 0 END
        FROM sales_order o WHERE o.account = ?""",
        row ->
            orders
                .computeIfAbsent(row.getString(2), key -> new ArrayList<>())
                .add(
                    new Order(
                        Ids.text("ord", row.getObject(1, UUID.class)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6))),
        account);
    var open = new HashMap<String, String>();
    each(
        database,
        "SELECT message_key, state FROM inbox_message WHERE state IN ('PARKED', 'WAITING', 'RECEIVED', 'RUNNING')",
        row -> open.put(row.getString(1), row.getString(2)));
    var fulfillments = new ArrayList<Fulfillment>();
    each(
        database,
        """
        SELECT f.id, o.channel_order_id, o.account, f.partner, f.state
        FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id""",
        row ->
            fulfillments.add(
                new Fulfillment(
                    Ids.text("ful", row.getObject(1, UUID.class)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5))));
    var deliveries = new HashMap<String, String>();
    each(
        database,
        "SELECT operation || ' ' || business_key, state FROM delivery ORDER BY revision",
        row -> deliveries.put(row.getString(1), row.getString(2)));
    var shipments = new ArrayList<Shipment>();
    each(
        database,
        """
        SELECT s.id, s.fulfillment_order_id, s.partner_shipment_id, o.channel_order_id
        FROM shipment s JOIN sales_order o ON o.id = s.order_id""",
        row ->
            shipments.add(
                new Shipment(
                    Ids.text("shp", row.getObject(1, UUID.class)),
                    Ids.text("ful", row.getObject(2, UUID.class)),
                    row.getString(3),
                    row.getString(4))));
    Set<String> overdrawn = new HashSet<>();
    each(
        database,
        "SELECT sku, node FROM stock_level WHERE allocated > on_hand OR allocated < 0 OR shortage > 0",
        row -> overdrawn.add(row.getString(1) + " at " + row.getString(2)));
    var sellable = new TreeMap<String, Integer>();
    each(
        database,
        """
        SELECT p.sku, count(*) * (
          SELECT sum(greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety))
          FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = p.sku)
        FROM publication p WHERE p.account = ? GROUP BY p.sku""",
        row -> sellable.put(row.getString(1), row.getInt(2)),
        account);
    return new HubRecords(
        orders,
        open,
        fulfillments,
        deliveries,
        shipments,
        overdrawn.stream().sorted().toList(),
        sellable);
  }

  /** The state of an effect, or null when none is owed. */
  String delivery(String operation, String businessKey) {
    return deliveries.get(operation + ' ' + businessKey);
  }

  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(DataSource database, String sql, Row row, String... arguments)
      throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          row.read(rows);
        }
      }
    }
  }
}
