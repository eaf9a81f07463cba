package io.serai.camel;

import io.serai.catalog.Documents;
import io.serai.exchange.Outgoing;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.sql.SQLException;
import org.apache.camel.Exchange;

/**
 * {@code serai:envelope/<document>}: wraps the sets of a delivery in their interchange. The body
 * becomes the file's bytes, the variables {@code fileName}, {@code interchange} and, where an
 * acknowledgment is owed, {@code acknowledgeBy} say the rest; asked again for the same revision it
 * gives the same bytes and name.
 *
 * <p>Works on threads of its own, so that those who wait for one commit share it.
 */
final class EnvelopeProducer extends QueuedProducer {
  private static final int AT_ONCE = 16;

  private final SeraiEndpoint endpoint;

  EnvelopeProducer(SeraiEndpoint endpoint) {
    super(endpoint, "serai-envelope", AT_ONCE);
    this.endpoint = endpoint;
  }

  @Override
  void answer(Exchange exchange) throws SQLException {
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
