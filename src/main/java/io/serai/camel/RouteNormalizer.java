package io.serai.camel;

import io.serai.deadletter.Normalizer;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Ending;
import io.serai.inbox.InboxMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a stored message through the route that is valid now, with the last step held back. */
final class RouteNormalizer implements Normalizer {
  private final Map<String, InboxConsumer> consumers = new ConcurrentHashMap<>();

  void put(String account, String document, InboxConsumer consumer) {
    consumers.put(account + '/' + document, consumer);
  }

  void remove(String account, String document, InboxConsumer consumer) {
    consumers.remove(account + '/' + document, consumer);
  }

  @Override
  public Normalized normalize(Raw raw) {
    var consumer = consumers.get(raw.account() + '/' + raw.document());
    if (consumer == null) {
      return new Normalized.Failed(
          Failure.of(
              FailureKind.CONFIG,
              "No running route takes '%s' of account '%s'. Correct or add its route."
                  .formatted(raw.document(), raw.account()),
              Place.of(raw.account())));
    }
    var message =
        new InboxMessage(
            raw.id(),
            raw.account(),
            raw.document(),
            raw.key(),
            null,
            raw.eventType(),
            Instant.EPOCH,
            0,
            -1,
            raw.body());
    var run = new InboxConsumer.Run(message, true);
    var ended = new CompletableFuture<Ending>();
    consumer.run(run, ended::complete);
    var ending = ended.join();
    if (ending instanceof Ending.Failed failed) {
      return new Normalized.Failed(failed.failure());
    }
    if (ending instanceof Ending.Ignored ignored) {
      return new Normalized.Ignored(ignored.reason());
    }
    return new Normalized.Documents(List.copyOf(run.dry));
  }
}
