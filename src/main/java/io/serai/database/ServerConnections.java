package io.serai.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens connections to one server, each of them checked for durability before it is handed out. The
 * check informs {@link DurabilityCheck} and lets the connection through: reading, explaining and
 * repairing must go on while nothing new is accepted.
 */
final class ServerConnections extends AbstractDataSource {
  private final Supplier<DatabaseSettings.External> server;
  private final DurabilityCheck durability;
  private volatile Boolean lz4;

  ServerConnections(Supplier<DatabaseSettings.External> server, DurabilityCheck durability) {
    this.server = server;
    this.durability = durability;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return open("serai", 120, 5, "");
  }

  /**
   * Opens one.
   *
   * @param name what the server's administrators see
   * @param socketTimeout seconds without an answer after which the server counts as gone; 0 is
   *     never
   * @param prepareThreshold uses of a statement before the server keeps it prepared
   * @param session statements run once, before anything else
   */
  Connection open(String name, int socketTimeout, int prepareThreshold, String session)
      throws SQLException {
    var target = server.get();
    var properties = new Properties();
    properties.setProperty("user", target.user());
    properties.setProperty("password", target.password());
    properties.setProperty("ApplicationName", name);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", Integer.toString(socketTimeout));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", Integer.toString(prepareThreshold));
    var connection = DriverManager.getConnection(target.url(), properties);
    try {
      var settings = session + (hasLz4(connection) ? "set default_toast_compression = lz4" : "");
      if (!settings.isEmpty()) {
        try (var statement = connection.createStatement()) {
          statement.execute(settings);
        }
      }
      durability.look(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the server was built with lz4, which halves what compressing large values costs. */
  private boolean hasLz4(Connection connection) throws SQLException {
    var known = lz4;
    if (known == null) {
      try (var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "select exists (select 1 from pg_settings"
                      + " where name = 'default_toast_compression' and 'lz4' = any (enumvals))")) {
        row.next();
        known = row.getBoolean(1);
        lz4 = known;
      }
    }
    return known;
  }

  String address() {
    return server.get().url();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // the pool asks for its own; ours is shorter
  }

  @Override
  public int getLoginTimeout() {
    return 10;
  }
}
