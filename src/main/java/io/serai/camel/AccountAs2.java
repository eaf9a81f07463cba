package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Secret;
import io.serai.transport.As2Partner;
import io.serai.transport.As2Way;
import io.serai.transport.Identity;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an account says of AS2, as its parameters say. */
final class AccountAs2 {
  /** Bytes of the largest file that is taken where the profile says nothing. */
  private static final int LARGEST = 48 << 20;

  private static final String NONE = "none";

  private AccountAs2() {}

  /**
   * Whom it exchanges files with.
   *
   * @throws IllegalArgumentException when a key or certificate cannot be used
   */
  static As2Partner partner(Account account) {
    var receipts = account.texts("as2-receipts-to").stream().map(URI::create).toList();
    var url = account.url("as2-url");
    var largest = account.profile().events().largest();
    return new As2Partner(
        account.name(),
        account.text("as2-our-name"),
        account.text("as2-their-name"),
        identities(account),
        certificates(account, "as2-certificate"),
        As2Partner.Requires.valueOf(
            account.text("as2-requires").toUpperCase(Locale.ROOT).replace('-', '_')),
        receipts.isEmpty() && url != null ? List.of(url.resolve("/")) : receipts,
        largest == 0 ? LARGEST : largest);
  }

  /** How files go to it; nowhere when no address is set. */
  static As2Way way(Account account) {
    var deadlines = account.profile().deadlines();
    return new As2Way(
        account.url("as2-url"),
        choice(account, "as2-sign"),
        choice(account, "as2-encrypt"),
        account.flag("as2-compress"),
        account.url("as2-receipt-url"),
        account.flag("as2-signed-receipts"),
        account.duration("as2-receipt-within"),
        deadlines.connect(),
        deadlines.call(),
        certificates(account, "as2-https-certificate"));
  }

  private static String choice(Account account, String parameter) {
    var value = account.text(parameter);
    return NONE.equals(value) ? null : value;
  }

  // A value of several lines is a list of lines, so PEM comes in pieces.
  private static List<Identity> identities(Account account) {
    try {
      return Identity.all(
          account.secrets("as2-key").stream()
              .map(Secret::reveal)
              .collect(Collectors.joining("\n")));
    } catch (IllegalArgumentException e) {
      // without its cause, which may quote the key
      throw new IllegalArgumentException(
          "'as2-key' of account '%s' cannot be used: %s. Write an RSA key and its certificate as PEM, one after the other."
              .formatted(account.name(), e.getMessage()));
    }
  }

  private static List<X509Certificate> certificates(Account account, String parameter) {
    var lines = account.texts(parameter);
    if (lines.isEmpty()) {
      return List.of();
    }
    try {
      return Identity.certificates(String.join("\n", lines));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' of account '%s' cannot be used: %s. Write a certificate as PEM."
              .formatted(parameter, account.name(), e.getMessage()),
          e);
    }
  }
}
