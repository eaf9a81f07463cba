package io.serai.database;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What runs on a cluster's folder, as the kernel sees it. Every PostgreSQL process stands in its
 * data folder, so nothing depends on a pid file that may name a process of another day. Sees one
 * pid namespace only: two containers on one volume are kept apart by the folder's lock.
 */
final class ServerProcesses {
  private final Path data;

  ServerProcesses(Path data) {
    this.data = data;
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
    try {
      var process = Path.of("/proc", Long.toString(pid));
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
          && Files.readString(process.resolve("comm")).startsWith("postgres");
    } catch (IOException e) {
      return false;
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

  static Optional<Path> executable(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
