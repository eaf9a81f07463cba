package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.CsvReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of fixed places are read as rows, and a line that does not fit is one row at fault. */
class FixedWidthTest {
  private static List<String> read(String file, Charset charset) {
    var csv = new CsvReader(FixedWidth.csv(file.getBytes(charset), charset, "8,5,10"), charset);
    var rows = new ArrayList<String>();
    for (var row = csv.next(); row != null; row = csv.next()) {
      rows.add(row.number() + " " + row.fields() + (row.fault() == null ? "" : " " + row.fault()));
    }
    return rows;
  }

  @Test
  void valuesStandAtTheirPlaces() {
    assertThat(
            read(
                "MUG-BLU 00012Mug, blue \r\n\r\n0012    00003\"Cup\"     too much\r\nSHORT\r\n",
                StandardCharsets.UTF_8))
        .containsExactly(
            "1 [MUG-BLU, 00012, Mug, blue]", "3 [0012, 00003, \"Cup\", too much]", "4 [SHORT, , ]");
  }

  @Test
  void placesAreCharactersWhateverTheirBytes() {
    assertThat(read("TASSE-Ü 00012Größe\n", StandardCharsets.UTF_8))
        .last()
        .isEqualTo("1 [TASSE-Ü, 00012, Größe]");
    assertThat(read("TASSE-Ü 00012Größe\n", Charset.forName("windows-1252")))
        .last()
        .isEqualTo("1 [TASSE-Ü, 00012, Größe]");
  }

  @Test
  void aLineThatIsNoTextIsNamedAndTheOthersAreRead() {
    var bytes =
        "MUG     00012Gr\u00F6\u00DFe\nCUP     00003Cup\n".getBytes(StandardCharsets.ISO_8859_1);
    var csv =
        new CsvReader(
            FixedWidth.csv(bytes, StandardCharsets.UTF_8, "8,5,10"), StandardCharsets.UTF_8);
    assertThat(csv.next().fault()).startsWith("is not UTF-8 text");
    assertThat(csv.next().fields()).containsExactly("CUP", "00003", "Cup");
  }
}
