package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.deadletter.Normalizer;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.hub.ApplyResult;
import io.serai.inbox.Ending;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:apply/<document>}: judges one canonical document and applies it; ends the message.
 */
final class ApplyProducer extends DefaultAsyncProducer {
  private final SeraiEndpoint endpoint;

  ApplyProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
      if (run == null || run.ending != null) {
        throw new FailureException(
            Failure.of(
                FailureKind.CONFIG,
                "Route '%s' applies a document outside an inbox route, or a second time. Apply once, in a route from serai:inbox."
                    .formatted(exchange.getFromRouteId()),
                Place.of(null)));
      }
      var account = run.message.account();
      var json = ready(Bodies.tree(exchange), account);
      var document = endpoint.hub().documents().read(endpoint.getName(), json, account);
      if (run.dry != null) {
        run.dry.add(new Normalizer.Canonical(endpoint.getName(), json));
        run.ending = Ending.SETTLED;
        callback.done(true);
        return true;
      }
      if (run.from != null) {
        var now = endpoint.hub().clock().instant();
        endpoint.traces().tell(Footsteps.normalized(run.message, run.from, now, null));
        run.from = now;
        run.normalized = true;
      }
      var place = Places.of(exchange, account);
      endpoint
          .hub()
          .apply()
          .apply(
              document,
              json,
              run.message,
              result -> {
                run.ending = ending(result, place);
                callback.done(false);
              });
      return false;
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  private JsonNode ready(JsonNode json, String name) {
    var account =
        "order".equals(endpoint.getName()) ? endpoint.hub().configuration().account(name) : null;
    return account == null ? json : ShipBy.given(json, account.profile().deadlines().shipBy());
  }

  private static Ending ending(ApplyResult result, Place place) {
    return switch (result) {
      case ApplyResult.Applied applied -> Ending.SETTLED;
      case ApplyResult.NoEffect none -> Ending.SETTLED;
      case ApplyResult.Waits waits ->
          new Ending.Waits(
              waits.lane(), Failure.of(FailureKind.TRANSIENT, waits.sentence(), place));
      case ApplyResult.Failed failed -> new Ending.Failed(failed.failure().at(place));
      case ApplyResult.Fenced fenced -> Ending.FENCED;
    };
  }
}
