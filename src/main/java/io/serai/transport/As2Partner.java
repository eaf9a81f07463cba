package io.serai.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * What was agreed with one partner over AS2.
 *
 * @param account whose files they are
 * @param ours our AS2 name
 * @param theirs the partner's
 * @param identities ours: the first signs, all decrypt
 * @param certificates the partner's: all verify, the first that is in force encrypts
 * @param requires what messages of the partner must be
 * @param receipts where receipts that the partner wants later may be sent
 * @param largest bytes of the largest file that is taken, unpacked
 */
public record As2Partner(
    String account,
    String ours,
    String theirs,
    List<Identity> identities,
    List<X509Certificate> certificates,
    Requires requires,
    List<URI> receipts,
    int largest) {
  /** What a message must be to be taken. */
  public enum Requires {
    /** Signed by the partner and encrypted for us. */
    SIGNED_ENCRYPTED,
    /** Signed by the partner. */
    SIGNED,
    /** Nothing: whoever knows the names is believed. */
    NOTHING
  }

  /** Whether a receipt may go to an address that stood in a message. */
  public boolean mayHaveReceiptAt(String address) {
    URI to;
    try {
      to = new URI(address);
    } catch (URISyntaxException e) {
      return false;
    }
    var path = to.getRawPath() == null ? "" : to.getRawPath();
    if (to.getHost() == null
        || to.getRawUserInfo() != null
        || to.getRawFragment() != null
        || path.contains("..")
        || path.contains("//")
        || path.contains("%")) {
      return false;
    }
    return receipts.stream()
        .anyMatch(
            agreed ->
                agreed.getScheme().equalsIgnoreCase(to.getScheme())
                    && agreed.getHost().equalsIgnoreCase(to.getHost())
                    && port(agreed) == port(to)
                    && isWithin(path.isEmpty() ? "/" : path, agreed.getRawPath()));
  }

  private static boolean isWithin(String path, String agreed) {
    return path.equals(agreed) || path.startsWith(agreed.endsWith("/") ? agreed : agreed + "/");
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /** Who signs for us now. */
  Identity identity() {
    return identities.getFirst();
  }

  static boolean inForce(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /** How a certificate is called in sentences. */
  static String named(X509Certificate certificate) {
    return "'%s' (serial %s, until %s)"
        .formatted(
            certificate.getSubjectX500Principal().getName(),
            certificate.getSerialNumber().toString(16),
            day(certificate.getNotAfter()));
  }

  static String day(Date date) {
    return date.toInstant().toString().substring(0, 10);
  }
}
