package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.camel.CanonicalDocuments;
import io.serai.camel.CatalogInspection;
import io.serai.catalog.Catalog;
import io.serai.catalog.ChannelTable;
import io.serai.catalog.Mappings;
import io.serai.catalog.Samples;
import io.serai.catalog.Sources;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What 'serai new channel' writes works before anybody changes it. */
class NewCommandTest {
  @Command(name = "serai")
  static final class Root {}

  @TempDir Path folder;
  private Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int serai(Map<String, String> environment, String... arguments) {
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            environment::get,
            new ManualClock());
    return CommandLines.complete(
            new CommandLine(new Root(), CommandLines.factory(session)), session)
        .execute(arguments);
  }

  private int create(String name, String... more) {
    home = folder.resolve("site");
    var arguments = new java.util.ArrayList<>(List.of("new", "channel", name));
    arguments.addAll(List.of("--home", home.toString()));
    arguments.addAll(List.of(more));
    return serai(Map.of(), arguments.toArray(String[]::new));
  }

  private Catalog catalog() {
    return Catalog.of(Sources.of(NewCommandTest.class.getClassLoader(), List.of(home)));
  }

  private Mappings mappings() {
    return new Mappings(home, NewCommandTest.class.getClassLoader());
  }

  @Test
  void itsFilesAreWithoutFault() {
    assertThat(create("acme-outlet", "--title", "Acme & Sons' Outlet")).isZero();

    var edition = catalog().edition();

    assertThat(edition.faults()).isEmpty();
    assertThat(new CatalogInspection(Set.of(), null).inspect(edition, mappings(), null)).isEmpty();
    assertThat(edition.connectors().get("acme-outlet").title()).isEqualTo("Acme & Sons' Outlet");
    assertThat(ChannelTable.markdown(edition))
        .contains(
            "| Acme & Sons' Outlet | `acme-outlet` | webhook, poll | yes | yes | in, back | – | samples |\n");
  }

  @Test
  void itsSamplesGiveWhatStandsBesideThem() throws IOException {
    create("acme");
    var samples = Samples.of(home, "acme").all(catalog().edition().mappings());

    for (var sample : samples) {
      var given = mappings().mapping(sample.mapping()).apply(sample.input(), sample.variables());
      if (Boolean.getBoolean("serai.write")) {
        var template =
            Path.of("src/main/resources/io/serai/cli/new-channel/samples/payloads/__name__")
                .resolve(sample.document())
                .resolve(sample.expected().getFileName().toString());
        Files.writeString(template, given.toPrettyString().replace("\"acme", "\"__name__") + "\n");
      } else {
        assertThat(Json.tree(Json.bytes(given)).toPrettyString())
            .as(sample.mapping() + " <- " + sample.name())
            .isEqualTo(Json.tree(Files.readAllBytes(sample.expected())).toPrettyString());
      }
    }
    assertThat(samples).hasSize(27);
  }

  @Test
  void itsCanonicalDocumentsFitTheirSchemas() {
    create("acme");
    var documents = new CanonicalDocuments();

    for (var sample : Samples.of(home, "acme").all(catalog().edition().mappings())) {
      if (Set.of("order", "cancellation", "listing").contains(sample.document())) {
        var given = mappings().mapping(sample.mapping()).apply(sample.input(), sample.variables());
        assertThat(documents.read(sample.document(), given, "acme-main"))
            .as(sample.name())
            .isNotNull();
      }
    }
  }

  @Test
  void itSaysWhatItWroteAndWhatComesNext() {
    create("acme");

    assertThat(out.toString())
        .startsWith("Channel 'acme' stands in " + home + ": ")
        .contains(
            " files that work as they are.\n",
            "  connectors/acme.connector.yaml          what it is: settings, proof, events, errors, limits\n",
            "./serai check " + home,
            "./serai test acme --home " + home,
            "      acme-main: { connector: acme, base-url: \"https://...\", api-key: \"...\", webhook-secret: \"...\" }\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void nothingIsEverOverwritten() throws IOException {
    create("acme");
    var profile = home.resolve("connectors/acme.connector.yaml");
    Files.writeString(profile, "connector: [");

    assertThat(create("acme")).isOne();

    assertThat(err.toString())
        .endsWith(" is there already and nothing was written; remove it or choose another name.\n");
    assertThat(profile).hasContent("connector: [");
  }

  @Test
  void aNameThatIsTakenOrNoneIsRefused() {
    assertThat(create("shopify")).isOne();
    assertThat(create("Acme")).isOne();
    assertThat(create("acme", "--title", "a\nb: c")).isOne();

    assertThat(err.toString())
        .isEqualTo(
            """
            Connector 'shopify' is there already, in 'connectors/shopify.connector.yaml'; choose another name.
            'Acme' is no name of a connector; use lower-case letters, digits and single dashes, as 'acme-outlet'.
            'a b: c' is no title; use letters, digits, blanks and . & ' -, up to 41 of them.
            """);
    assertThat(home).doesNotExist();
  }

  @Test
  void withoutAFolderItAsksForOne() {
    assertThat(serai(Map.of(), "new", "channel", "acme")).isOne();
    assertThat(err.toString())
        .isEqualTo(
            "Nothing says where to write; set SERAI_HOME or add --home DIR, the folder the hub reads as SERAI_HOME.\n");

    home = folder.resolve("site");
    assertThat(serai(Map.of("SERAI_HOME", home.toString()), "new", "channel", "acme")).isZero();
    assertThat(home.resolve("connectors/acme.connector.yaml")).exists();
  }
}
