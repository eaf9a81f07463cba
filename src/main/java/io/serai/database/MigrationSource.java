package io.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Connections without a socket timeout: a migration may take its time. */
final class MigrationSource extends AbstractDataSource {
  private final ServerConnections connections;

  MigrationSource(ServerConnections connections) {
    this.connections = connections;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connections.open("serai migration", 0, 0, "");
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }
}
