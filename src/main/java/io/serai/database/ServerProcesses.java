package io.serai.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs on a cluster's folder, as the kernel sees it. Every PostgreSQL process stands in its
 * data folder, so nothing depends on a pid file that may name a process of another day. Sees one
 * pid namespace only: two containers on one volume are kept apart by the folder's lock.
 */
final class ServerProcesses {
  private final Path data;
  private final ServerUser user;

  ServerProcesses(Path data, ServerUser user) {
    this.data = data;
    this.user = user;
  }

  /**
   * What the server wrote about itself.
   *
   * @param pid of the postmaster
   * @param port it listens on
   * @param status such as {@code starting}, {@code ready}, {@code stopping}; empty while unknown
   */
  record PidFile(long pid, int port, String status) {}

  Optional<PidFile> pidFile() {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"));
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new PidFile(
              Long.parseLong(lines.getFirst().strip()),
              lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0,
              lines.size() > 7 ? lines.get(7).strip() : ""));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The pid file, if the process it names is alive and works on this folder. */
  Optional<PidFile> running() {
    return pidFile().filter(file -> worksHere(file.pid()) && alive(file.pid()));
  }

  /** Every process on this folder: the postmaster, or what a killed one left. */
  List<Long> all() {
    var found = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (worksHere(pid) && alive(pid)) {
          found.add(pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return found;
  }

  boolean worksHere(long pid) {
    var process = Path.of("/proc", Long.toString(pid));
    try {
      if (!Files.readString(process.resolve("comm")).startsWith("postgres")) {
        return false;
      }
      var words = Files.readString(process.resolve("cmdline")).split("\0");
      return Arrays.asList(words).contains(data.toString()) || standsHere(process);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean standsHere(Path process) throws IOException {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (AccessDeniedException e) {
      // Root in a container may lack the right to look at others, who may look at themselves.
      var link =
          Command.run(
              user.command(List.of("readlink", process.resolve("cwd").toString())),
              Path.of("/"),
              Map.of(),
              Duration.ofSeconds(5));
      return link.succeeded() && link.output().equals(data.toString());
    }
  }

  /** False for a zombie too: as process 1 of a container the JVM inherits dead servers for ever. */
  static boolean alive(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      var state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException e) {
      return false;
    }
  }

  /** The first word of its command line, which is the whole path of the program. */
  static Optional<Path> program(long pid) {
    try {
      var line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      return Optional.of(Path.of(line.split("\0", 2)[0]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
