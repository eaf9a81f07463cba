package io.serai.conformance;

import io.serai.support.Json;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/** A key that signs webhooks, of which the receiver asks for the public half by the key's id. */
record SigningKey(KeyPair pair) {
  private static final String ID = "stand-in-key";

  static SigningKey made() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new SigningKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // elliptic curves are part of every JDK
    }
  }

  /** The public half, in Base64. */
  String publicText() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** Base64 of JSON that names the key and holds the signature of a body. */
  String proof(byte[] body) {
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(body);
      return Base64.getEncoder()
          .encodeToString(
              Json.bytes(
                  Json.node(
                      Map.of(
                          "alg",
                          "ECDSA",
                          "kid",
                          ID,
                          "digest",
                          "SHA256",
                          "signature",
                          Base64.getEncoder().encodeToString(signature.sign())))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
