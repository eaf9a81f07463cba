package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Documents;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mishap;
import io.serai.catalog.Repeat;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Names what went wrong in a route that at most read from a partner: it may be asked again without
 * harm, so nothing is ever of unknown outcome, and what the network did is cured by time. So is
 * what a hint told of and the partner does not find yet.
 */
final class Reads {
  private final Account account;
  private final Clock clock;

  Reads(Account account, Clock clock) {
    this.account = account;
    this.clock = clock;
  }

  /**
   * The failure.
   *
   * @param what the message or poll that was worked on, to begin a sentence with
   */
  Failure name(Exchange exchange, Throwable thrown, Place place, String what) {
    if (thrown instanceof NotAsked notAsked) {
      return notAsked.failure().at(place);
    }
    var failure = Masking.of(understand(exchange, thrown, place, what), account, exchange);
    return failure.kind() == FailureKind.AUTH && TokenUse.refused(exchange)
        ? Receipts.withAnotherToken(failure, account.name())
        : failure;
  }

  private Failure understand(Exchange exchange, Throwable thrown, Place place, String what) {
    if (thrown instanceof SQLException || thrown instanceof IntakeRefused) {
      return Places.name(thrown, place, what); // ours, whatever the partner answered before
    }
    if (thrown instanceof HttpOperationFailedException http) {
      return answered(exchange, http, place, what);
    }
    if (thrown instanceof MappingException refused && refused.code() != null) {
      return Failure.of(kind(null, refused.code(), Mishap.NONE), refused.getMessage(), place);
    }
    if (Receipts.status(exchange) != null || lost(thrown)) {
      var kind = kind(null, null, Receipts.mishap(thrown));
      return Failure.of(
          kind,
          "%s needs an answer of '%s', and none came that can be read (%s). %s"
              .formatted(
                  what, account.name(), Receipts.reason(thrown), Receipts.advice(kind, thrown)),
          place);
    }
    return Places.name(thrown, place, what);
  }

  private Failure answered(
      Exchange exchange, HttpOperationFailedException http, Place place, String what) {
    var kind = kind(http.getStatusCode(), Receipts.code(http.getResponseBody()), Mishap.NONE);
    // A partner may tell of something before it can show it.
    kind = kind == FailureKind.REFUSED && missed(exchange, http) ? FailureKind.TRANSIENT : kind;
    return new Failure(
        kind,
        "%s needs an answer of '%s', which said HTTP %d. %s"
            .formatted(what, account.name(), http.getStatusCode(), Receipts.advice(kind)),
        place,
        Masking.text(http.getResponseBody(), account, exchange),
        http.getStatusCode(),
        Receipts.retryAfter(http.getResponseHeaders(), clock));
  }

  private static boolean missed(Exchange exchange, HttpOperationFailedException http) {
    var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
    return http.getStatusCode() == 404 && run != null && Documents.isHint(run.message.document());
  }

  private FailureKind kind(Integer status, String code, Mishap mishap) {
    var kind = account.profile().errors().classify(status, code, mishap, Repeat.IDEMPOTENT);
    return kind == FailureKind.UNKNOWN_OUTCOME ? FailureKind.TRANSIENT : kind;
  }

  private static boolean lost(Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Json.Unreadable || cause instanceof FailureException) {
        return false;
      }
      if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof VertxException) {
        return true;
      }
      if (cause.getCause() == cause) {
        return false;
      }
    }
    return false;
  }
}
