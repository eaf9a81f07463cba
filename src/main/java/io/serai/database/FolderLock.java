package io.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * An exclusive lock on a folder, held by one process. The kernel drops it when the process dies, so
 * a crash leaves nothing to clean up. It is advisory: it keeps out a second Serai, not other
 * programs, and not a second machine on a network file system without locks.
 */
final class FolderLock implements AutoCloseable {
  // Closing any channel on a file drops the whole process's lock on it, so the file must not even
  // be opened a second time in this JVM.
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock or refuses in one sentence naming the folder and who holds it. */
  static FolderLock take(Path folder, String name) {
    try {
      var file = folder.toRealPath().resolve(name);
      synchronized (HELD) {
        if (HELD.contains(file)) {
          throw inUse(folder, ProcessHandle.current().pid() + "");
        }
        var channel =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
          var holder = Files.readString(file).strip();
          channel.close();
          throw inUse(folder, holder);
        }
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
        HELD.add(file);
        return new FolderLock(file, channel);
      }
    } catch (IOException e) {
      throw new DatabaseRefused(
          "Data folder '%s' cannot be locked (%s). Make it writable for this user or set SERAI_DATA_DIR to another folder."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static DatabaseRefused inUse(Path folder, String holder) {
    return new DatabaseRefused(
        "Data folder '%s' is in use by another Serai (process '%s'). Stop that one or set SERAI_DATA_DIR to a folder of its own."
            .formatted(folder, holder));
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(file);
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
