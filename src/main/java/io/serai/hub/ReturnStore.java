package io.serai.hub;

import com.fasterxml.jackson.core.type.TypeReference;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads and writes returns. Documents that say nothing of them cost no statement. */
final class ReturnStore {
  // A name may be used by two orders: then it names neither.
  private static final String BY_NAME =
      """
      SELECT u.name, min(r.order_id::text) FROM unnest(?, ?::uuid[]) AS u(name, id)
      JOIN return_order r ON r.name = u.name OR r.remote_id = u.name OR r.id = u.id
      GROUP BY u.name HAVING count(DISTINCT r.order_id) = 1""";

  private static final String OF_ORDERS =
      """
      SELECT id, order_id, name, remote_id, source, kind, state, announced, node, reason, parcel_id, version,
        exchange::text, decision::text, approved_at, due_at, overdue_at, received_at, closed_at, refund,
        request_key, request_body
      FROM return_order WHERE order_id = ANY (?) ORDER BY id""";

  private static final String LINES =
      """
      SELECT l.return_id, l.line_no, l.quantity, l.received, l.reason
      FROM return_order r JOIN return_line l ON l.return_id = r.id WHERE r.order_id = ANY (?)
      ORDER BY l.return_id, l.line_no""";

  private static final String RECEIPTS =
      """
      SELECT return_id, receipt_id, node, source, at, same_as, document::text, return_name
      FROM return_receipt WHERE order_id = ANY (?) ORDER BY told_at, receipt_id""";

  private static final String REPLACED_ONCE =
      """
      SELECT DISTINCT order_id, request_key, request_body FROM line_replacement
      WHERE order_id = ANY (?) AND request_key IS NOT NULL""";

  private static final String WRITE =
      """
      INSERT INTO return_order (id, order_id, name, remote_id, source, kind, state, announced, node, reason, parcel_id,
        version, exchange, decision, approved_at, due_at, overdue_at, received_at, closed_at, refund, request_key,
        request_body, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::json, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, remote_id = excluded.remote_id, kind = excluded.kind,
        state = excluded.state, announced = excluded.announced, node = excluded.node, reason = excluded.reason,
        parcel_id = excluded.parcel_id, version = excluded.version, exchange = excluded.exchange,
        decision = excluded.decision, approved_at = excluded.approved_at, due_at = excluded.due_at,
        overdue_at = excluded.overdue_at, received_at = excluded.received_at, closed_at = excluded.closed_at,
        updated_at = excluded.updated_at""";

  private static final String WRITE_LINE =
      """
      INSERT INTO return_line (return_id, line_no, quantity, received, reason) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (return_id, line_no) DO UPDATE SET quantity = excluded.quantity, received = excluded.received,
        reason = excluded.reason""";

  private static final String WRITE_RECEIPT =
      """
      INSERT INTO return_receipt (order_id, receipt_id, return_id, node, source, at, told_at, message_id, same_as,
        return_name, document)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json)""";

  private static final String MOVE_RECEIPT =
      "UPDATE return_receipt SET return_id = ? WHERE order_id = ? AND node = ? AND receipt_id = ?";

