package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What operators say of items and codes from a terminal. */
@ResourceLock(ApiHub.SHARED)
class StockItemCommandsIT {
  private final OnTerminal terminal = new OnTerminal(ApiHub.running());
  private final String sku = "CLI-" + UUID.randomUUID();
  @TempDir Path folder;

  private int serai(String... arguments) {
    return terminal.serai(arguments);
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
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out()).contains("1 of 1 applied, 0 refused.");

    assertThat(serai("stock", "items", "--limit", "500")).isZero();
    assertThat(terminal.out())
        .containsPattern(sku + " +Mug and tea +fragile +900 +2 x MUG \\+ 1 x TEA");

    assertThat(serai("stock", "forget", "--item", sku)).isZero();
    assertThat(terminal.out()).contains("Forgotten: '" + sku + "'.");
    assertThat(serai("stock", "forget", "--item", sku)).isEqualTo(1);
    assertThat(terminal.err()).contains("Item '" + sku + "' is not known");
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
        .as(terminal.err())
        .isZero();

    assertThat(serai("stock", "codes", "--sku", sku)).isZero();
    assertThat(terminal.out()).containsPattern("shopify-main +" + sku + "-6 +" + sku + " +6");

    assertThat(serai("stock", "forget", "--code", sku + "-6", "--channel", "shopify-main"))
        .isZero();
    assertThat(serai("stock", "codes", "--sku", sku)).isZero();
    assertThat(terminal.out()).contains("Every code is its own SKU.");
  }

  @Test
  void aFileIsTakenAndWhatIsRefusedInItIsNamed() throws Exception {
    var file = folder.resolve("items.json");
    Files.writeString(
        file, "{\"items\":[{\"sku\":\"" + sku + "\"},{\"sku\":\"X\",\"hsCode\":\"no\"}]}");

    assertThat(serai("stock", "describe", "--file", file.toString())).isEqualTo(1);

    assertThat(terminal.out())
        .contains("1 of 2 applied, 1 refused.")
        .contains("Row 2: Item 'X' has hsCode 'no'; give 4 to 12 digits.");
  }

  @Test
  void whatIsMissingIsOneSentence() throws Exception {
    assertThat(serai("stock", "describe")).isEqualTo(1);
    assertThat(terminal.err()).contains("No item is named; give a SKU or --file.");
    assertThat(serai("stock", "describe", "SET", "--component", "MUG")).isEqualTo(1);
    assertThat(terminal.err()).contains("'MUG' is no component; write SKU=2.");
    assertThat(serai("stock", "code", "X")).isEqualTo(1);
    assertThat(terminal.err()).contains("Nothing is said; give a code and --means, or --file.");
    assertThat(serai("stock", "forget")).isEqualTo(1);
    assertThat(terminal.err()).contains("Name one thing to forget: --item or --code.");
    var file = folder.resolve("broken.json");
    Files.writeString(file, "{");
    assertThat(serai("stock", "code", "--file", file.toString())).isEqualTo(1);
    assertThat(terminal.err()).contains("File '" + file + "'");
  }
}
