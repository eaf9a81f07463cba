package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.camel.CatalogInspection;
import io.serai.catalog.Catalog;
import io.serai.catalog.ParameterTable;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * docs/channels.md shows each parameter as its profile says it, and accounts that may be copied.
 */
class ChannelsGuideTest {
  @Command(name = "serai")
  static final class Root {}

  private static final Pattern YAML =
      Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir Path folder;

  private static String guide() throws IOException {
    return Files.readString(Path.of("docs/channels.md"));
  }

  @TestFactory
  List<DynamicTest> theTableOfEachConnectorIsThere() throws IOException {
    var guide = guide();
    return Catalog.open(ChannelsGuideTest.class.getClassLoader(), null)
        .edition()
        .connectors()
        .values()
        .stream()
        .map(
            profile ->
                DynamicTest.dynamicTest(
                    profile.name(),
                    () ->
                        assertThat(guide)
                            .as("replace its table by what './serai channels table' prints")
                            .contains("\n\n" + ParameterTable.markdown(profile))))
        .toList();
  }

  @Test
  void theAccountsHaveNoFault() throws IOException {
    var blocks = YAML.matcher(guide());
    var shown = 0;
    while (blocks.find()) {
      shown++;
      var file =
          Files.writeString(
              folder.resolve("serai-%d.yaml".formatted(shown)),
              blocks
                  .group(1)
                  .replaceAll("\\$\\{\\w+}", "a-secret-of-more-than-thirty-two-characters")
                  .replace("HUB", "hub.example"));
      var out = new StringWriter();
      var found =
          new CommandLine(new CheckCommand(CatalogInspection::new, getClass().getClassLoader()))
              .setOut(new PrintWriter(out))
              .execute("--config", file.toString());
      assertThat(found).as(out.toString()).isZero();
    }
    assertThat(shown).isEqualTo(9);
  }

  @Test
  void theVerbPrintsTheTableAndNamesWhatThereIs() {
    var terminal = new StringWriter();
    assertThat(run(terminal, "channels", "table", "shopify")).isZero();
    assertThat(terminal.toString())
        .contains(
            "| `shop` | The shop's name, the part before .myshopify.com | text | must be set |")
        .contains(
            "| `access-token` | Admin API access token of the app | secret text | must be set |")
        .contains("| `release-when` | How far an order must be paid before a node is asked |")
        .contains("`authorized`, `captured` | `authorized` |");

    var wrong = new StringWriter();
    assertThat(run(wrong, "channels", "table", "shopfy")).isNotZero();
    assertThat(wrong.toString())
        .contains(
            "There is no connector 'shopfy'; there are alert-mail, alert-webhook, amazon, api, csv-orders, ");
  }

  private static int run(StringWriter out, String... arguments) {
    var printer = new PrintWriter(out, true);
    var session =
        new Session(
            new Terminal(printer, printer, 0, false, ZoneOffset.UTC),
            name -> null,
            new ManualClock());
    return CommandLines.complete(
            new CommandLine(new Root(), CommandLines.factory(session)), session)
        .execute(arguments);
  }
}
