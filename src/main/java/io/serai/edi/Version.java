package io.serai.edi;

import java.util.Optional;

/**
 * The versions whose tables are here; an X12 version between two of them is read with the older
 * one, and any directory of EDIFACT with that of D.96A, which later ones only made longer.
 */
enum Version {
  V4010("004010"),
  V5010("005010"),
  D96A("D.96A"),
  LATER("a directory after D.96A");

  final String text;

  Version(String text) {
    this.text = text;
  }

  /**
   * The table to judge a group of X12 with.
   *
   * @param gs08 what the group says, such as 004010VICS
   * @return empty when Serai has no table near enough
   */
  static Optional<Version> of(String gs08) {
    if (gs08.startsWith("0040")) {
      return Optional.of(V4010);
    }
    return gs08.startsWith("0050") ? Optional.of(V5010) : Optional.empty();
  }

  /** Whether the table was made for exactly this version, industry suffixes aside. */
  boolean exactly(String gs08) {
    return gs08.startsWith(text);
  }
}
