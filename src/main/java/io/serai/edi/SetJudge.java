package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import io.serai.edi.SetRule.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges one transaction set, segment by segment: which may stand where, how often, what is
 * missing, and what its elements hold.
 *
 * <p>Guarantee: one mistake of order is one fault; the segments after it are judged where they
 * stand, so a set is told all of its faults at once. A segment that is out of place is left out of
 * the tree.
 */
final class SetJudge {
  private static final Map<String, String> COUNTED =
      Map.of(
          "850", "PO1", "855", "PO1", "856", "HL", "810", "IT1", "846", "LIN", "860", "POC", "865",
          "POC");

  private final Dictionary dictionary;
  private final SetRule rule;
  private final ElementJudge elements;
  private final Delimiters delimiters;
  private final String document;
  private final List<EdiFault> faults = new ArrayList<>();
  private final Map<String, EdiFault> missed = new HashMap<>();
  private final Set<String> levels = new HashSet<>();
  private final Set<String> required;
  private final Set<String> seen = new HashSet<>();
  private final ControlTotals totals; // null of X12
  private final LoopNode root;
  private Frame top;
  private int counted;
  private int dropped;
  private Weight worstDropped = Weight.NOTE;
  private boolean keeping = true;

  SetJudge(SetRule rule, Version version, Delimiters delimiters, ReadOptions options) {
    this(rule, version, delimiters, options, "");
  }

  /**
   * Judges a message of EDIFACT.
   *
   * @param latin the syntax identifier that declares Latin letters of one byte each; empty when
   *     bytes are read as something else
   */
  SetJudge(
      SetRule rule, Version version, Delimiters delimiters, ReadOptions options, String latin) {
    this.rule = rule;
    this.dictionary = Dictionary.of(delimiters.standard());
    this.document = delimiters.standard().document();
    this.elements = new ElementJudge(version, delimiters, options.codes(), latin);
    this.totals = delimiters.standard() == Standard.EDIFACT ? new ControlTotals(delimiters) : null;
    this.delimiters = delimiters;
    this.required = options.sets().getOrDefault(rule.id(), Set.of());
    this.root = new LoopNode(rule.root());
    this.top = new Frame(null, root);
  }

  /** A loop that is open, and how far it was read. */
  private static final class Frame {
    final Frame parent;
    final LoopNode node;
    final int[] counts;
    int at;

    Frame(Frame parent, LoopNode node) {
      this.parent = parent;
      this.node = node;
      this.counts = new int[node.rule.parts().size()];
    }

    boolean open(Loop loop) {
      return loop.afterLs() < 0 || counts[loop.afterLs()] > 0;
    }
  }

  LoopNode tree() {
    return root;
  }

  List<EdiFault> faults() {
    return faults;
  }

  /** How many faults there are beyond those that are told. */
  int dropped() {
    return dropped;
  }

  /** The weight of the worst of them. */
  Weight worstDropped() {
    return worstDropped;
  }

  /** Lets go of what was read and keeps nothing from here on; judging goes on. */
  void forget() {
    keeping = false;
    for (var frame = top; frame != null; frame = frame.parent) {
      frame.node.children.clear();
    }
  }

  /** Judges the next segment. */
  void segment(Segment segment) {
    var id = segment.id();
    boolean placed = find(segment) || late(segment);
    if (!placed) {
      misplaced(segment);
    }
    var known = dictionary.rule(id);
    // what does not belong here at all is not told about its elements, too
    if (known != null && (placed || rule.segments().contains(id))) {
      elements.judge(segment, known, top.node.rule.name(), this::add);
    }
    if (id.equals(COUNTED.get(rule.id()))) {
      counted++;
    }
    if (!required.isEmpty()) {
      required(segment);
    }
    if (totals != null) {
      totals.segment(segment);
    }
    switch (id) {
      case "HL" -> level(segment);
      case "CPS" -> {
        if (delimiters.standard() == Standard.EDIFACT) {
          level(segment);
        }
      }
      case "DTM" -> {
        if (delimiters.standard() == Standard.EDIFACT) {
          elements.period(segment, top.node.rule.name(), this::add);
        }
      }
      case "CTT" -> total(segment);
      default -> {
        // judged already
      }
    }
  }

