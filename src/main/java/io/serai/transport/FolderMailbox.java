package io.serai.transport;

import io.serai.failure.FailureKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Folders of this machine, or of a disk that all replicas see. */
public final class FolderMailbox implements Mailbox {
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
    try {
      Files.write(Path.of(path), content);
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
    } catch (IOException e) {
      throw named(from, e);
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
      Files.createDirectories(Path.of(folder));
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
