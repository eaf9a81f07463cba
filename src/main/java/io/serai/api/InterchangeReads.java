package io.serai.api;

import io.serai.api.InterchangeViews.Detail;
import io.serai.api.InterchangeViews.Gap;
import io.serai.api.InterchangeViews.Interchange;
import io.serai.api.InterchangeViews.Number;
import io.serai.api.InterchangeViews.SetCount;
import io.serai.api.InterchangeViews.TransactionSet;
import io.serai.exchange.Agreement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL behind what is shown of interchanges and their numbers. */
final class InterchangeReads {
  static final List<String> STATES =
      List.of(
          "ACCEPTED",
          "ACCEPTED_WITH_ERRORS",
          "PARTLY_ACCEPTED",
          "REFUSED",
          "DUPLICATE",
          "TEST",
          "STORED",
          "READY",
          "SENDING",
          "PENDING",
          "CONFIRMED",
          "WAITING",
          "PARKED",
          "WITHDRAWN",
          "SUPERSEDED",
          "DISCARDED");

  private static final int MOST_SETS = 10_000;
  private static final int MOST_GAPS = 100;

  // Of ours it is what became of the delivery that carries it.
  private static final String STATE =
      "CASE WHEN i.direction = 'IN' THEN i.state WHEN d.revision = i.delivery_revision THEN d.state ELSE 'SUPERSEDED' END";

  private static final String ONE =
      """
      SELECT i.id, i.account, i.direction, i.usage, i.sender, i.receiver, i.control, i.sentence, i.file_name, i.message_id,
        i.delivery_id, i.created_at, %s AS state
      FROM interchange i LEFT JOIN delivery d ON d.id = i.delivery_id
      """
          .formatted(STATE);

  // A delivery that waits was sent, as far as we know, and one of which nothing is heard; another
  // of an unknown outcome
  // may have been.
  private static final String GAPS =
      """
      SELECT i.control, i.delivery_id, d.state, d.reason, d.outcome_unknown, d.attempt_count, d.revision = i.delivery_revision AS current
      FROM interchange i LEFT JOIN delivery d ON d.id = i.delivery_id
      WHERE i.direction = 'OUT' AND i.account = :account AND i.usage = :usage AND i.sender = :sender AND i.receiver = :receiver
        AND (d.id IS NULL OR d.revision <> i.delivery_revision OR d.state NOT IN ('CONFIRMED', 'PENDING', 'REFUSED'))
        AND NOT (d.revision = i.delivery_revision AND EXISTS (
          SELECT 1 FROM failure f WHERE f.delivery_id = d.id AND f.kind = 'SILENT' AND f.occurred_at >= i.created_at))
        AND NOT EXISTS (SELECT 1 FROM interchange_set s WHERE s.interchange_id = i.id AND s.answered_at IS NOT NULL)
      ORDER BY i.id DESC LIMIT :rows""";

  private final Reads reads;

  InterchangeReads(Reads reads) {
    this.reads = reads;
  }

  /** Which interchanges are meant; null stands for all. */
  record Wanted(
      String account, String direction, String state, String control, String set, String subject) {}

  /** Whether anything was ever exchanged for an account, be it one that is gone. */
  boolean knows(String account) {
    return reads.read(
        jdbc ->
            jdbc.sql("SELECT EXISTS (SELECT 1 FROM interchange WHERE account = :account)")
                .param("account", account)
                .query(Boolean.class)
                .single());
  }

