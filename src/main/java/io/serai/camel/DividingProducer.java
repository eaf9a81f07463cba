package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Ending;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Divides a file into messages of their own.
 *
 * <p>One file of an account at a time, on a thread of its own, so that a large one holds up nobody.
 * A few wait for their turn, and keep their claims meanwhile; one whose claim was lost all the same
 * is dropped unread, and those for which there is no room go back into the inbox, uncounted.
 */
abstract class DividingProducer extends DefaultAsyncProducer {
  private static final int WAITING = 32;
  private static final Duration NO_ROOM = Duration.ofSeconds(2);

  final SeraiEndpoint endpoint;
  private ThreadPoolExecutor one;

  DividingProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    one =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("serai-divide").factory());
  }

  @Override
  protected void doStop() throws Exception {
    if (one != null) {
      one.shutdown();
      one = null;
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      var run = run(exchange);
      if (run.dry != null) {
        divided(exchange, run);
      } else if (queued(exchange, run, callback)) {
        return false;
      } else {
        run.ending = new Ending.Later(NO_ROOM);
      }
    } catch (SQLException | RuntimeException e) {
      exchange.setException(e);
    }
    callback.done(true);
    return true;
  }

  private boolean queued(Exchange exchange, InboxConsumer.Run run, AsyncCallback callback) {
    endpoint.hub().runner().keep(run.message);
    try {
      one.execute(() -> turn(exchange, run, callback));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void turn(Exchange exchange, InboxConsumer.Run run, AsyncCallback callback) {
    try {
      if (!endpoint.hub().inbox().holds(run.message)) {
        run.ending = Ending.FENCED;
      } else {
        divided(exchange, run);
      }
    } catch (Exception e) {
      exchange.setException(e);
    }
    callback.done(false);
  }

  private static InboxConsumer.Run run(Exchange exchange) {
    var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
    if (run == null || run.ending != null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Route '%s' divides a file outside an inbox route, or a second time. Divide once, in a route from serai:inbox."
                  .formatted(exchange.getFromRouteId()),
              Place.of(null)));
    }
    return run;
  }

  private void divided(Exchange exchange, InboxConsumer.Run run) throws SQLException {
    divide(exchange, run);
    run.ending = Ending.SETTLED;
  }

  /** Ends the message and stores its parts; of a dry run it only reads. */
  abstract void divide(Exchange exchange, InboxConsumer.Run run) throws SQLException;
}
