package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
  private static List<CsvReader.Row> read(byte[] bytes, Charset charset) {
    var csv = new CsvReader(bytes, charset);
    var rows = new ArrayList<CsvReader.Row>();
    for (var row = csv.next(); row != null; row = csv.next()) {
      rows.add(row);
    }
    return rows;
  }

  private static List<CsvReader.Row> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static List<List<String>> fields(String text) {
    return read(text).stream().map(CsvReader.Row::fields).toList();
  }

  @Test
  void rowsAreReadWhateverSpreadsheetWroteThem() {
    var expected = List.of(List.of("sku", "title"), List.of("007", "a, b; c"));

    assertThat(fields("sku,title\n007,\"a, b; c\"\n")).isEqualTo(expected);
    assertThat(fields("\uFEFFsku;title\r\n007;\"a, b; c\"")).isEqualTo(expected);
    assertThat(fields("sku\ttitle\r007\t\"a, b; c\"\r")).isEqualTo(expected);
    assertThat(fields("sku | title\n 007 |\"a, b; c\"\n\n")).isEqualTo(expected);
  }

  @Test
  void aQuotedValueMayHoldQuotesAndLineEnds() {
    assertThat(fields("a,b\n\"5\"\" pipe\",\"two\nlines\"\n"))
        .containsExactly(List.of("a", "b"), List.of("5\" pipe", "two\nlines"));
  }

  @Test
  void aRowHasTheNumberASpreadsheetShows() {
    assertThat(read("a\n\n\"1\n1\"\n2\n"))
        .extracting(CsvReader.Row::number)
        .containsExactly(1, 3, 4);
  }

  @Test
  void aQuoteThatIsNeverClosedCostsOneRow() {
    var rows = read("a,b\n1,\"open\n2,fine\n3,fine\n");

    assertThat(rows).hasSize(4);
    assertThat(rows.get(1).fault()).isEqualTo("opens a quote at its value 2 and does not close it");
    assertThat(rows.get(1).text()).isEqualTo("1,\"open");
    assertThat(rows.get(1).fields()).containsExactly("1");
    assertThat(rows.subList(2, 4)).extracting(CsvReader.Row::fault).containsOnlyNulls();
  }

  @Test
  void aQuoteThatClosesTooSoonCostsOneRow() {
    var rows = read("a,b\n\"big\" box,1\n2,fine\n");

    assertThat(rows.get(1).fault()).isEqualTo("goes on after the closing quote of its value 1");
    assertThat(rows.get(2).fields()).containsExactly("2", "fine");
  }

  @Test
  void textOfAnotherEncodingCostsOneRowUntilTheEncodingIsSaid() {
    var bytes = "a,b\n1,Größe\n2,fine\n".getBytes(Charset.forName("windows-1252"));

    var rows = read(bytes, StandardCharsets.UTF_8);
    assertThat(rows.get(1).fault())
        .isEqualTo("is not UTF-8 text; say in the account how the file is encoded");
    assertThat(rows.get(2).fault()).isNull();
    assertThat(read(bytes, Charset.forName("windows-1252")).get(1).fields())
        .containsExactly("1", "Größe");
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    var field = Arbitraries.strings().withChars("ab\",;\n\r \u00e9|\t").ofMaxLength(6);
    return field.list().ofSize(3).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(seed = "20260302")
  void whatIsWrittenByTheBookIsReadAgain(@ForAll("tables") List<List<String>> table) {
    var text = new StringBuilder("x,y,z\n");
    var expected = new ArrayList<List<String>>();
    for (var row : table) {
      text.append(
          String.join(
              ",", row.stream().map(field -> '"' + field.replace("\"", "\"\"") + '"').toList()));
      text.append("\r\n");
      var stripped = row.stream().map(String::strip).toList();
      if (stripped.stream().anyMatch(field -> !field.isEmpty())) {
        expected.add(stripped);
      }
    }

    var rows = read(text.toString());

    assertThat(rows.stream().skip(1).map(CsvReader.Row::fields).toList()).isEqualTo(expected);
    assertThat(rows).extracting(CsvReader.Row::fault).containsOnlyNulls();
  }

  @Property(seed = "20260302")
  void whateverTheBytesAreEveryLineEndsSomewhere(@ForAll byte[] bytes) {
    assertThat(read(bytes, StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(bytes.length + 1);
  }
}
