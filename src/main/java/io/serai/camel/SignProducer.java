package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code serai:sign?scheme=S}: the signature of the body by a named scheme, in variable {@code
 * signature}. By {@code standard-webhooks} the delivery's key and the time are signed with it, and
 * the time stands in variable {@code signedAt}, in seconds.
 */
final class SignProducer extends DefaultProducer {
  private final SeraiEndpoint endpoint;

  SignProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    var verification = account == null ? null : account.profile().verification();
    var secret =
        verification == null || verification.secret() == null
            ? null
            : account.secret(verification.secret());
    if (secret == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "Account '%s' has no secret to sign with. Set the parameter that its connector names under 'verification'."
                  .formatted(endpoint.getAccount()),
              Place.of(endpoint.getAccount())));
    }
    var body = exchange.getMessage().getBody(byte[].class);
    if (StandardWebhook.SCHEME.equals(endpoint.getScheme())) {
      var now = endpoint.hub().clock().instant().getEpochSecond();
      var id = exchange.getVariable("deliveryKey", String.class);
      var secrets = account.secrets(verification.secret());
      exchange.setVariable("signature", StandardWebhook.sign(secrets, id, now, body));
      exchange.setVariable("signedAt", now);
      return;
    }
    exchange.setVariable(
        "signature",
        Signatures.sign(
            endpoint.getScheme(), verification.encoding().of(account), secret.bytes(), body));
  }
}
