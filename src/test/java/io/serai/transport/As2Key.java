package io.serai.transport;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key pair and a certificate that it signed itself, made while the tests run.
 *
 * @param key never written down
 */
public record As2Key(KeyPair key, X509Certificate certificate) {
  private static final AtomicLong SERIAL = new AtomicLong(1_000);

  /** One that is in force for a year. */
  public static As2Key of(String name) {
    return of(
        name, Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(365)));
  }

  /** One that is in force for so long. */
  public static As2Key of(String name, Instant from, Instant until) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var pair = generator.generateKeyPair();
      var subject = new X500Name("CN=" + name);
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(from),
              Date.from(until),
              subject,
              pair.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      var holder =
          builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
      return new As2Key(pair, new JcaX509CertificateConverter().getCertificate(holder));
    } catch (Exception e) {
      throw new AssertionError("no key could be made", e);
    }
  }

  /** Its certificate as PEM. */
  public String certificatePem() {
    return pem(certificate);
  }

  /** Its private key and its certificate as PEM. */
  public String pem() {
    return pem(key.getPrivate()) + certificatePem();
  }

  private static String pem(Object object) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  Identity identity() {
    return new Identity(key.getPrivate(), certificate);
  }
}
