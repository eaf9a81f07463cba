package io.serai.edi;

/**
 * Hears of sets and interchanges while a file is read.
 *
 * <p>Guarantee: {@code set} comes for every set in the order of the file, refused ones too, each
 * before the interchange it stands in. Gap: what is accepted for good is only known when its
 * interchange has ended, so whoever acts on sets reads twice: once to judge and acknowledge, once
 * to map.
 */
public interface EdiListener {
  /** A set was read and judged. */
  default void set(TransactionSet set) {}

  /** An interchange has ended. */
  default void interchange(InterchangeReport report) {}
}
