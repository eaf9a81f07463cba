package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.failure.Failure;
import org.apache.camel.Exchange;

/**
 * Hides in a failure what we proved ourselves by: a partner may well show us in its answer what it
 * was sent. Covers the account's secrets and every access token that the exchange was given.
 */
final class Masking {
  private Masking() {}

  static Failure of(Failure failure, Account account, Exchange exchange) {
    return new Failure(
        failure.kind(),
        text(failure.sentence(), account, exchange),
        failure.place(),
        text(failure.evidence(), account, exchange),
        failure.status(),
        failure.retryAfter());
  }

  /** For what is cut to be kept as evidence: of a secret at the cut the beginning would stay. */
  static String text(String text, Account account, Exchange exchange) {
    return text == null ? null : TokenUse.mask(exchange, account.mask(text));
  }
}
