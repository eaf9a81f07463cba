package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The EDI 3PL takes orders by 940 and tells what became of them by 945. */
class X12WarehouseTest {

  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOW);
  private final HubHand hub =
      new HubHand(
          new X12Writing(
              new X12.Party("ZZ", "SERAIHUB"),
              "SERAIHUB",
              new X12.Party("ZZ", "HARBOR3PL"),
              "HARBOR3PL",
              "00401",
              "004010",
              "P"),
          "%s_%09d.edi");
  private X12Warehouse warehouse;

  @BeforeEach
  void open() {
    warehouse = X12Warehouse.start(X12WarehouseOptions.in(folder).clock(clock));
    hub.login(warehouse.parameters());
  }

  @AfterEach
  void close() {
    warehouse.close();
    hub.close();
  }

  private void again() {
    warehouse.close();
    open();
  }

  private static String[] order(String number) {
    return new String[] {
      "W05*N*" + number + "*108800000000013",
      "N1*ST*ADA WHITFIELD",
      "N3*418 JUNIPER COURT",
      "N4*ASHEVILLE*NC*28801*US",
      "LX*1",
      "W01*2*EA**VN*MUG-BLU",
      "LX*2",
      "W01*1*EA**VN*LAMP",
      "W76*3"
    };
  }

  private void tomorrow() {
    clock.advance(Duration.ofDays(1));
    warehouse.runDue();
  }

  private String newest(String type) {
    return HubHand.lines(hub.newest(type).getFirst());
  }

  @Test
  void anOrderIsAcknowledgedShippedAndTold() {
    hub.send("940", order("F1"));

    assertThat(newest("997")).isEqualTo("AK1*OW*1\nAK2*940*0001\nAK5*A\nAK9*A*1*1*1\n");
    assertThat(hub.waiting()).noneMatch(name -> name.startsWith("945"));

    tomorrow();

    soon(() -> assertThat(hub.waiting()).anyMatch(name -> name.startsWith("945")));
    assertThat(newest("945"))
        .startsWith("W06*F*F1*20260303*S-1-1**108800000000013\n")
        .contains("MAN*CP*")
        .contains("W12*CC*2*2*0*EA**VN*MUG-BLU\n")
        .contains("W12*CC*1*1*0*EA**VN*LAMP\n")
        .endsWith("W03*3\n");
    assertThat(warehouse.onHand("MUG-BLU")).isEqualTo(998);
    assertThat(warehouse.summary(false).at("/webhooks/waiting").asInt()).isEqualTo(1);

    hub.acknowledge("SW", 2, "945", "A");

    assertThat(warehouse.summary(false).at("/webhooks/waiting").asInt()).isZero();
    assertThat(warehouse.wrongs()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VN*LAMP | VN*NOTHING | AK3*W01*9**8  | AK4*5**7*NOTHING | no article we keep
          W76*3   | W76*4      | AK3*W76*10**8 | AK4*1**7*4       | is not 3
          N1*ST*  | N1*BT*     | AK3*W05*2**3  | AK5*R*5          | where the goods go
          W05*N   | W05*C      | AK3*W05*2**8  | AK4*2**7*F1      | not here to cancel
          W01*2   | W01*TWO    | AK3*W01*7**8  | AK4*1**6*TWO     | W0101
          """)
  void whatItCannotDoIsRefusedWithSegmentAndElement(
      String from, String to, String segment, String element, String word) {
    hub.send("940", String.join(";", order("F1")).replace(from, to).split(";"));

    assertThat(newest("997")).contains(segment + '\n').contains(element).contains("AK9*R*1*1*0");
    assertThat(warehouse.wrongs()).singleElement().asString().contains(word);
    assertThat(warehouse.summary(false).at("/fulfillments/accepted").asInt()).isZero();
  }

  @Test
  void anOrderThatComesAgainIsRefused() {
    hub.send("940", order("F1"));
    hub.send("940", order("F1"));

    assertThat(newest("997")).contains("AK4*2**7*F1");
    assertThat(warehouse.summary(false).at("/fulfillments/accepted").asInt()).isEqualTo(1);
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
  }

  @Test
  void anOrderIsCancelledBeforeItLeaves() {
    hub.send("940", order("F1"));
    hub.send("940", "W05*C*F1", "N1*ST*ADA", "N4*ASHEVILLE", "LX*1", "W01*2*EA", "W76*2");

    tomorrow();

    assertThat(newest("997")).contains("AK5*A");
    assertThat(warehouse.summary(false).at("/fulfillments/cancelled").asInt()).isEqualTo(1);
    assertThat(hub.waiting()).noneMatch(name -> name.startsWith("945"));
    assertThat(warehouse.onHand("LAMP")).isEqualTo(1000);
  }

  @Test
  void whatWasToldIsNotToldAgainAfterARestart() {
    hub.send("940", order("F1"));
    tomorrow();
    soon(() -> assertThat(hub.waiting()).anyMatch(name -> name.startsWith("945")));
    var before = hub.waiting();

    again();

    assertThat(hub.waiting()).isEqualTo(before);
    assertThat(warehouse.summary(false).at("/shipments").asInt()).isEqualTo(1);
    assertThat(warehouse.summary(false).at("/webhooks/waiting").asInt()).isEqualTo(1);
  }

  @Test
  void whatWasToLeaveWhileItWasAwayLeavesAfterwards() {
    hub.send("940", order("F1"));
    warehouse.close();
    clock.advance(Duration.ofDays(1));
    open();
    warehouse.runDue();

    soon(() -> assertThat(hub.waiting()).anyMatch(name -> name.startsWith("945")));
  }

  @Test
  void everySeventhOrderLeavesInTwoShipments() {
    for (var i = 1; i <= 7; i++) {
      hub.send("940", order("F" + i));
    }

    tomorrow();

    soon(() -> assertThat(hub.waiting()).filteredOn(n -> n.startsWith("945")).hasSize(8));
    var parts =
        hub.waiting().stream()
            .filter(name -> name.startsWith("945"))
            .map(hub::read)
            .filter(text -> text.contains("*F7*"))
            .toList();
    assertThat(parts)
        .hasSize(2)
        .anyMatch(t -> t.contains("W06*P*F7*") && t.contains("W12*CP*2*1*1*EA**VN*MUG-BLU"))
        .anyMatch(t -> t.contains("W06*F*F7*") && t.contains("W12*CC*1*1*0*EA**VN*LAMP"));
  }

  @Test
  void whatLiesThereIsTold() {
    warehouse.announceStock();
    assertThat(newest("846"))
        .startsWith("BIA*00*MM*STOCK-1*20260302*1000\n")
        .contains("*VN*MUG-BLU\nQTY*17*1000*EA\n");

    warehouse.adjust("MUG-BLU", -3, "05");
    assertThat(newest("947")).contains("W19*05*-3*EA**VN*MUG-BLU");
    warehouse.receiveGoods("ASN-9", Map.of("MUG-BLU", 10));
    assertThat(newest("944"))
        .contains("W17*F*20260302*RCV-2*ASN-9")
        .contains("W07*10*EA**VN*MUG-BLU");

    assertThat(warehouse.onHand("MUG-BLU")).isEqualTo(1007);
  }

  @Test
  void itSaysThatItCannotShip() {
    hub.send("940", order("F1"));

    assertThat(warehouse.reject("F1", "damaged")).isTrue();

    assertThat(newest("945")).contains("W12*OS*2*0*2*EA**VN*MUG-BLU").contains("W03*0");
    assertThat(warehouse.reject("F1", "again")).isFalse();
  }
}