  /** Says what is still missing when SE comes. */
  void end(Segment trailer) {
    for (var frame = top; frame != null; frame = frame.parent) {
      missing(frame, frame.node.rule.parts().size(), trailer);
    }
    for (var name : required) {
      if (!seen.contains(segmentOf(name))) {
        agreed(name, trailer);
      }
    }
    if (totals != null) {
      totals.end(this::add);
    }
  }

  /** The segment a name speaks of: BEG of BEG05, and N1 of N1. */
  private String segmentOf(String name) {
    return rule.segments().contains(name) ? name : name.substring(0, name.length() - 2);
  }

  private void agreed(String name, Segment trailer) {
    var id = segmentOf(name);
    if (missed.containsKey(id) || !seen.add(id)) {
      return;
    }
    add(
        new EdiFault(
            Level.SEGMENT,
            Weight.GRAVE,
            "3",
            new Place(id, trailer.position(), "", 0, 0, "", trailer.line(), trailer.offset()),
            "",
            "Segment " + named(id) + " is missing.",
            "It was agreed with this partner that a " + document + ' ' + rule.id() + " has it.",
            ""));
  }

  private void required(Segment segment) {
    seen.add(segment.id());
    for (var name : required) {
      if (name.length() == segment.id().length() + 2 && name.startsWith(segment.id())) {
        int element = Integer.parseInt(name.substring(segment.id().length()));
        if (segment.element(element).isBlank()) {
          var known = dictionary.rule(segment.id());
          var part =
              known == null || element > known.parts().size()
                  ? null
                  : known.parts().get(element - 1);
          if (part != null && part.mandatory()) {
            continue; // told already
          }
          add(
              new EdiFault(
                  Level.ELEMENT,
                  Weight.GRAVE,
                  "1",
                  new Place(
                      segment.id(),
                      segment.position(),
                      top.node.rule.name(),
                      element,
                      0,
                      part == null ? "" : part.rule().number(),
                      segment.line(),
                      segment.offset()),
                  "",
                  name
                      + (part == null ? "" : " (" + part.rule().name() + ")")
                      + " is missing; it must be there.",
                  "It was agreed with this partner that a "
                      + document
                      + ' '
                      + rule.id()
                      + " has it.",
                  ""));
        }
      }
    }
  }

  private boolean find(Segment segment) {
    Frame full = null;
    int fullAt = 0;
    for (var frame = top; frame != null; frame = frame.parent) {
      var parts = frame.node.rule.parts();
      // the first segment of a loop opens it: another one is the loop above beginning again
      for (int i = frame.parent == null ? frame.at : Math.max(1, frame.at); i < parts.size(); i++) {
        var part = parts.get(i);
        if (!part.trigger().equals(segment.id())
            || part instanceof Loop loop && !frame.open(loop)) {
          continue;
        }
        if (frame.counts[i] < part.max()) {
          place(frame, i, segment);
          return true;
        }
        if (full == null) {
          full = frame;
          fullAt = i;
        }
      }
    }
    if (full == null) {
      return false;
    }
    var part = full.node.rule.parts().get(fullAt);
    boolean loop = part instanceof Loop;
    place(full, fullAt, segment);
    add(
        fault(
            loop ? "4" : "5",
            // where one is allowed nobody can say which of two was meant
            part.max() == 1 ? Weight.GRAVE : Weight.ERROR,
            segment,
            (loop ? "Loop " + segment.id() : "Segment " + named(segment.id()))
                + " comes "
                + full.counts[fullAt]
                + " times; it may come "
                + (part.max() == 1 ? "once" : part.max() + " times")
                + " here.",
            ""));
    return true;
  }