  Page<Interchange> list(Wanted wanted, int limit, String cursor) {
    var before = Cursor.number(cursor);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder(ONE).append("WHERE true\n");
          var values = new HashMap<String, Object>();
          where(sql, values, "AND i.account = :account\n", "account", wanted.account());
          where(sql, values, "AND i.direction = :direction\n", "direction", wanted.direction());
          where(
              sql,
              values,
              "AND (" + STATE + " = :state OR i.state = :state)\n",
              "state",
              wanted.state());
          where(sql, values, "AND i.control = :control\n", "control", wanted.control());
          where(
              sql,
              values,
              "AND EXISTS (SELECT 1 FROM interchange_set s WHERE s.interchange_id = i.id AND s.set_id = :set)\n",
              "set",
              wanted.set());
          where(
              sql,
              values,
              "AND i.id IN (SELECT s.interchange_id FROM interchange_set s WHERE s.subject = :subject)\n",
              "subject",
              wanted.subject());
          if (before != null) {
            sql.append("AND i.id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY i.id DESC LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString()).params(values).query((row, n) -> row(row, List.of())).list();
          var counts = counts(jdbc, rows.stream().map(Interchange::id).toList());
          var counted =
              rows.stream()
                  .map(one -> with(one, counts.getOrDefault(one.id(), List.of())))
                  .toList();
          return Page.of(counted, limit, last -> Cursor.of(Cursor.id("itc", last.id())));
        });
  }

  private static void where(
      StringBuilder sql, Map<String, Object> values, String clause, String name, String value) {
    if (value != null) {
      sql.append(clause);
      values.put(name, value);
    }
  }

  private static Map<String, List<SetCount>> counts(JdbcClient jdbc, List<String> ids) {
    var counts = new HashMap<String, List<SetCount>>();
    if (!ids.isEmpty()) {
      jdbc.sql(
              "SELECT interchange_id, set_id, count(*) AS sets FROM interchange_set WHERE interchange_id IN (:ids) GROUP BY 1, 2 ORDER BY 1, 2")
          .param("ids", ids.stream().map(id -> Cursor.id("itc", id)).toList())
          .query(
              row -> {
                counts
                    .computeIfAbsent(
                        Reads.id("itc", row.getLong("interchange_id")), id -> new ArrayList<>())
                    .add(new SetCount(row.getString("set_id"), row.getLong("sets")));
              });
    }
    return counts;
  }

  private static Interchange row(ResultSet row, List<SetCount> sets) throws SQLException {
    return new Interchange(
        Reads.id("itc", row.getLong("id")),
        row.getString("account"),
        row.getString("direction"),
        row.getString("usage"),
        row.getString("sender"),
        row.getString("receiver"),
        row.getString("control"),
        row.getString("state"),
        row.getString("sentence"),
        row.getString("file_name"),
        Reads.id("msg", Reads.number(row, "message_id")),
        Reads.id("dlv", Reads.number(row, "delivery_id")),
        sets,
        Reads.instant(row, "created_at"));
  }

  private static Interchange with(Interchange one, List<SetCount> sets) {
    return new Interchange(
        one.id(),
        one.account(),
        one.direction(),
        one.usage(),
        one.sender(),
        one.receiver(),
        one.control(),
        one.state(),
        one.sentence(),
        one.fileName(),
        one.messageId(),
        one.deliveryId(),
        sets,
        one.createdAt());
  }

  Detail get(String id) {
    var number = Cursor.id("itc", id);
    return reads.read(
        jdbc -> {
          var found =
              jdbc.sql(ONE + "WHERE i.id = :id")
                  .param("id", number)
                  .query((row, n) -> row(row, List.of()))
                  .optional()
                  .orElseThrow(() -> unknown(id));
          var counts = counts(jdbc, List.of(found.id()));
          var sets =
              jdbc.sql(
                      """
                      SELECT s.*, m.id AS message_id FROM interchange_set s
                      LEFT JOIN inbox_message m ON m.account = s.account AND m.document = coalesce(s.document, 'interchange')
                        AND m.dedupe_key = s.dedupe_key
                      WHERE s.interchange_id = :id ORDER BY s.place LIMIT :rows""")
                  .param("id", number)
                  .param("rows", MOST_SETS)
                  .query((row, n) -> set(row))
                  .list();
          return new Detail(with(found, counts.getOrDefault(found.id(), List.of())), sets);
        });
  }

