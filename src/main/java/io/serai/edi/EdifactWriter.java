package io.serai.edi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes interchanges of EDIFACT: UNA, envelope, references, counts, and values with a release
 * character before what would part them.
 *
 * <p>Guarantee: that of {@link X12Writer}: what it hands out was read back and judged by the same
 * strict rules as a partner's file, and the same input gives the same bytes. Free text is cut to
 * its longest; accents are taken off only where the partner's characters have none; a character
 * they do not have at all is refused by name.
 */
public final class EdifactWriter {
  private static final DateTimeFormatter SHORT_DATE = DateTimeFormatter.ofPattern("yyMMdd");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm");
  private static final int MOST_NUMBER = 999_999_999;

  private final EdifactEnvelope envelope;
  private final Delimiters delimiters;
  private final Charset charset;
  private final CharsetEncoder encoder;
  private final boolean four;
  private final StringBuilder out = new StringBuilder();

  private EdifactWriter(EdifactEnvelope envelope) {
    this.envelope = envelope;
    this.charset = Syntax.writing(envelope.syntax().substring(0, 4));
    this.encoder = charset.newEncoder();
    this.four = envelope.syntax().endsWith(":4");
    this.delimiters = envelope.delimiters();
    if (delimiters.twice() != 0) {
      throw new Unwritable("Two delimiters of the envelope are the same character.");
    }
  }

  /**
   * Writes messages as one interchange, without groups.
   *
   * @param control the interchange's number, 1 to 999999999, written with nine digits
   * @param at the time the envelope says
   * @throws Unwritable when a message does not fit its type
   */
  public static byte[] write(
      EdifactEnvelope envelope, int control, LocalDateTime at, List<Document> documents) {
    if (control < 1 || control > MOST_NUMBER) {
      throw new IllegalArgumentException("Control numbers go from 1 to 999999999.");
    }
    var bytes = new EdifactWriter(envelope).interchange(control, at, documents);
    judge(bytes, documents);
    return bytes;
  }

  private byte[] interchange(int control, LocalDateTime at, List<Document> documents) {
    if (documents.isEmpty()) {
      throw new Unwritable("There is no document to write.");
    }
    var reference = "%09d".formatted(control);
    out.append("UNA")
        .append(delimiters.component())
        .append(delimiters.element())
        .append(delimiters.decimal())
        .append(delimiters.release() == 0 ? ' ' : delimiters.release())
        .append(four && delimiters.repetition() != 0 ? delimiters.repetition() : ' ')
        .append(delimiters.segment())
        .append(envelope.lineEnd());
    raw(
        "UNB",
        composite(envelope.syntax().split(":")),
        party(envelope.sender(), "sender"),
        party(envelope.receiver(), "recipient"),
        composite((four ? DATE : SHORT_DATE).format(at), TIME.format(at)),
        reference,
        "",
        "",
        "",
        envelope.acknowledgmentRequested() ? "1" : "",
        "",
        envelope.test() ? "1" : "");
    int count = 0;
    for (var document : documents) {
      message("%04d".formatted(++count), document);
    }
    raw("UNZ", Integer.toString(documents.size()), reference);
    return bytes();
  }

  private void message(String number, Document document) {
    var type = document.set();
    if (Dictionary.edifact().set(type) == null) {
      throw new Unwritable("Message '" + type + "' is not one that Serai writes.");
    }
    var parts = new ArrayList<String>();
    parts.add(type);
    if (Standard.acknowledges(type)) {
      parts.addAll(four ? List.of("4", "1", "UN") : List.of("D", "3", "UN"));
    } else {
      parts.addAll(List.of(envelope.directory().split(":")));
    }
    var association = envelope.associations().get(type);
    if (association != null) {
      parts.add(association);
    }
    raw("UNH", number, composite(parts.toArray(String[]::new)));
    for (var segment : document.segments()) {
      raw(segment.id(), cleaned(segment).toArray(String[]::new));
    }
    raw("UNT", Integer.toString(document.segments().size() + 2), number);
  }

