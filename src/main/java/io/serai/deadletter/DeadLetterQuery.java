package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;
import static io.serai.deadletter.Transaction.instant;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The three sources of dead letters under one set of columns. Each is read by its own index, newest
 * failure first, and cut before they are merged, so a page costs a page and not the whole pile.
 */
final class DeadLetterQuery {
  // A dead letter whose failure was not recorded still has a group: 'unnamed'.
  private static final String MESSAGES =
      """
      SELECT 'MESSAGE' AS type, m.id AS number, m.order_id, m.state, m.account, m.document,
             m.message_key AS key, m.attempt_count, m.fence, false AS outcome_unknown,
             false AS needs_choice, coalesce(m.failure_id, 0) AS failure_id,
             coalesce(f.occurred_at, m.received_at) AS stopped_at, f.kind, f.sentence,
             coalesce(f.fingerprint, 'unnamed') AS fingerprint, f.route, f.step, f.evidence,
             'msg_' || m.id AS item
      FROM inbox_message m LEFT JOIN failure f ON f.id = m.failure_id
      WHERE m.state = 'PARKED'
      """;
  private static final String DELIVERIES =
      """
      SELECT 'DELIVERY', d.id, d.order_id, d.state, d.destination AS account, d.document,
             d.business_key AS key, d.attempt_count, d.fence, d.outcome_unknown,
             d.outcome_unknown AND d.repeat_mode <> 'IDEMPOTENT' AS needs_choice,
             coalesce(d.failure_id, 0) AS failure_id,
             coalesce(f.occurred_at, d.created_at) AS stopped_at, f.kind, f.sentence,
             coalesce(f.fingerprint, 'unnamed') AS fingerprint, f.route, f.step, f.evidence,
             'dlv_' || d.id AS item
      FROM delivery d LEFT JOIN failure f ON f.id = d.failure_id
      WHERE (d.state = 'PARKED' OR (d.state = 'REFUSED' AND d.failure_id IS NOT NULL))
      """;
  private static final String HOLDS =
      """
      SELECT 'ORDER', 0::bigint, s.id AS order_id, s.hold, s.account, 'order' AS document,
             s.channel_order_id AS key, 0, s.revision::bigint, false,
             false AS needs_choice, coalesce(s.hold_failure_id, 0) AS failure_id,
             coalesce(f.occurred_at, s.updated_at) AS stopped_at,
             coalesce(f.kind, s.hold) AS kind, coalesce(f.sentence, s.hold_reason) AS sentence,
             coalesce(f.fingerprint, 'hold-' || lower(s.hold)) AS fingerprint, f.route, f.step,
             f.evidence, 'ord_' || s.id AS item
      FROM sales_order s LEFT JOIN failure f ON f.id = s.hold_failure_id
      WHERE s.hold IN ('UNMAPPED', 'UNALLOCATABLE')
      """;

  // What is owed to a partner came from the channel of its order.
  private static final String CHANNEL =
      "CASE WHEN dead.type = 'DELIVERY' THEN (SELECT s.account FROM sales_order s WHERE s.id = dead.order_id)"
          + " ELSE dead.account END";

  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  private DeadLetterQuery() {}

  /** Where a page ended. */
  record Cursor(long failure, String item) {
    String encoded() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((failure + " " + item).getBytes(StandardCharsets.UTF_8));
    }

