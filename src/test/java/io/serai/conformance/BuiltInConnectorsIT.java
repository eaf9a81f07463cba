package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.HubProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The connectors that come with the hub pass the suite that others are judged by. */
@Tag("long") // half a minute each; a connector made by "serai new" plays in every build
class BuiltInConnectorsIT {
  private final StringWriter out = new StringWriter();

  private int test(String connector) {
    return new CommandLine(
            new TestCommand(
                (settings, properties) -> HubProcess.start(null, settings, properties),
                Map.<String, String>of()::get))
        .setOut(new PrintWriter(out, true))
        .execute(connector);
  }

  @Test
  void shopifyPassesEveryClause() {
    assertThat(test("shopify")).as(out.toString()).isZero();

    assertThat(out.toString()).contains("\n12 passed, 0 failed, 0 not judged, in ");
  }

  @ParameterizedTest
  @CsvSource({
    "ebay, 11",
    "amazon, 8",
    "etsy, 8",
    "rest-3pl, 9",
    "square, 10",
    "easypost, 9",
    "ups, 5",
    "signed-webhook, 6",
    "pos-rest, 5",
    "csv-orders, 5",
    "csv-stock, 5",
    "x12-retailer, 7",
    "x12-3pl, 7",
    "edifact-retailer, 7",
    "edifact-3pl, 7",
    "file-3pl, 7"
  })
  void eachPassesWhatCanBeJudgedOfIt(String connector, int clauses) {
    assertThat(test(connector)).as(out.toString()).isZero();

    assertThat(out.toString()).contains("\n" + clauses + " passed, 0 failed, ");
  }
}
