package io.serai.demo;

import io.serai.simulator.Signature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the people of a shop's outlet get wrong on a bad day: signed orders with a decimal comma,
 * without a currency, and cut off in their middle. Each is accepted, stops for its own reason, and
 * waits for somebody to correct and replay it.
 */
final class Mistakes {
  private static final int EACH = 3;
  private static final int FIRST = 2001;

  private final URI webhook;
  private final Screen screen;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  /** Mistakes that are made at the hub of this address. */
  Mistakes(String hub, Screen screen) {
    this.webhook = URI.create(hub + "/webhooks/" + Stage.OUTLET);
    this.screen = screen;
  }

  /** The same orders each time, so that making them again changes nothing. */
  static List<String> orders() {
    var orders = new ArrayList<String>();
    for (var number = FIRST; orders.size() < 3 * EACH; number += 3) {
      orders.add(TryIt.order(number).replace("\"price\":\"24.00\"", "\"price\":\"24,00\""));
      orders.add(TryIt.order(number + 1).replace("\"currency\":\"EUR\",", ""));
      var whole = TryIt.order(number + 2);
      orders.add(whole.substring(0, whole.length() / 2));
    }
    return orders;
  }

  /** Makes them all and says how many were accepted. */
  void make() {
    var accepted = 0;
    for (var order : orders()) {
      accepted += accepted(order) ? 1 : 0;
    }
    screen.line(
        "  # chaos: '%s' sent %d orders that nobody can read as they are: correct and replay them in the console"
            .formatted(Stage.OUTLET, accepted));
  }

  private boolean accepted(String order) {
    var body = order.getBytes(StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(webhook)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("X-Shopify-Topic", "orders/create")
            .header("X-Shopify-Hmac-Sha256", Signature.base64(Stage.SHOP_SECRET, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      screen.line("  # chaos: '%s' could not be reached (%s)".formatted(webhook, e.getMessage()));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
