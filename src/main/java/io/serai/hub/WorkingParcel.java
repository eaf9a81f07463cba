package io.serai.hub;

import io.serai.order.Label;
import io.serai.order.ParcelRequest;
import io.serai.order.Rates;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.support.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A parcel as it stands inside one apply transaction: loaded or new, written once. */
final class WorkingParcel {
  /** Where a parcel stands, and where it may go from there; tests stop at any other way. */
  enum State {
    /** Carriers are asked what they would take. */
    RATING,
    /** No carrier made an offer; they are asked again later. */
    WAITING,
    /** A label is owed. */
    BUYING,
    /** It has a label and has not left. */
    LABELED,
    /** The label is to be taken back. */
    VOIDING,
    /** The label was taken back. */
    VOIDED,
    /** The carrier does not take the label back: it is of no use unless a person hands it over. */
    KEPT,
    /** It has left. */
    SHIPPED,
    /** The buyer has it. */
    DELIVERED,
    /** It came back. */
    RETURNED,
    /** It is not to be sent, and there was no label. */
    ABANDONED;

    /** Where a parcel may begin: packed here, or sent by others before it is known here. */
    static final Set<State> FIRST = EnumSet.of(RATING, WAITING, SHIPPED);

    /** Where it may go in one step. */
    Set<State> next() {
      return switch (this) {
        case RATING -> EnumSet.of(BUYING, WAITING, ABANDONED);
        case WAITING -> EnumSet.of(RATING, ABANDONED);
        case BUYING -> EnumSet.of(LABELED, RATING, WAITING, ABANDONED);
        case LABELED -> EnumSet.of(SHIPPED, VOIDING);
        case VOIDING -> EnumSet.of(VOIDED, KEPT);
        case KEPT -> EnumSet.of(SHIPPED);
        case SHIPPED -> EnumSet.of(DELIVERED, RETURNED);
        case DELIVERED -> EnumSet.of(RETURNED);
        case VOIDED, RETURNED, ABANDONED -> EnumSet.noneOf(State.class);
      };
    }

    /** Whether it has left, whatever became of it. */
    boolean sent() {
      return this == SHIPPED || this == DELIVERED || this == RETURNED;
    }
  }

  /**
   * What was asked, offered, chosen and bought.
   *
   * @param together tracking numbers of the boxes that hold the lines between them, or null where
   *     one does
   * @param takenBack tracking numbers of labels that are or were taken back, by account and round
   */
  record Papers(
      ParcelRequest request,
      Map<String, Rates> rates,
      Map<String, String> silent,
      Set<String> tried,
      CarrierChoice choice,
      Label label,
      String carrier,
      List<ParcelRequest.Line> lines,
      Map<String, String> takenBack,
      List<String> together) {
    // Collections are never null and keep their order.
    Papers {
      rates = rates == null ? new LinkedHashMap<>() : new LinkedHashMap<>(rates);
      silent = silent == null ? new LinkedHashMap<>() : new LinkedHashMap<>(silent);
      tried = tried == null ? new HashSet<>() : new HashSet<>(tried);
      takenBack = takenBack == null ? new LinkedHashMap<>() : new LinkedHashMap<>(takenBack);
    }

    static Papers of(ParcelRequest request) {
      return new Papers(request, null, null, null, null, null, null, request.lines(), null, null);
    }

    Papers choosing(CarrierChoice chosen, ParcelRequest asked) {
      return new Papers(
          asked, rates, silent, tried, chosen, label, carrier, lines, takenBack, together);
    }

    Papers labeled(Label bought) {
      return new Papers(
          request,
          rates,
          silent,
          tried,
          choice,
          bought,
          bought.carrier(),
          lines,
          takenBack,
          together);
    }

    Papers asking(ParcelRequest again) {
      return new Papers(
          again, null, null, tried, choice, label, carrier, lines, takenBack, together);
    }
  }

  /** One scan as it is kept. */
  record Scan(Tracking.Event event, boolean future, boolean isNew) {}

