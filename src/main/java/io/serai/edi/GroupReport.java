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
    return refused(
        "19",
        6,
        "28",
        group.control(),
        "GS06 (group control number) is '"
            + group.control()
            + "', which was used before, "
            + when
            + ".",
        "Expected: a number that was not used before.");
  }

  /**
   * The same, refused because it is not of or for whom it was agreed, as only who knows the partner
   * can say. AK905 has no word for that; what comes nearest is that such groups are not taken.
   *
   * @param element place in GS
   * @param what that is wrong
   * @param expected which code was agreed
   */
  public GroupReport ofOthers(int element, String what, String expected) {
    return refused("1", element, number(element), code(element), what, expected);
  }

  /** The same, with a word about a code in GS that nothing was agreed about. */
  public GroupReport noted(int element, String what, String expected) {
    var place = new Place("GS", 0, "", element, 0, number(element), group.line(), 0);
    var found = new ArrayList<>(faults);
    found.add(EdiFault.note(Level.GROUP, place, code(element), what, expected));
    return new GroupReport(group, claimed, sets, found, outcome);
  }

  private String code(int element) {
    return element == 2 ? group.sender() : group.receiver();
  }

  private static String number(int element) {
    return element == 2 ? "142" : "124";
  }

  private GroupReport refused(
      String code, int element, String number, String value, String what, String expected) {
    var found = new ArrayList<>(faults);
    found.add(
        new EdiFault(
            Level.GROUP,
            Weight.GRAVE,
            code,
            new Place("GS", 0, "", element, 0, number, group.line(), 0),
            value,
            what,
            expected,
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
