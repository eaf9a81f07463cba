package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.edi.AFile.Heard;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** EDIFACT files: envelopes, groups, messages and elements, each with the code it is refused by. */
class EdifactReaderTest {
  static final String BGM = "BGM+220+PO-1+9";
  static final String DTM = "DTM+137:20260301:102";
  static final String LINE = "LIN+1++MUG-BLU:SA'QTY+21:2:PCE'PRI+AAA:3.5";

  /** A purchase order of these segments. */
  static String order(int number, String... segments) {
    var body = String.join("'", segments) + "'";
    var count = (int) body.replace("?'", "").chars().filter(c -> c == '\'').count() + 2;
    return "UNH+%d+ORDERS:D:96A:UN:EAN008'%sUNT+%d+%d'".formatted(number, body, count, number);
  }

  static String good(int number) {
    return order(number, BGM, DTM, LINE, "UNS+S");
  }

  static String interchange(String... messages) {
    return "UNB+UNOC:3+4012345000016:14+4098765000010:14+260302:0915+4711'"
        + String.join("", messages)
        + "UNZ+%d+4711'".formatted(messages.length);
  }

  static Heard read(String text) {
    return AFile.read(text.getBytes(StandardCharsets.ISO_8859_1), ReadOptions.STRICT);
  }

  static Stream<Path> samples() {
    return AFile.edifactSamples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aGoodSampleHasNoFault(Path file) {
    var heard = AFile.read(AFile.bytes(file), ReadOptions.STRICT);

    assertThat(heard.words()).isEmpty();
    assertThat(heard.file().clean()).isTrue();
    assertThat(heard.file().interchanges()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what stands there | its code | what is said | what was meant
        "DTM+137:20260230:102 | DTM01-2@3=12 | DTM01-2 (date or period) is '20260230', no date or time of format 102. |",
        "DTM+137:2026-03-01:102 | DTM01-2@3=12 | DTM01-2 (date or period) is '2026-03-01', no date or time of format 102. | DTM+137:20260301:102",
        "DTM+137:202603012460:203 | DTM01-2@3=12 | DTM01-2 (date or period) is '202603012460', no date or time of format 203. |",
        "DTM+:20260301:102 | DTM01-1@3=13 | DTM01-1 (date or period qualifier) is missing; it must be there. |",
        "DTM+1371:20260301:102 | DTM01-1@3=39 | DTM01-1 (date or period qualifier) is '1371', 4 characters long. |",
        "DTM+137:20260301:102:9 | DTM01@3=16 | DTM01 (date or period) has 4 components; it may have 3. |",
        "DTM+137:20260301:102'QTX+1 | QTX@4=15 | 'QTX' is no segment of EDIFACT that Serai knows. |",
        "DTM+137:20260301:102'TDT+20'CPS+1 | CPS@5=15 | Segment CPS (consignment packing sequence) does not belong in message ORDERS (purchase order). |",
        "DTM+137:20260301:102'FTX+DEL+:1 | FTX02@4=21 | FTX02 (text function code) holds ':', which this interchange declares as its component separator. | FTX+DEL+?:1",
      })
  void whatIsWrongInAMessageIsNamedWithWhatWasMeant(
      String segments, String code, String what, String corrected) {
    var heard = read(interchange(order(1, BGM, segments, LINE, "UNS+S")));

    assertThat(heard.codes()).containsExactly(code);
    var fault = heard.set().faults().get(0);
    assertThat(fault.what()).isEqualTo(what);
    assertThat(fault.corrected()).isEqualTo(corrected == null ? "" : corrected);
    assertThat(heard.set().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "QTY+21:two:PCE, QTY01-2@5=21",
    "QTY+21:.5:PCE, QTY01-2@5=21",
    "QTY+21:2.:PCE, QTY01-2@5=21",
    "QTY+21:1234567890123456:PCE, QTY01-2@5=39",
    "QTY+21:-2:PCE,",
    "'QTY+21:2,5:PCE',",
    "QTY+21:2.5:PCE,",
  })
  void aNumberHasADigitOnBothSidesOfItsMark(String quantity, String code) {
    var heard =
        read(interchange(order(1, BGM, DTM, "LIN+1++MUG:SA", quantity, "PRI+AAA:1", "UNS+S")));

    assertThat(heard.codes())
        .isEqualTo(code == null ? java.util.List.of() : java.util.List.of(code));
  }

  @Test
  void whatMustBeThereAndIsNotIsMissedOnce() {
    assertThat(read(interchange(order(1, DTM, LINE, "UNS+S"))).codes()).containsExactly("BGM@2=13");
    assertThat(read(interchange(order(1, BGM, DTM, LINE))).codes()).containsExactly("UNS@7=13");
    assertThat(read(interchange(order(1, BGM, LINE, "UNS+S"))).words())
        .contains("Segment DTM (date or period) is missing; it must come before LIN here.");
  }

  @Test
  void aReleasedCharacterIsOneOfTheValue() {
    var heard = read(interchange(order(1, "BGM+220+A?+B?:C?'D??+9", DTM, LINE, "UNS+S")));

    assertThat(heard.words()).isEmpty();
    assertThat(SetTree.of(heard.sets().get(0)).at("/BGM/BGM02/0").asText()).isEqualTo("A+B:C'D?");
  }

  @Test
  void theUnaDeclaresTheServiceCharacters() {
    var usual =
        interchange(order(1, BGM, DTM, LINE.replace("3.5", "3?,5").replace("?,", ","), "UNS+S"));
    var other = usual.replace('\'', '~').replace('+', '|').replace(':', ';').replace("3,5", "3,50");

    var heard = read("UNA;|,\\ ~" + other);

    assertThat(heard.words()).isEmpty();
    assertThat(SetTree.of(heard.sets().get(0)).at("/LINGroup/0/PRIGroup/0/PRI/PRI01/1").asText())
        .as("mappings see a point")
        .isEqualTo("3.50");
  }

  @ParameterizedTest
  @CsvSource({"UNOC, ISO-8859-1", "UNOD, ISO-8859-2", "UNOE, ISO-8859-5", "UNOY, UTF-8"})
  void theSyntaxIdentifierSaysWhatTheBytesMean(String identifier, String charset) {
    var name = identifier.equals("UNOE") ? "Юлия" : identifier.equals("UNOD") ? "Łódź" : "Zoë";
    var text =
        interchange(order(1, BGM, DTM, "NAD+BY+++" + name, LINE, "UNS+S"))
            .replace("UNOC:3", identifier + ":3");

    var heard = AFile.read(text.getBytes(Charset.forName(charset)), ReadOptions.STRICT);

    assertThat(heard.words()).isEmpty();
    assertThat(SetTree.of(heard.sets().get(0)).at("/NADGroup/0/NAD/NAD04/0").asText())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "UNOC, Müller, true",
    "UNOC, Weiß, true",
    "UNOB, Łódź, true",
    "UNOC, Chef’s, true",
    "UNOC, Юлия, true",
    "UNOC, Muller, false",
    "UNOD, Łódź, false",
    "UNOY, Müller, false"
  })
  void utf8UnderASyntaxOfOneByteIsRefusedByName(String syntax, String name, boolean refused) {
    var text =
        interchange(order(1, BGM, DTM, "NAD+BY+++" + name, LINE, "UNS+S"))
            .replace("UNOC:3", syntax + ":3");
    var charset = syntax.equals("UNOD") ? Charset.forName("ISO-8859-2") : StandardCharsets.UTF_8;
    var bytes = text.getBytes(charset);

    var heard = AFile.read(bytes, ReadOptions.STRICT.asLenient());

    assertThat(heard.codes()).isEqualTo(refused ? List.of("NAD04-1@4=21") : List.of());
    if (refused) {
      var fault = heard.set().faults().getFirst();
      assertThat(fault.what())
          .startsWith("NAD04-1 (party name) is '")
          .endsWith("', which is UTF-8, and UNB01 says " + syntax + ".");
      assertThat(fault.expected())
          .isEqualTo(
              "Expected: the bytes of %s, or syntax UNOW or UNOY; what is UTF-8 all the same is read so with --utf8, or with 'character-set: utf-8' in the partner's profile."
                  .formatted(syntax));
      assertThat(fault.corrected()).isEqualTo("NAD+BY+++" + name);
      assertThat(heard.set().outcome()).isEqualTo(Outcome.REFUSED);
      var agreed = AFile.read(bytes, ReadOptions.STRICT.withCharset(StandardCharsets.UTF_8));
      assertThat(agreed.words()).isEmpty();
      assertThat(SetTree.of(agreed.sets().getFirst()).at("/NADGroup/0/NAD/NAD04/0").asText())
          .isEqualTo(name);
    }
  }

