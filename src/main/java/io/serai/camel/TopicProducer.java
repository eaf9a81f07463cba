package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import io.serai.topic.TopicWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:kafka-send}: writes the body, {@code {"topic", "key", "headers", "value"}}, as a
 * record and answers a receipt once all replicas that are in step have it. Nothing but these
 * becomes a header of the record.
 */
final class TopicProducer extends DefaultAsyncProducer {
  private final SeraiEndpoint endpoint;
  private ExecutorService thread;
  private TopicWriter writer;
  private Duration call;

  TopicProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    call = account.profile().deadlines().call();
    writer = new TopicWriter(AccountTopics.access(account), account.flag("allow-single-broker"));
    // brokers that are asked about a topic hold up nobody but this account
    thread =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, "serai-kafka-send");
  }

  @Override
  protected void doStop() throws Exception {
    if (thread != null) {
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(thread);
      thread = null;
    }
    if (writer != null) {
      writer.close();
      writer = null;
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      thread.execute(() -> send(exchange, callback));
      return false;
    } catch (RejectedExecutionException e) {
      exchange.setException(
          failed(
              FailureKind.TRANSIENT,
              endpoint.getAccount(),
              "The route to '%s' is being stopped. It is tried again by itself."
                  .formatted(endpoint.getAccount())));
      callback.done(true);
      return true;
    }
  }

  private void send(Exchange exchange, AsyncCallback callback) {
    try {
      var record =
          record(
              endpoint.getAccount(),
              exchange.getFromRouteId(),
              exchange.getMessage().getBody(JsonNode.class));
      inTime(
          endpoint.getAccount(),
          exchange.getProperty(OutboxConsumer.LEASE_UNTIL, Instant.class),
          endpoint.hub().clock().instant().plus(call));
      writer.send(
          record,
          (place, failure) -> {
            if (failure == null) {
              exchange
                  .getMessage()
                  .setBody(
                      Json.MAPPER
                          .createObjectNode()
                          .put("outcome", "confirmed")
                          .put("remoteId", place));
            } else {
              exchange.setException(new FailureException(failure));
            }
            callback.done(false);
          });
    } catch (RuntimeException | Error e) { // or its delivery would wait for an answer for ever
      exchange.setException(e);
      callback.done(false);
    }
  }

  /** The record that a mapping made. */
  static TopicWriter.Written record(String account, String route, JsonNode body) {
    if (body == null || !body.path("topic").isTextual() || !body.path("value").isObject()) {
      throw failed(
          FailureKind.CONFIG,
          account,
          "A record of '%s' has no 'topic' or no 'value'. Correct the mapping before 'serai:kafka-send' in route '%s', then replay."
              .formatted(account, route));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    body.path("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    return new TopicWriter.Written(
        body.get("topic").textValue(),
        body.path("key").textValue(),
        headers,
        Json.bytes(body.get("value")));
  }

  /** Gives up when a call might outlast the lease: those before it may have waited for brokers. */
  static void inTime(String account, Instant until, Instant done) {
    if (until != null && done.isAfter(until)) {
      throw failed(
          FailureKind.TRANSIENT,
          account,
          "A record for '%s' waited so long for its turn that another replica may take it up. It is tried again."
              .formatted(account));
    }
  }

  private static FailureException failed(FailureKind kind, String account, String sentence) {
    return new FailureException(Failure.of(kind, sentence, Place.of(account)));
  }
}
