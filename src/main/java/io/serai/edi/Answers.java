package io.serai.edi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a partner says of what we sent: a 997, 999, TA1, 824 or CONTRL, in words.
 *
 * <p>Guarantee: an answer that names a set names it as we did; what it says of segments and
 * elements is told with their names, places and values. Gap: a code that is not in X12's list is
 * told as it stands.
 */
public final class Answers {
  private static final Map<String, String> SEGMENT =
      Map.of(
          "1", "is not known",
          "2", "was not expected there",
          "3", "is missing",
          "4", "begins its loop too often",
          "5", "comes too often",
          "6", "does not belong in the set",
          "7", "comes out of order",
          "8", "has elements at fault");
  private static final Map<String, String> ELEMENT =
      Map.ofEntries(
          Map.entry("1", "is missing"),
          Map.entry("2", "is missing beside what stands there"),
          Map.entry("3", "is one element too many"),
          Map.entry("4", "is too short"),
          Map.entry("5", "is too long"),
          Map.entry("6", "has a character that may not be there"),
          Map.entry("7", "is no code they take"),
          Map.entry("8", "is no date"),
          Map.entry("9", "is no time"),
          Map.entry("10", "may not stand beside what is there"));
  private static final Map<String, String> SET =
      Map.of(
          "1", "they do not take such sets",
          "2", "SE is missing",
          "3", "ST02 and SE02 differ",
          "4", "the number of segments is wrong",
          "5", "segments are at fault",
          "6", "ST01 is wrong",
          "7", "ST02 is wrong",
          "23", "ST02 was used before in the group");
  private static final Map<String, String> GROUP =
      Map.of(
          "1", "they do not take such groups",
          "2", "they do not take its version",
          "3", "GE is missing",
          "4", "GS06 and GE02 differ",
          "5", "the number of sets is wrong",
          "6", "GS06 is wrong",
          "19", "GS06 was used before");
  private static final Map<String, String> INTERCHANGE =
      Map.ofEntries(
          Map.entry("001", "ISA13 and IEA02 differ"),
          Map.entry("002", "they do not take its version"),
          Map.entry("005", "the sender's qualifier is wrong"),
          Map.entry("006", "the sender's id is not known to them"),
          Map.entry("007", "the receiver's qualifier is wrong"),
          Map.entry("008", "the receiver's id is not theirs"),
          Map.entry("020", "the usage indicator is wrong"),
          Map.entry("021", "the number of groups is wrong"),
          Map.entry("022", "its control structure is wrong"),
          Map.entry("023", "it does not end"),
          Map.entry("024", "its content is wrong"),
          Map.entry("025", "the control number was used before"));

  private Answers() {}

  /**
   * What is said of one set of ours.
   *
   * @param set its number, or empty when all of a group are meant
   * @param control its control number, or empty
   * @param accepted whether it was taken, with errors or without
   * @param code why not, as the partner writes it, or null
   * @param reason why not, in words, or null
   */
  public record OfSet(String set, String control, boolean accepted, String code, String reason) {}

  /**
   * What a 997 or 999 says of one group of ours.
   *
   * @param functionalId its kind (GS01)
   * @param control its number (GS06)
   * @param accepted whether sets of it that are not named were taken
   * @param reason why not, in words, or null
   */
  public record OfGroup(
      String functionalId, String control, boolean accepted, String reason, List<OfSet> sets) {
    /** Fixes the sets. */
    public OfGroup {
      sets = List.copyOf(sets);
    }
  }

  /**
   * What a TA1 says of one interchange of ours.
   *
   * @param control its number (ISA13)
   * @param reason why not, in words, or null
   */
  public record OfInterchange(String control, boolean accepted, String code, String reason) {}

  /**
   * What an 824 says of one document of ours.
   *
   * @param reference the number it is known by
   * @param set its set's number, or empty
   * @param group its group's control number, or empty
   * @param control its set's control number, or empty
   * @param reason why not, in words, or null
   */
  public record OfDocument(
      String reference,
      String set,
      String group,
      String control,
      boolean accepted,
      String code,
      String reason) {}

  /**
   * What a CONTRL says of one interchange of ours.
   *
   * @param control its reference (UNB05)
   * @param accepted whether messages of it that are not named were taken
   * @param code why not, as the partner writes it, or null
   * @param reason why not, in words, or null
   * @param messages what is said of single messages
   */
  public record OfWhole(
      String control, boolean accepted, String code, String reason, List<OfSet> messages) {
    /** Fixes the messages. */
    public OfWhole {
      messages = List.copyOf(messages);
    }
  }

