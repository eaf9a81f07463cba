package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.transport.As2Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  @TempDir Path folder;

  private static X509TrustManager manager(KeyStore store) throws Exception {
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return (X509TrustManager) managers.getTrustManagers()[0];
  }

  @Test
  void whatAFileHoldsIsTrustedBesidesTheUsualOnes() throws Exception {
    var own = As2Key.of("An authority of ours");
    var other = As2Key.of("Another one");
    var file =
        Files.writeString(
            folder.resolve("ca.pem"), "# ours\n" + own.certificatePem() + other.certificatePem());

    var trusted = manager(Trust.store(file)).getAcceptedIssuers();

    assertThat(trusted)
        .contains(own.certificate(), other.certificate())
        .contains(manager(null).getAcceptedIssuers())
        .hasSize(manager(null).getAcceptedIssuers().length + 2);
  }

  @Test
  void aFileThatIsNotThereOrHoldsNoneIsRefusedByName() throws Exception {
    var empty = Files.writeString(folder.resolve("empty.pem"), "nothing");

    assertThat(Trust.settle(Map.of())).isNull();
    assertThat(Trust.settle(Map.of("SERAI_TRUST_FILE", "/nowhere/ca.pem")))
        .isEqualTo(
            "'SERAI_TRUST_FILE' names '/nowhere/ca.pem', which does not exist. Name a file of certificates in PEM, or remove the variable.");
    assertThat(Trust.settle(Map.of("SERAI_TRUST_FILE", empty.toString())))
        .isEqualTo(
            "'SERAI_TRUST_FILE' names '%s', which cannot be used: it holds no certificate. Put the authorities' certificates there in PEM."
                .formatted(empty));
    assertThat(System.getProperty("javax.net.ssl.trustStore")).isNull();
  }
}
