package io.serai.crash;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.order.Address;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.simulator.CarrierOptions;
import io.serai.simulator.CarrierSimulator;
import io.serai.simulator.Mood;
import io.serai.support.Await;
import io.serai.support.CrashPoint;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hub dies while labels are bought, refused, taken back and used. The carriers, who remember
 * every label they sold, say what came of it.
 */
@Tag("alone")
@Tag("long")
@TestInstance(Lifecycle.PER_CLASS)
class CarrierCrashIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private CarrierSimulator easypost;
  private CarrierSimulator ups;
  private HubProcess hub;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    easypost = CarrierSimulator.easypost(CarrierOptions.in(folder));
    ups = CarrierSimulator.ups(CarrierOptions.in(folder));
    var configuration = folder.resolve("serai.yaml");
    Files.writeString(
        configuration,
        "serai:\n  channels:\n    b2b: { connector: api }\n  partners:\n"
            + "    easypost-main:\n      connector: easypost\n"
            + lines(easypost.parameters())
            + "    ups-main:\n      connector: ups\n"
            + lines(ups.parameters())
            + """
              nodes:
                store-1:
                  type: store
                  country: US
                  region: NJ
                  postal-code: "07030"
                  carriers: "easypost-main, ups-main"
                  carrier-patience: 60s
                  ship-from: { name: Acme Store, street: 1 Main Street, city: Hoboken, phone: "+12015550100" }
            """);
    hub =
        new HubProcess(
            folder.resolve("hub"),
            configuration,
            FreePort.next(),
            FreePort.next(),
            Map.of(
                "SERAI_DB_URL", DATABASE.url(),
                "SERAI_DB_USER", TestDatabase.server().user(),
                "SERAI_DB_PASSWORD", TestDatabase.server().password()));
  }

  private static String lines(Map<String, Object> parameters) {
    var lines = new StringBuilder();
    parameters.forEach(
        (name, value) -> lines.append("      %s: %s\n".formatted(name, Json.text(value))));
    return lines.toString();
  }

  @AfterAll
  void close() {
    hub.close();
    ups.close();
    easypost.close();
  }

  @Test
  void oneLabelIsBoughtForAParcelAndNeverTwo() {
    dieAt(
        CrashPoint.BEFORE_SEND + "/label-request",
        () -> {
          stock();
          pack("B-1");
        });
    livesUntil("B-1", "LABELED");
    dieAt(CrashPoint.BEFORE_OUTCOME_COMMIT + "/label-request", () -> pack("B-2"));
    livesUntil("B-2", "LABELED");
    easypost.moods().set(Mood.of(Mood.Kind.REFUSING).on("shipments.buy").times(1));
    dieAt(CrashPoint.BEFORE_OUTCOME_COMMIT + "/label-request", () -> pack("B-3"));
    easypost.moods().calm();
    livesUntil("B-3", "LABELED");
    dieAt(CrashPoint.BEFORE_SEND + "/label-void", () -> packAndVoid("B-4"));
    livesUntil("B-4", "VOIDED");
    dieAt(CrashPoint.BEFORE_OUTCOME_COMMIT + "/label-void", () -> packAndVoid("B-5"));
    livesUntil("B-5", "VOIDED");
    start();
    act("B-2", "hand-over");
    hub.kill();
    start();
    until("B-2", "SHIPPED");
    Await.until("nothing is asked of a carrier any more", PATIENCE, () -> open() == 0);

    for (var number : List.of("B-1", "B-2", "B-3", "B-4", "B-5")) {
      assertThat(effects("label.bought", number))
          .as("labels of %s, in %s", number, parcel(number))
          .isEqualTo(1);
      assertThat(effects("label.voided", number))
          .as("labels of %s that were taken back", number)
          .isEqualTo(List.of("B-4", "B-5").contains(number) ? 1 : 0);
    }
    assertThat(parcel("B-3").path("account").asText())
        .as("who refused is not asked again")
        .isEqualTo("ups-main");
    assertThat(shipments("B-2")).isEqualTo(1);
  }

  /** A life that ends at a point; all that went before is settled, so it is this work's. */
  private void dieAt(String point, Runnable work) {
    hub.start(null, List.of("-Dserai.crash-point=" + point + ":1"));
    assertThat(hub.becomesReady(START)).as(hub.tail()).isTrue();
    try {
      work.run();
    } catch (UncheckedIOException unheard) {
      // it died before the answer left, which came of what was asked
    }
    assertThat(hub.awaitEnd(point + " is never reached", PATIENCE)).isEqualTo(HubProcess.HALTED);
  }

  /** An ordinary life in which what the last one left is brought to its end. */
  private void livesUntil(String number, String state) {
    start();
    until(number, state);
    Await.until("nothing is asked of a carrier any more", PATIENCE, () -> open() == 0);
    hub.kill();
  }

  private void start() {
    hub.start();
    assertThat(hub.becomesReady(START)).as(hub.tail()).isTrue();
  }

  private void stock() {
    var body = Json.MAPPER.createObjectNode().put("node", "store-1");
    body.putArray("levels").addObject().put("sku", "MUG-BLU").put("onHand", 500);
    hub.call("PUT", "/api/v1/stock", body);
  }

  private void pack(String number) {
    var order =
        anOrder()
            .of("b2b")
            .numbered(number)
            .chargedIn("USD")
            .to(
                new Party(
                    "Ada Example",
                    null,
                    null,
                    null,
                    "ada@example.com",
                    "+12015550101",
                    new Address(
                        List.of("12 River Street"), "Hoboken", "NJ", null, "07030", "US", null),
                    PiiState.PRESENT))
            .with("MUG-BLU", 1)
            .build();
    hub.call("POST", "/api/v1/orders", Json.node(order));
    Await.until(
        number + " is asked of the store",
        PATIENCE,
        () -> {
          try {
            return !hub.call("GET", "/api/v1/orders/b2b:" + number, null)
                .path("fulfillments")
                .isEmpty();
          } catch (AssertionError notYet) {
            return false;
          }
        });
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putArray("parcels").addObject().put("weight", 900);
    hub.call("POST", "/api/v1/orders/b2b:" + number + "/pack", body);
  }

  private void packAndVoid(String number) {
    pack(number);
    until(number, "LABELED");
    act(number, "void");
  }

  private JsonNode parcel(String number) {
    return hub.call("GET", "/api/v1/orders/b2b:" + number + "/parcels", null).get(0);
  }

  private void until(String number, String state) {
    Await.until(
        number + " is " + state,
        PATIENCE,
        () -> state.equals(parcel(number).path("state").asText()));
  }

  private void act(String number, String verb) {
    hub.call(
        "POST",
        "/api/v1/parcels/" + parcel(number).path("id").asText() + "/" + verb,
        Json.MAPPER.createObjectNode().put("reason", "crash test"));
  }

  private long effects(String kind, String number) {
    var key = parcel(number).path("id").asText();
    var count = 0L;
    for (var carrier : List.of(easypost, ups)) {
      for (var effect : carrier.ledger().effects().of(kind)) {
        count += effect.key().startsWith(key) ? 1 : 0;
      }
    }
    return count;
  }

  private int open() {
    return number(
        "SELECT count(*) FROM delivery WHERE operation LIKE 'label-%' AND state IN ('READY', 'SENDING', 'PENDING')");
  }

  private int shipments(String number) {
    return number(
        "SELECT count(*) FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE o.channel_order_id = '"
            + number
            + "'");
  }

  private static int number(String query) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }
}
