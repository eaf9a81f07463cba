package io.serai.simulator;

import io.xlate.edi.stream.EDIOutputFactory;
import io.xlate.edi.stream.EDIStreamException;
import io.xlate.edi.stream.EDIStreamWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Writes an interchange with one group in it.
 *
 * @param sender as ISA names him
 * @param senderCode as GS names him
 * @param version of the interchange, such as 00501
 * @param release of the group, such as 005010
 * @param usage P or T
 */
record X12Writing(
    X12.Party sender,
    String senderCode,
    X12.Party receiver,
    String receiverCode,
    String version,
    String release,
    String usage) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyMMdd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HHmm").withZone(ZoneOffset.UTC);

  /** A day as documents write it. */
  static String day(Instant at) {
    return LONG_DATE.format(at);
  }

  /** A time of the day as documents write it. */
  static String time(Instant at) {
    return TIME.format(at);
  }

  /**
   * Writes.
   *
   * @param control of the interchange
   * @param group control number of the group
   * @param sets each without header and trailer
   * @param surplus how many segments each trailer counts too many; 0 for an honest one
   */
  String write(
      int control, int group, String type, List<List<X12.Segment>> sets, Instant at, int surplus) {
    X12.hush();
    var out = new ByteArrayOutputStream();
    var factory = EDIOutputFactory.newFactory();
    factory.setProperty(EDIOutputFactory.TRUNCATE_EMPTY_ELEMENTS, true);
    factory.setProperty(EDIOutputFactory.PRETTY_PRINT, true);
    try (var writer = factory.createEDIStreamWriter(out, "ISO-8859-1")) {
      writer.startInterchange();
      segment(
          writer,
          X12.Segment.of(
              "ISA",
              "00",
              " ".repeat(10),
              "00",
              " ".repeat(10),
              sender.qualifier(),
              "%-15s".formatted(sender.id()),
              receiver.qualifier(),
              "%-15s".formatted(receiver.id()),
              DATE.format(at),
              time(at),
              version.compareTo("00402") < 0 ? "U" : "^",
              version,
              "%09d".formatted(control),
              "0",
              usage,
              ">"));
      segment(
          writer,
          X12.Segment.of(
              "GS",
              X12.kind(type),
              senderCode,
              receiverCode,
              day(at),
              time(at),
              group,
              "X",
              release));
      var number = 0;
      for (var set : sets) {
        var name = "%04d".formatted(++number);
        segment(writer, X12.Segment.of("ST", type, name));
        for (var one : set) {
          segment(writer, one);
        }
        segment(writer, X12.Segment.of("SE", set.size() + 2 + surplus, name));
      }
      segment(writer, X12.Segment.of("GE", sets.size(), group));
      segment(writer, X12.Segment.of("IEA", 1, "%09d".formatted(control)));
      writer.endInterchange();
    } catch (EDIStreamException e) {
      throw new IllegalStateException(
          "Set '" + type + "' cannot be written: " + e.getMessage() + ". Correct its segments.", e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static void segment(EDIStreamWriter writer, X12.Segment one) throws EDIStreamException {
    writer.writeStartSegment(one.id());
    for (var element : one.elements()) {
      if (element.isEmpty()) {
        writer.writeEmptyElement();
      } else if (element.contains(">") && !one.id().equals("ISA")) {
        writer.writeStartElement();
        for (var component : element.split(">", -1)) {
          writer.writeComponent(component);
        }
        writer.endElement();
      } else {
        writer.writeElement(element);
      }
    }
    writer.writeEndSegment();
  }
}
