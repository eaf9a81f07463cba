package io.serai.edi;

import java.util.List;

/**
 * What became of one interchange: all of what an acknowledgment is made from.
 *
 * @param interchange what its header says
 * @param groups what became of its groups
 * @param acknowledgments the TA1 segments in it, which answer interchanges of ours
 * @param faults what is wrong with the envelope
 * @param outcome what became of it; refused, nothing in it counts
 */
public record InterchangeReport(
    Interchange interchange,
    List<GroupReport> groups,
    List<Segment> acknowledgments,
    List<X12Fault> faults,
    Outcome outcome) {
  /** Fixes the lists. */
  public InterchangeReport {
    groups = List.copyOf(groups);
    acknowledgments = List.copyOf(acknowledgments);
    faults = List.copyOf(faults);
  }

  /** Whether this set may be mapped: it, its group and its interchange are all taken. */
  public boolean accepts(GroupReport group, SetReport set) {
    return outcome.taken() && group.outcome().taken() && set.outcome().taken();
  }
}
