package io.serai.hub;

import static io.serai.hub.WorkingParcel.State.DELIVERED;
import static io.serai.hub.WorkingParcel.State.LABELED;
import static io.serai.hub.WorkingParcel.State.RETURNED;
import static io.serai.hub.WorkingParcel.State.SHIPPED;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import io.serai.order.OrderState;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import java.time.Duration;
import java.time.Instant;

/**
 * What carriers tell of parcels under way, and what their silence means.
 *
 * <p>Guarantee: where a parcel stands follows from the set of its scans, so the order in which they
 * are told does not matter, and a scan that is told twice is one scan. A scan that is dated ahead
 * of now is kept and counts for nothing until it is told again in its time, and one from before
 * there was the parcel for ever: carriers use their numbers again. Gap: how far ahead counts as
 * ahead leaves an hour for clocks and zones that are wrong, and how far before a day.
 */
final class Following {
  /** How far ahead a carrier's clock may be. */
  static final Duration AHEAD = Duration.ofHours(1);

  /** How long before a parcel was made its scans may be dated. */
  static final Duration BEFORE = Duration.ofDays(1);

  /** How long a parcel that others sent may stay without a scan. */
  static final Duration NO_MOVEMENT = Duration.ofDays(5);

  /** How long a number that nobody knows may turn out to be that of a label just bought. */
  static final Duration RACE = Duration.ofMinutes(15);

  private final Book book;
  private final Parceling parceling;

  Following(Book book, Parceling parceling) {
    this.book = book;
    this.parceling = parceling;
  }

