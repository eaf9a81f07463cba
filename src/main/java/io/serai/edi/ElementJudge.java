package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import io.serai.edi.SegmentRule.Part;
import io.serai.edi.SegmentRule.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Judges the elements of one segment at a time: presence, length, characters, numbers, dates, codes
 * and the rules between elements.
 *
 * <p>Guarantee: one fault for one element, the one that says most; a date of six digits is called a
 * bad date, not a short one.
 */
final class ElementJudge {
  private final Version version;
  private final Delimiters delimiters;
  private final boolean edifact;
  private final Map<String, Set<String>> partnerCodes;
  private final String latin;

  ElementJudge(Version version, Delimiters delimiters, Map<String, Set<String>> partnerCodes) {
    this(version, delimiters, partnerCodes, "");
  }

  /**
   * Judges what was read as ISO 8859-1 for UTF-8, too.
   *
   * @param latin the syntax identifier for which it was read so; empty for none
   */
  ElementJudge(
      Version version, Delimiters delimiters, Map<String, Set<String>> partnerCodes, String latin) {
    this.latin = latin;
    this.version = version;
    this.delimiters = delimiters;
    this.edifact = delimiters.standard() == Standard.EDIFACT;
    this.partnerCodes = partnerCodes;
  }

  /** What is being judged, so that a fault can say where it is. */
  private record Spot(Segment segment, String loop, int element, int component, ElementRule rule) {
    Place place() {
      return new Place(
          segment.id(),
          segment.position(),
          loop,
          element,
          component,
          rule == null || rule.type() == ElementRule.Type.COMPOSITE ? "" : rule.number(),
          segment.line(),
          segment.offset());
    }

    String name() {
      return place().name() + (rule == null ? "" : " (" + rule.name() + ")");
    }
  }

  /** Judges a segment in this loop and tells its faults in the order of its elements. */
  void judge(Segment segment, SegmentRule rule, String loop, Consumer<EdiFault> faults) {
    int count = segment.elements().size();
    var parts = rule.parts();
    for (int i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      var value = i < count ? segment.elements().get(i) : "";
      if (blank(value)) {
        if (part.mandatory()) {
          faults.accept(missing(new Spot(segment, loop, i + 1, 0, part.rule())));
        }
      } else if (part.composite() != null) {
        composite(segment, loop, i + 1, part, value, faults);
      } else {
        value(new Spot(segment, loop, i + 1, 0, part.rule()), value, faults);
      }
    }
    surplus(segment, rule, loop, faults);
    relations(segment, rule, loop, faults);
  }

  private void surplus(Segment segment, SegmentRule rule, String loop, Consumer<EdiFault> faults) {
    int known = rule.parts().size();
    int count = segment.elements().size();
    if (count <= known || version == Version.V5010) {
      return;
    }
    var spot = new Spot(segment, loop, known + 1, 0, null);
    boolean empty = segment.elements().subList(known, count).stream().allMatch(String::isEmpty);
    var what =
        "Segment "
            + segment.id()
            + " ("
            + rule.name()
            + ") has "
            + count
            + " elements; it may have "
            + known
            + ".";
    var corrected =
        new Segment(
                segment.id(),
                segment.elements().subList(0, known),
                0,
                segment.line(),
                segment.offset())
            .text(delimiters);
    faults.accept(
        new EdiFault(
            Level.ELEMENT,
            empty ? Weight.NOTE : Weight.ERROR,
            empty ? "" : "3",
            spot.place(),
            segment.element(known + 1),
            empty ? what + " The surplus ones are empty and were dropped." : what,
            "Nothing stands after " + segment.id() + "%02d.".formatted(known),
            empty ? corrected : ""));
  }

  private EdiFault missing(Spot spot) {
    return new EdiFault(
        Level.ELEMENT,
        Weight.GRAVE,
        "1",
        spot.place(),
        "",
        spot.name() + " is missing; it must be there.",
        "Expected: " + spot.rule().expected(version) + ".",
        "");
  }

