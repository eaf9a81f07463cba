package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.database.TestDatabase;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.outbox.RepeatMode;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final String FILES = "warehouse-of-data";
  private static final Duration EVERY = Duration.ofMinutes(5);

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(ERP, feed(ERP, "order.*", "shipment.*", "refund.*"));
    accounts.put(SHELF, feed(SHELF, "stock.changed"));
    accounts.put(FILES, feed(FILES, "event-file", "order.received", "shipment.delivered"));
    hub = new AHub(DATABASE, new Topology(AHub.TWO_NODES.nodes(), accounts), new ManualClock());
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    // some are owed without a message
    hub.run("DELETE FROM delivery WHERE operation IN ('event', 'event-file')");
    hub.holdsTogether();
  }

  private static Topology.Account feed(String name, String first, String... others) {
    var file = "event-file".equals(first);
    var events = new ArrayList<>(List.of(others));
    if (!file) {
      events.addFirst(first);
    }
    return new Topology.Account(
            name,
            false,
            false,
            false,
            Map.of(file ? "event-file" : "event", RepeatMode.IDEMPOTENT),
            Duration.ofHours(72))
        .hearingOf(events);
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

  @Test
  void whatBecomesOfAParcelIsTold() throws IOException {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").placedAt(ManualClock.START).with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2));
    hub.apply(
        new Tracking(
            "1ZS-1",
            "ups",
            null,
            List.of(
                new Tracking.Event(
                    ManualClock.START.plusSeconds(60), TrackingState.DELIVERED, null, null, null))),
        hub.message("ups-main", "tracking", "1ZS-1"));

    assertThat(types(ERP)).endsWith("shipment.delivered", "order.delivered");
    var delivered = owed(ERP).get(types(ERP).indexOf("shipment.delivered"));
    assertThat(schema().validate(delivered)).isEmpty();
    assertThat(delivered.at("/parcel/tracking").asText()).isEqualTo("1ZS-1");
    assertThat(delivered.at("/parcel/lines/0/quantity").asInt()).isEqualTo(2);
    assertThat(delivered.at("/order/state").asText()).isEqualTo("DELIVERED");
  }

  private List<JsonNode> files() {
    return hub.all(
        """
        SELECT c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
        WHERE d.operation = 'event-file' ORDER BY d.id""",
        rows -> Json.tree(rows.getString(1)));
  }

  @Test
  void eventsForAFileAreGatheredUntilTheFirstHasWaitedAndAreInOneFileOnly() throws SQLException {
    var made = new FeedFiles(DATABASE.dataSource(), hub.clock, hub.engine(), Map.of(FILES, EVERY));
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 1).build());
    hub.apply(anOrder().numbered("1002").with("MUG-BLU", 1).build());
    assertThat(made.runDue()).as("not yet").isEmpty();

    hub.clock.advance(EVERY);
    assertThat(made.runDue()).containsExactly(FILES);
    hub.apply(anOrder().numbered("1003").with("MUG-BLU", 1).build());
    assertThat(made.runDue()).isEmpty();
    hub.clock.advance(EVERY);
    assertThat(made.runDue()).containsExactly(FILES);

    assertThat(files())
        .extracting(f -> f.path("name").asText())
        .containsExactly("events-000000000001", "events-000000000002");
    assertThat(files().getFirst().at("/events").findValuesAsText("displayNumber"))
        .containsExactly("#1001", "#1002");
    assertThat(files().getLast().at("/events").findValuesAsText("displayNumber"))
        .containsExactly("#1003");
    assertThat(owed(FILES)).as("none is told by itself").isEmpty();
    assertThat(hub.number("SELECT count(*) FROM feed_event")).isZero();
  }
}
