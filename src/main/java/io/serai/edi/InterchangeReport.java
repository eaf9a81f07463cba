package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
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
    List<EdiFault> faults,
    Outcome outcome) {
  /** Fixes the lists. */
  public InterchangeReport {
    groups = List.copyOf(groups);
    acknowledgments = List.copyOf(acknowledgments);
    faults = List.copyOf(faults);
  }

  /**
   * The same, refused for what only who knows the partner can say.
   *
   * @param code TA105, or 0085 of EDIFACT
   * @param element place in ISA or UNB
   * @param value what stands there
   */
  public InterchangeReport refused(
      String code, int element, String value, String what, String expected) {
    var found = new ArrayList<>(faults);
    found.add(
        new EdiFault(
            Level.INTERCHANGE,
            Weight.GRAVE,
            code,
            new Place(header(), 0, "", element, 0, "", interchange.line(), interchange.offset()),
            value,
            what,
            expected,
            ""));
    return new InterchangeReport(interchange, groups, acknowledgments, found, Outcome.REFUSED);
  }

  private String header() {
    return interchange.delimiters().standard() == Standard.X12 ? "ISA" : "UNB";
  }

  /** The same, as if it asked for a TA1. */
  public InterchangeReport asking() {
    return new InterchangeReport(interchange.asking(), groups, acknowledgments, faults, outcome);
  }

  /** The same with other groups. */
  public InterchangeReport with(List<GroupReport> others) {
    return new InterchangeReport(interchange, others, acknowledgments, faults, outcome);
  }

  /** Whether this set may be mapped: it, its group and its interchange are all taken. */
  public boolean accepts(GroupReport group, SetReport set) {
    return outcome.taken() && group.outcome().taken() && set.outcome().taken();
  }
}
