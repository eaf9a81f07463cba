package io.serai.edi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes interchanges: envelope, control numbers, counts, and values cleaned of what X12 cannot
 * carry.
 *
 * <p>Guarantee: what it hands out was read back and judged by the same strict rules as a partner's
 * file, and the same input gives the same bytes. Cleaning never invents and never cuts an
 * identifier: free text is cut to its longest, delimiters and control characters in text become
 * spaces, accents are taken off; anything else that does not fit is refused with the name of the
 * element.
 */
public final class X12Writer {
  private static final DateTimeFormatter SHORT_DATE = DateTimeFormatter.ofPattern("yyMMdd");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm");
  private static final int MOST_NUMBER = 999_999_999;

  private final Envelope envelope;
  private final Version version;
  private final Delimiters delimiters;
  private final StringBuilder out = new StringBuilder();

  private X12Writer(Envelope envelope) {
    this.envelope = envelope;
    this.version =
        Version.of(envelope.version())
            .orElseThrow(
                () ->
                    new Unwritable(
                        "Version '" + envelope.version() + "' is not one that Serai writes."));
    this.delimiters = delimiters(envelope.delimiters(), version);
    if (delimiters.twice() != 0) {
      throw new Unwritable("Two delimiters of the envelope are the same character.");
    }
  }

  // 004010 has no repetition separator; 005010 must have one, a partner's or a free character.
  private static Delimiters delimiters(Delimiters given, Version version) {
    char repetition = 0;
    if (version == Version.V5010) {
      repetition = given.repetition();
      for (int i = 0; repetition == 0; i++) {
        char free = "^!`|".charAt(i);
        repetition = given.holds(free) ? 0 : free;
      }
    }
    return new Delimiters(given.element(), given.component(), repetition, given.segment());
  }

  /**
   * Control numbers, which whoever stores the document has reserved.
   *
   * @param interchange ISA13, 1 to 999999999
   * @param group GS06, 1 to 999999999
   */
  public record Numbers(int interchange, int group) {
    /** Judges their range. */
    public Numbers {
      if (interchange < 1 || interchange > MOST_NUMBER || group < 1 || group > MOST_NUMBER) {
        throw new IllegalArgumentException("Control numbers go from 1 to 999999999.");
      }
    }
  }

  /**
   * Writes documents of one kind as one group of one interchange.
   *
   * @param at the time the envelope says
   * @throws Unwritable when a document does not fit its set
   */
  public static byte[] write(
      Envelope envelope, Numbers numbers, LocalDateTime at, List<Document> documents) {
    var writer = new X12Writer(envelope);
    var bytes = writer.interchange(numbers, at, documents);
    judge(bytes, documents);
    return bytes;
  }

  /** Writes an interchange that holds nothing but this TA1. */
  static byte[] write(Envelope envelope, int control, LocalDateTime at, Segment ta1) {
    var writer = new X12Writer(envelope);
    writer.header(control, at);
    writer.raw(ta1);
    writer.raw("IEA", "0", "%09d".formatted(control));
    return writer.bytes();
  }

  private byte[] interchange(Numbers numbers, LocalDateTime at, List<Document> documents) {
    if (documents.isEmpty()) {
      throw new Unwritable("There is no document to write.");
    }
    var dictionary = Dictionary.x12();
    var groups =
        documents.stream()
            .map(document -> dictionary.set(document.set()))
            .map(set -> set == null ? "" : set.group())
            .collect(Collectors.toSet());
    if (groups.size() != 1 || groups.contains("")) {
      throw new Unwritable(
          "Sets "
              + documents.stream().map(Document::set).distinct().collect(Collectors.joining(", "))
              + " do not make one functional group.");
    }
    header(numbers.interchange(), at);
    raw(
        "GS",
        groups.iterator().next(),
        envelope.groupSender(),
        envelope.groupReceiver(),
        DATE.format(at),
        TIME.format(at),
        Integer.toString(numbers.group()),
        "X",
        envelope.version());
    int control = 0;
    for (var document : documents) {
      var number = "%04d".formatted(++control);
      raw("ST", document.set(), number);
      for (var segment : document.segments()) {
        raw(cleaned(segment));
      }
      raw("SE", Integer.toString(document.segments().size() + 2), number);
    }
    raw("GE", Integer.toString(documents.size()), Integer.toString(numbers.group()));
    raw("IEA", "1", "%09d".formatted(numbers.interchange()));
    return bytes();
  }

