package io.serai.api;

import io.serai.catalog.Account;
import io.serai.catalog.As2Settings;
import io.serai.catalog.Pem;
import io.serai.catalog.Transports;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Says what of an account's AS2 deserves a look: certificates that end, messages not taken. */
final class As2Warnings {
  private static final Duration SOON = Duration.ofDays(30);
  private static final Duration LATELY = Duration.ofDays(1);

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
        As2Settings.certificates(account, As2Settings.CERTIFICATE).stream(),
        "The certificate of '%s'".formatted(name),
        "Ask for its next one and set it beside it in 'as2-certificate'.",
        now,
        warnings);
    certificates(
        As2Settings.keys(account).stream().map(Pem.Owned::certificate),
        "Our certificate for '%s'".formatted(name),
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
      Stream<X509Certificate> all, String what, String advice, Instant now, List<String> warnings) {
    var last =
        all.map(certificate -> certificate.getNotAfter().toInstant())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    if (last.isBefore(now)) {
      warnings.add(
          "%s ended on %s, and nothing is exchanged any more. %s"
              .formatted(what, day(last), advice));
    } else if (last.isBefore(now.plus(SOON))) {
      warnings.add(
          "%s ends on %s, in %s. %s"
              .formatted(
                  what,
                  day(last),
                  HealthWarnings.counted(Duration.between(now, last).toDays(), "day"),
                  advice));
    }
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, 10);
  }
}
