package io.serai.rules;

import java.sql.SQLException;
import java.time.Clock;
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
      statement.setObject(4, clock.instant().atOffset(java.time.ZoneOffset.UTC));
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
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "SELECT text FROM rule_set ORDER BY activated_at DESC LIMIT 10");
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        var read = reader.apply(rows.getString(1));
        if (read != null) {
          return read;
        }
      }
    } catch (SQLException e) {
      LOG.warn("Earlier rules could not be read: {}", e.getMessage());
    }
    return null;
  }

  /** The text of a version, when it ever was in effect. */
  public Optional<String> text(String version) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement("SELECT text FROM rule_set WHERE version = ?")) {
      statement.setString(1, version);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }
}
