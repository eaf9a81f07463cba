package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** {@code serai:token?account=A}: a valid access token in the variable {@code token}. */
final class TokenProducer extends DefaultProducer {
  private final SeraiEndpoint endpoint;

  TokenProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    var token = account == null ? null : account.profile().token();
    var secret =
        token == null || token.parameter() == null ? null : account.secret(token.parameter());
    if (secret == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Account '%s' has no access token. Set the parameter that its connector names under 'token'."
                  .formatted(endpoint.getAccount()),
              Place.of(endpoint.getAccount())));
    }
    exchange.setVariable(Variables.TOKEN, secret.reveal());
  }
}
