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

/** A hub with a database of its own takes orders again by itself after it was killed. */
@Tag("alone")
class RestartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
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
  void aKilledHubSaysYesAgainByItselfAndHasEverythingItSaidYesTo() {
    hub.start();
    assertThat(hub.becomesReady(PATIENCE)).isTrue();
    shop.place(20);
    hear();

    hub.kill();
    var server = hub.embedded().orElseThrow();
    assertThat(server.isAlive()).as("the database outlives the hub").isTrue();
    hub.start();
    shop.place(1);
    hear();
    everythingIsThere();

    hub.kill();
    hub.embedded().orElseThrow().destroyForcibly();
    hub.start();
    shop.place(1);
    hear();
    everythingIsThere();
  }

  private void hear() {
    try {
      Await.until("every order is heard", PATIENCE, shop::isHeard);
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "\n" + hub.tail(), late);
    }
  }

  private void everythingIsThere() {
    var placed = new TreeSet<String>();
    shop.acknowledged().forEach(event -> placed.add(event.orderId()));
    Await.until(
        "every order is there",
        PATIENCE,
        () -> {
          var there = new TreeSet<String>();
          hub.call("GET", "/api/v1/orders?limit=100", null)
              .get("items")
              .forEach(order -> there.add(order.get("channelOrderId").asText()));
          return there.equals(placed);
        });
  }
}
