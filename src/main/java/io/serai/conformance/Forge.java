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
  private final Scene scene;

  Forge(ConnectorProfile.Verification verification, Scene scene) {
    this.verification = verification;
    this.scene = scene;
  }

  private String scheme() {
    return scene.said(verification.scheme());
  }

  /** Why it cannot prove anything, or null when it can. */
  String unable() {
    if (verification == null) {
      return "it takes no webhooks";
    }
    if ("none".equals(scheme())) {
      return "its profile wants no proof: whoever knows the address is believed";
    }
    if (!ALGORITHMS.containsKey(scheme())
        && !"bearer".equals(scheme())
        && !"ecdsa".equals(scheme())) {
      return "the stand-in cannot prove by scheme '%s'".formatted(scheme());
    }
    return null;
  }

  /** Whether the proof is made over the body, and not a word that is always the same. */
  boolean overBody() {
    return !"bearer".equals(scheme());
  }

  /** The header that the proof stands in. */
  String header() {
    var header = scene.said(verification.header());
    return header == null ? "Authorization" : header;
  }

  /** The proof of a body, as it stands in the header. */
  String proof(byte[] body) {
    return "ecdsa".equals(scheme())
        ? scene.standIn().key().proof(body)
        : proof(scene.parameter(verification.secret()), body);
  }

  /** The proof that somebody makes who has another key. */
  String wrongProof(byte[] body) {
    return "ecdsa".equals(scheme()) ? SigningKey.made().proof(body) : proof("another secret", body);
  }

  private String proof(String secret, byte[] body) {
    if ("bearer".equals(scheme())) {
      return "Bearer " + secret;
    }
    try {
      var algorithm = ALGORITHMS.get(scheme());
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      if (verification.url() != null) {
        mac.update(scene.parameter(verification.url()).getBytes(StandardCharsets.UTF_8));
      }
      var sum = mac.doFinal(body);
      return (verification.prefix() == null ? "" : verification.prefix())
          + ("hex".equals(scene.said(verification.encoding()))
              ? HexFormat.of().formatHex(sum)
              : Base64.getEncoder().encodeToString(sum));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has these
    }
  }
}
