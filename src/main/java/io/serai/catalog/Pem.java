package io.serai.catalog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keys and certificates as accounts hold them: PEM, one after the other. */
public final class Pem {
  /**
   * A private key and its certificate.
   *
   * @param key never printed
   */
  public record Owned(RSAPrivateKey key, X509Certificate certificate) {
    /** Says whose it is, and nothing of the key. */
    @Override
    public String toString() {
      return "Key of " + certificate.getSubjectX500Principal();
    }
  }

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final byte[] RSA_ENCRYPTION =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private Pem() {}

  /**
   * Reads certificates.
   *
   * @throws IllegalArgumentException with what is wrong, as the end of a sentence
   */
  public static List<X509Certificate> certificates(String pem) {
    var certificates = new ArrayList<X509Certificate>();
    var blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      if (blocks.group(1).equals("CERTIFICATE")) {
        certificates.add(certificate(blocks));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("it holds no certificate");
    }
    return List.copyOf(certificates);
  }

  /**
   * Reads keys and their certificates; those of issuers between them are left out.
   *
   * @throws IllegalArgumentException with what is wrong, as the end of a sentence
   */
  public static List<Owned> owned(String pem) {
    var certificates = certificates(pem);
    var all = new ArrayList<Owned>();
    var blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      if (blocks.group(1).endsWith("PRIVATE KEY")) {
        var key = key(blocks);
        var own =
            certificates.stream().filter(certificate -> belongs(key, certificate)).findFirst();
        all.add(
            new Owned(
                key,
                own.orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "no certificate in it is that of the private key"))));
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException("it holds no private key");
    }
    return List.copyOf(all);
  }

  /** What certificates a setting holds, for people; empty when it holds something else. */
  public static Optional<String> named(List<?> values) {
    var text = values.stream().map(Object::toString).collect(Collectors.joining("\n"));
    if (!text.contains("-----BEGIN CERTIFICATE-----")) {
      return Optional.empty();
    }
    return Optional.of(
        certificates(text).stream()
            .map(
                certificate ->
                    "%s until %s"
                        .formatted(
                            certificate.getSubjectX500Principal().getName(),
                            certificate.getNotAfter().toInstant().toString().substring(0, 10)))
            .collect(Collectors.joining(", ")));
  }

  private static X509Certificate certificate(Matcher block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes(block)));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate in it cannot be read", e);
    }
  }

  // Without its cause, which may quote the key.
  private static RSAPrivateKey key(Matcher block) {
    if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "its private key is encrypted; write it without a password");
    }
    try {
      var bytes = bytes(block);
      var pkcs8 = block.group(1).equals("RSA PRIVATE KEY") ? wrapped(bytes) : bytes;
      return (RSAPrivateKey)
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("its private key cannot be read as an RSA key");
    }
  }

  private static byte[] bytes(Matcher block) {
    try {
      return Base64.getMimeDecoder().decode(block.group(2).strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its base64 is broken");
    }
  }

  /** What OpenSSL wrote once (PKCS #1), as what the JDK reads (PKCS #8). */
  private static byte[] wrapped(byte[] pkcs1) {
    var inner = new ByteArrayOutputStream();
    inner.writeBytes(RSA_ENCRYPTION);
    write(inner, OCTET_STRING, pkcs1);
    var outer = new ByteArrayOutputStream();
    write(outer, SEQUENCE, inner.toByteArray());
    return outer.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    if (content.length < 256) {
      out.write(0x81); // a key is longer than 127 bytes
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
    }
    out.write(content.length);
    out.writeBytes(content);
  }

  private static boolean belongs(RSAPrivateKey key, X509Certificate certificate) {
    return certificate.getPublicKey() instanceof RSAPublicKey known
        && known.getModulus().equals(key.getModulus());
  }
}
