package io.serai.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's one database, embedded or yours: open, migrated, and watched. {@link #refusal()} says
 * at any moment whether traffic may be taken; it looks at the server every two seconds and at every
 * connection that is opened, so a setting that is switched off while the hub runs is seen within
 * that time and not at once.
 */
public final class Database implements AutoCloseable, Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration TICK = Duration.ofSeconds(2);

  /**
   * Plans made while tables are empty are kept by prepared statements and would scan the tables
   * when they are full; with these the keys are used from the first row on. A plain index scan also
   * marks entries of rows that are gone, a bitmap scan visits them again and again.
   */
  static final String HOT_PATH =
      """
      set enable_seqscan = off;
      set enable_hashjoin = off;
      set enable_mergejoin = off;
      set enable_bitmapscan = off;
      set plan_cache_mode = force_generic_plan;
      """;

  private final Instance instance;
  private final Optional<EmbeddedPostgres> embedded;
  private final DurabilityCheck durability;
  private final ServerConnections connections;
  private final HikariDataSource pool;
  private final DatabaseClock clock;
  private final Leases leases;
  private final Thread watch;
  private final int version;
  private Runnable whenOutgrown = () -> {};
  private volatile Refusal outgrown;
  private volatile Refusal away;
  private volatile boolean closing;

  private Database(
      Instance instance,
      Optional<EmbeddedPostgres> embedded,
      DurabilityCheck durability,
      ServerConnections connections,
      HikariDataSource pool,
      DatabaseClock clock,
      int version) {
    this.instance = instance;
    this.embedded = embedded;
    this.durability = durability;
    this.connections = connections;
    this.pool = pool;
    this.clock = clock;
    this.version = version;
    this.leases = new Leases(pool, clock, instance.id());
    this.watch = Thread.ofPlatform().name("serai-database").daemon().unstarted(this::watch);
  }

  /**
   * Takes the data folder, starts or finds the server, migrates, and returns when the database can
   * be worked with. A server that is not durable is opened all the same; see {@link #refusal()}.
   * Needs nothing of the application, so it may run while the rest of it starts.
   *
   * @throws DatabaseRefused with the sentence for the operator when this cannot be done
   */
  public static Database open(DatabaseSettings settings) {
    var instance = Instance.claim(settings.folder());
    EmbeddedPostgres embedded = null;
    try {
      if (settings.external().isEmpty()) {
        embedded =
            EmbeddedPostgres.start(
                EmbeddedOptions.in(settings.folder())
                    .withBinaries(settings.binaries())
                    .withDisk(settings.disk())
                    .withProgress(settings.progress()));
      }
      var database = connect(settings, instance, Optional.ofNullable(embedded));
      database.watch.start();
      return database;
    } catch (RuntimeException | Error e) {
      if (embedded != null) {
        embedded.close();
      }
      instance.close();
      throw e;
    }
  }

  /**
   * Brings the tables of a database of yours to this program's version and ends; answers the
   * version that they are at then, which is a newer one when a newer program was here before.
   *
   * @throws DatabaseRefused with the sentence for the operator when this cannot be done
   */
  public static String migrate(DatabaseSettings settings) {
    var server =
        settings
            .external()
            .orElseThrow(
                () ->
                    new DatabaseRefused(
                        "SERAI_DB_URL is not set, so there is nothing to migrate: the embedded database is brought forward by each start. Set it."));
    var durability = new DurabilityCheck(server.url(), "its postgresql.conf");
    var connections = new ServerConnections(() -> server, durability);
    try (var first = firstConnection(settings, connections)) {
      new Migrations(
              new MigrationSource(connections), settings.migrations(), settings.lockTimeout())
          .run();
      try (var statement = first.createStatement();
          var row =
              statement.executeQuery(
                  "select max(version::int) from flyway_schema_history where success and version is not null")) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new DatabaseRefused(
          "PostgreSQL at '%s' stopped answering during the migration (%s). Look at its log and start again; what was done stays done."
              .formatted(connections.address(), e.getMessage()),
          e);
    }
  }

  private static Database connect(
      DatabaseSettings settings, Instance instance, Optional<EmbeddedPostgres> embedded) {
    var server = settings.external();
    var durability =
        new DurabilityCheck(
            server.map(DatabaseSettings.External::url).orElseGet(() -> embedded.get().url()),
            embedded
                .map(own -> "'" + own.data().resolve("postgresql.conf") + "'")
                .orElse("its postgresql.conf (and undo any ALTER SYSTEM, DATABASE or ROLE)"));
    var connections =
        new ServerConnections(
            () ->
                server.orElseGet(
                    () ->
                        new DatabaseSettings.External(
                            embedded.get().url(),
                            embedded.get().user(),
                            embedded.get().password())),
            durability);
    var clock = new DatabaseClock();
    HikariDataSource pool = null;
    try {
      try (var first = firstConnection(settings, connections)) {
        clock.look(first);
      }
      var version =
          new Migrations(
                  new MigrationSource(connections), settings.migrations(), settings.lockTimeout())
              .run();
      pool = pool(settings, connections);
      var database =
          new Database(instance, embedded, durability, connections, pool, clock, version);
      int former = database.leases.releaseFormer();
      if (former > 0) {
        LOG.info("{} leases of the former process of '{}' are released", former, instance.id());
      }
      return database;
    } catch (SQLException e) {
      if (pool != null) {
        pool.close();
      }
      throw new DatabaseRefused(
          "PostgreSQL at '%s' stopped answering during the start (%s). Look at its log and start again."
              .formatted(connections.address(), e.getMessage()),
          e);
    }
  }

  /**
   * The pool for everything but the hot path. No connection of it is held across a network call.
   */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * Opens a connection for one writer of the hot path, to be kept by it alone: autocommit, every
   * statement prepared on the server from its first use, plans by key. The caller closes it, and
   * opens another when it breaks.
   *
   * @param name of the writer, shown by the server
   */
  public Connection connect(String name) throws SQLException {
    return connections.open("serai " + name, 30, 1, HOT_PATH);
  }

  /** The clock that all replicas share. */
  public DatabaseClock clock() {
    return clock;
  }

  /** What this instance alone may do. */
  public Leases leases() {
    return leases;
  }

  /** Who this hub is among its replicas. */
  public Instance instance() {
    return instance;
  }

  /** The server of our own, when the database is not yours. */
  public Optional<EmbeddedPostgres> embedded() {
    return embedded;
  }

  /** The server's address, without a password. */
  public String address() {
    return connections.address();
  }

  @Override
  public Optional<Refusal> refusal() {
    if (embedded.isPresent()) {
      var own = embedded.get().refusal();
      if (own.isPresent()) {
        return own;
      }
    }
    if (outgrown != null) {
      return Optional.of(outgrown);
    }
    var gone = away;
    return gone != null ? Optional.of(gone) : durability.refusal();
  }

  /** Closes the pool, stops the embedded server and lets go of the data folder, in this order. */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    watch.interrupt();
    pool.close();
    embedded.ifPresent(EmbeddedPostgres::close);
    instance.close();
  }

  private void watch() {
    Connection connection = null;
    while (!closing) {
      try {
        if (connection == null) {
          connection = connections.open("serai watch", 10, 5, "");
        } else {
          durability.look(connection);
        }
        lookAtFloor(connection);
        clock.look(connection);
        if (away != null) {
          LOG.info("PostgreSQL at '{}' answers again", address());
          away = null;
        }
      } catch (SQLException e) {
        connection = closed(connection);
        if (!closing && away == null) {
          away =
              new Refusal(
                  Refusal.Reason.AWAY,
                  "PostgreSQL at '%s' does not answer (%s), so nothing is accepted. Bring it back; intake goes on by itself."
                      .formatted(address(), e.getMessage()));
          LOG.error(away.sentence());
        }
      }
      try {
        Thread.sleep(away == null ? TICK : TICK.dividedBy(8));
      } catch (InterruptedException e) {
        break;
      }
    }
    closed(connection);
  }

  // For good: tables do not go back, and who began to stop does not begin again.
  private void lookAtFloor(Connection connection) throws SQLException {
    var sentence =
        outgrown == null ? SchemaFloor.outgrown(connection, version) : Optional.<String>empty();
    if (sentence.isPresent()) {
      Runnable stop;
      synchronized (this) { // who names it now is told by this or by whenOutgrown, not by both
        outgrown = new Refusal(Refusal.Reason.NOT_USABLE, sentence.get());
        stop = whenOutgrown;
      }
      LOG.error(outgrown.sentence());
      stop.run();
    }
  }

  /**
   * Names what is to be done once when a newer program makes the tables ones that this one must not
   * work with: from then on it is refused everything. Asked for every two seconds; work that was
   * begun before may yet be written.
   */
  public void whenOutgrown(Runnable stop) {
    boolean late;
    synchronized (this) {
      whenOutgrown = stop;
      late = outgrown != null;
    }
    if (late) {
      stop.run();
    }
  }

  private static Connection closed(Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("closing a broken connection: {}", e.getMessage());
      }
    }
    return null;
  }

  private static Connection firstConnection(
      DatabaseSettings settings, ServerConnections connections) throws SQLException {
    long end = System.nanoTime() + settings.startWait().toNanos();
    long told = System.nanoTime();
    while (true) {
      try {
        return connections.open("serai", 60, 5, "");
      } catch (SQLException e) {
        var state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("28")) {
          throw new DatabaseRefused(
              "PostgreSQL at '%s' does not let this user in (%s). Correct SERAI_DB_USER and SERAI_DB_PASSWORD."
                  .formatted(connections.address(), e.getMessage()),
              e);
        }
        if (state.equals("3D000")) {
          throw new DatabaseRefused(
              "PostgreSQL at '%s' has no such database (%s). Create it or correct SERAI_DB_URL."
                  .formatted(connections.address(), e.getMessage()),
              e);
        }
        if (System.nanoTime() > end) {
          throw new DatabaseRefused(
              "PostgreSQL at '%s' does not answer (%s). Start it or correct SERAI_DB_URL."
                  .formatted(connections.address(), e.getMessage()),
              e);
        }
        if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(5)) {
          told = System.nanoTime();
          var sentence =
              "PostgreSQL at '%s' is awaited: %s".formatted(connections.address(), e.getMessage());
          LOG.warn(sentence);
          settings.progress().accept(sentence);
        }
      }
      try {
        Thread.sleep(250);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseRefused("The start was interrupted while the database was awaited.", e);
      }
    }
  }

  private static HikariDataSource pool(DatabaseSettings settings, ServerConnections connections) {
    var config = new HikariConfig();
    config.setPoolName("serai");
    config.setDataSource(connections);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(3_000);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
