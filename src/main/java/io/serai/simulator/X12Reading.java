package io.serai.simulator;

import io.xlate.edi.stream.EDIInputFactory;
import io.xlate.edi.stream.EDIStreamException;
import io.xlate.edi.stream.EDIStreamReader;
import io.xlate.edi.stream.EDIStreamValidationError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an X12 file by a reader that is not the hub's: tokens, counts and control numbers are
 * StAEDI's business, the documents that of whoever asked.
 */
final class X12Reading {

  /** A file that ends too early or is none. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String sentence) {
      super(sentence);
    }
  }

  private final List<X12.Interchange> interchanges = new ArrayList<>();
  private final List<String> element = new ArrayList<>();
  private List<X12.Group> groups = new ArrayList<>();
  private List<X12.Segment> answers = new ArrayList<>();
  private List<X12.Set> sets = new ArrayList<>();
  private List<X12.Segment> body = new ArrayList<>();
  private X12.Segment isa = X12.Segment.of("ISA");
  private X12.Segment gs = X12.Segment.of("GS");
  private X12.Segment st = X12.Segment.of("ST");
  private List<String> setCodes = new ArrayList<>();
  private List<String> groupCodes = new ArrayList<>();
  private String code = "000";
  private String segment = "";

  private X12Reading() {}

  /** The interchanges of a file. */
  static List<X12.Interchange> read(byte[] content) throws Broken {
    X12.hush();
    var reading = new X12Reading();
    var factory = EDIInputFactory.newFactory();
    factory.setProperty(EDIInputFactory.EDI_VALIDATE_CONTROL_CODE_VALUES, false);
    try (var reader =
        factory.createEDIStreamReader(new ByteArrayInputStream(content), "ISO-8859-1")) {
      while (reader.hasNext()) {
        reading.next(reader);
      }
    } catch (EDIStreamException e) {
      throw new Broken(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reading.interchanges;
  }

  private void next(EDIStreamReader reader) throws EDIStreamException {
    switch (reader.next()) {
      case START_INTERCHANGE -> {
        groups = new ArrayList<>();
        answers = new ArrayList<>();
        code = "000";
      }
      case START_GROUP -> {
        sets = new ArrayList<>();
        groupCodes = new ArrayList<>();
      }
      case START_TRANSACTION -> {
        body = new ArrayList<>();
        setCodes = new ArrayList<>();
      }
      case START_SEGMENT -> {
        segment = reader.getText();
        element.clear();
      }
      case ELEMENT_DATA -> element(reader);
      case END_SEGMENT -> end(new X12.Segment(segment, element));
      case END_TRANSACTION -> sets.add(new X12.Set(st.at(1), st.at(2), body, setCodes));
      case END_GROUP ->
          groups.add(
              new X12.Group(gs.at(1), gs.at(2), gs.at(3), gs.at(6), gs.at(8), sets, groupCodes));
      case END_INTERCHANGE ->
          interchanges.add(
              new X12.Interchange(
                  new X12.Party(isa.at(5).strip(), isa.at(6).strip()),
                  new X12.Party(isa.at(7).strip(), isa.at(8).strip()),
                  isa.at(13),
                  isa.at(12),
                  isa.at(15),
                  groups,
                  answers,
                  code));
      case SEGMENT_ERROR, ELEMENT_DATA_ERROR, ELEMENT_OCCURRENCE_ERROR -> wrong(reader);
      default -> {
        // Loops and composites: their elements say where they stand.
      }
    }
  }

  private void element(EDIStreamReader reader) {
    var place = reader.getLocation().getElementPosition();
    while (element.size() < place - 1) {
      element.add("");
    }
    if (element.size() < place) {
      element.add(reader.getText());
    } else {
      element.set(place - 1, element.get(place - 1) + '>' + reader.getText());
    }
  }

  private void end(X12.Segment one) {
    switch (one.id()) {
      case "ISA" -> isa = one;
      case "GS" -> gs = one;
      case "ST" -> st = one;
      case "TA1" -> answers.add(one);
      case "SE", "GE", "IEA" -> {}
      default -> body.add(one);
    }
  }

  private void wrong(EDIStreamReader reader) {
    var error = reader.getErrorType();
    var count = error == EDIStreamValidationError.CONTROL_COUNT_DOES_NOT_MATCH_ACTUAL_COUNT;
    var number = error == EDIStreamValidationError.CONTROL_REFERENCE_MISMATCH;
    switch (segment) {
      case "SE" -> setCodes.add(count ? "4" : number ? "3" : "5");
      case "GE" -> groupCodes.add(count ? "5" : number ? "4" : "3");
      case "IEA" -> code = count ? "021" : number ? "001" : "022";
      default -> code = "022";
    }
  }
}
