package io.serai.edi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Finds UTF-8 in what was read as ISO 8859-1. */
final class Utf8 {
  private Utf8() {}

  /**
   * What a text that was read as ISO 8859-1 says as UTF-8; null where it is plain, or is no UTF-8
   * that anybody means.
   *
   * <p>Letters of Latin alphabets are meant, what takes three bytes, and what ISO 8859-1 has only
   * control characters for; that {@code É®} is a letter of phonetics, too, is chance.
   */
  static String hidden(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      plain = text.charAt(i) < 0x80;
    }
    if (plain) {
      return null;
    }
    try {
      var meant =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
              .toString();
      return meant.chars().allMatch(c -> c < 0x180 || c >= 0x800)
              || text.chars().anyMatch(c -> c >= 0x80 && c < 0xa0)
          ? meant
          : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
