package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.reconcile.Teller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * {@code from: serai:reconcile/<document>}: one exchange per question about the books of an
 * account, on the replica that compares them. The route asks and answers {@code {items, cursor}} in
 * the words of that comparison; it stores nothing.
 *
 * <p>Guarantee: what the partner cannot answer now because it is asked too often or the token ran
 * out is asked again, a few times, until the route stops; what else goes wrong ends the comparison
 * with a sentence.
 */
final class ReconcileConsumer extends DefaultConsumer {
  static final List<String> DOCUMENTS = List.of("order", "fulfillment-request", "stock");

  private static final int TRIES = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration USUAL = Duration.ofSeconds(2);

  private final SeraiEndpoint endpoint;
  private final Teller teller = this::ask;
  private volatile CountDownLatch stopping = new CountDownLatch(1);

  ReconcileConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    stopping = new CountDownLatch(1);
    if (!DOCUMENTS.contains(endpoint.getName())) {
      throw new IllegalArgumentException(
          "Nothing compares '%s'; compared are %s."
              .formatted(endpoint.getName(), String.join(", ", DOCUMENTS)));
    }
    endpoint.tellers().put(endpoint.getAccount(), endpoint.getName(), teller);
  }

  @Override
  protected void doStop() throws Exception {
    stopping.countDown(); // whoever waits to ask again goes no further
    endpoint.tellers().remove(endpoint.getAccount(), endpoint.getName(), teller);
    super.doStop();
  }

  private Teller.Told ask(Teller.Question question) {
    for (var tried = 1; ; tried++) {
      var exchange = createExchange(false);
      try {
        exchange.setVariable(Variables.ACCOUNT, endpoint.getAccount());
        exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
        exchange.setVariable(Variables.SINCE, question.since().toString());
        exchange.setVariable(Variables.UNTIL, question.until().toString());
        if (question.cursor() != null) {
          exchange.setVariable(Variables.CURSOR, question.cursor());
        }
        exchange
            .getMessage()
            .setBody(
                question.about() == null
                    ? JsonNodeFactory.instance.objectNode()
                    : question.about());
        var failure =
            Questions.ask(
                endpoint,
                exchange,
                getProcessor(),
                "Comparing '%s' by '%s'".formatted(endpoint.getAccount(), endpoint.getName()));
        if (failure == null) {
          return told(Bodies.tree(exchange));
        }
        if (tried == TRIES || !passes(failure) || stoppedWithin(wait(failure))) {
          throw new FailureException(failure);
        }
      } finally {
        releaseExchange(exchange, false);
      }
    }
  }

  private static boolean passes(Failure failure) {
    return switch (failure.kind()) {
      case THROTTLED -> true;
      case TRANSIENT -> true;
      case AUTH -> failure.retryAfter() != null; // with another token
      default -> false;
    };
  }

  private boolean stoppedWithin(Duration time) {
    try {
      return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static Duration wait(Failure failure) {
    var wanted =
        Stream.ofNullable(RingingConsumer.notBefore(failure, Instant.EPOCH))
            .map(until -> Duration.between(Instant.EPOCH, until))
            .findFirst()
            .orElse(USUAL);
    return wanted.compareTo(PATIENCE) > 0 ? PATIENCE : wanted;
  }

  private Teller.Told told(JsonNode answer) {
    // a mapping leaves out a list that is empty
    if (!answer.isObject() || answer.has("items") && !answer.path("items").isArray()) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Comparing '%s' by '%s' was answered without a list of items. End the route with a mapping that makes {\"items\": [...]}."
                  .formatted(endpoint.getAccount(), endpoint.getName()),
              Place.of(endpoint.getAccount())));
    }
    var items = new ArrayList<JsonNode>();
    answer.path("items").forEach(items::add);
    return new Teller.Told(
        items, answer.path("cursor").isTextual() ? answer.path("cursor").asText() : null);
  }
}
