package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.cli.CommandLines;
import io.serai.cli.Session;
import io.serai.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What operators say of items and codes from a terminal. */
class StockItemCommandsIT {
  @Command(name = "serai")
  static final class Root {}

  private final ApiHub hub = ApiHub.running();
  private final String sku = "CLI-" + UUID.randomUUID();
  private StringWriter out;
  private StringWriter err;
  @TempDir Path folder;

  private int serai(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    var environment =
        Map.of("SERAI_URL", "http://127.0.0.1:" + hub.port(), "SERAI_API_TOKEN", ApiHub.TOKEN);
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            environment::get,
            Clock.systemUTC());
    return CommandLines.complete(
            new CommandLine(new Root(), CommandLines.factory(session)), session)
        .execute(arguments);
  }

  @Test
  void aSetIsDescribedListedAndForgotten() {
    assertThat(
            serai(
                "stock",
                "describe",
                sku,
                "--title",
                "Mug and tea",
                "--tag",
                "fragile",
                "--grams",
                "900",
                "--component",
                "MUG=2",
                "--component",
                "TEA=1"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("1 of 1 applied, 0 refused.");

    assertThat(serai("stock", "items", "--limit", "500")).isZero();
    assertThat(out.toString())
        .containsPattern(sku + " +Mug and tea +fragile +900 +2 x MUG \\+ 1 x TEA");

    assertThat(serai("stock", "forget", "--item", sku)).isZero();
    assertThat(out.toString()).contains("Forgotten: '" + sku + "'.");
    assertThat(serai("stock", "forget", "--item", sku)).isEqualTo(1);
    assertThat(err.toString()).contains("Item '" + sku + "' is not known");
  }

  @Test
  void aCodeIsExplainedListedAndForgotten() {
    assertThat(
            serai(
                "stock",
                "code",
                sku + "-6",
                "--means",
                sku,
                "--units",
                "6",
                "--channel",
                "shopify-main"))
        .as(err.toString())
        .isZero();

    assertThat(serai("stock", "codes", "--sku", sku)).isZero();
    assertThat(out.toString()).containsPattern("shopify-main +" + sku + "-6 +" + sku + " +6");

    assertThat(serai("stock", "forget", "--code", sku + "-6", "--channel", "shopify-main"))
        .isZero();
    assertThat(serai("stock", "codes", "--sku", sku)).isZero();
    assertThat(out.toString()).contains("Every code is its own SKU.");
  }

  @Test
  void aFileIsTakenAndWhatIsRefusedInItIsNamed() throws Exception {
    var file = folder.resolve("items.json");
    Files.writeString(
        file, "{\"items\":[{\"sku\":\"" + sku + "\"},{\"sku\":\"X\",\"hsCode\":\"no\"}]}");

    assertThat(serai("stock", "describe", "--file", file.toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains("1 of 2 applied, 1 refused.")
        .contains("Row 2: Item 'X' has hsCode 'no'; give 4 to 12 digits.");
  }

  @Test
  void whatIsMissingIsOneSentence() throws Exception {
    assertThat(serai("stock", "describe")).isEqualTo(1);
    assertThat(err.toString()).contains("No item is named; give a SKU or --file.");
    assertThat(serai("stock", "describe", "SET", "--component", "MUG")).isEqualTo(1);
    assertThat(err.toString()).contains("'MUG' is no component; write SKU=2.");
    assertThat(serai("stock", "code", "X")).isEqualTo(1);
    assertThat(err.toString()).contains("Nothing is said; give a code and --means, or --file.");
    assertThat(serai("stock", "forget")).isEqualTo(1);
    assertThat(err.toString()).contains("Name one thing to forget: --item or --code.");
    var file = folder.resolve("broken.json");
    Files.writeString(file, "{");
    assertThat(serai("stock", "code", "--file", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("File '" + file + "'");
  }
}