  final UUID id;
  final UUID orderId;
  final UUID fulfillmentId;
  final String node;
  final boolean isNew;
  State state;
  int round = 1;
  String account;
  String trackingNumber;
  TrackingState tracking;
  Papers papers;
  Instant dueAt;
  Instant lastScanAt;
  Instant shippedAt;
  Instant deliveredAt;
  final List<Scan> scans = new ArrayList<>();

  /** The label's file, when this transaction brought it. */
  byte[] file;

  /** The message that told of the scans of this transaction, or null. */
  Long toldBy;

  boolean changed;

  /** When it was packed, or left where others packed it; null when nobody says. */
  Instant madeAt;

  /** How the request for its label stands, as the table of deliveries says; or null. */
  String buying;

  /** By what name the carrier knows what that request bought, or null. */
  String boughtAs;

  WorkingParcel(UUID id, UUID orderId, UUID fulfillmentId, String node, boolean isNew) {
    this.id = id;
    this.orderId = orderId;
    this.fulfillmentId = fulfillmentId;
    this.node = node;
    this.isNew = isNew;
  }

  String text() {
    return Ids.text("pcl", id);
  }

  /** What names one purchase of it to a carrier, and its deliveries to us. */
  String key() {
    return text() + "/" + round;
  }

  /** Whether its units are still to leave in it. */
  boolean packed() {
    return switch (state) {
      case RATING, WAITING, BUYING, LABELED -> true;
      default -> false;
    };
  }

  void to(State next) {
    if (next != state && !(state == null ? State.FIRST : state.next()).contains(next)) {
      throw new IllegalStateException(
          "Parcel '%s' was %s and cannot become %s".formatted(text(), state, next));
    }
    state = next;
    changed = true;
  }

  void due(Instant at) {
    dueAt = at;
    changed = true;
  }

  /**
   * Keeps a scan once. Answers whether it is new, or counts now and did not when it was told first.
   *
   * @param future whether it counts for nothing
   */
  boolean keep(Tracking.Event event, boolean future) {
    for (var scan : scans) {
      if (scan.event().at().equals(event.at())
          && scan.event().state() == event.state()
          && code(scan.event()).equals(code(event))) {
        if (!scan.future() || future) {
          return false;
        }
        scans.remove(scan);
        break;
      }
    }
    scans.add(new Scan(event, future, true));
    return true;
  }

  static String code(Tracking.Event event) {
    return event.code() == null ? "" : event.code();
  }

  /**
   * Where the scans say it stands: the newest by its own time, whatever the order in which they
   * were told. Once it is delivered, back or on its way back, only another such end changes that,
   * because carriers tell of exceptions and stations afterwards.
   */
  TrackingState course() {
    TrackingState course = null;
    for (var scan :
        scans.stream()
            .filter(s -> !s.future() && s.event().state() != TrackingState.UNKNOWN)
            .sorted(
                Comparator.comparing((Scan s) -> s.event().at())
                    .thenComparing(s -> s.event().state()))
            .toList()) {
      var next = scan.event().state();
      course = course == null ? next : after(course, next);
    }
    return course;
  }

  private static TrackingState after(TrackingState course, TrackingState next) {
    return switch (course) {
      case RETURNED -> course;
      case RETURNING ->
          // what is delivered on its way back is back; stations on it are no news
          next == TrackingState.DELIVERED || next == TrackingState.RETURNED
              ? TrackingState.RETURNED
              : course;
      case DELIVERED ->
          next == TrackingState.RETURNED || next == TrackingState.RETURNING ? next : course;
      default -> next;
    };
  }

  /** When the carrier had it first, or null. */
  Instant firstScan() {
    return scans.stream()
        .filter(s -> !s.future() && s.event().state().scanned())
        .map(s -> s.event().at())
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** When it was in a state last, or null. */
  Instant lastOf(TrackingState which) {
    return scans.stream()
        .filter(s -> !s.future() && s.event().state() == which)
        .map(s -> s.event().at())
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** When it was seen last, or null. */
  Instant lastScan() {
    return scans.stream()
        .filter(s -> !s.future())
        .map(s -> s.event().at())
        .max(Comparator.naturalOrder())
        .orElse(null);
  }
}
