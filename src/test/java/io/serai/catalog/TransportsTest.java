package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Json;
import io.serai.transport.As2Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mock.env.MockEnvironment;

/** What an account must say of the way its files take. */
class TransportsTest {
  private static final String CONNECTOR =
      """
      connector: exchange
      title: Exchange
      kind: partner
      description: A partner that exchanges files.
      transports: [upload, sftp, as2, folder]
      parameters:
        upload-token: { description: Proves an upload, secret: true }
      routes:
        - { template: files-in, when: transport=sftp|folder }
        - { template: upload-in, when: transport=upload }
      """;

  private static final As2Key KEY = As2Key.of("hub");

  @TempDir Path home;

  private Edition edition(String connector) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(home.resolve("connectors/exchange.connector.yaml"), connector);
    return Catalog.of(Sources.of(List.of(home))).edition();
  }

  private Configuration read(Edition edition, List<Fault> faults, Map<String, String> settings) {
    var environment = new MockEnvironment();
    environment.setProperty("serai.partners.northwind.connector", "exchange");
    settings.forEach(
        (name, value) -> environment.setProperty("serai.partners.northwind." + name, value));
    return Configuration.read(environment, edition, faults);
  }

  @Test
  void aConnectorIsTriedByEveryWayItsFilesMayTake() throws IOException {
    var profile = edition(CONNECTOR).connectors().get("exchange");

    assertThat(Account.samples(profile))
        .extracting(account -> account.name() + " " + account.text("transport"))
        .containsExactly(
            "exchange-sample-upload upload",
            "exchange-sample-sftp sftp",
            "exchange-sample-as2 as2",
            "exchange-sample-folder folder");
    assertThat(
            Account.samples(
                edition(
                        CONNECTOR
                            .replace(
                                "- { template: files-in, when: transport=sftp|folder }",
                                "- files-in")
                            .replace(
                                "- { template: upload-in, when: transport=upload }", "- upload-in"))
                    .connectors()
                    .get("exchange")))
        .as("nothing depends on it")
        .extracting(Account::name)
        .containsExactly("exchange-sample");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transport=upload                                                                    | upload | upload-token",
        "transport=sftp                                                                      | sftp   | host",
        "transport=sftp;host=a.example                                                       | sftp   | username",
        "transport=sftp;host=a.example;username=u                                            | sftp   | host-key",
        "transport=sftp;host=a.example;username=u;host-key=SHA256:x                          | sftp   | private-key' or 'password",
        "transport=sftp;host=a.example;username=u;host-key=SHA256:x;password=p               | sftp   | inbox-folder' or 'outbox-folder",
        "transport=as2                                                                       | as2    | as2-our-name",
        "transport=as2;as2-our-name=A;as2-their-name=B                                       | as2    | as2-key",
        "transport=folder                                                                    | folder | inbox-folder' or 'outbox-folder"
      })
  void whatMissesIsNamed(String said, String way, String missing) throws IOException {
    var settings = new LinkedHashMap<String, String>();
    for (var pair : said.strip().split(";")) {
      settings.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    var faults = new ArrayList<Fault>();

    var configuration = read(edition(CONNECTOR), faults, settings);

    assertThat(configuration.account("northwind")).isNull();
    assertThat(faults)
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.what())
                    .isEqualTo(
                        "Account 'northwind' exchanges files by '%s' and does not set '%s'",
                        way, missing));
  }

  @Test
  void theRoutesOfTheWayRunAndTheOthersDoNot() throws IOException {
    var faults = new ArrayList<Fault>();
    var account =
        read(edition(CONNECTOR), faults, Map.of("transport", "folder", "inbox-folder", "/srv/in"))
            .account("northwind");

    assertThat(faults).isEmpty();
    assertThat(account.profile().routes())
        .filteredOn(account::runs)
        .extracting(ConnectorProfile.RouteUse::template)
        .containsExactly("files-in");
    assertThat(account.templateParameters())
        .containsEntry("fileSchedule", "*/15 * * * * ?")
        .containsEntry("transport", "folder");
  }

  @Test
  void aWayThatIsNoneAndAChoiceThatIsNoneAreFaults() throws IOException {
    var edition =
        edition(
            CONNECTOR
                .replace("as2, folder]", "as2, pigeon]")
                .replace("transport=upload", "way=upload"));

    assertThat(edition.faults("connectors/exchange.connector.yaml"))
        .extracting(Fault::what)
        .containsExactlyInAnyOrder(
            "There is no transport 'pigeon'",
            "Route 'files-in' runs for 'folder', which is no choice of 'transport'",
            "Route 'upload-in' is switched by 'way', which is no parameter with choices");
  }

  @Test
  void aParameterThatTheWaysBringIsNotTheProfilesOwn() throws IOException {
    var edition =
        edition(CONNECTOR.replace("parameters:\n", "parameters:\n  host: { description: Mine }\n"));

    assertThat(edition.faults("connectors/exchange.connector.yaml"))
        .extracting(Fault::what)
        .containsExactly("Parameter 'host' is one that 'transports' brings");
  }

  @Test
  void theGuideShowsThemAll() throws IOException {
    assertThat(Files.readString(Path.of("docs/files.md")))
        .contains("\n\n" + ParameterTable.markdown(Transports.SFTP))
        .contains("\n\n" + ParameterTable.markdown(Transports.AS2));
  }

  @Test
  void theAccountsOfTheGuideHaveNoFault() throws IOException {
    var edition = Catalog.open(getClass().getClassLoader(), null).edition();
    var blocks =
        Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/files.md")));
    var shown = 0;
    while (blocks.find()) {
      shown++;
      var environment = new MockEnvironment();
      var text =
          blocks
              .group(1)
              .replace("as2-key: \"...\"", "as2-key: " + Json.text(KEY.pem()))
              .replace(
                  "as2-certificate: \"...\"",
                  "as2-certificate: " + Json.text(KEY.certificatePem()));
      var yaml = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
      new YamlPropertySourceLoader()
          .load("guide", yaml)
          .forEach(environment.getPropertySources()::addLast);
      var faults = new ArrayList<Fault>();

      var configuration = Configuration.read(environment, edition, faults);

      assertThat(faults).isEmpty();
      assertThat(configuration.accounts()).hasSize(1);
    }
    assertThat(shown).isEqualTo(3);
  }
}
