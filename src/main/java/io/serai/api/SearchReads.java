package io.serai.api;

import io.serai.api.SearchApi.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds what goes by a key. Each way of looking is one walk along an index, so that it takes as
 * long among ten million as among ten; the text is only ever a bound parameter.
 */
final class SearchReads {
  static final int LONGEST = 200;
  private static final int MOST = 20;

  private static final Set<String> WORDS =
      Set.of(
          "id",
          "order",
          "po",
          "email",
          "sku",
          "gtin",
          "tracking",
          "rma",
          "file",
          "isa",
          "gs",
          "st",
          "message",
          "reference");

  // Accounts and documents are few and found by hopping through the unique index.
  private static final String MESSAGES =
      """
      WITH RECURSIVE kind (account, document) AS (
        (SELECT account, document FROM inbox_message ORDER BY account, document LIMIT 1)
        UNION ALL
        SELECT n.account, n.document FROM kind, LATERAL (
          SELECT m.account, m.document FROM inbox_message m
          WHERE (m.account, m.document) > (kind.account, kind.document) ORDER BY m.account, m.document LIMIT 1) n)
      SELECT id, account, document, state, received_at, by FROM (
        SELECT m.id, m.account, m.document, m.state, m.received_at, 'message''s id' AS by
        FROM kind JOIN inbox_message m ON m.account = kind.account AND m.document = kind.document AND m.dedupe_key = :q
        UNION
        SELECT m.id, m.account, m.document, m.state, m.received_at, 'message''s key'
        FROM (SELECT DISTINCT account FROM kind) a JOIN inbox_message m ON m.lane = a.account || '/' || :q
        WHERE m.state IN ('RECEIVED', 'RUNNING', 'PARKED')) AS found
      ORDER BY id DESC LIMIT 20
      """;

  private static final String INTERCHANGES =
      """
      SELECT i.id, i.account, i.direction, i.control, i.file_name, i.state, i.created_at, f.by
      FROM (SELECT id, min(by) AS by FROM (
        SELECT id, 'interchange number' AS by FROM interchange WHERE :isa AND control = ANY (:numbers)
        UNION ALL SELECT id, 'file name' FROM interchange WHERE :file AND file_name = :q
        UNION ALL (SELECT interchange_id, 'group number' FROM interchange_set
                   WHERE :gs AND group_control = ANY (:numbers) ORDER BY interchange_id DESC LIMIT 500)
        UNION ALL (SELECT interchange_id, 'set number' FROM interchange_set
                   WHERE :st AND control = ANY (:numbers) ORDER BY interchange_id DESC LIMIT 500)
        UNION ALL SELECT interchange_id, 'purchase order' FROM interchange_set WHERE :po AND subject = :q) AS ways
        GROUP BY id) f JOIN interchange i ON i.id = f.id
      ORDER BY i.id DESC LIMIT 20
      """;

  private static final String FILES =
      """
      (SELECT name, account, 'sent to ' || folder AS what, state, updated_at AS at, 'file name' AS by
       FROM sent_file WHERE :file AND name = :q LIMIT 20)
      UNION ALL
      (SELECT name, account, coalesce(problem, 'fetched from ' || folder), state, coalesce(taken_at, since), 'file name'
       FROM fetched_file WHERE :file AND name = :q LIMIT 20)
      UNION ALL
      (SELECT message_id, account, 'sent by AS2', state, sent_at, 'message''s id'
       FROM as2_sent WHERE :message AND message_id = ANY (:ids) LIMIT 20)
      UNION ALL
      (SELECT message_id, account, 'came by AS2', NULL, received_at, 'message''s id'
       FROM as2_received WHERE :message AND message_id = ANY (:ids) LIMIT 20)
      ORDER BY at DESC LIMIT 20
      """;

  private static final String ARTICLES =
      """
      SELECT sku, min(account) AS account, min(what) AS what, min(by) AS by FROM (
        SELECT sku, NULL AS account, title AS what, 'SKU' AS by FROM item WHERE :sku AND sku = :q
        UNION ALL
        (SELECT sku, NULL, NULL, 'SKU' FROM stock_level WHERE :sku AND sku = :q LIMIT 1)
        UNION ALL
        (SELECT sku, nullif(account, ''), 'code ' || code, 'code' FROM cross_reference
         WHERE :gtin AND code = ANY (:codes) LIMIT 50)) AS found
      GROUP BY sku ORDER BY sku LIMIT 20
      """;

