package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What reading a file of either standard has in common: interchange after interchange, each to its
 * end as far as its bytes can be taken apart, with no more told of them than fits in memory.
 *
 * @param <H> what an interchange begins with
 * @param <G> what stands in it
 */
abstract class InterchangeReader<H, G extends OpenGroup> {
  /** A file with more faults than this is not told all of them: reading it ends. */
  static final int MOST_FAULTS = 50_000;

  final ReadOptions options;
  final EdiListener listener;
  final List<EdiFault> cleaned = new ArrayList<>();
  private final List<InterchangeReport> interchanges = new ArrayList<>();
  private final Set<String> controls = new HashSet<>();
  private long told;

  InterchangeReader(ReadOptions options, EdiListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** The beginning of the next interchange; null at the end of the file. */
  abstract H header() throws IOException, Unreadable;

  /** The interchange that begins so, its header judged and nothing else read. */
  abstract Walk open(H header);

  /** Reads the file to its end. */
  final FileReport read() throws IOException {
    try {
      for (var header = header(); header != null; header = header()) {
        if (!interchange(open(header))) {
          break;
        }
      }
    } catch (Unreadable e) {
      cleaned.add(e.fault());
    }
    return new FileReport(interchanges, cleaned);
  }

  /** Reads an interchange; false when the bytes behind it cannot be taken apart any further. */
  private boolean interchange(Walk walk) throws IOException {
    var said = walk.interchange;
    if (!controls.add(said.senderQualifier() + '\n' + said.sender() + '\n' + said.control())) {
      walk.faults.add(walk.usedBefore());
    }
    boolean readable = true;
    try {
      walk.run();
    } catch (Unreadable e) {
      readable = false;
      walk.faults.add(e.fault());
      walk.close(null);
    }
    walk.ended();
    var report =
        new InterchangeReport(
            said, walk.groups, walk.acknowledgments, walk.faults, Outcome.of(walk.faults));
    interchanges.add(report);
    told += walk.faults.size() + walk.acknowledgments.size();
    listener.interchange(report);
    return readable;
  }

  /** One interchange on its way from its header to its trailer. */
  abstract class Walk {
    final Interchange interchange;
    final List<EdiFault> faults;
    final List<GroupReport> groups = new ArrayList<>();
    final List<Segment> acknowledgments = new ArrayList<>();
    final Set<String> groupControls = new HashSet<>();

    /** What is open; null between groups. */
    G group;

    /**
     * Opens it.
     *
     * @param faults of its header, to which those of the rest are added
     */
    Walk(Interchange interchange, List<EdiFault> faults) {
      this.interchange = interchange;
      this.faults = faults;
    }

    /** Reads up to its trailer. */
    abstract void run() throws IOException, Unreadable;

    /** The fault of a control number that another interchange of the file has. */
    abstract EdiFault usedBefore();

    /** Judges it as a whole, when nothing more of it is read. */
    void ended() {
      // nothing but what its segments say
    }

    /** Ends what is open, before this segment or, when it is null, where nothing more is read. */
    final void close(Segment before) {
      if (group != null) {
        group.cutOff(before);
        closed();
      }
    }

    final void closed() {
      groups.add(group.report());
      told += group.told();
      group = null;
    }

    // Few bytes can make many faults; without an end to them a small file would fill the memory.
    final void bound(Segment segment, String code) throws Unreadable {
      long all = told + faults.size() + acknowledgments.size() + (group == null ? 0 : group.told());
      if (all > MOST_FAULTS) {
        throw new Unreadable(
            new EdiFault(
                Level.INTERCHANGE,
                Weight.GRAVE,
                code,
                Place.of(segment),
                "",
                "The file has more than " + MOST_FAULTS + " faults; it is not read any further.",
                "Correct what is told first and check again.",
                ""));
      }
    }
  }
}
