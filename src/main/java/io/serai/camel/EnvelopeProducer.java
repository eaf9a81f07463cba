package io.serai.camel;

import io.serai.catalog.Documents;
import io.serai.exchange.Outgoing;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * {@code serai:envelope/<document>}: wraps the sets of a delivery in their interchange. The body
 * becomes the file's bytes, the variables {@code fileName}, {@code interchange} and, where an
 * acknowledgment is owed, {@code acknowledgeBy} say the rest; asked again for the same revision it
 * gives the same bytes and name.
 *
 * <p>Works on threads of its own, so that those who wait for one commit share it.
 */
final class EnvelopeProducer extends DefaultAsyncProducer {
  private static final int AT_ONCE = 16;
  private static final int MOST_WAITING = 1_000;
  private static final long KEPT_SECONDS = 20;

  private final SeraiEndpoint endpoint;
  private ExecutorService threads;

  EnvelopeProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
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
                "serai-envelope",
                new ThreadPoolProfileBuilder("serai-envelope")
                    .poolSize(AT_ONCE)
                    .maxPoolSize(AT_ONCE)
                    .maxQueueSize(MOST_WAITING)
                    .keepAliveTime(KEPT_SECONDS, TimeUnit.SECONDS)
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
              wrap(exchange);
            } catch (Throwable e) { // or its delivery would wait for an answer for ever
              exchange.setException(e);
            }
            callback.done(false);
          });
      return false;
    } catch (RejectedExecutionException e) {
      exchange.setException(
          new FailureException(
              Failure.of(
                  FailureKind.TRANSIENT,
                  "Too many files for '%s' wait for their turn.".formatted(endpoint.getAccount()),
                  Place.of(endpoint.getAccount()))));
      callback.done(true);
      return true;
    }
  }

  private void wrap(Exchange exchange) throws Exception {
    var delivery = exchange.getVariable(Variables.DELIVERY_ID, String.class);
    if (delivery == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Route '%s' wraps a document that is no delivery. Wrap in a route from serai:outbox or serai:lookup."
                  .formatted(exchange.getFromRouteId()),
              Place.of(null)));
    }
    var hub = endpoint.hub();
    var with = InterchangeProducer.agreement(hub, endpoint.getAccount());
    var sending =
        new Outgoing.Sending(
            Long.parseLong(delivery.substring("dlv_".length())),
            exchange.getVariable(Variables.REVISION, Integer.class),
            exchange.getVariable(Variables.DELIVERY_KEY, String.class));
    var outgoing = hub.exchange().outgoing();
    var file =
        Documents.FUNCTIONAL_ACKNOWLEDGMENT.equals(endpoint.getName())
            ? outgoing.stored(sending)
            : outgoing.wrap(with, sending, Bodies.tree(exchange));
    exchange.getMessage().setBody(file.body());
    exchange.setVariable(Variables.FILE_NAME, file.fileName());
    exchange.setVariable(Variables.INTERCHANGE, file.interchange());
    if (file.acknowledgeBy() != null) {
      exchange.setVariable(Variables.ACKNOWLEDGE_BY, file.acknowledgeBy().toString());
    }
  }
}
