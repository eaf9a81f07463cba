package io.serai.transport;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whether a file has its end, as far as its form says where that is. */
final class Trailer {
  private static final int ISA = 106;
  private static final int LONGEST_END = 1_000;

  private Trailer() {}

  /**
   * An empty file has none; an X12 interchange ends with its IEA; of others nobody knows. Looks at
   * the bytes where they are, since there may be many.
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

  private static boolean blank(byte b) {
    return Character.isWhitespace(b & 0xff);
  }

  private static String text(byte[] content, int from, int until) {
    var end = Math.min(until, content.length);
    return new String(content, from, Math.max(0, end - from), StandardCharsets.ISO_8859_1);
  }
}
