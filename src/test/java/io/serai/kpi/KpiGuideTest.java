package io.serai.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** The guide's table says what the code computes. */
class KpiGuideTest {
  private static final Path GUIDE = Path.of("docs/kpis.md");

  @Test
  void theTableOfDefinitionsIsTheCodes() throws IOException {
    var table = new StringJoiner("\n");
    table.add("| Figure | What it says | Formula | Unit | Window |");
    table.add("|---|---|---|---|---|");
    for (var kpi : Kpi.values()) {
      table.add(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  kpi.word(),
                  kpi.sentence(),
                  kpi.formula(),
                  kpi.unit().isEmpty() ? "count" : kpi.unit(),
                  kpi.window()));
    }

    assertThat(Files.readString(GUIDE)).contains(table.toString());
  }
}
