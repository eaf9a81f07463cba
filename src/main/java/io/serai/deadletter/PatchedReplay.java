package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * One message of a bulk replay that changes payloads: tried outside any transaction, then edited in
 * that of the job's record, so that a kill leaves it either edited and counted or neither.
 */
final class PatchedReplay {
  private final DryRun dryRun;

  PatchedReplay(DryRun dryRun) {
    this.dryRun = dryRun;
  }

  /**
   * What each message of a job gets.
   *
   * @param reason stands with each edit
   * @param job named in the audit
   */
  record Patch(JsonPatch change, String reason, String actor, String job) {}

  /** Tries it; a failure to try is why it is left. */
  GroupPatch.Judged judge(String id, Patch patch) {
    try {
      return GroupPatch.judge(dryRun, id, patch.change());
    } catch (RuntimeException e) {
      return new GroupPatch.Judged("It could not be tried: " + e.getMessage(), List.of(), null);
    }
  }

  /** Why it was left, or null when it was edited and runs again. */
  static String edit(
      Connection connection,
      ItemId item,
      long fence,
      GroupPatch.Judged judged,
      Patch patch,
      Instant now)
      throws SQLException {
    var target = Target.lock(connection, item);
    if (target.isEmpty()) {
      return "It is not there any more.";
    }
    if (target.get().changedSince(fence).isPresent()) {
      return target.get().dead()
          ? "It has changed since it was selected. Look at it again."
          : "It is %s by now.".formatted(target.get().state());
    }
    var verdict =
        DeadLetters.editMessage(
            connection,
            target.get(),
            judged.changed(),
            LockedFields.none(), // judged with these very bytes: the fence says so
            patch.reason(),
            patch.actor(),
            now);
    if (verdict instanceof Verdict.Refused refused) {
      return refused.sentence();
    }
    Trail.audit(
        connection,
        patch.actor(),
        "dead-letter.edit",
        target.get().id(),
        patch.reason(),
        Verb.state(target.get().state(), target.get().fence()),
        Verb.state("RECEIVED", target.get().fence() + 1).put("replay", patch.job()),
        now);
    return null;
  }
}
