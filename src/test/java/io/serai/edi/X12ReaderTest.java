package io.serai.edi;

import static io.serai.edi.AFile.goodOrder;
import static io.serai.edi.AFile.orders;
import static io.serai.edi.AFile.purchaseOrder;
import static io.serai.edi.AFile.read;
import static io.serai.edi.AFile.set;
import static io.serai.edi.AFile.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in sets: elements, segments and their order, each with the code it is refused by. */
class X12ReaderTest {
  private static final String BEG = "BEG*00*SA*PO-1**20260301";
  private static final String PO1 = "PO1*1*2*EA*3.5**VN*MUG-BLU";

  static Stream<Path> goodSamples() {
    return AFile.goodSamples();
  }

  @ParameterizedTest
  @MethodSource("goodSamples")
  void aGoodSampleHasNoFault(Path file) {
    var heard = read(AFile.bytes(file), ReadOptions.STRICT);

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
        "BEG*ZY*SA*PO-1**20260301 | BEG01@2=7 | BEG01 (purpose) is 'ZY', which X12 does not list. |",
        "BEG*00*SA***20260301 | BEG03@2=1 | BEG03 (purchase order number) is missing; it must be there. |",
        "BEG*00*SA*   **20260301 | BEG03@2=1 | BEG03 (purchase order number) is missing; it must be there. |",
        "BEG*00*SA*PO-1**260301 | BEG05@2=8 | BEG05 (date) is '260301', no date. | BEG*00*SA*PO-1**20260301",
        "BEG*00*SA*PO-1**2026-03-01 | BEG05@2=8 | BEG05 (date) is '2026-03-01', no date. | BEG*00*SA*PO-1**20260301",
        "BEG*00*SA*PO-1**20260230 | BEG05@2=8 | BEG05 (date) is '20260230', no date. |",
        "BEG*00*SAA*PO-1**20260301 | BEG02@2=5 | BEG02 (purchase order type) is 'SAA', 3 characters long. |",
        "BEG*00*S*PO-1**20260301 | BEG02@2=4 | BEG02 (purchase order type) is 'S', only 1 character long. |",
        "BEG*00*SA*PO-1234567890123456789012**20260301 | BEG03@2=5 | BEG03 (purchase order number) is 'PO-1234567890123456789012', 25 characters long. |",
      })
  void aBadElementIsNamedWithWhatWasMeant(
      String segment, String code, String what, String corrected) {
    var heard = purchaseOrder(segment, PO1);

    assertThat(heard.codes()).containsExactly(code);
    var fault = heard.set().faults().get(0);
    assertThat(fault.what()).isEqualTo(what);
    assertThat(fault.corrected()).isEqualTo(corrected == null ? "" : corrected);
    assertThat(heard.set().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PO1*1*$2*EA*3.5**VN*M | PO102@3=6 | PO1*1*2*EA*3.5**VN*M",
        "PO1*1*1,200*EA*3.5**VN*M | PO102@3=6 | PO1*1*1200*EA*3.5**VN*M",
        "PO1*1*2-*EA*3.5**VN*M | PO102@3=6 | PO1*1*-2*EA*3.5**VN*M",
        "PO1*1*two*EA*3.5**VN*M | PO102@3=6 |",
        "PO1*1*2*EA*3.50000000000000000000**VN*M | PO104@3=5 | PO1*1*2*EA*3.5**VN*M",
        "PO1*1*2*EACH*3.5**VN*M | PO103@3=5 |",
        "PO1*1*2*EA**WE*VN*M | PO104@3=2 |",
        "PO1*1*2*EA*3.5**VN | PO107@3=2 |",
        "PO1*1*2*EA*3.5**VN*A>B | PO107@3=6 | PO1*1*2*EA*3.5**VN*A B",
        "PO1*1*2*EA*3.5**VN*M\u0007M | PO107@3=6 |",
        "PO1*1*-2*EA*3.5**VN*M | |",
        "PO1*1*.5*EA*0003.5**VN*M | |",
      })
  void aBadNumberOrTextIsNamed(String segment, String code, String corrected) {
    var heard = purchaseOrder(BEG, segment);

    if (code == null) {
      assertThat(heard.words()).isEmpty();
    } else {
      assertThat(heard.codes()).containsExactly(code);
      assertThat(heard.set().faults().get(0).corrected())
          .isEqualTo(corrected == null ? "" : corrected);
    }
  }

  @Test
  void anAmountWithImpliedDecimalsAndAPointIsSaidWithoutIt() {
    var heard = purchaseOrder(BEG, "SAC*C*D240***43.00", PO1);

    assertThat(heard.codes()).containsExactly("SAC05@3=6");
    assertThat(heard.set().faults().get(0).corrected()).isEqualTo("SAC*C*D240***4300");
  }

  @Test
  void aTimeIsOnTheClock() {
    assertThat(purchaseOrder(BEG, "DTM*010*20260301*2460", PO1).codes())
        .containsExactly("DTM03@3=9");
    assertThat(purchaseOrder(BEG, "DTM*010*20260301*235959", PO1).codes()).isEmpty();
    var written = purchaseOrder(BEG, "DTM*010*20260301*08:30", PO1);
    assertThat(written.set().faults().get(0).corrected()).isEqualTo("DTM*010*20260301*0830");
  }

  @Test
  void surplusElementsAreRefusedUnlessTheyAreEmpty() {
    assertThat(purchaseOrder(BEG, "CTT*1*2*3*LB*4*CF*TEXT*X", PO1).codes()).contains("CTT08@3=3");

    var empty = purchaseOrder(BEG, "N1*ST*HERE", "N3*STREET****", PO1);

    assertThat(empty.codes()).isEmpty();
    assertThat(empty.words()).contains("surplus ones are empty");
  }

  @Test
  void rulesBetweenElementsAreToldOnceForAnElement() {
    // P0607 and C0506 both ask for PO406
    assertThat(purchaseOrder(BEG, PO1, "PO4*1****G**LB").codes()).containsExactly("PO406@4=2");
    assertThat(purchaseOrder(BEG, "REF*DP", PO1).codes()).containsExactly("REF02@3=2");
    // E0110
    assertThat(purchaseOrder(BEG, "TD3*TL********SEAL*45G1", PO1).codes())
        .containsExactly("TD310@3=10");
  }

  @Test
  void aCompositeIsJudgedByItsComponents() {
    assertThat(purchaseOrder(BEG, "REF*DP*1**LI>7", PO1).codes()).isEmpty();
    assertThat(purchaseOrder(BEG, "REF*DP*1**LI", PO1).codes()).containsExactly("REF04-2@3=1");
    assertThat(purchaseOrder(BEG, "REF*DP*1**TOOLONG>7", PO1).codes())
        .containsExactly("REF04-1@3=5");
  }

  @Test
  void anUnknownSegmentAndOneOfAnotherSetAreToldApart() {
    assertThat(purchaseOrder(BEG, "ZZX*1", PO1).codes()).containsExactly("ZZX@3=1");
    assertThat(purchaseOrder(BEG, "W12*CC*1", PO1).codes()).containsExactly("W12@3=6");
    assertThat(purchaseOrder(BEG, "PID*F****X", PO1, "HL*1**S").codes()).containsExactly("HL@5=6");
  }

  @Test
  void aSegmentThatIsMissingIsNamedWhereItHadToCome() {
    assertThat(purchaseOrder(PO1).codes()).containsExactly("BEG@2=3");
    assertThat(purchaseOrder(BEG).codes()).containsExactly("PO1@3=3");
    assertThat(purchaseOrder().words())
        .contains("Segment BEG (beginning of the purchase order) is missing;")
        .contains("Segment PO1 (ordered item) is missing; it must come before SE here.");
  }

  @Test
  void aSegmentThatComesTooLateIsOneFaultAndNotTwo() {
    var heard = purchaseOrder("REF*DP*1", BEG, PO1);

    assertThat(heard.codes()).containsExactly("BEG@3=7");
    assertThat(heard.words())
        .isEqualTo("Segment BEG (beginning of the purchase order) comes too late.");
  }

  @Test
  void aSegmentOfALoopThatIsNotOpenIsUnexpected() {
    assertThat(purchaseOrder(BEG, "N3*STREET", PO1).codes()).containsExactly("N3@3=2");
  }

  @Test
  void tooManyOfASegmentOrALoopAreCounted() {
    assertThat(purchaseOrder(BEG, "CUR*BY*USD", "CUR*BY*USD", PO1).codes())
        .containsExactly("CUR@4=5");
    var eleven = new ArrayList<>(Collections.nCopies(11, "N1*WH*NORTHWIND"));
    eleven.add(0, "W06*F*FO-1");
    assertThat(read(wrapped("SW", "945", eleven.toArray(String[]::new))).codes())
        .containsExactly("N1@13=4");
  }

  @Test
  void theNextLineOfAnOrderIsNotTakenForALoopThatOnlyLsOpens() {
    var heard =
        read(
            wrapped("OW", "940", "W05*N*FO-1", "LX*1", "W01*1*EA**VN*A", "LX*2", "W01*1*EA**VN*B"));

    assertThat(heard.words()).isEmpty();
    var tree = SetTree.of(heard.sets().get(0));
    assertThat(tree.get("LXLoop")).hasSize(2);
    assertThat(tree.at("/LXLoop/1/W01Loop/0/W01/W0105").textValue()).isEqualTo("B");
  }

  @Test
  void aLevelOfAShipNoticeHasAParentThatCameBeforeIt() {
    var heard =
        read(wrapped("SH", "856", "BSN*00*S-1*20260305*1640", "HL*1**S", "HL*2*9*O", "HL*2*1*I"));

    assertThat(heard.codes()).containsExactly("HL02@4=7", "HL01@5=7");
  }

  @Test
  void aWrongNumberOfLinesIsOnlyNoted() {
    var heard = purchaseOrder(BEG, PO1, "CTT*5");

    assertThat(heard.set().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(heard.words())
        .isEqualTo("CTT01 (number of line items) says 5, and the set has 1 PO1 segment.");
  }

  @Test
  void lenientReadingAcceptsWhatLeavesNoDoubtAndNothingElse() {
    var lenient = ReadOptions.STRICT.asLenient();
    var late = wrapped("PO", "850", "REF*DP*1", BEG, PO1.replace("EA", "EACH"));

    var heard = read(late, lenient);

    assertThat(heard.set().outcome()).isEqualTo(Outcome.ACCEPTED_WITH_ERRORS);
    var tree = SetTree.of(heard.sets().get(0));
    assertThat(tree.at("/BEG/BEG03").textValue()).isEqualTo("PO-1");
    assertThat(tree.at("/PO1Loop/0/PO1/PO103").textValue()).isEqualTo("EACH");
    assertThat(read(wrapped("PO", "850", PO1), lenient).set().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(
            read(wrapped("PO", "850", BEG, PO1.replace("*2*", "*two*")), lenient).set().outcome())
        .isEqualTo(Outcome.REFUSED);
    assertThat(
            read(wrapped("PO", "850", BEG, "CUR*BY*USD", "CUR*BY*CAD", PO1), lenient)
                .set()
                .outcome())
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aPartnerMayAllowOnlySomeCodes() {
    var options = ReadOptions.STRICT.withCodes(Map.of("BEG02", Set.of("SA", "NE")));

    assertThat(read(wrapped("PO", "850", BEG, PO1), options).codes()).isEmpty();
    var heard = read(wrapped("PO", "850", BEG.replace("SA", "DS"), PO1), options);
    assertThat(heard.codes()).containsExactly("BEG02@2=7");
    assertThat(heard.words())
        .isEqualTo("BEG02 (purchase order type) is 'DS', which was not agreed with this partner.");
    assertThat(heard.set().faults().get(0).expected()).isEqualTo("Expected: one of NE, SA.");
  }

  @Test
  void textIsReadInThePartnersCharacterSet() {
    var body = set("850", "0001", BEG, "N1*ST*CAFÉ LUMIÈRE", PO1);
    var bytes = orders(body).getBytes(StandardCharsets.UTF_8);

    var utf8 = read(bytes, ReadOptions.STRICT.withCharset(StandardCharsets.UTF_8));

    assertThat(SetTree.of(utf8.sets().get(0)).at("/N1Loop/0/N1/N102").textValue())
        .isEqualTo("CAFÉ LUMIÈRE");
    assertThat(read(bytes, ReadOptions.STRICT).codes()).containsExactly("N102@3=6");
    var latin = orders(body).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(read(latin, ReadOptions.STRICT.withCharset(StandardCharsets.UTF_8)).words())
        .contains("bytes that are no UTF-8");
  }

  @Test
  void versionFiveIsReadWithItsLongerElementsAndItsRepetitionSeparator() {
    var reference = "REF*DP*" + "1".repeat(40);
    var four = wrapped("PO", "850", BEG, reference, PO1);
    var five = four.replace("*U*00401*", "*^*00501*").replace("*004010~", "*005010~");

    assertThat(read(four).codes()).containsExactly("REF02@3=5");
    assertThat(read(five).codes()).isEmpty();
    assertThat(read(five.replace("VN*MUG-BLU", "VN*MUG^BLU")).codes())
        .containsExactly("PO107@4=12");
  }

  @Test
  void aVersionBetweenIsReadWithTheOlderTableAndAnUnknownOneIsRefused() {
    var file = orders(goodOrder("0001"));

    assertThat(read(file.replace("*004010~", "*004010VICS~")).words()).isEmpty();
    var between = read(file.replace("*004010~", "*004030~"));
    assertThat(between.group().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(between.words()).contains("judged by the rules of 004010");
    var old = read(file.replace("*004010~", "*003010~"));
    assertThat(old.group().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(old.words()).contains("GS08 (version) is '003010', which Serai does not read.");
    assertThat(old.set().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aSetWithMoreFaultsThanAreToldSaysSo() {
    var body = new String[150];
    Arrays.fill(body, "REF*DP");
    body[0] = BEG;
    body[149] = PO1.replace("*2*", "*two*");

    var heard = purchaseOrder(body);

    assertThat(heard.codes()).hasSizeLessThanOrEqualTo(SetReport.MOST_FAULTS + 1);
    assertThat(heard.words()).endsWith("49 more faults of this set are not listed.");
    assertThat(read(wrapped("PO", "850", body), ReadOptions.STRICT.asLenient()).set().outcome())
        .isEqualTo(Outcome.REFUSED);
  }
}