  /** A carrier tells of a parcel. */
  ApplyResult apply(Tracking tracking, Application cause) {
    var parcel =
        book.parcels.values().stream()
            .filter(p -> tracking.trackingNumber().equals(p.trackingNumber))
            .reduce((older, newer) -> newer)
            .orElse(null);
    if (parcel == null) {
      return unknown(tracking, cause);
    }
    var order = book.ordersById.get(parcel.orderId);
    parcel.toldBy = cause.messageId();
    var news = false;
    for (var event : tracking.events()) {
      var future = event.at().isAfter(book.now.plus(AHEAD));
      var other = parcel.madeAt != null && event.at().isBefore(parcel.madeAt.minus(BEFORE));
      if (parcel.keep(event, future || other)) {
        news = true;
        if (future) {
          book.event(
              order,
              "parcel.future-scan",
              "'%s' says of parcel '%s' that it was '%s' at %s, which is yet to come. The scan is kept and counts for nothing."
                  .formatted(carrier(parcel, tracking), shown(parcel), event.state(), event.at()),
              cause);
        } else if (other) {
          book.event(
              order,
              "parcel.old-scan",
              "'%s' says of parcel '%s' that it was '%s' at %s, before there was this parcel: its number was used before. The scan is kept and counts for nothing."
                  .formatted(carrier(parcel, tracking), shown(parcel), event.state(), event.at()),
              cause);
        }
      }
    }
    if (!news) {
      var reason = "Every scan of '%s' was told before.".formatted(tracking.trackingNumber());
      book.end(cause, "IGNORED", order.id, reason);
      return new ApplyResult.NoEffect(order.id, reason);
    }
    parcel.changed = true;
    order.changed = true;
    moved(order, parcel, tracking, cause);
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, null);
  }

  private ApplyResult unknown(Tracking tracking, Application cause) {
    var received = cause.message() == null ? book.now : cause.message().receivedAt();
    var mayCome = book.now.isBefore(received.plus(RACE));
    return new ApplyResult.Failed(
        Failure.of(
            mayCome ? FailureKind.TRANSIENT : FailureKind.INVALID,
            "'%s' tells of parcel '%s', which nothing that was sent from here has. %s"
                .formatted(
                    cause.source(),
                    tracking.trackingNumber(),
                    mayCome
                        ? "It is looked for again by itself."
                        : "Replay it when its shipment is known, or discard it."),
            Place.of(cause.source())));
  }

  private void moved(
      WorkingOrder order, WorkingParcel parcel, Tracking tracking, Application cause) {
    var before = parcel.tracking;
    var course = parcel.course();
    parcel.lastScanAt = parcel.lastScan();
    if (course == null) {
      return;
    }
    parcel.tracking = course;
    var first = parcel.firstScan();
    if (first != null && parcel.state == LABELED) {
      parceling.ship(order, parcel, first, cause);
    } else if (first != null && !parcel.state.sent()) {
      report(
          order,
          parcel,
          HoldKind.PARCEL,
          "Parcel '%s' is '%s' and was scanned all the same at %s. Find out who has it, then correct the order."
              .formatted(shown(parcel), parcel.state, first),
          "parcel.scanned",
          cause);
      return;
    }
    if (course != before) {
      book.event(
          order,
          "parcel." + course.name().toLowerCase().replace('_', '-'),
          sentence(parcel, course, carrier(parcel, tracking)),
          parcel,
          cause);
    }
    order.lift(HoldKind.NO_MOVEMENT, parcel, book.now);
    switch (course) {
      case DELIVERED -> end(order, parcel, true, cause);
      case RETURNED -> {
        end(order, parcel, false, cause);
        report(
            order,
            parcel,
            HoldKind.RETURNED_TO_SENDER,
            "Parcel '%s' of order '%s' is back. Count its units in again, then send them anew or cancel them."
                .formatted(shown(parcel), order.shown()),
            "parcel.back",
            cause);
      }
      case RETURNING -> {
        report(
            order,
            parcel,
            HoldKind.RETURNED_TO_SENDER,
            "Parcel '%s' of order '%s' is on its way back. Ask the buyer, then send it anew or refund it."
                .formatted(shown(parcel), order.shown()),
            "parcel.coming-back",
            cause);
        watch(parcel);
      }
      default -> watch(parcel);
    }
  }

  private void watch(WorkingParcel parcel) {
    if (parcel.state == SHIPPED || parcel.state == LABELED) {
      var since = parcel.lastScanAt == null ? book.now : parcel.lastScanAt;
      parcel.due(since.plus(patience(parcel)));
    }
  }

  private Duration patience(WorkingParcel parcel) {
    var packing = book.topology.packing().get(parcel.node);
    return packing == null ? NO_MOVEMENT : packing.noMovement();
  }

  /** Nobody scanned it for as long as that may take. */
  void still(WorkingOrder order, WorkingParcel parcel, Application cause) {
    var since = since(parcel);
    if (since.plus(patience(parcel)).isAfter(book.now)) {
      parcel.due(since.plus(patience(parcel)));
      return;
    }
    parcel.due(null);
    report(
        order,
        parcel,
        HoldKind.NO_MOVEMENT,
        parcel.lastScanAt == null
            ? "Parcel '%s' of order '%s' has had a label since %s and was never scanned. Find it, or ask '%s'."
                .formatted(shown(parcel), order.shown(), since, carrier(parcel, null))
            : "Parcel '%s' of order '%s' has not moved since %s (%d days). Ask '%s' for it."
                .formatted(
                    shown(parcel),
                    order.shown(),
                    since,
                    Duration.between(since, book.now).toDays(),
                    carrier(parcel, null)),
        "parcel.still",
        cause);
  }

  private Instant since(WorkingParcel parcel) {
    if (parcel.lastScanAt != null) {
      return parcel.lastScanAt;
    }
    if (parcel.shippedAt != null) {
      return parcel.shippedAt;
    }
    return parcel.dueAt.minus(patience(parcel));
  }

  private void end(WorkingOrder order, WorkingParcel parcel, boolean delivered, Application cause) {
    var to = delivered ? DELIVERED : RETURNED;
    if (parcel.state == to) {
      return;
    }
    var before = order.state();
    parcel.to(to);
    parcel.due(null);
    if (delivered) {
      parcel.deliveredAt = parcel.lastOf(TrackingState.DELIVERED);
      order.lift(HoldKind.RETURNED_TO_SENDER, parcel, book.now);
    }
    new Arrivals(book, order).count();
    var after = order.state();
    if (after != before && (after == OrderState.DELIVERED || after == OrderState.CLOSED)) {
      book.event(
          order,
          after == OrderState.DELIVERED ? "order.delivered" : "order.closed",
          after == OrderState.DELIVERED
              ? "All of order '%s' is delivered.".formatted(order.shown())
              : "Nothing of order '%s' is under way any more; a part of it came back."
                  .formatted(order.shown()),
          cause);
    }
  }

  private void report(
      WorkingOrder order,
      WorkingParcel parcel,
      HoldKind kind,
      String sentence,
      String event,
      Application cause) {
    if (order.place(kind, parcel, sentence, book.now)) {
      book.event(order, event, sentence, cause);
    }
  }

  private static String shown(WorkingParcel parcel) {
    return parcel.trackingNumber == null ? parcel.text() : parcel.trackingNumber;
  }

  private static String carrier(WorkingParcel parcel, Tracking tracking) {
    if (parcel.papers.carrier() != null) {
      return parcel.papers.carrier();
    }
    return tracking != null && tracking.carrier() != null ? tracking.carrier() : "the carrier";
  }

  private static String sentence(WorkingParcel parcel, TrackingState course, String carrier) {
    var what =
        switch (course) {
          case PRE_TRANSIT -> "'%s' knows of it and does not have it yet";
          case IN_TRANSIT -> "'%s' has it";
          case OUT_FOR_DELIVERY -> "'%s' is about to deliver it";
          case AVAILABLE_FOR_PICKUP -> "it waits at '%s' to be collected";
          case DELIVERED -> "'%s' delivered it";
          case EXCEPTION -> "'%s' reports a problem";
          case RETURNING -> "'%s' is bringing it back";
          case RETURNED -> "'%s' brought it back";
          case CANCELLED -> "'%s' took its label back";
          case UNKNOWN -> "'%s' says nothing of it";
        };
    return "Parcel '%s': %s.".formatted(shown(parcel), what.formatted(carrier));
  }
}
