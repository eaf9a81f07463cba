package io.serai.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A migrated database of its own for a test class, on one durable PostgreSQL per test JVM.
 *
 * <pre>{@code
 * @RegisterExtension static final TestDatabase database = new TestDatabase();
 *
 * @BeforeEach void empty() { database.truncate(); }
 * }</pre>
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private String name;
  private ServerConnections connections;
  private HikariDataSource pool;

  /** The server that all tests of this JVM share; started by the first one. */
  public static EmbeddedPostgres server() {
    return Shared.SERVER;
  }

  /** Where the server's programs are unpacked, for tests that start servers of their own. */
  public static Path binaries() {
    return Path.of("target", "postgres").toAbsolutePath();
  }

  /** Makes the database; JUnit calls it, others may. */
  public TestDatabase open() {
    if (pool != null) {
      return this;
    }
    name = "test_" + COUNT.incrementAndGet();
    execute("postgres", "create database " + name + " template serai owner serai");
    connections = new ServerConnections(this::external, new DurabilityCheck(url(), "the test"));
    var config = new HikariConfig();
    config.setDataSource(connections);
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(0);
    config.setPoolName(name);
    pool = new HikariDataSource(config);
    return this;
  }

  /** Drops it again. */
  public void close() {
    if (pool != null) {
      pool.close();
      pool = null;
      execute("postgres", "drop database if exists " + name + " with (force)");
    }
  }

  /** A pool, as the hub's. */
  public DataSource dataSource() {
    return open().pool;
  }

  /** A connection as a hot-path writer gets it. */
  public Connection connect(String writer) throws SQLException {
    return open().connections.open("serai " + writer, 30, 1, Database.HOT_PATH);
  }

  /** The database's address. */
  public String url() {
    return server().url().replaceFirst("/serai$", "/" + name);
  }

  ServerConnections connections() {
    return open().connections;
  }

  /** How a hub of its own in {@code folder} would reach this database as one of yours. */
  public DatabaseSettings settings(Path folder) {
    return DatabaseSettings.embeddedIn(folder).withExternal(open().external());
  }

  /** Runs statements of the server's administrator in it. */
  public void asAdministrator(String sql) {
    open();
    execute(name, sql);
  }

  private DatabaseSettings.External external() {
    return new DatabaseSettings.External(url(), server().user(), server().password());
  }

  /** Empties every table and starts every identity anew. */
  public void truncate() {
    empty(tables -> "truncate " + String.join(", ", tables) + " restart identity cascade");
  }

  /** Empties every table where there are few rows, and many times; identities go on. */
  public void clear() {
    empty(tables -> "delete from " + String.join("; delete from ", tables));
  }

  private void empty(Function<List<String>, String> how) {
    open();
    try (var connection = server().connectAsAdmin(name);
        var statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica"); // the audit refuses otherwise
      var tables = new ArrayList<String>();
      try (var rows =
          statement.executeQuery(
              """
              select format('%I', c.relname) from pg_class c
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                 and not c.relispartition and c.relname not in ('flyway_schema_history', 'schema_floor')""")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      if (!tables.isEmpty()) {
        // the audit refuses to be emptied by whoever does not say so
        statement.execute("alter table audit_entry disable trigger user");
        statement.execute(how.apply(tables));
        statement.execute("alter table audit_entry enable trigger user");
      }
    } catch (SQLException e) {
      throw new AssertionError("the test database cannot be emptied", e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    open();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private static void execute(String database, String sql) {
    try (var connection = server().connectAsAdmin(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Started when first asked for, stopped when the JVM ends. */
  private static final class Shared {
    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      var all = Path.of("target", "test-postgres").toAbsolutePath();
      var folder = all.resolve(Long.toString(ProcessHandle.current().pid()));
      try {
        Files.createDirectories(all);
        sweep(all);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var server =
          EmbeddedPostgres.start(
              EmbeddedOptions.in(folder)
                  .withBinaries(binaries())
                  .withDisk(new DiskMarks(64L << 20, 5, 0)));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    delete(folder);
                  }));
      try {
        var connections =
            new ServerConnections(
                () -> new DatabaseSettings.External(server.url(), server.user(), server.password()),
                new DurabilityCheck(server.url(), "the test"));
        new Migrations(
                new MigrationSource(connections),
                "classpath:db/migration",
                java.time.Duration.ofSeconds(5))
            .run();
        return server;
      } catch (SQLException e) {
        throw new AssertionError("the test database cannot be migrated", e);
      }
    }

    /** What a killed test run left; its data is worth nothing. */
    private static void sweep(Path all) throws IOException {
      try (var folders = Files.newDirectoryStream(all)) {
        for (var folder : folders) {
          var name = folder.getFileName().toString();
          if (ProcessHandle.of(Long.parseLong(name)).isEmpty()) {
            new ServerProcesses(
                    folder.resolve("postgres/data").toAbsolutePath(), new ServerUser(0, List.of()))
                .all()
                .forEach(each -> ProcessHandle.of(each).ifPresent(ProcessHandle::destroyForcibly));
            delete(folder);
          }
        }
      }
    }

    private static void delete(Path folder) {
      try {
        ServerBinaries.delete(folder);
      } catch (IOException e) {
        // a file that is still being written is swept by the next run
      }
    }
  }
}
