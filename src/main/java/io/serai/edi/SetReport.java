package io.serai.edi;

import java.util.List;

/**
 * What became of one transaction set, or message of EDIFACT.
 *
 * @param id its number, 850, or type, ORDERS; empty when ST or UNH says none
 * @param control its control number
 * @param implementation its implementation guide (ST03), or empty; of EDIFACT directory, agency and
 *     association as UNH says them: D:96A:UN:EAN008
 * @param outcome what became of it
 * @param faults what is wrong with it, in the order of the file; at most {@value #MOST_FAULTS}
 * @param segments how many segments it has, ST and SE among them
 * @param line line of the file it begins on
 */
public record SetReport(
    String id,
    String control,
    String implementation,
    Outcome outcome,
    List<EdiFault> faults,
    int segments,
    long line) {
  /** So many faults of one set are told; a set with more of them needs no longer list. */
  public static final int MOST_FAULTS = 100;

  /** Fixes the faults. */
  public SetReport {
    faults = List.copyOf(faults);
  }
}
