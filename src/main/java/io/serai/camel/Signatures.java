package io.serai.camel;

import io.serai.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs of origin over raw bytes. The scheme comes from the connector's profile, never from the
 * sender, and every comparison takes the same time whether it is right or wrong.
 */
final class Signatures {
  private Signatures() {}

  /** Whether what was given is one of the secrets, with or without the word Bearer before it. */
  static boolean bearer(List<Secret> secrets, String proof) {
    if (proof == null || proof.isBlank()) {
      return false;
    }
    var token = proof.regionMatches(true, 0, "Bearer ", 0, 7) ? proof.substring(7) : proof;
    var given = token.strip().getBytes(StandardCharsets.UTF_8);
    var ok = false;
    for (var secret : secrets) {
      ok |= MessageDigest.isEqual(secret.bytes(), given);
    }
    return ok;
  }

  /**
   * Whether the proof is a signature by any of the keys; several are valid while one is being
   * rotated.
   *
   * @param before what is signed before the body, or null
   */
  static boolean right(
      String scheme, String encoding, List<byte[]> keys, byte[] before, byte[] body, String proof) {
    if (proof == null || proof.isBlank()) {
      return false;
    }
    byte[] given;
    try {
      given = decode(encoding, proof.strip());
    } catch (IllegalArgumentException e) {
      return false; // not even an encoding of a signature
    }
    var ok = false;
    for (var key : keys) {
      ok |= MessageDigest.isEqual(mac(scheme, key, before, body), given);
    }
    return ok;
  }

  /** The encoded signature of a body. */
  static String sign(String scheme, String encoding, byte[] secret, byte[] body) {
    return sign(scheme, encoding, secret, null, body);
  }

  /** The encoded signature of a body and of what is signed before it. */
  static String sign(String scheme, String encoding, byte[] secret, byte[] before, byte[] body) {
    var mac = mac(scheme, secret, before, body);
    return "hex".equals(encoding)
        ? HexFormat.of().formatHex(mac)
        : Base64.getEncoder().encodeToString(mac);
  }

  private static byte[] decode(String encoding, String proof) {
    return "hex".equals(encoding)
        ? HexFormat.of().parseHex(proof)
        : Base64.getDecoder().decode(proof);
  }

  private static byte[] mac(String scheme, byte[] secret, byte[] before, byte[] body) {
    var algorithm =
        switch (scheme) {
          case "hmac-sha256" -> "HmacSHA256";
          case "hmac-sha1" -> "HmacSHA1";
          case "hmac-sha512" -> "HmacSHA512";
          default ->
              throw new IllegalArgumentException("No scheme is named '%s'.".formatted(scheme));
        };
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      if (before != null) {
        mac.update(before);
      }
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has these
    }
  }
}
