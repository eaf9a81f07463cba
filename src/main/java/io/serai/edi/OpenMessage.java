package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One EDIFACT message on its way from UNH to UNT. */
final class OpenMessage {
  private final Interchange interchange;
  private final Delimiters delimiters;
  private final Group group;
  private final Segment start;
  private final ReadOptions options;
  private final String type;
  private final String reference;
  private final SetRule rule;
  private final SetJudge judge;
  private final List<EdiFault> envelope = new ArrayList<>();
  private List<Segment> segments = new ArrayList<>();
  private TransactionSet read;
  private int count = 1;
  private long size;

  /**
   * Opens a message.
   *
   * @param named whether it stands in a group that says its type
   * @param references those of the messages before it, to which its own is added
   */
  OpenMessage(
      Interchange interchange,
      Group group,
      boolean named,
      Segment start,
      Set<String> references,
      ReadOptions options) {
    this.interchange = interchange;
    this.delimiters = interchange.delimiters();
    this.group = group;
    this.start = start;
    this.options = options;
    this.type = part(1);
    this.reference = start.element(1).strip();
    this.rule = Dictionary.edifact().set(type);
    this.judge = rule == null ? null : new SetJudge(rule, version(), delimiters, options, latin());
    new ElementJudge(Version.LATER, delimiters, Map.of())
        .judge(
            start,
            Dictionary.edifact().rule("UNH"),
            "",
            fault -> envelope.add(ofMessage(SyntaxErrors.of(fault))));
    if (rule == null || envelope.isEmpty()) {
      header(named);
    }
    if (!references.add(reference) && !reference.isEmpty()) {
      envelope.add(
          fault(
              SyntaxErrors.DUPLICATE,
              1,
              0,
              "UNH01 (message reference number) is '"
                  + Values.shown(reference)
                  + "', which another message before it has.",
              "Expected: a reference of its own."));
    }
    keep(start);
  }

  private static EdiFault ofMessage(EdiFault fault) {
    return new EdiFault(
        Level.SET,
        fault.weight(),
        fault.code(),
        fault.place(),
        fault.value(),
        fault.what(),
        fault.expected(),
        fault.corrected());
  }

  private void header(boolean named) {
    if (rule == null) {
      envelope.add(
          fault(
              SyntaxErrors.NOT_SUPPORTED,
              2,
              1,
              "UNH02-1 (message type) is '"
                  + Values.shown(type)
                  + "', and Serai takes no messages of that type.",
              "Expected: " + String.join(", ", Dictionary.edifact().allSets().keySet()) + "."));
      return;
    }
    if (named && !group.functionalId().equals(type)) {
      envelope.add(
          fault(
              SyntaxErrors.OTHER_TYPE,
              2,
              1,
              "Message "
                  + type
                  + " ("
                  + rule.name()
                  + ") stands in a group of "
                  + group.functionalId()
                  + ".",
              "It belongs in a group of its own type."));
    } else if (!options.sets().isEmpty()
        && !options.sets().containsKey(type)
        && !Standard.acknowledges(type)) {
      envelope.add(
          fault(
              SyntaxErrors.NO_AGREEMENT,
              2,
              1,
              "Message " + type + " (" + rule.name() + ") was not agreed with this partner.",
              "Expected: "
                  + options.sets().keySet().stream().sorted().collect(Collectors.joining(", "))
                  + "."));
    }
    if (!Standard.acknowledges(type)) {
      directory();
    }
  }

  private void directory() {
    var text = part(2) + '.' + part(3);
    if (!part(4).equals("UN")) {
      envelope.add(
          fault(
              SyntaxErrors.NOT_SUPPORTED,
              2,
              4,
              "UNH02-4 (controlling agency) is '" + Values.shown(part(4)) + "'.",
              "Expected: UN."));
    } else if (!text.matches("[DS]\\.(9[3-9]|[0-4]\\d)[A-Z]")) {
      envelope.add(
          new EdiFault(
              Level.SET,
              Weight.ERROR,
              SyntaxErrors.NOT_SUPPORTED,
              new Place("UNH", 1, "", 2, 2, "0052", start.line(), start.offset()),
              part(2) + ':' + part(3),
              "UNH02 (message identifier) says directory '"
                  + Values.shown(text)
                  + "', which is none of UN/EDIFACT from D.93A on.",
              "Expected: D:96A, or another directory.",
              ""));
    } else if (!text.equals("D.96A")) {
      envelope.add(
          EdiFault.note(
              Level.SET,
              new Place("UNH", 1, "", 2, 3, "0054", start.line(), start.offset()),
              text,
              "UNH02 (message identifier) says directory '"
                  + text
                  + "'; the message is judged by the rules of D.96A.",
              ""));
    }
  }

