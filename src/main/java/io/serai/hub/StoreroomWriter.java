package io.serai.hub;

import static io.serai.hub.HubWriter.column;
import static io.serai.hub.HubWriter.text;

import io.serai.support.Statements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Writes what stock has beside its levels, in the transaction that changed them. Of a batch of
 * orders there is nothing to write.
 */
final class StoreroomWriter {
  /** How long somebody has to look into a case. */
  static final Duration DUE = Duration.ofHours(4);

  /** Who looks into what is nobody else's. */
  static final String OWNER = "operations";

  private static final String NOTED_MOVEMENTS =
      """
      INSERT INTO stock_movement (sku, node, quantity, debit, credit, cause, order_id, message_id, actor, note, happened_at, occurred_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz[]) u""";

  private static final String INCOMING =
      """
      INSERT INTO stock_incoming (sku, node, reference, quantity, received, expected_at, source, as_of)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?::timestamptz[], ?, ?::timestamptz[])
      ON CONFLICT (sku, node, reference) DO UPDATE SET quantity = excluded.quantity, received = excluded.received,
        expected_at = excluded.expected_at, source = excluded.source, as_of = excluded.as_of""";

  private static final String ASKED =
      """
      INSERT INTO stock_change (reference, kind, fingerprint, actor, changed_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?) u""";

  private static final String BUFFERS =
      """
      INSERT INTO stock_buffer (sku, node, channel, units, percent, changed_at, changed_by)
      SELECT u.sku, u.node, u.channel, u.units, u.percent, ?, coalesce(u.actor, 'hub')
      FROM unnest(?, ?, ?, ?, ?, ?) AS u(sku, node, channel, units, percent, actor)
      ON CONFLICT (sku, node, channel) DO UPDATE SET units = excluded.units, percent = excluded.percent,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by""";

  private static final String BUFFERS_REMOVED =
      """
      DELETE FROM stock_buffer b USING unnest(?, ?, ?) AS u(sku, node, channel)
      WHERE b.sku = u.sku AND b.node = u.node AND b.channel = u.channel""";

  private static final String SPREAD =
      """
      INSERT INTO stock_buffer_spread (node) SELECT unnest(?)
      ON CONFLICT (node) DO UPDATE SET after_sku = '', generation = stock_buffer_spread.generation + 1""";

  // A channel's buffer changes no level: what channels show of it is computed anew.
  private static final String REMARK =
      """
      UPDATE publication p SET marked_at = coalesce(p.marked_at, ?) FROM (
        SELECT q.account, q.listing_id, q.location_id FROM publication q WHERE q.sku = ANY (?) OR ?
        ORDER BY q.account, q.listing_id, q.location_id FOR UPDATE OF q) m
      WHERE p.account = m.account AND p.listing_id = m.listing_id AND p.location_id = m.location_id""";

  private static final String CASES =
      """
      INSERT INTO stock_case (kind, sku, node, quantity, sentence, owner, opened_at, due_at, relief_at)
      SELECT 'SHORTAGE', u.sku, u.node, u.quantity, u.sentence, ?, ?, ?, u.relief_at
      FROM unnest(?, ?, ?, ?, ?::timestamptz[]) AS u(sku, node, quantity, sentence, relief_at)
      ON CONFLICT (sku, node, kind) WHERE closed_at IS NULL
      DO UPDATE SET quantity = excluded.quantity, sentence = excluded.sentence,
        relief_at = coalesce(excluded.relief_at, stock_case.relief_at)""";

  private static final String CASES_CLOSED =
      """
      UPDATE stock_case c SET closed_at = ? FROM unnest(?, ?) AS u(sku, node)
      WHERE c.sku = u.sku AND c.node = u.node AND c.kind = 'SHORTAGE' AND c.closed_at IS NULL""";

  private static final String DISCREPANCIES =
      """
      INSERT INTO stock_case (kind, sku, node, quantity, expected, counted, sentence, owner, opened_at, due_at)
      SELECT 'DISCREPANCY', u.sku, u.node, u.quantity, u.expected, u.counted, u.sentence, u.owner, ?, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?) AS u(sku, node, quantity, expected, counted, sentence, owner)
      ON CONFLICT (sku, node, kind) WHERE closed_at IS NULL
      DO UPDATE SET quantity = excluded.quantity, expected = excluded.expected, counted = excluded.counted,
        sentence = excluded.sentence""";

