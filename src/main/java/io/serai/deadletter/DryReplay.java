package io.serai.deadletter;

import java.util.List;
import javax.sql.DataSource;

/** What replaying one item of a bulk replay would come to; touches nothing. */
final class DryReplay {
  static final String SAME =
      "No mapping was corrected since it was made, or an attempt may have had its effect. Replay it from step 'send'.";

  private final DataSource database;
  private final DryRun dryRun;

  DryReplay(DataSource database, DryRun dryRun) {
    this.database = database;
    this.dryRun = dryRun;
  }

  /** What would become of it, for a person. */
  record Found(ReplayItem.State state, String detail) {}

  Found at(ItemId item, ReplayStep step) {
    try {
      return switch (item.type()) {
        case MESSAGE -> message(item);
        case DELIVERY -> delivery(item, step);
        case ORDER ->
            new Found(ReplayItem.State.SKIPPED, "Only messages and deliveries can be run dry.");
      };
    } catch (RuntimeException e) {
      return new Found(ReplayItem.State.FAILED, "It could not be run dry: " + e.getMessage());
    }
  }

  private Found message(ItemId item) {
    return dryRun
        .of(ItemId.ofMessage(item.number()))
        .map(
            report ->
                new Found(
                    report.outcome() == DryRun.Outcome.FAILED
                        ? ReplayItem.State.FAILED
                        : ReplayItem.State.REPLAYED,
                    report.sentence()))
        .orElseGet(DryReplay::gone);
  }

  private Found delivery(ItemId item, ReplayStep step) {
    var parts =
        Transaction.run(
            database, connection -> EffectLedger.judged(connection, List.of(item.number())));
    if (parts.isEmpty()) {
      return gone();
    }
    var part = parts.getFirst();
    var goes = part.goes(step == null ? ReplayStep.SEND : step);
    return new Found(
        goes ? ReplayItem.State.REPLAYED : ReplayItem.State.SKIPPED,
        goes || part.safety() != ReplayPlan.Safety.SAFE ? part.sentence() : SAME);
  }

  private static Found gone() {
    return new Found(ReplayItem.State.SKIPPED, "It is not there any more.");
  }
}