  // Service messages are those of their syntax version.
  private Version version() {
    if (Standard.acknowledges(type)) {
      return interchange.version().endsWith("4") ? Version.LATER : Version.D96A;
    }
    return part(3).matches("9[3-6][AB]") && !part(3).equals("96B") ? Version.D96A : Version.LATER;
  }

  // The identifier under which bytes were read as ISO 8859-1, where UTF-8 would go unseen.
  private String latin() {
    var identifier = interchange.version().split(":", 2)[0];
    boolean read =
        !StandardCharsets.UTF_8.equals(options.charset())
            && Syntax.charset(identifier).filter(StandardCharsets.ISO_8859_1::equals).isPresent();
    return read ? identifier : "";
  }

  private String part(int component) {
    return start.component(2, component, delimiters).strip();
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
          fault(
              SyntaxErrors.UNSPECIFIED,
              0,
              0,
              "The message is longer than " + options.maxSet() + " bytes.",
              "Expected: smaller messages, several of them."));
    } else if (size <= options.maxSet()) {
      segments.add(segment);
    }
  }

  void end(Segment trailer) {
    var placed = trailer.at(++count);
    var corrected =
        new Segment("UNT", List.of(Integer.toString(count), reference), 0, 0, 0).text(delimiters);
    if (judge != null) {
      judge.end(placed);
    }
    if (!Counts.same(trailer.element(1), count)) {
      envelope.add(
          trailed(
              placed,
              1,
              SyntaxErrors.COUNT,
              "UNT01 claims '"
                  + Values.shown(trailer.element(1))
                  + "' segments, and the message has "
                  + count
                  + ", UNH and UNT included.",
              "Expected: the number of segments; perhaps some were lost on the way.",
              corrected));
    }
    if (!trailer.element(2).strip().equals(reference)) {
      envelope.add(
          trailed(
              placed,
              2,
              SyntaxErrors.REFERENCES,
              "UNT02 says message '"
                  + Values.shown(trailer.element(2))
                  + "', and UNH01 says '"
                  + Values.shown(reference)
                  + "'.",
              "Expected: the same reference in both.",
              corrected));
    }
    keep(placed);
    done();
  }

  private static EdiFault trailed(
      Segment trailer, int element, String code, String what, String expected, String corrected) {
    return new EdiFault(
        Level.SET,
        Weight.GRAVE,
        code,
        Place.of(trailer, element),
        trailer.element(element),
        what,
        expected,
        corrected);
  }

  void cutOff(Segment before) {
    envelope.add(
        new EdiFault(
            Level.SET,
            Weight.GRAVE,
            SyntaxErrors.MISSING,
            before == null
                ? Place.of(start)
                : new Place(before.id(), count + 1, "", 0, 0, "", before.line(), before.offset()),
            "",
            "The message "
                + Values.shown(reference)
                + " does not end: its UNT segment is missing"
                + (before == null ? "." : " before " + before.id() + "."),
            "Expected: UNT after the last segment of the message; perhaps the file was cut off.",
            new Segment("UNT", List.of(Integer.toString(count + 1), reference), 0, 0, 0)
                .text(delimiters)));
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
      var more = judge.dropped() + " more faults of this message are not listed.";
      faults.add(
          new EdiFault(Level.SET, judge.worstDropped(), "", Place.of(start), "", more, "", ""));
    }
    if (options.lenient()) {
      faults.replaceAll(EdiFault::lenient);
    }
    var version =
        start.elements().size() < 2 || type.isEmpty()
            ? ""
            : delimiters.written(start.element(2)).substring(type.length()).replaceFirst("^.", "");
    var report =
        new SetReport(type, reference, version, Outcome.of(faults), faults, count, start.line());
    read =
        new TransactionSet(
            interchange,
            group,
            report,
            List.copyOf(segments),
            judge == null || segments.isEmpty() ? null : judge.tree());
  }

  /** The message, once it has ended. */
  TransactionSet read() {
    return read;
  }

  private EdiFault fault(String code, int element, int component, String what, String expected) {
    return new EdiFault(
        Level.SET,
        Weight.GRAVE,
        code,
        new Place("UNH", 1, "", element, component, "", start.line(), start.offset()),
        component > 0 ? part(component) : element > 0 ? start.element(element) : "",
        what,
        expected,
        "");
  }
}
