package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One functional group on its way from GS to GE, and the set that is open in it. */
final class GroupWalk implements OpenGroup {
  private final Interchange interchange;
  private final Segment header;
  private final Group group;
  private final ReadOptions options;
  private final EdiListener listener;
  private final Version version;
  private final boolean groupKnown;
  private final List<EdiFault> faults = new ArrayList<>();
  private final List<SetReport> sets = new ArrayList<>();
  private final Set<String> setControls = new HashSet<>();
  private String claimed = "";
  private OpenSet open;
  private int strays;
  private int headless;
  private int between; // segments outside of any set since the last one ended
  private int told;

  GroupWalk(
      Interchange interchange,
      Segment header,
      Set<String> groupControls,
      ReadOptions options,
      EdiListener listener) {
    this.interchange = interchange;
    this.header = header;
    this.options = options;
    this.listener = listener;
    this.group =
        new Group(
            header.element(1),
            header.element(2).strip(),
            header.element(3).strip(),
            header.element(6).strip(),
            header.element(8).strip(),
            header.line());
    this.version = Version.of(group.version()).orElse(null);
    this.groupKnown = Dictionary.x12().knowsGroup(group.functionalId());
    if (!groupControls.add(group.control())) {
      faults.add(
          fault(
              "19",
              Weight.GRAVE,
              6,
              "GS06 (group control number) is '"
                  + Values.shown(group.control())
                  + "', which another group of this interchange has.",
              "Expected: a number of its own."));
    }
    header();
  }

  private void header() {
    if (!groupKnown) {
      faults.add(
          fault(
              "1",
              Weight.GRAVE,
              1,
              "GS01 (functional group code) is '"
                  + Values.shown(group.functionalId())
                  + "', and Serai takes no sets of that kind.",
              "Expected: PO, PR, SH, IN, IB, PC, CA, OW, AR, RE, SW, AW, FA or AG."));
    }
    if (version == null) {
      faults.add(
          fault(
              "2",
              Weight.GRAVE,
              8,
              "GS08 (version) is '"
                  + Values.shown(group.version())
                  + "', which Serai does not read.",
              "Expected: 004010 or 005010, or a version near one of them."));
    } else if (!version.exactly(group.version())) {
      faults.add(
          EdiFault.note(
              Level.GROUP,
              Place.of(header, 8),
              group.version(),
              "GS08 (version) is '"
                  + Values.shown(group.version())
                  + "'; it is judged by the rules of "
                  + version.text
                  + ".",
              ""));
    }
    if (!group.control().matches("\\d{1,9}")) {
      faults.add(
          fault(
              "6",
              Weight.GRAVE,
              6,
              "GS06 (group control number) is '" + Values.shown(group.control()) + "'.",
              "Expected: one to nine digits."));
    }
    if (Values.date(header.element(4), 8) != null) {
      faults.add(
          fault(
              "",
              Weight.BLEMISH,
              4,
              "GS04 (date) is '" + Values.shown(header.element(4)) + "', no date.",
              "Expected: a date as CCYYMMDD."));
    }
    if (Values.time(header.element(5), 8) != null) {
      faults.add(
          fault(
              "",
              Weight.BLEMISH,
              5,
              "GS05 (time) is '" + Values.shown(header.element(5)) + "', no time of day.",
              "Expected: a time as HHMM or HHMMSS."));
    }
  }

  @Override
  public void segment(Segment segment) {
    switch (segment.id()) {
      case "ST" -> {
        closeSet(segment);
        open = new OpenSet(segment.at(1));
      }
      case "SE" -> {
        if (open == null && between > 0) {
          headless(segment);
        } else if (open == null) {
          stray(segment);
        } else {
          open.end(segment);
          open = null;
        }
        between = 0;
      }
      default -> {
        if (open == null) {
          between++;
          stray(segment);
        } else {
          open.segment(segment);
        }
      }
    }
  }

  @Override
  public void end(Segment trailer) {
    closeSet(trailer);
    claimed = trailer.element(1);
    var corrected =
        new Segment("GE", List.of(Integer.toString(sets.size()), group.control()), 0, 0, 0)
            .text(interchange.delimiters().element());
    if (!Counts.same(claimed, sets.size())) {
      faults.add(
          new EdiFault(
              Level.GROUP,
              Weight.GRAVE,
              "5",
              Place.of(trailer, 1),
              claimed,
              "GE01 claims '"
                  + Values.shown(claimed)
                  + "' sets, and the group has "
                  + sets.size()
                  + ".",
              "Expected: the number of ST segments.",
              corrected));
    }
    if (!sameNumber(trailer.element(2).strip(), group.control())) {
      faults.add(
          new EdiFault(
              Level.GROUP,
              Weight.GRAVE,
              "4",
              Place.of(trailer, 2),
              trailer.element(2),
              "GE02 says group '"
                  + Values.shown(trailer.element(2))
                  + "', and GS06 says '"
                  + Values.shown(group.control())
                  + "'.",
              "Expected: the same control number in both.",
              corrected));
    }
  }

