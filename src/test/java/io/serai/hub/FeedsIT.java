package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.database.TestDatabase;
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

/** What systems behind the hub hear of what happens, and in which order. */
class FeedsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ERP = "erp";
  private static final String SHELF = "shelf-signs";

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(ERP, feed(ERP, "order.*", "shipment.sent", "refund.*"));
    accounts.put(SHELF, feed(SHELF, "stock.changed"));
    hub = new AHub(DATABASE, new Topology(AHub.TWO_NODES.nodes(), accounts), new ManualClock());
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.run("DELETE FROM delivery WHERE operation = 'event'"); // some are owed without a message
    hub.holdsTogether();
  }

  private static Topology.Account feed(String name, String... events) {
    return new Topology.Account(
        name,
        false,
        false,
        false,
        Map.of("event", RepeatMode.IDEMPOTENT),
        Duration.ofHours(72),
        Map.of(),
        HoldPolicy.USUAL,
        null,
        List.of(events));
  }

  /** What a feed is owed, in the order in which it is sent. */
  private List<JsonNode> owed(String feed) {
    return hub.all(
        """
        SELECT c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
        WHERE d.operation = 'event' AND d.destination = '%s' ORDER BY d.id"""
            .formatted(feed),
        rows -> Json.tree(rows.getString(1)));
  }

  private List<String> types(String feed) {
    return owed(feed).stream().map(event -> event.path("type").asText()).toList();
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Json.tree(Files.readAllBytes(Path.of("mappings/canonical/event.schema.json"))));
  }

  @Test
  void theLifeOfAnOrderIsToldInItsOrder() throws IOException {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2));

    assertThat(types(ERP)).containsExactly("order.received", "order.allocated", "shipment.sent");
    var events = owed(ERP);
    assertThat(events).allSatisfy(event -> assertThat(schema().validate(event)).isEmpty());
    assertThat(events.get(1).at("/order/state").asText()).isEqualTo("RELEASED");
    assertThat(events.get(1).at("/order/lines/0/allocated").asInt()).isEqualTo(2);
    assertThat(events.get(2).at("/order/state").asText()).isEqualTo("SHIPPED");
    assertThat(events.get(2).at("/shipments/0/tracking").asText()).isNotEmpty();
    var sequence = events.stream().map(event -> event.path("sequence").asLong()).toList();
    assertThat(sequence).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void oneOrderIsOneLaneOfAFeed() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 1).build());
    hub.apply(anOrder().numbered("1002").with("MUG-BLU", 1).build());

    assertThat(hub.number("SELECT count(DISTINCT lane) FROM delivery WHERE destination = 'erp'"))
        .isEqualTo(2);
    assertThat(
            hub.number(
                "SELECT count(*) FROM delivery WHERE destination = 'erp' AND state = 'READY'"))
        .isEqualTo(4);
  }

  @Test
  void whatIsAppliedTwiceIsToldOnce() {
    hub.has("MUG-BLU", NEAR, 5);
    var order = anOrder().numbered("1001").with("MUG-BLU", 1).build();
    hub.apply(order);
    var once = owed(ERP);

    hub.apply(order);

    assertThat(owed(ERP)).isEqualTo(once);
  }

  @Test
  void noNameOrAddressIsTold() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 1).build());

    assertThat(hub.text("SELECT document::text FROM order_document"))
        .contains("Ørsted", "Weserstraße", "Berlin", "jana@example.com");
    assertThat(owed(ERP)).isNotEmpty();
    assertThat(owed(ERP).toString())
        .doesNotContain("Jana", "Ørsted", "Weserstraße", "Berlin", "jana@example.com");
  }

  @Test
  void everyChangeOfALevelIsToldToThoseWhoWantToHearOfStock() throws IOException {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    assertThat(types(SHELF)).containsExactly("stock.changed", "stock.changed");
    var events = owed(SHELF);
    assertThat(events).allSatisfy(event -> assertThat(schema().validate(event)).isEmpty());
    assertThat(events.get(0).at("/stock/available").asInt()).isEqualTo(5);
    assertThat(events.get(1).at("/stock/allocated").asInt()).isEqualTo(2);
    assertThat(events.get(1).at("/stock/available").asInt()).isEqualTo(3);
    assertThat(
            hub.number(
                "SELECT count(DISTINCT lane) FROM delivery WHERE destination = 'shelf-signs'"))
        .isEqualTo(1);
  }

  @Test
  void whatNobodyAskedForIsNotTold() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    assertThat(types(ERP)).doesNotContain("stock.changed");
    assertThat(types(SHELF)).containsOnly("stock.changed");
  }
}
