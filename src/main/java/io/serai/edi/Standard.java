package io.serai.edi;

import java.util.Set;
import java.util.regex.Pattern;

/** The two standards of EDI files, and what Serai knows of each, for those who write about it. */
public enum Standard {
  /** ANSI X12: interchanges from ISA to IEA that hold transaction sets. */
  X12("X12", "set", "Loop", "application/edi-x12"),
  /** UN/EDIFACT: interchanges from UNB to UNZ that hold messages. */
  EDIFACT("EDIFACT", "message", "Group", "application/edifact");

  private static final Pattern SET = Pattern.compile("\\d{3}|TA1");
  private static final Set<String> ANSWERS = Set.of("824", "997", "999", "CONTRL");

  private final String title;
  private final String document;
  private final String loop;
  private final String mediaType;

  Standard(String title, String document, String loop, String mediaType) {
    this.title = title;
    this.document = document;
    this.loop = loop;
    this.mediaType = mediaType;
  }

  /** Its name. */
  public String title() {
    return title;
  }

  /** What it calls one document: a set, or a message. */
  public String document() {
    return document;
  }

  /** What ends the name of segments that repeat together, in the trees that mappings see. */
  String loop() {
    return loop;
  }

  /** What its files are called where they are sent (RFC 1767). */
  public String mediaType() {
    return mediaType;
  }

  /** The standard of a file that was written here: only EDIFACT begins with UNA or UNB. */
  public static Standard ofWritten(byte[] file) {
    return file.length > 0 && file[0] == 'U' ? EDIFACT : X12;
  }

  /** The standard that a set or message belongs to: X12 numbers them, EDIFACT names them. */
  public static Standard of(String set) {
    return SET.matcher(set).matches() ? X12 : EDIFACT;
  }

  /** The numbers of all sets, or the types of all messages. */
  public Set<String> sets() {
    return Dictionary.of(this).allSets().keySet();
  }

  /** Whether a name is an element of a segment: BEG05. */
  public boolean hasElement(String name) {
    if (!name.matches("[A-Z][A-Z0-9]{1,2}[0-9]{2}")) {
      return false;
    }
    var rule = Dictionary.of(this).rule(name.substring(0, name.length() - 2));
    int place = Integer.parseInt(name.substring(name.length() - 2));
    return rule != null && place >= 1 && place <= rule.parts().size();
  }

  /** The functional group a set travels in, or null when there is no such set. */
  public static String group(String set) {
    var rule = Dictionary.ofSet(set).set(set);
    return rule == null ? null : rule.group();
  }

  /** What a set or message is, in words, or null when there is no such one. */
  public static String name(String set) {
    var rule = Dictionary.ofSet(set).set(set);
    return rule == null ? null : rule.name();
  }

  /** Whether a set or message says what became of another. */
  public static boolean answers(String set) {
    return ANSWERS.contains(set);
  }

  /** Whether it is a functional acknowledgment, which nobody acknowledges. */
  public static boolean acknowledges(String set) {
    return "FA".equals(group(set)) || "CONTRL".equals(set);
  }

  /** Whether a set or message has a segment, or an element of one, of that name. */
  public static boolean hasPart(String set, String name) {
    var rule = Dictionary.ofSet(set).set(set);
    return rule != null
        && (rule.segments().contains(name)
            || of(set).hasElement(name)
                && rule.segments().contains(name.substring(0, name.length() - 2)));
  }
}
