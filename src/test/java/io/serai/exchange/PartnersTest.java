package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Which profile holds for an account, and what is said of one that names none. */
class PartnersTest {
  private static final Catalog CATALOG = Catalog.open(PartnersTest.class.getClassLoader(), null);

  private static Configuration configuration(String... keysAndValues) {
    var values =
        new LinkedHashMap<String, Object>(
            Map.of(
                "serai.channels.store.connector",
                "x12-retailer",
                "serai.channels.store.upload-token",
                "store-upload-secret"));
    for (var i = 0; i < keysAndValues.length; i += 2) {
      values.put("serai.channels.store." + keysAndValues[i], keysAndValues[i + 1]);
    }
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", values));
    return Configuration.read(environment, CATALOG.edition());
  }

  private static Partners partners() {
    return Partners.of(CATALOG.edition());
  }

  @Test
  void whatCameWithTheHubHasNoFault() {
    assertThat(partners().faults()).isEmpty();
    assertThat(partners().profiles()).containsKeys("walmart-dsv", "x12-3pl");
  }

  @Test
  void anAccountSaysWhatItsProfileLeavesOpen() {
    var site =
        configuration(
            "partner-profile",
            "walmart-dsv",
            "our-qualifier",
            "ZZ",
            "our-id",
            "HUB",
            "usage",
            "test");
    partners().demand(site);

    var with = partners().of(site.account("store"));

    assertThat(with.ours().text()).isEqualTo("ZZ/HUB");
    assertThat(with.theirs().text()).isEqualTo("08/925485US00");
    assertThat(with.usage()).isEqualTo("T");
    assertThat(with.envelope().groupSender()).isEqualTo("HUB");
    assertThat(with.envelope().version()).isEqualTo("005010");
  }

  @Test
  void aStartWithoutTheProfileOrAnIdStops() {
    assertThatThrownBy(() -> partners().demand(configuration("partner-profile", "walmart-dvs")))
        .isInstanceOfSatisfying(
            BadConfiguration.class,
            e ->
                assertThat(e.faults().getFirst().sentence())
                    .startsWith(
                        "'serai.channels.store.partner-profile' is 'walmart-dvs', which is no partner profile. Nearest name: 'walmart-dsv'"));
    assertThatThrownBy(() -> partners().demand(configuration("partner-profile", "walmart-dsv")))
        .isInstanceOfSatisfying(
            BadConfiguration.class,
            e ->
                assertThat(e.faults())
                    .singleElement()
                    .asString()
                    .contains(
                        "'serai.channels.store.our-id' is missing, and partner profile 'walmart-dsv' does not say it either."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "edifact-3pl | which is agreed over EDIFACT, and connector 'x12-retailer' speaks X12. Name a profile of X12, or take the connector of EDIFACT.",
        "x12-3pl | which receives 945 as 'shipment', and no route of connector 'x12-retailer' takes that. Name a profile that fits the connector, or remove 945 from 'connectors/x12-3pl.partner.yaml'."
      })
  void aProfileThatDoesNotFitItsConnectorStops(String profile, String sentence) {
    assertThat(partners().inspect(configuration("partner-profile", profile)))
        .extracting(Object::toString)
        .contains(
            "configuration: 'serai.channels.store.partner-profile' is '%s', %s"
                .formatted(profile, sentence));
  }

  @Test
  void aProfileAtFaultStopsTheStartWithItsFault(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/acme.partner.yaml"), "partner: acme\nversion: \"004010\"\n");
    var edition = Catalog.open(PartnersTest.class.getClassLoader(), home).edition();

    assertThat(Partners.inspect(edition, configuration("partner-profile", "acme")))
        .extracting(Object::toString)
        .contains("connectors/acme.partner.yaml:1: 'partner file' has no 'title'. Add 'title: …'.")
        .noneMatch(fault -> fault.contains("which is no partner profile"));
  }
}
