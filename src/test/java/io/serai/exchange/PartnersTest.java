package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** A hub whose files change while it runs. */
  private static final class Running {
    final Path home;
    final Catalog catalog;
    final Configuration configuration;
    final Partners partners;

    Running(Path home, String... accounts) throws IOException {
      this.home = home;
      write("connectors/acme.partner.yaml", builtIn("connectors/walmart-dsv.partner.yaml"));
      this.catalog = Catalog.open(PartnersTest.class.getClassLoader(), home);
      var values = new LinkedHashMap<String, Object>();
      for (var account : accounts) {
        var key = "serai.channels." + account;
        values.put(key + ".connector", "x12-retailer");
        values.put(key + ".upload-token", "store-upload-secret");
        values.put(key + ".partner-profile", "acme");
        values.put(key + ".our-qualifier", "ZZ");
        values.put(key + ".our-id", "HUB");
      }
      if (values.containsKey("serai.channels.named.connector")) {
        values.put("serai.channels.named.their-id", "ACME");
        values.put("serai.channels.named.their-qualifier", "01");
      }
      var environment = new StandardEnvironment();
      environment.getPropertySources().addFirst(new MapPropertySource("test", values));
      this.configuration = Configuration.read(environment, catalog.edition());
      this.partners = Partners.of(catalog.edition());
      partners.demand(configuration);
    }

    static String builtIn(String path) throws IOException {
      return Files.readString(Path.of(path)).replace("partner: walmart-dsv", "partner: acme");
    }

    void write(String path, String text) throws IOException {
      Files.createDirectories(home.resolve(path).getParent());
      Files.writeString(home.resolve(path), text);
    }

    /** What is said of the files once they changed. */
    List<String> changed() {
      var edition = catalog.reload();
      configuration.follow(edition);
      return partners.follow(edition).stream().map(Object::toString).toList();
    }

    PartnerProfile profile(String account) {
      return partners.of(configuration.account(account)).profile();
    }

    List<Fault> faults(String account) {
      return partners.faults(configuration.account(account));
    }
  }

  @Test
  void aChangedProfileThatDoesNotFitNeverReplacesTheOneThatRuns(@TempDir Path home)
      throws IOException {
    var hub = new Running(home, "store");
    var file = "connectors/acme.partner.yaml";
    var good = Running.builtIn("connectors/walmart-dsv.partner.yaml");

    hub.write(
        file, good.replace("  \"824\": {}", "  \"824\": {}\n  \"945\": { document: shipment }"));
    var said =
        "connectors/acme.partner.yaml: Account 'store' keeps the partner profile it has: 'serai.channels.store.partner-profile' is 'acme', which receives 945 as 'shipment', and no route of connector 'x12-retailer' takes that. Name a profile that fits the connector, or remove 945 from 'connectors/acme.partner.yaml'.";
    assertThat(hub.changed()).containsExactly(said);
    assertThat(hub.faults("store")).extracting(Object::toString).containsExactly(said);
    assertThat(hub.profile("store").receives()).containsKey("850").doesNotContainKey("945");
    assertThat(hub.changed()).as("also when nothing changed since").containsExactly(said);

    hub.write(file, good.replaceFirst("title: .*", "title: Acme"));
    assertThat(hub.changed()).isEmpty();
    assertThat(hub.faults("store")).isEmpty();
    assertThat(hub.profile("store").title()).isEqualTo("Acme");

    hub.write(file, "partner: acme\n");
    assertThat(hub.changed()).isNotEmpty().noneMatch(fault -> fault.contains("keeps the partner"));
    assertThat(hub.faults("store")).isNotEmpty();
    assertThat(hub.profile("store").title()).isEqualTo("Acme");
  }

  @Test
  void eachAccountIsJudgedByItself(@TempDir Path home) throws IOException {
    var hub = new Running(home, "store", "named");

    var text = Running.builtIn("connectors/walmart-dsv.partner.yaml");
    hub.write(
        "connectors/acme.partner.yaml",
        text.replaceFirst("title: .*", "title: Acme").replaceFirst("ids:\n  theirs: .*\n", ""));

    assertThat(hub.changed())
        .singleElement()
        .asString()
        .startsWith(
            "connectors/acme.partner.yaml: Account 'store' keeps the partner profile it has: 'serai.channels.store.their-id' is missing, and partner profile 'acme' does not say it either.");
    assertThat(hub.profile("store").title()).isNotEqualTo("Acme");
    assertThat(hub.profile("named").title()).isEqualTo("Acme");
    assertThat(hub.faults("named")).isEmpty();
  }

  @Test
  void aProfileWhoseFileIsGoneGoesOnUntilTheNextStart(@TempDir Path home) throws IOException {
    var hub = new Running(home, "store");

    Files.delete(home.resolve("connectors/acme.partner.yaml"));

    assertThat(hub.changed())
        .singleElement()
        .asString()
        .startsWith(
            "connectors/x12-retailer.connector.yaml: Account 'store' keeps the partner profile it has: 'serai.channels.store.partner-profile' is 'acme', which is no partner profile.");
    assertThat(hub.profile("store").name()).isEqualTo("acme");
    assertThat(hub.partners.inEffect("connectors/acme.partner.yaml")).isTrue();
  }

  @Test
  void aConnectorThatChangesIsJudgedWithTheProfileThatRuns(@TempDir Path home) throws IOException {
    var hub = new Running(home, "store");
    var connector = Running.builtIn("connectors/x12-retailer.connector.yaml");

    hub.write(
        "connectors/x12-retailer.connector.yaml",
        connector.replace("  - x12-retailer-order-change-normalize\n", ""));

    assertThat(hub.changed())
        .singleElement()
        .asString()
        .startsWith(
            "connectors/acme.partner.yaml: Account 'store' keeps the partner profile it has: 'serai.channels.store.partner-profile' is 'acme', which receives 860 as 'order-change', and no route of connector 'x12-retailer' takes that.");
    assertThat(hub.profile("store").receives()).containsKey("860");
    hub.write("connectors/x12-retailer.connector.yaml", connector);
    assertThat(hub.changed()).isEmpty();
  }

  @Test
  void routesThatCannotBeReadRunOnAndSayNothingOfTheProfile(@TempDir Path home) throws IOException {
    var hub = new Running(home, "store");

    hub.write(
        "routes/process/x12-retailer-order-change-normalize.camel.yaml", "- routeTemplate: [");

    assertThat(hub.changed()).isEmpty();
    assertThat(hub.profile("store").name()).isEqualTo("acme");
  }
}
