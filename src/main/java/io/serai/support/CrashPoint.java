package io.serai.support;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A place where a test may kill this process as a power cut would: no shutdown hook runs, no buffer
 * is flushed, no transaction ends. Unless the system property {@code serai.crash-point} names a
 * point and a hit ({@code P3:2} is the second time P3 is reached), {@link #hit} is a check of a
 * constant that the compiler removes. {@code P8/label-request:1} is the first time it is reached
 * over that operation.
 *
 * <p>Two places are no points, since only the other side knows when they are reached: between the
 * insert of a batch and its commit, which are one statement (P2), and between the last byte of a
 * request and the first of its answer (P9). There a test kills the process from outside.
 *
 * <p>The gap: only this process dies. Bytes that it already gave to the kernel still arrive.
 */
public final class CrashPoint {
  /** Before the rows of a batch are inserted into the inbox. */
  public static final String BEFORE_INBOX_INSERT = "P1";

  /** Committed, the sender has not heard yet. */
  public static final String BEFORE_ANSWER = "P3";

  /** The sender was told yes. */
  public static final String AFTER_ANSWER = "P4";

  /** A message was claimed, nothing was done with it. */
  public static final String AFTER_CLAIM = "P5";

  /** Inside the apply transaction, after stock was reserved in it. */
  public static final String IN_ALLOCATION = "P6";

  /** The apply transaction is committed. */
  public static final String AFTER_APPLY_COMMIT = "P7";

  /** A delivery is SENDING, no byte has left. */
  public static final String BEFORE_SEND = "P8";

  /** The answer was read, its outcome is not committed. */
  public static final String BEFORE_OUTCOME_COMMIT = "P10";

  /** The outcome is committed, what follows from it (status, stock) has not been published. */
  public static final String BEFORE_PUBLISH = "P11";

  /** Published, and not yet marked as published. */
  public static final String BEFORE_PUBLISHED_MARK = "P12";

  /** A page was fetched, its items and the cursor are not committed. */
  public static final String BEFORE_CURSOR_SAVE = "P13";

  /** A file is committed, and still lies where its sender put it. */
  public static final String BEFORE_FILE_MOVE = "P14";

  /** A file that came over AS2 is committed, its sender has no receipt. */
  public static final String BEFORE_AS2_RECEIPT = "P15";

  /** A file is written at the partner, and has not got its name. */
  public static final String BEFORE_FILE_RENAME = "P18";

  /** A file went to a partner over AS2 and was answered, and nothing of the answer is noted. */
  public static final String AFTER_AS2_POST = "P19";

  /** Inside the transaction of a replay batch. */
  public static final String IN_REPLAY_BATCH = "P16";

  /** Between two statements of a migration. */
  public static final String IN_MIGRATION = "P17";

  private static final String SETTING = System.getProperty("serai.crash-point", "");
  private static final boolean ARMED = !SETTING.isEmpty();
  private static final String POINT = ARMED ? pointOf(SETTING) : "";
  private static final AtomicLong LEFT = new AtomicLong(ARMED ? hitOf(SETTING) : 0);

  private CrashPoint() {}

  /** Ends the process with status 137 when {@code name} is the armed point and this its hit. */
  public static void hit(String name) {
    if (ARMED && POINT.equals(name) && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }

  /** The same, where the point may be named with what is being done there. */
  public static void hit(String name, String operation) {
    if (ARMED
        && (POINT.equals(name) || POINT.equals(name + '/' + operation))
        && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }

  /** The point named by {@code <point>:<hit>}. */
  static String pointOf(String setting) {
    var colon = setting.indexOf(':');
    return colon < 0 ? setting : setting.substring(0, colon);
  }

  /** The hit named by {@code <point>:<hit>}; the first when none is named. */
  static long hitOf(String setting) {
    var colon = setting.indexOf(':');
    if (colon < 0) {
      return 1;
    }
    try {
      var hit = Long.parseLong(setting.substring(colon + 1));
      if (hit > 0) {
        return hit;
      }
    } catch (NumberFormatException notANumber) {
      // answered below, with the words for a number below one
    }
    throw new IllegalArgumentException(
        "Crash point '"
            + setting
            + "' names no hit after the colon. Write '<point>:<n>' with n from 1.");
  }
}
