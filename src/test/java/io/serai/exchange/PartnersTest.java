package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
}
