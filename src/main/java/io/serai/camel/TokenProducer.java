package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:token?account=A}: a valid access token in the variable {@code token}; {@code
 * serai:token/<name>} the one of that name. Goes on at once when it is at hand, as it mostly is.
 */
final class TokenProducer extends DefaultAsyncProducer {
  private final SeraiEndpoint endpoint;

  TokenProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    var token = account == null ? null : account.profile().token(endpoint.getName());
    if (token != null && token.fetched()) {
      var row = endpoint.tokens().get(account, endpoint.getName());
      if (row.isDone()) {
        row.whenComplete((held, error) -> end(exchange, held, error));
        callback.done(true);
        return true;
      }
      row.whenComplete(
          (held, error) -> {
            end(exchange, held, error);
            callback.done(false);
          });
      return false;
    }
    var secret = token == null ? null : account.secret(token.parameter());
    if (secret == null) {
      exchange.setException(none());
    } else {
      exchange.setVariable(Variables.TOKEN, secret.reveal());
    }
    callback.done(true);
    return true;
  }

  private void end(Exchange exchange, TokenRow row, Throwable error) {
    if (error == null) {
      exchange.setVariable(Variables.TOKEN, row.access());
      TokenUse.given(exchange, endpoint.getAccount(), endpoint.getName(), row.access());
    } else {
      exchange.setException(error instanceof CompletionException ? error.getCause() : error);
    }
  }

  private FailureException none() {
    var sentence =
        endpoint.getName() == null
            ? "Account '%s' has no access token. Set the parameter that its connector names under 'token'."
                .formatted(endpoint.getAccount())
            : "Account '%s' has no access token '%s'. Name it under 'tokens' of its connector, and set what that names."
                .formatted(endpoint.getAccount(), endpoint.getName());
    return new FailureException(
        Failure.of(FailureKind.CONFIG, sentence, Place.of(endpoint.getAccount())));
  }
}
