package io.serai.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the rows of a CSV text one at a time, as RFC 4180 has them and as spreadsheets write them:
 * any of four separators, any line end, with or without a byte order mark.
 *
 * <p>Guarantee: a row that cannot be read is one row with a fault, and the next line is read as if
 * nothing had happened. Gap: when a quote is never closed nobody knows where the row ends; then its
 * first line is taken for it.
 */
public final class CsvReader {
  /** A longer row is a quote that was never closed. */
  static final int LONGEST_ROW = 256 * 1024;

  private static final byte[] SEPARATORS = {',', ';', '\t', '|'};
  private static final int LONGEST_TEXT = 2_000;

  /**
   * One row.
   *
   * @param number as a spreadsheet counts it, the header being 1
   * @param fields what stands in it; what could be read when there is a fault
   * @param fault why it cannot be read, as the end of a sentence, or null
   * @param text the row as it stands in the file, when there is a fault
   */
  public record Row(int number, List<String> fields, String fault, String text) {}

  private final byte[] bytes;
  private final CharsetDecoder decoder;
  private final byte separator;
  private int at;
  private int number;
  private boolean undecodable;

  /** Of these bytes. */
  public CsvReader(byte[] bytes, Charset charset) {
    this.bytes = bytes;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    if (bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      at = 3;
    }
    this.separator = separator();
  }

  /** The next row that is not blank, or null at the end. */
  public Row next() {
    while (at < bytes.length) {
      number++;
      var row = read();
      if (row.fault() != null || row.fields().stream().anyMatch(field -> !field.isEmpty())) {
        return row;
      }
    }
    return null;
  }

  // The one that is most often in the first line outside of quotes.
  private byte separator() {
    var counts = new int[SEPARATORS.length];
    var quoted = false;
    for (var i = at; i < bytes.length && (quoted || !isLineEnd(bytes[i])); i++) {
      if (bytes[i] == '"') {
        quoted = !quoted;
      }
      for (var s = 0; s < SEPARATORS.length && !quoted; s++) {
        counts[s] += bytes[i] == SEPARATORS[s] ? 1 : 0;
      }
    }
    var best = 0;
    for (var s = 1; s < SEPARATORS.length; s++) {
      best = counts[s] > counts[best] ? s : best;
    }
    return SEPARATORS[best];
  }

  private Row read() {
    var start = at;
    undecodable = false;
    var fields = new ArrayList<String>();
    while (true) {
      var end = at < bytes.length && bytes[at] == '"' ? quoted(start, fields) : plain(fields);
      if (end != null) {
        return broken(start, fields, end);
      }
      if (at >= bytes.length || bytes[at] != separator) {
        break;
      }
      at++;
    }
    var stop = at;
    endLine();
    if (undecodable) {
      return new Row(
          number,
          fields,
          "is not %s text; say in the account how the file is encoded"
              .formatted(decoder.charset().name()),
          lenient(start, stop));
    }
    return new Row(number, fields, null, null);
  }

  // Answers what is wrong, or null.
  private String plain(List<String> fields) {
    var from = at;
    while (at < bytes.length && bytes[at] != separator && !isLineEnd(bytes[at])) {
      at++;
    }
    fields.add(decode(bytes, from, at - from).strip());
    return null;
  }

  private String quoted(int start, List<String> fields) {
    var from = ++at;
    ByteArrayOutputStream pieces = null;
    while (at < bytes.length && at - start <= LONGEST_ROW) {
      if (bytes[at] != '"') {
        at++;
      } else if (at + 1 < bytes.length && bytes[at + 1] == '"') {
        pieces = pieces == null ? new ByteArrayOutputStream() : pieces;
        pieces.write(bytes, from, at + 1 - from);
        at += 2;
        from = at;
      } else {
        var end = at++;
        if (at < bytes.length && bytes[at] != separator && !isLineEnd(bytes[at])) {
          return "goes on after the closing quote of its value %d".formatted(fields.size() + 1);
        }
        if (pieces == null) {
          fields.add(decode(bytes, from, end - from).strip());
        } else {
          pieces.write(bytes, from, end - from);
          var text = pieces.toByteArray();
          fields.add(decode(text, 0, text.length).strip());
        }
        return null;
      }
    }
    return "opens a quote at its value %d and does not close it".formatted(fields.size() + 1);
  }

  private Row broken(int start, List<String> fields, String fault) {
    at = start;
    while (at < bytes.length && !isLineEnd(bytes[at])) {
      at++;
    }
    var stop = at;
    endLine();
    return new Row(number, fields, fault, lenient(start, stop));
  }

  private void endLine() {
    if (at < bytes.length && bytes[at] == '\r') {
      at++;
      if (at < bytes.length && bytes[at] == '\n') {
        at++;
      }
    } else if (at < bytes.length && bytes[at] == '\n') {
      at++;
    }
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private String decode(byte[] from, int offset, int length) {
    try {
      var text = decoder.decode(ByteBuffer.wrap(from, offset, length)).toString();
      return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    } catch (CharacterCodingException e) {
      undecodable = true;
      return "";
    }
  }

  private String lenient(int from, int to) {
    var text = new String(bytes, from, to - from, decoder.charset()).replace('\0', '\uFFFD');
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
