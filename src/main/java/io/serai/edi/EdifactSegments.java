package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a stream of bytes apart into the segments of EDIFACT, cleaning what {@link SegmentReader}
 * cleans of X12; what an UNA declares and the syntax identifier says of characters holds until the
 * next interchange.
 *
 * <p>Guarantee: as there, holds no more than one segment, and one beyond the limit ends the reading
 * with a fault that names it.
 */
final class EdifactSegments extends FileBytes {
  private static final int LOOK = 512;
  private static final int UNA = 9;

  private Charset charset = StandardCharsets.ISO_8859_1;
  private boolean started;

  EdifactSegments(InputStream in, ReadOptions options, List<EdiFault> cleaned) {
    super(in, options, cleaned);
  }

  /**
   * The beginning of an interchange.
   *
   * @param unb its first segment
   * @param offset where it begins, its UNA included
   */
  record Header(Segment unb, Delimiters delimiters, long line, long offset) {}

  /**
   * The next interchange; what stands before the first is refused, what stands before a later one
   * is dropped and noted.
   *
   * @return null at the end of the stream
   */
  Header header() throws IOException, Unreadable {
    if (!started) {
      begin();
    }
    noteWrapped();
    blanks(null);
    look(LOOK);
    if (end == at && started) {
      return null;
    }
    if (!begins()) {
      if (!started) {
        started = true;
        throw unfit();
      }
      if (!skip()) {
        return null;
      }
    }
    started = true;
    long firstLine = line;
    long offset = base + at;
    delimiters = starts('U', 'N', 'A') ? declared() : Delimiters.EDIFACT;
    blanks(null);
    look(LOOK);
    if (!starts('U', 'N', 'B', delimiters.element())) {
      throw refused(
          "The interchange does not begin with an UNB segment.",
          "UNB follows the UNA at once, and '"
              + delimiters.element()
              + "' follows UNB, as the UNA or the standard says.");
    }
    charset = StandardCharsets.ISO_8859_1;
    if (delimiters == Delimiters.EDIFACT) {
      linesEnd();
    }
    var unb = segment();
    delimiters = repeating(unb.component(1, 2, delimiters).compareTo("4") >= 0);
    charset =
        StandardCharsets.UTF_8.equals(options.charset())
            ? StandardCharsets.UTF_8
            : Syntax.charset(unb.component(1, 1, delimiters)).orElse(StandardCharsets.ISO_8859_1);
    return new Header(unb, delimiters, firstLine, offset);
  }

  // From syntax version 4 on there are repetitions, parted by '*' where no UNA says otherwise.
  private Delimiters repeating(boolean repeats) {
    char repetition = delimiters.repetition();
    char asterisk = delimiters.holds('*') ? 0 : '*';
    return with(repeats ? repetition == 0 ? asterisk : repetition : 0, delimiters.segment());
  }

  private Delimiters with(int repetition, char segment) {
    return new Delimiters(
        Standard.EDIFACT,
        delimiters.element(),
        delimiters.component(),
        (char) repetition,
        segment,
        delimiters.release(),
        delimiters.decimal());
  }

  private void begin() throws IOException, Unreadable {
    look(4);
    if (starts(0xEF, 0xBB, 0xBF)) {
      at += 3;
      note("The file begins with a byte order mark, which was dropped.");
    } else if (starts(0xFF, 0xFE) || starts(0xFE, 0xFF)) {
      started = true;
      throw refused("The file is written in UTF-16.", "EDIFACT is read as its UNB says.");
    }
    if (end > at && (buffer[at] & 0xff) <= ' ') {
      note("The file begins with white space, which was dropped.");
    }
  }

  private void note(String what) {
    cleaned.add(EdiFault.note(Level.FILE, here(), "", what, ""));
  }

  /** Whether an UNA or UNB stands here. */
  private boolean begins() {
    return starts('U', 'N', 'A') && end - at >= UNA
        || starts('U', 'N', 'B')
            && end - at > 3
            && !Character.isLetterOrDigit(buffer[at + 3] & 0xff);
  }

