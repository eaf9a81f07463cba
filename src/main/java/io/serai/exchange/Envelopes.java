package io.serai.exchange;

import io.serai.edi.GroupReport;
import io.serai.edi.InterchangeReport;
import io.serai.edi.Standard;
import io.serai.exchange.PartnerProfile.Identity;

/** Judges of an envelope what its reader cannot know: who they are, what was agreed, what came. */
final class Envelopes {
  private Envelopes() {}

  /**
   * The report, refused when it is of or for others, no test where only tests were agreed, or of a
   * number that was used before.
   *
   * @param earlier an interchange of the same number and other content; null for none
   */
  static InterchangeReport judge(
      InterchangeReport report, Agreement with, ExchangeStore.Earlier earlier) {
    var found = parties(report, with);
    var interchange = report.interchange();
    if (earlier != null) {
      found =
          found.refused(
              edifact(with) ? "26" : "025",
              edifact(with) ? 5 : 13,
              interchange.control(),
              "%s is '%s', which this sender used before with other content, in message 'msg_%d'."
                  .formatted(
                      edifact(with)
                          ? "UNB05 (interchange control reference)"
                          : "ISA13 (interchange control number)",
                      interchange.control(),
                      earlier.messageId()),
              "Expected: a number that was not used before.");
    }
    return found;
  }

  /**
   * The report, refused when it is of or for others, or no test where only tests were agreed; a
   * group of others is refused alone.
   */
  static InterchangeReport parties(InterchangeReport report, Agreement with) {
    var interchange = report.interchange();
    var found = report;
    if (isKnown(with.theirs())
        && (!interchange.sender().equals(with.theirs().id())
            || !interchange.senderQualifier().equals(with.theirs().qualifier()))) {
      found =
          found.refused(
              edifact(with)
                  ? "23"
                  : interchange.sender().equals(with.theirs().id()) ? "005" : "006",
              edifact(with) ? 2 : 6,
              interchange.sender(),
              "The sender is '%s/%s', and '%s' is '%s'."
                  .formatted(
                      interchange.senderQualifier(),
                      interchange.sender(),
                      with.account(),
                      with.theirs().text()),
              "Expected: the sender that was agreed.");
    }
    if (isKnown(with.ours())
        && (!interchange.receiver().equals(with.ours().id())
            || !interchange.receiverQualifier().equals(with.ours().qualifier()))) {
      found =
          found.refused(
              edifact(with) ? "7" : interchange.receiver().equals(with.ours().id()) ? "007" : "008",
              edifact(with) ? 3 : 8,
              interchange.receiver(),
              "The receiver is '%s/%s', and we are '%s'."
                  .formatted(
                      interchange.receiverQualifier(), interchange.receiver(), with.ours().text()),
              "Expected: the receiver that was agreed.");
    }
    if (with.test() && !"T".equals(interchange.usage())) {
      found =
          edifact(with)
              ? found.refused(
                  "25",
                  11,
                  "",
                  "UNB11 (test indicator) is missing, and only tests were agreed.",
                  "Expected: 1.")
              : found.refused(
                  "020",
                  15,
                  interchange.usage(),
                  "ISA15 (usage) is '%s', and only tests were agreed."
                      .formatted(interchange.usage()),
                  "Expected: T.");
    }
    return edifact(with) || !found.outcome().taken() ? found : groups(found, with);
  }

  private static InterchangeReport groups(InterchangeReport report, Agreement with) {
    return report.with(
        report.groups().stream()
            .map(group -> of(2, "sender", "'" + with.account() + "' is", with.theirs(), group))
            .map(group -> of(3, "receiver", "we are", with.ours(), group))
            .toList());
  }

  // Only a code that the profile names is one that was agreed; else many systems write what they
  // like.
  private static GroupReport of(
      int element, String whose, String who, Identity agreed, GroupReport group) {
    var code = element == 2 ? group.group().sender() : group.group().receiver();
    var known = agreed.group() == null ? agreed.id() : agreed.group();
    if (known == null || known.equals(code)) {
      return group;
    }
    var what =
        "GS0%d (application %s's code) is '%s', and %s '%s'."
            .formatted(element, whose, code, who, known);
    return agreed.group() == null
        ? group.noted(
            element,
            what,
            "Nothing else was agreed, so this alone refuses nothing; with 'group' in the profile's ids it does.")
        : group.ofOthers(element, what, "Expected: '" + known + "'.");
  }

  // A profile may leave an id to its accounts; an agreement with one has it.
  private static boolean isKnown(Identity who) {
    return who.id() != null && who.qualifier() != null;
  }

  private static boolean edifact(Agreement with) {
    return with.profile().standard() == Standard.EDIFACT;
  }

  /** Whether it is a test of a partner with whom all but tests count. */
  static boolean isOnlyTest(InterchangeReport report, Agreement with) {
    return "T".equals(report.interchange().usage()) && !with.test();
  }
}