  private void header(int control, LocalDateTime at) {
    boolean five = version == Version.V5010;
    raw(
        "ISA",
        "00",
        " ".repeat(10),
        "00",
        " ".repeat(10),
        padded(envelope.senderQualifier(), 2, "sender qualifier"),
        padded(envelope.sender(), 15, "sender"),
        padded(envelope.receiverQualifier(), 2, "receiver qualifier"),
        padded(envelope.receiver(), 15, "receiver"),
        SHORT_DATE.format(at),
        TIME.format(at),
        five ? String.valueOf(delimiters.repetition()) : "U",
        five ? "00501" : "00401",
        "%09d".formatted(control),
        envelope.acknowledgmentRequested() ? "1" : "0",
        envelope.usage(),
        String.valueOf(delimiters.component()));
  }

  private static String padded(String value, int width, String name) {
    if (value.isBlank() || value.length() > width) {
      throw new Unwritable(
          "The " + name + " '" + value + "' does not fit into " + width + " characters.");
    }
    return value + " ".repeat(width - value.length());
  }

  private Segment cleaned(Segment segment) {
    var rule = Dictionary.x12().rule(segment.id());
    var values = new ArrayList<String>(segment.elements().size());
    for (int i = 0; i < segment.elements().size(); i++) {
      var part = rule == null || i >= rule.parts().size() ? null : rule.parts().get(i);
      boolean composite = part == null || part.composite() != null;
      var value = cleaned(segment.elements().get(i), composite);
      if (part != null && part.rule().type() == ElementRule.Type.FREE_TEXT) {
        int longest = part.rule().longest(version);
        value = value.length() > longest ? value.substring(0, longest).stripTrailing() : value;
      }
      values.add(value);
    }
    while (!values.isEmpty() && values.get(values.size() - 1).isEmpty()) {
      values.remove(values.size() - 1);
    }
    return new Segment(segment.id(), values, 0, 0, 0);
  }

  private String cleaned(String value, boolean composite) {
    boolean plain = true;
    for (int i = 0; i < value.length() && plain; i++) {
      char c = value.charAt(i);
      plain = c >= ' ' && c < 0x7f && !delimiters.holds(c) && (c != ' ' || i > 0);
    }
    if (plain && !value.endsWith(" ")) {
      return envelope.capitals() ? value.toUpperCase(Locale.ROOT) : value;
    }
    var bare =
        Normalizer.normalize(typewritten(value), Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
    var clean = new StringBuilder(bare.length());
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      boolean joins = composite && c == delimiters.component();
      clean.append(c < ' ' || c >= 0x7f && c < 0xa0 || delimiters.holds(c) && !joins ? ' ' : c);
    }
    var text = clean.toString().replaceAll(" {2,}", " ").strip();
    return envelope.capitals() ? text.toUpperCase(Locale.ROOT) : text;
  }

  /** What word processors write where a typewriter has a key of its own. */
  static String typewritten(String value) {
    return value
        .replace("ß", "ss")
        .replaceAll("[‘’‚]", "'")
        .replaceAll("[“”„]", "\"")
        .replaceAll("[‐‑‒–—]", "-")
        .replace("…", "...");
  }

  private void raw(Segment segment) {
    raw(segment.id(), segment.elements().toArray(String[]::new));
  }

  private void raw(String id, String... elements) {
    out.append(id);
    for (var element : elements) {
      out.append(delimiters.element()).append(element);
    }
    out.append(delimiters.segment()).append(envelope.lineEnd());
  }

  private byte[] bytes() {
    for (int i = 0; i < out.length(); i++) {
      if (out.charAt(i) > 0xff) {
        int from = Math.max(0, i - 20);
        throw new Unwritable(
            "The character '"
                + new String(Character.toChars(out.codePointAt(i)))
                + "' after '"
                + out.substring(from, i)
                + "' cannot be written in ISO 8859-1.");
      }
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void judge(byte[] bytes, List<Document> documents) {
    FileReport report;
    try {
      report =
          X12Reader.read(new ByteArrayInputStream(bytes), ReadOptions.STRICT, new EdiListener() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WrittenJudge.judge(report, documents.size());
  }
}
