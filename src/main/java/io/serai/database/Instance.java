package io.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * This hub's name among its replicas, kept in its data folder and held under an exclusive lock. The
 * same folder gives the same id after a restart and no two living processes share one, so whatever
 * the former process of this id still holds may be released at once. A folder copied to a second
 * machine copies the id too: give each replica a folder of its own.
 */
public final class Instance implements AutoCloseable {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final String id;
  private final Path folder;
  private final FolderLock lock;

  private Instance(String id, Path folder, FolderLock lock) {
    this.id = id;
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes the folder for this process, creating it when it is new.
   *
   * @throws DatabaseRefused when another living process has it
   */
  public static Instance claim(Path dataDir) {
    var folder = createFolder(dataDir);
    var lock = FolderLock.take(folder, "instance.lock");
    try {
      return new Instance(readOrCreateId(folder.resolve("instance.id")), folder, lock);
    } catch (IOException e) {
      lock.close();
      throw new DatabaseRefused(
          "The instance id in data folder '%s' cannot be read or written (%s). Make the folder writable for this user."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** The stable id, such as {@code hub-7f3k2q9d}. */
  public String id() {
    return id;
  }

  /** The data folder, held until {@link #close()}. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    lock.close();
  }

  @Override
  public String toString() {
    return id;
  }

  static Path createFolder(Path dataDir) {
    try {
      var folder = dataDir.toAbsolutePath().normalize();
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        // Others may pass through (the server may run as another user) but not look around.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      }
      return folder.toRealPath();
    } catch (IOException e) {
      throw new DatabaseRefused(
          "Data folder '%s' cannot be created (%s). Create it for this user or set SERAI_DATA_DIR to another folder."
              .formatted(dataDir, e.getMessage()),
          e);
    }
  }

  private static String readOrCreateId(Path file) throws IOException {
    if (Files.exists(file)) {
      var text = Files.readString(file).strip();
      if (text.matches("hub-[0-9a-z]{8}")) {
        return text;
      }
    }
    var random = new SecureRandom();
    var id = new StringBuilder("hub-");
    for (int i = 0; i < 8; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    var fresh = file.resolveSibling("instance.id.new");
    Files.writeString(fresh, id + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return id.toString();
  }
}
