package io.serai.camel;

import io.serai.catalog.Documents;
import io.serai.exchange.Agreement;
import io.serai.exchange.Incoming;
import io.serai.exchange.Partners;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.sql.SQLException;
import org.apache.camel.Exchange;

/**
 * {@code serai:interchange}: reads a file of X12 or EDIFACT, acknowledges it and makes each set
 * that is taken a message of its own, in the transaction that ends the file's message.
 */
final class InterchangeProducer extends DividingProducer {
  InterchangeProducer(SeraiEndpoint endpoint) {
    super(endpoint);
  }

  @Override
  void divide(Exchange exchange, InboxConsumer.Run run) throws SQLException {
    if (run.dry != null) {
      return; // what its sets become is tried set by set
    }
    var hub = endpoint.hub();
    var account = hub.configuration().account(endpoint.getAccount());
    var owing =
        new Incoming.Owing(
            account.repeat(Documents.FUNCTIONAL_ACKNOWLEDGMENT).name(),
            account.profile().deadlines().giveUp());
    hub.exchange()
        .incoming()
        .take(hub.inbox(), run.message, agreement(hub, endpoint.getAccount()), owing);
    hub.outbox().nudge();
  }

  /** What was agreed with an account. */
  static Agreement agreement(Hub hub, String name) {
    var account = hub.configuration().account(name);
    var with = hub.exchange().partners().of(account);
    if (with == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              account != null && Partners.isPartner(account)
                  ? "Partner profile '%s' of account '%s' cannot be read, or does not fit its connector. Correct its file, then replay."
                      .formatted(account.text(Partners.PARAMETER), name)
                  : "Account '%s' names no partner profile. Use a connector that has the parameter '%s'."
                      .formatted(name, Partners.PARAMETER),
              Place.of(name)));
    }
    return with;
  }
}
