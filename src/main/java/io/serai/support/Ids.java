package io.serai.support;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Makes and reads the ids people see: a prefix, an underscore and a UUIDv7 in Crockford base 32, as
 * {@code ord_01JD8Q…}.
 *
 * <p>Guarantee: ids of one instance sort in the order they were made, as text and as UUID, also
 * within a millisecond and when the clock steps back. Gap: two processes may interleave within a
 * millisecond.
 */
public final class Ids {

  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final byte[] VALUES = values();
  private static final int LENGTH = 26;

  private final Clock clock;
  private final SecureRandom random;
  private long lastMillis;
  private int counter;
  private final long[] entropy = new long[64];
  private int used = entropy.length;

  /** Ids dated by this clock. */
  public Ids(Clock clock) {
    this(clock, new SecureRandom());
  }

  Ids(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * The next UUIDv7: 48 bits of time, 12 bits that count within the millisecond, 62 random bits.
   */
  public synchronized UUID next() {
    long now = clock.millis();
    if (now > lastMillis) {
      lastMillis = now;
      // Start low so that a burst within the millisecond has room to count.
      counter = (int) (draw() & 0x3FF);
    } else if (++counter > 0xFFF) {
      lastMillis++;
      counter = 0;
    }
    long high = lastMillis << 16 | 0x7000L | counter;
    long low = 0x8000_0000_0000_0000L | draw() >>> 2;
    return new UUID(high, low);
  }

  /** When an id of {@link #next()} was made, to the millisecond, or slightly later in a rush. */
  public static Instant instant(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** Before every id that {@link #next()} made at this instant or later. */
  public static UUID first(Instant from) {
    return new UUID(Math.max(0, from.toEpochMilli()) << 16, 0);
  }

  /** The next id as text, for instance {@code next("ord")} gives {@code ord_…}. */
  public String next(String prefix) {
    return text(prefix, next());
  }

  private long draw() {
    if (used == entropy.length) {
      for (int i = 0; i < entropy.length; i++) {
        entropy[i] = random.nextLong();
      }
      used = 0;
    }
    return entropy[used++];
  }

  /** A UUID as prefixed text; {@link #uuid} is its inverse. */
  public static String text(String prefix, UUID id) {
    var text = new char[prefix.length() + 1 + LENGTH];
    prefix.getChars(0, prefix.length(), text, 0);
    text[prefix.length()] = '_';
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = LENGTH - 1, at = text.length - 1; i >= 0; i--, at--) {
      text[at] = ALPHABET.charAt((int) (low & 31));
      low = low >>> 5 | high << 59;
      high >>>= 5;
    }
    return new String(text);
  }

  /**
   * The UUID in a prefixed text. Lower case, and O for 0, I and L for 1, are read as people write
   * them.
   *
   * @throws IllegalArgumentException with a sentence when the text is not such an id
   */
  public static UUID uuid(String prefix, String text) {
    if (text == null
        || text.length() != prefix.length() + 1 + LENGTH
        || !text.regionMatches(true, 0, prefix, 0, prefix.length())
        || text.charAt(prefix.length()) != '_') {
      throw refused(prefix, text);
    }
    long high = 0;
    long low = 0;
    for (int i = prefix.length() + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      int value = c < VALUES.length ? VALUES[c] : -1;
      if (value < 0 || i == prefix.length() + 1 && value > 7) {
        throw refused(prefix, text);
      }
      high = high << 5 | low >>> 59;
      low = low << 5 | value;
    }
    return new UUID(high, low);
  }

  private static IllegalArgumentException refused(String prefix, String text) {
    return new IllegalArgumentException(
        "'%s' is not an id; give '%s_' and 26 letters and digits.".formatted(text, prefix));
  }

  private static byte[] values() {
    var values = new byte[128];
    java.util.Arrays.fill(values, (byte) -1);
    String lower = ALPHABET.toLowerCase(Locale.ROOT);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
      values[lower.charAt(i)] = (byte) i;
    }
    values['O'] = values['o'] = 0;
    values['I'] = values['i'] = values['L'] = values['l'] = 1;
    return values;
  }
}
