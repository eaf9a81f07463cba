package io.serai.order;

/** Whether personal data is here: three kinds of missing are three things. */
public enum PiiState {
  /** The channel gave it. */
  PRESENT,
  /** The buyer gave none. */
  ABSENT,
  /** The channel shows stars in its place. */
  MASKED,
  /** The channel has it and does not show it to us. */
  WITHHELD;

  /** As documents write it: in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
