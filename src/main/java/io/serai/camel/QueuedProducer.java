package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * Works off deliveries that wait for something, a few at a time, on threads of an account's own.
 * Whatever breaks is answered; one that finds no place in the queue is tried again later.
 */
abstract class QueuedProducer extends DefaultAsyncProducer {
  private static final int MOST_WAITING = 1_000;
  private static final Duration KEPT = Duration.ofSeconds(20);

  private final SeraiEndpoint endpoint;
  private final String name;
  private final int atOnce;
  private final String thing;
  private ExecutorService threads;

  QueuedProducer(SeraiEndpoint endpoint, String name, int atOnce) {
    this(endpoint, name, atOnce, "file");
  }

  /** One that sends things of this name. */
  QueuedProducer(SeraiEndpoint endpoint, String name, int atOnce, String thing) {
    super(endpoint);
    this.thing = thing;
    this.endpoint = endpoint;
    this.name = name;
    this.atOnce = atOnce;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    threads =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newThreadPool(
                this,
                name,
                new ThreadPoolProfileBuilder(name)
                    .poolSize(atOnce)
                    .maxPoolSize(atOnce)
                    .maxQueueSize(MOST_WAITING)
                    .keepAliveTime(KEPT.toSeconds(), TimeUnit.SECONDS)
                    .allowCoreThreadTimeOut(true)
                    .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                    .build());
  }

  @Override
  protected void doStop() throws Exception {
    if (threads != null) {
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(threads);
      threads = null;
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      threads.execute(
          () -> {
            try {
              answer(exchange);
            } catch (Throwable e) { // or its delivery would wait for an answer for ever
              exchange.setException(e);
            }
            callback.done(false);
          });
      return false;
    } catch (RejectedExecutionException e) {
      exchange.setException(
          failed(
              FailureKind.TRANSIENT,
              "Too many %ss for '%s' wait for their turn."
                  .formatted(thing, endpoint.getAccount())));
      callback.done(true);
      return true;
    }
  }

  /** Does what is asked and sets the body: a receipt, or the file that was made. */
  abstract void answer(Exchange exchange) throws SQLException;

  /** What the attempts of a delivery have in common. */
  final String key(Exchange exchange) {
    var key = exchange.getVariable(Variables.DELIVERY_KEY, String.class);
    if (key == null) {
      throw failed(
          FailureKind.CONFIG,
          "Route '%s' sends a %s that is no delivery. Begin it at 'serai:outbox' or 'serai:lookup'."
              .formatted(exchange.getFromRouteId(), thing));
    }
    return key;
  }

  /** Gives up when a call might outlast the lease. */
  final void inTime(Exchange exchange, Duration call) {
    var until = exchange.getProperty(OutboxConsumer.LEASE_UNTIL, Instant.class);
    if (until != null && endpoint.hub().clock().instant().plus(call).isAfter(until)) {
      throw failed(
          FailureKind.TRANSIENT,
          "A %s for '%s' waited so long for its turn that another replica may take it up. It is tried again."
              .formatted(thing, endpoint.getAccount()));
    }
  }

  /** A failure that asked nobody. */
  final FailureException failed(FailureKind kind, String sentence) {
    return new FailureException(Failure.of(kind, sentence, Place.of(endpoint.getAccount())));
  }
}