  private static Problem unknown(String id) {
    return Problem.notFound("There is no interchange '%s'.".formatted(Words.cut(id)));
  }

  private static TransactionSet set(ResultSet row) throws SQLException {
    return new TransactionSet(
        row.getInt("place"),
        row.getString("functional_id"),
        row.getString("group_control"),
        row.getString("set_id"),
        row.getString("control"),
        row.getString("subject"),
        row.getString("outcome"),
        row.getString("sentence"),
        Reads.id("msg", Reads.number(row, "message_id")),
        Reads.id("itc", Reads.number(row, "answered_by")),
        Reads.instant(row, "answered_at"));
  }

  /** The bytes of an interchange of ours, or the file that one of theirs came in. */
  byte[] body(String id) {
    var number = Cursor.id("itc", id);
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT coalesce(c.body, p.body) FROM interchange i
                    LEFT JOIN interchange_content c ON c.interchange_id = i.id
                    LEFT JOIN inbox_message m ON m.id = i.message_id AND i.direction = 'IN'
                    LEFT JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
                    WHERE i.id = :id AND (c.body IS NOT NULL OR p.body IS NOT NULL)""")
                .param("id", number)
                .query(byte[].class)
                .optional()
                .orElseThrow(() -> unknown(id)));
  }

  /** The numbers that were given last to a partner. */
  List<Number> numbers(Agreement with) {
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT level, sender, receiver, usage, functional_id, last, cycle, taken_at FROM control_number
                    WHERE sender = :ours AND receiver = :theirs ORDER BY level DESC, usage, functional_id""")
                .param("ours", with.ours().text())
                .param("theirs", with.theirs().text())
                .query((row, n) -> number(jdbc, with, row))
                .list());
  }

  private static Number number(JdbcClient jdbc, Agreement with, ResultSet row) throws SQLException {
    var group = row.getString("functional_id");
    return new Number(
        row.getString("level"),
        row.getString("sender"),
        row.getString("receiver"),
        row.getString("usage"),
        group.isEmpty() ? null : group,
        row.getLong("last"),
        row.getInt("cycle"),
        Reads.instant(row, "taken_at"),
        group.isEmpty() ? gaps(jdbc, with, row.getString("usage")) : null);
  }

  private static List<Gap> gaps(JdbcClient jdbc, Agreement with, String usage) {
    return jdbc.sql(GAPS)
        .param("account", with.account())
        .param("usage", usage)
        .param("sender", with.ours().text())
        .param("receiver", with.theirs().text())
        .param("rows", MOST_GAPS)
        .query(
            (row, n) ->
                new Gap(
                    row.getString("control"),
                    Reads.id("dlv", Reads.number(row, "delivery_id")),
                    why(row)))
        .list();
  }

  private static String why(ResultSet row) throws SQLException {
    var delivery = Reads.id("dlv", Reads.number(row, "delivery_id"));
    var state = row.getString("state");
    if (state == null) {
      return "Its delivery is not kept any more.";
    }
    if (!row.getBoolean("current")) {
      return "Delivery '%s' was made anew and bears another number since.".formatted(delivery);
    }
    if (row.getBoolean("outcome_unknown")) {
      return "Whether delivery '%s' reached the partner is unknown.".formatted(delivery);
    }
    return switch (state) {
      case "READY", "SENDING" -> "Delivery '%s' is on its way.".formatted(delivery);
      case "WAITING" -> "Delivery '%s' waits to be sent.".formatted(delivery);
      case "PARKED" -> "Delivery '%s' is parked.".formatted(delivery);
      default ->
          "Delivery '%s' was %s before it was sent%s."
              .formatted(
                  delivery,
                  state.toLowerCase(java.util.Locale.ROOT),
                  row.getString("reason") == null
                      ? ""
                      : ": " + row.getString("reason").replaceFirst("[.]$", ""));
    };
  }
}
