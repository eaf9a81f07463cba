package io.serai.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The folder a demo or a bench lives in: one named and kept, or a scratch one deleted at the end.
 *
 * <p>One process at a time holds it. A process that was killed holds it no longer, whatever it left
 * behind.
 */
final class Folder implements AutoCloseable {
  private final Path path;
  private final boolean kept;
  private final FileChannel lock;

  private Folder(Path path, boolean kept, FileChannel lock) {
    this.path = path;
    this.kept = kept;
    this.lock = lock;
  }

  /**
   * Takes a folder.
   *
   * @param named the folder to keep, or null for a scratch one
   * @throws DemoRefused when another process holds it or it cannot be written
   */
  static Folder take(Path named) {
    try {
      var path =
          named == null
              ? Files.createTempDirectory("serai-demo-")
              : Files.createDirectories(named.toAbsolutePath().normalize());
      var file = path.resolve("demo.lock");
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!held(channel)) {
        var owner = Files.readString(file, StandardCharsets.UTF_8).strip();
        channel.close();
        throw new DemoRefused(
            "Folder '%s' is in use by process %s. Stop that one or name another folder with --data."
                .formatted(path, owner.isEmpty() ? "(unknown)" : owner));
      }
      channel.truncate(0);
      channel.write(
          java.nio.ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return new Folder(path, named != null, channel);
    } catch (IOException e) {
      throw new DemoRefused(
          "Folder '%s' cannot be used: %s. Name one that can be written with --data."
              .formatted(named == null ? System.getProperty("java.io.tmpdir") : named, e));
    }
  }

  private static boolean held(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /** Whether it stays when the demo ends. */
  boolean kept() {
    return kept;
  }

  @Override
  public void close() {
    try {
      lock.close();
      if (!kept) {
        delete();
      }
    } catch (IOException e) {
      System.err.printf("Folder '%s' could not be deleted: %s. Delete it by hand.%n", path, e);
    }
  }

  private void delete() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException fault)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
