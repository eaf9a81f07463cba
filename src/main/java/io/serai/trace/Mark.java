package io.serai.trace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Names one step of a trace as the W3C's trace context does.
 *
 * <p>Both ids are computed from what the tables hold anyway, so every replica names a step alike,
 * now or after a crash, and no column keeps them: the trace from the lane ({@code account/order}),
 * the step from the message or the delivery. They are hashes: nothing is read out of them.
 *
 * @param trace 32 hexadecimal digits
 * @param span 16 hexadecimal digits
 */
public record Mark(String trace, String span) {
  private static final HexFormat HEX = HexFormat.of();

  /** A message of a lane came in. */
  public static Mark accepted(String lane, long message) {
    return of(lane, "accept/" + message);
  }

  /** A message's route made a canonical document of it; a claim of its own each time it is run. */
  public static Mark normalized(String lane, long message, long fence) {
    return of(lane, "normalize/" + message + '/' + fence);
  }

  /** What a message told took effect on what the lane is about. */
  public static Mark applied(String lane, long message) {
    return of(lane, "apply/" + message);
  }

  /** A delivery was tried, or looked up, under a claim. */
  public static Mark delivered(String lane, long delivery, long fence) {
    return of(lane, "deliver/" + delivery + '/' + fence);
  }

  /** Something that happened once, in this process alone: nobody has to find it again. */
  public static Mark once(String lane, UUID which) {
    return of(lane, which.toString());
  }

  private static Mark of(String lane, String step) {
    return new Mark(hash(lane, 16), hash(lane + '\n' + step, 8));
  }

  /** The lane of an order: the one in which its account's messages about it run. */
  public static String lane(String account, String orderId) {
    return account + '/' + orderId;
  }

  /**
   * A step that a sender named in {@code traceparent}, or null when it named none or wrote it
   * otherwise than the W3C does.
   */
  public static Mark told(String traceparent) {
    if (traceparent == null
        || traceparent.length() != 55
        || !traceparent.startsWith("00-")
        || traceparent.charAt(35) != '-'
        || traceparent.charAt(52) != '-') {
      return null;
    }
    var mark = new Mark(traceparent.substring(3, 35), traceparent.substring(36, 52));
    return isId(mark.trace()) && isId(mark.span()) && isHex(traceparent.substring(53))
        ? mark
        : null;
  }

  private static boolean isId(String id) {
    return isHex(id) && id.chars().anyMatch(c -> c != '0');
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  private static String hash(String text, int bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HEX.formatHex(Arrays.copyOf(hash, bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
