package io.serai.edi;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads a file of either standard. */
public final class EdiReader {
  private static final int LOOK = 4096;

  private EdiReader() {}

  /**
   * Reads a file to its end, as the standard that its first characters show; of what is neither
   * nothing is read, and the report says what it looks like.
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
    var neither = neither(head);
    return neither == null
        ? read(standard(head), buffered, options, listener)
        : new FileReport(List.of(), List.of(neither));
  }

  // What the first bytes are, when they are of neither standard; null when they may be of one.
  private static EdiFault neither(byte[] head) {
    var at = start(head);
    var length = Math.min(24, head.length - at);
    var start =
        new String(head, at, length, StandardCharsets.ISO_8859_1)
            .replaceAll("(?s)[^ -~].*", "")
            .strip();
    if (start.matches("(ISA|GS|ST|UN[ABGH]).*")) {
      return null;
    }
    var what =
        length == 0
            ? "The file is empty."
            : utf16(head)
                ? "The file is written in UTF-16."
                : start.startsWith("%PDF")
                    ? "The file is a PDF document."
                    : start.startsWith("PK")
                        ? "The file is packed, as a ZIP archive or a spreadsheet is."
                        : start.matches("(?i)(ISA|UN[ABGH]).*")
                            ? "The file begins with '%s' in lower case."
                                .formatted(start.substring(0, 3))
                            : start.isEmpty()
                                ? "The file begins with unreadable bytes and is neither X12 nor EDIFACT."
                                : "The file begins with '%s' and is neither X12 nor EDIFACT."
                                    .formatted(start);
    return new EdiFault(
        EdiFault.Level.FILE,
        EdiFault.Weight.GRAVE,
        "",
        new EdiFault.Place("", 0, "", 0, 0, "", 1, at),
        start,
        what,
        utf16(head)
            ? "Save it as ISO 8859-1 or UTF-8, and check again."
            : "An X12 file begins with ISA, an EDIFACT file with UNA or UNB, in capitals.",
        "");
  }

  private static boolean utf16(byte[] head) {
    return head.length > 1
        && ((head[0] & 0xff) == 0xFF && (head[1] & 0xff) == 0xFE
            || (head[0] & 0xff) == 0xFE && (head[1] & 0xff) == 0xFF
            || head[0] == 0
            || head[1] == 0);
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
    int at = start(head);
    boolean edifact =
        at + 2 < head.length
            && head[at] == 'U'
            && head[at + 1] == 'N'
            && "ABGH".indexOf(head[at + 2]) >= 0;
    return edifact ? Standard.EDIFACT : Standard.X12;
  }

  private static int start(byte[] head) {
    int at = head.length > 2 && (head[0] & 0xff) == 0xEF ? 3 : 0;
    while (at < head.length && head[at] >= 0 && head[at] <= ' ') {
      at++;
    }
    return at;
  }
}
