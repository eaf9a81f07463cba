package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges an UNB segment: what must be there, and what it says. */
final class UnbJudge {
  private final Segment unb;
  private final EdifactSegments.Header header;
  private final Delimiters delimiters;
  private final List<EdiFault> faults = new ArrayList<>();

  UnbJudge(EdifactSegments.Header header) {
    this.header = header;
    this.unb = header.unb();
    this.delimiters = header.delimiters();
    boolean four = part(1, 2).compareTo("4") >= 0;
    new ElementJudge(four ? Version.LATER : Version.D96A, delimiters, Map.of())
        .judge(
            unb,
            Dictionary.edifact().rule("UNB"),
            "",
            fault -> faults.add(envelope(SyntaxErrors.of(fault))));
    if (faults.isEmpty()) {
      syntax();
      dates();
    }
    test();
  }

  // What is wrong with an element of UNB is wrong with the interchange.
  private static EdiFault envelope(EdiFault fault) {
    return new EdiFault(
        Level.INTERCHANGE,
        fault.weight(),
        fault.code(),
        fault.place(),
        fault.value(),
        fault.what(),
        fault.expected(),
        fault.corrected());
  }

  private void syntax() {
    var identifier = part(1, 1);
    if (Syntax.charset(identifier).isEmpty()) {
      faults.add(
          fault(
              1,
              1,
              SyntaxErrors.UNSUPPORTED_SYNTAX,
              Weight.GRAVE,
              "UNB01-1 (syntax identifier) is '"
                  + Values.shown(identifier)
                  + "', which Serai does not read.",
              "Expected: UNOA to UNOK, UNOW or UNOY."));
    }
    if (!part(1, 2).matches("[1-4]")) {
      faults.add(
          fault(
              1,
              2,
              SyntaxErrors.UNSUPPORTED_SYNTAX,
              Weight.GRAVE,
              "UNB01-2 (syntax version number) is '"
                  + Values.shown(part(1, 2))
                  + "', which Serai does not read.",
              "Expected: 1 to 4."));
    }
  }

  private void dates() {
    var date = part(4, 1);
    if (Values.date(date, date.length() == 8 ? 8 : 6) != null) {
      faults.add(
          fault(
              4,
              1,
              SyntaxErrors.INVALID,
              Weight.BLEMISH,
              "UNB04-1 (date of preparation) is '" + Values.shown(date) + "', no date.",
              "Expected: a date as YYMMDD, or CCYYMMDD from syntax version 4 on."));
    }
    if (Values.time(part(4, 2), 4) != null) {
      faults.add(
          fault(
              4,
              2,
              SyntaxErrors.INVALID,
              Weight.BLEMISH,
              "UNB04-2 (time of preparation) is '"
                  + Values.shown(part(4, 2))
                  + "', no time of day.",
              "Expected: a time as HHMM."));
    }
  }

  private void test() {
    if (!unb.element(11).matches("|[1-4]") && faults.stream().noneMatch(f -> at(f, 11))) {
      faults.add(
          fault(
              11,
              0,
              SyntaxErrors.TEST_INDICATOR,
              Weight.GRAVE,
              "UNB11 (test indicator) is '" + Values.shown(unb.element(11)) + "'.",
              "Expected: 1 for a test, else nothing; a test is never taken for an order."));
    }
  }

  private static boolean at(EdiFault fault, int element) {
    return fault.place().element() == element;
  }

  List<EdiFault> faults() {
    return faults;
  }

  Interchange interchange() {
    return new Interchange(
        part(2, 2),
        part(2, 1),
        part(3, 2),
        part(3, 1),
        part(4, 1),
        part(4, 2),
        part(1, 1) + ':' + part(1, 2),
        unb.element(5),
        unb.element(9).equals("1"),
        unb.element(11).isEmpty() ? "P" : "T",
        delimiters,
        header.line(),
        header.offset());
  }

  EdiFault fault(
      int element, int component, String code, Weight weight, String what, String expected) {
    return new EdiFault(
        Level.INTERCHANGE,
        weight,
        code,
        new Place("UNB", 0, "", element, component, "", unb.line(), unb.offset()),
        component == 0 ? unb.element(element) : part(element, component),
        what,
        expected,
        "");
  }

  private String part(int element, int component) {
    return unb.component(element, component, delimiters).strip();
  }
}
