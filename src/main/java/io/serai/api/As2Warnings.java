package io.serai.api;

import io.serai.catalog.Account;
import io.serai.catalog.Secret;
import io.serai.catalog.Transports;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says what of an account's AS2 deserves a look: certificates that end, messages not taken. */
final class As2Warnings {
  private static final Duration SOON = Duration.ofDays(30);
  private static final Duration LATELY = Duration.ofDays(1);
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private As2Warnings() {}

  /**
   * What others say, and that.
   *
   * @param refused the last message that was not taken, or null
   */
  static List<String> and(
      List<String> others, Account account, AccountTraffic.RefusedMessage refused, Instant now) {
    if (!Transports.takes(account, Transports.AS2)) {
      return others;
    }
    var warnings = new ArrayList<>(others);
    var name = account.name();
    certificates(
        String.join("\n", account.texts("as2-certificate")),
        "The certificate of '%s'".formatted(name),
        "'as2-certificate' of '%s'".formatted(name),
        "Ask for its next one and set it beside it in 'as2-certificate'.",
        now,
        warnings);
    certificates(
        account.secrets("as2-key").stream().map(Secret::reveal).collect(Collectors.joining("\n")),
        "Our certificate for '%s'".formatted(name),
        "'as2-key' of '%s'".formatted(name),
        "Make the next pair, give its certificate to the partner and set it beside it in 'as2-key'.",
        now,
        warnings);
    if (refused != null && refused.at().plus(LATELY).isAfter(now)) {
      warnings.add(
          "The last AS2 message of '%s' that was not taken came %s ago: %s."
              .formatted(name, HealthWarnings.time(refused.at(), now), refused.why()));
    }
    return List.copyOf(warnings);
  }

  // The last to end counts: whoever set the next one beside it is done.
  private static void certificates(
      String pem,
      String what,
      String parameter,
      String advice,
      Instant now,
      List<String> warnings) {
    var last =
        read(pem).stream()
            .max(Comparator.comparing(X509Certificate::getNotAfter))
            .map(certificate -> certificate.getNotAfter().toInstant());
    if (last.isEmpty()) {
      warnings.add("%s holds no certificate as PEM. Set one.".formatted(parameter));
    } else if (last.get().isBefore(now)) {
      warnings.add(
          "%s ended on %s, and nothing is exchanged any more. %s"
              .formatted(what, day(last.get()), advice));
    } else if (last.get().isBefore(now.plus(SOON))) {
      warnings.add(
          "%s ends on %s, in %s. %s"
              .formatted(
                  what,
                  day(last.get()),
                  HealthWarnings.counted(Duration.between(now, last.get()).toDays(), "day"),
                  advice));
    }
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, 10);
  }

  private static List<X509Certificate> read(String pem) {
    var certificates = new ArrayList<X509Certificate>();
    var blocks = CERTIFICATE.matcher(pem);
    try {
      var factory = CertificateFactory.getInstance("X.509");
      while (blocks.find()) {
        certificates.add(
            (X509Certificate)
                factory.generateCertificate(
                    new ByteArrayInputStream(blocks.group().getBytes(StandardCharsets.US_ASCII))));
      }
    } catch (CertificateException e) {
      return List.of(); // it cannot be used, and the warning says so
    }
    return certificates;
  }
}