  private void composite(
      Segment segment,
      String loop,
      int element,
      Part part,
      String value,
      Consumer<EdiFault> faults) {
    var whole = new Spot(segment, loop, element, 0, part.rule());
    if (edifact && repeats(value)) {
      // which elements may repeat, directory D.96A does not say: all of them are judged
      for (var one : value.split(String.valueOf(delimiters.repetitions()), -1)) {
        composite(segment, loop, element, part, one, faults);
      }
      return;
    }
    if (repeated(whole, value, faults)) {
      return;
    }
    var values = components(value);
    var inner = part.composite();
    for (int i = 0; i < inner.parts().size(); i++) {
      var one = inner.parts().get(i);
      var text = i < values.size() ? values.get(i) : "";
      var spot = new Spot(segment, loop, element, i + 1, one.rule());
      if (!blank(text)) {
        value(spot, text, faults);
      } else if (one.mandatory()) {
        faults.accept(missing(spot));
      }
    }
    if (values.size() > inner.parts().size()) {
      faults.accept(
          fault(
              whole,
              version == Version.V5010 ? "13" : "3",
              value,
              whole.name()
                  + " has "
                  + values.size()
                  + " components; it may have "
                  + inner.parts().size()
                  + ".",
              "",
              ""));
    }
  }

  private List<String> components(String value) {
    var values = new ArrayList<String>(4);
    int from = 0;
    for (int cut; (cut = value.indexOf(delimiters.components(), from)) >= 0; from = cut + 1) {
      values.add(value.substring(from, cut));
    }
    values.add(value.substring(from));
    return values;
  }

  private boolean repeats(String value) {
    return delimiters.repetitions() != 0 && value.indexOf(delimiters.repetitions()) >= 0;
  }

  private boolean repeated(Spot spot, String value, Consumer<EdiFault> faults) {
    if (!repeats(value)) {
      return false;
    }
    faults.accept(
        fault(
            spot,
            version == Version.V5010 ? "12" : "6",
            value,
            spot.name()
                + " holds '"
                + delimiters.repetition()
                + "', which this interchange declares as its repetition separator.",
            "This element does not repeat; the character cannot stand in a value.",
            with(spot, meant(value))));
    return true;
  }

  // What can be escaped was perhaps meant as it stands there; in X12 nothing can.
  private String meant(String value) {
    return value
        .replace(delimiters.components(), edifact ? delimiters.component() : ' ')
        .replace(delimiters.repetitions(), edifact ? delimiters.repetition() : ' ');
  }

  private void value(Spot spot, String value, Consumer<EdiFault> faults) {
    if (spot.component() == 0) {
      if (value.indexOf(delimiters.components()) >= 0) {
        faults.accept(
            fault(
                spot,
                version == Version.V5010 ? "13" : "6",
                value,
                spot.name()
                    + " holds '"
                    + delimiters.component()
                    + "', which this interchange declares as its component separator.",
                edifact
                    ? "This element has no components; where the character is meant, "
                        + Delimiters.shown(delimiters.release())
                        + " stands before it."
                    : "The character cannot stand in a value; X12 has no way to escape it.",
                with(spot, meant(value))));
        return;
      }
      if (repeated(spot, value, faults)) {
        return;
      }
    }
    var rule = spot.rule();
    if (!latin.isEmpty()) {
      var meant = Utf8.hidden(value);
      if (meant != null) {
        faults.accept(utf8(spot, value, meant));
        return;
      }
    }
    var problem =
        switch (rule.type()) {
          case DATE -> Values.date(value, rule.longest());
          case TIME -> Values.time(value, rule.longest());
          case DECIMAL -> edifact ? Values.decimal(value) : Values.number(value, true, 0);
          case WHOLE -> Values.number(value, false, rule.decimals());
          default -> Values.text(value);
        };
    if (problem != null) {
      faults.accept(
          fault(
              spot,
              problem.code(),
              value,
              spot.name() + " is '" + Values.shown(value) + "', " + problem.what() + ".",
              "Expected: " + rule.expected(version) + ".",
              problem.instead() == null ? "" : with(spot, problem.instead())));
      return;
    }
    if (rule.type() != ElementRule.Type.DATE && rule.type() != ElementRule.Type.TIME) {
      length(spot, value, faults);
    }
  }

