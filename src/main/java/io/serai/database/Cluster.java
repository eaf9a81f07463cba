package io.serai.database;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one embedded server: programs, data, passwords, port, settings and log. Everything
 * is made beside and renamed, so a kill at any point leaves either nothing or all of a step.
 */
final class Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final String UNFINISHED = "data.new-";
  static final String ADMIN = "postgres";
  static final String OWNER = "serai";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final Path home;
  private final Path data;
  private final ServerBinaries binaries;
  private final ServerUser user;
  private final Properties passwords;

  private Cluster(
      Path home, Path data, ServerBinaries binaries, ServerUser user, Properties passwords) {
    this.home = home;
    this.data = data;
    this.binaries = binaries;
    this.user = user;
    this.passwords = passwords;
  }

  /** Opens the cluster in {@code home}, creating it when there is none. */
  static Cluster open(Path home, ServerBinaries binaries) {
    var data = home.resolve("data");
    try {
      var user = ServerUser.choose(binaries, data);
      var log = Files.createDirectories(home.resolve("log"));
      Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rwx------"));
      user.own(log);
      var passwords = passwords(home, Files.exists(data));
      var cluster = new Cluster(home, data, binaries, user, passwords);
      if (!Files.exists(data)) {
        cluster.create();
      }
      cluster.checkVersion();
      user.own(data);
      return cluster;
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The database folder '%s' cannot be prepared (%s). Check its owner and the room on its volume."
              .formatted(home, e.getMessage()),
          e);
    }
  }

  Path home() {
    return home;
  }

  Path data() {
    return data;
  }

  Path log() {
    return home.resolve("log/server.log");
  }

  ServerUser user() {
    return user;
  }

  ServerBinaries binaries() {
    return binaries;
  }

  String password(String role) {
    return passwords.getProperty(role);
  }

  /** Runs one of the server's programs as the server's user. */
  Command run(String program, Duration limit, String... arguments) {
    return Command.run(words(program, arguments), home, Map.of(), limit);
  }

  Process start(String program, String... arguments) throws IOException {
    return Command.start(words(program, arguments), home, Map.of());
  }

  private List<String> words(String program, String... arguments) {
    return user.command(
        Stream.concat(Stream.of(binaries.program(program)), Stream.of(arguments)).toList());
  }

  private void create() throws IOException {
    // A name of its own: a killed start may have left an initdb that is still writing.
    removeUnfinished();
    var fresh = Files.createTempDirectory(home, UNFINISHED);
    user.own(fresh);
    var passwordFile = home.resolve("admin.new");
    writePrivately(passwordFile, password(ADMIN) + "\n");
    user.own(passwordFile);
    try {
      var result =
          Command.run(
              words(
                  "initdb",
                  "--pgdata=" + fresh,
                  "--username=" + ADMIN,
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--data-checksums",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8"),
              home,
              NamelessUser.environment(home, user),
              Duration.ofMinutes(5));
      if (!result.succeeded()) {
        throw new DatabaseRefused(
            "The database in '%s' cannot be created: initdb said '%s'. Check the room and the owner of the folder, or use your own server with SERAI_DB_URL."
                .formatted(data, lastLine(result.output())));
      }
      Files.writeString(
          fresh.resolve("postgresql.conf"),
          """
          # Written once by Serai. serai.conf is written at every start; what you add below it wins.
          include 'serai.conf'
          """);
      Files.writeString(fresh.resolve("serai.conf"), "");
      user.own(fresh);
      Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  private void removeUnfinished() throws IOException {
    try (var folders = Files.newDirectoryStream(home, UNFINISHED + "*")) {
      for (var folder : folders) {
        try {
          ServerBinaries.delete(folder);
        } catch (IOException e) {
          LOG.debug("'{}' stays until the next start: {}", folder, e.getMessage());
        }
      }
    }
  }

  private void checkVersion() throws IOException {
    var stored = Files.readString(data.resolve("PG_VERSION")).strip();
    var said = run("postgres", Duration.ofSeconds(20), "-V").output();
    var brought = said.replaceAll("^.* (\\d+).*$", "$1");
    if (!stored.equals(brought)) {
      throw new DatabaseRefused(
          "The database in '%s' was made by PostgreSQL %s, but this Serai brings '%s'. Dump it with the Serai that made it and restore it into a new folder, or use your own server with SERAI_DB_URL."
              .formatted(data, stored, said));
    }
  }

  /** The port kept beside the data; chosen once, so that a restart is the same address. */
  int port() {
    var file = home.resolve("port");
    try {
      if (Files.exists(file)) {
        return Integer.parseInt(Files.readString(file).strip());
      }
    } catch (IOException | NumberFormatException e) {
      // an unreadable port is as good as none
    }
    return choosePort();
  }

  int choosePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      Files.writeString(home.resolve("port"), port + "\n");
      return port;
    } catch (IOException e) {
      throw new DatabaseRefused(
          "No port could be chosen for the database in '%s' (%s). Check the room on its volume."
              .formatted(home, e.getMessage()),
          e);
    }
  }

  /** Writes our settings; true when they differ from what a server that runs was started with. */
  boolean configure(int port) {
    var changed = writeIfChanged(data.resolve("serai.conf"), settings(port));
    changed |=
        writeIfChanged(
            data.resolve("pg_hba.conf"),
            """
            # Written by Serai at every start: passwords from this machine, nothing else.
            host all         all      127.0.0.1/32 scram-sha-256
            host replication postgres 127.0.0.1/32 scram-sha-256
            """);
    return changed;
  }

  private String settings(int port) {
    long volume = data.toFile().getTotalSpace() >> 20;
    long wal = Math.max(256, Math.min(2048, volume / 8));
    long memory = Math.max(64, Math.min(256, physicalMemoryMb() / 8));
    return """
        # Written by Serai at every start. Add your own settings to postgresql.conf below the include.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'
        max_connections = 60

        # What was confirmed is on the disk. Serai refuses traffic when one of these is off.
        fsync = on
        synchronous_commit = on
        full_page_writes = on

        shared_buffers = %dMB
        work_mem = 16MB
        maintenance_work_mem = 64MB
        wal_buffers = 16MB
        min_wal_size = %dMB
        max_wal_size = %dMB
        checkpoint_timeout = 15min
        max_wal_senders = 2
        max_parallel_workers_per_gather = 0
        random_page_cost = 1.1
        jit = off
        autovacuum_naptime = 15s

        # A client that died is noticed while its query runs, so its locks do not outlive it.
        client_connection_check_interval = 5s
        tcp_keepalives_idle = 60
        idle_in_transaction_session_timeout = 5min

        log_line_prefix = '%%m [%%p] %%q%%a '
        log_timezone = 'UTC'
        timezone = 'UTC'
        log_startup_progress_interval = 5s
        log_checkpoints = off
        log_lock_waits = on
        # Details of errors quote rows, and rows hold what buyers told us.
        log_error_verbosity = terse
        """
        .formatted(port, memory, Math.min(256, wal / 2), wal);
  }

  private static long physicalMemoryMb() {
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) >> 10)
          .findFirst()
          .orElse(2048);
    } catch (IOException e) {
      return 2048;
    }
  }

  private boolean writeIfChanged(Path file, String text) {
    try {
      if (Files.exists(file) && Files.readString(file).equals(text)) {
        return false;
      }
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      writePrivately(fresh, text);
      user.own(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The settings '%s' cannot be written (%s). Check the room on the volume and the owner of the folder."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The end of the server's log, for a sentence about why it died. */
  String lastWords(long from) {
    try (var file = new RandomAccessFile(log().toFile(), "r")) {
      long start = Math.max(Math.min(from, file.length()), file.length() - 16_384);
      file.seek(start);
      var bytes = new byte[(int) (file.length() - start)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Keeps the log from filling the volume it is meant to explain. */
  void rotateLog(long limit) {
    try {
      if (Files.exists(log()) && Files.size(log()) > limit) {
        Files.copy(
            log(), log().resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        try (var file = new RandomAccessFile(log().toFile(), "rw")) {
          file.setLength(0); // the server appends, so it goes on at the new end
        }
      }
    } catch (IOException e) {
      // a log that cannot be rotated is no reason to stop
    }
  }

  static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  private static Properties passwords(Path home, boolean hasData) throws IOException {
    var file = home.resolve("passwords");
    var passwords = new Properties();
    if (Files.exists(file)) {
      try (var in = Files.newBufferedReader(file)) {
        passwords.load(in);
      }
    }
    if (passwords.containsKey(ADMIN) && passwords.containsKey(OWNER)) {
      return passwords;
    }
    if (hasData) {
      throw new DatabaseRefused(
          "The password file '%s' is missing or incomplete, so the database beside it cannot be opened. Put the file back from your backup of the folder."
              .formatted(file));
    }
    passwords.setProperty(ADMIN, randomPassword());
    passwords.setProperty(OWNER, randomPassword());
    var fresh = home.resolve("passwords.new");
    writePrivately(
        fresh,
        "# Roles of the embedded PostgreSQL. Only Serai's own user may read this file.\n"
            + ADMIN
            + "="
            + passwords.getProperty(ADMIN)
            + "\n"
            + OWNER
            + "="
            + passwords.getProperty(OWNER)
            + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return passwords;
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
    Files.writeString(file, text);
  }

  private static String randomPassword() {
    var random = new SecureRandom();
    var password = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }
}
