package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of several stand-ins, as the demo starts it. */
class SimulatorsTest {

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private Process process;
  private com.fasterxml.jackson.databind.JsonNode addresses;

  @AfterEach
  void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    ear.close();
  }

  @Test
  void itPrintsItsAddressesPlacesOrdersAndStopsWhenItsInputCloses() throws Exception {
    var control = start();

    Caller.post(control, "/_control/orders", "{\"count\":3,\"ratePerSecond\":50}");

    soon(() -> assertThat(ear.heard("orders/create")).hasSize(3));
    assertThat(ear.heard().get(0).path()).isEqualTo("/webhooks/shopify-main");
    var summary = Caller.get(control, "/_control/summary?detail=true").json();
    assertThat(summary.at("/shopify/orders/created").asInt()).isEqualTo(3);
    assertThat(summary.at("/shopify/byOrder")).hasSize(3);
    assertThat(summary.at("/rest3pl/fulfillments/accepted").asInt()).isZero();

    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void everyKindOfChannelIsThereKeepsItsBooksAndSaysWhatAHubMustKnow() throws Exception {
    var control = start("--channel", "all=main");

    for (var channel : addresses.get("channels")) {
      var name = channel.get("name").asText();
      assertThat(channel.get("account").asText()).isEqualTo(name + "-main");
      assertThat(channel.get("parameters").isEmpty()).as(name).isFalse();
      assertThat(addresses.at("/" + name + "/port").asInt()).isPositive();
      Caller.post(control, "/_control/" + name + "/orders", "{\"count\":5}");
      soon(
          () ->
              assertThat(get(control, "progress").at("/" + name + "/placed").asInt())
                  .as(name)
                  .isEqualTo(5));
      var books = ChannelBooks.read(get(control, name + "/books"));
      assertThat(books.orders())
          .as(name)
          .hasSize(5)
          .allSatisfy((id, units) -> assertThat(units).isNotNull());
    }
  }

  @Test
  void killedAndStartedAgainItGoesOnWhereItStopped() throws Exception {
    ear.answering(503);
    var control = start();
    Caller.post(control, "/_control/orders", "{\"count\":2}");
    soon(() -> assertThat(ear.heard()).hasSizeGreaterThanOrEqualTo(2));
    process.destroyForcibly().waitFor();
    ear.answering(200);

    control = start();
    Caller.post(control, "/_control/orders", "{\"count\":3}");

    var again = control;
    soon(
        () -> assertThat(summary(again).at("/shopify/webhooks/acknowledged").asInt()).isEqualTo(3));
    assertThat(summary(again).at("/shopify/orders/created").asInt()).isEqualTo(3);
  }

  @Test
  void mailboxesStayWhatTheyWereWhenTheyAreStartedAgain() throws Exception {
    String[] options = {
      "--edi",
      "--channel",
      "walmart=walmart-main",
      "--port",
      "walmart-mailbox=" + FreePort.next(),
      "--port",
      "x12-3pl-mailbox=" + FreePort.next()
    };
    start(options);
    var before = addresses;
    process.destroyForcibly().waitFor();

    start(options);

    assertThat(addresses.get("partner")).isEqualTo(before.get("partner"));
    assertThat(addresses.at("/channels/1")).isEqualTo(before.at("/channels/1"));
    assertThat(addresses.at("/partner/host-key").asText()).startsWith("ecdsa-sha2-nistp256 ");
  }

  @Test
  void carriersStandBesideTheChannelsAndSayWhatAHubMustKnow() throws Exception {
    var control = start("--carrier", "easypost=easypost-main", "--carrier", "ups=ups-main");

    assertThat(addresses.get("carriers"))
        .extracting(one -> one.get("account").asText() + " by " + one.get("connector").asText())
        .containsExactly("easypost-main by easypost", "ups-main by ups");
    assertThat(addresses.at("/carriers/0/parameters/base-url").asText())
        .startsWith(addresses.at("/easypost/url").asText());
    assertThat(summary(control).at("/ups/bought").asInt()).isZero();
  }

  @Test
  void anOrderOfCertainArticlesIsPlacedOnDemand() throws Exception {
    var control = start();

    var placed =
        Caller.post(control, "/_control/shopify/place", "{\"units\":{\"TEE-M\":3,\"PSTR-A3\":1}}");

    assertThat(placed.status()).isEqualTo(201);
    assertThat(placed.json().at("/line_items/0/sku").asText()).isEqualTo("TEE-M");
    assertThat(placed.json().at("/line_items/0/quantity").asInt()).isEqualTo(3);
    assertThat(placed.json().at("/total_line_items_price").asText()).isEqualTo("130.50");
    soon(() -> assertThat(ear.heard("orders/create")).hasSize(1));
    var refused = Caller.post(control, "/_control/shopify/place", "{\"units\":{\"NONE\":1}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("error").asText())
        .isEqualTo("SKU 'NONE' is not in shop 'acme.myshopify.com'; use one it sells.");
    var nothing = Caller.post(control, "/_control/shopify/place", "{\"units\":{}}");
    assertThat(nothing.json().path("error").asText())
        .isEqualTo("Field 'units' names no SKU with at least 1; give both.");
  }

  @Test
  void itStopsWhenTheProcessItWatchesDies() throws Exception {
    var watched = new ProcessBuilder("sleep", "300").start();
    start("--parent", String.valueOf(watched.pid()));

    watched.destroyForcibly();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void moodsOfBothAreSetInOneCall() throws Exception {
    var control = start("--mood", "shopify:slow=0.5");

    var set =
        Caller.post(control, "/_control/moods", "{\"rest3pl\":[{\"mood\":\"flaky\"}]}").json();

    assertThat(set.at("/shopify/0/mood").asText()).isEqualTo("slow");
    assertThat(set.at("/rest3pl/0/mood").asText()).isEqualTo("flaky");
    assertThat(Caller.post(control, "/_control/moods", "{\"shopify\":[{\"mood\":\"x\"}]}").status())
        .isEqualTo(400);
    assertThat(Caller.get(control, "/_control/nonsense").status()).isEqualTo(404);
  }

  private com.fasterxml.jackson.databind.JsonNode summary(URI control) {
    return get(control, "summary");
  }

  private static com.fasterxml.jackson.databind.JsonNode get(URI control, String knob) {
    try {
      return Caller.get(control, "/_control/" + knob).json();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private URI start(String... more) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Simulators.class.getName(),
                "--folder",
                folder.toString(),
                "--hub",
                ear.url().resolve("/").toString(),
                "--channel",
                "shopify=shopify-main",
                "--retry-span",
                "PT10S"));
    command.addAll(List.of(more));
    process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("error.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .directory(new File("."))
            .start();
    var line = process.inputReader().readLine();
    addresses = Jsons.own(line.getBytes());
    return URI.create(addresses.at("/control/url").asText());
  }
}
