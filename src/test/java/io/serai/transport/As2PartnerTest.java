package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where receipts may go that a message wants later: nowhere that only the message names. */
class As2PartnerTest {
  private static final As2Partner PARTNER =
      new As2Partner(
          "store",
          "HUB",
          "STORE",
          List.of(),
          List.of(),
          As2Partner.Requires.SIGNED,
          List.of(URI.create("https://as2.store.example/receipts/")),
          1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://as2.store.example/receipts/",
        "https://AS2.store.example:443/receipts/4711?of=1",
        "HTTPS://as2.store.example/receipts/a/b"
      })
  void whatBeginsAsWasAgreedMay(String address) {
    assertThat(PARTNER.mayHaveReceiptAt(address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/receipts, true",
    "/receipts/4711, true",
    "/receipts-of-others, false",
    "/receipts.evil/, false"
  })
  void whatWasAgreedEndsWithAName(String path, boolean may) {
    var partner =
        new As2Partner(
            "store",
            "HUB",
            "STORE",
            List.of(),
            List.of(),
            As2Partner.Requires.SIGNED,
            List.of(URI.create("https://as2.store.example/receipts")),
            1);

    assertThat(partner.mayHaveReceiptAt("https://as2.store.example" + path)).isEqualTo(may);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://as2.store.example/receipts/",
        "https://as2.store.example/other",
        "https://as2.store.example",
        "https://as2.store.example:8443/receipts/",
        "https://as2.store.example.evil.example/receipts/",
        "https://as2.store.example@169.254.169.254/receipts/",
        "https://evil.example/receipts/?https://as2.store.example/receipts/",
        "https://evil.example#https://as2.store.example/receipts/",
        "https://as2.store.example/receipts/../admin",
        "https://as2.store.example/receipts/%2e%2e/admin",
        "https://as2.store.example/receipts//evil.example",
        "https://as2.store.example\\@evil.example/receipts/",
        "//as2.store.example/receipts/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/receipts/",
        "http://2130706433/receipts/",
        "file:///etc/passwd",
        "mailto:as2@store.example",
        "receipts/",
        " "
      })
  void nothingElseMay(String address) {
    assertThat(PARTNER.mayHaveReceiptAt(address)).isFalse();
  }
}
