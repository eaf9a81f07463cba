package io.serai.transport;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whether a file has its end, as far as its form says where that is. */
final class Trailer {
  private static final int ISA = 106;
  private static final int LONGEST_END = 1_000;

  private Trailer() {}

  /**
   * An empty file has none; an X12 interchange ends with its IEA, one of EDIFACT with its UNZ; of
   * others nobody knows. Looks at the bytes where they are, since there may be many.
   */
  static boolean there(byte[] content) {
    var from = text(content, 0, 3).equals("\u00EF\u00BB\u00BF") ? 3 : 0;
    var until = content.length;
    while (from < until && blank(content[from])) {
      from++;
    }
    while (from < until && blank(content[until - 1])) {
      until--;
    }
    if (from == until) {
      return false;
    }
    var head = text(content, from, Math.min(until, from + ISA));
    if (head.matches("(?s)(UNA.{6}\\s*)?UNB[^A-Za-z0-9].*")) {
      return edifact(content, head, from, until);
    }
    if (!head.startsWith("ISA") || head.length() < 4 || Character.isLetterOrDigit(head.charAt(3))) {
      return true;
    }
    if (head.length() < ISA) {
      return false;
    }
    var separator = head.charAt(3);
    var terminator = (byte) head.charAt(ISA - 1);
    var ends = until;
    while (ends > from && (content[ends - 1] == terminator || blank(content[ends - 1]))) {
      ends--;
    }
    var begins = ends;
    while (begins > from && content[begins - 1] != terminator && ends - begins < LONGEST_END) {
      begins--;
    }
    var last =
        text(content, begins, ends).strip().split(Pattern.quote(String.valueOf(separator)), -1);
    var header = until - 4;
    while (header > from
        && (content[header] != 'I'
            || !text(content, header, header + 4).equals("ISA" + separator))) {
      header--;
    }
    var control = header + 99 <= until ? text(content, header + 90, header + 99) : "";
    return last.length >= 3
        && last[0].equals("IEA")
        && (last[2].strip().equals(control.strip())
            // a sender whose header is not of fixed width: then its end is taken for its end
            || !control.matches("[0-9]{9}"));
  }

  private static boolean edifact(byte[] content, String head, int from, int until) {
    var una = head.startsWith("UNA");
    var separator = una ? head.charAt(4) : '+';
    var release = una ? head.charAt(6) : '?';
    var terminator = (byte) (una ? head.charAt(8) : terminator(head));
    var ends = until;
    while (ends > from && (content[ends - 1] == terminator || blank(content[ends - 1]))) {
      ends--;
    }
    var begins = ends;
    while (begins > from
        && (content[begins - 1] != terminator || begins > 1 && content[begins - 2] == release)
        && ends - begins < LONGEST_END) {
      begins--;
    }
    var last = parts(text(content, begins, ends).strip(), separator);
    if (last.length < 3 || !last[0].equals("UNZ")) {
      return false;
    }
    var header = until - 4;
    while (header > from && !text(content, header, header + 4).equals("UNB" + separator)) {
      header--;
    }
    var unb = parts(text(content, header, header + LONGEST_END), separator);
    // the reference ends with its segment, whose terminator may be missing only at the end of the
    // file
    return unb.length > 5
        && (ends < until
            || last[2]
                .strip()
                .equals(unb[5].replaceFirst("[\\s" + quoted(terminator) + "].*", "")));
  }

  // Some write one segment a line and no terminator at all.
  private static char terminator(String head) {
    var feed = head.indexOf('\n');
    return feed > 0 && !head.substring(0, feed).contains("'") ? '\n' : '\'';
  }

  private static String quoted(byte terminator) {
    return Pattern.quote(String.valueOf((char) terminator));
  }

  private static String[] parts(String segment, char separator) {
    return segment.split(Pattern.quote(String.valueOf(separator)), -1);
  }

  private static boolean blank(byte b) {
    return Character.isWhitespace(b & 0xff);
  }

  private static String text(byte[] content, int from, int until) {
    var end = Math.min(until, content.length);
    return new String(content, from, Math.max(0, end - from), StandardCharsets.ISO_8859_1);
  }
}
