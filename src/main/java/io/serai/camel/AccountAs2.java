package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.As2Settings;
import io.serai.transport.As2Partner;
import io.serai.transport.As2Way;
import io.serai.transport.Identity;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What an account says of AS2, as its parameters say. */
final class AccountAs2 {
  /** Bytes of the largest file that is taken where the profile says nothing. */
  private static final int LARGEST = 48 << 20;

  private static final String NONE = "none";

  private AccountAs2() {}

  /** Whom it exchanges files with. */
  static As2Partner partner(Account account) {
    var receipts = account.texts("as2-receipts-to").stream().map(URI::create).toList();
    var url = account.url("as2-url");
    var largest = account.profile().events().largest();
    return new As2Partner(
        account.name(),
        account.text("as2-our-name"),
        account.text("as2-their-name"),
        identities(account),
        As2Settings.certificates(account, "as2-certificate"),
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
        As2Settings.certificates(account, "as2-https-certificate"));
  }

  private static String choice(Account account, String parameter) {
    var value = account.text(parameter);
    return NONE.equals(value) ? null : value;
  }

  private static List<Identity> identities(Account account) {
    return As2Settings.keys(account).stream()
        .map(owned -> new Identity(owned.key(), owned.certificate()))
        .toList();
  }
}
