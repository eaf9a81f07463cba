package io.serai.transport;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * Who we are to a partner: an RSA key and the certificate that the partner knows it by.
 *
 * @param key never printed
 */
public record Identity(PrivateKey key, X509Certificate certificate) {
  /** Says whose it is, and nothing of the key. */
  @Override
  public String toString() {
    return "Identity of " + certificate.getSubjectX500Principal();
  }
}
