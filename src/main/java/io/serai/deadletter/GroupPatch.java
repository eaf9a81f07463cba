package io.serai.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one change to the payloads of many parked messages and runs them again.
 *
 * <p>Guarantee: a message is changed only when the change fits its payload and what comes of it
 * passes its route, mapping and schema in a dry run; it is then edited as a person would edit it,
 * with its payload before, reason and audit kept, and only as it was looked at. Every other one is
 * left as it is and named with why. Gap: each message is a transaction of its own, so a kill in
 * between leaves those that were not reached as they were; asking again takes up just these. What a
 * dry run cannot see, as stock, may stop one again. More than {@link #MOST}, at a rate and safe
 * over a kill, are a {@link Replay} with a patch.
 */
public final class GroupPatch {
  /** Messages that are looked at in one go; the rest is for the next. */
  public static final int MOST = 1_000;

  static final String NO_REASON =
      "Patching dead letters needs a reason. Say what was wrong with them.";

  private static final int PAGE = 200;

  private final DeadLetters deadLetters;
  private final DryRun dryRun;

  /** Patches messages, each after a dry run. */
  public GroupPatch(DeadLetters deadLetters, DryRun dryRun) {
    this.deadLetters = deadLetters;
    this.dryRun = dryRun;
  }

  /**
   * What became of one message.
   *
   * @param fits whether the change fits; if so and it was no dry run, it runs again
   * @param sentence what would come of it, or why it is left
   * @param differences of its payload
   */
  public record Member(
      String id, boolean fits, String sentence, List<DryRun.Difference> differences) {}

  /**
   * What became of all of them.
   *
   * @param total how many dead letters are meant, those beyond {@link #MOST} included
   */
  public record Report(boolean dryRun, int total, List<Member> members) {
    /** How many the change fits. */
    public int fits() {
      return (int) members.stream().filter(Member::fits).count();
    }
  }

  /**
   * Patches what is selected, or looks what would come of it.
   *
   * @param reason why; required unless it is a dry run
   * @throws IllegalArgumentException with the sentence, when there is no reason
   */
  public Report run(
      Selection selection, JsonPatch patch, boolean dry, String reason, String actor) {
    return run(selection, patch, dry, reason, actor, Integer.MAX_VALUE);
  }

  /**
   * The same for a person who may not patch more than {@code alone} at once: what is listed is
   * counted, and only that is worked, so that nothing which stops meanwhile slips in.
   *
   * @throws TooMany with the sentence; nothing was changed
   */
  public Report run(
      Selection selection, JsonPatch patch, boolean dry, String reason, String actor, int alone) {
    if (!dry && (reason == null || reason.isBlank())) {
      throw new IllegalArgumentException(NO_REASON);
    }
    var letters = new ArrayList<DeadLetter>();
    String cursor = null;
    do {
      var page = deadLetters.list(selection, cursor, PAGE);
      letters.addAll(page.items());
      cursor = page.next();
    } while (cursor != null && letters.size() < MOST);
    var total = cursor == null ? letters.size() : Math.max(deadLetters.count(selection), MOST);
    if (!dry && total > alone) {
      throw new TooMany(total, alone);
    }
    var members =
        letters.stream().map(letter -> member(letter, patch, dry, reason, actor)).toList();
    return new Report(dry, total, members);
  }

  /** More are meant than one person may patch at once. */
  public static final class TooMany extends RuntimeException {
    private TooMany(int total, int alone) {
      super(
          "%d dead letters are selected, and nobody may patch more than %d at once; patch fewer at a time."
              .formatted(total, alone));
    }
  }

  /**
   * What a change makes of one message.
   *
   * @param sentence what would come of it, or why it is left
   * @param differences of its payload
   * @param changed its payload after the change, or null when it is left
   */
  record Judged(String sentence, List<DryRun.Difference> differences, byte[] changed) {
    private static Judged left(String sentence) {
      return new Judged(sentence, List.of(), null);
    }
  }

  /** Tries a change on one message; touches nothing. */
  static Judged judge(DryRun dryRun, String id, JsonPatch patch) {
    var body = dryRun.payload(id);
    if (body.isEmpty()) {
      return Judged.left("Its payload is past its retention and gone.");
    }
    JsonNode before;
    try {
      before = Json.tree(body.get());
    } catch (Json.Unreadable e) {
      return Judged.left("Its payload is no JSON that can be read.");
    }
    JsonNode after;
    try {
      after = patch.apply(before);
    } catch (JsonPatch.Unfit e) {
      return Judged.left(e.getMessage());
    }
    var differences = JsonDiff.between(before, after);
    if (differences.isEmpty()) {
      return Judged.left("The patch changes nothing of it.");
    }
    var changed = Json.bytes(after);
    var tried = dryRun.of(id, changed);
    return tried.isEmpty() || tried.get().outcome() == DryRun.Outcome.FAILED
        ? new Judged(
            tried.map(DryRun.Report::sentence).orElse("It is not there any more."),
            differences,
            null)
        : new Judged(tried.get().sentence(), differences, changed);
  }

  private Member member(
      DeadLetter letter, JsonPatch patch, boolean dry, String reason, String actor) {
    if (letter.type() != DeadLetterType.MESSAGE) {
      return left(
          letter, "It is no message, and only messages have a payload that can be changed.");
    }
    var judged = judge(dryRun, letter.id(), patch);
    if (judged.changed() == null || dry) {
      return new Member(
          letter.id(), judged.changed() != null, judged.sentence(), judged.differences());
    }
    return switch (deadLetters.edit(letter.id(), judged.changed(), reason, actor, letter.fence())) {
      case Verdict.Done done ->
          new Member(letter.id(), true, "It runs again.", judged.differences());
      case Verdict.Absent absent -> left(letter, absent.sentence());
      case Verdict.Refused refused -> left(letter, refused.sentence());
      case Verdict.Changed now -> left(letter, now.sentence());
    };
  }

  private static Member left(DeadLetter letter, String sentence) {
    return new Member(letter.id(), false, sentence, List.of());
  }
}
