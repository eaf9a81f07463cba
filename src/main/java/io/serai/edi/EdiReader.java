package io.serai.edi;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file of either standard. */
public final class EdiReader {
  private static final int LOOK = 4096;

  private EdiReader() {}

  /**
   * Reads a file to its end, as the standard that its first characters show; what is neither is
   * read as X12, which says so.
   *
   * @return what became of it; nothing that is wrong with it is an exception
   * @throws IOException when the stream itself cannot be read
   */
  public static FileReport read(InputStream in, ReadOptions options, EdiListener listener)
      throws IOException {
    var buffered = new BufferedInputStream(in);
    buffered.mark(LOOK);
    var head = buffered.readNBytes(LOOK);
    buffered.reset();
    return read(standard(head), buffered, options, listener);
  }

  /** Reads a file as this standard, which was agreed with whoever it is from. */
  public static FileReport read(
      Standard standard, InputStream in, ReadOptions options, EdiListener listener)
      throws IOException {
    return standard == Standard.X12
        ? X12Reader.read(in, options, listener)
        : EdifactReader.read(in, options, listener);
  }

  /** The standard that the first bytes of a file show, past a byte order mark and white space. */
  static Standard standard(byte[] head) {
    int at = head.length > 2 && (head[0] & 0xff) == 0xEF ? 3 : 0;
    while (at < head.length && head[at] >= 0 && head[at] <= ' ') {
      at++;
    }
    boolean edifact =
        at + 2 < head.length
            && head[at] == 'U'
            && head[at + 1] == 'N'
            && "ABGH".indexOf(head[at + 2]) >= 0;
    return edifact ? Standard.EDIFACT : Standard.X12;
  }
}
