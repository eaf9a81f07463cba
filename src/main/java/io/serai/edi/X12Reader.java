package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
public final class X12Reader {
  /** A file with more faults than this is not told all of them: reading it ends. */
  public static final int MOST_FAULTS = 50_000;

  private final SegmentReader segments;
  private final ReadOptions options;
  private final EdiListener listener;
  private final List<EdiFault> cleaned = new ArrayList<>();
  private final List<InterchangeReport> interchanges = new ArrayList<>();
  private final Set<String> controls = new HashSet<>();
  private long told;

  private X12Reader(InputStream in, ReadOptions options, EdiListener listener) {
    this.segments = new SegmentReader(in, options, cleaned);
    this.options = options;
    this.listener = listener;
  }

  /**
   * Reads a file to its end.
   *
   * @return what became of it; nothing that is wrong with it is an exception
   * @throws IOException when the stream itself cannot be read
   */
  public static FileReport read(InputStream in, ReadOptions options, EdiListener listener)
      throws IOException {
    var reader = new X12Reader(in, options, listener);
    reader.run();
    return new FileReport(reader.interchanges, reader.cleaned);
  }

  private void run() throws IOException {
    try {
      for (var header = segments.header(); header != null; header = segments.header()) {
        if (!interchange(header)) {
          return;
        }
      }
    } catch (Unreadable e) {
      cleaned.add(e.fault());
    }
  }

  /** Reads an interchange; false when the bytes behind it cannot be taken apart any further. */
  private boolean interchange(SegmentReader.Header header) throws IOException {
    var envelope = new EnvelopeJudge(header, options.shortHeaders());
    var faults = envelope.faults();
    var interchange = envelope.interchange();
    var key =
        interchange.senderQualifier() + '\n' + interchange.sender() + '\n' + interchange.control();
    if (!controls.add(key)) {
      faults.add(
          envelope.fault(
              13,
              "025",
              Weight.GRAVE,
              "ISA13 (interchange control number) is '"
                  + interchange.control()
                  + "', which another interchange of this sender in this file has.",
              "Expected: a number that was not used before."));
    }
    var walk = new InterchangeWalk(interchange, faults);
    boolean readable = true;
    try {
      walk.run();
    } catch (Unreadable e) {
      readable = false;
      faults.add(e.fault());
      walk.broken();
    }
    var report =
        new InterchangeReport(
            interchange, walk.groups, walk.acknowledgments, faults, Outcome.of(faults));
    interchanges.add(report);
    told += faults.size() + walk.acknowledgments.size();
    listener.interchange(report);
    return readable;
  }

  /** One interchange on its way from ISA to IEA. */
  private final class InterchangeWalk {
    private final Interchange interchange;
    private final List<EdiFault> faults;
    private final List<GroupReport> groups = new ArrayList<>();
    private final List<Segment> acknowledgments = new ArrayList<>();
    private final Set<String> groupControls = new HashSet<>();
    private GroupWalk group;
    private int strays;
    private int sets;

    InterchangeWalk(Interchange interchange, List<EdiFault> faults) {
      this.interchange = interchange;
      this.faults = faults;
    }

    void run() throws IOException, Unreadable {
      for (var segment = segments.next(); segment != null; segment = segments.next()) {
        bound(segment);
        switch (segment.id()) {
          case "GS" -> {
            closeGroup(segment);
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
            closeGroup(segment);
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
      broken();
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

    /** Ends what is open when nothing more can be read. */
    void broken() {
      if (group != null) {
        group.cutOff(null);
        closed();
      }
    }

    private void closeGroup(Segment before) {
      if (group != null) {
        group.cutOff(before);
        closed();
      }
    }

    private void closed() {
      groups.add(group.report());
      told += group.told();
      group = null;
    }

    // Few bytes can make many faults; without an end to them a small file would fill the memory.
    private void bound(Segment segment) throws Unreadable {
      long all = told + faults.size() + acknowledgments.size() + (group == null ? 0 : group.told());
      if (all > MOST_FAULTS) {
        throw new Unreadable(
            new EdiFault(
                Level.INTERCHANGE,
                Weight.GRAVE,
                "024",
                Place.of(segment),
                "",
                "The file has more than " + MOST_FAULTS + " faults; it is not read any further.",
                "Correct what is told first and check again.",
                ""));
      }
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