  // A group's number is a number: zeros in front make no other one.
  private static boolean sameNumber(String one, String other) {
    return one.equals(other)
        || one.matches("\\d{1,9}")
            && other.matches("\\d{1,9}")
            && Integer.parseInt(one) == Integer.parseInt(other);
  }

  @Override
  public void cutOff(Segment before) {
    closeSet(before);
    faults.add(
        new EdiFault(
            Level.GROUP,
            Weight.GRAVE,
            "3",
            before == null ? Place.of(header) : Place.of(before),
            "",
            "The group "
                + Values.shown(group.control())
                + " does not end: its GE segment is missing"
                + (before == null ? "." : " before " + before.id() + "."),
            "Expected: GE after the last set of the group.",
            new Segment("GE", List.of(Integer.toString(sets.size()), group.control()), 0, 0, 0)
                .text(interchange.delimiters().element())));
  }

  @Override
  public int told() {
    return told + faults.size();
  }

  @Override
  public GroupReport report() {
    return GroupReport.of(group, claimed, sets, faults);
  }

  private void closeSet(Segment before) {
    if (open != null) {
      open.cutOff(before);
      open = null;
    }
  }

  // What ends here never began: a set was lost, though another one may make up for the count.
  private void headless(Segment segment) {
    if (headless++ == 0) {
      faults.add(
          new EdiFault(
              Level.GROUP,
              Weight.GRAVE,
              "5",
              Place.of(segment),
              Values.shown(segment.text(interchange.delimiters().element())),
              "Set '"
                  + Values.shown(segment.element(2))
                  + "' ends and never began: its ST is missing.",
              "Expected: ST before the first segment of each set.",
              ""));
    }
  }

  private void stray(Segment segment) {
    if (strays++ == 0) {
      var start = segment.id();
      faults.add(
          new EdiFault(
              Level.GROUP,
              Weight.BLEMISH,
              "",
              Place.of(segment),
              Values.shown(segment.text(interchange.delimiters().element())),
              "Segment " + Values.shown(start) + " stands outside of any set and was not read.",
              "Expected: ST, which begins a set.",
              ""));
    }
  }

  private EdiFault fault(String code, Weight weight, int element, String what, String expected) {
    return new EdiFault(
        Level.GROUP,
        weight,
        code,
        Place.of(header, element),
        header.element(element),
        what,
        expected,
        "");
  }

  /** One set on its way from ST to SE. */
  private final class OpenSet {
    private final Segment start;
    private final String id;
    private final String control;
    private final SetRule rule;
    private final SetJudge judge;
    private final List<EdiFault> envelope = new ArrayList<>();
    private List<Segment> segments = new ArrayList<>();
    private int count = 1;
    private long size;

    OpenSet(Segment start) {
      this.start = start;
      this.id = start.element(1);
      this.control = start.element(2).strip();
      this.rule = Dictionary.x12().set(id);
      this.judge =
          rule == null || version == null
              ? null
              : new SetJudge(rule, version, interchange.delimiters(), options);
      segments.add(start);
      if (id.isEmpty() || !id.matches("\\d{3}")) {
        envelope.add(
            set(
                "6",
                Weight.GRAVE,
                1,
                "ST01 (set identifier) is '" + Values.shown(id) + "'.",
                "Expected: the three digits of a set, like 850."));
      } else if (rule == null) {
        envelope.add(
            set(
                "1",
                Weight.GRAVE,
                1,
                "Set " + id + " is not one that Serai takes.",
                "Expected: " + String.join(", ", Dictionary.x12().allSets().keySet()) + "."));
      } else if (groupKnown && !rule.group().equals(group.functionalId())) {
        envelope.add(
            set(
                "6",
                Weight.ERROR,
                1,
                "Set "
                    + id
                    + " ("
                    + rule.name()
                    + ") stands in a group "
                    + group.functionalId()
                    + ".",
                "It belongs in a group " + rule.group() + "."));
      } else if (!options.sets().isEmpty()
          && !options.sets().containsKey(id)
          && !rule.group().equals("FA")) {
        envelope.add(
            set(
                "1",
                Weight.GRAVE,
                1,
                "Set " + id + " (" + rule.name() + ") was not agreed with this partner.",
                "Expected: "
                    + options.sets().keySet().stream().sorted().collect(Collectors.joining(", "))
                    + "."));
      }
      if (!control.matches("[A-Za-z0-9]{4,9}")) {
        envelope.add(
            set(
                "7",
                Weight.GRAVE,
                2,
                "ST02 (set control number) is '" + Values.shown(start.element(2)) + "'.",
                "Expected: four to nine digits."));
      }
      if (!setControls.add(control)) {
        envelope.add(
            set(
                "23",
                Weight.GRAVE,
                2,
                "ST02 (set control number) is '"
                    + Values.shown(control)
                    + "', which another set of this group has.",
                "Expected: a number of its own."));
      }
    }

