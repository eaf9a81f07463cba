package io.serai.exchange;

import io.serai.edi.EdiFault;
import io.serai.edi.GroupReport;
import io.serai.edi.InterchangeReport;
import io.serai.edi.SetReport;
import io.serai.edi.Standard;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.InboxMessage;
import java.util.ArrayList;
import java.util.List;

/** Says why a file or a set of a partner was refused. */
final class Refusals {
  private Refusals() {}

  /** A file in which there is nothing to read. */
  static FailureException file(InboxMessage message, Agreement with, List<EdiFault> faults) {
    var first = faults.stream().filter(EdiFault::refuses).findFirst();
    return new FailureException(
        Failure.of(
            FailureKind.UNREADABLE,
            "File '%s' of '%s' holds no interchange that can be read: %s Have the partner send it again; nothing of it was taken."
                .formatted(
                    name(message),
                    with.account(),
                    first.map(EdiFault::what).orElse("it has no interchange.")),
            Place.of(with.account())));
  }

  /** What people know a file by. */
  static String name(InboxMessage message) {
    return message.eventType() == null ? message.publicId() : message.eventType();
  }

  /** A set of a file that came, refused: its first fault, where it stands, and what to do. */
  static Failure set(
      Agreement with, InterchangeReport interchange, GroupReport group, SetReport set) {
    var answer = answer(with, interchange);
    return set(
        with,
        interchange,
        group,
        set,
        answer == null
            ? "Nothing answers it, as was agreed: ask the partner to send it again."
            : "When the partner has our %s, it is to send it again.".formatted(answer));
  }

  /** The same of one that a person had read again, of which nobody else hears. */
  static Failure again(
      Agreement with, InterchangeReport interchange, GroupReport group, SetReport set) {
    return set(
        with,
        interchange,
        group,
        set,
        "It was read again by us alone, and the partner hears nothing.");
  }

  private static String answer(Agreement with, InterchangeReport interchange) {
    if (with.profile().standard() == Standard.EDIFACT || interchange.outcome().taken()) {
      return with.profile().acknowledgment();
    }
    return with.profile().answers().envelope() == PartnerProfile.EnvelopeAnswer.NEVER
        ? null
        : "TA1";
  }

  private static Failure set(
      Agreement with,
      InterchangeReport interchange,
      GroupReport group,
      SetReport set,
      String told) {
    var fault = firstFault(interchange, group, set);
    var where =
        fault == null || fault.place().line() == 0
            ? ""
            : " (line %d)".formatted(fault.place().line());
    return new Failure(
        FailureKind.INVALID,
        "%s %s '%s' of interchange '%s' from '%s' was refused%s: %s %s To take it all the same, correct the partner profile or the text, then replay."
            .formatted(
                named(with),
                set.id(),
                set.control(),
                interchange.interchange().control(),
                with.account(),
                where,
                fault == null ? "it is at fault." : fault.what(),
                told),
        Place.of(with.account()),
        fault == null ? null : evidence(fault),
        null,
        null);
  }

  /** How a sentence begins with a document of this partner: Set, or Message. */
  static String named(Agreement with) {
    return with.profile().standard() == Standard.X12 ? "Set" : "Message";
  }

  /** What was expected, and what was perhaps meant. */
  static String evidence(EdiFault fault) {
    return (fault.expected()
            + (fault.corrected().isEmpty() ? "" : "\nPerhaps: " + fault.corrected()))
        .strip();
  }

  /** What refused an interchange of which nothing is taken, outside in. */
  static EdiFault firstFault(InterchangeReport interchange) {
    var all = new ArrayList<>(interchange.faults());
    for (var group : interchange.groups()) {
      all.addAll(group.faults());
      group.sets().forEach(set -> all.addAll(set.faults()));
    }
    return all.stream().filter(EdiFault::refuses).findFirst().orElseThrow();
  }

  /** What was wrong first with what was taken all the same; null when nothing was. */
  static String firstError(List<EdiFault> faults) {
    return faults.stream().filter(EdiFault::counts).findFirst().map(EdiFault::what).orElse(null);
  }

  /** What refused a set first, outside in; null when nothing did. */
  static EdiFault firstFault(InterchangeReport interchange, GroupReport group, SetReport set) {
    for (var faults : List.of(interchange.faults(), group.faults(), set.faults())) {
      for (var fault : faults) {
        if (fault.refuses()) {
          return fault;
        }
      }
    }
    return null;
  }
}
