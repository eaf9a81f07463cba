package io.serai.simulator;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A private key and the certificate that it signed itself, made at the first start in a folder and
 * kept there: good for nothing but stand-ins.
 *
 * @param key never printed
 */
record As2Pair(PrivateKey key, X509Certificate certificate) {

  private static final int BITS = 2048;
  private static final Duration LIFE = Duration.ofDays(3650);

  /** The one that lies there, or a new one. */
  static As2Pair keptIn(Path file, String name, Clock clock) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, made(name, clock).pem());
      }
      return read(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Key '" + file + "' cannot be kept; check that its folder can be written.", e);
    } catch (GeneralSecurityException | OperatorCreationException | RuntimeException e) {
      throw new IllegalStateException(
          "Key '" + file + "' cannot be read; delete it, and another is made.", e);
    }
  }

  private static As2Pair made(String name, Clock clock)
      throws GeneralSecurityException, OperatorCreationException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    var pair = generator.generateKeyPair();
    var now = clock.instant();
    var subject = new X500Name("CN=" + name);
    var holder =
        new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(LIFE)),
                subject,
                pair.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
    return new As2Pair(pair.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
  }

  private static As2Pair read(String pem) throws IOException, GeneralSecurityException {
    try (var parser = new PEMParser(new StringReader(pem))) {
      var pair = (PEMKeyPair) parser.readObject();
      var certificate = (X509CertificateHolder) parser.readObject();
      return new As2Pair(
          new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo()),
          new JcaX509CertificateConverter().getCertificate(certificate));
    }
  }

  /** Key and certificate, one after the other. */
  String pem() {
    return pem(key) + certificatePem();
  }

  /** The certificate alone. */
  String certificatePem() {
    return pem(certificate);
  }

  private static String pem(Object object) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Says whose it is, and nothing of the key. */
  @Override
  public String toString() {
    return "Pair of " + certificate.getSubjectX500Principal();
  }
}
