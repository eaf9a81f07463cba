package io.serai.conformance;

import io.serai.catalog.ConnectorProfile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves webhooks as the connector's other side would, independently of the code that checks them.
 */
final class Forge {
  private static final Map<String, String> ALGORITHMS =
      Map.of("hmac-sha256", "HmacSHA256", "hmac-sha1", "HmacSHA1", "hmac-sha512", "HmacSHA512");

  private final ConnectorProfile.Verification verification;

  Forge(ConnectorProfile.Verification verification) {
    this.verification = verification;
  }

  /** Why it cannot prove anything, or null when it can. */
  String unable() {
    if (verification == null) {
      return "it takes no webhooks";
    }
    if ("none".equals(verification.scheme())) {
      return "its profile wants no proof: whoever knows the address is believed";
    }
    if (!ALGORITHMS.containsKey(verification.scheme()) && !"bearer".equals(verification.scheme())) {
      return "the stand-in cannot prove by scheme '%s'".formatted(verification.scheme());
    }
    return null;
  }

  /** The proof of a body, as it stands in the header. */
  String proof(String secret, byte[] body) {
    if ("bearer".equals(verification.scheme())) {
      return "Bearer " + secret;
    }
    try {
      var algorithm = ALGORITHMS.get(verification.scheme());
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      var sum = mac.doFinal(body);
      return "hex".equals(verification.encoding())
          ? HexFormat.of().formatHex(sum)
          : Base64.getEncoder().encodeToString(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has these
    }
  }
}
