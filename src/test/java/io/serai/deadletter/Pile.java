package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/** Dead letters as the engine leaves them, in words. What is not said is valid and dull. */
public final class Pile {
  private final DataSource database;
  private final Clock clock;
  private int next = 1;
  private int audited;

  public Pile(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Forgets everything, the replay jobs too; the audit, which cannot, starts a new page. */
  public void clear() {
    for (var table :
        List.of(
            "inbox_message",
            "message_payload",
            "message_edit",
            "failure",
            "delivery",
            "delivery_content",
            "order_event",
            "order_document",
            "sales_order",
            "replay_item",
            "replay_job",
            "lease",
            "alert",
            "order_hold")) {
      execute("DELETE FROM " + table);
    }
    audited = number("SELECT coalesce(max(id), 0) FROM audit_entry");
  }

  public Message message() {
    return new Message();
  }

  Delivery delivery() {
    return new Delivery();
  }

  Order order() {
    return new Order();
  }

  public final class Message {
    private String account = "shopify-main";
    private String document = "order";
    private String lane;
    private String state = "PARKED";
    private String body = "{\"id\":1}";
    private UUID order;
    private Failure failure =
        Failure.of(
            FailureKind.UNMAPPED,
            "Order '1001' has no field '/currency'. Add it, then replay.",
            new Place("shopify-order-normalize", "map", "shopify-main"));

    public Message from(String account) {
      this.account = account;
      return this;
    }

    Message carrying(String document) {
      this.document = document;
      return this;
    }

    Message inLane(String lane) {
      this.lane = lane;
      return this;
    }

    Message in(String state) {
      this.state = state;
      return this;
    }

    Message of(UUID order) {
      this.order = order;
      return this;
    }

    Message saying(String body) {
      this.body = body;
      return this;
    }

    public Message failedBy(FailureKind kind, String sentence) {
      this.failure = Failure.of(kind, sentence, new Place("route", "step", account));
      return this;
    }

    Message withoutFailure() {
      this.failure = null;
      return this;
    }

    /** Stores it. */
    public String lies() {
      var key = "k" + next++;
      return call(
          connection -> {
            long id;
            try (var insert =
                connection.prepareStatement(
                    """
                    INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key,
                      state, received_at, due_at, attempt_count, fence, order_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 3, 5, ?) RETURNING id
                    """)) {
              insert.setString(1, account);
              insert.setString(2, document);
              insert.setString(3, lane == null ? account + "/" + key : lane);
              insert.setString(4, key);
              insert.setString(5, key);
              insert.setString(6, state);
              insert.setObject(7, at(clock.instant()));
              insert.setObject(8, at(clock.instant()));
              insert.setObject(9, order);
              var row = insert.executeQuery();
              row.next();
              id = row.getLong(1);
            }
            try (var insert =
                connection.prepareStatement(
                    """
                    INSERT INTO message_payload (message_id, received_at, content_type, sha256, body)
                    VALUES (?, ?, 'application/json', ?, ?)
                    """)) {
              var bytes = body.getBytes(StandardCharsets.UTF_8);
              insert.setLong(1, id);
              insert.setObject(2, at(clock.instant()));
              insert.setBytes(3, sha256(bytes));
              insert.setBytes(4, bytes);
              insert.executeUpdate();
            }
            if (failure != null) {
              var number = failure(connection, failure, "message_id", id);
              execute(
                  connection,
                  "UPDATE inbox_message SET failure_id = " + number + " WHERE id = " + id);
            }
            return "msg_" + id;
          });
    }
  }

  final class Delivery {
    private String destination = "northwind";
    private String document = "fulfillment-request";
    private String lane;
    private String state = "PARKED";
    private String repeat = "IDEMPOTENT";
    private boolean unknown;
    private UUID order;
    private Long cause;
    private Failure failure =
        Failure.of(
            FailureKind.TRANSIENT,
            "Northwind did not answer '20' times. Ask them, then replay.",
            new Place("northwind-fulfillment-out", "send", "northwind"));

    Delivery to(String destination) {
      this.destination = destination;
      return this;
    }

    Delivery carrying(String document) {
      this.document = document;
      return this;
    }

    Delivery inLane(String lane) {
      this.lane = lane;
      return this;
    }

    Delivery in(String state) {
      this.state = state;
      return this;
    }

    Delivery of(UUID order) {
      this.order = order;
      return this;
    }

    Delivery causedBy(String message) {
      this.cause = ItemId.parse(message).orElseThrow().number();
      return this;
    }

    Delivery repeatable(String mode) {
      this.repeat = mode;
      return this;
    }

    Delivery ofUnknownOutcome() {
      this.unknown = true;
      return failedBy(FailureKind.UNKNOWN_OUTCOME, "Northwind's answer was lost. Look there.");
    }

    Delivery failedBy(FailureKind kind, String sentence) {
      this.failure = Failure.of(kind, sentence, new Place("route", "step", destination));
      return this;
    }

    Delivery withoutFailure() {
      this.failure = null;
      return this;
    }

    /** Stores it. */
    String lies() {
      var key = "k" + next++;
      return call(
          connection -> {
            long id;
            try (var insert =
                connection.prepareStatement(
                    """
                    WITH d AS (
                      INSERT INTO delivery (destination, document, operation, lane, order_id,
                        business_key, idempotency_key, repeat_mode, state, outcome_unknown,
                        message_id, due_at, deadline_at, fence, attempt_count, created_at)
                      VALUES (?, ?, 'request', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 7, 20, ?)
                      RETURNING id)
                    INSERT INTO delivery_content SELECT id, '{"n":1}' FROM d RETURNING delivery_id
                    """)) {
              insert.setString(1, destination);
              insert.setString(2, document);
              insert.setString(3, lane == null ? destination + "/" + key : lane);
              insert.setObject(4, order);
              insert.setString(5, key);
              insert.setString(6, "idem-" + key);
              insert.setString(7, repeat);
              insert.setString(8, state);
              insert.setBoolean(9, unknown);
              insert.setObject(10, cause);
              insert.setObject(11, at(clock.instant()));
              insert.setObject(12, at(clock.instant()));
              insert.setObject(13, at(clock.instant().minus(Duration.ofHours(48))));
              var row = insert.executeQuery();
              row.next();
              id = row.getLong(1);
            }
            if (failure != null) {
              var number = failure(connection, failure, "delivery_id", id);
              execute(
                  connection, "UPDATE delivery SET failure_id = " + number + " WHERE id = " + id);
            }
            return "dlv_" + id;
          });
    }
  }

  final class Order {
    private UUID id = new UUID(0x0190_0000_0000_7000L, next);
    private String hold = "UNALLOCATABLE";
    private String document;
    private Failure failure =
        Failure.of(
            FailureKind.UNALLOCATABLE,
            "Order '1001' cannot be allocated: no node serves 'AQ'. Add one, then replay.",
            Place.of("shopify-main"));

    Order called(UUID id) {
      this.id = id;
      return this;
    }

    Order heldBy(String hold) {
      this.hold = hold;
      return this;
    }

    Order withoutFailure() {
      this.failure = null;
      return this;
    }

    Order reading(String document) {
      this.document = document;
      return this;
    }

    /** Stores it. */
    String lies() {
      var key = "o" + next++;
      return call(
          connection -> {
            Long number = failure == null ? null : failure(connection, failure, "attempt", 1);
            try (var insert =
                connection.prepareStatement(
                    """
                    INSERT INTO sales_order (id, account, channel_order_id, state, revision, hold,
                      hold_reason, hold_failure_id, received_at, updated_at)
                    VALUES (?, 'shopify-main', ?, 'ACCEPTED', 2, ?, 'because', ?, ?, ?)
                    """)) {
              insert.setObject(1, id);
              insert.setString(2, key);
              insert.setString(3, hold);
              insert.setObject(4, number);
              insert.setObject(5, at(clock.instant()));
              insert.setObject(6, at(clock.instant()));
              insert.executeUpdate();
            }
            if (document != null) {
              try (var insert =
                  connection.prepareStatement("INSERT INTO order_document VALUES (?, ?)")) {
                insert.setObject(1, id);
                insert.setString(2, document);
                insert.executeUpdate();
              }
            }
            return ItemId.ofOrder(id);
          });
    }
  }

  /** What the engine does when an attempt fails for good. */
  void failsAgain(String id, FailureKind kind, String sentence) {
    var item = ItemId.parse(id).orElseThrow();
    var message = item.type() == DeadLetterType.MESSAGE;
    call(
        connection -> {
          var failure =
              failure(
                  connection,
                  Failure.of(kind, sentence, new Place("route", "step", "somewhere")),
                  message ? "message_id" : "delivery_id",
                  item.number());
          execute(
              connection,
              """
              UPDATE %s SET state = 'PARKED', failure_id = %d, fence = fence + 1,
                attempt_count = attempt_count + 1
              WHERE id = %d
              """
                  .formatted(message ? "inbox_message" : "delivery", failure, item.number()));
          return null;
        });
  }

  /** One row as text, column by column. */
  Map<String, String> row(String id) {
    var item = ItemId.parse(id).orElseThrow();
    var table =
        switch (item.type()) {
          case MESSAGE -> "inbox_message WHERE id = " + item.number();
          case DELIVERY -> "delivery WHERE id = " + item.number();
          case ORDER -> "sales_order WHERE id = '" + item.order() + "'";
        };
    return rows("SELECT * FROM " + table).getFirst();
  }

  String state(String id) {
    return row(id).get("state");
  }

  public List<Map<String, String>> rows(String sql) {
    return call(
        connection -> {
          try (var statement = connection.createStatement();
              var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<Map<String, String>>();
            while (result.next()) {
              var row = new TreeMap<String, String>();
              for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.put(result.getMetaData().getColumnName(i), result.getString(i));
              }
              rows.add(row);
            }
            return rows;
          }
        });
  }

  public int number(String sql) {
    return Integer.parseInt(rows(sql).getFirst().values().iterator().next());
  }

  /** What was audited since the pile was cleared. */
  List<Map<String, String>> audit() {
    return rows("SELECT * FROM audit_entry WHERE id > " + audited + " ORDER BY id");
  }

  public void execute(String sql) {
    call(
        connection -> {
          execute(connection, sql);
          return null;
        });
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long failure(Connection connection, Failure failure, String column, long value)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO failure (kind, sentence, fingerprint, account, route, step, evidence,
              occurred_at, %s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """
                .formatted(column))) {
      insert.setString(1, failure.kind().name());
      insert.setString(2, failure.sentence());
      insert.setString(3, failure.fingerprint());
      insert.setString(4, failure.place().endpoint());
      insert.setString(5, failure.place().route());
      insert.setString(6, failure.place().step());
      insert.setString(7, failure.evidence());
      insert.setObject(8, at(clock.instant()));
      insert.setLong(9, value);
      var row = insert.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private <T> T call(Transaction.Work<T> work) {
    return Transaction.run(database, work);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
