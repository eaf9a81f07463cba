package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.inbox.Accepted;
import io.serai.inbox.Arrival;
import io.serai.inbox.Ending;
import io.serai.inbox.InboxMessage;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.trace.Mark;
import io.serai.trace.Step;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** The steps that routes take, as they are told to a collector of traces. */
final class Footsteps {
  private Footsteps() {}

  /** One document came in by itself. A sender's own trace is linked, never followed. */
  static Step accepted(Arrival arrival, Accepted accepted, Mark sender, Instant from, Instant to) {
    var first = Mark.accepted(arrival.lane(), accepted.messageId());
    var again = accepted.duplicate();
    return new Step(
        "accept " + arrival.document(),
        again ? Mark.once(arrival.lane(), UUID.randomUUID()) : first,
        again ? first : null,
        sender,
        Step.Kind.SERVER,
        from,
        to,
        Step.words(
            "serai.account",
            arrival.account(),
            "serai.message",
            accepted.id(),
            "serai.duplicate",
            again ? true : null),
        null);
  }

  /** A route made a canonical document of a message, or did not. */
  static Step normalized(InboxMessage message, Instant from, Instant to, Ending ending) {
    return new Step(
        "normalize " + message.document(),
        Mark.normalized(message.lane(), message.id(), message.fence()),
        Mark.accepted(message.lane(), message.id()),
        null,
        Step.Kind.INTERNAL,
        from,
        to,
        words(message, ending),
        ending instanceof Ending.Failed failed ? kind(failed.failure()) : null);
  }

  /** What a message told could not take effect now. */
  static Step notApplied(InboxMessage message, Instant from, Instant to, Ending ending) {
    return new Step(
        "apply " + message.document(),
        Mark.once(message.lane(), UUID.randomUUID()),
        Mark.normalized(message.lane(), message.id(), message.fence()),
        null,
        Step.Kind.INTERNAL,
        from,
        to,
        words(message, ending),
        ending instanceof Ending.Failed failed ? kind(failed.failure()) : null);
  }

  private static Map<String, Object> words(InboxMessage message, Ending ending) {
    return Step.words(
        "serai.account",
        message.account(),
        "serai.message",
        message.publicId(),
        "serai.attempt",
        message.attempt() + 1,
        "serai.ending",
        ending == null ? null : ending.word());
  }

  /** The name of an attempt of a delivery. */
  static Mark mark(Delivery delivery) {
    var about = delivery.about();
    return Mark.delivered(about == null ? delivery.lane() : about, delivery.id(), delivery.fence());
  }

  /** A partner or channel was asked. */
  static Step delivered(
      Delivery delivery, boolean lookup, Outcome outcome, Instant from, Instant to) {
    var about = delivery.about();
    return new Step(
        (lookup ? "look up " : "deliver ") + delivery.document(),
        mark(delivery),
        about == null || delivery.cause() == null ? null : Mark.applied(about, delivery.cause()),
        null,
        Step.Kind.CLIENT,
        from,
        to,
        Step.words(
            "serai.destination",
            delivery.destination(),
            "serai.operation",
            delivery.operation(),
            "serai.delivery",
            delivery.publicId(),
            "serai.attempt",
            delivery.attempt() + 1,
            "serai.outcome",
            outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT)),
        outcome instanceof Outcome.Failed failed ? kind(failed.failure()) : null);
  }

  private static String kind(Failure failure) {
    return failure.kind().name();
  }
}
