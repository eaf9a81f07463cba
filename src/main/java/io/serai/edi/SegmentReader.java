package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a stream of bytes apart into ISA headers and segments, cleaning what real files bring: a
 * byte order mark, white space, lines wrapped inside a segment, a last terminator that is missing,
 * and what stands behind the last IEA.
 *
 * <p>Guarantee: holds no more than one segment, whatever the stream holds; a segment beyond the
 * limit ends the reading with a fault that names it.
 */
final class SegmentReader extends FileBytes {
  private static final int[] FIXED = {
    3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103
  };
  private static final int ISA_LENGTH = 106;
  private static final int ISA_LOOK = 512;

  private boolean started;

  SegmentReader(InputStream in, ReadOptions options, List<EdiFault> cleaned) {
    super(in, options, cleaned);
  }

  /**
   * An ISA segment as it stands there.
   *
   * @param elements all sixteen, untrimmed
   * @param fixedWidth whether each has the width it must have
   */
  record Header(Segment isa, Delimiters delimiters, boolean fixedWidth) {}

  /**
   * The next ISA; what stands before the first is refused, what stands before a later one is
   * dropped and noted.
   *
   * @return null at the end of the stream
   */
  Header header() throws IOException, Unreadable {
    if (!started) {
      begin();
    }
    noteWrapped();
    blanks(null);
    look(ISA_LOOK);
    if (end == at) {
      if (!started) {
        started = true;
        throw refused("The file is empty.", "An X12 file begins with an ISA segment.", "");
      }
      return null;
    }
    if (!isa()) {
      if (!started) {
        started = true;
        throw noIsa();
      }
      if (!skipToIsa()) {
        return null;
      }
    }
    started = true;
    return parse();
  }

  private void begin() throws IOException, Unreadable {
    look(4);
    if (starts(0xEF, 0xBB, 0xBF)) {
      at += 3;
      cleaned.add(
          EdiFault.note(
              Level.FILE,
              here(),
              "",
              "The file begins with a byte order mark, which was dropped.",
              ""));
    } else if (starts(0xFF, 0xFE) || starts(0xFE, 0xFF)) {
      started = true;
      throw refused("The file is written in UTF-16.", "X12 is read as ISO 8859-1 or UTF-8.", "");
    }
    if (end > at && (buffer[at] & 0xff) <= ' ') {
      cleaned.add(
          EdiFault.note(
              Level.FILE, here(), "", "The file begins with white space, which was dropped.", ""));
    }
  }

  private Unreadable noIsa() {
    var start =
        new String(buffer, at, Math.min(24, end - at), StandardCharsets.ISO_8859_1)
            .replaceAll("[^ -~].*", "");
    if (start.startsWith("UNA") || start.startsWith("UNB")) {
      return refused(
          "The file is EDIFACT: it begins with '" + start.substring(0, 3) + "'.",
          "X12 was agreed with this partner, and it begins with an ISA segment.",
          start);
    }
    if (start.regionMatches(true, 0, "ISA", 0, 3)) {
      return refused(
          "The file begins with '" + start.substring(0, 3) + "' in lower case.",
          "An X12 file begins with 'ISA' in capitals.",
          start);
    }
    if (start.startsWith("GS") || start.startsWith("ST")) {
      return refused(
          "The file begins with " + start.substring(0, 2) + ": its envelope is missing.",
          "An X12 file begins with an ISA segment, which names sender, receiver and delimiters.",
          start);
    }
    return refused(
        start.isEmpty()
            ? "The file does not begin with 'ISA' but with unreadable bytes."
            : "The file does not begin with 'ISA' but with '" + start.strip() + "'.",
        "An X12 file begins with an ISA segment.",
        start);
  }