  private static final String WRITE_REPLACEMENT =
      """
      INSERT INTO line_replacement (order_id, line_id, replaces_line_id, return_id, quantity, reason, actor, request_key,
        request_body, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final TypeReference<List<WorkingReturn.Counted>> COUNTED =
      new TypeReference<>() {};

  private ReturnStore() {}

  /** Finds the orders that returns name by nothing but themselves; they must be locked before. */
  static Map<String, UUID> find(Connection connection, List<Application> batch)
      throws SQLException {
    var names = new ArrayList<String>();
    var ids = new ArrayList<UUID>();
    for (var application : batch) {
      if (application.document() instanceof Return told
          && told.channel() == null
          && told.returnId() != null) {
        names.add(told.returnId());
        ids.add(id(told.returnId()));
      }
    }
    var found = new HashMap<String, UUID>();
    if (!names.isEmpty()) {
      new Statements()
          .query(
              BY_NAME,
              rows -> {
                while (rows.next()) {
                  found.put(rows.getString(1), UUID.fromString(rows.getString(2)));
                }
              },
              Statements.texts(names),
              Statements.array("uuid", ids.toArray(UUID[]::new)))
          .execute(connection);
    }
    return found;
  }

  private static UUID id(String name) {
    try {
      return Ids.uuid("ret", name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Reads the returns of the locked orders that this batch may change, in the open transaction. */
  static void read(Connection connection, Book book, List<Application> batch) throws SQLException {
    var concerned = new HashSet<UUID>();
    var replaced = new HashSet<UUID>();
    for (var application : batch) {
      if (application.document() instanceof ReplaceLines again && again.once() != null) {
        replaced.add(again.orderId());
      }
      if (application.document() instanceof ReturnCommand command) {
        concerned.add(command.orderId());
      } else if (application.document() instanceof Return told) {
        var order = ReturnRules.order(book, told);
        if (order != null) {
          concerned.add(order.id);
        }
      }
    }
    if (concerned.isEmpty()) {
      return;
    }
    var orders = Statements.array("uuid", concerned.toArray(UUID[]::new));
    var byId = new HashMap<UUID, WorkingReturn>();
    new Statements()
        .query(OF_ORDERS, rows -> returns(rows, book, byId), orders)
        .query(LINES, rows -> lines(rows, byId), orders)
        .query(RECEIPTS, rows -> receipts(rows, byId), orders)
        .execute(connection);
    if (!replaced.isEmpty()) {
      new Statements()
          .query(
              REPLACED_ONCE,
              rows -> {
                while (rows.next()) {
                  book.replacedOnce
                      .computeIfAbsent(rows.getObject(1, UUID.class), id -> new ArrayList<>())
                      .add(new Once(rows.getString(2), rows.getString(3)));
                }
              },
              Statements.array("uuid", replaced.toArray(UUID[]::new)))
          .execute(connection);
    }
  }

  private static void returns(ResultSet rows, Book book, Map<UUID, WorkingReturn> byId)
      throws SQLException {
    while (rows.next()) {
      var one =
          new WorkingReturn(
              rows.getObject(1, UUID.class),
              rows.getObject(2, UUID.class),
              rows.getString(5),
              ReturnState.valueOf(rows.getString(7)),
              false);
      one.name = rows.getString(3);
      one.remoteId = rows.getString(4);
      one.kind = Return.Kind.valueOf(rows.getString(6));
      one.announced = rows.getBoolean(8);
      one.node = rows.getString(9);
      one.reason = rows.getString(10);
      one.parcelId = rows.getObject(11, UUID.class);
      one.version = rows.getString(12);
      one.exchange = as(rows.getString(13), WorkingReturn.Exchange.class);
      one.decision = as(rows.getString(14), WorkingReturn.Approval.class);
      one.approvedAt = HubStore.instant(rows, 15);
      one.dueAt = HubStore.instant(rows, 16);
      one.overdueAt = HubStore.instant(rows, 17);
      one.receivedAt = HubStore.instant(rows, 18);
      one.closedAt = HubStore.instant(rows, 19);
      one.refund = rows.getBoolean(20);
      var key = rows.getString(21);
      one.once = key == null ? null : new Once(key, rows.getString(22));
      byId.put(one.id, one);
      book.returns.computeIfAbsent(one.orderId, id -> new ArrayList<>()).add(one);
    }
  }

  private static <T> T as(String json, Class<T> type) {
    return json == null ? null : Json.as(Json.tree(json), type);
  }

  private static void lines(ResultSet rows, Map<UUID, WorkingReturn> byId) throws SQLException {
    while (rows.next()) {
      var line = new WorkingReturn.Line(rows.getInt(2));
      line.quantity = rows.getInt(3);
      line.received = rows.getInt(4);
      line.reason = rows.getString(5);
      byId.get(rows.getObject(1, UUID.class)).lines.add(line);
    }
  }

  private static void receipts(ResultSet rows, Map<UUID, WorkingReturn> byId) throws SQLException {
    while (rows.next()) {
      var of = rows.getObject(1, UUID.class);
      byId.get(of)
          .receipts
          .add(
              new WorkingReturn.Receipt(
                  rows.getString(2),
                  of,
                  rows.getString(8),
                  rows.getString(3),
                  rows.getString(4),
                  HubStore.instant(rows, 5),
                  rows.getString(6),
                  Json.MAPPER.convertValue(Json.tree(rows.getString(7)), COUNTED),
                  null,
                  false,
                  false));
    }
  }

  /** Articles that are sent for what comes back, as far as they are not lines of the order yet. */
  static Set<String> owedArticles(Book book) {
    var skus = new HashSet<String>();
    for (var returns : book.returns.values()) {
      for (var one : returns) {
        if (one.exchange != null && one.exchange.owed()) {
          one.exchange.articles().forEach(article -> skus.add(article.sku()));
        }
      }
    }
    return skus;
  }

  static void write(Statements statements, Book book) {
    for (var returns : book.returns.values()) {
      for (var one : returns) {
        write(statements, book, one);
      }
    }
    for (var sent : book.replacements) {
      statements.add(
          WRITE_REPLACEMENT,
          sent.orderId(),
          sent.lineId(),
          sent.replaces(),
          sent.returnId(),
          sent.quantity(),
          sent.reason(),
          sent.actor(),
          sent.once() == null ? null : sent.once().key(),
          sent.once() == null ? null : sent.once().body(),
          book.now);
    }
  }

  private static void write(Statements statements, Book book, WorkingReturn one) {
    if (one.changed) {
      statements.add(
          WRITE,
          one.id,
          one.orderId,
          one.name,
          one.remoteId,
          one.source,
          one.kind.name(),
          one.state.name(),
          one.announced,
          one.node,
          one.reason,
          one.parcelId,
          one.version,
          one.exchange == null ? null : Json.text(one.exchange),
          one.decision == null ? null : Json.text(one.decision),
          one.approvedAt,
          one.dueAt,
          one.overdueAt,
          one.receivedAt,
          one.closedAt,
          one.refund,
          one.once == null ? null : one.once.key(),
          one.once == null ? null : one.once.body(),
          book.now,
          book.now);
    }
    for (var line : one.lines) {
      if (line.changed) {
        statements.add(WRITE_LINE, one.id, line.no, line.quantity, line.received, line.reason);
      }
    }
    for (var receipt : one.receipts) {
      if (receipt.isMoved() && !receipt.isNew()) {
        statements.add(MOVE_RECEIPT, one.id, one.orderId, receipt.node(), receipt.receiptId());
      }
      if (receipt.isNew()) {
        statements.add(
            WRITE_RECEIPT,
            one.orderId,
            receipt.receiptId(),
            one.id,
            receipt.node(),
            receipt.source(),
            receipt.at(),
            book.now,
            receipt.messageId(),
            receipt.sameAs(),
            receipt.named(),
            Json.text(receipt.counted()));
      }
    }
  }
}
