package io.serai.edi;

import static io.serai.edi.AFile.goodOrder;
import static io.serai.edi.AFile.orders;
import static io.serai.edi.AFile.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.edi.Acknowledgment.Kind;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AcknowledgmentTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 10, 5);

  private static Acknowledgment answer(String file) {
    return new Acknowledgment(read(file).interchange(), Kind.FUNCTIONAL);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String group(Acknowledgment answer) {
    return text(answer.group(answer.groups().get(0), new X12Writer.Numbers(7, 8), AT));
  }

  @Test
  void everySetIsAnsweredWithItsOwnResult() {
    var file =
        orders(
            goodOrder("0001"),
            AFile.set(
                "850",
                "0002",
                "BEG*ZY*SA***20260301",
                "REF*DP",
                "PO1*1*2*EACH*$3.5**VN*MUG-BLU",
                "ZZX*1",
                "W12*CC"),
            goodOrder("0003").replace("SE*4", "SE*5"));

    assertThat(group(answer(file)))
        .isEqualTo(
            """
            ISA*00*          *00*          *ZZ*SERAIHUB       *08*RETAILHUB      *260302*1005*U*00401*000000007*0*T*>~
            GS*FA*SERAIHUB*RETAILHUB*20260302*1005*8*X*004010~
            ST*997*0001~
            AK1*PO*1201~
            AK2*850*0001~
            AK5*A~
            AK2*850*0002~
            AK3*BEG*2**8~
            AK4*1*353*7*ZY~
            AK4*3*324*1~
            AK3*REF*3**8~
            AK4*2*127*2~
            AK3*PO1*4**8~
            AK4*3*355*5*EACH~
            AK4*4*212*6*$3.5~
            AK3*ZZX*5**1~
            AK3*W12*6**6~
            AK5*R*5~
            AK2*850*0003~
            AK5*R*4~
            AK9*P*3*3*1~
            SE*20*0001~
            GE*1*8~
            IEA*1*000000007~
            """);
  }

  @Test
  void theNineNineNineSaysTheSameInItsOwnSegments() {
    var file = orders(AFile.set("850", "0001", "BEG*ZY*SA*PO-1**20260301", "PO1*1*2*EA*3.5**VN*M"));

    var answer = new Acknowledgment(read(file).interchange(), Kind.IMPLEMENTATION);

    assertThat(group(answer))
        .contains("*^*00501*")
        .contains("*X*005010~")
        .contains("AK1*PO*1201*004010~")
        .contains("IK3*BEG*2**8~\nIK4*1*353*7*ZY~\nIK5*R*5~\nAK9*R*1*1*0~");
  }

  @Test
  void anErrorThatWasAcceptedIsTold() {
    var file = orders(AFile.set("850", "0001", "BEG*ZY*SA*PO-1**20260301", "PO1*1*2*EA"));

    var lenient = read(file, ReadOptions.STRICT.asLenient()).interchange();

    assertThat(group(new Acknowledgment(lenient, Kind.FUNCTIONAL)))
        .contains("AK5*E*5~\nAK9*E*1*1*1~");
  }

  @Test
  void aRefusedGroupNamesItsReasonAndAcceptsNothing() {
    assertThat(group(answer(orders(goodOrder("0001")).replace("GE*1*", "GE*9*"))))
        .contains("AK1*PO*1201~\nAK9*R*9*1*0*5~");
  }

  @Test
  void aRefusedInterchangeIsAnsweredByATa1Alone() {
    var answer = answer(orders(goodOrder("0001")).replace("IEA*1*000001201", "IEA*1*000009999"));

    assertThat(answer.groups()).isEmpty();
    assertThat(text(answer.envelope(9, AT).orElseThrow()))
        .isEqualTo(
            """
            ISA*00*          *00*          *ZZ*SERAIHUB       *08*RETAILHUB      *260302*1005*U*00401*000000009*0*T*>~
            TA1*000001201*260302*0915*R*001~
            IEA*0*000000009~
            """);
  }

  @Test
  void aTa1IsSentWhenItWasAskedFor() {
    var file = orders(goodOrder("0001"));

    assertThat(answer(file).envelope(9, AT)).isEmpty();
    assertThat(text(answer(file.replace("*0*T*>", "*1*T*>")).envelope(9, AT).orElseThrow()))
        .contains("TA1*000001201*260302*0915*A*000~");
  }

  @Test
  void anAcknowledgmentIsNeverAcknowledged() {
    var file = AFile.wrapped("FA", "997", "AK1*OW*401", "AK9*A*1*1*1");

    assertThat(answer(file).groups()).isEmpty();
  }

  @Test
  void theAnswerIsWrittenWithTheDelimitersOfTheQuestion() {
    var file = orders(goodOrder("0001")).replace("*", "|").replace("~", "\n").replace(">", ":");

    assertThat(group(answer(file))).contains("\nAK2|850|0001\nAK5|A\n");
  }

  @Test
  void anAnswerInOtherDelimitersThanTheQuestionHasNoneOfThoseInAValue() {
    var file =
        orders(
                AFile.set("850", "0001", "BEG*00*SA*PO-1**20260301", "REF*DP*1**>1", "PO1**2*EA"),
                goodOrder("00:2"))
            .replace("*", "|")
            .replace(">", "<");
    var interchange = read(file).interchange();
    var ours =
        Envelope.answering(interchange.interchange(), null)
            .withDelimiters(new Delimiters('*', ':', '^', '~'), "\n");
    var answer = new Acknowledgment(interchange, Kind.FUNCTIONAL, ours);

    assertThat(group(answer))
        .contains("AK2*850*0001~", "\nAK4*4:1*128*")
        .doesNotContain("00:2", "AK4*4<1");
  }

  @Test
  void whateverASenderWritesIsReadToItsEndAndCanBeAnswered() {
    var samples = AFile.goodSamples().map(AFile::bytes).toList();
    var random = new Random(20260302);
    int answered = 0;

    for (int i = 0; i < 4_000; i++) {
      var bytes = samples.get(random.nextInt(samples.size())).clone();
      for (int times = 1 + random.nextInt(4); times > 0; times--) {
        spoil(bytes, random);
      }
      var heard = read(bytes, i % 2 == 0 ? ReadOptions.STRICT : ReadOptions.STRICT.asLenient());
      for (var interchange : heard.file().interchanges()) {
        var answer =
            new Acknowledgment(interchange, i % 3 == 0 ? Kind.IMPLEMENTATION : Kind.FUNCTIONAL);
        answer.envelope(1, AT);
        for (var group : answer.groups()) {
          answer.group(group, new X12Writer.Numbers(1, 1), AT);
          answered++;
        }
      }
      for (var set : heard.sets()) {
        if (set.report().outcome().taken()) {
          SetTree.of(set);
        }
      }
    }

    assertThat(answered).isGreaterThan(1_000);
  }

  private static void spoil(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] = (byte) "*~>^ \n0AZ".charAt(random.nextInt(9));
      case 2 -> {
        int length = Math.min(random.nextInt(40), bytes.length - at);
        int from = random.nextInt(bytes.length - length);
        System.arraycopy(bytes, from, bytes, at, length);
      }
      default -> bytes[at] = bytes[random.nextInt(bytes.length)];
    }
  }
}
