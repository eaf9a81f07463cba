package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ResourceLock(ApiHub.SHARED)
class StockApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String sku = "SKU-" + UUID.randomUUID();

  @BeforeEach
  void aNode() {
    hub.node("nj-1");
  }

  private ApiHub.Answer report(String levels) {
    return hub.put("/stock", "{\"node\":\"nj-1\",\"levels\":[" + levels + "]}");
  }

  private String level(Object onHand) {
    return "{\"sku\":\"" + sku + "\",\"onHand\":" + onHand + "}";
  }

  @Test
  void aReportedCountIsReadBack() {
    var result = report(level(12)).json();

    assertThat(result.path("applied").asInt()).isEqualTo(1);
    var level = hub.get("/stock?sku=" + sku).json().at("/items/0");
    assertThat(level.path("onHand").asInt()).isEqualTo(12);
    assertThat(level.path("available").asInt()).isEqualTo(12);
    assertThat(level.path("source").asText()).isEqualTo("token:api");
    var read = hub.get("/stock/" + sku).json();
    assertThat(read.path("available").asInt()).isEqualTo(12);
    assertThat(read.at("/movements/0/cause").asText()).isEqualTo("report");
    assertThat(read.at("/movements/0/quantity").asInt()).isEqualTo(12);
  }

  @Test
  void theSameReportTwiceChangesNothingTheSecondTime() {
    report(level(5));

    var again = report(level(5)).json();

    assertThat(again.path("applied").asInt()).isEqualTo(1);
    assertThat(hub.get("/stock/" + sku).json().path("movements")).hasSize(1);
  }

  @Test
  void aCountBelowWhatIsPromisedTakesEffectDownToItAndTheRestIsAShortage() {
    report(level(10));
    hub.jdbc
        .sql("UPDATE stock_level SET allocated = 6 WHERE sku = :sku")
        .param("sku", sku)
        .update();

    var result = report(level(4)).json();

    assertThat(result.at("/shortages/0/missing").asInt()).isEqualTo(2);
    assertThat(result.at("/shortages/0/onHand").asInt()).isEqualTo(4);
    var level = hub.get("/stock?sku=" + sku).json().at("/items/0");
    assertThat(level.path("onHand").asInt()).isEqualTo(6);
    assertThat(level.path("available").asInt()).isZero();
    assertThat(level.path("shortage").asInt()).isEqualTo(2);
  }

  @Test
  void anOlderReportNeverOverwritesANewerOne() {
    report(level(10));

    var old =
        hub.put(
                "/stock",
                """
                {"node":"nj-1","asOf":"2020-01-01T00:00:00Z","levels":[%s]}
                """
                    .formatted(level(1)))
            .json();

    assertThat(old.path("stale").asInt()).isEqualTo(1);
    assertThat(hub.get("/stock?sku=" + sku).json().at("/items/0/onHand").asInt()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | Row 2: SKU '%s' has -1 on hand; a count is a whole number from 0 to 1000000000.",
        "1.5 | Row 2: SKU '%s' has 1.5 on hand; a count is a whole number from 0 to 1000000000.",
        "1e12 | Row 2: SKU '%s' has 1E+12 on hand; a count is a whole number from 0 to 1000000000.",
        "null | Row 2: SKU '%s' has no 'onHand'; give a count.",
        "\"7\" | Row 2: SKU '%s' has an 'onHand' that is no number; give a count.",
      })
  void aRowThatCannotBeTakenIsRefusedByNameAndTheOthersApplied(String onHand, String sentence) {
    var result = report("{\"sku\":\"G-%s\",\"onHand\":3},".formatted(sku) + level(onHand)).json();

    assertThat(result.path("applied").asInt()).isEqualTo(1);
    assertThat(result.at("/refused/0/sku").asText()).isEqualTo(sku);
    assertThat(result.at("/refused/0/row").asInt()).isEqualTo(2);
    assertThat(result.at("/refused/0/sentence").asText()).isEqualTo(sentence.formatted(sku));
    assertThat(hub.get("/stock?sku=G-" + sku).json().at("/items/0/onHand").asInt()).isEqualTo(3);
    assertThat(hub.get("/stock?sku=" + sku).json().path("items")).isEmpty();
  }

  @Test
  void aSkuGivenTwiceIsAmbiguousSoNoneOfItsRowsIsTaken() {
    var result =
        report(level(1) + "," + level(2) + ",{\"sku\":\"G-%s\",\"onHand\":3}".formatted(sku))
            .json();

    assertThat(result.path("applied").asInt()).isEqualTo(1);
    assertThat(result.path("refused")).hasSize(2);
    assertThat(result.at("/refused/1/sentence").asText())
        .isEqualTo(
            "Row 2: SKU '%s' is given more than once, first in row 1; send it once."
                .formatted(sku));
  }

  @Test
  void aReportOfWhichNothingCanBeTakenIsRefusedWhole() {
    var answer = report(level(-1));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("refused")).hasSize(1);
    assertThat(answer.detail()).startsWith("None of the 1 rows for node 'nj-1' can be taken;");
  }

  @Test
  void anUnknownNodeIsNamed() {
    var answer = hub.put("/stock", "{\"node\":\"atlantis\",\"levels\":[]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail()).startsWith("Node 'atlantis' is not known;").contains("nj-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | The body is not an object; send {\"node\": ..., \"levels\": [...]}.",
        "{\"levels\":[]} | The report names no node; give 'node' as text.",
        "{\"node\":\"nj-1\"} | The report for node 'nj-1' has no list 'levels'; give rows of sku and onHand.",
        "{\"node\":\"nj-1\",\"level\":[]} | Field 'level' is not known; a report has node, levels, asOf and sequence.",
        "{\"node\":\"nj-1\",\"levels\":[],\"asOf\":\"soon\"} | 'asOf' is 'soon', which is no instant; write it as 2026-01-31T12:00:00Z.",
      })
  void aReportThatIsNoneIsRefusedInOneSentence(String body, String sentence) {
    var answer = hub.put("/stock", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"node\" | 400",
        "{\"node\":\"a\",\"node\":\"b\",\"levels\":[]} | 400",
        "'' | 400"
      })
  void brokenJsonIsRefusedWithItsPlace(String body, int status) {
    var answer = hub.put("/stock", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail())
        .endsWith(".")
        .doesNotContain("Exception")
        .doesNotContain("io.serai");
  }

  @Test
  void aReportWithALowerNumberNeverOverwritesOneWithAHigher() {
    var numbered = "{\"node\":\"nj-1\",\"sequence\":%s,\"levels\":[%s]}";
    hub.put("/stock", numbered.formatted(8, level(10)));

    var old = hub.put("/stock", numbered.formatted(7, level(1))).json();

    assertThat(old.path("stale").asInt()).isEqualTo(1);
    assertThat(hub.put("/stock", numbered.formatted("\"x\"", level(1))).detail())
        .isEqualTo(
            "'sequence' is 'x', which is no whole number from 0; leave it out or correct it.");
  }

  @Test
  void tenThousandLevelsGoInOneCall() {
    var levels =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "{\"sku\":\"%s-%d\",\"onHand\":%d}".formatted(sku, i, i))
            .collect(Collectors.joining(","));
    report(levels);

    var result = report(levels.replace(":9", ":8")).json();

    assertThat(result.path("applied").asInt()).isEqualTo(10_000);
  }

  @Test
  void aReportIsInTheAudit() {
    report(level(1));

    var after =
        hub.jdbc
            .sql(
                """
                SELECT after::text FROM audit_entry
                WHERE action = 'stock.report' AND object = 'node:nj-1' AND actor = 'token:api' ORDER BY id DESC LIMIT 1
                """)
            .query(String.class)
            .single();

    assertThat(after).contains("\"received\"");
  }
}
