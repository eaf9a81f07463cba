package io.serai.api;

import io.serai.deadletter.DeadLetterType;
import io.serai.deadletter.ReplayStep;
import io.serai.deadletter.Selection;
import io.serai.failure.FailureKind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Reads which dead letters a caller means; whatever is no such word is refused, not ignored. */
public final class Selections {
  private static final Pattern ID = Pattern.compile("(msg|dlv)_[0-9]{1,18}|ord_[0-9A-Za-z]{26}");
  private static final List<String> TYPES =
      Arrays.stream(DeadLetterType.values()).map(Enum::name).toList();
  private static final List<String> KINDS =
      Arrays.stream(FailureKind.values()).map(Enum::name).toList();
  private static final List<String> STEPS =
      Arrays.stream(ReplayStep.values()).map(Enum::name).toList();
  private static final int MOST_IDS = 10_000;

  private Selections() {}

  /**
   * @throws Problem 400 with the sentence when a word is unknown, an id is none or the range ends
   *     before it begins
   */
  public static Selection of(
      List<String> ids,
      String type,
      String fingerprint,
      String kind,
      String account,
      String document,
      String orderId,
      Instant since,
      Instant until,
      Boolean needsChoice) {
    return of(
        ids, type, fingerprint, kind, account, document, orderId, since, until, needsChoice, null);
  }

  private static Selection of(
      List<String> ids,
      String type,
      String fingerprint,
      String kind,
      String account,
      String document,
      String orderId,
      Instant since,
      Instant until,
      Boolean needsChoice,
      List<String> destinations) {
    if (ids != null) {
      if (ids.size() > MOST_IDS) {
        throw Problem.badRequest(
            "The selection names %d ids; name at most %d or select by group, account or time."
                .formatted(ids.size(), MOST_IDS));
      }
      for (var id : ids) {
        if (id == null || !ID.matcher(id).matches()) {
          throw Problem.badRequest(
              "'%s' is no dead letter's id; ids begin with msg_, dlv_ or ord_."
                  .formatted(Words.cut(id)));
        }
      }
    }
    if (since != null && until != null && !since.isBefore(until)) {
      throw Problem.badRequest(
          "The time range ends ('%s') before it begins ('%s'); exchange them."
              .formatted(until, since));
    }
    var known = Words.known("type of dead letter", type, TYPES);
    if (destinations != null
        && (destinations.isEmpty()
            || destinations.stream().anyMatch(name -> Words.present(name) == null))) {
      throw Problem.badRequest(
          "'destinations' names none; name one or more, or leave it out for all of them.");
    }
    if (destinations != null && known != null && !known.equals("DELIVERY")) {
      throw Problem.badRequest(
          "Only deliveries have destinations, and type '%s' is asked for; leave one of them out."
              .formatted(known));
    }
    return new Selection(
        ids,
        known == null ? null : DeadLetterType.valueOf(known),
        Words.present(fingerprint),
        Words.known("failure kind", kind, KINDS),
        Words.present(account),
        Words.present(document),
        Words.present(orderId) == null ? null : Cursor.uuid("ord", orderId.strip()),
        since,
        until,
        needsChoice,
        destinations,
        null);
  }

  /**
   * @param now what the ages in a query are counted from
   */
  static Selection of(DeadLetterViews.Selected selected, Instant now) {
    if (selected == null) {
      throw nothing();
    }
    if (Words.present(selected.q()) != null) {
      if (!selected.equals(DeadLetterViews.Selected.matching(selected.q()))) {
        throw Problem.badRequest(
            "The selection has 'q' and names parts too; write them all into 'q'.");
      }
      return DeadLetterWords.of(selected.q(), now);
    }
    var selection =
        of(
            selected.ids(),
            selected.type(),
            selected.fingerprint(),
            selected.kind(),
            selected.account(),
            selected.document(),
            selected.orderId(),
            selected.since(),
            selected.until(),
            null,
            selected.destinations());
    boolean all = Boolean.TRUE.equals(selected.all());
    boolean empty = selection.equals(Selection.everything());
    if (empty && !all) {
      throw nothing();
    }
    if (all && !empty) {
      throw Problem.badRequest(
          "The selection says 'all' and names parts too; send one or the other.");
    }
    return selection;
  }

  /**
   * The step of this name, or null for none.
   *
   * @throws Problem 400 with the sentence for another word
   */
  static ReplayStep step(String name) {
    var known = Words.known("step", Words.present(name), STEPS);
    return known == null ? null : ReplayStep.valueOf(known);
  }

  private static Problem nothing() {
    return Problem.badRequest(
        "The selection is empty; name ids, a fingerprint, a kind, an account, a time range, or send"
            + " {\"all\":true}.");
  }
}
