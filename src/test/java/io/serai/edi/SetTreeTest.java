package io.serai.edi;

import static io.serai.edi.AFile.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SetTreeTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);

  @Test
  void aSetIsATreeWhoseShapeTheTableGives() {
    var tree =
        SetTree.of(
            AFile.purchaseOrder(
                    "BEG*00*SA*PO-1**20260301",
                    "REF*DP*42**LI>7",
                    "N1*ST*HERE",
                    "N3*STREET",
                    "PO1*1*2*EA*3.5**VN*MUG-BLU",
                    "PO1*2*1*EA")
                .sets()
                .get(0));

    assertThat(tree)
        .isEqualTo(
            Json.tree(
                """
                {"envelope": {"set": "850", "control": "0001", "version": "004010", "usage": "T",
                  "senderQualifier": "08", "sender": "RETAILHUB",
                  "receiverQualifier": "ZZ", "receiver": "SERAIHUB",
                  "groupSender": "RETAILHUB", "groupReceiver": "SERAIHUB", "groupControl": "1201",
                  "interchangeControl": "000001201", "date": "260302", "time": "0915"},
                 "BEG": {"BEG01": "00", "BEG02": "SA", "BEG03": "PO-1", "BEG05": "20260301"},
                 "REF": [{"REF01": "DP", "REF02": "42", "REF04": ["LI", "7"]}],
                 "N1Loop": [{"N1": {"N101": "ST", "N102": "HERE"}, "N3": [{"N301": "STREET"}]}],
                 "PO1Loop": [
                  {"PO1": {"PO101": "1", "PO102": "2", "PO103": "EA", "PO104": "3.5",
                   "PO106": "VN", "PO107": "MUG-BLU"}},
                  {"PO1": {"PO101": "2", "PO102": "1", "PO103": "EA"}}]}
                """));
  }

  static Stream<Path> documents() {
    return AFile.goodSamples().filter(file -> !file.getFileName().toString().startsWith("ta1"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void aDocumentReadAndWrittenAgainIsTheSameBytes(Path file) {
    var bytes = AFile.bytes(file);
    var heard = read(bytes, ReadOptions.STRICT);
    var set = heard.sets().get(0);
    var tree = Json.tree(SetTree.of(set).toString());

    var written =
        X12Writer.write(
            envelope(set),
            new X12Writer.Numbers(
                Integer.parseInt(set.interchange().control()),
                Integer.parseInt(set.group().control())),
            AT,
            List.of(
                new Document(set.report().id(), SetTree.segments(set.report().id(), tree, '>'))));

    assertThat(new String(written, StandardCharsets.ISO_8859_1))
        .isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static Envelope envelope(TransactionSet set) {
    var interchange = set.interchange();
    return new Envelope(
        interchange.senderQualifier(),
        interchange.sender(),
        interchange.receiverQualifier(),
        interchange.receiver(),
        set.group().sender(),
        set.group().receiver(),
        set.group().version(),
        interchange.usage(),
        interchange.acknowledgmentRequested(),
        interchange.delimiters(),
        "\n",
        false);
  }

  @Test
  void aRefusedSetHasNoTree() {
    var refused = AFile.purchaseOrder("BEG*00*SA").sets().get(0);

    assertThatThrownBy(() -> SetTree.of(refused))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Set '0001' was refused; a refused set is not mapped.");
  }

  @Test
  void whatTheSetHasNoPlaceForIsNamed() {
    assertThatThrownBy(() -> segments("{\"W05\": {\"W0501\": \"N\"}, \"BEG\": {}}"))
        .isInstanceOf(Unwritable.class)
        .hasMessage("'940' has 'BEG', which set 940 has no place for there.");
    assertThatThrownBy(() -> segments("{\"W05\": {\"W0201\": \"N\"}}"))
        .hasMessage("'940.W05' has 'W0201', which is no element of it.");
    assertThatThrownBy(() -> segments("{\"LXLoop\": [{\"LX\": \"1\"}]}"))
        .hasMessage("'940.LXLoop.LX' is not an object but \"1\".");
    assertThatThrownBy(() -> segments("{\"W05\": {\"W0501\": true}}"))
        .hasMessage("'940.W0501' is neither text nor a number but true.");
    assertThatThrownBy(() -> SetTree.segments("837", Json.tree("{}"), '>'))
        .hasMessage("Set '837' is not one that Serai writes.");
  }

  @Test
  void numbersAreWrittenAsTheyAreAndAbsentValuesNotAtAll() {
    var segments =
        segments(
            "{\"W05\": {\"W0501\": \"N\", \"W0502\": null}, \"W76\": {\"W7601\": 1200.50, \"W7602\": \"\"}}");

    assertThat(segments.get(0).elements()).containsExactly("N");
    assertThat(segments.get(1).elements()).containsExactly("1200.50");
  }

  private static List<Segment> segments(String tree) {
    return SetTree.segments("940", Json.tree(tree), '>');
  }
}