  /** Reads the segments of a CONTRL; that an interchange came (action 8) is taken as a yes. */
  public static OfWhole contrl(List<Segment> segments, Delimiters delimiters) {
    var control = "";
    var accepted = false;
    String code = null;
    String reason = null;
    var messages = new ArrayList<OfSet>();
    Segment message = null;
    var position = "";
    var words = new ArrayList<String>();
    for (var segment : segments) {
      switch (segment.id()) {
        case "UCI" -> {
          control = segment.element(1).strip();
          accepted = List.of("7", "8").contains(segment.element(4));
          code = accepted ? null : segment.element(5);
          reason = accepted ? null : refusal(segment, 5, "the interchange", delimiters) + ".";
        }
        case "UCF" -> {
          if (!segment.element(4).equals("7")) {
            accepted = false;
            code = segment.element(5);
            reason = refusal(segment, 5, "the group", delimiters) + ".";
          }
        }
        case "UCM" -> {
          message(message, words, delimiters).ifPresent(messages::add);
          message = segment;
          words = new ArrayList<>();
        }
        case "UCS" -> {
          position = segment.element(1);
          if (!segment.element(2).isEmpty()) {
            words.add(
                "segment "
                    + position
                    + " of the message: "
                    + SyntaxErrors.words(segment.element(2)));
          }
        }
        case "UCD" -> words.add(element(segment, position, delimiters));
        default -> {
          // nothing that is said of ours
        }
      }
    }
    message(message, words, delimiters).ifPresent(messages::add);
    return new OfWhole(control, accepted, code, reason, messages);
  }

  private static Optional<OfSet> message(Segment ucm, List<String> words, Delimiters delimiters) {
    if (ucm == null) {
      return Optional.empty();
    }
    var type = ucm.component(2, 1, delimiters);
    var reference = ucm.element(1).strip();
    if (ucm.element(3).equals("7")) {
      return Optional.of(new OfSet(type, reference, true, null, null));
    }
    var said = new ArrayList<>(words);
    if (said.isEmpty() || !ucm.element(4).isEmpty()) {
      said.add(0, refusal(ucm, 4, "the message", delimiters));
    }
    return Optional.of(
        new OfSet(type, reference, false, ucm.element(4), String.join("; ", said) + "."));
  }

  // What stands behind an action that refuses: code, segment of the envelope, element in it.
  private static String refusal(Segment segment, int from, String what, Delimiters delimiters) {
    var code = segment.element(from);
    if (code.isEmpty()) {
      return what + " was refused";
    }
    var tag = segment.element(from + 1);
    var place = place(segment, from + 2, delimiters);
    return what
        + " was refused"
        + (tag.isEmpty() ? "" : " at " + tag + place)
        + ": "
        + SyntaxErrors.words(code);
  }

  private static String element(Segment ucd, String position, Delimiters delimiters) {
    var place = place(ucd, 2, delimiters);
    return "element "
        + (place.isEmpty() ? "without a place" : place)
        + " of segment "
        + position
        + " of the message: "
        + SyntaxErrors.words(ucd.element(1));
  }

  // 0098 counts the segment's own tag as the first.
  private static String place(Segment segment, int element, Delimiters delimiters) {
    var position = segment.component(element, 1, delimiters);
    if (!position.matches("\\d{1,3}") || Integer.parseInt(position) < 2) {
      return "";
    }
    var component = segment.component(element, 2, delimiters);
    return "%02d".formatted(Integer.parseInt(position) - 1)
        + (component.isEmpty() ? "" : "-" + component);
  }

  /** Reads a TA1. */
  public static OfInterchange interchange(Segment ta1) {
    boolean accepted = !ta1.element(4).equals("R");
    var code = ta1.element(5);
    return new OfInterchange(
        ta1.element(1).strip(),
        accepted,
        code,
        accepted ? null : said(INTERCHANGE, "TA105", code) + ".");
  }

