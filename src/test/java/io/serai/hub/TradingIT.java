package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.database.TestDatabase;
import io.serai.order.Address;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderChange;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.outbox.RepeatMode;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a channel that trades in documents hears: an acknowledgment, invoices, answers to changes.
 */
class TradingIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE, trading(true), new ManualClock());
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static Topology trading(boolean publishes) {
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        AHub.SHOP,
        new Topology.Account(
            AHub.SHOP,
            true,
            publishes,
            false,
            Map.of(
                "shipment", RepeatMode.QUERYABLE,
                "cancellation", RepeatMode.QUERYABLE,
                "acknowledgment", RepeatMode.QUERYABLE,
                "invoice", RepeatMode.QUERYABLE,
                "order-change", RepeatMode.QUERYABLE),
            Duration.ofHours(48)));
    return new Topology(AHub.TWO_NODES.nodes(), accounts);
  }

  private static Order order() {
    return anOrder()
        .numbered("1001")
        .placedAt(ManualClock.START)
        .with("MUG-BLU", 3)
        .with("TEE-RED", 1, "5.05")
        .build();
  }

  @Test
  void anOrderIsAcknowledgedOnceItIsDecided() {
    hub.apply(order());

    var told = hub.owed("1001", "acknowledgment");

    assertThat(told.destination()).isEqualTo(AHub.SHOP);
    assertThat(told.content().get("state").asText()).isEqualTo("ACCEPTED");
    assertThat(told.content().at("/lines/0/accepted").asInt()).isEqualTo(3);
    assertThat(told.content().at("/order/channel/orderId").asText()).isEqualTo("1001");
    assertThat(fits("order-acknowledgment", told.content())).isTrue();
    assertThat(hub.timeline("1001")).contains("order.acknowledged");
  }

  @Test
  void whatHappensLaterIsNoSecondAcknowledgment() {
    hub.apply(order());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(
        anOrder()
            .numbered("1001")
            .updatedAt(hub.clock.instant())
            .with("MUG-BLU", 4)
            .with("TEE-RED", 1, "5.05")
            .build());
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 3));

    assertThat(all("acknowledgment")).hasSize(1);
  }

  @Test
  void whatWaitsForStockIsToldSo() {
    hub.apply(
        anOrder()
            .numbered("1001")
            .placedAt(ManualClock.START)
            .with("MUG-BLU", 20)
            .with("TEE-RED", 1)
            .build());

    var told = hub.owed("1001", "acknowledgment").content();

    assertThat(told.get("state").asText()).isEqualTo("CHANGED");
    assertThat(told.at("/lines/0/backordered").asInt() + told.at("/lines/0/accepted").asInt())
        .isEqualTo(20);
  }

  @Test
  void anOrderThatIsHeldIsNotDecidedUntilItIsReleased() {
    hub.apply(anOrder().numbered("1001").placedAt(ManualClock.START).withoutAddress().build());
    assertThat(all("acknowledgment")).isEmpty();

    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(
        anOrder()
            .numbered("1001")
            .updatedAt(hub.clock.instant())
            .to(
                new Party(
                    "Store 17",
                    null,
                    null,
                    null,
                    null,
                    null,
                    new Address(List.of(), null, null, null, null, null, null, null, "00017"),
                    PiiState.PRESENT))
            .build());

    assertThat(all("acknowledgment")).hasSize(1);
    assertThat(hub.order("1001").hold()).isNull();
  }

  @Test
  void anOrderThatIsCancelledByUsBeforeItWasDecidedIsRejected() {
    hub.apply(anOrder().numbered("1001").placedAt(ManualClock.START).withoutAddress().build());

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.owed("1001", "acknowledgment").content().get("state").asText())
        .isEqualTo("REJECTED");
  }

  @Test
  void eachShipmentHasItsInvoiceAndTheyAddUpToTheOrder() {
    hub.apply(order());
    var request = hub.asked("1001").getFirst().text();
    hub.apply(hub.shipmentOf(request, "S-1", "MUG-BLU", 1));
    hub.apply(hub.shipmentOf(request, "S-2", "MUG-BLU", 2));
    hub.apply(hub.shipmentOf(request, "S-3", "TEE-RED", 1));

    var invoices = all("invoice");

    assertThat(invoices)
        .extracting(i -> i.content().get("number").asText())
        .containsExactly("#1001-1", "#1001-2", "#1001-3");
    assertThat(invoices)
        .extracting(i -> i.content().at("/totals/total/amount").asText())
        .containsExactly("10.00", "20.00", "5.05");
    assertThat(invoices).allMatch(i -> fits("invoice", i.content()));
    assertThat(all("shipment"))
        .extracting(AHub.Owed::businessKey)
        .isEqualTo(invoices.stream().map(AHub.Owed::businessKey).toList());
    assertThat(all("shipment")).allMatch(s -> fits("shipment", s.content()));
    assertThat(all("shipment").getFirst().content().get("shipFrom").asText()).isEqualTo(NEAR);
  }

  @Test
  void aShipmentToldTwiceIsInvoicedOnce() {
    hub.apply(order());
    var request = hub.asked("1001").getFirst().text();
    hub.apply(hub.shipmentOf(request, "S-1", "MUG-BLU", 1));
    hub.apply(hub.shipmentOf(request, "S-1", "MUG-BLU", 1));

    assertThat(all("invoice")).hasSize(1);
  }

  @Test
  void anInvoiceWaitsForTheReceiptOfItsShipmentAndNothingElseWaits() {
    hub.apply(order());
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 1));

    assertThat(
            hub.owed("1001").stream()
                .filter(d -> AHub.SHOP.equals(d.destination()))
                .map(AHub.Owed::lane))
        .hasSize(3)
        .satisfies(
            lanes -> {
              assertThat(lanes.get(1)).isEqualTo(lanes.get(2));
              assertThat(lanes.getFirst()).isNotEqualTo(lanes.get(1));
            });
  }

  @Test
  void aChangeIsAppliedAndAnswered() {
    hub.apply(order());

    hub.apply(change("C-1", new OrderChange.Line("1001-1", 2, Money.of("9.00", "EUR"), null)));

    var answer = hub.owed("1001", "order-change").content();
    assertThat(fits("change-answer", answer)).isTrue();
    assertThat(answer.get("state").asText()).isEqualTo("ACCEPTED");
    assertThat(answer.at("/lines/0/before").asInt()).isEqualTo(3);
    assertThat(answer.at("/lines/0/ordered").asInt()).isEqualTo(2);
    assertThat(answer.at("/order/lines/0/unitPrice/amount").asText()).isEqualTo("9.00");
    assertThat(answer.at("/order/totals/grandTotal/amount").asText()).isEqualTo("32.05");
    var line = hub.line("1001", "1001-1");
    assertThat(line.ordered() - line.cancelled()).isEqualTo(2);
    assertThat(line.allocated()).isEqualTo(2);
  }

  @Test
  void theSameNumberOfAChangeChangesNothingAgain() {
    hub.apply(order());
    hub.apply(change("C-1", new OrderChange.Line("1001-1", 2, null, null)));

    var again = hub.apply(change("C-1", new OrderChange.Line("1001-1", 1, null, null)));

    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(all("order-change")).hasSize(1);
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
  }

  @Test
  void aChangeThatIsReadAgainBehindANewerOneDoesNotUndoIt() {
    hub.apply(order());
    var first = change("C-1", new OrderChange.Line("1001-1", 1, null, null));
    var refused = hub.message(first);
    hub.run("UPDATE inbox_message SET state = 'PARKED' WHERE id = ?", refused.id());
    var second = change("C-2", new OrderChange.Line("1001-1", 2, null, null));
    hub.apply(second);

    hub.run("UPDATE inbox_message SET state = 'RUNNING' WHERE id = ?", refused.id());
    var again = hub.apply(first, refused);

    assertThat(again.messageState()).isEqualTo("PARKED");
    assertThat(((ApplyResult.Failed) again.result()).failure().sentence())
        .startsWith("Change 'C-1' of order ")
        .contains("came before a change that is applied already, and would undo it.");
    assertThat(all("order-change")).hasSize(1);
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    hub.run("DELETE FROM inbox_message WHERE state = 'PARKED'");
  }

  @Test
  void aChangeOfWhatANodeHoldsIsAnsweredWhenTheNodeHasSpoken() {
    hub.apply(order());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var request = hub.asked("1001").getFirst().text();

    hub.apply(change("C-1", new OrderChange.Line("1001-1", 0, null, null)));
    assertThat(all("order-change")).isEmpty();
    hub.apply(hub.answer(request, State.CANCEL_REFUSED));

    var answer = hub.owed("1001", "order-change").content();
    assertThat(answer.get("state").asText()).isEqualTo("REJECTED");
    assertThat(answer.at("/lines/0/ordered").asInt()).isEqualTo(3);
  }

  @Test
  void aLineThatIsAddedIsAllocatedAndAnswered() {
    hub.apply(order());
    var more = anOrder().with("TEE-RED", 2, "4.00").build().lines().getFirst();

    hub.apply(change("C-1", new OrderChange.Line("1001-3", 2, null, more)));

    assertThat(hub.line("1001", "1001-3").allocated()).isEqualTo(2);
    var answer = hub.owed("1001", "order-change").content();
    assertThat(answer.at("/lines/0/before").asInt()).isZero();
    assertThat(answer.at("/order/totals/items/amount").asText()).isEqualTo("43.05");
  }

  @Test
  void aChangeOfALineThatIsNotThereChangesNothing() {
    hub.apply(order());

    var result = hub.apply(change("C-1", new OrderChange.Line("9", 2, null, null)));

    assertThat(result.failed().failure().sentence())
        .isEqualTo(
            "Change 'C-1' speaks of line '9', which order '#1001' does not have. Ask the channel which line it means.");
    assertThat(hub.order("1001").revision()).isEqualTo(1);
  }

  @Test
  void aChangeThatComesFirstWaitsForItsOrder() {
    var early = hub.apply(change("C-1", new OrderChange.Line("1001-1", 2, null, null)));

    assertThat(early.result()).isInstanceOf(ApplyResult.Waits.class);
    assertThat(early.messageState()).isEqualTo("WAITING");
  }

  @Test
  void anOrderThatTheChannelTakesBackIsAnsweredAsACancellation() {
    hub.apply(order());
    hub.run("DELETE FROM delivery_content");
    hub.run("DELETE FROM delivery");

    hub.apply(
        new OrderChange(
            AHub.ref("1001"),
            "C-2",
            true,
            hub.clock.instant(),
            null,
            null,
            null,
            null,
            null,
            null));
    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    var answer = hub.owed("1001").stream().filter(d -> AHub.SHOP.equals(d.destination())).toList();
    assertThat(answer).hasSize(1);
    assertThat(answer.getFirst().operation()).isEqualTo("cancellation");
    assertThat(answer.getFirst().content().get("granted").asBoolean()).isTrue();
    assertThat(answer.getFirst().content().has("order")).isTrue();
    assertThat(fits("cancellation", answer.getFirst().content())).isTrue();
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    hub.run("DELETE FROM delivery");
    hub.run("DELETE FROM reservation");
    hub.run("DELETE FROM fulfillment_order");
  }

  @Test
  void aChannelThatDoesNotWantThemOwesNobodyAnything() {
    hub.close();
    hub = new AHub(DATABASE, trading(false), hub.clock);
    hub.apply(order());
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 1));

    assertThat(hub.owed("1001")).extracting(AHub.Owed::destination).doesNotContain(AHub.SHOP);
    assertThat(hub.number("SELECT count(*) FROM trade_document")).isZero();
  }

  private OrderChange change(String id, OrderChange.Line... lines) {
    hub.clock.advance(Duration.ofMinutes(1));
    return new OrderChange(
        AHub.ref("1001"),
        id,
        false,
        hub.clock.instant(),
        null,
        List.of(lines),
        null,
        null,
        null,
        null);
  }

  private List<AHub.Owed> all(String operation) {
    return hub.owed("1001").stream().filter(d -> operation.equals(d.operation())).toList();
  }

  private static boolean fits(String schema, JsonNode document) {
    try {
      var faults =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(
                  Json.tree(
                      Files.readAllBytes(Path.of("mappings/canonical", schema + ".schema.json"))))
              .validate(document);
      assertThat(faults).isEmpty();
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
