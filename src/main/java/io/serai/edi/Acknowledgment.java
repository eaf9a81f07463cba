package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is answered to an interchange: a TA1 for its envelope, a 997 or 999 for every group.
 *
 * <p>Guarantee: every fault that counts is told with segment, place, element and code, each element
 * once; acknowledgments are never acknowledged; nothing inside a refused interchange is. Gap: at
 * most 100 faults of a set are told, and of a bad value its first 99 characters; a group without
 * code or number of its own can only be spoken of by the TA1.
 */
public final class Acknowledgment {
  /** Which set answers a group. */
  public enum Kind {
    /** 997, which retail and warehouses use. */
    FUNCTIONAL("997", "AK3", "AK4", "AK5"),
    /** 999, the implementation acknowledgment of 005010. */
    IMPLEMENTATION("999", "IK3", "IK4", "IK5");

    private final String set;
    private final String segment;
    private final String element;
    private final String result;

    Kind(String set, String segment, String element, String result) {
      this.set = set;
      this.segment = segment;
      this.element = element;
      this.result = result;
    }
  }

  private static final int MOST_CODES = 5;
  private static final int MOST_VALUE = 99;

  private final InterchangeReport report;
  private final Kind kind;
  private final Envelope ours;

  /** The answer to this interchange, to whoever it says it is from, parted as it is. */
  public Acknowledgment(InterchangeReport report, Kind kind) {
    this(report, kind, null);
  }

  /**
   * The answer to this interchange in an envelope of ours, whose version and usage are those of
   * what is answered.
   */
  public Acknowledgment(InterchangeReport report, Kind kind, Envelope ours) {
    this.report = report;
    this.kind = kind;
    this.ours = ours;
  }

  private Envelope envelope(Group group) {
    var answering = Envelope.answering(report.interchange(), group);
    return ours == null
        ? answering
        : ours.withVersion(answering.version()).withUsage(answering.usage()).withoutRequest();
  }

  // Those that the answer is written with, which need not be those of what came.
  private Delimiters delimiters() {
    return envelope(null).delimiters();
  }

  /** The number of the set that answers. */
  public String set() {
    return kind.set;
  }

  /** Whether the envelope is answered: a TA1 was asked for, or something is wrong with it. */
  public boolean answersEnvelope() {
    return outcome() != Outcome.ACCEPTED || report.interchange().acknowledgmentRequested();
  }

  private Outcome outcome() {
    boolean nameless = !report.groups().stream().allMatch(Acknowledgment::hasName);
    return report.outcome() == Outcome.ACCEPTED && nameless
        ? Outcome.ACCEPTED_WITH_ERRORS
        : report.outcome();
  }

  /** The interchange that carries the TA1; empty when none was asked for and nothing is wrong. */
  public Optional<byte[]> envelope(int control, LocalDateTime at) {
    var asked = report.interchange();
    boolean nameless = !report.groups().stream().allMatch(Acknowledgment::hasName);
    var outcome = outcome();
    if (!answersEnvelope()) {
      return Optional.empty();
    }
    if (ours == null && nobody(asked)) {
      // without ids there is nobody to answer
      return Optional.empty();
    }
    var code =
        report.faults().stream()
            .filter(EdiFault::counts)
            .max((a, b) -> a.weight().compareTo(b.weight()))
            .map(EdiFault::code)
            .orElse(nameless ? "024" : "000");
    var ta1 =
        new Segment(
            "TA1",
            List.of(
                asked.control(),
                asked.date(),
                asked.time(),
                outcome.letter(),
                code.isEmpty() ? "024" : code),
            0,
            0,
            0);
    return Optional.of(X12Writer.write(envelope(null), control, at, ta1));
  }

  private static boolean nobody(Interchange asked) {
    return asked.sender().isBlank()
        || asked.receiver().isBlank()
        || asked.senderQualifier().length() != 2
        || asked.receiverQualifier().length() != 2
        || asked.sender().length() > 15
        || asked.receiver().length() > 15;
  }

  /** The groups to be acknowledged; none when the interchange is refused. */
  public List<GroupReport> groups() {
    return report.outcome().taken()
        ? report.groups().stream()
            .filter(group -> !group.group().functionalId().equals("FA"))
            .filter(Acknowledgment::hasName)
            .toList()
        : List.of();
  }

  // AK1 names a group by code and number; one without them only the envelope can speak of.
  private static boolean hasName(GroupReport group) {
    return group.group().functionalId().matches("[A-Z0-9]{2}")
        && group.group().control().matches("\\d{1,9}");
  }

  /** The interchange that carries the 997 or 999 of one of {@link #groups}. */
  public byte[] group(GroupReport group, X12Writer.Numbers numbers, LocalDateTime at) {
    var envelope = envelope(group.group());
    if (kind == Kind.IMPLEMENTATION) {
      envelope = envelope.withVersion("005010");
    }
    var body = body(group, envelope.version().startsWith("005010"));
    return X12Writer.write(envelope, numbers, at, List.of(new Document(kind.set, body)));
  }

