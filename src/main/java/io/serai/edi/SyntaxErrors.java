package io.serai.edi;

import java.util.Map;

/** EDIFACT's codes for what is wrong (0085), and how they are told from X12's. */
final class SyntaxErrors {
  static final String UNSUPPORTED_SYNTAX = "2";
  static final String NOT_THE_RECIPIENT = "7";
  static final String INVALID = "12";
  static final String MISSING = "13";
  static final String NOT_SUPPORTED = "14";
  static final String NOT_HERE = "15";
  static final String NO_AGREEMENT = "17";
  static final String UNSPECIFIED = "18";
  static final String UNKNOWN_SENDER = "23";
  static final String TEST_INDICATOR = "25";
  static final String DUPLICATE = "26";
  static final String REFERENCES = "28";
  static final String COUNT = "29";
  static final String MIXED = "30";
  static final String OTHER_TYPE = "31";
  static final String EMPTY = "32";
  static final String STRAY = "33";

  // The judges of segments and elements say what is wrong in AK304 and AK403; EDIFACT says the same
  // in one list.
  private static final Map<String, String> SEGMENT =
      Map.of(
          "1", NOT_HERE, "2", NOT_HERE, "3", MISSING, "4", "36", "5", "35", "6", NOT_HERE, "7",
          NOT_HERE);
  private static final Map<String, String> ELEMENT =
      Map.ofEntries(
          Map.entry("1", MISSING),
          Map.entry("2", MISSING),
          Map.entry("3", "16"),
          Map.entry("4", "40"),
          Map.entry("5", "39"),
          Map.entry("6", "21"),
          Map.entry("7", INVALID),
          Map.entry("8", INVALID),
          Map.entry("9", INVALID),
          Map.entry("10", NOT_HERE),
          Map.entry("12", "35"),
          Map.entry("13", "16"));

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("2", "they do not take this syntax or its version"),
          Map.entry("7", "they are not the recipient"),
          Map.entry("12", "the value is not valid"),
          Map.entry("13", "it is missing"),
          Map.entry("14", "they do not take this value there"),
          Map.entry("15", "it may not stand there"),
          Map.entry("16", "it has more parts than it may have"),
          Map.entry("17", "it was not agreed"),
          Map.entry("18", "of an error they do not name"),
          Map.entry("19", "its decimal mark is wrong"),
          Map.entry("20", "a character is not valid as a service character"),
          Map.entry("21", "it has a character that may not be there"),
          Map.entry("22", "a service character is not valid"),
          Map.entry("23", "they do not know the sender"),
          Map.entry("24", "it is too old"),
          Map.entry("25", "they do not take tests"),
          Map.entry("26", "it came before"),
          Map.entry("27", "they do not take its security"),
          Map.entry("28", "the references at its two ends differ"),
          Map.entry("29", "its count is wrong"),
          Map.entry("30", "groups and messages are mixed"),
          Map.entry("31", "messages of several types stand in one group"),
          Map.entry("32", "there is nothing in it"),
          Map.entry("33", "something stands outside of a message or group"),
          Map.entry("34", "an indicator of nesting may not stand there"),
          Map.entry("35", "it comes too often"),
          Map.entry("36", "its segment group comes too often"),
          Map.entry("37", "it has characters of the wrong kind"),
          Map.entry("38", "a digit is missing before the decimal mark"),
          Map.entry("39", "it is too long"),
          Map.entry("40", "it is too short"));

  private SyntaxErrors() {}

  /** A fault of a segment or element with EDIFACT's code instead of X12's. */
  static EdiFault of(EdiFault fault) {
    var codes = fault.level() == EdiFault.Level.SEGMENT ? SEGMENT : ELEMENT;
    var code = codes.getOrDefault(fault.code(), fault.code());
    return new EdiFault(
        fault.level(),
        fault.weight(),
        code,
        fault.place(),
        fault.value(),
        fault.what(),
        fault.expected(),
        fault.corrected());
  }

  /** What a code says, as part of a sentence. */
  static String words(String code) {
    return WORDS.getOrDefault(code, "for reason '" + Values.shown(code) + "' (0085)");
  }
}
