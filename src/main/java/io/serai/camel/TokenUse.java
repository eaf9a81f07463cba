package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Secret;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;

/**
 * Which access tokens an exchange was given, so that a refusal of them can be told to {@link
 * Tokens}. Only exchanges of accounts whose tokens are fetched carry it.
 */
final class TokenUse {
  private static final String PROPERTY = "SeraiTokenUse";

  private record Used(String name, String token) {}

  private final Tokens tokens;
  private final Account account;
  private final List<Used> used = new CopyOnWriteArrayList<>();

  private TokenUse(Tokens tokens, Account account) {
    this.tokens = tokens;
    this.account = account;
  }

  /** Whether any of an account's tokens is fetched. */
  static boolean fetches(Account account) {
    var profile = account.profile();
    return profile.token() != null && profile.token().fetched()
        || profile.tokens().values().stream().anyMatch(token -> token.fetched());
  }

  /** Notes from now on which tokens the exchange is given; its copies note them here, too. */
  static void watch(Exchange exchange, Tokens tokens, Account account) {
    exchange.setProperty(PROPERTY, new TokenUse(tokens, account));
  }

  static void given(Exchange exchange, String account, String name, String token) {
    var use = exchange.getProperty(PROPERTY, TokenUse.class);
    if (use != null && use.account.name().equals(account)) {
      use.used.add(new Used(name, token));
    }
  }

  /** The text without the tokens that the exchange was given. */
  static String mask(Exchange exchange, String text) {
    var masked = Secret.mask(text, exchange.getVariable(Variables.TOKEN, String.class));
    var use = exchange.getProperty(PROPERTY, TokenUse.class);
    for (var one : use == null ? List.<Used>of() : use.used) {
      masked = Secret.mask(masked, one.token());
    }
    return masked;
  }

  /** The partner refused what it was sent; whether other tokens may change that. */
  static boolean refused(Exchange exchange) {
    var use = exchange.getProperty(PROPERTY, TokenUse.class);
    var helps = false;
    for (var one : use == null ? List.<Used>of() : use.used) {
      helps |= use.tokens.refused(use.account, one.name(), one.token());
    }
    return helps;
  }
}
