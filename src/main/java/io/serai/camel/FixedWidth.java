package io.serai.camel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines whose values stand at fixed places, as rows of a CSV text: line by line the same. */
final class FixedWidth {
  private static final String NONE = "none";

  private FixedWidth() {}

  /** Whether an option says that there are fixed places. */
  static boolean is(String widths) {
    return widths != null && !widths.equals(NONE);
  }

  /**
   * Makes a CSV text of it.
   *
   * @param widths of the columns, with commas between them
   */
  static byte[] csv(byte[] lines, Charset charset, String widths) {
    var columns =
        Arrays.stream(widths.split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
    // what is no text of that encoding keeps its bytes, for whoever names the row it stands in
    var inside = charset;
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(lines)).toString();
    } catch (CharacterCodingException e) {
      inside = StandardCharsets.ISO_8859_1;
      text = new String(lines, inside);
    }
    text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    var csv = new StringBuilder();
    for (var line : text.split("\r\n|\r|\n", -1)) {
      if (!line.isBlank()) {
        row(line, columns, csv);
      }
      csv.append('\n');
    }
    return csv.toString().getBytes(inside);
  }

  private static void row(String line, int[] columns, StringBuilder csv) {
    var at = 0;
    for (var i = 0; i < columns.length; i++) {
      var end = Math.min(line.length(), at + columns[i]);
      csv.append(i == 0 ? "" : ",").append(quoted(line.substring(Math.min(at, end), end)));
      at += columns[i];
    }
    if (line.length() > at && !line.substring(at).isBlank()) {
      csv.append(',').append(quoted(line.substring(at))); // one value too many, and so it is said
    }
  }

  private static String quoted(String value) {
    return '"' + value.strip().replace("\"", "\"\"") + '"';
  }
}
