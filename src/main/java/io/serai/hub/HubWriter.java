package io.serai.hub;

import io.serai.inbox.InboxMessage;
import io.serai.order.StockReport;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import io.serai.support.Statements.PgArray;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes a {@link Book}: a fixed list of set-based statements, one row array each, in one round
 * trip with the COMMIT. Empty sets are left out.
 */
final class HubWriter {
  private static final String ORDERS =
      """
      INSERT INTO sales_order (id, account, channel_order_id, display_number, state, revision, channel_version, currency,
        grand_total, money_mismatch, test, fulfilled_by, payment_state, hold, hold_reason, hold_owner, hold_due_at,
        buyer_email, ship_country, placed_at, cancelled_at, priority, ship_available, received_at, updated_at)
      SELECT u.*, ?, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?::numeric[], ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[], ?, ?, ?::timestamptz[], ?::timestamptz[],
        ?, ?) u""";

  private static final String ORDERS_CHANGED =
      """
      UPDATE sales_order o SET display_number = u.display_number, state = u.state, revision = u.revision,
        channel_version = u.channel_version, currency = u.currency, grand_total = u.grand_total,
        money_mismatch = u.money_mismatch, test = u.test, fulfilled_by = u.fulfilled_by, payment_state = u.payment_state,
        hold = u.hold, hold_reason = u.hold_reason, hold_owner = u.hold_owner, hold_due_at = u.hold_due_at,
        buyer_email = u.buyer_email, ship_country = u.ship_country, placed_at = u.placed_at, cancelled_at = u.cancelled_at,
        updated_at = ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?::numeric[], ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[], ?, ?, ?::timestamptz[], ?::timestamptz[])
        AS u(id, account, channel_order_id, display_number, state, revision, channel_version, currency, grand_total,
             money_mismatch, test, fulfilled_by, payment_state, hold, hold_reason, hold_owner, hold_due_at, buyer_email,
             ship_country, placed_at, cancelled_at)
      WHERE o.id = u.id""";

  private static final String ERASED =
      "UPDATE erasure SET due_at = ? WHERE order_id = ANY (?) AND kept_since IS NULL";

  private static final String WISHES =
      """
      UPDATE sales_order o SET cancellation_wishes = u.wishes
      FROM unnest(?, ?::json[]) AS u(id, wishes) WHERE o.id = u.id""";

  private static final String EDITS =
      "UPDATE sales_order o SET edits = u.edits FROM unnest(?, ?::json[]) AS u(id, edits) WHERE o.id = u.id";

  private static final String DOCUMENTS =
      """
      INSERT INTO order_document (order_id, document) SELECT * FROM unnest(?, ?)
      ON CONFLICT (order_id) DO UPDATE SET document = excluded.document""";