  private static final String AGREED =
      """
      UPDATE stock_case c SET closed_at = ? FROM unnest(?, ?) AS u(sku, node)
      WHERE c.sku = u.sku AND c.node = u.node AND c.kind = 'DISCREPANCY' AND c.closed_at IS NULL""";

  private static final String PARKED_ROWS =
      """
      INSERT INTO stock_parked_row (message_id, row_no, sku, sentence) SELECT * FROM unnest(?, ?, ?, ?)""";

  private static final String UNPARKED_ROWS =
      "DELETE FROM stock_parked_row WHERE message_id = ANY (?)";

  private static final String PARKED =
      """
      WITH f AS (
        INSERT INTO failure (kind, sentence, fingerprint, account, message_id, occurred_at)
        SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?) u RETURNING id, message_id)
      UPDATE inbox_message m SET failure_id = f.id FROM f WHERE m.id = f.message_id""";

  private StoreroomWriter() {}

  static void write(Statements statements, Book book) {
    var noted = book.stock.movements().stream().filter(WorkingStock.Movement::told).toList();
    if (!noted.isEmpty()) {
      statements.add(
          NOTED_MOVEMENTS,
          book.now,
          column("text", noted, m -> m.key().sku()),
          column("text", noted, m -> m.key().node()),
          column("int4", noted, WorkingStock.Movement::quantity),
          column("text", noted, WorkingStock.Movement::debit),
          column("text", noted, WorkingStock.Movement::credit),
          column("text", noted, WorkingStock.Movement::cause),
          column("uuid", noted, WorkingStock.Movement::orderId),
          column("int8", noted, WorkingStock.Movement::messageId),
          column("text", noted, WorkingStock.Movement::actor),
          column("text", noted, WorkingStock.Movement::note),
          column("text", noted, m -> HubWriter.text(m.at())));
    }
    cases(statements, book);
    incoming(statements, book);
    buffers(statements, book);
    asked(statements, book);
    counted(statements, book);
    parked(statements, book);
  }

  private static void cases(Statements statements, Book book) {
    record Case(WorkingStock.Key key, WorkingStock.Level level) {}
    var open = new ArrayList<Case>();
    var closed = new ArrayList<Case>();
    book.stock
        .levels()
        .forEach(
            (key, level) -> {
              if ((level.reported || level.isNew) && level.missingChanged()) {
                (level.missing() > 0 ? open : closed).add(new Case(key, level));
              }
            });
    if (!open.isEmpty()) {
      statements.add(
          CASES,
          OWNER,
          book.now,
          book.now.plus(DUE),
          column("text", open, c -> c.key().sku()),
          column("text", open, c -> c.key().node()),
          column("int4", open, c -> c.level().missing()),
          column("text", open, c -> sentence(c.key(), c.level())),
          column("text", open, c -> c.level().reliefWanted ? text(book.now) : null));
    }
    if (!closed.isEmpty()) {
      statements.add(
          CASES_CLOSED,
          book.now,
          column("text", closed, c -> c.key().sku()),
          column("text", closed, c -> c.key().node()));
    }
  }

  private static String sentence(WorkingStock.Key key, WorkingStock.Level level) {
    return "%d of SKU '%s' are missing at node '%s': %d are promised and %d can be sent. Find them, or move the promises elsewhere."
        .formatted(
            level.missing(),
            key.sku(),
            key.node(),
            level.allocated,
            Math.max(0, level.allocated - level.missing()));
  }

  private static void incoming(Statements statements, Book book) {
    record Row(WorkingStock.Key key, String reference, Storeroom.Incoming incoming) {}
    var rows = new ArrayList<Row>();
    book.storeroom.incoming.forEach(
        (key, all) ->
            all.forEach(
                (reference, one) -> {
                  if (one.changed) {
                    rows.add(new Row(key, reference, one));
                  }
                }));
    if (!rows.isEmpty()) {
      statements.add(
          INCOMING,
          column("text", rows, r -> r.key().sku()),
          column("text", rows, r -> r.key().node()),
          column("text", rows, Row::reference),
          column("int4", rows, r -> r.incoming().quantity),
          column("int4", rows, r -> r.incoming().received),
          column("text", rows, r -> text(r.incoming().expectedAt)),
          column("text", rows, r -> r.incoming().source),
          column("text", rows, r -> text(r.incoming().asOf)));
    }
  }

