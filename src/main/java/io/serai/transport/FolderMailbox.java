package io.serai.transport;

import io.serai.failure.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders of this machine, or of a disk that all replicas see.
 *
 * <p>Guarantee: a file that was written, and a name that was given, outlive a power cut, where the
 * disk forces what it is told to.
 */
public final class FolderMailbox implements Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(FolderMailbox.class);

  private final Consumer<Path> keep;

  /** Forces the names that it gives to disk, where the disk can be told so. */
  public FolderMailbox() {
    this(FolderMailbox::force);
  }

  /**
   * Over the folders of this machine.
   *
   * @param keep has the names in a folder outlive a power cut
   */
  FolderMailbox(Consumer<Path> keep) {
    this.keep = keep;
  }

  @Override
  public List<Entry> list(String folder, int most) throws IOException {
    var entries = new ArrayList<Entry>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder))) {
      for (var file : files) {
        if (entries.size() == most) {
          break;
        }
        look(file).ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw named(folder, e);
    }
    return entries;
  }

  @Override
  public Optional<Entry> look(String path) throws IOException {
    return look(Path.of(path));
  }

  private static Optional<Entry> look(Path path) throws IOException {
    try {
      var seen = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(
          new Entry(
              path.getFileName().toString(),
              seen.size(),
              seen.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.MILLIS),
              seen.isRegularFile()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw named(path.toString(), e);
    }
  }

  @Override
  public byte[] read(String path, int most) throws IOException {
    try (var in = Files.newInputStream(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public void write(String path, byte[] content) throws IOException {
    try (var file =
        FileChannel.open(
            Path.of(path),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        file.write(left);
      }
      file.force(true);
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public void move(String from, String to) throws IOException {
    try {
      if (look(to).isPresent()) {
        throw new FileAlreadyExistsException(to);
      }
      Files.move(Path.of(from), Path.of(to), StandardCopyOption.ATOMIC_MOVE);
      var now = folder(Path.of(to));
      var before = folder(Path.of(from));
      keep.accept(now);
      if (!now.equals(before)) {
        keep.accept(before);
      }
    } catch (IOException e) {
      throw named(from, e);
    }
  }

  private static Path folder(Path path) {
    return path.getParent() == null ? Path.of("") : path.getParent();
  }

  // Where the disk cannot be told so, the file itself is there all the same.
  static void force(Path folder) {
    try (var names = FileChannel.open(folder)) {
      names.force(true);
    } catch (IOException e) {
      LOG.debug("The names in folder '{}' could not be forced to disk: {}", folder, e.getMessage());
    }
  }

  @Override
  public void delete(String path) throws IOException {
    try {
      Files.deleteIfExists(Path.of(path));
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    try {
      if (look(folder).isEmpty()) {
        Files.createDirectories(Path.of(folder));
        keep.accept(folder(Path.of(folder)));
      }
    } catch (IOException e) {
      throw named(folder, e);
    }
  }

  @Override
  public void close() {
    // nothing is held
  }

  private static MailboxException named(String path, IOException e) {
    return switch (e) {
      case MailboxException known -> known;
      case AccessDeniedException denied ->
          new MailboxException(
              FailureKind.AUTH, "'%s' may not be used. Grant it to the hub.".formatted(path), e);
      case NoSuchFileException none ->
          new MailboxException(
              FailureKind.TRANSIENT, "'%s' is not there. Make it.".formatted(path), e);
      case NotDirectoryException none ->
          new MailboxException(
              FailureKind.TRANSIENT, "'%s' is no folder. Name another.".formatted(path), e);
      case FileAlreadyExistsException there ->
          new MailboxException(
              FailureKind.REFUSED, "'%s' is in the way of a file.".formatted(e.getMessage()), e);
      default ->
          new MailboxException(
              FailureKind.TRANSIENT, "'%s' failed (%s).".formatted(path, e.getMessage()), e);
    };
  }
}
