package io.serai.catalog;

import java.math.BigInteger;
import java.util.Locale;
import java.util.UUID;

/**
 * Our ids in 22 characters, which is what the order number of a shipping order (X12 element 285)
 * and a purchase order number have room for.
 *
 * <p>Guarantee: nothing is lost, and case means nothing, because many a partner writes capitals.
 * What every UUIDv7 has in common is left out. Gap: no other UUIDs, and none made after 2039, when
 * their clock needs one bit more.
 */
public final class ShortIds {
  private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.";
  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());
  private static final int LENGTH = 22;
  private static final int TIME_BITS = 41;
  private static final int COUNTER_BITS = 12;
  private static final int RANDOM_BITS = 62;

  private ShortIds() {}

  static String of(UUID id) {
    long millis = id.getMostSignificantBits() >>> 16;
    if (id.version() != 7 || id.variant() != 2 || millis >>> TIME_BITS != 0) {
      throw new IllegalArgumentException("'%s' is no id of ours.".formatted(id));
    }
    var number =
        BigInteger.valueOf(millis)
            .shiftLeft(COUNTER_BITS)
            .or(BigInteger.valueOf(id.getMostSignificantBits() & (1L << COUNTER_BITS) - 1))
            .shiftLeft(RANDOM_BITS)
            .or(BigInteger.valueOf(id.getLeastSignificantBits() & (1L << RANDOM_BITS) - 1));
    var text = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      var parts = number.divideAndRemainder(BASE);
      text[i] = ALPHABET.charAt(parts[1].intValue());
      number = parts[0];
    }
    return new String(text);
  }

  /** The id that is short so; the other way round. */
  public static UUID uuid(String text) {
    var number = BigInteger.ZERO;
    var capitals = text.toUpperCase(Locale.ROOT);
    for (int i = 0; i < capitals.length(); i++) {
      int value = ALPHABET.indexOf(capitals.charAt(i));
      if (value < 0) {
        throw refused(text);
      }
      number = number.multiply(BASE).add(BigInteger.valueOf(value));
    }
    if (capitals.length() != LENGTH
        || number.bitLength() > TIME_BITS + COUNTER_BITS + RANDOM_BITS) {
      throw refused(text);
    }
    long random = number.longValue() & (1L << RANDOM_BITS) - 1;
    long counter = number.shiftRight(RANDOM_BITS).longValue() & (1L << COUNTER_BITS) - 1;
    long millis = number.shiftRight(RANDOM_BITS + COUNTER_BITS).longValue();
    return new UUID(millis << 16 | 0x7000L | counter, 1L << 63 | random);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'%s' is not %d letters, digits, dots and hyphens that we gave.".formatted(text, LENGTH));
  }
}
