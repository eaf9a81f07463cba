package io.serai.camel;

import io.serai.catalog.Mishap;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/** Says why a partner at an {@code https} address was not believed to be who it is. */
final class Handshakes {
  /**
   * What a handshake ended with.
   *
   * @param why as part of a sentence
   * @param advice what to do, a sentence
   */
  record Refusal(String why, String advice) {}

  private Handshakes() {}

  /** Why the other side was refused, or null when that is not what happened. */
  static Refusal refusal(Throwable thrown) {
    if (has(thrown, CertificateExpiredException.class)) {
      return new Refusal(
          "its certificate has expired",
          "Nothing was sent. Have the partner renew it, then replay.");
    }
    if (has(thrown, CertificateNotYetValidException.class)) {
      return new Refusal(
          "its certificate is not in force yet",
          "Nothing was sent. Compare this machine's clock with the partner's, then replay.");
    }
    if (has(thrown, CertPathBuilderException.class)) {
      return new Refusal(
          "its certificate is of no authority that this hub trusts",
          "Nothing was sent. If that is right, put the authority's certificate into the file of 'SERAI_TRUST_FILE', start the hubs anew and replay.");
    }
    if (has(thrown, CertificateException.class)) {
      return new Refusal(
          "its certificate is for another name",
          "Nothing was sent. Correct the account's address, or have the partner name that address in its certificate, then replay.");
    }
    return oldProtocol(thrown)
        ? new Refusal(
            "it speaks no TLS 1.2 or 1.3",
            "Nothing was sent. Have the partner offer one of them, then replay.")
        : null;
  }

  /** What a handshake that failed is, or null when none did: nothing had been sent by then. */
  static Mishap mishap(Throwable thrown) {
    if (refusal(thrown) != null) {
      return Mishap.MISADDRESSED;
    }
    return has(thrown, SSLHandshakeException.class) ? Mishap.NOT_SENT : null;
  }

  private static boolean oldProtocol(Throwable thrown) {
    for (var cause = thrown; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
      if (cause instanceof SSLHandshakeException && cause.getMessage() != null) {
        var said = cause.getMessage().toLowerCase(Locale.ROOT);
        if (said.contains("protocol_version") || said.contains("protocol version")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    for (var cause = thrown; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