  @Test
  void latinTextThatHappensToBeUtf8IsTaken() {
    assertThat(read(interchange(order(1, BGM, DTM, "NAD+BY+++NESCAFÉ®", LINE, "UNS+S"))).words())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what the lines are | what is claimed | what is said
        "LIN+1'QTY+21:2'LIN+2'QTY+21:3 | CNT+2:2 |",
        "LIN+1'QTY+21:2'LIN+2'QTY+21:3 | CNT+2:3 | CNT01-2 (number of lines) says '3', and the message has 2 LIN segments.",
        "LIN+1'QTY+21:2'LIN+2+++1:1'QTY+21:3 | CNT+2:1 |",
        "LIN+1'QTY+21:2'LIN+2'QTY+21:3 | CNT+1:5 |",
        "LIN+1'QTY+21:2'QTY+192:1'LIN+2'QTY+21:3 | CNT+1:5 |",
        "LIN+1'QTY+21:2'QTY+192:1'LIN+2'QTY+21:3 | CNT+1:6 |",
        "LIN+1'QTY+192:2'LIN+2'QTY+21:3'QTY+11:3 | CNT+1:5.0 |",
        "LIN+1'QTY+21:2'LIN+2'QTY+21:3,5 | CNT+1:5 | CNT01-2 (sum of quantities) says '5', and the message has quantities that add up to 5.5.",
        "LIN+1'QTY+21:2 | CNT+7:99 |"
      })
  void aControlTotalThatDoesNotMatchIsTakenAndTold(String lines, String total, String said) {
    var heard = read(interchange(order(1, BGM, DTM, lines, "UNS+S", total)));

    assertThat(heard.words()).isEqualTo(said == null ? "" : said);
    assertThat(heard.set().outcome())
        .isEqualTo(said == null ? Outcome.ACCEPTED : Outcome.ACCEPTED_WITH_ERRORS);
    assertThat(heard.codes()).hasSize(said == null ? 0 : 1).allMatch(c -> c.endsWith("=29"));
  }

  @Test
  void aWrongNumberOfLinesIsProposedAsItShouldRead() {
    var heard = read(interchange(order(1, BGM, DTM, LINE, "UNS+S", "CNT+2:3:PCE")));

    assertThat(heard.set().faults().getFirst().corrected()).isEqualTo("CNT+2:1:PCE");
  }

  @Test
  void whatRealFilesBringIsCleanedAndSaid() {
    var text = interchange(good(1)).replace("'", "'\r\n");

    var heard = read("\u00EF\u00BB\u00BF\n" + text.strip().replaceAll("'$", ""));

    assertThat(heard.set().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(heard.words())
        .contains("byte order mark", "The last segment has no terminator ''', which was supplied.");
    assertThat(read(interchange(good(1)) + "\n<EOF>").words())
        .contains("5 bytes after the end of the interchange belong to nothing");
    var lines = read(interchange(good(1)).replace('\'', '\n'));
    assertThat(lines.words())
        .isEqualTo(
            "The segments end with a line and not with \"'\", which was taken for their terminator.");
    assertThat(lines.set().outcome()).isEqualTo(Outcome.ACCEPTED);
    var released = read(interchange(good(1)).replace("MUG-BLU", "MUG?\r\n'BLU"));
    assertThat(released.set().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(released.sets().get(0).segments().toString()).contains("MUG'BLU");
    var wrapped = read(interchange(good(1)).replace("MUG-BLU", "MUG\n-BLU"));
    assertThat(wrapped.words()).contains("1 segment goes on over several lines");
    assertThat(wrapped.set().outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UNOC:3 | UNOX:3 | 2 | UNB01-1 (syntax identifier) is 'UNOX', which Serai does not read.",
        "UNOC:3 | UNOC:5 | 2 | UNB01-2 (syntax version number) is '5', which Serai does not read.",
        "+4012345000016:14+ | ++ | 13 | UNB02 (interchange sender) is missing; it must be there.",
        "260302:0915 | 261302:0915 | 12 | UNB04-1 (date of preparation) is '261302', no date.",
        "+4711'UNH | +4711++++++7'UNH | 25 | UNB11 (test indicator) is '7'.",
        "UNZ+1+4711 | UNZ+2+4711 | 29 | UNZ01 claims '2' messages, and there is 1.",
        "UNZ+1+4711 | UNZ+1+4712 | 28 | UNZ02 says interchange '4712', and UNB05 says '4711'.",
        "UNZ+1+4711' | `` | 13 | The interchange 4711 does not end: its UNZ segment is missing.",
      })
  void whatIsWrongWithAnEnvelopeIsNamed(String from, String to, String code, String what) {
    var heard = read(interchange(good(1)).replace(from, to.equals("``") ? "" : to));

    assertThat(heard.interchange().faults()).extracting(EdiFault::code).containsExactly(code);
    assertThat(heard.words()).isEqualTo(what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UNT+8+1' | UNT+9+1' | 29 | UNT01 claims '9' segments, and the message has 8, UNH and UNT included.",
        "UNT+8+1' | UNT+8+2' | 28 | UNT02 says message '2', and UNH01 says '1'.",
        "UNT+8+1' | `` | 13 | The message 1 does not end: its UNT segment is missing before UNZ.",
        "ORDERS:D | IFTMIN:D | 14 | UNH02-1 (message type) is 'IFTMIN', and Serai takes no messages of that type.",
        "96A:UN | 96A:XX | 14 | UNH02-4 (controlling agency) is 'XX'.",
        "D:96A | 1:911 | 14 | UNH02 (message identifier) says directory '1.911', which is none of UN/EDIFACT from D.93A on.",
      })
  void whatIsWrongWithAMessageAsAWholeIsNamed(String from, String to, String code, String what) {
    var heard = read(interchange(good(1)).replace(from, to.equals("``") ? "" : to));

    assertThat(heard.set().faults()).extracting(EdiFault::code).containsExactly(code);
    assertThat(heard.set().faults().get(0).what()).isEqualTo(what);
    assertThat(heard.interchange().outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void aLaterDirectoryIsJudgedByTheSameRulesWithItsOwnLengths() {
    var heard =
        read(
            interchange(
                    order(
                        1,
                        BGM,
                        DTM,
                        LINE.replace("'QTY", "'IMD+F++:::" + "x".repeat(60) + "'QTY"),
                        "UNS+S"))
                .replace("96A", "01B"));

    assertThat(heard.set().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(heard.words())
        .isEqualTo(
            "UNH02 (message identifier) says directory 'D.01B'; the message is judged by the rules of D.96A.");
    assertThat(
            read(interchange(
                    order(
                        1,
                        BGM,
                        DTM,
                        LINE.replace("'QTY", "'IMD+F++:::" + "x".repeat(60) + "'QTY"),
                        "UNS+S")))
                .codes())
        .containsExactly("IMD03-4@5=39");
  }

  @Test
  void repetitionsOfSyntaxVersionFourAreJudgedOneByOne() {
    var text =
        interchange(order(1, BGM, DTM, "NAD+BY+1::9", "CTA+IC", "COM+1:TE*2:XXXX", LINE, "UNS+S"))
            .replace("UNOC:3", "UNOC:4")
            .replace("260302:", "20260302:");

    assertThat(read(text).codes()).containsExactly("COM01-2@6=39");
    assertThat(read(text.replace("XXXX", "EM")).codes()).isEmpty();
  }

  @Test
  void aReferenceThatComesTwiceIsRefusedAndItsNeighborsAreNot() {
    var heard = read(interchange(good(1), good(1), good(2)));

    assertThat(heard.group().sets())
        .extracting(set -> set.outcome().letter())
        .containsExactly("A", "R", "A");
    assertThat(heard.words())
        .isEqualTo("UNH01 (message reference number) is '1', which another message before it has.");
    var twice = read(interchange(good(1)) + interchange(good(2)));
    assertThat(twice.file().interchanges().get(1).faults())
        .extracting(EdiFault::code)
        .containsExactly("26");
  }

  @Test
  void groupsAreJudgedAsWholes() {
    var group = "UNG+ORDERS+A:14+B:14+260302:0915+5+UN+D:96A'" + good(1) + good(2) + "UNE+2+5'";
    var text = interchange(group);

    assertThat(read(text).words()).isEmpty();
    assertThat(read(text).group().group().control()).isEqualTo("5");
    assertThat(read(text.replace("UNE+2", "UNE+3")).words())
        .isEqualTo("UNE01 claims '3' messages, and the group has 2.");
    assertThat(read(text.replace("UNE+2+5", "UNE+2+6")).words())
        .isEqualTo("UNE02 says group '6', and UNG05 says '5'.");
    assertThat(read(text.replace("UNE+2+5'", "")).words())
        .isEqualTo("The group 5 does not end: its UNE segment is missing before UNZ.");
    assertThat(read(text.replace("UNG+ORDERS", "UNG+DESADV")).set().faults().get(0).code())
        .isEqualTo("31");
    assertThat(read(interchange(group, good(3)).replace("UNZ+2", "UNZ+1")).words())
        .isEqualTo("The interchange has groups, and messages that stand in none.");
  }

  @Test
  void aPartnersAgreementNarrowsWhatIsTaken() {
    var agreed =
        ReadOptions.STRICT
            .withSets(Map.of("ORDERS", Set.of("BGM03", "CUX")))
            .withCodes(Map.of("BGM03", Set.of("9", "7")));
    var bytes =
        interchange(order(1, "BGM+220+PO-1+5", DTM, LINE, "UNS+S"))
            .getBytes(StandardCharsets.ISO_8859_1);

    var heard = AFile.read(bytes, agreed);

    assertThat(heard.words())
        .contains("BGM03 (message function code) is '5', which was not agreed with this partner.")
        .contains("Segment CUX (currencies) is missing.");
    var other = AFile.read(bytes, ReadOptions.STRICT.withSets(Map.of("INVRPT", Set.of())));
    assertThat(other.set().faults().get(0).code()).isEqualTo("17");
    assertThat(other.words())
        .isEqualTo("Message ORDERS (purchase order) was not agreed with this partner.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UNH+1+ORDERS | The file begins with UNH: its envelope is missing.",
        "UNA:+.? ' | The interchange does not begin with an UNB segment.",
        "UNA++.? 'UNB | The UNA declares '+' twice, so the file cannot be taken apart.",
        "UNAA+.? 'UNB | The UNA declares 'A', which parts nothing.",
      })
  void aFileThatCannotBeTakenApartIsRefusedForTheTrueReason(String text, String reason) {
    var heard = read(text);

    assertThat(heard.file().clean()).isFalse();
    assertThat(heard.file().interchanges()).isEmpty();
    assertThat(heard.words()).isEqualTo(reason);
  }

  @Test
  void ofAPartnerOverEdifactX12IsRefusedByName() throws java.io.IOException {
    var file =
        EdifactReader.read(
            new java.io.ByteArrayInputStream("ISA*00*".getBytes(StandardCharsets.ISO_8859_1)),
            ReadOptions.STRICT,
            new EdiListener() {});

    assertThat(file.faults().get(0).what()).isEqualTo("The file is X12: it begins with 'ISA'.");
  }

  @Test
  void boundsAreThoseOfX12() {
    var options = ReadOptions.STRICT.withLimits(200, 400);
    var longSegment =
        interchange(order(1, BGM, DTM, "FTX+GEN+++" + "x".repeat(300), LINE, "UNS+S"));
    var longMessage = interchange(order(1, BGM, DTM, (LINE + "'").repeat(20) + "UNS+S"), good(2));

    assertThat(AFile.read(longSegment.getBytes(StandardCharsets.ISO_8859_1), options).words())
        .contains("The segment that begins with 'FTX+GEN+++xxxxxxxxxx' is longer than 200 bytes.");
    var heard = AFile.read(longMessage.getBytes(StandardCharsets.ISO_8859_1), options);
    assertThat(heard.words()).contains("The message is longer than 400 bytes.");
    assertThat(heard.group().sets())
        .extracting(set -> set.outcome().letter())
        .containsExactly("R", "A");
    var strays =
        AFile.read(
            ("UNB+UNOC:3+A+B+260302:0915+1'" + "UNH'".repeat(60_000))
                .getBytes(StandardCharsets.ISO_8859_1),
            ReadOptions.STRICT);
    assertThat(strays.words())
        .contains("The file has more than 50000 faults; it is not read any further.");
  }

  @Test
  void messagesBehindTheEndAreNoGarbage() {
    assertThat(read(interchange(good(1)) + good(2)).words())
        .contains("Behind the end of the interchange stands 1 message without an UNB segment");
    assertThat(read(interchange(good(1).replaceFirst("UNH[^']*'", ""))).words())
        .contains(
            "Segment BGM stands outside of any message and was not read.",
            "Segment UNT stands outside");
  }
}
