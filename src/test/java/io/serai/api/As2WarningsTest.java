package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.transport.As2Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** What of an account's AS2 deserves a look. */
class As2WarningsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final As2Key GOOD = until(400);
  private static final Edition EDITION =
      Catalog.open(As2WarningsTest.class.getClassLoader(), null).edition();

  private static As2Key until(int days) {
    return As2Key.of("store", NOW.minus(Duration.ofDays(30)), NOW.plus(Duration.ofDays(days)));
  }

  private static Account account(String key, String certificate) {
    var environment = new MockEnvironment();
    var prefix = "serai.channels.store.";
    environment.setProperty(prefix + "connector", "x12-retailer");
    environment.setProperty(prefix + "partner-profile", "walmart-dsv");
    environment.setProperty(prefix + "transport", "as2");
    environment.setProperty(prefix + "as2-our-name", "HUB");
    environment.setProperty(prefix + "as2-their-name", "STORE");
    environment.setProperty(prefix + "as2-key", key);
    environment.setProperty(prefix + "as2-certificate", certificate);
    return Configuration.read(environment, EDITION).account("store");
  }

  private static List<String> warnings(String key, String certificate) {
    return As2Warnings.and(List.of("Before."), account(key, certificate), null, NOW);
  }

  @Test
  void certificatesThatLastAreNoNews() {
    assertThat(warnings(GOOD.pem(), GOOD.certificatePem())).containsExactly("Before.");
  }

  @Test
  void aCertificateThatEndsSoonIsTold() {
    assertThat(warnings(until(12).pem(), until(20).certificatePem()))
        .containsExactly(
            "Before.",
            "The certificate of 'store' ends on 2026-03-22, in 20 days. Ask for its next one and set it beside it in 'as2-certificate'.",
            "Our certificate for 'store' ends on 2026-03-14, in 12 days. Make the next pair, give its certificate to the partner and set it beside it in 'as2-key'.");
  }

  @Test
  void onceTheNextOneIsThereItIsNoNewsAnyMore() {
    assertThat(warnings(GOOD.pem(), until(3).certificatePem() + GOOD.certificatePem()))
        .containsExactly("Before.");
  }

  @Test
  void aCertificateThatEndedIsTold() {
    assertThat(warnings(GOOD.pem(), until(-2).certificatePem()))
        .contains(
            "The certificate of 'store' ended on 2026-02-28, and nothing is exchanged any more. Ask for its next one and set it beside it in 'as2-certificate'.");
  }

  @Test
  void aMessageThatWasNotTakenIsToldForADay() {
    var account = account(GOOD.pem(), GOOD.certificatePem());
    var refused =
        new AccountTraffic.RefusedMessage("it is not signed", NOW.minus(Duration.ofMinutes(5)));

    assertThat(As2Warnings.and(List.of(), account, refused, NOW))
        .containsExactly(
            "The last AS2 message of 'store' that was not taken came 5 min ago: it is not signed.");
    assertThat(As2Warnings.and(List.of(), account, refused, NOW.plus(Duration.ofDays(2))))
        .isEmpty();
  }
}
