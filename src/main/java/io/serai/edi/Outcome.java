package io.serai.edi;

import java.util.Collection;

/** What became of a set, a group or an interchange, with the letter that acknowledges it. */
public enum Outcome {
  /** Nothing to complain about. */
  ACCEPTED("A"),
  /** Taken, and the sender is told what was wrong. */
  ACCEPTED_WITH_ERRORS("E"),
  /** Of a group only: some of its sets were refused. */
  PARTLY_ACCEPTED("P"),
  /** Not taken. */
  REFUSED("R");

  private final String letter;

  Outcome(String letter) {
    this.letter = letter;
  }

  /** The letter of AK501, AK901 and TA104. */
  public String letter() {
    return letter;
  }

  /** Whether anything was taken. */
  public boolean taken() {
    return this != REFUSED;
  }

  static Outcome of(Collection<EdiFault> faults) {
    if (faults.stream().anyMatch(EdiFault::refuses)) {
      return REFUSED;
    }
    return faults.stream().anyMatch(EdiFault::counts) ? ACCEPTED_WITH_ERRORS : ACCEPTED;
  }
}
