package io.serai.hub;

import io.serai.failure.FailureKind;
import io.serai.order.FulfillmentResponse;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outbox;
import io.serai.outbox.Outcome;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What a partner's answer means for the order is applied before the answer is recorded: when the
 * process dies in between, the delivery's outcome is unknown and the same answer is fetched again
 * by key.
 */
public final class OutcomeRules implements Outbox.BeforeOutcome {
  private final Supplier<Apply> apply;
  private final Clock clock;

  /** Works with the apply that will be there when the first answer comes. */
  public OutcomeRules(Supplier<Apply> apply, Clock clock) {
    this.apply = apply;
    this.clock = clock;
  }

  @Override
  public void settle(Delivery delivery, Outcome outcome, Runnable go) {
    var state =
        "cancellation".equals(delivery.operation()) && delivery.businessKey().startsWith("ful_")
            ? answer(outcome)
            : null;
    if (state == null) {
      go.run();
      return;
    }
    var reason = outcome instanceof Outcome.Failed failed ? failed.failure().sentence() : null;
    apply
        .get()
        .apply(
            new FulfillmentResponse(delivery.businessKey(), state, null, reason, clock.instant()),
            null,
            delivery.destination(),
            result -> {
              if (!(result instanceof ApplyResult.Fenced)) {
                go.run();
              }
            });
  }

  private static FulfillmentResponse.State answer(Outcome outcome) {
    if (outcome instanceof Outcome.Confirmed) {
      return FulfillmentResponse.State.CANCELLED;
    }
    return outcome instanceof Outcome.Failed failed
            && failed.failure().kind() == FailureKind.REFUSED
        ? FulfillmentResponse.State.CANCEL_REFUSED
        : null;
  }
}
