package io.serai.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.serai.catalog.Mishap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partners that do not prove who they are, over the component that calls all of them. */
class HandshakesTest {
  private static final Instant NOW = Instant.now(); // the JDK asks nobody else

  private static final X500Name AUTHORITY = new X500Name("CN=An authority");
  private static KeyPair authorityKey;
  private static KeyPair key;
  private static X509Certificate authority;

  private final AtomicInteger requests = new AtomicInteger();
  private HttpsServer server;

  @BeforeAll
  static void keys() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    authorityKey = generator.generateKeyPair();
    key = generator.generateKeyPair();
    authority =
        certificate(
            AUTHORITY, AUTHORITY, authorityKey, authorityKey, null, NOW.plus(Duration.ofDays(9)));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private static X509Certificate certificate(
      X500Name of, X500Name by, KeyPair holder, KeyPair signer, GeneralName name, Instant until)
      throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            by,
            BigInteger.valueOf(System.nanoTime()),
            Date.from(NOW.minus(Duration.ofDays(20))),
            Date.from(until),
            of,
            holder.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(name == null));
    if (name != null) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.getPrivate())));
  }

  private static GeneralName address(String address) {
    return new GeneralName(GeneralName.iPAddress, address);
  }

  private static X509Certificate partner(GeneralName name, Duration until) throws Exception {
    return certificate(
        new X500Name("CN=A partner"), AUTHORITY, key, authorityKey, name, NOW.plus(until));
  }

  /** A partner that shows these. Answers its port. */
  private int partnerWith(Certificate... chain) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("partner", key.getPrivate(), "password".toCharArray(), chain);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, "password".toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server.getAddress().getPort();
  }

  /** What a call there ends with, by who trusts the authority; null when it was answered. */
  private static Throwable call(int port) throws IOException {
    var pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(encoded(authority))
            + "\n-----END CERTIFICATE-----\n";
    try (var camel = new DefaultCamelContext()) {
      var http = new EventLoopHttpComponent();
      http.setWebClientOptions(
          new WebClientOptions()
              .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
      camel.addComponent("vertx-http", http);
      camel.start();
      return camel
          .createProducerTemplate()
          .send(
              "vertx-http:https://127.0.0.1:" + port + "/?httpMethod=POST",
              exchange -> exchange.getMessage().setBody("{}".getBytes(UTF_8)))
          .getException();
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(Throwable thrown, String why, String advice) {
    var refusal = Handshakes.refusal(thrown);
    assertThat(refusal).as("%s", thrown).isNotNull();
    assertThat(refusal.why()).isEqualTo(why);
    assertThat(refusal.advice()).startsWith("Nothing was sent.").contains(advice);
    assertThat(Receipts.mishap(thrown)).isEqualTo(Mishap.MISADDRESSED);
    assertThat(Receipts.reason(thrown)).isEqualTo(why);
    assertThat(requests).hasValue(0);
  }

  @Test
  void whoProvesItselfIsCalled() throws Exception {
    var port = partnerWith(partner(address("127.0.0.1"), Duration.ofDays(1)));

    assertThat(call(port)).isNull();
    assertThat(requests).hasValue(1);
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    var port = partnerWith(partner(address("192.0.2.7"), Duration.ofDays(1)));

    assertRefused(
        call(port), "its certificate is for another name", "Correct the account's address");
  }

  @Test
  void aCertificateThatHasExpiredIsRefused() throws Exception {
    var port = partnerWith(partner(address("127.0.0.1"), Duration.ofDays(-1)));

    assertRefused(call(port), "its certificate has expired", "Have the partner renew it");
  }

  @Test
  void aCertificateThatThePartnerSignedItselfIsRefused() throws Exception {
    var own = new X500Name("CN=A partner");
    var port =
        partnerWith(
            certificate(own, own, key, key, address("127.0.0.1"), NOW.plus(Duration.ofDays(1))));

    assertRefused(
        call(port),
        "its certificate is of no authority that this hub trusts",
        "'SERAI_TRUST_FILE'");
  }

  // As the JDK says it, of an alert and of a partner that answers in TLS 1.1 as if nothing were.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received fatal alert: protocol_version",
        "(protocol_version) Received fatal alert: protocol_version",
        "The server selected protocol version TLS11 is not accepted by client preferences [TLS13, TLS12]"
      })
  void whoSpeaksTls11AtMostIsRefused(String said) {
    assertRefused(
        new IOException(new javax.net.ssl.SSLHandshakeException(said)),
        "it speaks no TLS 1.2 or 1.3",
        "Have the partner offer one of them");
  }

  @Test
  void whatBreaksOffWithinAHandshakeHasSentNothing() {
    var broken =
        new IOException(
            new javax.net.ssl.SSLHandshakeException("Received fatal alert: internal_error"));

    assertThat(Handshakes.refusal(broken)).isNull();
    assertThat(Receipts.mishap(broken)).isEqualTo(Mishap.NOT_SENT);
  }
}
