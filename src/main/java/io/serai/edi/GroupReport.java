package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
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
    Group group, String claimed, List<SetReport> sets, List<EdiFault> faults, Outcome outcome) {
  /** Fixes the lists. */
  public GroupReport {
    sets = List.copyOf(sets);
    faults = List.copyOf(faults);
  }

  static GroupReport of(Group group, String claimed, List<SetReport> sets, List<EdiFault> faults) {
    var outcome = Outcome.of(faults);
    if (outcome.taken() && !sets.isEmpty()) {
      long taken = sets.stream().filter(set -> set.outcome().taken()).count();
      if (taken == 0) {
        outcome = Outcome.REFUSED;
      } else if (taken < sets.size()) {
        outcome = Outcome.PARTLY_ACCEPTED;
      } else if (sets.stream().anyMatch(set -> set.outcome() != Outcome.ACCEPTED)) {
        outcome = Outcome.ACCEPTED_WITH_ERRORS;
      }
    }
    return new GroupReport(group, claimed, sets, faults, outcome);
  }

  /** The same, refused because its number was used before, as only who remembers can say. */
  public GroupReport usedBefore(String when) {
    var found = new ArrayList<>(faults);
    found.add(
        new EdiFault(
            Level.GROUP,
            Weight.GRAVE,
            "19",
            new Place("GS", 0, "", 6, 0, "28", group.line(), 0),
            group.control(),
            "GS06 (group control number) is '"
                + group.control()
                + "', which was used before, "
                + when
                + ".",
            "Expected: a number that was not used before.",
            ""));
    return of(group, claimed, sets, found);
  }

  /** How many of its sets were accepted; none when the group itself is refused. */
  public long accepted() {
    return outcome == Outcome.REFUSED
        ? 0
        : sets.stream().filter(set -> set.outcome().taken()).count();
  }
}
