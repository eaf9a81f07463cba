package io.serai.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs this jar brings, unpacked once per version. A folder that is there is
 * complete: it is filled beside and then renamed, so a kill in the middle leaves only a folder that
 * nobody looks at and the next unpacking removes.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}
 */
record ServerBinaries(Path folder) {
  private static final Pattern VERSION = Pattern.compile("-(\\d+)\\.(\\d+)(\\.\\d+)?\\.jar");
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("rw-r--r--");

  /** Unpacks into {@code parent/server-<version>} unless that is already there. */
  static ServerBinaries unpack(Path parent) {
    var archive = archive();
    var matcher = VERSION.matcher(archive.toString());
    var version = matcher.find() ? matcher.group(1) + "." + matcher.group(2) : "bundled";
    var target = parent.resolve("server-" + version);
    try {
      if (!Files.isDirectory(target)) {
        Files.createDirectories(parent);
        removeLeftovers(parent);
        var fresh = parent.resolve(".unpacking-" + UUID.randomUUID());
        extract(archive, fresh);
        moveInto(target, fresh);
      }
      return new ServerBinaries(target.toRealPath());
    } catch (IOException e) {
      throw new DatabaseRefused(
          "The bundled PostgreSQL cannot be unpacked into '%s' (%s). Make room and let this user write there, or use your own server with SERAI_DB_URL."
              .formatted(target, e.getMessage()),
          e);
    }
  }

  /** The absolute path of one of the programs. */
  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  private static URL archive() {
    var architecture = System.getProperty("os.arch");
    var name =
        switch (architecture) {
          case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
          case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
          default -> "postgres-linux-" + architecture + ".txz";
        };
    var url = ServerBinaries.class.getClassLoader().getResource(name);
    if (url == null || !System.getProperty("os.name").startsWith("Linux")) {
      throw new DatabaseRefused(
          "This jar brings no PostgreSQL for '%s %s'. Set SERAI_DB_URL, SERAI_DB_USER and SERAI_DB_PASSWORD to use a server of your own."
              .formatted(System.getProperty("os.name"), architecture));
    }
    return url;
  }

  private static void extract(URL archive, Path into) throws IOException {
    createFolder(into);
    try (var raw = new BufferedInputStream(archive.openStream(), 1 << 16);
        var tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var path = into.resolve(entry.getName()).normalize();
        if (!path.startsWith(into)) {
          throw new IOException("entry '" + entry.getName() + "' points outside the archive");
        }
        if (!needed(entry.getName())) {
          continue;
        }
        if (entry.isDirectory()) {
          createFolder(path);
        } else if (entry.isSymbolicLink()) {
          createFolder(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          createFolder(path.getParent());
          Files.copy(tar, path);
          Files.setPosixFilePermissions(path, (entry.getMode() & 0111) != 0 ? PROGRAM : PLAIN);
        }
      }
    }
  }

  /** Everything but what only compilers of extensions need. */
  private static boolean needed(String name) {
    return !name.endsWith(".a") && !name.contains("/pkgconfig/") && !name.contains("/pgxs/");
  }

  private static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PROGRAM);
    }
  }

  private static void moveInto(Path target, Path fresh) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      delete(fresh); // another process was faster, with the same content
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
      delete(fresh);
    }
  }

  private static void removeLeftovers(Path parent) throws IOException {
    try (var entries = Files.newDirectoryStream(parent, ".unpacking-*")) {
      for (var leftover : entries) {
        var age = System.currentTimeMillis() - Files.getLastModifiedTime(leftover).toMillis();
        if (age > 600_000) {
          delete(leftover);
        }
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
