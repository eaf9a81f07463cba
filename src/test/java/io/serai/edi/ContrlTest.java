package io.serai.edi;

import static io.serai.edi.EdifactReaderTest.BGM;
import static io.serai.edi.EdifactReaderTest.DTM;
import static io.serai.edi.EdifactReaderTest.LINE;
import static io.serai.edi.EdifactReaderTest.good;
import static io.serai.edi.EdifactReaderTest.interchange;
import static io.serai.edi.EdifactReaderTest.order;
import static io.serai.edi.EdifactReaderTest.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What CONTRL says of what came, and what is understood of one that comes. */
class ContrlTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 16);

  private static String answered(String text) {
    var heard = read(text);
    var bytes = new Contrl(heard.interchange()).write(8, AT).orElseThrow();
    assertThat(AFile.read(bytes, ReadOptions.STRICT).words()).isEmpty();
    return new String(bytes, StandardCharsets.ISO_8859_1).replace("\n", "");
  }

  @Test
  void whatIsTakenIsSaidOfInterchangeAndMessages() {
    assertThat(answered(interchange(good(1), good(2))))
        .isEqualTo(
            "UNA:+.? 'UNB+UNOC:3+4098765000010:14+4012345000016:14+260302:0916+000000008'"
                + "UNH+0001+CONTRL:D:3:UN'"
                + "UCI+4711+4012345000016:14+4098765000010:14+7'"
                + "UCM+1+ORDERS:D:96A:UN:EAN008+7'UCM+2+ORDERS:D:96A:UN:EAN008+7'"
                + "UNT+5+0001'UNZ+1+000000008'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DTM+137:20260230:102 | UCS+3'UCD+12+2:2'",
        "DTM+1371:20260301:102 | UCS+3'UCD+39+2:1'",
        "DTM+137:20260301:102'QTX+1 | UCS+4+15'",
        "DTM+137:20260301:102'DTM+::'DTM+x | UCS+4'UCD+13+2'",
      })
  void whatIsWrongIsSaidWithSegmentElementAndCode(String segments, String told) {
    assertThat(answered(interchange(order(1, BGM, segments, LINE, "UNS+S"), good(2))))
        .contains("UCM+1+ORDERS:D:96A:UN:EAN008+4'" + told)
        .contains("'UCM+2+ORDERS:D:96A:UN:EAN008+7'");
  }

  @Test
  void whatIsMissingIsSaidAtTheSegmentThatFollows() {
    assertThat(answered(interchange(order(1, DTM, LINE, "UNS+S")))).contains("+4'UCS+2+13'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNT+8+1' | UNT+9+1' | UCM+1+ORDERS:D:96A:UN:EAN008+4+29+UNT+2'",
        "UNT+8+1' | UNT+8+2' | UCM+1+ORDERS:D:96A:UN:EAN008+4+28+UNT+3'",
        "ORDERS:D | IFTMIN:D | UCM+1+IFTMIN:D:96A:UN:EAN008+4+14+UNH+3:1'",
        "UNZ+1+4711 | UNZ+1+4712 | UCI+4711+4012345000016:14+4098765000010:14+4+28+UNZ+3'UNT",
        "UNOC:3 | UNOX:3 | UCI+4711+4012345000016:14+4098765000010:14+4+2+UNB+2:1'UNT",
        "260302:0915 | 26030:0915 | +4+40+UNB+5:1'UNT",
      })
  void whatIsWrongWithAnEnvelopeIsSaidWhereItStands(String from, String to, String told) {
    assertThat(answered(interchange(good(1)).replace(from, to))).contains(told);
  }

  @Test
  void whatIsRefusedAndHasNoReferenceRefusesTheInterchange() {
    var refused = "UCI+4711+4012345000016:14+4098765000010:14+4+";
    var headless = good(2).replaceFirst("UNH[^']*'", "");
    assertThat(answered(interchange(good(1), headless).replace("UNZ+2", "UNZ+1")))
        .contains(refused + "33+UNT'UNT+3+");
    assertThat(answered(interchange(good(1), good(2).replace("UNH+2+", "UNH++"))))
        .contains(refused + "13+UNH+2'UNT+3+");
    var group = "UNG+ORDERS+A:14+B:14+260302:0915++UN+D:96A'" + good(1) + "UNE+1+'";
    assertThat(answered(interchange(group))).contains(refused + "13+UNG+6'UNT+3+");
    var heard = read(interchange(group));
    assertThat(heard.words())
        .contains(
            "The interchange is refused as a whole: the group that is refused has no reference by"
                + " which a CONTRL could name it.");
    assertThat(heard.interchange().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void groupsAreAnsweredAsGroups() {
    var group = "UNG+ORDERS+A:14+B:14+260302:0915+5+UN+D:96A'" + good(1) + "UNE+1+5'";

    assertThat(answered(interchange(group))).contains("'UCF+5+++7'UCM+1+ORDERS:D:96A:UN:EAN008+7'");
    assertThat(answered(interchange(group.replace("UNE+1", "UNE+2"))))
        .contains("'UCF+5+++4+29+UNE+2'UNT");
  }

  @Test
  void anAnswerIsNeverAnswered() {
    var heard = read(interchange("UNH+1+CONTRL:D:3:UN'UCI+9+A+B+7'UNT+3+1'"));

    assertThat(heard.words()).isEmpty();
    assertThat(new Contrl(heard.interchange()).write(8, AT)).isEmpty();
  }

  @Test
  void aTestIsAnsweredByATestInTheServiceCharactersThatCame() {
    var text = interchange(good(1)).replace("+4711'UNH", "+4711++++++1'UNH");

    assertThat(answered("UNA:|.? ~" + text.replace('+', '|').replace('\'', '~')))
        .startsWith("UNA:|.? ~UNB|UNOC:3|")
        .contains("|000000008||||||1~UNH|0001|CONTRL:D:3:UN~");
  }

  @Test
  void syntaxVersionFourHasItsOwnContrl() {
    var text = interchange(good(1)).replace("UNOC:3", "UNOC:4").replace("260302:", "20260302:");

    assertThat(answered(text)).contains("+20260302:0916+", "+CONTRL:4:1:UN'");
  }

  @Test
  void whoCannotBeNamedIsNotAnswered() {
    var nobody = read(interchange(good(1)).replace("+4012345000016:14+", "++"));

    assertThat(new Contrl(nobody.interchange()).write(8, AT)).isEmpty();
  }

  private static Answers.OfWhole said(String... segments) {
    var text =
        "UNH+1+CONTRL:D:3:UN'"
            + String.join("'", segments)
            + "'UNT+"
            + (segments.length + 2)
            + "+1'";
    var heard = read(interchange(text));
    assertThat(heard.words()).isEmpty();
    var set = heard.sets().get(0);
    return Answers.contrl(set.segments(), set.interchange().delimiters());
  }

  @ParameterizedTest
  @CsvSource({"7, true", "8, true", "4, false"})
  void onlyWhatSaysSoIsAYesForTheInterchange(String action, boolean yes) {
    assertThat(said("UCI+41+A+B+" + action).accepted()).isEqualTo(yes);
  }

  @Test
  void onlyWhatSaysSoIsAYesForAMessage() {
    assertThat(
            said("UCI+41+A+B+7", "UCM+1+DESADV:D:96A:UN+7", "UCM+2+DESADV:D:96A:UN+8").messages())
        .extracting(Answers.OfSet::accepted)
        .containsExactly(true, false);
  }

  @Test
  void anAnswerIsReadInWords() {
    var answer =
        said(
            "UCI+000000041+A+B+7",
            "UCM+0001+DESADV:D:96A:UN+7",
            "UCM+0002+DESADV:D:96A:UN+4+29+UNT+2",
            "UCM+0003+DESADV:D:96A:UN+4",
            "UCS+5+15",
            "UCS+7",
            "UCD+39+2:2",
            "UCM+0004+DESADV:D:96A:UN+4");

    assertThat(answer.control()).isEqualTo("000000041");
    assertThat(answer.accepted()).isTrue();
    assertThat(answer.messages())
        .extracting(Answers.OfSet::control, Answers.OfSet::accepted, Answers.OfSet::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("0001", true, null),
            org.assertj.core.groups.Tuple.tuple(
                "0002", false, "the message was refused at UNT01: its count is wrong."),
            org.assertj.core.groups.Tuple.tuple(
                "0003",
                false,
                "segment 5 of the message: it may not stand there; element 01-2 of segment 7 of the message: it is too long."),
            org.assertj.core.groups.Tuple.tuple("0004", false, "the message was refused."));
  }

  @Test
  void aRefusedInterchangeRefusesAllOfItAndOneThatCameIsTaken() {
    assertThat(said("UCI+41+A+B+4+23+UNB+3"))
        .isEqualTo(
            new Answers.OfWhole(
                "41",
                false,
                "23",
                "the interchange was refused at UNB02: they do not know the sender.",
                List.of()));
    assertThat(said("UCI+41+A+B+8").accepted()).isTrue();
    assertThat(said("UCI+41+A+B+4+99").reason())
        .isEqualTo("the interchange was refused: for reason '99' (0085).");
  }
}
