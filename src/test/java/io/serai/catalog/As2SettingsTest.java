package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.transport.As2Key;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** Keys, certificates and names of accounts that exchange files over AS2. */
class As2SettingsTest {
  private static final As2Key OURS = As2Key.of("hub");
  private static final As2Key THEIRS = As2Key.of("store");
  private static final Edition EDITION =
      Catalog.open(As2SettingsTest.class.getClassLoader(), null).edition();

  private final Map<String, String> settings = new LinkedHashMap<>();

  private List<String> faults(String... accounts) {
    var environment = new MockEnvironment();
    for (var account : accounts) {
      var all = new LinkedHashMap<String, String>();
      all.put("connector", "x12-retailer");
      all.put("partner-profile", "walmart-dsv");
      all.put("transport", "as2");
      all.put("as2-our-name", "HUB");
      all.put("as2-their-name", "STORE");
      all.put("as2-key", OURS.pem());
      all.put("as2-certificate", THEIRS.certificatePem());
      all.putAll(settings);
      all.forEach(
          (name, value) ->
              environment.setProperty("serai.channels." + account + "." + name, value));
    }
    var faults = new ArrayList<Fault>();
    Configuration.read(environment, EDITION, faults);
    return faults.stream().map(Fault::what).toList();
  }

  private static String block(String kind, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind);
  }

  @Test
  void aKeyMayBeWrittenInEitherForm() {
    assertThat(OURS.pem()).contains("BEGIN RSA PRIVATE KEY");
    assertThat(faults("store")).isEmpty();

    settings.put(
        "as2-key",
        block("PRIVATE KEY", OURS.key().getPrivate().getEncoded()) + OURS.certificatePem());

    assertThat(faults("store")).isEmpty();
  }

  @Test
  void twoPairsAreReadInTheirOrder() {
    var next = As2Key.of("hub-next");

    assertThat(Pem.owned(next.pem() + OURS.pem()))
        .extracting(Pem.Owned::certificate)
        .containsExactly(next.certificate(), OURS.certificate());
    assertThat(Pem.owned(next.pem()).toString()).isEqualTo("[Key of CN=hub-next]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "as2-key         | nonsense  | it holds no certificate",
        "as2-key         | CERT      | it holds no private key",
        "as2-key         | OTHER     | no certificate in it is that of the private key",
        "as2-key         | ENCRYPTED | its private key is encrypted; write it without a password",
        "as2-key         | BROKEN    | its private key cannot be read as an RSA key",
        "as2-certificate | nonsense  | it holds no certificate",
        "as2-certificate | BROKEN    | a certificate in it cannot be read",
      })
  void whatCannotBeUsedIsNamedAndNotShown(String parameter, String value, String why) {
    settings.put(
        parameter,
        switch (value) {
          case "CERT" -> OURS.certificatePem();
          case "OTHER" -> OURS.pem().replace(OURS.certificatePem(), THEIRS.certificatePem());
          case "ENCRYPTED" ->
              block("ENCRYPTED PRIVATE KEY", new byte[] {1}) + OURS.certificatePem();
          case "BROKEN" ->
              parameter.equals("as2-key")
                  ? block("PRIVATE KEY", new byte[] {1, 2, 3}) + OURS.certificatePem()
                  : block("CERTIFICATE", new byte[] {1, 2, 3});
          default -> value;
        });

    assertThat(faults("store"))
        .containsExactly("'serai.channels.store.%s' cannot be used: %s".formatted(parameter, why));
  }

  @Test
  void accountsThatNobodyCouldTellApartAreAFault() {
    assertThat(faults("store", "twin"))
        .containsExactly(
            "Accounts 'store' and 'twin' both exchange files between 'HUB' and 'STORE' over AS2, so nobody knows whose a message is");
  }

  @Test
  void aCertificateIsShownByItsNameAndItsEnd() {
    assertThat(Pem.named(THEIRS.certificatePem().lines().toList()).orElseThrow())
        .matches("CN=store until \\d{4}-\\d\\d-\\d\\d");
    assertThat(Pem.named(List.of("eu-1=4711", "us-1=4712"))).isEmpty();
  }

  @Test
  void withoutACertificateThereIsNone() {
    assertThatThrownBy(() -> Pem.certificates(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("it holds no certificate");
  }
}
