package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A stream of bytes as whoever takes segments out of it reads it: a piece at a time, with the line
 * and the byte of the file that was reached.
 */
abstract class FileBytes {
  final ReadOptions options;
  final List<EdiFault> cleaned;
  byte[] buffer = new byte[64 * 1024];
  int at;
  int end;
  long base;
  long line = 1;
  Delimiters delimiters;
  private final InputStream in;
  private boolean exhausted;
  private boolean afterReturn;
  private long wrapped;
  private long firstWrapped;

  FileBytes(InputStream in, ReadOptions options, List<EdiFault> cleaned) {
    this.in = in;
    this.options = options;
    this.cleaned = cleaned;
  }

  String unwrap(String text, long firstLine) {
    var joined = text.replaceAll("[\r\n]+", "");
    // behind the last character stands what ends a line, not what wraps one
    if (!text.stripTrailing().equals(joined.stripTrailing())) {
      wrapped++;
      firstWrapped = firstWrapped == 0 ? firstLine : firstWrapped;
    }
    return joined;
  }

  void noteWrapped() {
    if (wrapped > 0) {
      cleaned.add(
          EdiFault.note(
              Level.FILE,
              new Place("", 0, "", 0, 0, "", firstWrapped, base + at),
              "",
              wrapped
                  + (wrapped == 1 ? " segment goes" : " segments go")
                  + " on over several lines; the line breaks were dropped.",
              "Where two segments became one, the first lacks its terminator "
                  + Delimiters.shown(delimiters.segment())
                  + "."));
      wrapped = 0;
    }
  }

  Place here() {
    return new Place("", 0, "", 0, 0, "", line, base + at);
  }

  boolean starts(int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= end || (buffer[at + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  // White space, NUL and the end-of-file mark of old systems, unless one of them is a delimiter.
  void blanks(Delimiters kept) throws IOException {
    while (true) {
      if (at == end && !fill()) {
        return;
      }
      int b = buffer[at] & 0xff;
      if (b > ' ' || kept != null && kept.holds((char) b)) {
        return;
      }
      step();
    }
  }

  void step() {
    byte b = buffer[at++];
    if (b == '\r' || b == '\n' && !afterReturn) {
      line++;
    }
    afterReturn = b == '\r';
  }

  void look(int bytes) throws IOException {
    while (end - at < bytes && fill()) {
      // more
    }
  }

  boolean fill() throws IOException {
    if (exhausted) {
      return false;
    }
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      base += at;
      end -= at;
      at = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read < 0) {
      exhausted = true;
      return false;
    }
    end += read;
    return true;
  }
}
