package io.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system user that the server runs as. An ordinary user runs it as itself. Root,
 * which PostgreSQL refuses, steps down to the owner of the data, else to a number that no person
 * has: through {@code setpriv}, else as {@code nobody} through {@code runuser}, else inside a user
 * namespace where root's own files stay readable but nothing else of root is left.
 *
 * @param uid who owns the server's files
 * @param prefix the words that stand before every program of the server
 */
record ServerUser(int uid, List<String> prefix) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerUser.class);

  /** In none of the ranges that distributions and systemd hand out. */
  static final int UNUSED_UID = 61_000;

  /** Finds the user for a server whose data is, or will be, at {@code data}. */
  static ServerUser choose(ServerBinaries binaries, Path data) {
    int me = current();
    if (me != 0) {
      if (Files.exists(data) && owner(data) != me) {
        throw new DatabaseRefused(
            "The database in '%s' belongs to user %d, but Serai runs as user %d. Run it as that user or as root, or change the owner of the folder."
                .formatted(data, owner(data), me));
      }
      return new ServerUser(me, List.of());
    }
    var tried = new ArrayList<String>();
    for (var candidate : candidates(data)) {
      if (!candidate.reaches(data.getParent())) {
        tried.add(candidate.prefix.getFirst() + ": a parent folder shuts other users out");
        continue;
      }
      var trial =
          Command.run(
              candidate.command(List.of(binaries.program("postgres"), "-V")),
              binaries.folder(),
              Map.of(),
              Duration.ofSeconds(20));
      if (trial.succeeded()) {
        LOG.debug("the server runs as user {} through {}", candidate.uid, candidate.prefix);
        return candidate;
      }
      tried.add(candidate.prefix.getFirst() + ": " + trial.output());
    }
    throw new DatabaseRefused(
        "PostgreSQL refuses to run as root and Serai could not step down to another user (%s). Start Serai as an ordinary user, or use your own server with SERAI_DB_URL."
            .formatted(String.join("; ", tried)));
  }

  private static List<ServerUser> candidates(Path data) {
    var candidates = new ArrayList<ServerUser>();
    int uid = Files.exists(data) && owner(data) != 0 ? owner(data) : UNUSED_UID;
    candidates.add(
        new ServerUser(
            uid,
            List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--no-new-privs",
                "--")));
    int nobody = uidOf("nobody");
    if (nobody > 0) {
      candidates.add(new ServerUser(nobody, List.of("runuser", "-u", "nobody", "--")));
    }
    candidates.add(new ServerUser(0, List.of("unshare", "--user", "--")));
    return candidates;
  }

  List<String> command(List<String> words) {
    var all = new ArrayList<>(prefix);
    all.addAll(words);
    return all;
  }

  /** Whether {@code getpwuid} finds the user as the server's programs will see it. */
  boolean hasName() {
    if (prefix.contains("unshare")) {
      return uidOf("nobody") > 0;
    }
    try {
      return Files.readAllLines(Path.of("/etc/passwd")).stream()
          .map(line -> line.split(":", -1))
          .anyMatch(fields -> fields.length > 2 && fields[2].equals(Integer.toString(uid)));
    } catch (IOException e) {
      return false;
    }
  }

  /** Gives a file or a whole folder to the user. */
  void own(Path path) {
    if (current() != 0) {
      return;
    }
    try (var paths = Files.walk(path)) {
      for (var each : (Iterable<Path>) paths::iterator) {
        if (owner(each) != uid) {
          Files.setAttribute(each, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(each, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        }
      }
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The files in '%s' cannot be given to user %d (%s). Check the owner of the folder."
              .formatted(path, uid, e.getMessage()),
          e);
    }
  }

  private boolean reaches(Path folder) {
    if (uid == 0) {
      return true;
    }
    try {
      for (var path = folder.toRealPath(); path != null; path = path.getParent()) {
        if (owner(path) != uid
            && !Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Who this process runs as. */
  static int current() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new DatabaseRefused(
          "Serai cannot tell which user it runs as (%s). Mount /proc, or use your own server with SERAI_DB_URL."
              .formatted(e.getMessage()),
          e);
    }
  }

  static int owner(Path path) {
    try {
      return (Integer)
          Objects.requireNonNull(
              Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS), "unix:uid");
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The owner of '%s' cannot be read (%s). Check that this user may look into its folder."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static int uidOf(String name) {
    try {
      return Files.readAllLines(Path.of("/etc/passwd")).stream()
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 2 && fields[0].equals(name))
          .mapToInt(fields -> Integer.parseInt(fields[2]))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }
}
