package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Parameter;
import io.serai.catalog.ConnectorProfile.Type;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What accounts say that exchange files over AS2. */
public final class As2Settings {
  /** Our keys to the partner of an AS2 account, each with its certificate. */
  public static final String KEY = "as2-key";

  /** The certificates of the partner of an AS2 account. */
  public static final String CERTIFICATE = "as2-certificate";

  private static final String HTTPS_CERTIFICATE = "as2-https-certificate";

  /** Whether the partner of an AS2 account knows a message again. */
  static final String DEDUPLICATES = "as2-deduplicates";

  private static final String OURS = "as2-our-name";
  private static final String THEIRS = "as2-their-name";

  /** What no account can do without. */
  static final List<String> NEEDED = List.of(OURS, THEIRS, KEY, CERTIFICATE);

  /** All that they may say. */
  static final List<Parameter> PARAMETERS =
      List.of(
          text(OURS, "Our AS2 name, as the partner was told it", null),
          text(THEIRS, "The partner's AS2 name", null),
          new Parameter(
              KEY,
              "Our private key and its certificate as PEM, one after the other: the first signs, all decrypt; two while they are being changed",
              Type.TEXT,
              false,
              true,
              true,
              null,
              List.of()),
          texts(
              CERTIFICATE,
              "The partner's certificate as PEM: all of them prove signatures, the first that is in force is encrypted for; two while they are being changed"),
          choice(
              "as2-requires",
              "What messages of the partner must be to be taken",
              List.of("signed-encrypted", "signed", "nothing")),
          of(
              "as2-url",
              "Where the partner takes messages; without it none are sent",
              Type.URL,
              null),
          texts(
              HTTPS_CERTIFICATE,
              "What the certificate of that server is proven by, as PEM, where no public authority does"),
          choice(
              "as2-sign",
              "The digest that messages are signed with",
              List.of("sha-256", "sha-384", "sha-512", "sha-1", "none")),
          choice(
              "as2-encrypt",
              "The cipher that messages are encrypted with",
              List.of("aes256-cbc", "aes192-cbc", "aes128-cbc", "3des", "none")),
          of("as2-compress", "Whether files are packed", Type.BOOLEAN, "false"),
          of(
              "as2-signed-receipts",
              "Whether only receipts count that the partner signed",
              Type.BOOLEAN,
              "true"),
          of(
              "as2-receipt-url",
              "Where the partner sends its receipts later: our address as it is seen from there, with '/as2'; without it they are its answers",
              Type.URL,
              null),
          of(
              "as2-receipt-within",
              "How long such a receipt may take before it is overdue, as '1h'",
              Type.DURATION,
              "1h"),
          new Parameter(
              "as2-receipts-to",
              "The addresses, each with what lies under its path, that receipts of ours may be sent to where the partner wants them later; without it, all at the host of 'as2-url'",
              Type.URL,
              false,
              false,
              true,
              null,
              List.of()),
          of(
              DEDUPLICATES,
              "Whether the partner knows a message again by its id; if not, what has no receipt is left to a person",
              Type.BOOLEAN,
              "true"));

  private As2Settings() {}

  /** Our keys to an account's AS2 partner, the one that signs first. */
  public static List<Pem.Owned> keys(Account account) {
    return Pem.owned(pem(account.values(), KEY));
  }

  /** The certificates in a parameter of an account; none when it is not set. */
  public static List<X509Certificate> certificates(Account account, String parameter) {
    return account.has(parameter) ? Pem.certificates(pem(account.values(), parameter)) : List.of();
  }

  // A value of several lines is a list of lines, so PEM comes in pieces.
  private static String pem(Map<String, List<Object>> values, String parameter) {
    return values.get(parameter).stream()
        .map(value -> value instanceof Secret secret ? secret.reveal() : value.toString())
        .collect(Collectors.joining("\n"));
  }

  /**
   * What cannot be used of the way that an account takes, by parameter.
   *
   * @return why, as the end of a sentence; never the value
   */
  static Map<String, String> unusable(ConnectorProfile profile, Map<String, List<Object>> values) {
    var unusable = new LinkedHashMap<String, String>();
    if (profile.transports().contains(Transports.AS2)
        && List.of(Transports.AS2).equals(values.get(Transports.PARAMETER))) {
      for (var parameter : List.of(KEY, CERTIFICATE, HTTPS_CERTIFICATE)) {
        if (values.get(parameter) != null) {
          try {
            var pem = pem(values, parameter);
            if (parameter.equals(KEY)) {
              Pem.owned(pem);
            } else {
              Pem.certificates(pem);
            }
          } catch (IllegalArgumentException e) {
            unusable.put(parameter, e.getMessage());
          }
        }
      }
    }
    return unusable;
  }

  /** Two accounts that nobody could tell apart by the names in a message, or nothing. */
  static Optional<Fault> clash(Collection<Account> accounts) {
    var known = new HashMap<String, Account>();
    for (var account : accounts) {
      if (Transports.takes(account, Transports.AS2)) {
        var names = "'" + account.text(OURS) + "' and '" + account.text(THEIRS) + "'";
        var other = known.putIfAbsent(names, account);
        if (other != null) {
          return Optional.of(
              new Fault(
                  "serai." + account.kind().name().toLowerCase(Locale.ROOT) + "s",
                  0,
                  "Accounts '%s' and '%s' both exchange files between %s over AS2, so nobody knows whose a message is"
                      .formatted(other.name(), account.name(), names),
                  "Change 'as2-our-name' or 'as2-their-name' of one"));
        }
      }
    }
    return Optional.empty();
  }

  private static Parameter text(String name, String description, String fallback) {
    return new Parameter(name, description, Type.TEXT, false, false, false, fallback, List.of());
  }

  private static Parameter texts(String name, String description) {
    return new Parameter(name, description, Type.TEXT, false, false, true, null, List.of());
  }

  private static Parameter of(String name, String description, Type type, String fallback) {
    return new Parameter(name, description, type, false, false, false, fallback, List.of());
  }

  private static Parameter choice(String name, String description, List<String> choices) {
    return new Parameter(
        name, description, Type.CHOICE, false, false, false, choices.get(0), choices);
  }
}
