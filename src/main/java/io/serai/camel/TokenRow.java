package io.serai.camel;

import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * One access token as all replicas see it.
 *
 * @param access what is sent
 * @param refresh what the partner gave for the next time, or null when the configured one stays
 */
record TokenRow(String access, String refresh, Instant obtainedAt, Instant expiresAt) {
  private static final String READ =
      """
      SELECT sealed, obtained_at, expires_at FROM access_token
      WHERE account = ? AND name = ? AND seal = ? AND sealed IS NOT NULL""";

  private static final String WRITE =
      """
      INSERT INTO access_token AS t (account, name, seal, sealed, obtained_at, expires_at, fence)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (account, name) DO UPDATE
        SET seal = excluded.seal, sealed = excluded.sealed, obtained_at = excluded.obtained_at,
          expires_at = excluded.expires_at, refused_at = NULL, refusal = NULL, fence = excluded.fence
      WHERE t.fence <= excluded.fence""";

  // What is sealed stays: with other credentials it may be good again.
  private static final String REFUSE =
      """
      INSERT INTO access_token AS t (account, name, seal, refused_at, refusal, fence) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (account, name) DO UPDATE
        SET refused_at = coalesce(t.refused_at, excluded.refused_at), refusal = excluded.refusal, fence = excluded.fence
      WHERE t.fence <= excluded.fence""";

  /** The token, or null when there is none that this seal opens. */
  static TokenRow read(Connection connection, String account, String name, Seal seal)
      throws SQLException {
    try (var statement = connection.prepareStatement(READ)) {
      statement.setString(1, account);
      statement.setString(2, name);
      statement.setString(3, seal.id());
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return null;
        }
        var text = seal.open(rows.getBytes(1));
        if (text == null) {
          return null;
        }
        var tree = Json.tree(text);
        return new TokenRow(
            tree.path("access").asText(),
            tree.path("refresh").asText(null),
            instant(rows.getTimestamp(2)),
            instant(rows.getTimestamp(3)));
      }
    }
  }

  void write(Connection connection, String account, String name, Seal seal, long fence)
      throws SQLException {
    var text = new LinkedHashMap<String, String>();
    text.put("access", access);
    if (refresh != null) {
      text.put("refresh", refresh);
    }
    new Statements()
        .add(
            WRITE,
            account,
            name,
            seal.id(),
            seal.close(Json.text(text)),
            obtainedAt,
            expiresAt,
            fence)
        .execute(connection);
  }

  static void refuse(
      Connection connection,
      String account,
      String name,
      Seal seal,
      Instant at,
      String sentence,
      long fence)
      throws SQLException {
    new Statements().add(REFUSE, account, name, seal.id(), at, sentence, fence).execute(connection);
  }

  private static Instant instant(Timestamp at) {
    return at == null ? Instant.EPOCH : at.toInstant();
  }
}
