package io.serai.edi;

import java.util.List;

/**
 * What became of one functional group.
 *
 * @param group what its header says
 * @param claimed how many sets its trailer claims, as it says it
 * @param sets what became of each
 * @param faults what is wrong with the group itself
 * @param outcome what became of it
 */
public record GroupReport(
    Group group, String claimed, List<SetReport> sets, List<X12Fault> faults, Outcome outcome) {
  /** Fixes the lists. */
  public GroupReport {
    sets = List.copyOf(sets);
    faults = List.copyOf(faults);
  }

  /** How many of its sets were accepted; none when the group itself is refused. */
  public long accepted() {
    return outcome == Outcome.REFUSED
        ? 0
        : sets.stream().filter(set -> set.outcome().taken()).count();
  }
}
