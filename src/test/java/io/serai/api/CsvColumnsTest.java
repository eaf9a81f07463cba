package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvColumnsTest {
  /** A part of a row. */
  record Part(String name, BigDecimal amount) {}

  /** A row. */
  record Row(String id, Part part, List<String> marks, List<Part> parts, Map<String, String> map) {}

  @Test
  void partsAreColumnsOfTheirOwnAndWhatIsNestedDeeperIsJson() throws IOException {
    var out = new StringWriter();
    var columns = CsvColumns.of(Row.class);

    columns.heading(out);
    columns.row(
        ApiJson.MAPPER.valueToTree(
            new Row(
                "1",
                new Part("a \"b\"", new BigDecimal("-3.50")),
                List.of("x", "y"),
                List.of(new Part("p", null)),
                Map.of("k", "v"))),
        out);
    columns.row(ApiJson.MAPPER.valueToTree(new Row("2", null, null, null, null)), out);

    assertThat(out.toString().split("\r\n"))
        .containsExactly(
            "id,part.name,part.amount,marks,parts,map",
            "1,\"a \"\"b\"\"\",-3.50,x y,\"[{\"\"name\"\":\"\"p\"\"}]\",\"{\"\"k\"\":\"\"v\"\"}\"",
            "2,,,,,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "=1+1|'=1+1",
        "+49 30 1234|'+49 30 1234",
        "-cmd|'-cmd",
        "@SUM(A1)|'@SUM(A1)",
        "-3.50|-3.50",
        "1001-1|1001-1",
        "#1001|#1001"
      })
  void aFormulaIsTextAndANumberStaysOne(String given, String cell) {
    assertThat(CsvColumns.cell(given)).isEqualTo(cell);
    assertThat(CsvColumns.cell("\t" + given)).startsWith("'\t");
  }
}
