package io.serai.camel;

import io.serai.catalog.MappingException;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import java.sql.SQLException;
import org.apache.camel.Exchange;

/** Says where in a route something went wrong, and what it is when no partner was asked. */
final class Places {
  private Places() {}

  /** The route and step an exchange got to. */
  static Place of(Exchange exchange, String endpoint) {
    return new Place(exchange.getFromRouteId(), StepTracking.step(exchange), endpoint);
  }

  /**
   * Names what a step threw that asked nobody. What it computed cannot be cured by time: the same
   * bytes give the same fault. What it could not store can.
   */
  static Failure name(Throwable thrown, Place place, String what) {
    return switch (thrown) {
      case FailureException e ->
          e.failure()
              .at(
                  new Place(
                      place.route(),
                      place.step(),
                      e.failure().place().endpoint() == null
                          ? place.endpoint()
                          : e.failure().place().endpoint()));
      case MappingException e ->
          Failure.of(
              e.unmapped() ? FailureKind.UNMAPPED : FailureKind.CONFIG, e.getMessage(), place);
      case Json.Unreadable e ->
          Failure.of(
              FailureKind.UNREADABLE,
              "%s Have the sender correct it, or edit it here, then replay."
                  .formatted(e.getMessage()),
              place);
      case IntakeRefused e ->
          new Failure(
              FailureKind.THROTTLED,
              "%s has to wait: nothing can be stored now (%s). It is tried again by itself."
                  .formatted(what, e.getMessage()),
              place,
              null,
              null,
              e.retryAfter());
      // What PostgreSQL adds below its first line quotes the row.
      case SQLException e ->
          Failure.of(
              FailureKind.TRANSIENT,
              "%s led to something that could not be stored (%s). It is tried again by itself."
                  .formatted(
                      what, String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason")),
              place);
      case StackOverflowError e ->
          Failure.of(
              FailureKind.POISON, "%s is nested too deep to be worked on.".formatted(what), place);
      default ->
          Failure.of(
              FailureKind.CONFIG,
              "%s failed at step '%s' (%s). Correct the route, then replay."
                  .formatted(what, place.step(), thrown),
              place);
    };
  }
}
