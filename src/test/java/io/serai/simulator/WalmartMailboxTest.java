package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Walmart stand-in hands over what Walmart does and refuses what Walmart refuses. */
class WalmartMailboxTest {

  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOW);
  private final HubHand hub =
      new HubHand(
          new X12Writing(
              new X12.Party("ZZ", "SERAIHUB"),
              "SERAIHUB",
              new X12.Party("08", "925485US00"),
              "925485US00",
              "00501",
              "005010",
              "P"),
          "DSV_%s_SERAIHUB_%09d.edi");
  private WalmartMailbox walmart;

  @BeforeEach
  void open() {
    walmart = WalmartMailbox.start(WalmartOptions.in(folder).clock(clock));
    hub.login(walmart.parameters());
  }

  @AfterEach
  void close() {
    walmart.close();
    hub.close();
  }

  private void again() {
    walmart.close();
    walmart = WalmartMailbox.start(WalmartOptions.in(folder).clock(clock));
    hub.login(walmart.parameters());
  }

  /** Two mugs and a lamp. */
  private String order() {
    var units = new java.util.LinkedHashMap<String, Integer>();
    units.put("MUG-BLU", 2);
    units.put("LAMP", 1);
    return walmart.placeOrder(units);
  }

  private static String sscc(int number) {
    var digits = "00061414%09d".formatted(number);
    return "00" + digits + Gs1.checkDigit(digits);
  }

  private static String[] answer(String order) {
    return new String[] {
      "BAK*00*AD*" + order + "*20260302",
      "PO1*1*2*EA*16.80**VN*MUG-BLU",
      "ACK*IA*2*EA",
      "PO1*2*1*EA*62.30**VN*LAMP",
      "ACK*IA*1*EA",
      "CTT*2"
    };
  }

  private static String[] notice(String order) {
    return new String[] {
      "BSN*00*SHP-1*20260302*1000*0001",
      "HL*1**S",
      "TD5**2*FDEG",
      "DTM*011*20260302",
      "HL*2*1*O",
      "PRF*" + order + "***20260302",
      "HL*3*2*P",
      "MAN*GM*" + sscc(1),
      "MAN*CP*771200000001",
      "HL*4*3*I",
      "LIN**VN*MUG-BLU",
      "SN1**2*EA",
      "HL*5*3*I",
      "LIN**VN*LAMP",
      "SN1**1*EA",
      "CTT*5"
    };
  }

  private static String[] invoice(String order) {
    return new String[] {
      "BIG*20260302*INV-1*20260302*" + order,
      "REF*IA*123456420",
      "IT1*1*2*EA*16.80**VN*MUG-BLU",
      "IT1*2*1*EA*62.30**VN*LAMP",
      "TDS*9590",
      "CTT*2"
    };
  }

  /** The last 997 that the mailbox handed over. */
  private String answered() {
    return HubHand.lines(hub.newest("997").getFirst());
  }

  @Test
  void anOrderIsHandedOverAndWaitsForItsAcknowledgment() {
    var order = order();

    var handedOver = HubHand.lines(hub.newest("850").getFirst());
    assertThat(handedOver)
        .contains("BEG*00*DS*" + order + "**20260302\n")
        .contains("PO1*1*2*EA*16.80**IN*550000002*UP*")
        .contains("*VN*MUG-BLU\n")
        .contains("CTT*2\n");
    assertThat(walmart.owed()).isEqualTo(1);
    assertThat(walmart.books().acknowledged()).isEmpty();

    hub.acknowledge("PO", 1, "850", "A");

    assertThat(walmart.owed()).isZero();
    assertThat(walmart.books().acknowledged()).containsExactly(order + "-20260302");
    assertThat(walmart.wrongs()).isEmpty();
    assertThat(hub.waiting()).as("a 997 is never acknowledged").hasSize(1);
  }

  @Test
  void answerShipNoticeInvoiceAndStockAreTakenAndAcknowledged() {
    var order = order();
    hub.send("855", answer(order));
    hub.send("856", notice(order));
    hub.send("810", invoice(order));
    hub.send("846", "BIA*00*SI*STOCK-1*20260302*1000", "LIN**VN*MUG-BLU", "QTY*33*17*EA", "CTT*1");

    assertThat(walmart.wrongs()).isEmpty();
    assertThat(walmart.answers(order))
        .singleElement()
        .satisfies(a -> assertThat(a.get("lines")).hasSize(2));
    assertThat(walmart.sent(order)).isEqualTo(Map.of("MUG-BLU", 2, "LAMP", 1));
    assertThat(walmart.invoices(order))
        .singleElement()
        .satisfies(i -> assertThat(i.get("total").asText()).isEqualTo("95.90"));
    assertThat(walmart.stock("MUG-BLU")).isEqualTo(17);
    assertThat(hub.waiting()).filteredOn(n -> n.startsWith("997")).hasSize(4);
    assertThat(answered()).startsWith("AK1*IB*4\nAK2*846*0001\nAK5*A\nAK9*A*1*1*1");
    assertThat(walmart.books().told())
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.units()).isEqualTo(3);
              assertThat(told.parcels()).containsExactly("771200000001");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          855 | PRIOR ORDER   | BAK*00*AD*{po}   | BAK*00*AD*99      | AK3*BAK*2**8 | AK4*3**7*99 | none of ours
          855 | OTHER DATE    | {po}*20260302    | {po}*20260301     | AK3*BAK*2**8 | AK4*4**8*20260301 | is not of
          855 | TOO FEW       | ACK*IA*2*EA      | ACK*IA*1*EA       | AK3*PO1*3**8 | AK4*2**7*2  | answered for 1 of 2
          855 | NO STATE      | ACK*IA*1*EA      | ACK*ZZ*1*EA       | AK3*ACK*6**8 | AK4*1**7*ZZ | no state of a line
          855 | A LINE LESS   | PO1*2*1*EA*62.30**VN*LAMP;ACK*IA*1*EA;CTT*2 | CTT*1 | AK3*BAK*2**3 | AK5*R*5 | Line 2 is not answered
          855 | UNKNOWN SEGMENT | CTT*2          | ZZX*1;CTT*2       | AK3*ZZX*7**6 | AK5*R*5     | not used
          855 | NO DATE       | {po}*20260302    | {po}              | AK3*BAK*2**8 | AK4*4**1    | BAK04
          856 | HL COUNT      | CTT*5            | CTT*4             | AK3*CTT*17**8 | AK4*1**7*4 | should be 5
          856 | HL ORDER      | HL*4*3*I         | HL*6*3*I          | AK3*HL*11**8 | AK4*1**7*6  | should be 4
          856 | HL PARENT     | HL*3*2*P         | HL*3*1*P          | AK3*HL*8**8  | AK4*2**7*1  | cannot stand under
          856 | NO CARTON     | BSN*00*SHP-1*20260302*1000*0001 | BSN*00*SHP-1*20260302*1000*0004 | AK3*HL*11**8 | AK4*2**7*3 | cannot stand under
          856 | CHECK DIGIT   | MAN*GM*{sscc}    | MAN*GM*00000614140000000019 | AK3*MAN*9**8 | AK4*2**7*00000614140000000019 | no SSCC-18
          856 | TOO MUCH      | SN1**2*EA        | SN1**3*EA         | AK3*SN1*13**8 | AK4*2**7*3 | More of 'MUG-BLU'
          856 | NO CARRIER    | TD5**2*FDEG      | TD5***FDEG        | AK3*BSN*2**3 | AK5*R*5     | no TD5
          856 | WRONG ARTICLE | VN*MUG-BLU       | VN*CAP-NVY        | AK3*HL*11**3 | AK5*R*5     | none of order
          810 | WRONG TOTAL   | TDS*9590         | TDS*9591          | AK3*TDS*6**8 | AK4*1**7*9591 | not the sum 95.90
          810 | WRONG PRICE   | EA*62.30         | EA*62.31          | AK3*IT1*5**8 | AK4*4**7*62.31 | was not agreed
          810 | OTHER VENDOR  | IA*123456420     | IA*999999999      | AK3*REF*3**8 | AK4*2**7*999999999 | vendor's number
          810 | BAD NUMBER    | TDS*9590         | TDS*95.90         | AK3*TDS*6**8 | AK4*1**6*95.90 | TDS01
          """)
  void whatWalmartRefusesIsRefusedWithSegmentAndElement(
      String type,
      String why,
      String from,
      String to,
      String segment,
      String element,
      String word) {
    var order = order();
    if (type.equals("810")) {
      hub.send("856", notice(order));
    }
    var right =
        switch (type) {
          case "855" -> answer(order);
          case "856" -> notice(order);
          default -> invoice(order);
        };
    var text =
        String.join(";", right)
            .replace(
                from.replace("{po}", order).replace("{sscc}", sscc(1)), to.replace("{po}", order));
    assertThat(text).as(why).isNotEqualTo(String.join(";", right));

    hub.send(type, text.split(";"));

    assertThat(answered()).contains(segment + '\n').contains(element).contains("AK5*R*5");
    assertThat(walmart.wrongs()).singleElement().asString().contains(word);
    assertThat(walmart.answers(order)).isEmpty();
    assertThat(walmart.invoices(order)).isEmpty();
  }

  @Test
  void oneInvoiceBelongsToOneShipment() {
    var order = order();
    hub.send("810", invoice(order));
    assertThat(answered()).contains("AK3*BIG*2**8").contains("AK4*4**7*" + order);

    hub.send("856", notice(order));
    hub.send("810", invoice(order));
    assertThat(walmart.invoices(order)).hasSize(1);
    hub.send("810", String.join(";", invoice(order)).replace("INV-1", "INV-2").split(";"));

    assertThat(walmart.invoices(order)).hasSize(1);
    assertThat(walmart.wrongs()).hasSize(2).allSatisfy(w -> assertThat(w).contains("No shipment"));
  }

  @Test
  void aLabelAndAShipmentAreToldOnce() {
    var order = order();
    hub.send("856", notice(order));

    hub.send("856", notice(order));

    assertThat(walmart.sent(order)).isEqualTo(Map.of("MUG-BLU", 2, "LAMP", 1));
    assertThat(answered()).contains("AK4*2**7*SHP-1").contains("AK4*2**7*" + sscc(1));
  }

  @Test
  void aNumberIsNeverUsedTwice() {
    var order = order();
    var right = List.of(HubHand.segments(answer(order)));
    var text = hub.text("855", right);
    hub.put(hub.name("855"), text);
    hub.put("DSV_855_SERAIHUB_000000099.edi", text);
    hub.put("DSV_855_SERAIHUB_000000098.edi", text + "\n");
    text = hub.text("855", right);
    hub.put(hub.name("855"), text.replace("*1000*2*X", "*1000*1*X").replace("GE*1*2", "GE*1*1"));

    assertThat(walmart.answers(order)).hasSize(1);
    assertThat(walmart.wrongs())
        .hasSize(3)
        .satisfiesExactly(
            same ->
                assertThat(same)
                    .contains("'DSV_855_SERAIHUB_000000099.edi' holds what a file before it held"),
            isa -> assertThat(isa).contains("interchange number 000000001 was used before"),
            gs -> assertThat(gs).contains("[19]"));
    assertThat(answered()).contains("AK9*R*1*1*0*19");
  }

  @Test
  void whatIsCutOffMiscountedMisaddressedOrMisnamedIsNoticed() {
    var order = order();
    var right = List.of(HubHand.segments(answer(order)));
    var text = hub.text("855", right);
    hub.put(hub.name("855"), text.substring(0, 250));
    text = hub.text("855", right);
    hub.put(hub.name("855"), text.replace("SE*8*", "SE*9*"));
    text = hub.text("855", right);
    hub.put(hub.name("855"), text.replace("GE*1*", "GE*2*"));
    text = hub.text("855", right);
    hub.put(hub.name("855"), text.replace("*0*P*>", "*0*T*>"));
    text = hub.text("855", right);
    hub.put(hub.name("855"), text.replace("925485US00 ", "925485US99 "));
    hub.put("answer.doc", hub.text("855", right));
    hub.send("997", "AK1*PO*77", "AK9*A*1*1*1");

    assertThat(walmart.answers(order)).isEmpty();
    assertThat(walmart.wrongs())
        .satisfiesExactly(
            cut -> assertThat(cut).contains("000000001.edi' cannot be read"),
            count -> assertThat(count).contains("AK5 [4]"),
            group -> assertThat(group).contains("AK9 [5]"),
            test -> assertThat(test).contains("usage 'T'"),
            other -> assertThat(other).contains("it goes from"),
            name -> assertThat(name).contains("not named as was agreed"),
            stranger -> assertThat(stranger).contains("group PO 77, which was never sent"));
  }

  @Test
  void anUnfinishedFileIsReadWhenItIsRenamed() {
    var order = order();
    hub.put(".855.part", hub.text("855", List.of(HubHand.segments(answer(order)))));
    assertThat(walmart.answers(order)).isEmpty();

    hub.rename(".855.part", hub.name("855"));

    assertThat(walmart.answers(order)).hasSize(1);
  }

  @Test
  void aStrangerIsNotLetIn() {
    var stranger = new HashMap<>(walmart.parameters());
    stranger.put("password", "guessed");

    assertThatThrownBy(() -> hub.login(stranger)).hasMessageContaining("auth");
  }

  @Test
  void openedAgainItGoesOnWithItsNumbersAndItsKey() {
    var order = order();
    hub.send("855", answer(order));
    var key = walmart.parameters().get("host-key");
    again();

    assertThat(walmart.parameters()).containsEntry("host-key", key);
    assertThat(walmart.owed()).isEqualTo(1);
    assertThat(hub.waiting()).containsExactly("850-000000001.edi", "997-000000002.edi");
    assertThat(walmart.wrongs()).as("what lies there was read before").isEmpty();

    hub.send("855", answer(order));
    walmart.placeOrder();

    assertThat(hub.waiting()).contains("997-000000003.edi", "850-000000004.edi");
    assertThat(walmart.answers(order)).hasSize(2);
  }

  @Test
  void overAs2ItGoesOnWithItsKeysAndWhatNobodyTook() throws Exception {
    var nobody = java.net.URI.create("http://127.0.0.1:1/as2");
    var options = WalmartOptions.in(folder.resolve("as2")).as2(nobody);
    Map<String, Object> before;
    try (var first = WalmartMailbox.start(options)) {
      var order = first.placeOrder();
      before = first.parameters();
      soon(() -> assertThat(first.unanswered()).isPositive());
      assertThat(first.receipt(order)).isNull();
    }

    try (var second = WalmartMailbox.start(options)) {
      assertThat(second.parameters())
          .containsEntry("as2-key", before.get("as2-key"))
          .containsEntry("as2-certificate", before.get("as2-certificate"));
      var sent = second.unanswered();
      soon(() -> assertThat(second.unanswered()).isGreaterThan(sent));
    }
  }

  @Test
  void whatCameWhileItWasAwayIsReadWhenItOpens() throws Exception {
    var order = order();
    walmart.close();
    java.nio.file.Files.writeString(
        folder.resolve("walmart-mailbox/incoming/DSV_855_SERAIHUB_000000001.edi"),
        hub.text("855", List.of(HubHand.segments(answer(order)))));

    walmart = WalmartMailbox.start(WalmartOptions.in(folder).clock(clock));

    assertThat(walmart.answers(order)).hasSize(1);
  }

  @Test
  void anOrderIsChangedAndCancelledByDocumentsOfTheirOwn() {
    var order = order();
    walmart.changeQuantity(order, "MUG-BLU", 1);
    assertThat(HubHand.lines(hub.newest("860").getFirst()))
        .contains("BCH*04*DS*" + order + "**1*20260302")
        .contains("POC*1*QD*2*1*EA*16.80**IN*550000002");

    walmart.cancel(order);

    assertThat(HubHand.lines(hub.newest("860").getFirst())).contains("BCH*01*DS*" + order + "**2*");
    assertThat(walmart.owed()).isEqualTo(3);
    assertThat(walmart.books().orders())
        .containsEntry(order + "-20260302", Map.of("MUG-BLU", 0, "LAMP", 0));
  }

  @Test
  void anAcknowledgmentThatDoesNotComeIsOverdue() {
    order();
    clock.advance(Duration.ofHours(25));
    walmart.runDue();

    soon(() -> assertThat(walmart.summary(false).get("overdue").asInt()).isEqualTo(1));
    assertThat(walmart.owed()).as("it is still waited for").isEqualTo(1);
  }

  @Test
  void itHasBadDays() {
    var order = order();
    walmart
        .moods()
        .set(
            Mood.of(Mood.Kind.SILENT).on("855").times(1),
            Mood.of(Mood.Kind.REJECTING).on("856").times(1),
            Mood.of(Mood.Kind.TWICE).on("850").times(1),
            Mood.of(Mood.Kind.TRUNCATED).on("860").times(1),
            Mood.of(Mood.Kind.WRONG_COUNTS).on("860").times(2));
    hub.send("855", answer(order));
    assertThat(walmart.answers(order)).as("taken, and nothing said").hasSize(1);
    assertThat(hub.waiting()).noneMatch(name -> name.startsWith("997"));

    hub.send("856", notice(order));
    assertThat(answered()).contains("AK3*MAN*9**8\nAK4*2**7*" + sscc(1) + "\nAK5*R*5");
    assertThat(walmart.wrongs()).as("it was not the hub's fault").isEmpty();

    walmart.placeOrder();
    var twice = new ArrayList<>(hub.waiting());
    assertThat(twice).contains("850-000000003.edi", "again-850-000000003.edi");
    assertThat(hub.read("again-850-000000003.edi")).isEqualTo(hub.read("850-000000003.edi"));

    walmart.changeQuantity(order, "MUG-BLU", 1);
    assertThat(hub.read("860-000000004.edi")).startsWith("ISA*").doesNotContain("IEA*");
    walmart.changeQuantity(order, "MUG-BLU", 0);
    assertThat(hub.read("860-000000005.edi")).contains("SE*6*0001");
  }

  @Test
  void onALateDayAnAcknowledgmentComesLater() {
    var order = order();
    walmart.moods().set(Mood.of(Mood.Kind.LATE).on("997").lasting(Duration.ofHours(2)));
    hub.send("855", answer(order));
    assertThat(hub.waiting()).noneMatch(name -> name.startsWith("997"));

    clock.advance(Duration.ofHours(3));
    walmart.runDue();

    soon(() -> assertThat(hub.waiting()).anyMatch(name -> name.startsWith("997")));
  }
}
