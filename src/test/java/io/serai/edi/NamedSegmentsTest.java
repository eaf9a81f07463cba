package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person is shown of an interchange. */
class NamedSegmentsTest {
  private static final String ISA =
      "ISA*00*          *00*          *08*RETAILHUB      *ZZ*SERAIHUB       *260302*0915*U*00401*%09d*0*T*>~";

  private static NamedSegments of(String text, String control, int most) {
    return NamedSegments.of(text.getBytes(StandardCharsets.ISO_8859_1), control, most);
  }

  private static String interchange(int control) {
    return ISA.formatted(control)
        + "\nGS*PO*A*B*20260302*0915*%d*X*004010~".formatted(control)
        + "\nST*850*0001~\nBEG*00*SA*PO-%d**20260302~\nXYZ*1~\nSE*4*0001~\nGE*1*%d~\nIEA*1*%09d~"
            .formatted(control, control, control);
  }

  @Test
  void everySegmentAndElementHasItsName() {
    var shown = of(interchange(7), "000000007", 100);

    assertThat(shown.rows().stream().map(NamedSegments.Row::name))
        .containsExactly(
            "interchange header",
            "group header",
            "set header",
            "beginning of the purchase order",
            "",
            "set trailer",
            "group trailer",
            "interchange trailer");
    assertThat(shown.rows().stream().map(NamedSegments.Row::depth))
        .containsExactly(0, 1, 2, 3, 3, 2, 1, 0);
    var beg = shown.rows().get(3);
    assertThat(shown.text(beg)).isEqualTo("BEG*00*SA*PO-7**20260302");
    assertThat(beg.line()).isEqualTo(4);
    assertThat(beg.elements().get(2))
        .isEqualTo(new NamedSegments.Element("BEG03", "purchase order number", "PO-7"));
    assertThat(shown.more()).isFalse();
    assertThat(shown.stop()).isNull();
  }

  @Test
  void onlyTheInterchangeOfThatNumberIsShown() {
    var file = interchange(7) + "\n" + interchange(8);

    assertThat(of(file, "000000008", 100).rows().get(3).elements().get(2).value())
        .isEqualTo("PO-8");
    assertThat(of(file, "000000009", 100).rows().get(3).elements().get(2).value())
        .as("none has that number: the first")
        .isEqualTo("PO-7");
  }

  @Test
  void noMoreThanWasAskedForIsReadAndItIsSaid() {
    var shown = of(interchange(7), null, 3);

    assertThat(shown.rows()).hasSize(3);
    assertThat(shown.more()).isTrue();
  }

  @Test
  void whatCannotBeTakenApartIsSaid() {
    var shown = of("BEG*00*SA", null, 100);

    assertThat(shown.rows()).isEmpty();
    assertThat(shown.delimiters()).isNull();
    assertThat(shown.stop()).isEqualTo("The file does not begin with 'ISA' but with 'BEG*00*SA'.");
  }

  @Test
  void edifactIsShownWithItsServiceCharacters() {
    var shown =
        of(
            "UNA:+.? 'UNB+UNOC:3+A:14+B:14+260302:0915+7'UNH+1+ORDERS:D:96A:UN'BGM+220+A?+B'",
            "7",
            9);

    assertThat(shown.rows()).extracting(NamedSegments.Row::id).containsExactly("UNB", "UNH", "BGM");
    assertThat(shown.rows()).extracting(NamedSegments.Row::depth).containsExactly(0, 2, 3);
    assertThat(shown.rows().get(2).elements().get(1))
        .isEqualTo(new NamedSegments.Element("BGM02", "document", "A?+B"));
    assertThat(shown.text(shown.rows().get(2))).isEqualTo("BGM+220+A?+B");
  }

  static Stream<Path> samples() throws IOException {
    return Files.list(AFile.SAMPLES).filter(file -> file.toString().endsWith(".edi")).sorted();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleIsShownToItsEnd(Path sample) throws IOException {
    var shown = NamedSegments.of(Files.readAllBytes(sample), null, 10_000);

    var edifact = shown.delimiters().standard() == Standard.EDIFACT;
    assertThat(shown.rows().getLast().id()).isEqualTo(edifact ? "UNZ" : "IEA");
    if (!sample.endsWith("850-every-kind-of-fault.edi")) {
      assertThat(shown.rows()).allSatisfy(row -> assertThat(row.name()).as(row.id()).isNotEmpty());
    }
  }
}