  private final Reads reads;
  private final OrderReads orders;

  SearchReads(Reads reads, OrderReads orders) {
    this.reads = reads;
    this.orders = orders;
  }

  /** What a text asks for: a key, and the kind of key when it says so. */
  record Asked(String word, String key) {
    static Asked of(String q) {
      int colon = q.indexOf(':');
      var word = colon < 1 ? "" : q.substring(0, colon).toLowerCase(Locale.ROOT);
      var rest = colon < 1 ? "" : q.substring(colon + 1).strip();
      return WORDS.contains(word) && !rest.isEmpty() ? new Asked(word, rest) : new Asked(null, q);
    }

    boolean may(String... words) {
      return word == null || Stream.of(words).anyMatch(word::equals);
    }

    /** A control number however many zeros it is written with. */
    String[] numbers() {
      if (!key.matches("[0-9]{1,14}")) {
        return new String[] {key};
      }
      var bare = key.replaceFirst("^0+(?=.)", "");
      return Stream.of(
              key,
              bare,
              "0".repeat(Math.max(0, 9 - bare.length())) + bare,
              "0".repeat(Math.max(0, 4 - bare.length())) + bare)
          .distinct()
          .toArray(String[]::new);
    }

    /** A GTIN however many zeros it is written with: 8, 12, 13 or 14 digits. */
    String[] codes() {
      if (!key.matches("[0-9]{8,14}")) {
        return new String[] {key};
      }
      var bare = key.replaceFirst("^0+(?=.)", "");
      return Stream.concat(
              Stream.of(key),
              Stream.of(8, 12, 13, 14)
                  .filter(digits -> bare.length() <= digits)
                  .map(digits -> "0".repeat(digits - bare.length()) + bare))
          .distinct()
          .toArray(String[]::new);
    }

    /** An AS2 message id with its brackets and without. */
    String[] ids() {
      return new String[] {key, "<" + key + ">"};
    }
  }

  List<Hit> find(String q) {
    var asked = Asked.of(q);
    var hits = new ArrayList<Hit>();
    if (asked.may("order", "po", "email", "tracking", "reference", "id")) {
      for (var order : orders.list(asked.key(), null, null, MOST, null).items()) {
        hits.add(
            new Hit(
                "order",
                order.id(),
                order.channel(),
                by(asked.key(), order),
                order.displayNumber() == null ? order.channelOrderId() : order.displayNumber(),
                order.state(),
                order.placedAt() == null ? order.receivedAt() : order.placedAt()));
      }
    }
    reads.read(
        jdbc -> {
          byId(jdbc, asked, hits);
          returns(jdbc, asked, hits);
          parcels(jdbc, asked, hits);
          messages(jdbc, asked, hits);
          interchanges(jdbc, asked, hits);
          files(jdbc, asked, hits);
          articles(jdbc, asked, hits);
          return null;
        });
    return hits;
  }

  private static String by(String key, OrderViews.Summary order) {
    if (key.equals(order.channelOrderId())) {
      return "channel's number";
    }
    if (order.displayNumber() != null
        && order.displayNumber().replaceFirst("^#", "").equals(key.replaceFirst("^#", ""))) {
      return "order number";
    }
    return key.equals(order.id())
        ? "id"
        : key.indexOf('@') > 0 ? "e-mail" : "tracking or reference";
  }

  /** Where a thing with a number of ours stands. */
  private static final Map<String, String> TABLES =
      Map.of(
          "msg", "SELECT account, document, state, received_at FROM inbox_message WHERE id = :id",
          "dlv", "SELECT destination, document, state, created_at FROM delivery WHERE id = :id",
          "itc", "SELECT account, 'interchange', state, created_at FROM interchange WHERE id = :id",
          "rpl", "SELECT NULL, 'replay', state, created_at FROM replay_job WHERE id = :id");

  private static final Map<String, String> KINDS =
      Map.of("msg", "message", "dlv", "delivery", "itc", "interchange", "rpl", "replay");