  private boolean skipToIsa() throws IOException {
    var from = here();
    long skipped = 0;
    var begins = true; // a segment, as far as its terminator says so
    var sets = 0;
    while (true) {
      if (end - at < 4) {
        look(4);
        if (end - at < 4) {
          skipped += end - at;
          at = end;
          break;
        }
      }
      if (isa()) {
        look(ISA_LOOK);
        if (separators(buffer[at + 3]) >= 16) {
          break;
        }
      }
      sets += begins && starts('S', 'T', delimiters.element()) ? 1 : 0;
      var last = buffer[at] & 0xff;
      begins = last == delimiters.segment() || begins && last <= ' ';
      step();
      skipped++;
    }
    if (sets > 0) {
      cleaned.add(strays(sets, from));
      return end > at;
    }
    cleaned.add(
        EdiFault.note(
            Level.FILE,
            from,
            "",
            skipped
                + (skipped == 1 ? " byte" : " bytes")
                + " after the end of the interchange belong to nothing and were dropped.",
            ""));
    return end > at;
  }

  // Documents, and no garbage: somebody waits for them.
  private static EdiFault strays(int sets, Place from) {
    return new EdiFault(
        Level.FILE,
        Weight.GRAVE,
        "",
        from,
        "",
        "Behind the end of the interchange "
            + (sets == 1 ? "stands 1 set" : "stand " + sets + " sets")
            + " without an ISA segment, so nobody vouches for "
            + (sets == 1 ? "it." : "them."),
        "Each interchange begins with an ISA segment; perhaps an IEA stands too early.",
        "");
  }

  private int separators(byte separator) {
    int count = 0;
    for (int i = at; i < Math.min(end, at + ISA_LOOK); i++) {
      if (buffer[i] == separator) {
        count++;
      }
    }
    return count;
  }

  private boolean isa() {
    return end - at > 3
        && buffer[at] == 'I'
        && buffer[at + 1] == 'S'
        && buffer[at + 2] == 'A'
        && !Character.isLetterOrDigit(buffer[at + 3] & 0xff);
  }

  private Header parse() throws Unreadable {
    byte separator = buffer[at + 3];
    if (separator == ' ' || separator == '\r' || separator == '\n') {
      throw refused(
          "The element separator cannot be found: 'ISA' is followed by "
              + Delimiters.shown(separator)
              + ".",
          "The fourth character of the file parts all elements, usually '*'.",
          "");
    }
    boolean fixed = end - at >= ISA_LENGTH;
    for (int place : FIXED) {
      fixed = fixed && buffer[at + place] == separator;
    }
    fixed = fixed && separators(at, at + ISA_LENGTH, separator) == FIXED.length;
    int last = fixed ? at + FIXED[15] : sixteenth(separator);
    if (last < 0) {
      throw refused(
          "The ISA segment is not complete: it has "
              + Math.max(0, separators(separator))
              + " of its 16 elements within "
              + Math.min(ISA_LOOK, end - at)
              + " bytes.",
          "An ISA segment has 16 elements and is 106 characters long.",
          "");
    }
    char component = (char) (buffer[last + 1] & 0xff);
    char terminator = last + 2 < end ? (char) (buffer[last + 2] & 0xff) : '\n';
    if (terminator >= 0x80 || Character.isLetterOrDigit(terminator) || terminator == ' ') {
      throw refused(
          "The segment terminator cannot be read: ISA16 is followed by "
              + Delimiters.shown(terminator)
              + ".",
          "The character after ISA16 ends every segment; it is one plain character, usually '~'.",
          "");
    }
    var text = new String(buffer, at + 4, last + 2 - at - 4, StandardCharsets.ISO_8859_1);
    var elements =
        Arrays.stream(text.split(Pattern.quote("" + (char) (separator & 0xff)), -1))
            .map(value -> value.replaceAll("[\r\n]+", ""))
            .toList();
    var isa = new Segment("ISA", elements, 0, line, base + at);
    char repetition = 0;
    var eleven = isa.element(11);
    if (isa.element(12).compareTo("00402") >= 0
        && eleven.length() == 1
        && !Character.isLetterOrDigit(eleven.charAt(0))
        && eleven.charAt(0) != ' ') {
      repetition = eleven.charAt(0);
    }
    delimiters = new Delimiters((char) (separator & 0xff), component, repetition, terminator);
    if (delimiters.twice() != 0) {
      throw refused(
          "Two delimiters are the same character, "
              + Delimiters.shown(delimiters.twice())
              + ", so the file cannot be taken apart.",
          "Element separator, component separator, repetition separator and terminator all differ.",
          "");
    }
    while (at < Math.min(end, last + 3)) {
      step();
    }
    return new Header(isa, delimiters, fixed);
  }

