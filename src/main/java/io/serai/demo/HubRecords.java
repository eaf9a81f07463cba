package io.serai.demo;

import io.serai.support.Ids;
import io.serai.support.Json;
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
 * What the hub's tables hold, copied out to be compared with the ledgers of those it dealt with.
 *
 * @param orders by account and the channel's order id; more than one would be a doubled order
 * @param openMessages state of messages that stopped or wait, by account and key
 * @param fulfillments what nodes were asked to ship
 * @param deliveries state of each effect, by operation and business key
 * @param shipments what partners told of, as fulfillment and partner's shipment id
 * @param parcels what the nodes' own people packed
 * @param overdrawn stock rows that promise more than there is
 * @param sellable what each article that an account lists should show there
 * @param shelves units of each SKU at each node, whatever is promised of them
 */
record HubRecords(
    Map<String, Map<String, List<Order>>> orders,
    Map<String, String> openMessages,
    List<Fulfillment> fulfillments,
    Map<String, String> deliveries,
    List<Shipment> shipments,
    List<Parcel> parcels,
    List<String> overdrawn,
    Map<String, Map<String, Integer>> sellable,
    Map<String, Map<String, Integer>> shelves) {

  /**
   * An order.
   *
   * @param stuck units that should move and do not: not held, not unpaid, not backordered
   */
  record Order(
      String id, String channelOrderId, String number, String state, String hold, int stuck) {}

  /** A request to a node; without a partner it is the node's own people's business. */
  record Fulfillment(
      String id,
      String channelOrderId,
      String account,
      String node,
      String partner,
      String state) {}

  /** A parcel that a node's own people packed: how many of each SKU, and where it stands. */
  record Parcel(
      String id,
      String channelOrderId,
      String state,
      String tracking,
      Map<String, Integer> units) {}

  /** A shipment a partner told of. */
  record Shipment(
      String id,
      String fulfillmentId,
      String partnerShipmentId,
      String channelOrderId,
      String account) {}

  /** Reads everything. */
  static HubRecords read(DataSource database) throws SQLException {
    var orders = new HashMap<String, Map<String, List<Order>>>();
    each(
        database,
        """
        SELECT o.id, o.channel_order_id, o.display_number, o.state, o.hold,
          CASE WHEN o.fulfilled_by = 'MERCHANT' AND o.hold IS NULL AND o.cancelled_at IS NULL AND o.state <> 'PENDING_PAYMENT'
               THEN coalesce((SELECT sum(l.ordered - l.cancelled - l.allocated - l.backordered - l.shipped)
                              FROM order_line l WHERE l.order_id = o.id AND l.requires_shipping AND l.kind = 'PHYSICAL'), 0)
               ELSE 0 END, o.account
        FROM sales_order o""",
        row ->
            orders
                .computeIfAbsent(row.getString(7), key -> new HashMap<>())
                .computeIfAbsent(row.getString(2), key -> new ArrayList<>())
                .add(
                    new Order(
                        Ids.text("ord", row.getObject(1, UUID.class)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6))));
    var open = new HashMap<String, String>();
    each(
        database,
        "SELECT account || ' ' || message_key, state FROM inbox_message WHERE state IN ('PARKED', 'WAITING', 'RECEIVED', 'RUNNING')",
        row -> open.put(row.getString(1), row.getString(2)));
    var fulfillments = new ArrayList<Fulfillment>();
    each(
        database,
        """
        SELECT f.id, o.channel_order_id, o.account, f.node, f.partner, f.state
        FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id""",
        row ->
            fulfillments.add(
                new Fulfillment(
                    Ids.text("ful", row.getObject(1, UUID.class)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6))));
    var parcels = new ArrayList<Parcel>();
    each(
        database,
        """
        SELECT p.id, o.channel_order_id, p.state, p.tracking_number, p.document->'lines'
        FROM parcel p JOIN sales_order o ON o.id = p.order_id WHERE p.document->>'request' IS NOT NULL""",
        row -> {
          var units = new TreeMap<String, Integer>();
          for (var line : Json.tree(row.getString(5))) {
            units.merge(line.path("sku").asText(), line.path("quantity").asInt(), Integer::sum);
          }
          parcels.add(
              new Parcel(
                  Ids.text("pcl", row.getObject(1, UUID.class)),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  units));
        });
    var deliveries = new HashMap<String, String>();
    each(
        database,
        "SELECT operation || ' ' || business_key, state FROM delivery ORDER BY revision",
        row -> deliveries.put(row.getString(1), row.getString(2)));
    var shipments = new ArrayList<Shipment>();
    each(
        database,
        """
        SELECT s.id, s.fulfillment_order_id, s.partner_shipment_id, o.channel_order_id, o.account
        FROM shipment s JOIN sales_order o ON o.id = s.order_id""",
        row ->
            shipments.add(
                new Shipment(
                    Ids.text("shp", row.getObject(1, UUID.class)),
                    Ids.text("ful", row.getObject(2, UUID.class)),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5))));
    Set<String> overdrawn = new HashSet<>();
    each(
        database,
        "SELECT sku, node FROM stock_level WHERE allocated > on_hand OR allocated < 0 OR shortage > 0",
        row -> overdrawn.add(row.getString(1) + " at " + row.getString(2)));
    var sellable = new HashMap<String, Map<String, Integer>>();
    each(
        database,
        """
        SELECT p.account, p.sku, count(*) * (
          SELECT sum(greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety))
          FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = p.sku)
        FROM publication p GROUP BY p.account, p.sku""",
        row ->
            sellable
                .computeIfAbsent(row.getString(1), key -> new TreeMap<>())
                .put(row.getString(2), row.getInt(3)));
    var shelves = new HashMap<String, Map<String, Integer>>();
    each(
        database,
        "SELECT node, sku, on_hand - shortage FROM stock_level",
        row ->
            shelves
                .computeIfAbsent(row.getString(1), key -> new TreeMap<>())
                .put(row.getString(2), row.getInt(3)));
    return new HubRecords(
        orders,
        open,
        fulfillments,
        deliveries,
        shipments,
        parcels,
        overdrawn.stream().sorted().toList(),
        sellable,
        shelves);
  }

  /** What the hub knows of an account's orders, by their id. */
  Map<String, List<Order>> orders(String account) {
    return orders.getOrDefault(account, Map.of());
  }

  /** Whether a message about this is still to be worked on, or stopped and listed. */
  boolean open(String account, String key) {
    return openMessages.containsKey(account + ' ' + key);
  }

  /** The state of an effect, or null when none is owed. */
  String delivery(String operation, String businessKey) {
    return deliveries.get(operation + ' ' + businessKey);
  }

  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(DataSource database, String sql, Row row) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        row.read(rows);
      }
    }
  }
}
