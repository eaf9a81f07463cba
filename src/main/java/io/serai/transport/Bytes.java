package io.serai.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stretch of an array that nobody writes to: a part of a message is looked at where it lies, so
 * that a large one is not held once for each layer it is wrapped in.
 *
 * @param until behind its last byte
 */
record Bytes(byte[] array, int from, int until) {
  static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  int size() {
    return until - from;
  }

  byte at(int place) {
    return array[from + place];
  }

  /** Behind its last byte that is no white space. */
  int trimmed() {
    var end = size();
    while (end > 0 && at(end - 1) >= 0 && at(end - 1) <= ' ') {
      end--;
    }
    return end;
  }

  /** From one place of it to before another. */
  Bytes part(int first, int behind) {
    return new Bytes(array, from + first, from + behind);
  }

  /** As an array of its own, copied unless it is all of one. */
  byte[] exact() {
    return size() == array.length ? array : Arrays.copyOfRange(array, from, until);
  }

  /** As text of single bytes. */
  String text(int first, int behind) {
    return new String(array, from + first, behind - first, StandardCharsets.ISO_8859_1);
  }

  ByteBuffer buffer() {
    return ByteBuffer.wrap(array, from, size()).slice();
  }

  InputStream stream() {
    return new ByteArrayInputStream(array, from, size());
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(array, from, size());
  }
}