  private EdiFault utf8(Spot spot, String value, String meant) {
    return fault(
        spot,
        "6",
        value,
        "%s is '%s', which is UTF-8, and UNB01 says %s."
            .formatted(spot.name(), Values.shown(value), latin),
        "Expected: the bytes of %s, or syntax UNOW or UNOY; what is UTF-8 all the same is read so with --utf8, or with 'character-set: utf-8' in the partner's profile."
            .formatted(latin),
        with(spot, meant));
  }

  private void length(Spot spot, String value, Consumer<EdiFault> faults) {
    var rule = spot.rule();
    boolean number =
        rule.type() == ElementRule.Type.WHOLE || rule.type() == ElementRule.Type.DECIMAL;
    int length = number ? Values.digits(value) : value.length();
    int longest = rule.longest(version);
    if (length > longest) {
      var cut =
          rule.type() == ElementRule.Type.FREE_TEXT
              ? value.substring(0, longest).stripTrailing()
              : rule.type() == ElementRule.Type.DECIMAL
                  ? Values.shorter(value, longest)
                  : value.stripTrailing().length() <= longest ? value.stripTrailing() : null;
      faults.accept(
          fault(
              spot,
              "5",
              value,
              spot.name()
                  + " is '"
                  + Values.shown(value)
                  + "', "
                  + length
                  + (number ? " digits" : " characters")
                  + " long.",
              "Expected: " + rule.expected(version) + ".",
              cut == null ? "" : with(spot, cut)));
    } else if (length < rule.shortest()) {
      var padded =
          rule.type() == ElementRule.Type.WHOLE && !value.startsWith("-")
              ? "0".repeat(rule.shortest() - length) + value
              : null;
      faults.accept(
          fault(
              spot,
              "4",
              value,
              spot.name()
                  + " is '"
                  + Values.shown(value)
                  + "', only "
                  + length
                  + (number
                      ? length == 1 ? " digit" : " digits"
                      : length == 1 ? " character" : " characters")
                  + " long.",
              "Expected: " + rule.expected(version) + ".",
              padded == null ? "" : with(spot, padded)));
    } else if (rule.type() == ElementRule.Type.CODE) {
      code(spot, value, faults);
    }
  }

  private void code(Spot spot, String value, Consumer<EdiFault> faults) {
    var allowed =
        partnerCodes.isEmpty()
            ? spot.rule().codes()
            : partnerCodes.getOrDefault(spot.place().name(), spot.rule().codes());
    if (allowed.isEmpty() || allowed.contains(value)) {
      return;
    }
    var capital = value.toUpperCase(Locale.ROOT);
    faults.accept(
        fault(
            spot,
            "7",
            value,
            spot.name()
                + " is '"
                + Values.shown(value)
                + "', "
                + (allowed == spot.rule().codes()
                    ? "which " + delimiters.standard().title() + " does not list"
                    : "which was not agreed with this partner")
                + ".",
            allowed.size() <= 12
                ? "Expected: one of " + String.join(", ", allowed.stream().sorted().toList()) + "."
                : "Expected: one of the " + allowed.size() + " codes of the standard.",
            allowed.contains(capital) ? with(spot, capital) : ""));
  }

  private void relations(Segment segment, SegmentRule rule, String loop, Consumer<EdiFault> all) {
    if (rule.relations().isEmpty()) {
      return;
    }
    // several rules may ask for one element; it is missing once
    var told = new HashSet<Integer>();
    Consumer<EdiFault> faults =
        fault -> {
          if (told.add(fault.place().element())) {
            all.accept(fault);
          }
        };
    for (Relation relation : rule.relations()) {
      var places = relation.places();
      switch (relation.kind()) {
        case 'P' -> {
          if (any(segment, places, 0)) {
            absent(segment, rule, loop, places, "come only together", faults);
          }
        }
        case 'R' -> {
          if (!any(segment, places, 0)) {
            faults.accept(
                needs(
                    segment,
                    rule,
                    loop,
                    places[0],
                    "At least one of " + names(segment, places, 0) + " must be there; none is."));
          }
        }
        case 'C' -> {
          if (there(segment, places[0])) {
            absent(segment, rule, loop, places, "", faults);
          }
        }
        case 'L' -> {
          if (there(segment, places[0]) && !any(segment, places, 1)) {
            faults.accept(
                needs(
                    segment,
                    rule,
                    loop,
                    places[1],
                    "With "
                        + name(segment, places[0])
                        + ", at least one of "
                        + names(segment, places, 1)
                        + " must be there; none is."));
          }
        }
        default -> exclusive(segment, rule, loop, places, faults);
      }
    }
  }

