package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A group of EDIFACT messages on its way from UNG to UNE, or the messages of an interchange that
 * has no groups, and the message that is open in it.
 */
final class MessageGroup implements OpenGroup {
  private final Interchange interchange;
  private final Segment header; // null when the interchange has no groups
  private final Group group;
  private final ReadOptions options;
  private final EdiListener listener;
  private final List<EdiFault> faults = new ArrayList<>();
  private final List<SetReport> messages = new ArrayList<>();
  private final Set<String> references = new HashSet<>();
  private String claimed = "";
  private OpenMessage open;
  private int strays;
  private int headless;
  private int between; // segments outside of any message since the last one ended
  private int told;

  /** The messages that stand in no group. */
  MessageGroup(Interchange interchange, ReadOptions options, EdiListener listener) {
    this.interchange = interchange;
    this.header = null;
    this.options = options;
    this.listener = listener;
    this.group =
        new Group("", interchange.sender(), interchange.receiver(), "", "", interchange.line());
  }

  MessageGroup(
      Interchange interchange,
      Segment header,
      Set<String> groupControls,
      ReadOptions options,
      EdiListener listener) {
    this.interchange = interchange;
    this.header = header;
    this.options = options;
    this.listener = listener;
    var delimiters = interchange.delimiters();
    this.group =
        new Group(
            header.element(1).strip(),
            header.component(2, 1, delimiters).strip(),
            header.component(3, 1, delimiters).strip(),
            header.element(5).strip(),
            header.component(7, 1, delimiters) + ':' + header.component(7, 2, delimiters),
            header.line());
    new ElementJudge(Version.LATER, delimiters, Map.of())
        .judge(
            header,
            Dictionary.edifact().rule("UNG"),
            "",
            fault -> faults.add(ofGroup(SyntaxErrors.of(fault))));
    if (!group.control().isEmpty() && !groupControls.add(group.control())) {
      faults.add(
          fault(
              header,
              5,
              SyntaxErrors.DUPLICATE,
              "UNG05 (functional group reference) is '"
                  + Values.shown(group.control())
                  + "', which another group of this interchange has.",
              "Expected: a reference of its own.",
              ""));
    }
  }

  private static EdiFault ofGroup(EdiFault fault) {
    return new EdiFault(
        Level.GROUP,
        fault.weight(),
        fault.code(),
        fault.place(),
        fault.value(),
        fault.what(),
        fault.expected(),
        fault.corrected());
  }

  /** Whether it has a header of its own. */
  boolean named() {
    return header != null;
  }

  @Override
  public void segment(Segment segment) {
    switch (segment.id()) {
      case "UNH" -> {
        closeMessage(segment);
        open = new OpenMessage(interchange, group, named(), segment.at(1), references, options);
      }
      case "UNT" -> {
        if (open != null) {
          open.end(segment);
          closed();
        } else if (between > 0) {
          headless(segment);
        } else {
          stray(segment);
        }
        between = 0;
      }
      default -> {
        if (open == null) {
          between++;
          stray(segment);
        } else {
          open.segment(segment);
        }
      }
    }
  }

  @Override
  public void end(Segment trailer) {
    closeMessage(trailer);
    claimed = trailer.element(1);
    if (!Counts.same(claimed, messages.size())) {
      faults.add(
          fault(
              trailer,
              1,
              SyntaxErrors.COUNT,
              "UNE01 claims '"
                  + Values.shown(claimed)
                  + "' messages, and the group has "
                  + messages.size()
                  + ".",
              "Expected: the number of UNH segments.",
              une()));
    }
    if (!trailer.element(2).strip().equals(group.control())) {
      faults.add(
          fault(
              trailer,
              2,
              SyntaxErrors.REFERENCES,
              "UNE02 says group '"
                  + Values.shown(trailer.element(2))
                  + "', and UNG05 says '"
                  + Values.shown(group.control())
                  + "'.",
              "Expected: the same reference in both.",
              une()));
    }
  }

  private String une() {
    return new Segment("UNE", List.of(Integer.toString(messages.size()), group.control()), 0, 0, 0)
        .text(interchange.delimiters());
  }

  @Override
  public void cutOff(Segment before) {
    closeMessage(before);
    if (!named()) {
      claimed = Integer.toString(messages.size());
      return;
    }
    faults.add(
        fault(
            before == null ? header : before,
            0,
            SyntaxErrors.MISSING,
            "The group "
                + Values.shown(group.control())
                + " does not end: its UNE segment is missing"
                + (before == null ? "." : " before " + before.id() + "."),
            "Expected: UNE after the last message of the group.",
            une()));
  }

  @Override
  public int told() {
    return told + faults.size();
  }

  @Override
  public GroupReport report() {
    return GroupReport.of(group, claimed, messages, faults);
  }

  private void closeMessage(Segment before) {
    if (open != null) {
      open.cutOff(before);
      closed();
    }
  }

  private void closed() {
    var message = open.read();
    messages.add(message.report());
    told += message.report().faults().size();
    open = null;
    listener.set(message);
  }

  // What ends here never began: a message was lost, though another one may make up for the count.
  private void headless(Segment segment) {
    if (headless++ == 0) {
      faults.add(
          fault(
              segment,
              0,
              SyntaxErrors.STRAY,
              "Message '"
                  + Values.shown(segment.element(2))
                  + "' ends and never began: its UNH is missing.",
              "Expected: UNH before the first segment of each message.",
              ""));
    }
  }

  private void stray(Segment segment) {
    if (strays++ == 0) {
      faults.add(
          new EdiFault(
              Level.GROUP,
              Weight.BLEMISH,
              SyntaxErrors.STRAY,
              Place.of(segment),
              Values.shown(segment.text(interchange.delimiters())),
              "Segment "
                  + Values.shown(segment.id())
                  + " stands outside of any message and was not read.",
              "Expected: UNH, which begins a message.",
              ""));
    }
  }

  private static EdiFault fault(
      Segment segment, int element, String code, String what, String expected, String corrected) {
    return new EdiFault(
        Level.GROUP,
        Weight.GRAVE,
        code,
        element == 0 ? Place.of(segment) : Place.of(segment, element),
        element == 0 ? "" : segment.element(element),
        what,
        expected,
        corrected);
  }
}
