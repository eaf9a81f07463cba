package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
import java.util.List;

/** Judges an ISA segment: the width of its fields, and what they say. */
final class EnvelopeJudge {
  private static final int[] WIDTHS = {2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1};
  private static final String[] NAMES = {
    "authorization qualifier",
    "authorization",
    "security qualifier",
    "security information",
    "sender qualifier",
    "sender",
    "receiver qualifier",
    "receiver",
    "date",
    "time",
    "standard or repetition separator",
    "version",
    "interchange control number",
    "acknowledgment requested",
    "usage",
    "component separator"
  };
  private static final String[] CODES = {
    "010", "011", "012", "013", "005", "006", "007", "008", "014", "015", "016", "017", "018",
    "019", "020", "027"
  };

  private final Segment isa;
  private final Delimiters delimiters;
  private final List<EdiFault> faults = new ArrayList<>();

  EnvelopeJudge(SegmentReader.Header header, boolean shortHeaders) {
    this.isa = header.isa();
    this.delimiters = header.delimiters();
    if (!header.fixedWidth()) {
      widths(shortHeaders);
    }
    ids();
    if (Values.date(field(9), 6) != null) {
      says(9, Weight.BLEMISH, "no date", "Expected: a date as YYMMDD.");
    }
    if (Values.time(field(10), 4) != null) {
      says(10, Weight.BLEMISH, "no time of day", "Expected: a time as HHMM.");
    }
    if (!field(12).matches("\\d{5}")) {
      says(12, Weight.GRAVE, "no version of X12", "Expected: five digits, like 00401 or 00501.");
    }
    if (!field(13).matches("\\d{9}")) {
      says(13, Weight.GRAVE, "no control number", "Expected: nine digits, zeros in front.");
    }
    if (!field(14).matches("[01]")) {
      says(14, Weight.BLEMISH, "neither 0 nor 1", "Expected: 1 to ask for a TA1, else 0.");
    }
    if (!field(15).matches("[PTI]")) {
      says(
          15,
          Weight.GRAVE,
          "neither P nor T",
          "Expected: P for production or T for test; a test is never taken for an order.");
    }
    if (!delimiters.sound()) {
      says(
          16,
          Weight.GRAVE,
          "a character that stands in values",
          "Expected: a character that no value holds, usually '>' or ':'.");
    }
  }

  List<EdiFault> faults() {
    return faults;
  }

  Interchange interchange() {
    return new Interchange(
        field(5),
        field(6),
        field(7),
        field(8),
        field(9),
        field(10),
        field(12),
        field(13),
        field(14).equals("1"),
        field(15),
        delimiters,
        isa.line(),
        isa.offset());
  }

  EdiFault fault(int element, String code, Weight weight, String what, String expected) {
    return new EdiFault(
        Level.INTERCHANGE,
        weight,
        code,
        Place.of(isa, element),
        isa.element(element),
        what,
        expected,
        "");
  }

  private String field(int place) {
    // no-break spaces come from files that went through a word processor
    return isa.element(place).replaceAll("^\\s+|[\\s\\u00a0\\u00c2]+$", "");
  }

  private void widths(boolean allowed) {
    var padded = new ArrayList<String>();
    int wrong = 0;
    int first = 0;
    boolean tooLong = false;
    var which = new ArrayList<String>();
    for (int i = 0; i < WIDTHS.length; i++) {
      var value = isa.element(i + 1);
      var bare = value.replaceAll("[\\s\\u00a0\\u00c2]+$", "");
      padded.add(bare + " ".repeat(Math.max(0, WIDTHS[i] - bare.length())));
      if (value.length() != WIDTHS[i]) {
        wrong++;
        first = first == 0 ? i + 1 : first;
        tooLong |= bare.length() > WIDTHS[i];
        which.add(
            "ISA%02d (%s) has %d instead of %d"
                .formatted(i + 1, NAMES[i], value.length(), WIDTHS[i]));
      }
    }
    if (wrong == 0) {
      return;
    }
    boolean taken = allowed && !tooLong;
    var what =
        "The ISA segment has fields of the wrong width: "
            + String.join(", ", which)
            + (taken ? "; they were padded." : ".");
    faults.add(
        new EdiFault(
            Level.INTERCHANGE,
            taken ? Weight.NOTE : Weight.GRAVE,
            taken ? "" : CODES[first - 1],
            Place.of(isa, first),
            isa.element(first),
            what,
            taken ? "" : "Every field of ISA is padded with spaces to its width.",
            tooLong ? "" : new Segment("ISA", padded, 0, 0, 0).text(delimiters.element())));
  }

  private void ids() {
    for (int place : new int[] {6, 8}) {
      if (field(place).isEmpty()) {
        says(place, Weight.GRAVE, "empty", "Expected: an id of up to 15 characters.");
      }
    }
    for (int place : new int[] {5, 7}) {
      if (!field(place).matches("[A-Z0-9]{2}")) {
        says(place, Weight.GRAVE, "no qualifier", "Expected: two characters, like ZZ, 01 or 08.");
      }
    }
  }

  private void says(int place, Weight weight, String what, String expected) {
    faults.add(
        fault(
            place,
            CODES[place - 1],
            weight,
            "ISA%02d (%s) is '%s', %s."
                .formatted(place, NAMES[place - 1], Values.shown(isa.element(place)), what),
            expected));
  }
}