    void segment(Segment segment) {
      var placed = segment.at(++count);
      if (judge != null) {
        judge.segment(placed);
      }
      keep(placed);
    }

    private void keep(Segment segment) {
      for (var element : segment.elements()) {
        size += element.length() + 1;
      }
      if (size > options.maxSet() && !segments.isEmpty()) {
        segments = new ArrayList<>();
        if (judge != null) {
          judge.forget();
        }
        envelope.add(
            set(
                "",
                Weight.GRAVE,
                0,
                "The set is longer than " + options.maxSet() + " bytes.",
                "Expected: smaller sets, several of them."));
      } else if (size <= options.maxSet()) {
        segments.add(segment);
      }
    }

    void end(Segment trailer) {
      var placed = trailer.at(++count);
      var corrected =
          new Segment("SE", List.of(Integer.toString(count), control), 0, 0, 0)
              .text(interchange.delimiters().element());
      if (judge != null) {
        judge.end(placed);
      }
      if (!Counts.same(trailer.element(1), count)) {
        envelope.add(
            new EdiFault(
                Level.SET,
                Weight.GRAVE,
                "4",
                Place.of(placed, 1),
                trailer.element(1),
                "SE01 claims '"
                    + Values.shown(trailer.element(1))
                    + "' segments, and the set has "
                    + count
                    + ", ST and SE included.",
                "Expected: the number of segments; perhaps some were lost on the way.",
                corrected));
      }
      if (!trailer.element(2).strip().equals(control)) {
        envelope.add(
            new EdiFault(
                Level.SET,
                Weight.GRAVE,
                "3",
                Place.of(placed, 2),
                trailer.element(2),
                "SE02 says set '"
                    + Values.shown(trailer.element(2))
                    + "', and ST02 says '"
                    + Values.shown(control)
                    + "'.",
                "Expected: the same control number in both.",
                corrected));
      }
      keep(placed);
      done();
    }

    void cutOff(Segment before) {
      envelope.add(
          new EdiFault(
              Level.SET,
              Weight.GRAVE,
              "2",
              before == null
                  ? Place.of(start)
                  : new Place(before.id(), count + 1, "", 0, 0, "", before.line(), before.offset()),
              "",
              "The set "
                  + Values.shown(control)
                  + " does not end: its SE segment is missing"
                  + (before == null ? "." : " before " + before.id() + "."),
              "Expected: SE after the last segment of the set; perhaps the file was cut off.",
              new Segment("SE", List.of(Integer.toString(count + 1), control), 0, 0, 0)
                  .text(interchange.delimiters().element())));
      done();
    }

    private void done() {
      var faults = new ArrayList<>(envelope);
      if (judge != null) {
        faults.addAll(judge.faults());
      }
      if (faults.size() > 1) {
        faults.sort((a, b) -> Long.compare(a.place().offset(), b.place().offset()));
      }
      if (judge != null && judge.dropped() > 0) {
        faults.add(
            set(
                "",
                judge.worstDropped(),
                0,
                judge.dropped() + " more faults of this set are not listed.",
                ""));
      }
      if (options.lenient()) {
        faults.replaceAll(EdiFault::lenient);
      }
      var outcome = Outcome.of(faults);
      if (version == null || !groupKnown) {
        outcome = Outcome.REFUSED;
      }
      var report =
          new SetReport(id, control, start.element(3), outcome, faults, count, start.line());
      sets.add(report);
      told += faults.size();
      listener.set(
          new TransactionSet(
              interchange,
              group,
              report,
              List.copyOf(segments),
              judge == null || segments.isEmpty() ? null : judge.tree()));
    }

    private EdiFault set(String code, Weight weight, int element, String what, String expected) {
      return new EdiFault(
          Level.SET,
          weight,
          code,
          element == 0 ? Place.of(start) : Place.of(start, element),
          element == 0 ? "" : start.element(element),
          what,
          expected,
          "");
    }
  }
}
