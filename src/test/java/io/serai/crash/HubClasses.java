package io.serai.crash;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * What this build compiled and depends on, as a class path of jars only: the JVM keeps what it
 * learned of them in one orderly life in an archive, which halves the start of all later lives.
 */
public final class HubClasses {
  /** Where crash tests keep what they need. */
  static final Path FOLDER = Path.of("target", "crash").toAbsolutePath();

  private static final Path ARCHIVE = FOLDER.resolve("hub.jsa");
  // Libraries of tests that Spring Boot would find and start.
  private static final List<String> NOT_PACKED = List.of("springdoc", "swagger-ui");

  private static String hub;
  private static String withTests;

  private HubClasses() {}

  /** Options of a JVM that starts fast and lives shortly. */
  static List<String> options() {
    return List.of(
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + ARCHIVE,
        "-Xlog:disable");
  }

  /** The hub's classes, without the tests. */
  static synchronized String path() {
    if (hub == null) {
      try {
        Files.createDirectories(FOLDER);
        hub = read(false);
        withTests = read(true);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return hub;
  }

  /** The same and the tests' classes after them. */
  static synchronized String pathWithTests() {
    path();
    return hub + File.pathSeparator + withTests;
  }

  private static String read(boolean tests) throws IOException {
    var all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var entries = new ArrayList<String>();
    for (var entry : all.split(File.pathSeparator)) {
      if (entry.contains("test-classes") == tests
          && NOT_PACKED.stream().noneMatch(entry::contains)) {
        entries.add(Files.isDirectory(Path.of(entry)) ? packed(Path.of(entry)).toString() : entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  // Written anew only when a class changed: what the JVM learned holds for these bytes alone.
  private static Path packed(Path classes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var files = Files.walk(classes);
        var out = new JarOutputStream(bytes)) {
      for (var file : files.sorted().filter(file -> !file.equals(classes)).toList()) {
        var name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        var entry = new JarEntry(Files.isDirectory(file) ? name + "/" : name);
        entry.setTime(0);
        out.putNextEntry(entry);
        if (Files.isRegularFile(file)) {
          Files.copy(file, out);
        }
      }
    }
    var jar = FOLDER.resolve(classes.getFileName() + ".jar");
    if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), bytes.toByteArray())) {
      Files.deleteIfExists(ARCHIVE);
      Files.write(jar, bytes.toByteArray());
    }
    return jar;
  }

  /** The command of a JVM of these classes. */
  public static List<String> command(
      List<String> more, boolean tests, String main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.addAll(more);
    command.addAll(List.of("-cp", tests ? pathWithTests() : path(), main));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
