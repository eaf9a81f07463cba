package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.edi.X12Writer.Numbers;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class X12WriterTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);
  private static final Envelope ENVELOPE = Envelope.between("ZZ", "SERAIHUB", "ZZ", "NORTHWIND");

  private static Document order(String name) {
    var tree =
        """
        {"W05": {"W0501": "N", "W0502": "FO-1"},
         "N1Loop": [{"N1": {"N101": "ST", "N102": %s}}],
         "LXLoop": [{"LX": {"LX01": 1},
           "W01Loop": [{"W01": {"W0101": 2, "W0102": "EA", "W0104": "VN", "W0105": "MUG-BLU"}}]}]}
        """
            .formatted(Json.MAPPER.valueToTree(name));
    return new Document("940", SetTree.segments("940", Json.tree(tree), '>'));
  }

  private static String write(Envelope envelope, Document... documents) {
    return new String(
        X12Writer.write(envelope, new Numbers(41, 42), AT, List.of(documents)),
        StandardCharsets.ISO_8859_1);
  }

  @Test
  void documentsGetTheirEnvelopeNumbersAndCounts() {
    assertThat(write(ENVELOPE, order("ROSA"), order("OTTO")))
        .isEqualTo(
            "ISA*00*          *00*          *ZZ*SERAIHUB       *ZZ*NORTHWIND      *260302*0915*U*00401*000000041*0*P*>~"
                + "GS*OW*SERAIHUB*NORTHWIND*20260302*0915*42*X*004010~"
                + "ST*940*0001~W05*N*FO-1~N1*ST*ROSA~LX*1~W01*2*EA**VN*MUG-BLU~SE*6*0001~"
                + "ST*940*0002~W05*N*FO-1~N1*ST*OTTO~LX*1~W01*2*EA**VN*MUG-BLU~SE*6*0002~"
                + "GE*2*42~IEA*1*000000041~");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Rosa * ~ > Martinez | Rosa Martinez",
        "José Núñez-Çelik | Jose Nunez-Celik",
        "Straße 5 | Strasse 5",
        "` two\nlines\t ` | two lines",
        "Jøren | Jøren",
      })
  void textIsCleanedOfWhatX12CannotCarry(String name, String written) {
    assertThat(write(ENVELOPE, order(name))).contains("N1*ST*" + written + "~");
  }

  @Test
  void freeTextIsCutAndAnIdentifierNeverIs() {
    assertThat(write(ENVELOPE, order("A".repeat(70)))).contains("*" + "A".repeat(60) + "~");
    var tree = "{\"W05\": {\"W0501\": \"N\", \"W0502\": \"" + "F".repeat(23) + "\"}}";

    assertThatThrownBy(
            () ->
                write(
                    ENVELOPE,
                    order("ROSA"),
                    new Document("940", SetTree.segments("940", Json.tree(tree), '>'))))
        .isInstanceOf(Unwritable.class)
        .hasMessage(
            "Document 2 of 2 (940) cannot be written: W0502 (depositor order number) is '"
                + "F".repeat(23)
                + "', 23 characters long.");
  }

  @Test
  void aCharacterThePartnersBytesDoNotHaveIsNamed() {
    assertThatThrownBy(() -> write(ENVELOPE, order("ROSA ☃")))
        .hasMessage(
            "The character '☃' after '5*N*FO-1~N1*ST*ROSA ' cannot be written in ISO 8859-1.");
  }

  @Test
  void capitalsAndDelimitersAreThePartners() {
    var envelope = ENVELOPE.inCapitals().withDelimiters(new Delimiters('|', ':', '^', '\n'), "");

    assertThat(write(envelope, order("Rosa Martinez *"))).contains("\nN1|ST|ROSA MARTINEZ *\n");
  }

  @Test
  void versionFiveHasItsOwnHeader() {
    assertThat(write(ENVELOPE.withVersion("005010"), order("ROSA")))
        .contains("*^*00501*")
        .contains("*X*005010~");
  }

  @Test
  void anEnvelopeThatDoesNotFitIsRefused() {
    assertThatThrownBy(
            () -> write(Envelope.between("ZZ", "S".repeat(16), "ZZ", "NORTHWIND"), order("R")))
        .hasMessage("The sender '" + "S".repeat(16) + "' does not fit into 15 characters.");
    assertThatThrownBy(() -> write(ENVELOPE.withVersion("003010"), order("R")))
        .hasMessage("Version '003010' is not one that Serai writes.");
    assertThatThrownBy(
            () ->
                write(ENVELOPE.withDelimiters(new Delimiters('*', '*', '^', '~'), ""), order("R")))
        .hasMessage("Two delimiters of the envelope are the same character.");
    assertThatThrownBy(() -> write(ENVELOPE)).hasMessage("There is no document to write.");
    assertThatThrownBy(() -> write(ENVELOPE, order("R"), new Document("945", List.of())))
        .hasMessage("Sets 940, 945 do not make one functional group.");
    assertThatThrownBy(() -> new Numbers(0, 1)).hasMessageContaining("from 1 to 999999999");
  }
}