  private Unreadable unfit() {
    if (end == at) {
      return refused("The file is empty.", "An EDIFACT file begins with UNA or UNB.");
    }
    var start =
        new String(buffer, at, Math.min(24, end - at), StandardCharsets.ISO_8859_1)
            .replaceAll("[^ -~].*", "")
            .strip();
    if (start.startsWith("ISA")) {
      return refused(
          "The file is X12: it begins with 'ISA'.",
          "EDIFACT was agreed with this partner, and it begins with UNA or UNB.");
    }
    if (start.startsWith("UNH") || start.startsWith("UNG")) {
      return refused(
          "The file begins with " + start.substring(0, 3) + ": its envelope is missing.",
          "An EDIFACT file begins with UNA or UNB, which names sender and recipient.");
    }
    return refused(
        start.isEmpty()
            ? "The file does not begin with 'UNA' or 'UNB' but with unreadable bytes."
            : "The file does not begin with 'UNA' or 'UNB' but with '" + start + "'.",
        "An EDIFACT file begins with UNA or UNB.");
  }

  private Delimiters declared() throws Unreadable {
    char component = (char) (buffer[at + 3] & 0xff);
    char element = (char) (buffer[at + 4] & 0xff);
    char decimal = (char) (buffer[at + 5] & 0xff);
    char release = (char) (buffer[at + 6] & 0xff);
    char repetition = (char) (buffer[at + 7] & 0xff);
    char segment = (char) (buffer[at + 8] & 0xff);
    var found =
        new Delimiters(
            Standard.EDIFACT,
            element,
            component,
            repetition == ' ' ? 0 : repetition,
            segment,
            release == ' ' ? 0 : release,
            decimal == ',' ? ',' : '.');
    for (char one : new char[] {component, element, segment, release, repetition}) {
      // a space stands where there is no release character, or no repetition
      boolean absent = one == ' ' && one != component && one != element && one != segment;
      // a line may end a segment, and nothing else
      boolean ends = one == segment && (one == '\n' || one == '\r');
      if (!absent && !ends && !parts(one)) {
        throw refused(
            "The UNA declares " + Delimiters.shown(one) + ", which parts nothing.",
            "Expected: UNA and six characters, usually \"UNA:+.? '\".");
      }
    }
    if (found.twice() != 0) {
      throw refused(
          "The UNA declares "
              + Delimiters.shown(found.twice())
              + " twice, so the file cannot be taken apart.",
          "Component separator, element separator, release character and terminator all differ.");
    }
    for (int i = 0; i < UNA; i++) {
      step();
    }
    return found;
  }

  private static boolean parts(char c) {
    return c >= 0x1c && c < 0x7f && c != ' ' && !Character.isLetterOrDigit(c);
  }

  // Some write one segment a line and no terminator at all.
  private void linesEnd() throws IOException {
    look(LOOK);
    int feed = at;
    while (feed < end && buffer[feed] != '\n' && buffer[feed] != '\'') {
      feed++;
    }
    if (feed + 4 < end
        && buffer[feed] == '\n'
        && buffer[feed + 1] == 'U'
        && buffer[feed + 2] == 'N'
        && (buffer[feed + 3] == 'H' || buffer[feed + 3] == 'G')) {
      delimiters = with(0, '\n');
      note(
          "The segments end with a line and not with \"'\", which was taken for their terminator.");
    }
  }

  private boolean skip() throws IOException {
    var from = here();
    long skipped = 0;
    var fresh = true; // a segment begins, as far as its terminator says so
    int messages = 0;
    while (true) {
      if (end - at < UNA) {
        look(UNA);
      }
      if (end == at || begins()) {
        break;
      }
      messages += fresh && starts('U', 'N', 'H', delimiters.element()) ? 1 : 0;
      int last = buffer[at] & 0xff;
      fresh = last == delimiters.segment() || fresh && last <= ' ';
      step();
      skipped++;
    }
    cleaned.add(
        messages > 0
            ? new EdiFault(
                Level.FILE,
                Weight.GRAVE,
                "",
                from,
                "",
                "Behind the end of the interchange "
                    + (messages == 1 ? "stands 1 message" : "stand " + messages + " messages")
                    + " without an UNB segment, so nobody vouches for "
                    + (messages == 1 ? "it." : "them."),
                "Each interchange begins with an UNB segment; perhaps an UNZ stands too early.",
                "")
            : EdiFault.note(
                Level.FILE,
                from,
                "",
                skipped
                    + (skipped == 1 ? " byte" : " bytes")
                    + " after the end of the interchange belong to nothing and were dropped.",
                ""));
    return end > at;
  }

