package io.serai.hub;

import io.serai.failure.FailureKind;
import io.serai.order.FulfillmentResponse;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outbox;
import io.serai.outbox.Outcome;
import java.sql.SQLException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a partner's answer means for the order is applied before the answer is recorded: when the
 * process dies in between, the delivery's outcome is unknown and the same answer is fetched again
 * by key.
 */
public final class OutcomeRules implements Outbox.BeforeOutcome {
  private static final Pattern MESSAGE =
      Pattern.compile("\"(?:sentence|message)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeRules.class);

  // What a channel says so is its last word on it.
  private static final Set<FailureKind> REFUSALS =
      EnumSet.of(
          FailureKind.REFUSED, FailureKind.INVALID, FailureKind.UNMAPPED, FailureKind.UNREADABLE);

  private static final Set<String> CARRIER =
      Set.of(Parceling.RATE, Parceling.BUY, Parceling.FILE, Parceling.VOID);

  private static final Set<String> MONEY = Set.of(Refunding.REFUND, Cashier.CAPTURE);

  private final Supplier<Apply> apply;
  private final Clock clock;
  private final StockPublisher stock;

  /** Works with the apply that will be there when the first answer comes. */
  public OutcomeRules(Supplier<Apply> apply, Clock clock, StockPublisher stock) {
    this.apply = apply;
    this.clock = clock;
    this.stock = stock;
  }

  @Override
  public void settle(Delivery delivery, Outcome outcome, Runnable go, Runnable drop) {
    if ("stock".equals(delivery.document()) && !(outcome instanceof Outcome.PutOff)) {
      try {
        stock.settle(delivery, outcome);
        go.run();
      } catch (SQLException e) {
        // The delivery's lease lapses and the channel is asked again under the same key.
        LOG.warn(
            "What '{}' answered to '{}' could not be kept: {}",
            delivery.destination(),
            delivery.publicId(),
            e.getMessage());
        drop.run();
      }
      return;
    }
    if (CARRIER.contains(delivery.document())) {
      carrier(delivery, outcome, go, drop);
      return;
    }
    if (MONEY.contains(delivery.document()) && delivery.orderId() != null) {
      money(delivery, outcome, go, drop);
      return;
    }
    var state =
        "cancellation".equals(delivery.operation()) && delivery.businessKey().startsWith("ful_")
            ? answer(delivery, outcome)
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
              // When the apply did not happen the answer is fetched again by key after the lease.
              (result instanceof ApplyResult.Fenced ? drop : go).run();
            });
  }

  private void carrier(Delivery delivery, Outcome outcome, Runnable go, Runnable drop) {
    if (outcome instanceof Outcome.Absent
        && Parceling.BUY.equals(delivery.document())
        && delivery.orderId() != null) {
      absent(delivery, go, drop);
      return;
    }
    var confirmed = outcome instanceof Outcome.Confirmed ? (Outcome.Confirmed) outcome : null;
    var refusal = refusal(delivery, outcome);
    if (confirmed == null && refusal == null || delivery.orderId() == null) {
      go.run();
      return;
    }
    apply
        .get()
        .apply(
            new CarrierAnswer(
                delivery.orderId(),
                delivery.destination(),
                delivery.operation(),
                delivery.businessKey(),
                confirmed == null ? null : confirmed.answer(),
                refusal),
            null,
            delivery.destination(),
            result ->
                (result instanceof ApplyResult.Applied || result instanceof ApplyResult.NoEffect
                        ? go
                        : drop)
                    .run());
  }

  // It stands within another sentence.
  private static String sentence(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private void money(Delivery delivery, Outcome outcome, Runnable go, Runnable drop) {
    var confirmed = outcome instanceof Outcome.Confirmed done ? done : null;
    var refusal =
        outcome instanceof Outcome.Failed failed
                && !delivery.looksUp()
                && (failed.failure().partners() || !delivery.outcomeUnknown())
                && REFUSALS.contains(failed.failure().kind())
            ? failed.failure().evidence() == null
                ? sentence(failed.failure().sentence())
                : said(failed.failure().evidence())
            : null;
    if (confirmed == null && refusal == null) {
      go.run();
      return;
    }
    apply
        .get()
        .apply(
            new MoneyAnswer(
                delivery.orderId(),
                delivery.operation(),
                delivery.businessKey(),
                confirmed == null ? null : confirmed.remoteId(),
                refusal,
                false),
            null,
            delivery.destination(),
            result ->
                (result instanceof ApplyResult.Applied || result instanceof ApplyResult.NoEffect
                        ? go
                        : drop)
                    .run());
  }

  // It sold none, and is asked again only while the parcel is still to go by it.
  private void absent(Delivery delivery, Runnable go, Runnable drop) {
    apply
        .get()
        .apply(
            new LabelAbsent(
                delivery.orderId(), delivery.destination(), delivery.businessKey(), delivery.id()),
            null,
            delivery.destination(),
            result -> (result instanceof ApplyResult.NoEffect ? go : drop).run());
  }

  /** Why a carrier does not, in a few words; null as long as it may yet. */
  private static String refusal(Delivery delivery, Outcome outcome) {
    if (!(outcome instanceof Outcome.Failed failed)) {
      return null;
    }
    var failure = failed.failure();
    return delivery.ends(failure.kind())
        ? failure.evidence() == null
            ? "refuses (" + failure.kind() + ")"
            : "refuses: " + said(failure.evidence())
        : null;
  }

  // What it wrote, as far as a person needs it.
  private static String said(String evidence) {
    var message = MESSAGE.matcher(evidence);
    var text = message.find() ? message.group(1) : evidence;
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private static FulfillmentResponse.State answer(Delivery delivery, Outcome outcome) {
    if (outcome instanceof Outcome.Confirmed) {
      return FulfillmentResponse.State.CANCELLED;
    }
    return outcome instanceof Outcome.Failed failed
            && failed.failure().kind() == FailureKind.REFUSED
            && !delivery.looksUp()
        ? FulfillmentResponse.State.CANCEL_REFUSED
        : null;
  }
}