  private static void byId(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    if (!asked.may("id", "message") || !asked.key().matches("(msg|dlv|itc|rpl)_[0-9]{1,18}")) {
      return;
    }
    var prefix = asked.key().substring(0, 3);
    hits.addAll(
        jdbc.sql(TABLES.get(prefix))
            .param("id", Long.parseLong(asked.key().substring(4)))
            .query(
                (row, n) ->
                    new Hit(
                        KINDS.get(prefix),
                        asked.key(),
                        row.getString(1),
                        "id",
                        row.getString(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant()))
            .list());
  }

  private static void returns(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    if (!asked.may("rma", "reference", "id")) {
      return;
    }
    hits.addAll(
        jdbc.sql(
                """
                SELECT r.id, r.name, r.state, r.created_at, r.by, s.account FROM (
                  SELECT id, order_id, name, state, created_at, 'RMA' AS by FROM return_order WHERE name = :q
                  UNION ALL
                  SELECT id, order_id, name, state, created_at, 'sender''s number' FROM return_order
                  WHERE remote_id = :q AND name <> :q) r
                LEFT JOIN sales_order s ON s.id = r.order_id ORDER BY r.created_at DESC LIMIT 20
                """)
            .param("q", asked.key())
            .query(
                (row, n) ->
                    new Hit(
                        "return",
                        Reads.id("ret", Reads.uuid(row, "id")),
                        row.getString("account"),
                        row.getString("by"),
                        row.getString("name"),
                        row.getString("state"),
                        Reads.instant(row, "created_at")))
            .list());
  }

  private static void parcels(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    if (!asked.may("tracking")) {
      return;
    }
    hits.addAll(
        jdbc.sql(
                """
                SELECT p.id, p.account AS carrier, p.state, p.created_at, s.account
                FROM parcel p LEFT JOIN sales_order s ON s.id = p.order_id
                WHERE p.tracking_number = :q ORDER BY p.created_at DESC LIMIT 20
                """)
            .param("q", asked.key())
            .query(
                (row, n) ->
                    new Hit(
                        "parcel",
                        Reads.id("pcl", Reads.uuid(row, "id")),
                        row.getString("account"),
                        "tracking number",
                        row.getString("carrier"),
                        row.getString("state"),
                        Reads.instant(row, "created_at")))
            .list());
  }

  private static void messages(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    if (!asked.may("message", "order", "po")) {
      return;
    }
    hits.addAll(
        jdbc.sql(MESSAGES)
            .param("q", asked.key())
            .query(
                (row, n) ->
                    new Hit(
                        "message",
                        Reads.id("msg", row.getLong("id")),
                        row.getString("account"),
                        row.getString("by"),
                        row.getString("document"),
                        row.getString("state"),
                        Reads.instant(row, "received_at")))
            .list());
  }

  private static void interchanges(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    hits.addAll(
        jdbc.sql(INTERCHANGES)
            .param("q", asked.key())
            .param("numbers", asked.numbers())
            .param("isa", asked.may("isa"))
            .param("gs", asked.may("gs"))
            .param("st", "st".equals(asked.word()))
            .param("file", asked.may("file"))
            .param("po", asked.may("po", "order"))
            .query(
                (row, n) ->
                    new Hit(
                        "interchange",
                        Reads.id("itc", row.getLong("id")),
                        row.getString("account"),
                        row.getString("by"),
                        Stream.of(
                                row.getString("direction").equals("IN") ? "came" : "went",
                                row.getString("control"),
                                row.getString("file_name"))
                            .filter(part -> part != null)
                            .collect(Collectors.joining(" · ")),
                        row.getString("state"),
                        Reads.instant(row, "created_at")))
            .list());
  }

  private static void files(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    hits.addAll(
        jdbc.sql(FILES)
            .param("q", asked.key())
            .param("ids", asked.ids())
            .param("file", asked.may("file"))
            .param("message", asked.may("message"))
            .query(
                (row, n) ->
                    new Hit(
                        "file",
                        row.getString("name"),
                        row.getString("account"),
                        row.getString("by"),
                        row.getString("what"),
                        row.getString("state"),
                        Reads.instant(row, "at")))
            .list());
  }

  private static void articles(JdbcClient jdbc, Asked asked, List<Hit> hits) {
    hits.addAll(
        jdbc.sql(ARTICLES)
            .param("q", asked.key())
            .param("codes", asked.codes())
            .param("sku", asked.may("sku"))
            .param("gtin", asked.may("gtin", "sku"))
            .query(
                (row, n) ->
                    new Hit(
                        "article",
                        row.getString("sku"),
                        row.getString("account"),
                        row.getString("by"),
                        row.getString("what"),
                        null,
                        null))
            .list());
  }
}
