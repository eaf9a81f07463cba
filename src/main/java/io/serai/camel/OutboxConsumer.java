package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Account;
import io.serai.outbox.Delivery;
import io.serai.outbox.OutboxHandler;
import io.serai.outbox.Outcome;
import io.serai.support.Json;
import java.util.function.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/**
 * {@code from: serai:outbox/<document>} and {@code from: serai:lookup/<document>}: one exchange per
 * attempt, or per look-up of a delivery whose outcome is unknown.
 *
 * <p>Guarantee: it is suspended before it is stopped, because a consumer that stops takes its
 * route's steps along: an answer that comes then would be understood by none, and its outcome
 * unknown.
 */
final class OutboxConsumer extends DefaultConsumer implements Suspendable {
  /** Exchange property: the instant whose mappings make what is sent. */
  static final String MAPPED_AT = "SeraiMappedAt";

  /** Exchange property: until when the delivery is this node's. */
  static final String LEASE_UNTIL = "SeraiLeaseUntil";

  /** Exchange property: what the call to the partner carries as {@code traceparent}. */
  static final String TRACEPARENT = "SeraiTraceparent";

  private final SeraiEndpoint endpoint;
  private final boolean lookup;
  private final OutboxHandler handler = this::send;
  private Receipts receipts;
  private Account fetchesTokens;
  private JsonNode cancelReasons;

  OutboxConsumer(SeraiEndpoint endpoint, Processor processor, boolean lookup) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.lookup = lookup;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var account = endpoint.hub().configuration().account(endpoint.getDestination());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getDestination()));
    }
    fetchesTokens = TokenUse.fetches(account) ? account : null;
    var reasons = account.profile().cancelReasons();
    cancelReasons =
        "cancellation".equals(endpoint.getName()) && !reasons.isEmpty()
            ? Json.MAPPER.valueToTree(reasons)
            : null;
    receipts =
        new Receipts(
            account,
            endpoint.getName(),
            lookup,
            endpoint.hub().documents(),
            endpoint.hub().clock());
    register();
  }

  private void register() {
    if (lookup) {
      endpoint
          .hub()
          .outbox()
          .registerLookup(endpoint.getDestination(), endpoint.getName(), handler);
    } else {
      endpoint.hub().outbox().register(endpoint.getDestination(), endpoint.getName(), handler);
    }
  }

  private void unregister() {
    if (lookup) {
      endpoint
          .hub()
          .outbox()
          .unregisterLookup(endpoint.getDestination(), endpoint.getName(), handler);
    } else {
      endpoint.hub().outbox().unregister(endpoint.getDestination(), endpoint.getName(), handler);
    }
  }

  @Override
  protected void doSuspend() {
    unregister();
  }

  @Override
  protected void doResume() {
    register();
  }

  @Override
  protected void doStop() throws Exception {
    unregister();
    super.doStop();
  }

  private void send(Delivery delivery, Consumer<Outcome> done) {
    var exchange = createExchange(false);
    exchange.getMessage().setBody(delivery.content());
    exchange.setProperty(MAPPED_AT, delivery.mappedAt());
    exchange.setProperty(LEASE_UNTIL, delivery.leaseUntil());
    exchange.setVariable(Variables.ACCOUNT, delivery.destination());
    exchange.setVariable(Variables.DESTINATION, delivery.destination());
    exchange.setVariable(Variables.DOCUMENT, delivery.document());
    exchange.setVariable(Variables.OPERATION, delivery.operation());
    exchange.setVariable(Variables.DELIVERY_ID, delivery.publicId());
    exchange.setVariable(Variables.DELIVERY_KEY, delivery.idempotencyKey());
    exchange.setVariable(Variables.BUSINESS_KEY, delivery.businessKey());
    exchange.setVariable(Variables.REVISION, delivery.revision());
    exchange.setVariable(Variables.MAPPED_AT, delivery.mappedAt().toString());
    exchange.setVariable(Variables.ATTEMPT, delivery.attempt() + 1);
    exchange.setVariable(Variables.CLAIM, (int) delivery.fence());
    if (cancelReasons != null) {
      exchange.setVariable(Variables.CANCEL_REASONS, cancelReasons);
    }
    Variables.partner(exchange, endpoint.hub(), endpoint.getDestination());
    if (fetchesTokens != null) {
      TokenUse.watch(exchange, endpoint.tokens(), fetchesTokens);
    }
    var traces = endpoint.traces();
    var from = traces.on() ? endpoint.hub().clock().instant() : null;
    if (from != null) {
      exchange.setProperty(
          TRACEPARENT, traces.traceparent(delivery.destination(), Footsteps.mark(delivery)));
    }
    getAsyncProcessor()
        .process(
            exchange,
            sync -> {
              var outcome = receipts.read(exchange, delivery);
              releaseExchange(exchange, false);
              if (from != null) {
                var now = endpoint.hub().clock().instant();
                traces.tell(Footsteps.delivered(delivery, lookup, outcome, from, now));
              }
              if (confirmed(outcome)) {
                endpoint
                    .sightings()
                    .seen(delivery.destination(), Sightings.Kind.EFFECT, delivery.document());
              }
              done.accept(outcome);
            });
  }

  private static boolean confirmed(Outcome outcome) {
    return outcome instanceof Outcome.Confirmed
        || outcome instanceof Outcome.Items items
            && items.items().stream().anyMatch(item -> confirmed(item.outcome()));
  }
}
