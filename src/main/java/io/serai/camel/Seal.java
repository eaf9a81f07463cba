package io.serai.camel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what is kept in the database so that only who has the configuration can read it, by
 * AES-256-GCM under a key made of one of its secrets. Gap: a secret that can be guessed can be
 * guessed from what it sealed.
 */
final class Seal {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final byte[] owner;
  private final String id;

  /**
   * Made of a secret.
   *
   * @param owner what is sealed belongs to; opens for no other
   */
  Seal(byte[] secret, String owner) {
    this.owner = owner.getBytes(StandardCharsets.UTF_8);
    this.key = new SecretKeySpec(mac(secret, "serai seal 1"), "AES");
    this.id = HexFormat.of().formatHex(Arrays.copyOf(mac(key.getEncoded(), "serai seal 1 id"), 8));
  }

  /** Tells seals apart without saying what they are made of. */
  String id() {
    return id;
  }

  byte[] close(String text) {
    var nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce);
      var sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** What was sealed, or null when it was not by this seal or was changed since. */
  String open(byte[] sealed) {
    if (sealed == null || sealed.length <= NONCE) {
      return null;
    }
    try {
      var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE));
      return new String(
          cipher.doFinal(sealed, NONCE, sealed.length - NONCE), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner);
    return cipher;
  }

  private static byte[] mac(byte[] secret, String what) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(what.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
