package io.serai.demo;

import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * What the hub's tables say at one moment, in numbers.
 *
 * @param messages stored in the inbox
 * @param orders known
 * @param allocated orders that a node was asked to ship at least once
 * @param backordered orders that wait for stock
 * @param held orders that wait for somebody
 * @param unpaid orders that wait for their money
 * @param sent requests that a partner confirmed
 * @param shipped shipments that partners told of
 * @param told shipments that a channel confirmed
 * @param parked messages and deliveries that stopped
 * @param openMessages messages still to be worked on
 * @param openDeliveries effects still owed
 * @param waiting messages that wait for another document
 * @param listings articles of channels that the hub writes stock to
 * @param unpublished quantities that a channel is still to be told
 */
record Figures(
    long messages,
    long orders,
    long allocated,
    long backordered,
    long held,
    long unpaid,
    long sent,
    long shipped,
    long told,
    long parked,
    long openMessages,
    long openDeliveries,
    long waiting,
    long listings,
    long unpublished) {

  private static final String READ =
      """
      SELECT
        (SELECT count(*) FROM inbox_message),
        (SELECT count(*) FROM sales_order),
        (SELECT count(DISTINCT order_id) FROM fulfillment_order WHERE state <> 'WITHDRAWN'),
        (SELECT count(*) FROM sales_order WHERE state = 'BACKORDERED'),
        (SELECT count(*) FROM sales_order WHERE hold IS NOT NULL),
        (SELECT count(*) FROM sales_order WHERE state = 'PENDING_PAYMENT'),
        (SELECT count(*) FROM delivery WHERE operation = 'fulfillment-request' AND state = 'CONFIRMED'),
        (SELECT count(*) FROM shipment),
        (SELECT count(*) FROM delivery WHERE operation = 'shipment' AND state = 'CONFIRMED'),
        (SELECT count(*) FROM inbox_message WHERE state = 'PARKED')
          + (SELECT count(*) FROM delivery WHERE state = 'PARKED'),
        (SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING')),
        (SELECT count(*) FROM delivery WHERE state IN ('READY', 'SENDING', 'PENDING')),
        (SELECT count(*) FROM inbox_message WHERE state = 'WAITING'),
        (SELECT count(*) FROM publication),
        (SELECT count(*) FROM publication WHERE marked_at IS NOT NULL OR delivery_id IS NOT NULL)
      """;

  /** Reads them in one statement, so they fit together. */
  static Figures read(DataSource database) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(READ)) {
      row.next();
      var n = 0;
      return new Figures(
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n),
          row.getLong(++n));
    }
  }
}