  /** Reads the segments of a 997 or 999. */
  public static OfGroup group(List<Segment> segments) {
    var functionalId = "";
    var control = "";
    boolean accepted = true;
    String reason = null;
    var sets = new ArrayList<OfSet>();
    Segment set = null;
    Segment bad = null;
    var words = new ArrayList<String>();
    for (var segment : segments) {
      switch (segment.id()) {
        case "AK1" -> {
          functionalId = segment.element(1);
          control = segment.element(2);
        }
        case "AK2" -> {
          set = segment;
          bad = null;
          words.clear();
        }
        case "AK3", "IK3" -> {
          bad = segment;
          if (!segment.element(4).equals("8") && !segment.element(4).equals("I8")) {
            words.add(segment(segment));
          }
        }
        case "AK4", "IK4" -> words.add(element(bad, segment));
        case "AK5", "IK5" -> {
          if (set != null) {
            sets.add(set(set, segment, words));
          }
          set = null;
        }
        case "AK9" -> {
          var letter = segment.element(1);
          accepted = letter.equals("A") || letter.equals("E") || letter.equals("P");
          reason = accepted ? null : codes(GROUP, "AK905", segment, 5, "the group was refused");
        }
        default -> {
          // nothing that is said of a set
        }
      }
    }
    return new OfGroup(functionalId, control, accepted, reason, sets);
  }

  private static OfSet set(Segment set, Segment result, List<String> words) {
    boolean accepted = result.element(1).equals("A") || result.element(1).equals("E");
    if (accepted) {
      return new OfSet(set.element(1), set.element(2).strip(), true, null, null);
    }
    var reason =
        words.isEmpty()
            ? codes(SET, "AK502", result, 2, "the set was refused")
            : String.join("; ", words) + ".";
    var code = result.element(2).isEmpty() ? result.element(1) : result.element(2);
    return new OfSet(set.element(1), set.element(2).strip(), false, code, reason);
  }

  private static String codes(
      Map<String, String> list, String name, Segment segment, int from, String otherwise) {
    var words = new ArrayList<String>();
    for (int i = from; i <= segment.elements().size(); i++) {
      if (!segment.element(i).isEmpty()) {
        words.add(said(list, name, segment.element(i)));
      }
    }
    return (words.isEmpty() ? otherwise : String.join("; ", words)) + ".";
  }

  private static String segment(Segment ak3) {
    return "segment %s (the %s. of the set) %s"
        .formatted(ak3.element(1), ak3.element(2), said(SEGMENT, "AK304", ak3.element(4)));
  }

  private static String element(Segment ak3, Segment ak4) {
    var place = ak4.element(1).replaceAll("[^0-9].*", "");
    var name =
        ak3 == null
            ? "element " + place
            : ak3.element(1)
                + (place.length() == 1 ? "0" + place : place)
                + " (segment "
                + ak3.element(2)
                + " of the set)";
    var value = ak4.element(4).isEmpty() ? "" : " '" + ak4.element(4) + "'";
    return name + value + ' ' + said(ELEMENT, "AK403", ak4.element(3));
  }

  private static String said(Map<String, String> list, String name, String code) {
    var words = list.get(code.startsWith("I") ? code.substring(1) : code);
    return words == null ? "for reason '" + Values.shown(code) + "' (" + name + ")" : words;
  }

  /** Reads the segments of an 824. */
  public static List<OfDocument> documents(List<Segment> segments) {
    var documents = new ArrayList<OfDocument>();
    Segment open = null;
    var words = new ArrayList<String>();
    String code = null;
    for (var segment : segments) {
      if (segment.id().equals("OTI")) {
        if (open != null) {
          documents.add(document(open, code, words));
        }
        open = segment;
        words = new ArrayList<>();
        code = null;
      } else if (segment.id().equals("TED")) {
        code = code == null ? segment.element(1) : code;
        words.add(technical(segment));
      } else if (segment.id().equals("NTE") && open != null) {
        words.add(segment.element(2));
      }
    }
    if (open != null) {
      documents.add(document(open, code, words));
    }
    return documents;
  }

  private static OfDocument document(Segment oti, String code, List<String> words) {
    boolean accepted = !oti.element(1).endsWith("R");
    return new OfDocument(
        oti.element(3).strip(),
        oti.element(10),
        oti.element(8),
        oti.element(9),
        accepted,
        accepted ? null : code == null ? oti.element(1) : code,
        accepted
            ? null
            : words.isEmpty() ? "no reason was given." : String.join("; ", words) + ".");
  }

  private static String technical(Segment ted) {
    var text = ted.element(2).isEmpty() ? "error " + ted.element(1) : ted.element(2);
    var where =
        ted.element(3).isEmpty()
            ? ""
            : " in "
                + ted.element(3)
                + (ted.element(5).length() == 1 ? "0" + ted.element(5) : ted.element(5));
    var value = ted.element(7).isEmpty() ? "" : ", '" + ted.element(7) + "'";
    return text + where + value;
  }
}
