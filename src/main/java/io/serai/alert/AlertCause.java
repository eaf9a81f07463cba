package io.serai.alert;

import io.serai.deadletter.DeadLetterGroup;
import io.serai.deadletter.Stake;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Why something needs people: dead letters of one cause, or holds of one kind that are overdue.
 *
 * @param fingerprint what names it
 * @param kind of the failure, or {@code OVERDUE}
 * @param account where it stopped, or whose turn it is; or null
 * @param sentence what happened and what to do, of the latest one
 * @param count how many things
 * @param orders how many orders are concerned
 * @param money what those are worth, by currency
 * @param since when the first of them stopped, or was due
 * @param page of the console that shows it
 */
record AlertCause(
    String fingerprint,
    String kind,
    String account,
    String sentence,
    int count,
    int orders,
    List<Stake> money,
    Instant since,
    String page) {
  static final String OVERDUE = "OVERDUE";

  static AlertCause of(DeadLetterGroup group) {
    return new AlertCause(
        group.fingerprint(),
        group.kind() == null ? "CONFIG" : group.kind(),
        group.account(),
        group.sentence(),
        group.count(),
        group.orders(),
        group.stakes(),
        group.firstSeen(),
        "/console/dead-letters/group?fingerprint="
            + URLEncoder.encode(group.fingerprint(), StandardCharsets.UTF_8));
  }

  /** Holds of one kind that one owner should have ended. */
  static AlertCause overdue(String kind, String owner, int count, Instant since) {
    return new AlertCause(
        "overdue:" + kind + ':' + owner,
        OVERDUE,
        owner,
        "%d %s held (%s) longer than '%s' was given. Look at them and release, change or cancel."
            .formatted(count, count == 1 ? "order is" : "orders are", kind, owner),
        count,
        count,
        List.of(),
        since,
        "/console/orders?state=ON_HOLD");
  }

  String title() {
    return OVERDUE.equals(kind)
        ? "%d overdue, for '%s'".formatted(count, account)
        : "%d stopped%s: %s".formatted(count, account == null ? "" : " at '" + account + "'", kind);
  }
}
