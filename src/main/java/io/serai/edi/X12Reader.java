package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads a file of X12 interchanges and judges envelopes, groups and sets.
 *
 * <p>Guarantee: a bad set never holds its neighbours: whatever is missing or wrong, reading goes on
 * at the next header that can be told; only bytes that can no longer be taken apart end it. Memory
 * holds one set and what is told of the others, which is bounded. Gap: that a control number was
 * used in an earlier file is for whoever remembers those to say.
 *
 * <p>Tokens and rules are our own, after one table: a general parser that walks a schema object for
 * every element judges about two thousand orders a second and core, a walk over compiled rules more
 * than ten times that, and it can say what was meant.
 */
public final class X12Reader extends InterchangeReader<SegmentReader.Header, GroupWalk> {
  /** Something is wrong with the content of an interchange (TA105). */
  private static final String CONTENT = "024";

  private final SegmentReader segments;

  private X12Reader(InputStream in, ReadOptions options, EdiListener listener) {
    super(options, listener);
    this.segments = new SegmentReader(in, options, cleaned);
  }

  /**
   * Reads a file to its end.
   *
   * @return what became of it; nothing that is wrong with it is an exception
   * @throws IOException when the stream itself cannot be read
   */
  public static FileReport read(InputStream in, ReadOptions options, EdiListener listener)
      throws IOException {
    return new X12Reader(in, options, listener).read();
  }

  @Override
  SegmentReader.Header header() throws IOException, Unreadable {
    return segments.header();
  }

  @Override
  Walk open(SegmentReader.Header header) {
    return new InterchangeWalk(new EnvelopeJudge(header, options.shortHeaders()));
  }

  /** One interchange on its way from ISA to IEA. */
  private final class InterchangeWalk extends Walk {
    private final EnvelopeJudge envelope;
    private int strays;
    private int sets;

    InterchangeWalk(EnvelopeJudge envelope) {
      super(envelope.interchange(), envelope.faults());
      this.envelope = envelope;
    }

    @Override
    EdiFault usedBefore() {
      return envelope.fault(
          13,
          "025",
          Weight.GRAVE,
          "ISA13 (interchange control number) is '"
              + interchange.control()
              + "', which another interchange of this sender in this file has.",
          "Expected: a number that was not used before.");
    }

    @Override
    void run() throws IOException, Unreadable {
      for (var segment = segments.next(); segment != null; segment = segments.next()) {
        bound(segment, CONTENT);
        switch (segment.id()) {
          case "GS" -> {
            close(segment);
            group = new GroupWalk(interchange, segment, groupControls, options, listener);
          }
          case "GE" -> {
            if (group == null) {
              stray(segment);
            } else {
              group.end(segment);
              closed();
            }
          }
          case "IEA" -> {
            close(segment);
            end(segment);
            return;
          }
          default -> {
            if (group != null) {
              group.segment(segment);
            } else if (segment.id().equals("TA1")) {
              acknowledgments.add(segment);
            } else {
              stray(segment);
            }
          }
        }
      }
      close(null);
      faults.add(
          new EdiFault(
              Level.INTERCHANGE,
              Weight.GRAVE,
              "023",
              new Place("IEA", 0, "", 0, 0, "", interchange.line(), interchange.offset()),
              "",
              "The interchange "
                  + interchange.control()
                  + " does not end: its IEA segment is missing.",
              "Expected: IEA after the last group; perhaps the file was cut off.",
              iea()));
    }

    // Nothing that could be sent is proposed for an interchange without a group.
    private String iea() {
      return groups.isEmpty()
          ? ""
          : new Segment(
                  "IEA", List.of(Integer.toString(groups.size()), interchange.control()), 0, 0, 0)
              .text(interchange.delimiters().element());
    }

    // Somebody waits for a set; any other segment is told once and stands for nothing by itself.
    private void stray(Segment segment) {
      if (segment.id().equals("ST")) {
        if (sets++ == 0) {
          faults.add(
              new EdiFault(
                  Level.INTERCHANGE,
                  Weight.GRAVE,
                  "024",
                  Place.of(segment),
                  segment.element(1),
                  "Set '"
                      + Values.shown(segment.element(1))
                      + "' stands outside of any group, so nothing vouches for it.",
                  "Expected: a GS segment before the first set of each group.",
                  ""));
        }
        return;
      }
      if (strays++ == 0) {
        faults.add(
            new EdiFault(
                Level.INTERCHANGE,
                Weight.BLEMISH,
                "024",
                Place.of(segment),
                Values.shown(segment.text(interchange.delimiters().element())),
                "Segment "
                    + Values.shown(segment.id())
                    + " stands outside of any group and was not read.",
                "Between ISA and IEA stand only groups (GS to GE) and TA1.",
                ""));
      }
    }

    private void end(Segment trailer) {
      var corrected = iea();
      if (!trailer.element(2).equals(interchange.control())) {
        boolean unpadded =
            interchange.control().matches("\\d{9}")
                && Counts.same(trailer.element(2), Integer.parseInt(interchange.control()));
        faults.add(
            new EdiFault(
                Level.INTERCHANGE,
                unpadded ? Weight.BLEMISH : Weight.GRAVE,
                "001",
                Place.of(trailer, 2),
                trailer.element(2),
                "IEA02 says interchange '"
                    + Values.shown(trailer.element(2))
                    + "', and ISA13 says '"
                    + interchange.control()
                    + "'.",
                "Expected: the same control number in both.",
                corrected));
      }
      if (!Counts.same(trailer.element(1), groups.size())) {
        boolean none = groups.isEmpty() && !acknowledgments.isEmpty();
        faults.add(
            new EdiFault(
                Level.INTERCHANGE,
                none ? Weight.NOTE : Weight.GRAVE,
                none ? "" : "021",
                Place.of(trailer, 1),
                trailer.element(1),
                "IEA01 claims '"
                    + Values.shown(trailer.element(1))
                    + "' groups, and there "
                    + (groups.size() == 1 ? "is 1." : "are " + groups.size() + "."),
                none
                    ? "The interchange holds only TA1 segments, so nothing is lost."
                    : "Expected: the number of GS segments.",
                corrected));
      }
    }
  }
}
