package io.serai.camel;

import io.serai.deadletter.Normalizer;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Ending;
import io.serai.inbox.InboxHandler;
import io.serai.inbox.InboxMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/**
 * {@code from: serai:inbox/<document>}: one exchange per accepted message, in lane order. It is
 * suspended before it is stopped, so that what is inside finds the steps of its route.
 */
final class InboxConsumer extends DefaultConsumer implements Suspendable, Door {
  /**
   * Exchange property: the claimed message and how it ended. Never a variable, so no route can set
   * it.
   */
  static final String RUN = "SeraiInboxRun";

  // A message of a stopped route is looked at again as often.
  private static final Ending STOPPED = new Ending.Later(Duration.ofSeconds(5));

  private final SeraiEndpoint endpoint;
  private final InboxHandler handler = this::handle;
  private volatile boolean shut;

  InboxConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  /** One message on its way through the route. */
  static final class Run {
    final InboxMessage message;
    volatile Ending ending;

    /** When the step under way began; null while nobody is told. */
    volatile Instant from;

    /** Whether there is a canonical document. */
    volatile boolean normalized;

    /** What the route would apply; null unless this is a dry run, which has no effect. */
    final List<Normalizer.Canonical> dry;

    Run(InboxMessage message, boolean dry) {
      this.message = message;
      this.dry = dry ? new ArrayList<>() : null;
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    doResume();
  }

  @Override
  protected void doResume() {
    endpoint.hub().runner().register(endpoint.getAccount(), endpoint.getName(), handler);
    endpoint.normalizing().put(endpoint.getAccount(), endpoint.getName(), this);
  }

  @Override
  protected void doStop() throws Exception {
    doSuspend();
    super.doStop();
  }

  @Override
  protected void doSuspend() {
    endpoint.hub().runner().unregister(endpoint.getAccount(), endpoint.getName(), handler);
    endpoint.normalizing().remove(endpoint.getAccount(), endpoint.getName(), this);
  }

  @Override
  public void shut(boolean shut) {
    this.shut = shut;
  }

  @Override
  public boolean isShut() {
    return shut || endpoint.stopped(getRouteId());
  }

  private void handle(InboxMessage message, Consumer<Ending> done) {
    if (isShut()) {
      done.accept(STOPPED);
      return;
    }
    var run = new Run(message, false);
    if (endpoint.traces().on()) {
      run.from = endpoint.hub().clock().instant();
    }
    run(run, done);
  }

  /** Sends one message through the route. */
  void run(Run run, Consumer<Ending> done) {
    var message = run.message;
    var exchange = createExchange(false);
    exchange.setProperty(RUN, run);
    exchange.getMessage().setBody(message.body());
    exchange.setVariable(Variables.ACCOUNT, message.account());
    exchange.setVariable(Variables.DOCUMENT, message.document());
    exchange.setVariable(Variables.MESSAGE_ID, message.publicId());
    exchange.setVariable(Variables.MESSAGE_KEY, message.messageKey());
    exchange.setVariable(Variables.RECEIVED_AT, message.receivedAt().toString());
    if (message.eventType() != null) {
      exchange.setVariable(Variables.EVENT_TYPE, message.eventType());
    }
    Variables.partner(exchange, endpoint.hub(), endpoint.getAccount());
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    if (account != null && TokenUse.fetches(account)) {
      TokenUse.watch(exchange, endpoint.tokens(), account);
    }
    getAsyncProcessor()
        .process(
            exchange,
            sync -> {
              var ending = ending(exchange, run);
              if (run.from != null) {
                tell(run, ending);
              }
              releaseExchange(exchange, false);
              done.accept(ending);
            });
  }

  private void tell(Run run, Ending ending) {
    var to = endpoint.hub().clock().instant();
    if (!run.normalized) {
      endpoint.traces().tell(Footsteps.normalized(run.message, run.from, to, ending));
    } else if (!(ending instanceof Ending.Settled)) {
      endpoint.traces().tell(Footsteps.notApplied(run.message, run.from, to, ending));
    }
  }

  private Ending ending(Exchange exchange, Run run) {
    var place = Places.of(exchange, run.message.account());
    var what = "Message '%s'".formatted(run.message.publicId());
    // What the transaction wrote stands, whatever the route did afterwards.
    if (run.ending != null) {
      return run.ending;
    }
    if (exchange.getException() != null) {
      return new Ending.Failed(name(exchange, place, what));
    }
    return new Ending.Failed(
        Failure.of(
            FailureKind.CONFIG,
            "%s reached the end of route '%s' without being applied, split or ignored. End the route with one of these, then replay."
                .formatted(what, exchange.getFromRouteId()),
            place));
  }

  private Failure name(Exchange exchange, Place place, String what) {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    return account == null
        ? Places.name(exchange.getException(), place, what)
        : new Reads(account, endpoint.hub().clock())
            .name(exchange, exchange.getException(), place, what);
  }
}
