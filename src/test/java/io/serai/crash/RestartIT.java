package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Await;
import io.serai.support.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How soon a hub with a database of its own takes orders again after it was killed. */
@Tag("alone")
class RestartIT {
  private static final Duration PROMISED = Duration.ofSeconds(20);
  private static final String SHOP = "shopify-main";

  private final HubProcess hub;
  private final RecordingShop shop;

  RestartIT() throws IOException {
    var folder = Files.createDirectories(HubClasses.FOLDER).resolve("restart");
    Files.createDirectories(folder);
    var port = FreePort.next();
    shop =
        new RecordingShop(
            Files.createTempDirectory(folder, "shop"),
            List.of(URI.create("http://127.0.0.1:" + port)),
            SHOP);
    var configuration = folder.resolve("serai.yaml");
    Files.writeString(
        configuration,
        """
        serai:
          channels:
            %s: { connector: shopify, shop: acme, base-url: "%s", webhook-secret: "%s", access-token: "%s", reconcile: false }
        """
            .formatted(SHOP, shop.url(), RecordingShop.SECRET, RecordingShop.TOKEN));
    hub =
        new HubProcess(
            Files.createTempDirectory(folder, "hub"),
            configuration,
            port,
            FreePort.next(),
            Map.of());
  }

  @AfterEach
  void end() {
    hub.close();
    shop.close();
  }

  @Test
  void aKilledHubSaysYesAgainWithinTwentySecondsAndHasEverythingItSaidYesTo() {
    hub.start();
    assertThat(hub.becomesReady(Duration.ofSeconds(90))).isTrue();
    shop.place(20);
    hear(Duration.ofSeconds(30));

    hub.kill();
    var server = hub.embedded().orElseThrow();
    assertThat(server.isAlive()).as("the database outlives the hub").isTrue();
    hub.start();
    shop.place(1);
    hear(PROMISED);
    everythingIsThere();

    hub.kill();
    hub.embedded().orElseThrow().destroyForcibly();
    hub.start();
    shop.place(1);
    hear(PROMISED);
    everythingIsThere();
  }

  private void hear(Duration limit) {
    try {
      Await.until("every order is heard", limit, shop::isHeard);
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "\n" + hub.tail(), late);
    }
  }

  private void everythingIsThere() {
    var placed = new TreeSet<String>();
    shop.acknowledged().forEach(event -> placed.add(event.orderId()));
    Await.until(
        "every order is there",
        Duration.ofSeconds(30),
        () -> {
          var there = new TreeSet<String>();
          hub.call("GET", "/api/v1/orders?limit=100", null)
              .get("items")
              .forEach(order -> there.add(order.get("channelOrderId").asText()));
          return there.equals(placed);
        });
  }
}
