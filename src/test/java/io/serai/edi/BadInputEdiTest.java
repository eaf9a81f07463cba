package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What partners write wrong in one order: named at its place, its neighbors are taken. */
class BadInputEdiTest {
  private static final String BEG = "BEG*00*SA*PO-1**20260301";
  private static final String PO1 = "PO1*1*2*EA*3.5**VN*MUG-BLU";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a delimiter in a name | N1*ST*ADA * SONS*92*7045 | N103@",
        "a delimiter in a number | PO1*1*2*EA*3*5**VN*MUG-BLU | PO1",
        "a name that is too long | N1*ST*ADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADAADA | N102@3=5",
        "a date that is none | DTM*010*20260230 | DTM02@3=8",
        "a date in the words of people | DTM*010*1 MARCH 26 | DTM02@3=8",
        "a segment in lower case | dtm*010*20260304 | dtm@3=",
        "a segment nobody knows | ZZX*1 | ZZX@3="
      })
  void isNamedAndHoldsNoNeighbor(String what, String segment, String told) {
    var heard =
        AFile.read(
            AFile.orders(
                AFile.goodOrder("0001"),
                AFile.set("850", "0002", BEG, segment, PO1),
                AFile.goodOrder("0003")));

    assertThat(heard.codes()).as(heard.words()).anyMatch(code -> code.startsWith(told));
    assertThat(heard.group().sets().stream().map(set -> set.outcome().letter()))
        .containsExactly("A", "R", "A");
  }

  @Test
  void setsWithoutAGroupAreNoGarbage() {
    var whole = AFile.orders(AFile.goodOrder("0001"));
    var stray = AFile.goodOrder("0002");

    var outside = AFile.read(whole.replace("IEA*", stray + "IEA*"));
    var behind = AFile.read(whole + stray);

    assertThat(outside.interchange().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(outside.words())
        .contains("Set '850' stands outside of any group, so nothing vouches for it.");
    assertThat(behind.interchange().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(behind.file().faults())
        .anyMatch(
            fault ->
                fault.refuses()
                    && fault
                        .what()
                        .equals(
                            "Behind the end of the interchange stands 1 set without an ISA segment, so nobody vouches for it."));
  }

  @Test
  void anOrderWithoutItsBeginningIsNamed() {
    var heard = AFile.purchaseOrder(PO1);

    assertThat(heard.codes()).contains("BEG@2=3");
  }

  @Test
  void accentsAreTakenAsTheyCame() {
    var heard = AFile.purchaseOrder(BEG, "N1*ST*JOSÉ NÚÑEZ", PO1);

    assertThat(heard.codes()).isEmpty();
    assertThat(SetTree.of(heard.sets().getFirst()).at("/N1Loop/0/N1/N102").asText())
        .isEqualTo("JOSÉ NÚÑEZ");
  }

  @Test
  void aSegmentOfTwoGigabytesIsGivenUpAtItsLimit() throws IOException {
    var read = new long[1];
    var endless =
        new InputStream() {
          @Override
          public int read() {
            read[0]++;
            return read[0] > 2L << 30 ? -1 : 'A';
          }

          @Override
          public int read(byte[] into, int from, int length) {
            if (read[0] > 2L << 30) {
              return -1;
            }
            Arrays.fill(into, from, from + length, (byte) 'A');
            read[0] += length;
            return length;
          }
        };
    var file = AFile.orders(AFile.goodOrder("0001"));
    var start = file.substring(0, file.indexOf("GE*"));

    var report =
        X12Reader.read(
            new SequenceInputStream(
                new ByteArrayInputStream((start + "NTE*").getBytes(StandardCharsets.ISO_8859_1)),
                endless),
            ReadOptions.STRICT,
            new EdiListener() {});

    assertThat(report.interchanges().getFirst().faults())
        .anyMatch(fault -> fault.refuses() && fault.what().contains("'NTE*AAAA"));
    assertThat(read[0]).isLessThan(4L * ReadOptions.STRICT.maxSegment());
  }
}