  private void place(Frame frame, int index, Segment segment) {
    for (var closing = top; closing != frame; closing = closing.parent) {
      missing(closing, closing.node.rule.parts().size(), segment);
    }
    missing(frame, index, segment);
    top = frame;
    frame.at = Math.max(frame.at, index);
    frame.counts[index]++;
    if (frame.node.rule.parts().get(index) instanceof Loop loop) {
      var node = new LoopNode(loop);
      keep(frame.node, node);
      top = new Frame(frame, node);
      top.counts[0] = 1;
      keep(node, segment);
    } else {
      keep(frame.node, segment);
    }
  }

  private void keep(LoopNode node, Object child) {
    if (keeping) {
      node.children.add(child);
    }
  }

  // What had to come between where this loop was read and this index, and did not.
  private void missing(Frame frame, int until, Segment before) {
    var parts = frame.node.rule.parts();
    for (int i = frame.at; i < until; i++) {
      var part = parts.get(i);
      if (part.mandatory() && frame.counts[i] == 0) {
        var id = part.trigger();
        frame.counts[i] = 1;
        var loop = frame.node.rule.name();
        var fault =
            new EdiFault(
                Level.SEGMENT,
                Weight.GRAVE,
                "3",
                new Place(id, before.position(), loop, 0, 0, "", before.line(), before.offset()),
                "",
                "Segment "
                    + named(id)
                    + " is missing; it must come before "
                    + before.id()
                    + " here.",
                "A "
                    + document
                    + ' '
                    + rule.id()
                    + (loop.isEmpty()
                        ? " has it"
                        : " has it in every loop " + frame.node.rule.trigger())
                    + ".",
                "");
        missed.put(id, add(fault));
      }
    }
  }

  private void misplaced(Segment segment) {
    var id = segment.id();
    if (!dictionary.knowsSegment(id)) {
      add(
          fault(
              "1",
              Weight.ERROR,
              segment,
              "'"
                  + Values.shown(id)
                  + "' is no segment of "
                  + delimiters.standard().title()
                  + " that Serai knows.",
              id.matches("[A-Z][A-Z0-9]{1,2}")
                  ? "Expected: a segment of " + document + ' ' + rule.id() + "."
                  : "A segment begins with two or three capitals or digits; perhaps a line break or a"
                      + " terminator stands inside a value."));
    } else if (!rule.segments().contains(id)) {
      add(
          fault(
              "6",
              Weight.ERROR,
              segment,
              "Segment "
                  + named(id)
                  + " does not belong in "
                  + document
                  + ' '
                  + rule.id()
                  + " ("
                  + rule.name()
                  + ").",
              "Leave it out."));
    } else {
      add(
          fault(
              "2",
              Weight.GRAVE,
              segment,
              "Segment " + named(id) + " may not stand here" + after(segment) + ".",
              "Expected: " + next() + "."));
    }
  }

  // A segment that should have come earlier in a loop that is open is taken where it belongs.
  private boolean late(Segment segment) {
    var id = segment.id();
    for (var frame = top; frame != null; frame = frame.parent) {
      var parts = frame.node.rule.parts();
      for (int i = frame.parent == null ? 0 : 1; i < frame.at; i++) {
        if (!parts.get(i).trigger().equals(id)
            || parts.get(i) instanceof Loop loop && !frame.open(loop)) {
          continue;
        }
        // it was said to be missing, and now it is known that it only stands too late
        var missing = missed.remove(id);
        if (missing != null && faults.remove(missing)) {
          frame.counts[i] = 0;
        }
        if (frame.counts[i] >= parts.get(i).max()) {
          continue;
        }
        var before = follower(frame, i);
        place(frame, i, segment);
        add(
            fault(
                "7",
                Weight.ERROR,
                segment,
                "Segment " + named(id) + " comes too late.",
                "It stands before " + before + "."));
        return true;
      }
    }
    return false;
  }

  private static String follower(Frame frame, int index) {
    var parts = frame.node.rule.parts();
    for (int j = index + 1; j < frame.at; j++) {
      if (frame.counts[j] > 0) {
        return parts.get(j).trigger();
      }
    }
    return parts.get(frame.at).trigger();
  }