  private List<Segment> body(GroupReport group, boolean five) {
    var body = new ArrayList<Segment>();
    var header = group.group();
    var first = new ArrayList<>(List.of(header.functionalId(), header.control()));
    if (five && !header.version().isEmpty() && header.version().length() <= 12) {
      first.add(header.version());
    }
    body.add(segment("AK1", first));
    boolean refused = Outcome.of(group.faults()) == Outcome.REFUSED;
    for (var set : group.sets()) {
      // a group that is refused as a whole names only the sets that are bad in themselves
      if (!refused || !set.outcome().taken()) {
        set(set, five, body);
      }
    }
    var last = new ArrayList<String>();
    last.add(group.outcome().letter());
    last.add(
        group.claimed().matches("\\d{1,6}")
            ? Integer.toString(Integer.parseInt(group.claimed()))
            : Integer.toString(group.sets().size()));
    last.add(Integer.toString(group.sets().size()));
    last.add(Long.toString(group.accepted()));
    last.addAll(codes(group.faults(), Level.GROUP, false));
    body.add(segment("AK9", last));
    return body;
  }

  private void set(SetReport set, boolean five, List<Segment> body) {
    if (!set.id().matches("[A-Z0-9]{3}")
        || !set.control().matches("[!-~]{4,9}")
        || set.control().chars().anyMatch(c -> delimiters().holds((char) c))) {
      // AK2 has no place for a set without number or control number; AK9 counts it
      return;
    }
    var start = new ArrayList<>(List.of(set.id(), set.control()));
    if (five && !set.implementation().isBlank() && set.implementation().length() <= 35) {
      start.add(set.implementation());
    }
    body.add(segment("AK2", start));
    boolean segments = segments(set, body);
    var result = new ArrayList<String>();
    result.add(set.outcome().letter());
    result.addAll(codes(set.faults(), Level.SET, segments));
    body.add(segment(kind.result, result));
  }

  private boolean segments(SetReport set, List<Segment> body) {
    var byPlace = new LinkedHashMap<String, List<EdiFault>>();
    for (var fault : set.faults()) {
      if (fault.counts() && fault.level().compareTo(Level.SEGMENT) >= 0) {
        var place = fault.place();
        var key =
            place.position()
                + " "
                + place.segment()
                + (fault.level() == Level.SEGMENT ? " " + fault.code() : "");
        byPlace.computeIfAbsent(key, k -> new ArrayList<>()).add(fault);
      }
    }
    for (Map.Entry<String, List<EdiFault>> entry : byPlace.entrySet()) {
      segment(entry.getValue(), body);
    }
    return !byPlace.isEmpty();
  }

  private void segment(List<EdiFault> faults, List<Segment> body) {
    var first = faults.get(0);
    var id = code(first.place().segment());
    if (id.length() < 2) {
      return;
    }
    boolean elements = first.level() == Level.ELEMENT;
    body.add(
        segment(
            kind.segment,
            List.of(
                id.substring(0, Math.min(3, id.length())),
                Integer.toString(first.place().position()),
                "",
                elements ? "8" : first.code())));
    if (!elements) {
      return;
    }
    Set<String> told = new LinkedHashSet<>();
    for (var fault : faults) {
      var place = fault.place();
      // one value is told one thing, the first
      if (told.size() < MOST_VALUE && told.add(place.element() + "-" + place.component())) {
        var position =
            place.element()
                + (place.component() == 0
                    ? ""
                    : String.valueOf(delimiters().component()) + place.component());
        body.add(
            segment(
                kind.element,
                List.of(
                    position,
                    place.number().matches("\\d{1,4}") ? place.number() : "",
                    fault.code(),
                    copy(fault.value()))));
      }
    }
  }

  private String copy(String value) {
    var delimiters = report.interchange().delimiters();
    var copy = new StringBuilder();
    for (int i = 0; i < value.length() && copy.length() < MOST_VALUE; i++) {
      char c = value.charAt(i);
      copy.append(c < ' ' || c > '~' || delimiters.holds(c) ? ' ' : c);
    }
    return copy.toString().strip();
  }

  private static List<String> codes(List<EdiFault> faults, Level level, boolean segments) {
    Set<String> codes = new LinkedHashSet<>();
    for (var fault : faults) {
      if (fault.counts() && fault.level() == level && !fault.code().isEmpty()) {
        codes.add(fault.code());
      }
    }
    if (segments) {
      codes.add("5");
    }
    return codes.stream().limit(MOST_CODES).toList();
  }

  // What was sent as an identifier, reduced to what may stand in an acknowledgment.
  private static String code(String value) {
    return value.replaceAll("[^A-Za-z0-9]", "");
  }

  private static Segment segment(String id, List<String> elements) {
    int end = elements.size();
    while (end > 0 && elements.get(end - 1).isEmpty()) {
      end--;
    }
    return new Segment(id, elements.subList(0, end), 0, 0, 0);
  }
}
