package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file of EDIFACT interchanges and judges envelopes, groups and messages. A message outside
 * of any group stands in a group without a name, so that what reads reports need not care.
 *
 * <p>Guarantee and gap are those of {@link X12Reader}: a bad message never holds its neighbors,
 * memory holds one message and a bounded list of what is told of the others, and whether a
 * reference was used in an earlier file is for whoever remembers those to say.
 */
public final class EdifactReader extends InterchangeReader<EdifactSegments.Header, MessageGroup> {
  private final EdifactSegments segments;

  private EdifactReader(InputStream in, ReadOptions options, EdiListener listener) {
    super(options, listener);
    this.segments = new EdifactSegments(in, options, cleaned);
  }

  /**
   * Reads a file to its end.
   *
   * @return what became of it; nothing that is wrong with it is an exception
   * @throws IOException when the stream itself cannot be read
   */
  public static FileReport read(InputStream in, ReadOptions options, EdiListener listener)
      throws IOException {
    return new EdifactReader(in, options, listener).read();
  }

  @Override
  EdifactSegments.Header header() throws IOException, Unreadable {
    return segments.header();
  }

  @Override
  Walk open(EdifactSegments.Header header) {
    return new MessageWalk(new UnbJudge(header));
  }

  /** One interchange on its way from UNB to UNZ. */
  private final class MessageWalk extends Walk {
    private final UnbJudge unb;
    private int named;
    private int loose;
    private int strays;
    private int ends;

    MessageWalk(UnbJudge unb) {
      super(unb.interchange(), unb.faults());
      this.unb = unb;
    }

    @Override
    EdiFault usedBefore() {
      return unb.fault(
          5,
          0,
          SyntaxErrors.DUPLICATE,
          Weight.GRAVE,
          "UNB05 (interchange control reference) is '"
              + Values.shown(interchange.control())
              + "', which another interchange of this sender in this file has.",
          "Expected: a reference that was not used before.");
    }

    @Override
    void ended() {
      nameless().ifPresent(faults::add);
    }

    @Override
    void run() throws IOException, Unreadable {
      for (var segment = segments.next(); segment != null; segment = segments.next()) {
        bound(segment, SyntaxErrors.UNSPECIFIED);
        switch (segment.id()) {
          case "UNG" -> {
            close(segment);
            named++;
            group = new MessageGroup(interchange, segment, groupControls, options, listener);
          }
          case "UNE" -> {
            if (group == null || !group.named()) {
              stray(segment);
            } else {
              group.end(segment);
              closed();
            }
          }
          case "UNZ" -> {
            close(segment);
            end(segment);
            return;
          }
          case "UNH" -> {
            if (group == null) {
              group = new MessageGroup(interchange, options, listener);
            }
            loose += group.named() ? 0 : 1;
            group.segment(segment);
          }
          default -> {
            if (group == null) {
              stray(segment);
            } else {
              group.segment(segment);
            }
          }
        }
      }
      close(null);
      faults.add(
          new EdiFault(
              Level.INTERCHANGE,
              Weight.GRAVE,
              SyntaxErrors.MISSING,
              new Place("UNZ", 0, "", 0, 0, "", interchange.line(), interchange.offset()),
              "",
              "The interchange "
                  + Values.shown(interchange.control())
                  + " does not end: its UNZ segment is missing.",
              "Expected: UNZ after the last message; perhaps the file was cut off.",
              unz()));
    }

    // Nothing that could be sent is proposed for an interchange without a message.
    private String unz() {
      return count() == 0
          ? ""
          : new Segment("UNZ", List.of(Integer.toString(count()), interchange.control()), 0, 0, 0)
              .text(interchange.delimiters());
    }

    private int count() {
      return named > 0 ? named : loose;
    }

    // A partner that reads of no refusal takes all of it for accepted, so what no CONTRL can name
    // refuses the interchange, which it can.
    private Optional<EdiFault> nameless() {
      for (var group : groups) {
        if (Outcome.of(group.faults()) == Outcome.REFUSED) {
          if (!Contrl.names(group.group().control())) {
            return Optional.of(nameless("the group", group.faults()));
          }
        } else {
          for (var message : group.sets()) {
            if (message.outcome() == Outcome.REFUSED
                && !Contrl.names(message.control())
                && !Standard.acknowledges(message.id())) {
              return Optional.of(nameless("the message", message.faults()));
            }
          }
        }
      }
      return Optional.empty();
    }

    private static EdiFault nameless(String what, List<EdiFault> faults) {
      var first = faults.stream().filter(EdiFault::refuses).findFirst().orElseThrow();
      return new EdiFault(
          Level.INTERCHANGE,
          Weight.GRAVE,
          first.code(),
          first.place(),
          first.value(),
          "The interchange is refused as a whole: "
              + what
              + " that is refused has no reference by which a CONTRL could name it.",
          "Expected: a reference of 1 to 14 characters for every group and message.",
          "");
    }

    // What stands outside of messages is told once, and once that a message was lost in it.
    private void stray(Segment segment) {
      boolean lost = segment.id().equals("UNT");
      if (lost ? ends++ == 0 : strays++ == 0) {
        faults.add(
            new EdiFault(
                Level.INTERCHANGE,
                lost ? Weight.GRAVE : Weight.BLEMISH,
                SyntaxErrors.STRAY,
                Place.of(segment),
                Values.shown(segment.text(interchange.delimiters())),
                "Segment "
                    + Values.shown(segment.id())
                    + " stands outside of any message and was not read.",
                "Between UNB and UNZ stand only messages (UNH to UNT) and groups of them.",
                ""));
      }
    }

    private void end(Segment trailer) {
      if (named > 0 && loose > 0) {
        faults.add(
            trailed(
                trailer,
                0,
                SyntaxErrors.MIXED,
                "The interchange has groups, and messages that stand in none.",
                "Expected: all of its messages in groups, or none.",
                ""));
      }
      if (!trailer.element(2).equals(interchange.control())) {
        faults.add(
            trailed(
                trailer,
                2,
                SyntaxErrors.REFERENCES,
                "UNZ02 says interchange '"
                    + Values.shown(trailer.element(2))
                    + "', and UNB05 says '"
                    + Values.shown(interchange.control())
                    + "'.",
                "Expected: the same control reference in both.",
                unz()));
      }
      if (!Counts.same(trailer.element(1), count())) {
        var what = named > 0 ? "group" : "message";
        faults.add(
            trailed(
                trailer,
                1,
                SyntaxErrors.COUNT,
                "UNZ01 claims '"
                    + Values.shown(trailer.element(1))
                    + "' "
                    + what
                    + "s, and there "
                    + (count() == 1 ? "is 1." : "are " + count() + "."),
                "Expected: the number of " + what + "s; perhaps some were lost on the way.",
                unz()));
      } else if (count() == 0) {
        faults.add(
            trailed(
                trailer,
                0,
                SyntaxErrors.EMPTY,
                "The interchange is empty.",
                "Expected: at least one message.",
                ""));
      }
    }

    private EdiFault trailed(
        Segment trailer, int element, String code, String what, String expected, String corrected) {
      return new EdiFault(
          Level.INTERCHANGE,
          Weight.GRAVE,
          code,
          element == 0 ? Place.of(trailer) : Place.of(trailer, element),
          element == 0 ? "" : trailer.element(element),
          what,
          expected,
          corrected);
    }
  }
}