  private String party(EdifactEnvelope.Party party, String name) {
    if (party.id().isBlank() || party.id().length() > 35) {
      throw new Unwritable(
          "The " + name + " '" + party.id() + "' does not fit into 35 characters.");
    }
    return composite(party.id(), party.qualifier(), party.routing());
  }

  private String composite(String... parts) {
    return join(List.of(parts));
  }

  private String join(List<String> parts) {
    int end = parts.size();
    while (end > 0 && parts.get(end - 1).isEmpty()) {
      end--;
    }
    return String.join(String.valueOf(delimiters.components()), parts.subList(0, end));
  }

  private List<String> cleaned(Segment segment) {
    var rule = Dictionary.edifact().rule(segment.id());
    var values = new ArrayList<String>(segment.elements().size());
    for (int i = 0; i < segment.elements().size(); i++) {
      var part = rule == null || i >= rule.parts().size() ? null : rule.parts().get(i);
      var parts = new ArrayList<String>();
      var all = segment.elements().get(i).split(String.valueOf(delimiters.components()), -1);
      for (int j = 0; j < all.length; j++) {
        parts.add(cleaned(all[j], rule(part, j)));
      }
      values.add(join(parts));
    }
    return values;
  }

  private static ElementRule rule(SegmentRule.Part part, int component) {
    if (part == null || part.composite() == null) {
      return part == null ? null : part.rule();
    }
    var parts = part.composite().parts();
    return component < parts.size() ? parts.get(component).rule() : null;
  }

  private String cleaned(String value, ElementRule rule) {
    var text = encoder.canEncode(value) ? value : spelled(value);
    text = text.replaceAll("[\\x00-\\x1f\\x7f-\\x9f]+", " ").replaceAll(" {2,}", " ").strip();
    if (rule != null && rule.type() == ElementRule.Type.DECIMAL) {
      return text.replace('.', delimiters.decimal());
    }
    if (rule != null && rule.type() == ElementRule.Type.FREE_TEXT) {
      int longest = rule.longest(Version.D96A);
      text = text.length() > longest ? text.substring(0, longest).stripTrailing() : text;
    }
    if (delimiters.release() == 0) {
      text = withoutDelimiters(text);
    }
    return envelope.capitals() ? text.toUpperCase(Locale.ROOT) : text;
  }

  // What the partner's characters have stays as it is; of the rest the nearest is taken.
  private String spelled(String value) {
    var text = new StringBuilder(value.length());
    value
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(one -> text.append(encoder.canEncode(one) ? one : plain(one)));
    return text.toString();
  }

  private static String plain(String value) {
    return Normalizer.normalize(X12Writer.typewritten(value), Normalizer.Form.NFD)
        .replaceAll("\\p{M}+", "");
  }

  private String withoutDelimiters(String value) {
    var text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      text.append(delimiters.holds(value.charAt(i)) ? ' ' : value.charAt(i));
    }
    return text.toString().strip();
  }

  private void raw(String id, String... elements) {
    int end = elements.length;
    while (end > 0 && elements[end - 1].isEmpty()) {
      end--;
    }
    out.append(id);
    for (int i = 0; i < end; i++) {
      out.append(delimiters.element()).append(delimiters.written(elements[i]));
    }
    out.append(delimiters.segment()).append(envelope.lineEnd());
  }

  private byte[] bytes() {
    try {
      ByteBuffer bytes = encoder.encode(CharBuffer.wrap(out));
      var written = new byte[bytes.remaining()];
      bytes.get(written);
      return written;
    } catch (CharacterCodingException e) {
      var fresh = charset.newEncoder();
      int at = 0;
      while (fresh.canEncode(out.charAt(at))) {
        at++;
      }
      throw new Unwritable(
          "The character '"
              + new String(Character.toChars(out.codePointAt(at)))
              + "' after '"
              + out.substring(Math.max(0, at - 20), at)
              + "' cannot be written in "
              + envelope.syntax().substring(0, 4)
              + " ("
              + charset.name()
              + ").");
    }
  }

  private static void judge(byte[] bytes, List<Document> documents) {
    FileReport report;
    try {
      report =
          EdifactReader.read(
              new ByteArrayInputStream(bytes), ReadOptions.STRICT, new EdiListener() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WrittenJudge.judge(report, documents.size());
  }
}
