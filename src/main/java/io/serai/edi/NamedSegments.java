package io.serai.edi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An interchange segment by segment, each with its name and those of its elements, for a person who
 * reads it. It judges nothing and shows what is there, right or wrong.
 *
 * <p>Gap: only so many segments as are asked for; bytes that cannot be taken apart end it, and the
 * sentence says why.
 *
 * @param delimiters that the interchange uses, null when there is none
 * @param rows its segments in order, ISA or UNB first
 * @param more whether there are more segments than were asked for
 * @param stop why it could not be read to its end, or null
 */
public record NamedSegments(Delimiters delimiters, List<Row> rows, boolean more, String stop) {
  // The dictionary leaves out what only the envelope's own judge reads.
  private static final Map<String, String> ENVELOPE =
      Map.of(
          "ISA", "interchange header",
          "GE", "group trailer",
          "ST", "set header",
          "SE", "set trailer",
          "IEA", "interchange trailer");

  /**
   * One segment.
   *
   * @param depth 0 for the interchange, 1 for a group, 2 for a set, 3 for what is in it
   * @param id its identifier, as BEG
   * @param name what it is, in words; empty when Serai does not know it
   */
  public record Row(int depth, String id, String name, long line, List<Element> elements) {}

  /**
   * One element.
   *
   * @param name segment and place, as BEG03
   * @param what it is, in words; empty when Serai does not know it
   * @param value as it stands there, empty when it is absent
   */
  public record Element(String name, String what, String value) {}

  /**
   * Takes an interchange apart.
   *
   * @param file X12 or EDIFACT as it came or goes
   * @param control which interchange of the file by its number, ISA13 or UNB05; the first when it
   *     has none of that number
   * @param most segments at most
   */
  public static NamedSegments of(byte[] file, String control, int most) {
    var wanted = read(file, control, most);
    return wanted.rows().isEmpty() && wanted.stop() == null ? read(file, null, most) : wanted;
  }

  private static NamedSegments read(byte[] file, String control, int most) {
    var in = new ByteArrayInputStream(file);
    var rows = new ArrayList<Row>();
    var source = EdiReader.standard(file) == Standard.X12 ? new OfX12(in) : new OfEdifact(in);
    Delimiters delimiters = null;
    try {
      for (var header = source.header(); header != null; header = source.header()) {
        var wanted = control == null || control.equals(source.control());
        if (wanted) {
          delimiters = source.delimiters();
          rows.add(row(header, delimiters));
        }
        for (var segment = source.next(); segment != null; segment = source.next()) {
          if (wanted && rows.size() == most) {
            return new NamedSegments(delimiters, rows, true, null);
          }
          if (wanted) {
            rows.add(row(segment, delimiters));
          }
        }
        if (wanted) {
          break;
        }
      }
      return new NamedSegments(delimiters, rows, false, null);
    } catch (Unreadable e) {
      return new NamedSegments(delimiters, rows, false, e.fault().what());
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory cannot be read", e);
    }
  }

  /** Where segments come from. */
  private sealed interface Source permits OfX12, OfEdifact {
    /** The next interchange's first segment, null when there is none. */
    Segment header() throws IOException, Unreadable;

    /** Its control number. */
    String control();

    Delimiters delimiters();

    /** Its next segment, null when there is none. */
    Segment next() throws IOException, Unreadable;
  }

  private static final class OfX12 implements Source {
    private final SegmentReader reader;
    private SegmentReader.Header header;

    OfX12(ByteArrayInputStream in) {
      reader = new SegmentReader(in, ReadOptions.STRICT.withShortHeaders(), new ArrayList<>());
    }

    @Override
    public Segment header() throws IOException, Unreadable {
      header = reader.header();
      return header == null ? null : header.isa();
    }

    @Override
    public String control() {
      return header.isa().element(13);
    }

    @Override
    public Delimiters delimiters() {
      return header.delimiters();
    }

    @Override
    public Segment next() throws IOException, Unreadable {
      return reader.next();
    }
  }

  private static final class OfEdifact implements Source {
    private final EdifactSegments reader;
    private EdifactSegments.Header header;

    OfEdifact(ByteArrayInputStream in) {
      reader = new EdifactSegments(in, ReadOptions.STRICT, new ArrayList<>());
    }

    @Override
    public Segment header() throws IOException, Unreadable {
      header = reader.header();
      return header == null ? null : header.unb();
    }

    @Override
    public String control() {
      return header.unb().element(5);
    }

    @Override
    public Delimiters delimiters() {
      return header.delimiters();
    }

    @Override
    public Segment next() throws IOException, Unreadable {
      return reader.next();
    }
  }

  private static Row row(Segment segment, Delimiters delimiters) {
    var rule = Dictionary.of(delimiters.standard()).rule(segment.id());
    var elements = new ArrayList<Element>();
    for (int i = 0; i < segment.elements().size(); i++) {
      var name = "%s%02d".formatted(segment.id(), i + 1);
      var value = delimiters.written(segment.elements().get(i));
      elements.add(new Element(name, what(rule, i), value));
    }
    return new Row(
        depth(segment.id()),
        segment.id(),
        rule == null ? ENVELOPE.getOrDefault(segment.id(), "") : rule.name(),
        segment.line(),
        List.copyOf(elements));
  }

  private static String what(SegmentRule rule, int place) {
    if (rule == null || place >= rule.parts().size()) {
      return "";
    }
    var part = rule.parts().get(place);
    return part.composite() == null ? part.rule().name() : part.composite().name();
  }

  private static int depth(String id) {
    return switch (id.toUpperCase(Locale.ROOT)) {
      case "ISA", "IEA", "TA1", "UNB", "UNZ" -> 0;
      case "GS", "GE", "UNG", "UNE" -> 1;
      case "ST", "SE", "UNH", "UNT" -> 2;
      default -> 3;
    };
  }

  /** The segment with its delimiters, without the terminator. */
  public String text(Row row) {
    var text = new StringBuilder(row.id());
    row.elements().forEach(element -> text.append(delimiters.element()).append(element.value()));
    return text.toString();
  }
}
