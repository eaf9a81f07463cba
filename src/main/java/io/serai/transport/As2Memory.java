package io.serai.transport;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/** What was said to one partner over AS2 and heard of it, in {@code as2_sent, as2_received}. */
public final class As2Memory {
  /** How far a message of ours is. */
  public enum State {
    /** It may have left. */
    SENT,
    /** The partner has it. */
    CONFIRMED,
    /** The partner does not take it. */
    REFUSED
  }

  /**
   * A message of ours.
   *
   * @param said what the partner answered, or null
   * @param owed whether the partner owes an answer in a document of its own
   * @param again whether it may have left before
   */
  public record Sent(
      String key,
      String messageId,
      String mic,
      String digest,
      State state,
      String said,
      boolean owed,
      boolean again) {}

  /** Of the length of no digest. */
  private static final byte[] NO_PROOF = {};

  private final DataSource database;
  private final Clock clock;
  private final String account;

  /** For one account. */
  public As2Memory(DataSource database, Clock clock, String account) {
    this.database = database;
    this.clock = clock;
    this.account = account;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Notes that a file is about to leave; under the id it left by before, unless that was forgotten.
   */
  Sent leaves(String key, String ours, String mic, String digest, boolean owed)
      throws SQLException {
    var id = "<%s@%s>".formatted(UUID.randomUUID(), ours.replaceAll("[^A-Za-z0-9.-]", "-"));
    var sent = new Sent[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              INSERT INTO as2_sent AS s (account, delivery_key, message_id, mic, digest, state, owed, sent_at)
              VALUES (?, ?, ?, ?, ?, 'SENT', ?, ?)
              ON CONFLICT (account, delivery_key) DO UPDATE SET
                mic = CASE WHEN s.state = 'SENT' THEN excluded.mic ELSE s.mic END,
                digest = CASE WHEN s.state = 'SENT' THEN excluded.digest ELSE s.digest END,
                sent_at = CASE WHEN s.state = 'SENT' THEN excluded.sent_at ELSE s.sent_at END,
                attempt_count = s.attempt_count + 1
              RETURNING s.delivery_key, s.message_id, s.mic, s.digest, s.state, s.said, s.owed, s.attempt_count""",
              rows -> {
                rows.next();
                sent[0] = sent(rows);
              },
              account,
              key,
              id,
              mic,
              digest,
              owed,
              clock.instant())
          .execute(connection);
    }
    return sent[0];
  }

  private static Sent sent(java.sql.ResultSet rows) throws SQLException {
    return new Sent(
        rows.getString(1),
        rows.getString(2),
        rows.getString(3),
        rows.getString(4),
        State.valueOf(rows.getString(5)),
        rows.getString(6),
        rows.getBoolean(7),
        rows.getInt(8) > 1);
  }

  /** The message of ours that has an id, or null. */
  public Sent find(String messageId) throws SQLException {
    var sent = new Sent[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              SELECT delivery_key, message_id, mic, digest, state, said, owed, attempt_count FROM as2_sent
              WHERE account = ? AND message_id = ?""",
              rows -> sent[0] = rows.next() ? sent(rows) : null,
              account,
              messageId)
          .execute(connection);
    }
    return sent[0];
  }

  /** Notes what a partner answered. */
  public void answered(String key, State state, String said) throws SQLException {
    try (var connection = database.getConnection()) {
      answered(connection, key, state, said);
    }
  }

  /** The same, on the open transaction. */
  public void answered(Connection connection, String key, State state, String said)
      throws SQLException {
    new Statements()
        .add(
            "UPDATE as2_sent SET state = ?, said = ?, answered_at = ? WHERE account = ? AND delivery_key = ?",
            state.name(),
            said,
            clock.instant(),
            account,
            key)
        .execute(connection);
  }

  /**
   * Whether a message of the partner came before, with the same content or under another id.
   *
   * @param proof what it is known again by under another id, or null
   */
  public boolean knows(String messageId, byte[] sha256, byte[] proof) throws SQLException {
    var known = new boolean[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              SELECT 1 FROM as2_received WHERE account = ? AND message_id = ? AND sha256 = ?
              UNION ALL SELECT 1 FROM as2_received WHERE account = ? AND proof = ?""",
              rows -> known[0] = rows.next(),
              account,
              messageId,
              sha256,
              account,
              proof == null ? NO_PROOF : proof)
          .execute(connection);
    }
    return known[0];
  }

  /** Notes a message of the partner, on the transaction that stores its file. */
  public void came(Connection connection, String messageId, byte[] sha256, byte[] proof)
      throws SQLException {
    new Statements()
        .add(
            """
            INSERT INTO as2_received (account, message_id, sha256, proof, received_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""",
            account,
            messageId,
            sha256,
            proof,
            clock.instant())
        .execute(connection);
  }

  /**
   * Owes the partner a receipt that it wants later.
   *
   * @param deadline when it is given up
   */
  public void owes(
      Connection connection, String messageId, String content, String repeat, Instant deadline)
      throws SQLException {
    var key = messageId + '/' + UUID.randomUUID(); // one each time that it is asked for
    var now = clock.instant();
    new Statements()
        .query(
            """
            WITH d AS (
              INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
                state, due_at, deadline_at, created_at)
              VALUES (?, 'receipt', 'receipt', ?, ?, ?, ?, 'READY', ?, ?, ?) RETURNING id)
            INSERT INTO delivery_content (delivery_id, content) SELECT id, ? FROM d RETURNING delivery_id""",
            rows -> {
              // nobody needs its id
            },
            account,
            account + '/' + key,
            key,
            "receipt:" + key,
            repeat,
            now,
            deadline,
            now,
            content)
        .execute(connection);
  }

  /** Notes why the last message was refused that was not taken. */
  public void refused(String messageId, String sentence) throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              INSERT INTO as2_refusal AS r (account, message_id, sentence, refused_at) VALUES (?, ?, ?, ?)
              ON CONFLICT (account) DO UPDATE SET message_id = excluded.message_id, sentence = excluded.sentence,
                refused_at = excluded.refused_at""",
              account,
              messageId,
              sentence,
              clock.instant())
          .execute(connection);
    }
  }
}