  private String after(Segment segment) {
    var children = top.node.children;
    if (children.isEmpty()) {
      return "";
    }
    var last = children.get(children.size() - 1);
    return last instanceof Segment before ? " after " + before.id() : "";
  }

  private String next() {
    var ids =
        top.node.rule.parts().stream()
            .skip(top.at)
            .filter(part -> part.mandatory() || dictionary.rule(part.trigger()) != null)
            .map(SetRule.Part::trigger)
            .distinct()
            .limit(8)
            .collect(Collectors.joining(", "));
    return ids.isEmpty() ? "the end of the loop" : ids + ", or what follows the loop";
  }

  // Ids of levels are unique, and a parent stands before its children.
  private void level(Segment segment) {
    var id = segment.id();
    var own = segment.element(1);
    var parent = segment.element(2);
    if (!parent.isEmpty() && !levels.contains(parent)) {
      add(
          hierarchy(
              segment,
              2,
              parent,
              id
                  + "02 (parent hierarchical number) is '"
                  + Values.shown(parent)
                  + "', and no "
                  + id
                  + " before this one has that number.",
              "Expected: the " + id + "01 of the level this one belongs to."));
    }
    if (!own.isEmpty() && !levels.add(own)) {
      add(
          hierarchy(
              segment,
              1,
              own,
              id
                  + "01 (hierarchical number) is '"
                  + Values.shown(own)
                  + "', which an "
                  + id
                  + " before this one has already.",
              "Expected: a number of its own, usually one more than the last."));
    }
  }

  private EdiFault hierarchy(
      Segment segment, int element, String value, String what, String expected) {
    var known = dictionary.rule(segment.id());
    return new EdiFault(
        Level.ELEMENT,
        Weight.ERROR,
        "7",
        new Place(
            segment.id(),
            segment.position(),
            top.node.rule.name(),
            element,
            0,
            known == null ? "" : known.parts().get(element - 1).rule().number(),
            segment.line(),
            segment.offset()),
        value,
        what,
        expected,
        "");
  }

  private void total(Segment segment) {
    var what = COUNTED.get(rule.id());
    var claimed = segment.element(1);
    if (what == null || !claimed.matches("\\d{1,6}") || Integer.parseInt(claimed) == counted) {
      return;
    }
    var elements = new ArrayList<>(segment.elements());
    elements.set(0, Integer.toString(counted));
    add(
        new EdiFault(
            Level.ELEMENT,
            Weight.NOTE,
            "",
            Place.of(segment, 1),
            claimed,
            "CTT01 (number of line items) says "
                + claimed
                + ", and the set has "
                + counted
                + " "
                + what
                + (counted == 1 ? " segment." : " segments."),
            "Partners count differently, so this alone refuses nothing.",
            new Segment("CTT", elements, 0, 0, 0).text(delimiters)));
  }

  private String named(String id) {
    var known = dictionary.rule(id);
    return known == null ? id : id + " (" + known.name() + ")";
  }

  private EdiFault fault(
      String code, Weight weight, Segment segment, String what, String expected) {
    return new EdiFault(
        Level.SEGMENT,
        weight,
        code,
        new Place(
            segment.id(),
            segment.position(),
            top.node.rule.name(),
            0,
            0,
            "",
            segment.line(),
            segment.offset()),
        segment.text(delimiters),
        what,
        expected,
        "");
  }

  // X12's codes are translated here, where all faults pass.
  private EdiFault add(EdiFault judged) {
    var fault = delimiters.standard() == Standard.EDIFACT ? SyntaxErrors.of(judged) : judged;
    if (faults.size() < SetReport.MOST_FAULTS) {
      faults.add(fault);
    } else {
      dropped++;
      worstDropped = fault.weight().compareTo(worstDropped) > 0 ? fault.weight() : worstDropped;
    }
    return fault;
  }
}
