package io.serai.transport;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whether a file has its end, as far as its form says where that is. */
final class Trailer {
  private static final int ISA = 106;

  private Trailer() {}

  /** An empty file has none; an X12 interchange ends with its IEA; of others nobody knows. */
  static boolean there(byte[] content) {
    var text = new String(content, StandardCharsets.ISO_8859_1);
    var from = text.startsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
    text = text.substring(from).strip();
    if (text.isEmpty()) {
      return false;
    }
    if (!text.startsWith("ISA") || text.length() < 4 || Character.isLetterOrDigit(text.charAt(3))) {
      return true;
    }
    if (text.length() < ISA) {
      return false;
    }
    var separator = text.charAt(3);
    var terminator = text.charAt(ISA - 1);
    var ends = text.length();
    while (ends > 0
        && (text.charAt(ends - 1) == terminator || Character.isWhitespace(text.charAt(ends - 1)))) {
      ends--;
    }
    var begins = text.lastIndexOf(terminator, ends - 1) + 1;
    var last =
        text.substring(begins, ends).strip().split(Pattern.quote(String.valueOf(separator)), -1);
    var header = text.lastIndexOf("ISA" + separator);
    var control = header + 90 + 9 <= text.length() ? text.substring(header + 90, header + 99) : "";
    return last.length >= 3
        && last[0].equals("IEA")
        && (last[2].strip().equals(control.strip())
            // a sender whose header is not of fixed width: then its end is taken for its end
            || !control.matches("[0-9]{9}"));
  }
}
