package io.serai.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Bearer tokens that people make for programs, with a role, a scope and an end.
 *
 * <p>Guarantee: a secret is shown once, kept as SHA-256 only and compared in constant time; a token
 * that was revoked or has expired opens nothing from that instant on, on every replica; making and
 * revoking one is in the audit or did not happen. Where two people are needed, a token is whoever
 * made it. Gap: when it was last used is kept to the minute.
 */
public final class ApiTokens {
  /** What every secret begins with. */
  public static final String PREFIX = "serai_";

  /** What the audit puts before the name of a token. */
  public static final String ACTOR = "token:";

  private static final Duration NOTED = Duration.ofMinutes(1);
  private static final int RANDOM_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NO_HASH = new byte[32];

  private static final String COLUMNS =
      """
      SELECT id, name, hash, role, verbs, channels, made_by, made_as, made_at, expires_at, used_at, revoked_at, revoked_by
      FROM api_token
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final Audit audit;
  private final Clock clock;

  /** Tokens in this database. */
  public ApiTokens(DataSource database, Audit audit, Clock clock) {
    this.jdbc = new JdbcTemplate(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.audit = audit;
    this.clock = clock;
  }

  /** A token, without its secret. */
  public record Token(
      long id,
      String name,
      Role role,
      Scope scope,
      String madeBy,
      Instant madeAt,
      Instant expiresAt,
      Instant usedAt,
      Instant revokedAt,
      String revokedBy) {}

  /** A token just made; nobody sees the secret again. */
  public record Made(Token token, String secret) {
    @Override
    public String toString() {
      return "Made[token=" + token + ", secret=***]";
    }
  }

  private record Row(Token token, Set<String> maker, byte[] hash) {}

  /**
   * What a bearer token opens: somebody, or why nobody.
   *
   * @param caller whose it is, or null
   * @param sentence why it opens nothing any more, for who holds its secret; or null
   */
  record Found(Caller caller, String sentence) {
    static final Found NOTHING = new Found(null, null);
  }

  /** Whose token this is. */
  Found find(String secret) {
    long id = number(secret);
    if (id < 0) {
      return Found.NOTHING;
    }
    var rows = jdbc.query(COLUMNS + "WHERE id = ?", (row, n) -> row(row), id);
    boolean same =
        MessageDigest.isEqual(rows.isEmpty() ? NO_HASH : rows.get(0).hash(), Sha256.of(secret));
    if (rows.isEmpty() || !same) {
      return Found.NOTHING;
    }
    var token = rows.get(0).token();
    var now = clock.instant();
    if (token.revokedAt() != null) {
      return new Found(null, "Token '%s' was revoked; ask for another.".formatted(token.name()));
    }
    if (!token.expiresAt().isAfter(now)) {
      return new Found(
          null,
          "Token '%s' expired at %s; ask for another.".formatted(token.name(), token.expiresAt()));
    }
    if (token.usedAt() == null || token.usedAt().plus(NOTED).isBefore(now)) {
      jdbc.update("UPDATE api_token SET used_at = ? WHERE id = ?", Timestamp.from(now), id);
    }
    var actor = actor(token.name());
    return new Found(
        new Caller(
            actor,
            token.role(),
            token.scope(),
            Person.and(Person.named(actor), rows.get(0).maker())),
        null);
  }

  private static String actor(String name) {
    return ACTOR + name;
  }

  // serai_<id>_<random>
  private static long number(String secret) {
    int end = secret.indexOf('_', PREFIX.length());
    if (!secret.startsWith(PREFIX) || end < 0) {
      return -1;
    }
    var digits = secret.substring(PREFIX.length(), end);
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }

  /**
   * Makes a token.
   *
   * @return it, or empty when one of this name is not revoked yet
   */
  public Optional<Made> make(
      String name, Role role, Scope scope, Duration lasts, Caller by, String reason) {
    try {
      return Optional.ofNullable(
          transaction.execute(
              status -> {
                var now = clock.instant();
                Long id =
                    jdbc.queryForObject(
                        """
                        INSERT INTO api_token (name, hash, role, verbs, channels, made_by, made_as, made_at, expires_at)
                        VALUES (?, ''::bytea, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                        """,
                        Long.class,
                        name,
                        role.name(),
                        texts(scope.verbs()),
                        texts(scope.channels()),
                        by.name(),
                        texts(by.person()),
                        Timestamp.from(now),
                        Timestamp.from(now.plus(lasts)));
                var secret = PREFIX + id + '_' + random();
                jdbc.update("UPDATE api_token SET hash = ? WHERE id = ?", Sha256.of(secret), id);
                var token = token(id);
                audit.write(
                    new Audit.Entry(
                        by.name(), "token.create", name(id), reason, null, terms(token)));
                return new Made(token, secret);
              }));
    } catch (DuplicateKeyException taken) {
      return Optional.empty();
    }
  }

  /**
   * Ends a token at once.
   *
   * @return it as it is now, or empty when there is none of this number or it was revoked before
   */
  public Optional<Token> revoke(long id, Caller by, String reason) {
    return Optional.ofNullable(
        transaction.execute(
            status -> {
              int changed =
                  jdbc.update(
                      "UPDATE api_token SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL",
                      Timestamp.from(clock.instant()),
                      by.name(),
                      id);
              if (changed == 0) {
                return null;
              }
              var token = token(id);
              audit.write(
                  new Audit.Entry(by.name(), "token.revoke", name(id), reason, terms(token), null));
              return token;
            }));
  }

  /** Every token that is not revoked, and those revoked last, newest first. */
  public List<Token> list(int most) {
    return jdbc.query(
        COLUMNS + "ORDER BY revoked_at IS NOT NULL, id DESC LIMIT ?",
        (row, n) -> row(row).token(),
        most);
  }

  private Token token(long id) {
    return jdbc.queryForObject(COLUMNS + "WHERE id = ?", (row, n) -> row(row).token(), id);
  }

  /** The id as people write it. */
  public static String name(long id) {
    return "tok_" + id;
  }

  private static ObjectNode terms(Token token) {
    var terms = JsonNodeFactory.instance.objectNode();
    terms.put("name", token.name()).put("role", token.role().word());
    new TreeSet<>(token.scope().verbs()).forEach(terms.putArray("verbs")::add);
    new TreeSet<>(token.scope().channels()).forEach(terms.putArray("channels")::add);
    return terms.put("expiresAt", token.expiresAt().toString());
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new Token(
            row.getLong("id"),
            row.getString("name"),
            Role.valueOf(row.getString("role")),
            new Scope(texts(row.getArray("verbs")), texts(row.getArray("channels"))),
            row.getString("made_by"),
            instant(row, "made_at"),
            instant(row, "expires_at"),
            instant(row, "used_at"),
            instant(row, "revoked_at"),
            row.getString("revoked_by")),
        maker(row),
        row.getBytes("hash"));
  }

  // Of tokens from before only the maker's name is known.
  private static Set<String> maker(ResultSet row) throws SQLException {
    var marks = row.getArray("made_as");
    return marks == null ? Person.named(row.getString("made_by")) : texts(marks);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  private static String[] texts(Set<String> texts) {
    return texts.toArray(String[]::new);
  }

  private static Set<String> texts(Array array) throws SQLException {
    return Set.of((String[]) array.getArray());
  }

  private static String random() {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