    static Optional<Cursor> decode(String text) {
      try {
        var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        var space = parts.indexOf(' ');
        return space < 1
            ? Optional.empty()
            : Optional.of(
                new Cursor(Long.parseLong(parts.substring(0, space)), parts.substring(space + 1)));
      } catch (IllegalArgumentException unreadable) {
        return Optional.empty();
      }
    }
  }

  /** A row and where a page that ends with it ends. */
  record Found(DeadLetter deadLetter, Cursor cursor) {}

  static List<Found> page(Connection connection, Selection selection, Cursor after, int limit)
      throws SQLException {
    var query = new DeadLetterQuery();
    query.add("SELECT * FROM (");
    query.union(
        selection,
        branch -> {
          if (after != null) {
            branch.and("(failure_id, item) < (?, ?)", after.failure(), after.item());
          }
          branch.add(" ORDER BY failure_id DESC, item DESC LIMIT ?", limit);
        });
    query.add(") AS page ORDER BY failure_id DESC, item DESC LIMIT ?", limit);
    var found = new ArrayList<Found>();
    try (var select = query.prepare(connection);
        var rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Found(
                deadLetter(rows), new Cursor(rows.getLong("failure_id"), rows.getString("item"))));
      }
    }
    return found;
  }

  static int count(Connection connection, Selection selection) throws SQLException {
    var query = new DeadLetterQuery();
    query.add("SELECT count(*) FROM (");
    query.union(selection, branch -> {});
    query.add(") AS dead");
    try (var select = query.prepare(connection);
        var row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** How many stopped since an instant without being items of a replay. */
  static int beside(Connection connection, Selection selection, long job, Instant since)
      throws SQLException {
    var query = new DeadLetterQuery();
    query.add("SELECT count(*) FROM (");
    query.union(selection, branch -> branch.and("stopped_at >= ?", at(since)));
    query.add(
        ") AS dead WHERE NOT EXISTS (SELECT 1 FROM replay_item i WHERE i.job_id = ? AND i.item = dead.item)",
        job);
    try (var select = query.prepare(connection);
        var row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** When the first of the held orders concerned is due, or null. */
  static Instant due(Connection connection, Selection selection) throws SQLException {
    var query = new DeadLetterQuery();
    query.add("SELECT min(s.hold_due_at) AS due FROM (");
    query.union(selection, branch -> {});
    query.add(") AS dead JOIN sales_order s ON s.id = dead.order_id AND s.hold IS NOT NULL");
    try (var select = query.prepare(connection);
        var row = select.executeQuery()) {
      row.next();
      return time(row, "due");
    }
  }

  /** One walk over the pile, by something else than its cause; the largest part first. */
  static List<DeadLetterCount> counts(
      Connection connection, Selection selection, DeadLetterCount.By by, int limit)
      throws SQLException {
    var query = new DeadLetterQuery();
    query.add("SELECT part, count(*) AS letters, count(DISTINCT order_id) AS orders,");
    query.add(" min(stopped_at) AS first_seen, max(stopped_at) AS last_seen FROM (SELECT ");
    query.add(
        switch (by) {
          case KIND -> "dead.kind";
          case ACCOUNT -> "dead.account";
          case CHANNEL -> CHANNEL;
          case DOCUMENT -> "dead.document";
          case TYPE -> "dead.type";
          case ROUTE -> "dead.route";
          case STEP -> "dead.step";
          case SKU -> "l.sku";
          case DAY -> "to_char(dead.stopped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
        });
    query.add(" AS part, dead.order_id, dead.stopped_at FROM (");
    query.union(selection, branch -> {});
    query.add(") AS dead");
    if (by == DeadLetterCount.By.SKU) {
      query.add(
          " LEFT JOIN LATERAL (SELECT DISTINCT sku FROM order_line WHERE order_id = dead.order_id) l ON true");
    }
    query.add(") AS parts GROUP BY part ORDER BY letters DESC, part LIMIT ?", limit);
    var counts = new ArrayList<DeadLetterCount>();
    try (var select = query.prepare(connection);
        var row = select.executeQuery()) {
      while (row.next()) {
        counts.add(
            new DeadLetterCount(
                row.getString("part"),
                row.getInt("letters"),
                row.getInt("orders"),
                time(row, "first_seen"),
                time(row, "last_seen")));
      }
    }
    return counts;
  }

  /**
   * One walk over the pile: first by cause and order, so that an order counts once, then by cause
   * and the currency of its orders.
   */
  static List<DeadLetterGroup> groups(Connection connection, Selection selection, int limit)
      throws SQLException {
    var query = new DeadLetterQuery();
    query.add(
        """
        SELECT g.*, f.kind AS latest_kind, f.sentence AS latest_sentence,
               f.account AS latest_account, f.route, f.step
        FROM (
        SELECT p.fingerprint, s.currency, sum(s.grand_total) AS amount,
               max(latest) AS latest, min(kind) AS kind, min(sentence) AS sentence,
               min(p.account) AS account, sum(messages) AS messages,
               sum(deliveries) AS deliveries, sum(holds) AS holds, count(p.order_id) AS orders,
               sum(needs_choice) AS needs_choice, min(first_seen) AS first_seen,
               max(last_seen) AS last_seen
        FROM (
        SELECT fingerprint, order_id, max(failure_id) AS latest,
               min(kind) FILTER (WHERE failure_id = 0) AS kind,
               min(sentence) FILTER (WHERE failure_id = 0) AS sentence,
               min(account) FILTER (WHERE failure_id = 0) AS account,
               count(*) FILTER (WHERE type = 'MESSAGE') AS messages,
               count(*) FILTER (WHERE type = 'DELIVERY') AS deliveries,
               count(*) FILTER (WHERE type = 'ORDER') AS holds,
               count(*) FILTER (WHERE needs_choice) AS needs_choice,
               min(stopped_at) AS first_seen, max(stopped_at) AS last_seen
        FROM (\
        """);
    query.union(selection, branch -> {});
    query.add(
        """
        ) AS dead GROUP BY fingerprint, order_id) p
        LEFT JOIN sales_order s
          ON s.id = p.order_id AND s.grand_total IS NOT NULL AND s.currency IS NOT NULL
        GROUP BY p.fingerprint, s.currency) g
        LEFT JOIN failure f ON f.id = g.latest
        ORDER BY g.latest DESC, g.amount DESC NULLS LAST
        """);
    var groups = new LinkedHashMap<String, DeadLetterGroup>();
    try (var select = query.prepare(connection);
        var row = select.executeQuery()) {
      while (row.next()) {
        var group = group(row);
        groups.merge(group.fingerprint(), group, DeadLetterGroup::and);
      }
    }
    return groups.values().stream()
        .sorted(
            Comparator.comparingInt(DeadLetterGroup::count)
                .reversed()
                .thenComparing(DeadLetterGroup::fingerprint))
        .limit(limit)
        .toList();
  }

  // What was not recorded as a failure says itself what it is.
  private static DeadLetterGroup group(ResultSet row) throws SQLException {
    var recorded = row.getString("latest_kind") != null;
    var currency = row.getString("currency");
    return new DeadLetterGroup(
        row.getString("fingerprint"),
        row.getString(recorded ? "latest_kind" : "kind"),
        row.getString(recorded ? "latest_sentence" : "sentence"),
        row.getString(
            recorded && row.getString("latest_account") != null ? "latest_account" : "account"),
        row.getString("route"),
        row.getString("step"),
        row.getInt("messages"),
        row.getInt("deliveries"),
        row.getInt("holds"),
        row.getInt("orders"),
        row.getInt("needs_choice"),
        time(row, "first_seen"),
        time(row, "last_seen"),
        currency == null ? List.of() : List.of(new Stake(currency, row.getBigDecimal("amount"))));
  }

  /** Freezes messages and deliveries of a selection as items of a job, in order of arrival. */
  static int freeze(Connection connection, long job, Selection selection) throws SQLException {
    var frozen = 0;
    for (var type : List.of(DeadLetterType.MESSAGE, DeadLetterType.DELIVERY)) {
      if (!selection.covers(type)) {
        continue;
      }
      var query = new DeadLetterQuery();
      query.add(
          """
          INSERT INTO replay_item (job_id, item, ordinal, fence)
          SELECT ?, item, ? + row_number() OVER (ORDER BY number), fence FROM (\
          """,
          job,
          frozen);
      query.union(selection.ofType(type), branch -> {});
      query.add(") AS dead");
      try (var insert = query.prepare(connection)) {
        frozen += insert.executeUpdate();
      }
    }
    if (selection.covers(DeadLetterType.ORDER)) {
      frozen += freezeHolds(connection, job, selection, frozen);
    }
    return frozen;
  }

  private static int freezeHolds(Connection connection, long job, Selection selection, int before)
      throws SQLException {
    var ids = new ArrayList<String>();
    var fences = new ArrayList<Long>();
    var query = new DeadLetterQuery();
    query.union(selection.ofType(DeadLetterType.ORDER), branch -> {});
    query.add(" ORDER BY order_id");
    try (var select = query.prepare(connection);
        var rows = select.executeQuery()) {
      while (rows.next()) {
        ids.add(ItemId.ofOrder(rows.getObject("order_id", UUID.class)));
        fences.add(rows.getLong("fence"));
      }
    }
    if (ids.isEmpty()) {
      return 0;
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO replay_item (job_id, item, ordinal, fence)
            SELECT ?, item, ? + ordinality, fence
            FROM unnest(?::text[], ?::bigint[]) WITH ORDINALITY AS held (item, fence, ordinality)
            """)) {
      insert.setLong(1, job);
      insert.setInt(2, before);
      insert.setArray(3, connection.createArrayOf("text", ids.toArray()));
      insert.setArray(4, connection.createArrayOf("bigint", fences.toArray()));
      return insert.executeUpdate();
    }
  }

  /** The sources that the selection can match, each narrowed by it and ended by {@code tail}. */
  private void union(Selection selection, Consumer<DeadLetterQuery> tail) {
    var first = true;
    for (var source : DeadLetterType.values()) {
      if (!selection.covers(source)) {
        continue;
      }
      add(first ? "" : " UNION ALL ");
      first = false;
      add("(SELECT * FROM (");
      add(
          switch (source) {
            case MESSAGE -> MESSAGES;
            case DELIVERY -> DELIVERIES;
            case ORDER -> HOLDS;
          });
      add(
          ") AS dead (type, number, order_id, state, account, document, key, attempt_count, fence,"
              + " outcome_unknown, needs_choice, failure_id, stopped_at, kind, sentence,"
              + " fingerprint, route, step, evidence, item) WHERE true");
      narrow(selection, source);
      tail.accept(this);
      add(")");
    }
  }

  private void narrow(Selection selection, DeadLetterType source) {
    if (selection.ids() != null) {
      var wanted =
          selection.ids().stream()
              .flatMap(id -> ItemId.parse(id).stream())
              .filter(id -> id.type() == source)
              .toList();
      if (source == DeadLetterType.ORDER) {
        and("order_id = ANY (?)", (Object) wanted.stream().map(ItemId::order).toArray(UUID[]::new));
      } else {
        and("number = ANY (?)", (Object) wanted.stream().map(ItemId::number).toArray(Long[]::new));
      }
    }
    if (selection.destinations() != null) {
      and("account = ANY (?)", (Object) selection.destinations().toArray(String[]::new));
    }
    andEqual("fingerprint", selection.fingerprint());
    andEqual("kind", selection.kind());
    andEqual("account", selection.account());
    andEqual("document", selection.document());
    andEqual("order_id", selection.orderId());
    andEqual("needs_choice", selection.needsChoice());
    var where = selection.where();
    andEqual("route", where.route());
    andEqual("step", where.step());
    andEqual("key", where.key());
    if (where.channel() != null) {
      and(CHANNEL + " = ?", where.channel());
    }
    if (where.sku() != null) {
      and(
          "EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = dead.order_id AND l.sku = ?)",
          where.sku());
    }
    if (selection.since() != null) {
      and("stopped_at >= ?", at(selection.since()));
    }
    if (selection.until() != null) {
      and("stopped_at < ?", at(selection.until()));
    }
  }

  private void andEqual(String column, Object value) {
    if (value != null) {
      and(column + " = ?", value);
    }
  }

  private void and(String condition, Object... values) {
    add(" AND " + condition, values);
  }

  private void add(String sql, Object... values) {
    text.append(sql);
    parameters.addAll(List.of(values));
  }

  private PreparedStatement prepare(Connection connection) throws SQLException {
    var statement = connection.prepareStatement(text.toString());
    try {
      for (int i = 0; i < parameters.size(); i++) {
        switch (parameters.get(i)) {
          case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
          case UUID[] uuids -> statement.setArray(i + 1, connection.createArrayOf("uuid", uuids));
          case Long[] numbers ->
              statement.setArray(i + 1, connection.createArrayOf("bigint", numbers));
          case Object value -> statement.setObject(i + 1, value);
        }
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static DeadLetter deadLetter(ResultSet row) throws SQLException {
    var type = DeadLetterType.valueOf(row.getString("type"));
    var order = row.getObject("order_id", UUID.class);
    return new DeadLetter(
        ItemId.of(type, row.getLong("number"), order),
        type,
        row.getString("state"),
        row.getString("account"),
        row.getString("document"),
        row.getString("key"),
        order == null ? null : ItemId.ofOrder(order),
        row.getString("kind"),
        row.getString("sentence"),
        row.getString("fingerprint"),
        row.getString("route"),
        row.getString("step"),
        row.getString("evidence"),
        row.getInt("attempt_count"),
        row.getBoolean("outcome_unknown"),
        row.getBoolean("needs_choice"),
        time(row, "stopped_at"),
        row.getLong("fence"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return instant(row.getObject(column, OffsetDateTime.class));
  }
}