  private void absent(
      Segment segment,
      SegmentRule rule,
      String loop,
      int[] places,
      String together,
      Consumer<EdiFault> faults) {
    for (int place : places) {
      if (!there(segment, place)) {
        faults.accept(
            needs(
                segment,
                rule,
                loop,
                place,
                name(segment, place)
                    + " ("
                    + rule.parts().get(place - 1).rule().name()
                    + ") is missing; "
                    + (together.isEmpty()
                        ? name(segment, places[0]) + " asks for it."
                        : names(segment, places, 0) + " " + together + ".")));
        return;
      }
    }
  }

  private void exclusive(
      Segment segment, SegmentRule rule, String loop, int[] places, Consumer<EdiFault> faults) {
    int first = 0;
    for (int place : places) {
      if (there(segment, place)) {
        if (first != 0) {
          var spot = new Spot(segment, loop, place, 0, rule.parts().get(place - 1).rule());
          faults.accept(
              fault(
                  spot,
                  "10",
                  segment.element(place),
                  spot.name() + " must not stand beside " + name(segment, first) + ".",
                  "Expected: only one of " + names(segment, places, 0) + ".",
                  ""));
          return;
        }
        first = place;
      }
    }
  }

  private EdiFault needs(Segment segment, SegmentRule rule, String loop, int place, String what) {
    var spot = new Spot(segment, loop, place, 0, rule.parts().get(place - 1).rule());
    return fault(spot, "2", "", what, "Expected: " + spot.rule().expected(version) + ".", "");
  }

  private static boolean any(Segment segment, int[] places, int from) {
    for (int i = from; i < places.length; i++) {
      if (there(segment, places[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean there(Segment segment, int place) {
    return !blank(segment.element(place));
  }

  /** Judges the date or time of an EDIFACT DTM by the format that stands beside it (2379). */
  void period(Segment segment, String loop, Consumer<EdiFault> faults) {
    var value = segment.component(1, 2, delimiters);
    var format = segment.component(1, 3, delimiters);
    var problem = value.isEmpty() ? null : Values.period(value, format);
    if (problem != null) {
      var part = Dictionary.edifact().rule("C507").parts().get(1);
      var spot = new Spot(segment, loop, 1, 2, part.rule());
      faults.accept(
          fault(
              spot,
              problem.code(),
              value,
              spot.name() + " is '" + Values.shown(value) + "', " + problem.what() + ".",
              "Expected: what format " + format + " says (" + Values.PERIODS.get(format) + ").",
              problem.instead() == null ? "" : with(spot, problem.instead())));
    }
  }

  private static boolean blank(String value) {
    if (value.isEmpty()) {
      return true;
    }
    return value.charAt(0) == ' ' && value.isBlank();
  }

  private static String name(Segment segment, int place) {
    return segment.id() + "%02d".formatted(place);
  }

  private static String names(Segment segment, int[] places, int from) {
    var names = new StringBuilder();
    for (int i = from; i < places.length; i++) {
      names
          .append(i == from ? "" : i == places.length - 1 ? " and " : ", ")
          .append(name(segment, places[i]));
    }
    return names.toString();
  }

  /** The segment with another value at this place, as it would be sent. */
  private String with(Spot spot, String value) {
    var elements = new ArrayList<>(spot.segment().elements());
    int index = spot.element() - 1;
    if (spot.component() == 0) {
      elements.set(index, value);
    } else {
      var parts = components(elements.get(index));
      parts.set(spot.component() - 1, value);
      elements.set(index, String.join(String.valueOf(delimiters.components()), parts));
    }
    return new Segment(spot.segment().id(), elements, 0, 0, 0).text(delimiters);
  }

  private static EdiFault fault(
      Spot spot, String code, String value, String what, String expected, String corrected) {
    return new EdiFault(
        Level.ELEMENT,
        code.equals("6") || code.equals("8") || code.equals("9") ? Weight.GRAVE : Weight.ERROR,
        code,
        spot.place(),
        value,
        what,
        expected,
        corrected);
  }
}