  private static void buffers(Statements statements, Book book) {
    var room = book.storeroom;
    var set = room.buffersSet.values().stream().filter(b -> !b.removed()).toList();
    if (!set.isEmpty()) {
      statements.add(
          BUFFERS,
          book.now,
          column("text", set, b -> b.buffer().sku()),
          column("text", set, b -> b.buffer().node()),
          column("text", set, b -> b.buffer().channel()),
          column("int4", set, b -> b.buffer().units()),
          column("int4", set, b -> b.buffer().percent()),
          column("text", set, Storeroom.BufferSet::actor));
    }
    var removed = room.buffersSet.values().stream().filter(Storeroom.BufferSet::removed).toList();
    if (!removed.isEmpty()) {
      statements.add(
          BUFFERS_REMOVED,
          column("text", removed, b -> b.buffer().sku()),
          column("text", removed, b -> b.buffer().node()),
          column("text", removed, b -> b.buffer().channel()));
    }
    if (!room.spreads.isEmpty()) {
      statements.add(SPREAD, Statements.texts(List.copyOf(room.spreads)));
    }
    if (!room.remarked.isEmpty()) {
      statements.add(
          REMARK,
          book.now,
          Statements.texts(codes(book, room.remarked)),
          room.remarked.contains(""));
    }
  }

  private static void asked(Statements statements, Book book) {
    var asked = book.storeroom.newlyAsked;
    if (!asked.isEmpty()) {
      statements.add(
          ASKED,
          book.now,
          column("text", asked, Storeroom.Asked::reference),
          column("text", asked, Storeroom.Asked::kind),
          column("text", asked, Storeroom.Asked::fingerprint),
          column("text", asked, Storeroom.Asked::actor));
    }
  }

  private static void counted(Statements statements, Book book) {
    var far = List.copyOf(book.storeroom.discrepancies.values());
    if (!far.isEmpty()) {
      statements.add(
          DISCREPANCIES,
          book.now,
          book.now.plus(DUE),
          column("text", far, d -> d.key().sku()),
          column("text", far, d -> d.key().node()),
          column("int4", far, Storeroom.Discrepancy::units),
          column("int4", far, Storeroom.Discrepancy::expected),
          column("int4", far, Storeroom.Discrepancy::counted),
          column("text", far, Storeroom.Discrepancy::sentence),
          column("text", far, Storeroom.Discrepancy::owner));
    }
    var agreed =
        book.storeroom.agreed.stream()
            .filter(key -> !book.storeroom.discrepancies.containsKey(key))
            .toList();
    if (!agreed.isEmpty()) {
      statements.add(
          AGREED,
          book.now,
          column("text", agreed, WorkingStock.Key::sku),
          column("text", agreed, WorkingStock.Key::node));
    }
  }

  private static void parked(Statements statements, Book book) {
    var room = book.storeroom;
    if (!room.parkedBefore.isEmpty()) {
      statements.add(UNPARKED_ROWS, Statements.array("int8", room.parkedBefore.keySet().toArray()));
    }
    var rows = room.parkedRows;
    if (!rows.isEmpty()) {
      statements.add(
          PARKED_ROWS,
          column("int8", rows, Storeroom.ParkedRow::messageId),
          column("int4", rows, Storeroom.ParkedRow::no),
          column("text", rows, Storeroom.ParkedRow::sku),
          column("text", rows, Storeroom.ParkedRow::sentence));
    }
    var parked = room.parked;
    if (!parked.isEmpty()) {
      statements.add(
          PARKED,
          book.now,
          column("text", parked, p -> p.failure().kind().name()),
          column("text", parked, p -> p.failure().sentence()),
          column("text", parked, p -> p.failure().fingerprint()),
          column("text", parked, p -> p.failure().place().endpoint()),
          column("int8", parked, Storeroom.Parked::messageId));
    }
  }

  private static List<String> codes(Book book, Collection<String> skus) {
    var codes = new TreeSet<>(skus);
    skus.forEach(sku -> codes.addAll(book.items.codesOf(sku).keySet()));
    return List.copyOf(codes);
  }
}
