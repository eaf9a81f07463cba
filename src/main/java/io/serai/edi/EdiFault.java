package io.serai.edi;

/**
 * One thing that is wrong with a file, or worth knowing: where, what, what was expected.
 *
 * @param level what it is a fault of
 * @param weight what it means for the outcome
 * @param code the code under which it is acknowledged (TA105, AK905, AK502, AK304 or AK403, by
 *     level, of X12; 0085 of EDIFACT), empty when the standard has none
 * @param place where it is
 * @param value what stands there, empty when something is missing
 * @param what what is wrong, a sentence
 * @param expected what should stand there, a sentence, or empty
 * @param corrected the segment as it should read, or empty when only the sender can know
 */
public record EdiFault(
    Level level,
    Weight weight,
    String code,
    Place place,
    String value,
    String what,
    String expected,
    String corrected) {

  /** What a fault is a fault of. */
  public enum Level {
    /** The file as a whole. */
    FILE,
    /** An interchange, ISA to IEA or UNB to UNZ. */
    INTERCHANGE,
    /** A functional group, GS to GE or UNG to UNE. */
    GROUP,
    /** A transaction set, ST to SE, or a message, UNH to UNT. */
    SET,
    /** A segment in a set. */
    SEGMENT,
    /** An element of a segment in a set. */
    ELEMENT
  }

  /** What a fault does to the outcome. */
  public enum Weight {
    /** Nothing: it was cleaned, or is only worth knowing. */
    NOTE,
    /** Accepted, and the sender is told. */
    BLEMISH,
    /** Refused, unless this partner is read leniently. */
    ERROR,
    /** Refused always: reading on would be guessing. */
    GRAVE
  }

  /**
   * Where something stands.
   *
   * @param segment identifier of the segment, empty for the file
   * @param position its place in the set, ST being 1; 0 outside of one
   * @param loop the loop it stands in, empty when in none
   * @param element place of the element, 0 when the whole segment is meant
   * @param component place of the component, 0 when the whole element is meant
   * @param number number of the element in X12's dictionary, or empty
   * @param line line of the file, from 1
   * @param offset byte of the file, from 0
   */
  public record Place(
      String segment,
      int position,
      String loop,
      int element,
      int component,
      String number,
      long line,
      long offset) {
    static Place of(Segment segment) {
      return new Place(
          segment.id(), segment.position(), "", 0, 0, "", segment.line(), segment.offset());
    }

    static Place of(Segment segment, int element) {
      return new Place(
          segment.id(), segment.position(), "", element, 0, "", segment.line(), segment.offset());
    }

    /** Segment and element as people say it: BEG, BEG03, or C0402 of REF04 as REF04-2. */
    public String name() {
      if (element == 0) {
        return segment;
      }
      return segment
          + (element < 10 ? "0" : "")
          + element
          + (component == 0 ? "" : "-" + component);
    }
  }

  static EdiFault note(Level level, Place place, String value, String what, String expected) {
    return new EdiFault(level, Weight.NOTE, "", place, value, what, expected, "");
  }

  /** Whether this alone refuses what it is a fault of. */
  public boolean refuses() {
    return weight.compareTo(Weight.ERROR) >= 0;
  }

  /** Whether the sender is told of it. */
  public boolean counts() {
    return weight != Weight.NOTE;
  }

  EdiFault lenient() {
    return weight == Weight.ERROR
        ? new EdiFault(level, Weight.BLEMISH, code, place, value, what, expected, corrected)
        : this;
  }
}
