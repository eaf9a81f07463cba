package io.serai.camel;

import io.serai.inbox.Ending;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** {@code serai:ignore?reason=…}: ends the message without an effect, by rule. */
final class IgnoreProducer extends DefaultProducer {
  private final SeraiEndpoint endpoint;

  IgnoreProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
    if (run == null) {
      throw new IllegalStateException(
          "Route '%s' ignores a message outside an inbox route."
              .formatted(exchange.getFromRouteId()));
    }
    run.ending = new Ending.Ignored(endpoint.getReason());
  }
}
