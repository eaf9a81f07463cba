package io.serai.camel;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code serai:sign?scheme=S}: the signature of the body by a named scheme, in variable {@code
 * signature}.
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
    var verification = account.profile().verification();
    var secret = account.secret(verification.secret());
    exchange.setVariable(
        "signature",
        Signatures.sign(
            endpoint.getScheme(),
            verification.encoding().of(account),
            secret.bytes(),
            exchange.getMessage().getBody(byte[].class)));
  }
}
