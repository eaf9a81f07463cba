package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Ending;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:split/<document>}: makes each row of a CSV file a message of its own under the
 * file's, and ends the file as SPLIT, in one transaction. A row that cannot be read is such a
 * message too, with its fault and number in it, so it stops by itself and is replayed by itself.
 *
 * <p>One file of an account at a time, on a thread of its own, so that a large one holds up nobody.
 */
final class SplitProducer extends DefaultAsyncProducer {
  private final SeraiEndpoint endpoint;
  private ExecutorService one;

  SplitProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    one =
        endpoint
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, "serai-split");
  }

  @Override
  protected void doStop() throws Exception {
    if (one != null) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdown(one);
      one = null;
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    one.execute(
        () -> {
          try {
            split(exchange);
          } catch (Exception e) {
            exchange.setException(e);
          }
          callback.done(false);
        });
    return false;
  }

  private void split(Exchange exchange) throws SQLException {
    var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
    if (run == null || run.ending != null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Route '%s' splits a file outside an inbox route, or a second time. Split once, in a route from serai:inbox."
                  .formatted(exchange.getFromRouteId()),
              Place.of(null)));
    }
    var message = run.message;
    var parts =
        new CsvParts(
            new CsvParts.Plan(
                endpoint.getAccount(),
                endpoint.getName(),
                message.eventType() == null ? message.publicId() : message.eventType(),
                message.publicId(),
                List.of(endpoint.getColumns().split(",")),
                List.of(endpoint.getBy().split(",")),
                "together".equals(endpoint.getRows()),
                "file".equals(endpoint.getOnce())),
            exchange.getMessage().getBody(byte[].class),
            Charset.forName(endpoint.getEncoding()));
    if (run.dry == null) {
      try {
        endpoint.hub().inbox().divide(message, parts, parts::summary);
      } catch (SQLException e) {
        throw new FailureException(
            Failure.of(
                FailureKind.TRANSIENT,
                "The rows of message '%s' could not be stored (%s). It is tried again by itself."
                    .formatted(message.publicId(), e.getMessage()),
                Place.of(message.account())));
      }
    }
    run.ending = Ending.SETTLED;
  }
}