  private static final String LINES =
      """
      INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, cancel_wanted, cancelled,
        allocated, backordered, shipped, returned, refunded)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String COMPONENT_LINES =
      """
      INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, cancel_wanted, cancelled,
        allocated, backordered, shipped, returned, refunded, parent_line_no, per_parent)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String LINES_CHANGED =
      """
      UPDATE order_line l SET sku = u.sku, kind = u.kind, requires_shipping = u.requires_shipping, ordered = u.ordered,
        cancel_wanted = u.cancel_wanted, cancelled = u.cancelled, allocated = u.allocated, backordered = u.backordered,
        shipped = u.shipped, returned = u.returned, refunded = u.refunded
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS u(order_id, line_no, line_id, sku, kind, requires_shipping, ordered, cancel_wanted, cancelled, allocated,
             backordered, shipped, returned, refunded)
      WHERE l.order_id = u.order_id AND l.line_no = u.line_no""";

  private static final String STOCK =
      """
      UPDATE stock_level s SET on_hand = u.on_hand, allocated = u.allocated, frozen = u.frozen, damaged = u.damaged,
        quarantined = u.quarantined, safety = u.safety, shortage = u.shortage, source = u.source,
        source_sequence = u.source_sequence, as_of = u.as_of, counted_at = u.counted_at, counted_sequence = u.counted_sequence,
        incoming = u.incoming, frozen_since = u.frozen_since, buffer_units = u.buffer_units, buffer_percent = u.buffer_percent,
        left_at = u.left_at, unsellable_source = u.unsellable_source, unsellable_as_of = u.unsellable_as_of
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[], ?::timestamptz[], ?, ?, ?::timestamptz[], ?, ?,
          ?::timestamptz[], ?, ?::timestamptz[])
        AS u(sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, shortage, source, source_sequence, as_of,
             counted_at, counted_sequence, incoming, frozen_since, buffer_units, buffer_percent, left_at, unsellable_source,
             unsellable_as_of)
      WHERE s.sku = u.sku AND s.node = u.node""";

  private static final String STOCK_ALLOCATED =
      """
      UPDATE stock_level s SET on_hand = u.on_hand, allocated = u.allocated
      FROM unnest(?, ?, ?, ?) AS u(sku, node, on_hand, allocated) WHERE s.sku = u.sku AND s.node = u.node""";

  private static final String STOCK_NEW =
      """
      INSERT INTO stock_level (sku, node, on_hand, allocated, frozen, damaged, quarantined, safety, shortage, source,
        source_sequence, as_of, counted_at, counted_sequence, incoming, frozen_since, buffer_units, buffer_percent, left_at,
        unsellable_source, unsellable_as_of)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[], ?::timestamptz[], ?, ?, ?::timestamptz[], ?, ?,
        ?::timestamptz[], ?, ?::timestamptz[])""";

  private static final String FULFILLMENTS =
      """
      INSERT INTO fulfillment_order (id, order_id, node, partner, state, reference, created_at, updated_at)
      SELECT u.*, ?, ? FROM unnest(?, ?, ?, ?, ?, ?) u""";

  private static final String FULFILLMENTS_CHANGED =
      """
      UPDATE fulfillment_order f SET state = u.state, reference = u.reference, updated_at = ?
      FROM unnest(?, ?, ?, ?, ?, ?) AS u(id, order_id, node, partner, state, reference) WHERE f.id = u.id""";

  private static final String RESERVATIONS =
      """
      INSERT INTO reservation (order_id, line_no, node, fulfillment_order_id, sku, quantity, shipped, released)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String RESERVATIONS_CHANGED =
      """
      UPDATE reservation r SET shipped = u.shipped, released = u.released
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
        AS u(order_id, line_no, node, fulfillment_order_id, sku, quantity, shipped, released)
      WHERE r.order_id = u.order_id AND r.line_no = u.line_no AND r.fulfillment_order_id = u.fulfillment_order_id""";

  private static final String MOVEMENTS =
      """
      INSERT INTO stock_movement (sku, node, quantity, debit, credit, cause, order_id, message_id, actor, occurred_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) u""";

  private static final String DECISIONS =
      """
      INSERT INTO decision (order_id, revision, rule_version, document, decided_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?) u
      ON CONFLICT (order_id, revision) DO UPDATE SET rule_version = excluded.rule_version, document = excluded.document,
        decided_at = excluded.decided_at""";

  private static final String SHIPMENTS =
      """
      INSERT INTO shipment (id, order_id, fulfillment_order_id, partner_shipment_id, carrier, tracking_number, document,
        shipped_at, created_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?::json[], ?::timestamptz[]) u""";

  private static final String EVENTS =
      """
      INSERT INTO order_event (order_id, kind, sentence, message_id, actor, occurred_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?) u""";

  private static final String DELIVERIES =
      """
      INSERT INTO delivery (id, destination, document, operation, lane, order_id, business_key, idempotency_key,
        repeat_mode, message_id, deadline_at, state, lease_owner, lease_until, fence, revision, due_at, created_at)
      SELECT u.id, u.destination, u.document, u.operation, u.lane, u.order_id, u.business_key, u.idempotency_key,
        u.repeat_mode, u.message_id, u.deadline_at, CASE WHEN u.sending THEN 'SENDING' ELSE 'READY' END,
        CASE WHEN u.sending THEN ? END, CASE WHEN u.sending THEN ?::timestamptz END, CASE WHEN u.sending THEN 1 ELSE 0 END,
        1, ?, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[], ?)
        AS u(id, destination, document, operation, lane, order_id, business_key, idempotency_key, repeat_mode,
             message_id, deadline_at, sending)""";

  private static final String CONTENTS =
      "INSERT INTO delivery_content (delivery_id, content) SELECT * FROM unnest(?, ?)";

  private static final String WITHDRAW =
      """
      UPDATE delivery SET state = 'WITHDRAWN', reason = 'Cancelled before it was sent.', finished_at = ?
      WHERE id = ANY (?)""";

  private static final String AUDIT =
      """
      INSERT INTO audit_entry (actor, action, object, reason, after, occurred_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?::json[]) u""";

  private static final String HOLDS =
      """
      WITH f AS (
        INSERT INTO failure (kind, sentence, fingerprint, account, route, step, message_id, order_id, occurred_at)
        SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) u
        RETURNING id, order_id)
      UPDATE sales_order o SET hold_failure_id = f.id FROM f WHERE o.id = f.order_id""";

  private static final String RESTOCK =
      """
      WITH waited AS (
        INSERT INTO restock (sku, due_at)
        SELECT u.sku, ?::timestamptz FROM unnest(?) AS u(sku)
        WHERE EXISTS (SELECT 1 FROM order_line l WHERE l.sku = u.sku AND l.backordered > 0) ORDER BY u.sku
        ON CONFLICT (sku) DO UPDATE SET due_at = excluded.due_at RETURNING sku)
      UPDATE stock_level s SET waited_for = true FROM waited WHERE s.sku = waited.sku AND NOT s.waited_for""";

  private static final String WAKE =
      """
      UPDATE inbox_message SET state = 'RECEIVED', due_at = ?, waits_for = NULL
      WHERE state = 'WAITING' AND waits_for = ANY (?)""";

  // Lane by lane: never all that are parked or all that came before, whatever the planner believes
  // of
  // tables that were empty when the plan was made.
  private static final String SUPERSEDE =
      """
      UPDATE inbox_message m SET state = 'SUPERSEDED', superseded_by = s.newer, finished_at = ?
      FROM unnest(?, ?, ?, ?) AS u(id, lane, document, version)
      CROSS JOIN LATERAL (
        SELECT p.id, u.id AS newer FROM inbox_message p
        WHERE p.lane = u.lane AND p.document || '' = u.document AND p.id + 0 < u.id
          AND p.state IN ('RECEIVED', 'RUNNING', 'PARKED') AND p.state || '' = 'PARKED'
          AND (p.version IS NULL OR u.version IS NULL OR p.version <= u.version) OFFSET 0) s
      WHERE m.id = s.id AND m.state || '' = 'PARKED'""";

  // The state is hidden from the planner: the partial index on open messages must never be the
  // outer side,
  // or being late would make it later.
  private static final String FINISH =
      """
      WITH f AS (
        UPDATE inbox_message m SET state = u.state, order_id = u.order_id, reason = u.reason, finished_at = ?,
          lease_owner = NULL, lease_until = NULL
        FROM unnest(?, ?, ?, ?, ?) AS u(id, fence, state, order_id, reason)
        WHERE m.id = u.id AND m.fence = u.fence AND m.state || '' = 'RUNNING'
        RETURNING m.id)
      SELECT require_rows((SELECT count(*) FROM f), ?)""";

  private final Statements statements = new Statements();
  private final Book book;
  private final Instant now;

  private HubWriter(Book book) {
    this.book = book;
    this.now = book.now;
  }

  /** All statements that write the book, for the open transaction. */
  static Statements write(Book book, String owner, Duration lease) {
    var writer = new HubWriter(book);
    writer.orders();
    writer.stock();
    writer.fulfillments();
    writer.deliveries(owner, lease);
    writer.notes();
    HoldStore.write(writer.statements, book);
    RefusalStore.write(writer.statements, book);
    QueueStore.write(writer.statements, book);
    TradeStore.write(writer.statements, book);
    PublicationWriter.write(writer.statements, book);
    ParcelStore.write(writer.statements, book);
    ShipmentStore.write(writer.statements, book);
    ReturnStore.write(writer.statements, book);
    PurseStore.write(writer.statements, book);
    FeedFiles.write(writer.statements, book);
    book.load.write(writer.statements);
    writer.messages();
    return writer.statements;
  }

  private void orders() {
    var all = book.ordersById.values();
    all.forEach(WorkingOrder::rollUp);
    var erased = all.stream().filter(o -> o.erasedAt != null).toList();
    if (!erased.isEmpty()) {
      statements.add(ERASED, now, column("uuid", erased, o -> o.id)); // what came goes as well
    }
    var created = all.stream().filter(o -> o.isNew).toList();
    var changed = all.stream().filter(o -> !o.isNew && o.changed).toList();
    if (!created.isEmpty()) {
      statements.add(
          ORDERS,
          with(with(new Object[] {now, now}, orderColumns(created)), QueueStore.columns(created)));
    }
    if (!changed.isEmpty()) {
      statements.add(ORDERS_CHANGED, with(new Object[] {now}, orderColumns(changed)));
    }
    var asked = all.stream().filter(o -> o.wishesChanged).toList();
    if (!asked.isEmpty()) {
      statements.add(WISHES, column("uuid", asked, o -> o.id), column("text", asked, Wishes::text));
    }
    var edited = all.stream().filter(o -> o.editsChanged).toList();
    if (!edited.isEmpty()) {
      statements.add(EDITS, column("uuid", edited, o -> o.id), column("text", edited, Edits::text));
    }
    var documents = all.stream().filter(o -> o.newDocument != null).toList();
    if (!documents.isEmpty()) {
      statements.add(
          DOCUMENTS,
          column("uuid", documents, o -> o.id),
          column("text", documents, o -> o.newDocument));
    }
    record Row(WorkingOrder order, WorkingOrder.Line line) {}
    var newLines = new ArrayList<Row>();
    var newComponents = new ArrayList<Row>();
    var changedLines = new ArrayList<Row>();
    for (var order : all) {
      for (var line : order.lines) {
        if (line.isNew) {
          (line.parent == null ? newLines : newComponents).add(new Row(order, line));
        } else if (line.changed) {
          changedLines.add(new Row(order, line));
        }
      }
    }
    for (var rows : List.of(newLines, newComponents, changedLines)) {
      if (rows.isEmpty()) {
        continue;
      }
      var columns =
          new Object[] {
            column("uuid", rows, r -> r.order().id),
            column("int2", rows, r -> (short) r.line().no),
            column("text", rows, r -> r.line().lineId),
            column("text", rows, r -> r.line().sku),
            column("text", rows, r -> r.line().kind),
            column("bool", rows, r -> r.line().requiresShipping),
            column("int4", rows, r -> r.line().ordered),
            column("int4", rows, r -> r.line().cancelWanted),
            column("int4", rows, r -> r.line().cancelled),
            column("int4", rows, r -> r.line().allocated),
            column("int4", rows, r -> r.line().backordered),
            column("int4", rows, r -> r.line().shipped),
            column("int4", rows, r -> r.line().returned),
            column("int4", rows, r -> r.line().refunded)
          };
      if (rows == newComponents) {
        var parents =
            new Object[] {
              column("int2", rows, r -> (short) r.line().parent.no),
              column("int4", rows, r -> r.line().perParent)
            };
        statements.add(COMPONENT_LINES, with(columns, parents));
      } else {
        statements.add(rows == newLines ? LINES : LINES_CHANGED, columns);
      }
    }
  }

  private static Object[] orderColumns(List<WorkingOrder> orders) {
    return new Object[] {
      column("uuid", orders, o -> o.id),
      column("text", orders, o -> o.account),
      column("text", orders, o -> o.channelOrderId),
      column("text", orders, o -> o.displayNumber),
      column("text", orders, o -> o.state().name()),
      column("int4", orders, o -> o.revision),
      column("text", orders, o -> o.channelVersion),
      column("text", orders, o -> o.currency),
      column("text", orders, o -> o.grandTotal == null ? null : o.grandTotal.toPlainString()),
      column("bool", orders, o -> o.moneyMismatch),
      column("bool", orders, o -> o.test),
      column("text", orders, o -> o.fulfilledBy),
      column("text", orders, o -> o.payment == null ? null : o.payment.name()),
      column("text", orders, o -> o.hold),
      column("text", orders, o -> o.holdReason),
      column("text", orders, o -> o.holdOwner),
      column("text", orders, o -> text(o.holdDueAt)),
      column("text", orders, o -> o.buyerEmail),
      column("text", orders, o -> o.shipCountry),
      column("text", orders, o -> text(o.placedAt)),
      column("text", orders, o -> text(o.cancelledAt))
    };
  }

  private void stock() {
    record Row(WorkingStock.Key key, WorkingStock.Level level) {}
    var created = new ArrayList<Row>();
    var changed = new ArrayList<Row>();
    var promised = new ArrayList<Row>();
    book.stock
        .levels()
        .forEach(
            (key, level) -> {
              if (level.isNew) {
                created.add(new Row(key, level));
              } else if (level.reported) {
                if (level.toPromise) {
                  throw new IllegalStateException(
                      "The stock of %s was read to be promised and cannot be changed otherwise"
                          .formatted(key));
                }
                changed.add(new Row(key, level));
              } else if (level.changed) {
                promised.add(new Row(key, level));
              }
            });
    for (var rows : List.of(created, changed)) {
      if (!rows.isEmpty()) {
        statements.add(
            rows == created ? STOCK_NEW : STOCK,
            column("text", rows, r -> r.key().sku()),
            column("text", rows, r -> r.key().node()),
            column("int4", rows, r -> r.level().onHand),
            column("int4", rows, r -> r.level().allocated),
            column("int4", rows, r -> r.level().frozen),
            column("int4", rows, r -> r.level().damaged),
            column("int4", rows, r -> r.level().quarantined),
            column("int4", rows, r -> r.level().safety),
            column("int4", rows, r -> r.level().shortage),
            column("text", rows, r -> r.level().source),
            column("text", rows, r -> r.level().sequence),
            column("text", rows, r -> text(r.level().asOf)),
            column("text", rows, r -> text(r.level().countedAt)),
            column("text", rows, r -> r.level().countedSequence),
            column("int4", rows, r -> r.level().incoming),
            column("text", rows, r -> text(r.level().frozenSince)),
            column("int4", rows, r -> r.level().bufferUnits),
            column("int4", rows, r -> r.level().bufferPercent),
            column("text", rows, r -> text(r.level().leftAt)),
            column("text", rows, r -> r.level().unsellableSource),
            column("text", rows, r -> text(r.level().unsellableAsOf)));
      }
    }
    if (!promised.isEmpty()) {
      statements.add(
          STOCK_ALLOCATED,
          column("text", promised, r -> r.key().sku()),
          column("text", promised, r -> r.key().node()),
          column("int4", promised, r -> r.level().onHand),
          column("int4", promised, r -> r.level().allocated));
    }
    if (!book.stock.risen().isEmpty()) {
      statements.add(RESTOCK, now, Statements.texts(List.copyOf(book.stock.risen())));
    }
    movements(book.stock.movements().stream().filter(m -> !m.told()).toList());
    StoreroomWriter.write(statements, book);
  }

  private void movements(List<WorkingStock.Movement> movements) {
    if (!movements.isEmpty()) {
      statements.add(
          MOVEMENTS,
          now,
          column("text", movements, m -> m.key().sku()),
          column("text", movements, m -> m.key().node()),
          column("int4", movements, WorkingStock.Movement::quantity),
          column("text", movements, WorkingStock.Movement::debit),
          column("text", movements, WorkingStock.Movement::credit),
          column("text", movements, WorkingStock.Movement::cause),
          column("uuid", movements, WorkingStock.Movement::orderId),
          column("int8", movements, WorkingStock.Movement::messageId),
          column("text", movements, WorkingStock.Movement::actor));
    }
  }

  private void fulfillments() {
    record Row(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {}
    record Promise(
        WorkingOrder order, WorkingOrder.Fulfillment fulfillment, WorkingOrder.Reserved reserved) {}
    var created = new ArrayList<Row>();
    var changed = new ArrayList<Row>();
    var promised = new ArrayList<Promise>();
    var promisesChanged = new ArrayList<Promise>();
    for (var order : book.ordersById.values()) {
      for (var f : order.fulfillments) {
        if (f.isNew) {
          created.add(new Row(order, f));
        } else if (f.changed) {
          changed.add(new Row(order, f));
        }
        if (f.cameToNothing()) {
          book.topology.nodes().stream()
              .filter(node -> node.id().equals(f.node))
              .forEach(node -> book.load.giveBack(node, Ids.instant(f.id)));
        }
        for (var r : f.reserved) {
          if (r.isNew) {
            promised.add(new Promise(order, f, r));
          } else if (r.changed) {
            promisesChanged.add(new Promise(order, f, r));
          }
        }
      }
    }
    for (var rows : List.of(created, changed)) {
      if (!rows.isEmpty()) {
        var columns =
            new Object[] {
              column("uuid", rows, r -> r.fulfillment().id),
              column("uuid", rows, r -> r.order().id),
              column("text", rows, r -> r.fulfillment().node),
              column("text", rows, r -> r.fulfillment().partner),
              column("text", rows, r -> r.fulfillment().judged()),
              column("text", rows, r -> r.fulfillment().reference)
            };
        if (rows == created) {
          statements.add(FULFILLMENTS, with(new Object[] {now, now}, columns));
        } else {
          statements.add(FULFILLMENTS_CHANGED, with(new Object[] {now}, columns));
        }
      }
    }
    for (var rows : List.of(promised, promisesChanged)) {
      if (!rows.isEmpty()) {
        statements.add(
            rows == promised ? RESERVATIONS : RESERVATIONS_CHANGED,
            column("uuid", rows, r -> r.order().id),
            column("int2", rows, r -> (short) r.reserved().line.no),
            column("text", rows, r -> r.fulfillment().node),
            column("uuid", rows, r -> r.fulfillment().id),
            column("text", rows, r -> r.reserved().sku),
            column("int4", rows, r -> r.reserved().quantity),
            column("int4", rows, r -> r.reserved().shipped),
            column("int4", rows, r -> r.reserved().released));
      }
    }
  }

  private void deliveries(String owner, Duration lease) {
    var owed = book.owed;
    if (!owed.isEmpty()) {
      statements.add(
          DELIVERIES,
          owner,
          now.plus(lease),
          now,
          now,
          column("int8", owed, Book.Owed::id),
          column("text", owed, Book.Owed::destination),
          column("text", owed, Book.Owed::document),
          column("text", owed, Book.Owed::operation),
          column("text", owed, Book.Owed::lane),
          column("uuid", owed, Book.Owed::orderId),
          column("text", owed, Book.Owed::businessKey),
          column("text", owed, Book.Owed::idempotencyKey),
          column("text", owed, o -> o.repeat().name()),
          column("int8", owed, Book.Owed::messageId),
          column("text", owed, o -> text(o.deadlineAt())),
          column("bool", owed, Book.Owed::sending));
      statements.add(
          CONTENTS,
          column("int8", owed, Book.Owed::id),
          column("text", owed, o -> Json.text(o.content())));
    }
    // After the insert: what one document of the batch owed, another may have taken back.
    if (!book.withdrawn.isEmpty()) {
      statements.add(WITHDRAW, now, Statements.array("int8", book.withdrawn.toArray()));
    }
  }

  private void notes() {
    var decisions = book.decisions;
    if (!decisions.isEmpty()) {
      statements.add(
          DECISIONS,
          now,
          column("uuid", decisions, Book.Decided::orderId),
          column("int4", decisions, Book.Decided::revision),
          column("text", decisions, d -> d.decision().rule()),
          column("text", decisions, d -> Json.text(d.decision())));
    }
    var shipments = book.shipments;
    if (!shipments.isEmpty()) {
      statements.add(
          SHIPMENTS,
          now,
          column("uuid", shipments, Book.Shipped::id),
          column("uuid", shipments, Book.Shipped::orderId),
          column("uuid", shipments, Book.Shipped::fulfillmentId),
          column("text", shipments, Book.Shipped::partnerShipmentId),
          column("text", shipments, Book.Shipped::carrier),
          column("text", shipments, Book.Shipped::tracking),
          column("text", shipments, Book.Shipped::json),
          column("text", shipments, s -> text(s.shippedAt())));
    }
    var events = book.events;
    if (!events.isEmpty()) {
      statements.add(
          EVENTS,
          now,
          column("uuid", events, Book.Event::orderId),
          column("text", events, Book.Event::kind),
          column("text", events, Book.Event::sentence),
          column("int8", events, Book.Event::messageId),
          column("text", events, Book.Event::actor));
    }
    var told = book.told;
    if (!told.isEmpty()) {
      statements.add(
          AUDIT,
          now,
          column("text", told, Book.Told::actor),
          column("text", told, Book.Told::action),
          column("text", told, Book.Told::object),
          column("text", told, Book.Told::reason),
          column("text", told, t -> Json.text(t.after())));
    }
    var holds = book.holds;
    if (!holds.isEmpty()) {
      statements.add(
          HOLDS,
          now,
          column("text", holds, h -> h.failure().kind().name()),
          column("text", holds, h -> h.failure().sentence()),
          column("text", holds, h -> h.failure().fingerprint()),
          column("text", holds, h -> h.failure().place().endpoint()),
          column("text", holds, h -> h.failure().place().route()),
          column("text", holds, h -> h.failure().place().step()),
          column("int8", holds, Book.Held::messageId),
          column("uuid", holds, Book.Held::orderId));
    }
  }

  private static boolean wholeState(Application application) {
    return "order".equals(application.message().document())
        || application.document() instanceof StockReport report
            && report.kind() == StockReport.Kind.ABSOLUTE;
  }

  private void messages() {
    var newLanes =
        book.ordersById.values().stream().filter(o -> o.isNew).map(WorkingOrder::lane).toList();
    if (!newLanes.isEmpty()) {
      statements.add(WAKE, now, Statements.texts(newLanes));
    }
    if (book.ends.isEmpty()) {
      return;
    }
    // What had no effect says nothing about those before it, and a change of stock is no whole
    // state.
    var whole =
        book.ends.stream()
            .filter(e -> "APPLIED".equals(e.state()) || "PARKED".equals(e.state()))
            .filter(e -> wholeState(e.application()))
            .map(e -> e.application().message())
            .toList();
    if (!whole.isEmpty()) {
      statements.add(
          SUPERSEDE,
          now,
          column("int8", whole, InboxMessage::id),
          column("text", whole, InboxMessage::lane),
          column("text", whole, InboxMessage::document),
          column("text", whole, InboxMessage::version));
    }
    var ends = book.ends;
    statements.query(
        FINISH,
        rows -> {},
        now,
        column("int8", ends, e -> e.application().message().id()),
        column("int8", ends, e -> e.application().message().fence()),
        column("text", ends, Book.MessageEnd::state),
        column("uuid", ends, Book.MessageEnd::orderId),
        column("text", ends, Book.MessageEnd::reason),
        (long) ends.size());
  }

  static <T> PgArray column(String type, List<T> rows, Function<T, ?> value) {
    var values = new Object[rows.size()];
    for (var i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    return switch (type) {
      case "text" -> Statements.array(type, Arrays.copyOf(values, values.length, String[].class));
      case "uuid" -> Statements.array(type, Arrays.copyOf(values, values.length, UUID[].class));
      case "int4" -> Statements.array(type, Arrays.copyOf(values, values.length, Integer[].class));
      case "int8" -> Statements.array(type, Arrays.copyOf(values, values.length, Long[].class));
      case "int2" -> Statements.array(type, Arrays.copyOf(values, values.length, Short[].class));
      case "bool" -> Statements.array(type, Arrays.copyOf(values, values.length, Boolean[].class));
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Object[] with(Object[] first, Object[] rest) {
    var all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }

  static String text(Instant at) {
    return at == null ? null : at.toString();
  }

  /** The public id of an order. */
  static String orderId(UUID id) {
    return Ids.text("ord", id);
  }
}
