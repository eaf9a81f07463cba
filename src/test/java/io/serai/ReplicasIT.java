package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Repeat;
import io.serai.simulator.Rest3plSimulator;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two hubs over one database, of which one is stopped, in time, while both are at work. */
@Tag("alone")
class ReplicasIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int ORDERS = 120;

  @Test
  void whatAHubHasNotDoneWhenItStopsAnotherDoesAndNobodyHasToLookAtIt(@TempDir Path folder)
      throws Exception {
    try (var warehouse =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, FreePort.next(), "northwind")
                .whenCreatedTwice(Repeat.BLIND)
                .webhooksTo(null)
                .acceptsAnySku(true)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)))) {
      warehouse
          .moods()
          .set(Mood.of(Mood.Kind.SLOW).on("fulfillments.create").lasting(Duration.ofMillis(150)));
      var stops = hub(warehouse).start(Files.createDirectories(folder.resolve("one")));
      var owner = stops.owner();
      try (var stays = hub(warehouse).join(Files.createDirectories(folder.resolve("two")))) {
        try (stops) {
          stays.stock("nj-1", "MUG-BLU", ORDERS);
          for (var no = 0; no < ORDERS; no++) {
            order(no % 3 == 0 ? stays : stops, "R-" + no);
          }
        } // while calls are under way and others wait for a place

        assertThat(held(stays, owner)).as("what still names the hub that stopped").isEmpty();
        await()
            .atMost(AWholeHub.PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(
                            stays.texts(
                                """
                                SELECT state FROM delivery WHERE state IN ('READY', 'SENDING')
                                UNION ALL SELECT state FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING')"""))
                        .isEmpty());

        assertThat(stays.texts("SELECT sentence FROM failure")).isEmpty();
        assertThat(
                stays.texts(
                    "SELECT DISTINCT state FROM delivery WHERE operation = 'fulfillment-request'"))
            .containsExactly("CONFIRMED");
        var done = warehouse.ledger().effects().of("fulfillment.accepted");
        assertThat(done.subjects()).hasSize(ORDERS);
        assertThat(done.count()).as("none was asked for twice").isEqualTo(ORDERS);
        assertThat(stays.texts("SELECT DISTINCT attempt_count::text FROM inbox_message"))
            .containsExactly("0");
      }
    }
  }

  private static AWholeHub hub(Rest3plSimulator warehouse) {
    return AWholeHub.over(DATABASE)
        .channel("b2b", "api")
        .threePl(
            "northwind",
            warehouse,
            "outcome.fulfillment-request",
            "blind",
            "limits.in-flight",
            8,
            "poll-shipments",
            false)
        .node("nj-1", "type", "3pl", "partner", "northwind", "country", "US");
  }

  private static void order(AWholeHub hub, String number) {
    JsonNode order = Json.node(anOrder().of("b2b").numbered(number).with("MUG-BLU", 1).build());
    var answer = hub.api("POST", "/orders", Json.text(order));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static List<String> held(AWholeHub hub, String owner) {
    return hub.texts(
        """
        SELECT document || ' ' || state FROM inbox_message WHERE lease_owner = ?
        UNION ALL SELECT document || ' ' || state FROM delivery WHERE lease_owner = ?""",
        owner,
        owner);
  }
}
