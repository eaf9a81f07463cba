package io.serai.crash;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;

/**
 * A hub that breaks one rule. It is the hub of this build, to the last class; what is wrong is the
 * database driver it is given, which changes a statement on the way.
 */
enum Mutant {
  /** Says yes to the sender and commits with the next statement, if there is one. */
  EARLY_ACK {
    @Override
    String prepare(Connection connection, String sql) throws SQLException {
      if (sql.contains("INSERT INTO inbox_message (id, ")) {
        run(connection, "COMMIT");
        run(connection, "BEGIN");
      } else if (sql.contains("inbox_message m ON m.account = u.account")) {
        run(connection, "COMMIT");
      }
      return sql;
    }

    private void run(Connection connection, String sql) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  },

  /** Reads the stock and writes what is left of it, and lets others do the same meanwhile. */
  NAIVE_STOCK {
    @Override
    String prepare(Connection connection, String sql) {
      return sql.replace(
          "FROM stock_level WHERE sku = ANY (?) ORDER BY sku, node FOR NO KEY UPDATE",
          """
          FROM stock_level WHERE sku = ANY (?) AND (SELECT pg_sleep(0.02)::text) IS NOT NULL
          ORDER BY sku, node""");
    }
  },

  /** Sends again what was sent and not answered, to whomever. */
  BLIND_RESEND {
    @Override
    String prepare(Connection connection, String sql) {
      return sql.replace("outcome_unknown = true", "outcome_unknown = false")
          .replace("outcome_unknown = u.unknown", "outcome_unknown = false")
          .replace(
              "SET state = u.state, remote_id",
              "SET state = CASE WHEN u.unknown THEN 'READY' ELSE u.state END, remote_id");
    }
  };

  /** What is prepared in place of {@code sql}. */
  abstract String prepare(Connection connection, String sql) throws SQLException;

  /** A driver whose connections break the rule. */
  Driver infect(Driver sound) {
    return infect(Driver.class, sound);
  }

  private <T> T infect(Class<T> type, T sound) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader() == null ? Mutant.class.getClassLoader() : type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                arguments[0] = prepare((Connection) sound, (String) arguments[0]);
              }
              try {
                var result = method.invoke(sound, arguments);
                return result instanceof Connection connection
                    ? infect(Connection.class, connection)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
