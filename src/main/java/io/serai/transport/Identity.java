package io.serai.transport;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Who we are to a partner: an RSA key and the certificate that the partner knows it by.
 *
 * @param key never printed
 */
public record Identity(PrivateKey key, X509Certificate certificate) {
  /**
   * Reads keys and their certificates, one after the other as PEM; certificates of issuers between
   * them are left out.
   *
   * @throws IllegalArgumentException with what is wrong, as the end of a sentence
   */
  public static List<Identity> all(String pem) {
    var keys = new ArrayList<PrivateKey>();
    var certificates = new ArrayList<X509Certificate>();
    for (var object : objects(pem)) {
      if (object instanceof X509CertificateHolder holder) {
        certificates.add(certificate(holder));
      } else if (object instanceof PEMEncryptedKeyPair
          || object instanceof PKCS8EncryptedPrivateKeyInfo) {
        throw new IllegalArgumentException(
            "its private key is encrypted; write it without a password");
      } else if (object instanceof PEMKeyPair pair) {
        keys.add(key(pair.getPrivateKeyInfo()));
      } else if (object instanceof PrivateKeyInfo info) {
        keys.add(key(info));
      }
    }
    if (keys.isEmpty() || certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "it holds no %s as PEM".formatted(keys.isEmpty() ? "private key" : "certificate"));
    }
    var identities = new ArrayList<Identity>();
    for (var key : keys) {
      var own = certificates.stream().filter(certificate -> belongs(key, certificate)).findFirst();
      identities.add(
          new Identity(
              key,
              own.orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no certificate in it is that of a private key in it"))));
    }
    return List.copyOf(identities);
  }

  /**
   * Reads certificates, one after the other as PEM.
   *
   * @throws IllegalArgumentException with what is wrong, as the end of a sentence
   */
  public static List<X509Certificate> certificates(String pem) {
    var certificates = new ArrayList<X509Certificate>();
    for (var object : objects(pem)) {
      if (object instanceof X509CertificateHolder holder) {
        certificates.add(certificate(holder));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("it holds no certificate as PEM");
    }
    return List.copyOf(certificates);
  }

  private static List<Object> objects(String pem) {
    var objects = new ArrayList<>();
    try (var parser = new PEMParser(new StringReader(pem))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("it cannot be read as PEM", e);
    }
    return objects;
  }

  private static X509Certificate certificate(X509CertificateHolder holder) {
    try {
      return new JcaX509CertificateConverter().getCertificate(holder);
    } catch (CertificateException e) {
      throw new IllegalArgumentException("its certificate cannot be read", e);
    }
  }

  private static PrivateKey key(PrivateKeyInfo info) {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(info);
    } catch (IOException e) {
      throw new IllegalArgumentException("its private key cannot be read", e);
    }
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    return switch (certificate.getPublicKey()) {
      case RSAPublicKey known ->
          key instanceof RSAKey own && own.getModulus().equals(known.getModulus());
      default -> false;
    };
  }

  /** Says whose it is, and nothing of the key. */
  @Override
  public String toString() {
    return "Identity of " + certificate.getSubjectX500Principal();
  }
}