  private int separators(int from, int to, byte separator) {
    int count = 0;
    for (int i = from; i < to; i++) {
      if (buffer[i] == separator) {
        count++;
      }
    }
    return count;
  }

  private int sixteenth(byte separator) {
    int count = 0;
    for (int i = at; i < Math.min(end, at + ISA_LOOK); i++) {
      if (buffer[i] == separator && ++count == 16) {
        return i + 1 < end ? i : -1;
      }
    }
    return -1;
  }

  /**
   * The next segment of the interchange.
   *
   * @return null when the stream ends or another ISA begins
   */
  Segment next() throws IOException, Unreadable {
    char terminator = delimiters.segment();
    while (true) {
      blanks(delimiters);
      look(4);
      if (end == at || isa()) {
        noteWrapped();
        return null;
      }
      if (buffer[at] == (byte) terminator) {
        step();
        continue;
      }
      break;
    }
    long firstLine = line;
    int i = at;
    while (true) {
      while (i < end && buffer[i] != (byte) terminator) {
        i++;
      }
      if (i - at > options.maxSegment()) {
        throw tooLong();
      }
      if (i < end) {
        break;
      }
      int length = i - at;
      boolean more = fill();
      i = at + length;
      if (!more) {
        break;
      }
    }
    var segment = split(i, firstLine);
    boolean terminated = i < end;
    while (at < i) {
      step();
    }
    if (terminated) {
      step();
    } else {
      cleaned.add(
          EdiFault.note(
              Level.FILE,
              Place.of(segment),
              "",
              "The last segment has no terminator "
                  + Delimiters.shown(terminator)
                  + ", which was supplied.",
              ""));
    }
    return segment;
  }

  private Unreadable tooLong() {
    var start = new String(buffer, at, Math.min(20, end - at), StandardCharsets.ISO_8859_1);
    return refused(
        "The segment that begins with '"
            + start.replaceAll("[^ -~].*", "")
            + "' is longer than "
            + options.maxSegment()
            + " bytes.",
        "Every segment ends with "
            + Delimiters.shown(delimiters.segment())
            + ", as the ISA segment says.",
        "");
  }

  private Segment split(int to, long firstLine) {
    var text = new String(buffer, at, to - at, options.charset());
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      text = unwrap(text, firstLine);
    }
    char separator = delimiters.element();
    int cut = text.indexOf(separator);
    if (cut < 0) {
      return new Segment(text, List.of(), 0, firstLine, base + at);
    }
    var elements = new ArrayList<String>(16);
    int from = cut + 1;
    while (true) {
      int next = text.indexOf(separator, from);
      if (next < 0) {
        elements.add(text.substring(from));
        break;
      }
      elements.add(text.substring(from, next));
      from = next + 1;
    }
    return new Segment(text.substring(0, cut), elements, 0, firstLine, base + at);
  }

  private Unreadable refused(String what, String expected, String value) {
    return new Unreadable(
        new EdiFault(
            started && delimiters != null ? Level.INTERCHANGE : Level.FILE,
            Weight.GRAVE,
            started && delimiters != null ? "022" : "",
            here(),
            value,
            what,
            expected,
            ""));
  }
}
