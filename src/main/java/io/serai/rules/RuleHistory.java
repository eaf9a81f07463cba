package io.serai.rules;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every text of the rules that ever was in effect, by version, so that the version a decision names
 * can be read for as long as the decision is kept. A text that cannot be stored takes effect all
 * the same and is stored at the next change or start.
 */
public final class RuleHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RuleHistory.class);

  private final DataSource database;
  private final Clock clock;

  /** Kept in a database. */
  public RuleHistory(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  void keep(RuleSet rules) {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                """
                INSERT INTO rule_set (version, name, text, activated_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (version) DO UPDATE SET activated_at = excluded.activated_at""")) {
      statement.setString(1, rules.version());
      statement.setString(2, rules.name());
      statement.setString(3, rules.text());
      statement.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
      statement.execute();
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      LOG.warn("Rules '{}' could not be stored: {}", rules.policy().id(), e.getMessage());
    }
  }

  /** The newest text that can still be read as rules, or null. */
  RuleSet newest(Function<String, RuleSet> reader) {
    try {
      for (var version : newest()) {
        var read = reader.apply(version.text());
        if (read != null) {
          return read;
        }
      }
    } catch (SQLException e) {
      LOG.warn("Earlier rules could not be read: {}", e.getMessage());
    }
    return null;
  }

  /**
   * A text that was in effect.
   *
   * @param activatedAt when it last took effect
   */
  public record Version(String version, String name, String text, Instant activatedAt) {}

  /** A version, when it ever was in effect. */
  public Optional<Version> find(String version) throws SQLException {
    return versions("WHERE version = ?", version).stream().findFirst();
  }

  /** The newest versions, the newest first. */
  public List<Version> newest() throws SQLException {
    return versions("ORDER BY activated_at DESC LIMIT ?", 50);
  }

  private List<Version> versions(String which, Object parameter) throws SQLException {
    var versions = new ArrayList<Version>();
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "SELECT version, name, text, activated_at FROM rule_set " + which)) {
      statement.setObject(1, parameter);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          versions.add(
              new Version(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getObject(4, OffsetDateTime.class).toInstant()));
        }
      }
    }
    return versions;
  }
}
