package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The CONTRL that answers an interchange of EDIFACT: what became of it and of each message in it.
 *
 * <p>Guarantee: every message is named with whether it was taken, and of one that was refused every
 * fault is told with segment, element and code (0085), each element once; a CONTRL is never
 * acknowledged; of a refused interchange nothing but the interchange is spoken of, and what has no
 * reference to be refused by was refused with its interchange by {@link EdifactReader}. Gap: CONTRL
 * has no word for what was taken with errors, so those are not told; at most 99 elements of a
 * segment are.
 */
public final class Contrl {
  private static final String REFUSED = "4";
  private static final String ACKNOWLEDGED = "7";
  private static final int MOST_ELEMENTS = 99;

  private final InterchangeReport report;
  private final EdifactEnvelope ours;

  /** The answer to this interchange, to whoever it says it is from. */
  public Contrl(InterchangeReport report) {
    this(report, null);
  }

  /** The answer to this interchange in an envelope of ours; a test is answered by a test. */
  public Contrl(InterchangeReport report, EdifactEnvelope ours) {
    this.report = report;
    this.ours =
        ours == null
            ? null
            : ours.withTest("T".equals(report.interchange().usage())).withoutRequest();
  }

  /**
   * The interchange that carries it; empty when what came holds nothing but CONTRL, or names nobody
   * who could be answered.
   */
  public Optional<byte[]> write(int control, LocalDateTime at) {
    var asked = report.interchange();
    if (!answers()
        || !says(asked.sender(), 35)
        || !says(asked.receiver(), 35)
        || !names(asked.control())) {
      return Optional.empty();
    }
    var envelope = ours == null ? EdifactEnvelope.answering(asked) : ours;
    return Optional.of(
        EdifactWriter.write(envelope, control, at, List.of(new Document("CONTRL", body()))));
  }

  /** Whether it is answered: it is more than an answer itself. */
  public boolean answers() {
    var sets = report.groups().stream().flatMap(group -> group.sets().stream()).toList();
    return sets.isEmpty() || !sets.stream().allMatch(set -> Standard.acknowledges(set.id()));
  }

  /** Whether a CONTRL can give this reference back. */
  static boolean names(String reference) {
    return says(reference, 14);
  }

  // What can be given back in any syntax; anything else would refuse the answer itself.
  private static boolean says(String value, int most) {
    return !value.isBlank()
        && value.length() <= most
        && value.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private List<Segment> body() {
    var asked = report.interchange();
    var body = new ArrayList<Segment>();
    boolean taken = report.outcome().taken();
    var uci = new ArrayList<String>();
    uci.add(asked.control());
    uci.add(composite(asked.sender(), back(asked.senderQualifier(), 4)));
    uci.add(composite(asked.receiver(), back(asked.receiverQualifier(), 4)));
    uci.add(taken ? ACKNOWLEDGED : REFUSED);
    if (!taken) {
      uci.addAll(first(report.faults()));
    }
    body.add(segment("UCI", uci));
    for (int i = 0; taken && i < report.groups().size(); i++) {
      group(report.groups().get(i), body);
    }
    return body;
  }

  private void group(GroupReport group, List<Segment> body) {
    var header = group.group();
    boolean refused = Outcome.of(group.faults()) == Outcome.REFUSED;
    if (names(header.control())) {
      var ucf =
          new ArrayList<>(List.of(header.control(), "", "", refused ? REFUSED : ACKNOWLEDGED));
      if (refused) {
        ucf.addAll(first(group.faults()));
      }
      body.add(segment("UCF", ucf));
    }
    for (int i = 0; !refused && i < group.sets().size(); i++) {
      var message = group.sets().get(i);
      if (!Standard.acknowledges(message.id())) {
        message(message, body);
      }
    }
  }

  private void message(SetReport message, List<Segment> body) {
    var version = message.implementation().split("[^A-Za-z0-9.]", -1);
    boolean identified =
        message.id().matches("[A-Z]{6}")
            && version.length >= 3
            && says(version[0], 3)
            && says(version[1], 3)
            && says(version[2], 2);
    var ucm = new ArrayList<String>();
    ucm.add(back(message.control(), 14));
    ucm.add(
        identified
            ? composite(
                message.id(),
                back(version[0], 3),
                back(version[1], 3),
                back(version[2], 2),
                version.length > 3 ? back(version[3], 6) : "")
            : "");
    boolean taken = message.outcome().taken();
    ucm.add(taken ? ACKNOWLEDGED : REFUSED);
    if (!taken) {
      ucm.addAll(first(message.faults().stream().filter(f -> f.level() == Level.SET).toList()));
    }
    body.add(segment("UCM", ucm));
    if (!taken) {
      segments(message, body);
    }
  }

  /** What came, or nothing where it cannot be given back. */
  static String back(String value, int most) {
    return says(value, most) ? value : "";
  }

  private void segments(SetReport message, List<Segment> body) {
    var byPlace = new LinkedHashMap<Integer, List<EdiFault>>();
    for (var fault : message.faults()) {
      if (fault.counts() && fault.level().compareTo(Level.SEGMENT) >= 0) {
        byPlace.computeIfAbsent(fault.place().position(), k -> new ArrayList<>()).add(fault);
      }
    }
    byPlace.forEach(
        (position, faults) -> {
          var whole = faults.stream().filter(f -> f.level() == Level.SEGMENT).findFirst();
          body.add(
              segment(
                  "UCS",
                  List.of(Integer.toString(position), whole.map(EdiFault::code).orElse(""))));
          Set<String> told = new LinkedHashSet<>();
          for (var fault : faults) {
            // one value is told one thing, the first
            if (fault.level() == Level.ELEMENT
                && told.size() < MOST_ELEMENTS
                && told.add(fault.place().name())) {
              body.add(segment("UCD", List.of(fault.code(), element(fault))));
            }
          }
        });
  }

  // The code, the segment of the envelope and the element in it that refuse something.
  private static List<String> first(List<EdiFault> faults) {
    return faults.stream()
        .filter(EdiFault::refuses)
        .findFirst()
        .map(
            fault ->
                List.of(
                    fault.code().isEmpty() ? SyntaxErrors.UNSPECIFIED : fault.code(),
                    fault.place().segment().matches("UN[A-Z]") ? fault.place().segment() : "",
                    element(fault)))
        .orElse(List.of());
  }

  // 0098 counts the segment's own tag as the first.
  private static String element(EdiFault fault) {
    var place = fault.place();
    if (place.element() == 0) {
      return "";
    }
    return composite(
        Integer.toString(place.element() + 1),
        place.component() == 0 ? "" : Integer.toString(place.component()));
  }

  private static String composite(String... parts) {
    int end = parts.length;
    while (end > 0 && parts[end - 1].isEmpty()) {
      end--;
    }
    return String.join(
        String.valueOf(Delimiters.EDIFACT.components()), List.of(parts).subList(0, end));
  }

  private static Segment segment(String id, List<String> elements) {
    int end = elements.size();
    while (end > 0 && elements.get(end - 1).isEmpty()) {
      end--;
    }
    return new Segment(id, elements.subList(0, end), 0, 0, 0);
  }
}
