package io.serai.transport;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Folders that a partner and the hub both see: on an SFTP server or on this machine. For one thread
 * at a time.
 *
 * <p>Paths have slashes between their parts. What goes wrong is a {@link MailboxException} that
 * says what it is; one of unknown outcome says that too.
 */
public interface Mailbox extends AutoCloseable {
  /**
   * What lies in a folder.
   *
   * @param name as the other side wrote it, which is never part of a path of this machine
   * @param size in bytes
   * @param modifiedAt by the other side's clock, to the second
   * @param regular whether it is a file and neither a folder nor a link
   */
  record Entry(String name, long size, Instant modifiedAt, boolean regular) {
    /** Whether both are of one size and time. */
    boolean sameAs(Entry other) {
      return size == other.size && modifiedAt.equals(other.modifiedAt);
    }
  }

  /**
   * What lies in a folder, in no order.
   *
   * @param most entries to read; what lies beyond is there the next time, when these are gone
   */
  List<Entry> list(String folder, int most) throws IOException;

  /** What lies at a path, links not followed; empty when nothing does. */
  Optional<Entry> look(String path) throws IOException;

  /**
   * A file's bytes, of which no more are read than these.
   *
   * @param size how many it is said to have: as many need no second array
   */
  byte[] read(String path, long size, int most) throws IOException;

  /** A stream's bytes, as {@link #read} reads a file's. */
  static byte[] read(InputStream in, long size, int most) throws IOException {
    var bytes = new byte[(int) Math.min(size, most)];
    var read = in.readNBytes(bytes, 0, bytes.length);
    if (read < bytes.length) {
      return Arrays.copyOf(bytes, read);
    }
    // one that goes on is not as it was said to be
    var more = read < most ? in.readNBytes(1) : new byte[0];
    if (more.length > 0) {
      bytes = Arrays.copyOf(bytes, read + 1);
      bytes[read] = more[0];
    }
    return bytes;
  }

  /** Writes a file anew and closes it. */
  void write(String path, byte[] content) throws IOException;

  /** Moves a file within the store, where nothing is in its way. */
  void move(String from, String to) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(String path) throws IOException;

  /** Makes a folder, if it is not there; its parent is. */
  void makeFolder(String folder) throws IOException;

  @Override
  void close();

  /** The path of a name below a folder. */
  static String path(String folder, String name) {
    return folder.isEmpty() || folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