  /**
   * The next segment of the interchange.
   *
   * @return null when the stream ends or another interchange begins
   */
  Segment next() throws IOException, Unreadable {
    while (true) {
      blanks(delimiters);
      look(UNA);
      if (end == at || begins()) {
        noteWrapped();
        return null;
      }
      if (buffer[at] != (byte) delimiters.segment()) {
        return segment();
      }
      step();
    }
  }

  private Segment segment() throws IOException, Unreadable {
    long firstLine = line;
    int until = terminator();
    boolean terminated = until < end;
    var segment = split(until, firstLine);
    while (at < until) {
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
                  + Delimiters.shown(delimiters.segment())
                  + ", which was supplied.",
              ""));
    }
    return segment;
  }

  private int terminator() throws IOException, Unreadable {
    byte segment = (byte) delimiters.segment();
    byte release = (byte) delimiters.release();
    boolean releases = delimiters.release() != 0;
    boolean released = false;
    int i = at;
    while (true) {
      while (i < end && (released || buffer[i] != segment)) {
        byte b = buffer[i++];
        // lines may be wrapped anywhere: what is released then stands on the next one
        released = released ? (b == '\r' || b == '\n') && b != segment : releases && b == release;
      }
      if (i - at > options.maxSegment()) {
        throw tooLong();
      }
      if (i < end) {
        return i;
      }
      int length = i - at;
      if (!fill()) {
        return end;
      }
      i = at + length;
    }
  }

  private Unreadable tooLong() {
    var start = new String(buffer, at, Math.min(20, end - at), StandardCharsets.ISO_8859_1);
    return refused(
        "The segment that begins with '"
            + start.replaceAll("[^ -~].*", "")
            + "' is longer than "
            + options.maxSegment()
            + " bytes.",
        "Every segment ends with " + Delimiters.shown(delimiters.segment()) + ".");
  }

  private Segment split(int until, long firstLine) {
    var text = new String(buffer, at, until - at, charset);
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      text = unwrap(text, firstLine);
    }
    var parts = new ArrayList<String>(16);
    var part = new StringBuilder();
    boolean released = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (released) {
        part.append(value(c));
        released = false;
      } else if (c == delimiters.release() && c != 0) {
        released = true;
      } else if (c == delimiters.element()) {
        parts.add(trimmed(part));
        part.setLength(0);
      } else if (c == delimiters.component()) {
        part.append(delimiters.components());
      } else if (c == delimiters.repetition() && c != 0) {
        part.append(delimiters.repetitions());
      } else {
        part.append(value(c));
      }
    }
    parts.add(trimmed(part));
    return new Segment(parts.get(0), parts.subList(1, parts.size()), 0, firstLine, base + at);
  }

  private static char value(char c) {
    return Delimiters.reserved(c) ? '\ufffd' : c;
  }

  // Components that are left out at the end need no separator; many write it all the same.
  private String trimmed(StringBuilder part) {
    int length = part.length();
    while (length > 0 && part.charAt(length - 1) == delimiters.components()) {
      length--;
    }
    return part.substring(0, length);
  }

  private Unreadable refused(String what, String expected) {
    boolean inside = started && delimiters != null;
    return new Unreadable(
        new EdiFault(
            inside ? Level.INTERCHANGE : Level.FILE,
            Weight.GRAVE,
            inside ? "18" : "",
            here(),
            "",
            what,
            expected,
            ""));
  }
}
