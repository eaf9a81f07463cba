package io.serai.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An X12 file as the stand-ins see it: segments in sets, sets in groups, groups in interchanges.
 */
final class X12 {

  // Kept, since a logger that nobody holds forgets its level.
  private static final Logger CHATTER = Logger.getLogger("io.xlate.edi");

  private X12() {}

  /** The library tells of unused elements of its own tables and of files without a schema. */
  static void hush() {
    CHATTER.setLevel(Level.SEVERE);
  }

  /**
   * A line of a document.
   *
   * @param elements by their place, from 1; components stand in one text, with {@code >} between
   */
  record Segment(String id, List<String> elements) {

    Segment {
      elements = List.copyOf(elements);
    }

    /** A segment with these elements; {@code null} is an empty one. */
    static Segment of(String id, Object... elements) {
      var texts = new ArrayList<String>();
      for (var element : elements) {
        texts.add(element == null ? "" : element.toString());
      }
      return new Segment(id, texts);
    }

    /** The element at this place, empty when it is absent. */
    String at(int place) {
      return place <= elements.size() ? elements.get(place - 1) : "";
    }

    boolean is(String name, String qualifier) {
      return id.equals(name) && at(1).equals(qualifier);
    }
  }

  /**
   * A document.
   *
   * @param body its segments without ST and SE
   * @param codes what is wrong with its header and trailer, as AK502 says it
   */
  record Set(String type, String control, List<Segment> body, List<String> codes) {

    /** The first segment of this name, or an empty one. */
    Segment first(String id) {
      return all(id).stream().findFirst().orElse(Segment.of(id));
    }

    List<Segment> all(String id) {
      return body.stream().filter(segment -> segment.id().equals(id)).toList();
    }

    /** The place of a segment, ST being 1. */
    int place(Segment segment) {
      for (var i = 0; i < body.size(); i++) {
        if (body.get(i) == segment) {
          return i + 2;
        }
      }
      return body.size() + 2;
    }

    /** What is wrong with an element of a segment of this set; 0 is the segment itself. */
    Fault fault(Segment segment, int element, String code, String sentence) {
      return new Fault(
          segment.id(), place(segment), element, code, segment.at(Math.max(1, element)), sentence);
    }
  }

  /**
   * Documents of one kind.
   *
   * @param kind the functional identifier, such as PO
   * @param codes what is wrong with its header and trailer, as AK905 says it
   */
  record Group(
      String kind,
      String sender,
      String receiver,
      String control,
      String version,
      List<Set> sets,
      List<String> codes) {}

  /** Somebody who exchanges files, as ISA names him. */
  record Party(String qualifier, String id) {}

  /**
   * An envelope.
   *
   * @param answers TA1 segments: what became of interchanges of the other side
   * @param code what is wrong with it, as TA105 says it; 000 for nothing
   */
  record Interchange(
      Party sender,
      Party receiver,
      String control,
      String version,
      String usage,
      List<Group> groups,
      List<Segment> answers,
      String code) {}

  /**
   * Something wrong with a set.
   *
   * @param place of the segment, ST being 1
   * @param element its place in the segment, or 0 for the segment itself
   * @param code as AK304 says it of a segment and AK403 of an element
   */
  record Fault(
      String segment, int place, int element, String code, String value, String sentence) {}

  /** The functional identifier of the groups that a set stands in. */
  static String kind(String type) {
    return switch (type) {
      case "810" -> "IN";
      case "846" -> "IB";
      case "850" -> "PO";
      case "855" -> "PR";
      case "856" -> "SH";
      case "860" -> "PC";
      case "865" -> "CA";
      case "940" -> "OW";
      case "943" -> "AR";
      case "944" -> "RE";
      case "945" -> "SW";
      case "947" -> "AW";
      case "997" -> "FA";
      default -> throw new IllegalArgumentException("Set '" + type + "' is in no group we know.");
    };
  }
}
