package io.serai.camel;

import io.serai.failure.Failure;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Sends exchanges through routes that begin with us and only ask: polls and fetches. */
final class Questions {
  private Questions() {}

  /**
   * Runs the route to its end.
   *
   * @param what the poll or fetch, to begin a sentence with
   * @return what went wrong, or null
   */
  static Failure ask(SeraiEndpoint endpoint, Exchange exchange, Processor route, String what) {
    var hub = endpoint.hub();
    var account =
        hub.configuration() == null ? null : hub.configuration().account(endpoint.getAccount());
    if (account != null && TokenUse.fetches(account)) {
      TokenUse.watch(exchange, endpoint.tokens(), account);
    }
    try {
      route.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    var thrown = exchange.getException();
    if (thrown == null) {
      return null;
    }
    var place = Places.of(exchange, endpoint.getAccount());
    return account == null
        ? Places.name(thrown, place, what)
        : new Reads(account, hub.clock()).name(exchange, thrown, place, what);
  }
}
