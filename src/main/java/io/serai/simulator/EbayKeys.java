package io.serai.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The key that signs notifications, under an id by which its public half is asked for. */
record EbayKeys(String id, KeyPair pair) {

  static EbayKeys made(String id) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new EbayKeys(id, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Elliptic curves are part of every JDK", e);
    }
  }

  static EbayKeys of(String id, String publicKey, String privateKey) {
    try {
      var factory = KeyFactory.getInstance("EC");
      var decoder = Base64.getDecoder();
      return new EbayKeys(
          id,
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(decoder.decode(publicKey))),
              factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(privateKey)))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The key '" + id + "' of the ledger cannot be read", e);
    }
  }

  String publicText() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  String privateText() {
    return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
  }

  /** The header that proves a body: base64 of JSON that names key, algorithm and signature. */
  String header(byte[] body) {
    try {
      var signature = java.security.Signature.getInstance("SHA1withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(body);
      var json =
          Jsons.object()
              .put("alg", "ECDSA")
              .put("kid", id)
              .put("signature", Base64.getEncoder().encodeToString(signature.sign()))
              .put("digest", "SHA1");
      return Base64.getEncoder().encodeToString(Jsons.bytes(json));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer to whoever asks for the public half; the PEM is on one line. */
  Answer answer() {
    return Answer.json(
        200,
        Jsons.object()
            .put("key", "-----BEGIN PUBLIC KEY-----" + publicText() + "-----END PUBLIC KEY-----")
            .put("algorithm", "ECDSA")
            .put("digest", "SHA1"));
  }

  /** What an endpoint has to answer to a challenge. */
  static String response(String challenge, String verificationToken, String endpoint) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(
              digest.digest(
                  (challenge + verificationToken + endpoint).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
