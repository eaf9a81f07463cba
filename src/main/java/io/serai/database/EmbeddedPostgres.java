package io.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of Serai's own, run and watched by this process. What it confirmed survives
 * the death of this process, of the server and of the machine, as far as the disk keeps what it was
 * told to flush. A server that outlived a killed hub is taken over as it runs; one that dies while
 * the hub lives is started again, and until it answers {@link #refusal()} says so. It listens on
 * 127.0.0.1 with passwords and nowhere else.
 *
 * <p>The gap: a hub that is killed leaves the server running until the next start in the same
 * folder or the removal of that folder.
 */
public final class EmbeddedPostgres implements AutoCloseable, Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final long LOG_LIMIT = 50L << 20;

  private final EmbeddedOptions options;
  private final FolderLock lock;
  private final Cluster cluster;
  private final ServerProcesses processes;
  private final DiskGuard disk;
  private final Thread supervisor;
  private volatile int port;
  private volatile long pid;
  private volatile boolean closing;
  private volatile Refusal away;
  private volatile int restarts;
  private long logged;

  private EmbeddedPostgres(EmbeddedOptions options, FolderLock lock, Cluster cluster) {
    this.options = options;
    this.lock = lock;
    this.cluster = cluster;
    this.processes = new ServerProcesses(cluster.data(), cluster.user());
    this.disk = new DiskGuard(cluster.data(), cluster.home().resolve("ballast"), options.disk());
    this.supervisor =
        Thread.ofPlatform().name("serai-postgres").daemon().unstarted(this::superviseUntilClosed);
  }

  /**
   * Starts the server of the folder, or takes over the one that runs there, and returns when it
   * answers; replaying the log after a crash takes as long as it takes.
   *
   * @throws DatabaseRefused when another process has the folder or the server will not start
   */
  public static EmbeddedPostgres start(EmbeddedOptions options) {
    var home = Instance.createFolder(Instance.createFolder(options.folder()).resolve("postgres"));
    var lock = FolderLock.take(home, "server.lock");
    try {
      var server =
          new EmbeddedPostgres(
              options, lock, Cluster.open(home, ServerBinaries.unpack(options.binaries())));
      server.bringUp();
      server.ensureDatabase();
      server.disk.look();
      server.supervisor.start();
      return server;
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** The address of the hub's database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + Cluster.OWNER;
  }

  /** The role that owns the hub's database; it is no superuser. */
  public String user() {
    return Cluster.OWNER;
  }

  /** The password of {@link #user()}. */
  public String password() {
    return cluster.password(Cluster.OWNER);
  }

  /** The folder of the server's data, settings included. */
  public Path data() {
    return cluster.data();
  }

  /** The server's own log. */
  public Path log() {
    return cluster.log();
  }

  /** The process that was last seen answering. */
  public long pid() {
    return pid;
  }

  /** How often the server died and was started again since this process runs. */
  public int restarts() {
    return restarts;
  }

  @Override
  public Optional<Refusal> refusal() {
    var gone = away;
    return gone != null ? Optional.of(gone) : disk.refusal();
  }

  /** Opens a connection as the superuser; for tests and for what the owner may not do. */
  Connection connectAsAdmin(String database) throws SQLException {
    return connect(database, Cluster.ADMIN);
  }

  /** Stops the server; sessions that are open are ended and their transactions rolled back. */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    supervisor.interrupt();
    try {
      supervisor.join(Duration.ofSeconds(20));
      stopServer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.close();
    }
  }

  /** Lets go of the folder and leaves the server running, as a killed process would. */
  void abandon() {
    closing = true;
    supervisor.interrupt();
    lock.close();
  }

  private void bringUp() {
    var running = processes.running();
    if (running.isPresent() && adopt(running.get())) {
      return;
    }
    stopServer();
    launch();
  }

  /** Takes over a server that outlived its hub, if it is ours and runs with today's settings. */
  private boolean adopt(ServerProcesses.PidFile found) {
    var sameProgram =
        ServerProcesses.program(found.pid())
            .filter(Path.of(cluster.binaries().program("postgres"))::equals)
            .isPresent();
    if (!sameProgram || found.port() == 0 || cluster.configure(found.port())) {
      LOG.info(
          "PostgreSQL (process {}) outlived its hub with other settings: it is restarted",
          found.pid());
      return false;
    }
    var patience = new Patience();
    while (ServerProcesses.alive(found.pid())) {
      var status = processes.pidFile().map(ServerProcesses.PidFile::status).orElse("");
      if (status.equals("stopping")) {
        return false;
      }
      if (status.equals("ready")) {
        port = found.port();
        try (var connection = connect("postgres", Cluster.ADMIN);
            var statement = connection.createStatement()) {
          // Its sessions belong to a hub that is dead: we hold the folder's lock.
          statement.execute(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where usename = 'serai' and application_name like 'serai%'");
          pid = found.pid();
          logged = cluster.log().toFile().length();
          LOG.info("PostgreSQL (process {}) outlived its hub and is taken over", pid);
          return true;
        } catch (SQLException e) {
          LOG.warn("PostgreSQL (process {}) cannot be taken over: {}", found.pid(), e.getMessage());
          return false;
        }
      }
      patience.tell();
      pause(Duration.ofMillis(20));
    }
    return false;
  }

  /** Says every five seconds what a server that recovers is at. */
  private final class Patience {
    private long told = System.nanoTime();

    void tell() {
      if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(5)) {
        told = System.nanoTime();
        var sentence = "PostgreSQL is recovering: " + Cluster.lastLine(cluster.lastWords(0));
        LOG.info(sentence);
        options.progress().accept(sentence);
      }
    }
  }

  private void launch() {
    for (int attempt = 1; ; attempt++) {
      port = attempt == 1 ? cluster.port() : cluster.choosePort();
      cluster.configure(port);
      cluster.rotateLog(LOG_LIMIT);
      logged = cluster.log().toFile().length();
      if (launchOnce()) {
        return;
      }
      var words = cluster.lastWords(logged);
      if (attempt < 4 && words.contains("Address already in use")) {
        LOG.warn("port {} of the embedded PostgreSQL is taken, another one is chosen", port);
        continue;
      }
      throw new DatabaseRefused(
          "The embedded PostgreSQL in '%s' does not start: '%s'. Its log is '%s'."
              .formatted(cluster.data(), reason(words), cluster.log()));
    }
  }

  /** True when the server answers; false when it gave up. */
  private boolean launchOnce() {
    try {
      // pg_ctl puts the server into a session of its own, so that Ctrl-C on a terminal reaches the
      // hub alone and the server is stopped after it.
      var starter =
          cluster.start(
              "pg_ctl",
              "start",
              "--pgdata=" + cluster.data(),
              "--log=" + cluster.log(),
              "--wait",
              "--timeout=86400",
              "--silent");
      starter.getOutputStream().close();
      long began = System.nanoTime();
      var patience = new Patience();
      while (true) {
        var file = processes.running();
        if (file.isPresent() && file.get().status().equals("ready")) {
          pid = file.get().pid();
          LOG.info(
              "PostgreSQL (process {}) answers on 127.0.0.1:{} after {} ms",
              pid,
              port,
              TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
          return true;
        }
        if (!starter.isAlive() && file.isEmpty()) {
          return false;
        }
        patience.tell();
        pause(Duration.ofMillis(10));
      }
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The embedded PostgreSQL in '%s' cannot be started (%s). Its log is '%s'."
              .formatted(cluster.data(), e.getMessage(), cluster.log()),
          e);
    }
  }

  /** Ends whatever runs on the folder: politely, then at once, then by force. */
  private void stopServer() {
    var running = processes.running();
    if (running.isPresent()) {
      var server = running.get().pid();
      signal("INT", server);
      if (!gone(server, options.stopTimeout())) {
        LOG.warn("PostgreSQL (process {}) did not stop in time and is stopped at once", server);
        signal("QUIT", server);
        gone(server, Duration.ofSeconds(10));
      }
    }
    // A killed postmaster's children may live a moment longer; a new server must not meet them.
    for (int round = 0; round < 100; round++) {
      var left = processes.all();
      if (left.isEmpty()) {
        break;
      }
      if (round > 5) {
        left.forEach(each -> signal("KILL", each));
      }
      pause(Duration.ofMillis(50));
    }
    removeStalePidFile();
  }

  /** Its number may belong to another program by now, which would keep the server from starting. */
  private void removeStalePidFile() {
    try {
      if (processes.all().isEmpty()) {
        Files.deleteIfExists(cluster.data().resolve("postmaster.pid"));
      }
    } catch (IOException e) {
      LOG.warn("stale postmaster.pid in '{}' stays: {}", cluster.data(), e.getMessage());
    }
  }

  private void signal(String name, long server) {
    cluster.run("pg_ctl", Duration.ofSeconds(10), "kill", name, Long.toString(server));
  }

  private static boolean gone(long server, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (ServerProcesses.alive(server)) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause(Duration.ofMillis(10));
    }
    return true;
  }

  private void superviseUntilClosed() {
    int ticks = 0;
    while (!closing) {
      try {
        if (!ServerProcesses.alive(pid)) {
          revive();
        }
        if (ticks++ % 5 == 0) {
          disk.look();
        }
        if (ticks % 50 == 0) {
          disk.keepBallast();
        }
        if (ticks % 300 == 0) {
          cluster.rotateLog(LOG_LIMIT);
        }
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("the embedded PostgreSQL's supervisor goes on after: {}", e.toString());
      }
    }
  }

  private void revive() throws InterruptedException {
    var pause = Duration.ofMillis(200);
    long died = System.nanoTime();
    while (!closing) {
      var words = cluster.lastWords(logged);
      away =
          new Refusal(
              Refusal.Reason.AWAY,
              "The embedded PostgreSQL in '%s' stopped ('%s') and is being started again; its log is '%s'."
                  .formatted(cluster.data(), reason(words), cluster.log()));
      LOG.error(away.sentence());
      if (words.contains("No space left on device") || disk.full()) {
        disk.dropBallast();
      }
      try {
        stopServer();
        launch();
        restarts++;
        away = null;
        LOG.warn(
            "PostgreSQL runs again after {} ms",
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - died));
        return;
      } catch (DatabaseRefused e) {
        LOG.error(e.getMessage());
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) {
        pause = LONGEST_PAUSE;
      }
    }
  }

  private static String reason(String words) {
    var lines = words.lines().toList();
    for (var level : new String[] {"PANIC:", "FATAL:"}) {
      for (var line : lines.reversed()) {
        if (line.contains(level)
            && !line.contains("terminating connection")
            && !line.contains("the database system is")) {
          return line.substring(line.indexOf(level) + level.length()).strip();
        }
      }
    }
    return "it was killed or stopped by somebody else";
  }

  private void ensureDatabase() {
    try (var connection = connect("postgres", Cluster.ADMIN);
        var statement = connection.createStatement()) {
      try (var found =
          statement.executeQuery("select 1 from pg_database where datname = 'serai'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute(
          """
          do $$ begin
            if not exists (select 1 from pg_roles where rolname = 'serai') then
              create role serai login;
            end if;
          end $$""");
      statement.execute("alter role serai password '" + password() + "'");
      statement.execute("create database serai owner serai");
    } catch (SQLException e) {
      throw new DatabaseRefused(
          "The database 'serai' cannot be made in '%s' (%s). Its log is '%s'."
              .formatted(cluster.data(), e.getMessage(), cluster.log()),
          e);
    }
  }

  private Connection connect(String database, String role) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", cluster.password(role));
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("ApplicationName", "serai supervisor");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
