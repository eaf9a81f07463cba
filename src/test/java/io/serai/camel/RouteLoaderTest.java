package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.FileState.Status;
import io.serai.catalog.Mappings;
import io.serai.catalog.Sources;
import io.serai.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteLoaderTest {
  private static final String NORMALIZE = "routes/process/acme-order-normalize.camel.yaml";
  private static final String STOCK = "routes/outbound/acme-stock-out.camel.yaml";
  private static final String SINK = "connectors/acme-stock-sink.kamelet.yaml";
  private static final String CONNECTOR = "connectors/acme.connector.yaml";
  private static final String ONE_OFF = "routes/process/acme-stock-check.camel.yaml";

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StubSerai serai = new StubSerai();
  private DefaultCamelContext context;
  private Configuration configuration;
  private Mappings mappings;
  private Home home;
  private RouteLoader loader;

  /** For messages inside routes that are to be replaced. */
  private Duration patience = Duration.ofSeconds(20);

  @BeforeEach
  void start() {
    home = Home.with(folder);
    context = new DefaultCamelContext();
    context.disableJMX();
    context.addComponent("serai", serai);
    var kamelets = new KameletComponent();
    kamelets.setNoErrorHandler(true);
    kamelets.setLocation("");
    context.addComponent("kamelet", kamelets);
    context.start();
    load();
  }

  private void load() {
    var catalog = Catalog.of(Sources.of(List.of(folder)));
    configuration = Configuration.read(Home.environment(), catalog.edition());
    mappings = new Mappings(folder, new ClassLoader(null) {});
    loader =
        new RouteLoader(
            context,
            catalog,
            configuration,
            mappings,
            Set.of(),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            patience);
    loader.refresh();
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    context.getShutdownStrategy().setTimeout(5);
    context.close();
  }

  @Test
  void everyAccountGetsTheRoutesOfItsConnector() throws Exception {
    assertThat(loader.state(NORMALIZE).faults()).isEmpty();
    assertThat(loader.state(NORMALIZE).routes())
        .containsExactly("acme-order-normalize@north", "acme-order-normalize@south");
    assertThat(context.getProcessor("north-acme-order-normalize-map")).isNotNull();

    serai.send("inbox/order/south", "1001");

    assertThat(serai.steps()).containsExactly("map/acme/order.in.jslt=1001", "apply/order=1001");
  }

  @Test
  void aStoppedRouteLetsNothingInAlsoWithANewTextUntilItIsStarted() throws Exception {
    var id = "acme-order-normalize@south";
    loader.heed(Set.of(id));
    assertThat(serai.listens("inbox/order/south")).isFalse();
    assertThat(serai.listens("inbox/order/north")).isTrue();
    assertThat(loader.routes()).extracting(RunningRoute::id).contains(id);

    home.write(NORMALIZE, Files.readString(folder.resolve(NORMALIZE)) + "\n# said better\n");
    loader.refresh();
    assertThat(serai.listens("inbox/order/south")).isFalse();

    loader.heed(Set.of());
    serai.send("inbox/order/south", "1001");
    assertThat(serai.steps()).containsExactly("map/acme/order.in.jslt=1001", "apply/order=1001");
  }

  @Test
  void aRouteThatAnAccountSwitchedOffDoesNotRun() {
    assertThat(loader.state(STOCK).routes()).containsExactly("acme-stock-out@north");
    assertThat(serai.listens("outbox/stock/south")).isFalse();
  }

  @Test
  void aRehearsalTriesWhatRunsAndChangesNothing() throws Exception {
    loader.rehearse();

    assertThat(loader.states()).allMatch(state -> state.status() == Status.OK);
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
    assertThat(serai.steps()).hasSize(1);
  }

  @Test
  void aTemplateIsGivenWhatTheAccountSetsButNoSecret() throws Exception {
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
    assertThat(configuration.account("north").templateParameters())
        .containsOnlyKeys("account", "baseUrl", "publish");
  }

  @Test
  void aBadEditLeavesTheLastGoodTextRunning() throws Exception {
    home.write(STOCK, Home.STOCK.replace("kamelet:acme-stock-sink", "nonsense:x"));
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(STOCK).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.line()).isEqualTo(10))
        .satisfies(fault -> assertThat(fault.what()).isEqualTo("There is no component 'nonsense'"));
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
    assertThat(loader.state(NORMALIZE).status()).isEqualTo(Status.OK);
  }

  @Test
  void aTextThatIsNoYamlLeavesTheLastGoodTextRunning() throws Exception {
    home.write(STOCK, "- routeTemplate: [");
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void aGoodEditAfterABadOneTakesEffect() throws Exception {
    home.write(STOCK, Home.STOCK.replace("kamelet:acme-stock-sink", "nonsense:x"));
    loader.refresh();

    home.write(STOCK, withStep("setBody", "simple", "edited ${body}"));
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.OK);
    assertThat(stock("7")).isEqualTo("edited v1 https://north.example 7");
  }

  @Test
  void theOldTextPutBackAfterABadEditIsWell() throws Exception {
    home.write(STOCK, "nonsense");
    loader.refresh();

    home.write(STOCK, Home.STOCK);
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.OK);
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void aFileThatIsBadFromTheStartFailsAlone() throws Exception {
    loader.stop();
    home.write(STOCK, "- routeTemplate: [");
    load();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.FAILED);
    assertThat(loader.state(STOCK).routes()).isEmpty();
    assertThat(loader.state(NORMALIZE).status()).isEqualTo(Status.OK);
    assertThat(serai.listens("inbox/order/north")).isTrue();
  }

  @Test
  void aFileThatIsAddedRunsAndOneThatIsDeletedIsGone() throws Exception {
    var before = size();
    home.write(ONE_OFF, ONE_OFF_TEXT);
    loader.refresh();

    assertThat(loader.state(ONE_OFF).faults()).isEmpty();
    assertThat(loader.state(ONE_OFF).routes()).containsExactly("acme-stock-check");
    serai.send("inbox/stock/north", "5");
    assertThat(serai.steps()).contains("apply/stock=5");

    home.delete(ONE_OFF);
    loader.refresh();

    assertThat(loader.state(ONE_OFF)).isNull();
    assertThat(serai.listens("inbox/stock/north")).isFalse();
    assertThat(size()).isEqualTo(before);
  }

  @Test
  void aChangedKameletRestartsTheRoutesThatCallItAndNoOthers() throws Exception {
    var untouched = context.getRoute("acme-order-normalize@north");

    home.write(SINK, Home.SINK.replace("\"v1 ", "\"v2 "));
    loader.refresh();

    assertThat(stock("7")).isEqualTo("v2 https://north.example 7");
    assertThat(context.getRoute("acme-order-normalize@north")).isSameAs(untouched);
  }

  @Test
  void aBadKameletLeavesTheRoutesThatCallItRunning() throws Exception {
    home.write(SINK, Home.SINK.replace("- setBody:", "- groovy:"));
    loader.refresh();

    assertThat(loader.state(SINK).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");

    home.write(SINK, Home.SINK.replace("\"v1 ", "\"v3 "));
    loader.refresh();

    assertThat(loader.state(SINK).status()).isEqualTo(Status.OK);
    assertThat(loader.state(STOCK).status()).isEqualTo(Status.OK);
    assertThat(stock("7")).isEqualTo("v3 https://north.example 7");
  }

  @Test
  void aKameletThatIsDeletedLeavesTheRoutesThatCallItRunning() throws Exception {
    home.delete(SINK);
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(STOCK).faults().get(0).what())
        .isEqualTo("There is no kamelet 'acme-stock-sink'");
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void twoRoutesThatCallOneKameletWithEqualOptionsDoNotShareIt() throws Exception {
    home.write(
        "routes/outbound/acme-listing-out.camel.yaml",
        Home.STOCK
            .replace("acme-stock-out", "acme-listing-out")
            .replace("outbox/stock", "outbox/listing"));
    home.write(CONNECTOR, Home.CONNECTOR + "  - { template: acme-listing-out, when: publish }\n");
    loader.refresh();
    assertThat(serai.listens("outbox/listing/north")).isTrue();

    home.delete("routes/outbound/acme-listing-out.camel.yaml");
    loader.refresh();

    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void aChangedConnectorRestartsTheRoutesOfItsAccounts() {
    var before = context.getRoute("acme-order-normalize@north");

    home.write(
        CONNECTOR,
        Home.CONNECTOR.replace("operations:", "errors: [{ code: X, kind: REFUSED }]\noperations:"));
    loader.refresh();

    assertThat(loader.state(CONNECTOR).status()).isEqualTo(Status.OK);
    assertThat(context.getRoute("acme-order-normalize@north")).isNotNull().isNotSameAs(before);
    assertThat(configuration.account("north").profile().errors().rules()).hasSize(1);
  }

  @Test
  void aConnectorThatNoLongerFitsItsAccountsIsNotFollowed() throws Exception {
    home.write(
        CONNECTOR,
        Home.CONNECTOR.replace(
            "operations:", "  region: { description: Where it is., required: true }\noperations:"));
    loader.refresh();

    assertThat(loader.state(CONNECTOR).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(CONNECTOR).faults().get(0).what())
        .isEqualTo(
            "Account 'north' does not fit the new text: 'serai.channels.north.region' is missing");
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void aMappingThatChangesIsCompiledAnewAndABadOneIsNot() {
    home.write("mappings/acme/order.in.jslt", "// acme order\n{\"a\": 1}");
    loader.refresh();
    assertThat(mappings.mapping("acme/order.in.jslt").version()).isNotNull();
    var good = mappings.mapping("acme/order.in.jslt").version();

    home.write("mappings/acme/order.in.jslt", "// acme order\n{\"a\": ");
    loader.refresh();

    var state = loader.state("mappings/acme/order.in.jslt");
    assertThat(state.status()).isEqualTo(Status.DEGRADED);
    assertThat(state.faults()).isNotEmpty();
    assertThat(mappings.mapping("acme/order.in.jslt").version()).isEqualTo(good);

    home.write("mappings/acme/order.in.jslt", "// acme order\n{\"a\": 2}");
    loader.refresh();

    assertThat(loader.state("mappings/acme/order.in.jslt").status()).isEqualTo(Status.OK);
    assertThat(mappings.mapping("acme/order.in.jslt").version()).isNotEqualTo(good);
  }

  @Test
  void aMessageInsideDuringASwapComesOutOfTheRouteItWentInto() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    serai.whenStepped(
        exchange -> {
          inside.countDown();
          await(goOn);
        });
    var message =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return stock("7");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            threads);
    await(inside);
    home.write(SINK, Home.SINK.replace("\"v1 ", "\"v2 "));

    var swap = CompletableFuture.runAsync(loader::refresh, threads);
    Await.until(
        "the old route is closed",
        Duration.ofSeconds(60),
        () -> !serai.listens("outbox/stock/north"));
    goOn.countDown();
    swap.get(60, TimeUnit.SECONDS);

    assertThat(message.get(60, TimeUnit.SECONDS)).isEqualTo("v1 https://north.example 7");
    assertThat(loader.state(STOCK).status()).isEqualTo(Status.OK);
    assertThat(stock("8")).isEqualTo("v2 https://north.example 8");
  }

  @Test
  void aMessageThatStaysInsideTooLongKeepsTheOldRouteAndTheSwapIsTriedAgain() throws Exception {
    loader.stop();
    patience = Duration.ofMillis(300);
    load();
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    serai.whenStepped(
        exchange -> {
          inside.countDown();
          await(goOn);
        });
    var message = CompletableFuture.runAsync(() -> sendQuietly("outbox/stock/north", "7"), threads);
    await(inside);
    home.write(SINK, Home.SINK.replace("\"v1 ", "\"v2 "));
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(STOCK).faults().get(0).toString())
        .isEqualTo(
            STOCK
                + ": The new text waits, because 1 messages are still inside the old routes."
                + " Nothing; it is tried again shortly.");
    assertThat(loader.waiting()).isTrue();
    assertThat(serai.listens("outbox/stock/north")).isTrue();

    goOn.countDown();
    message.get(60, TimeUnit.SECONDS);
    loader.refresh();

    assertThat(loader.waiting()).isFalse();
    assertThat(loader.state(STOCK).status()).isEqualTo(Status.OK);
    assertThat(stock("8")).isEqualTo("v2 https://north.example 8");
  }

  @Test
  void whenTheSwapItselfFailsTheLastGoodTextRunsAgain() throws Exception {
    serai.refuse("outbox/invoice/north");
    home.write(STOCK, Home.STOCK.replace("outbox/stock", "outbox/invoice"));
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(loader.state(STOCK).faults().get(0).what())
        .isEqualTo("The routes cannot start: The door is locked");
    assertThat(stock("7")).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void anAccountWhoseRouteCannotStartIsDownAlone() throws Exception {
    loader.stop();
    serai.refuse("inbox/order/south", "key south-secret is wrong");
    load();

    var state = loader.state(NORMALIZE);
    assertThat(state.status()).isEqualTo(Status.DEGRADED);
    assertThat(state.routes()).containsExactly("acme-order-normalize@north");
    assertThat(state.faults())
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.sentence())
                    .isEqualTo(
                        "Account 'south' is down. The routes cannot start: key ******** is wrong. Correct its settings and start again; the other accounts run."));
    assertThat(state.isAtFaultFor("south")).isTrue();
    assertThat(state.isAtFaultFor("north")).isFalse();
    assertThat(context.getRouteController().getRouteStatus("acme-order-normalize@south")).isNull();
    serai.send("inbox/order/north", "1001");
    assertThat(serai.steps()).containsExactly("map/acme/order.in.jslt=1001", "apply/order=1001");
  }

  @Test
  void anAccountWhoseOnlyRouteCannotStartIsDown() {
    loader.stop();
    serai.refuse("outbox/stock/north");
    load();

    var state = loader.state(STOCK);
    assertThat(state.status()).isEqualTo(Status.FAILED);
    assertThat(state.down()).containsOnlyKeys("north");
    assertThat(state.isAtFaultFor("north")).isTrue();
    assertThat(state.isAtFaultFor("south")).isFalse();
  }

  @Test
  void aSwapThatWouldLoseAnAccountThatRanIsNone() throws Exception {
    serai.refuse("inbox/order/south");
    home.write(NORMALIZE, Home.NORMALIZE + "# as it was\n");
    loader.refresh();

    var state = loader.state(NORMALIZE);
    assertThat(state.status()).isEqualTo(Status.DEGRADED);
    assertThat(state.faults().get(0).what())
        .isEqualTo("The routes cannot start: The door is locked");
    assertThat(state.isAtFaultFor("north")).isTrue();
    serai.send("inbox/order/north", "1001");
    assertThat(serai.steps()).containsExactly("map/acme/order.in.jslt=1001", "apply/order=1001");
  }

  @Test
  void aSecretNeverStandsInAFault() {
    serai.refuse("outbox/invoice/north", "key north-secret is wrong");
    home.write(STOCK, Home.STOCK.replace("outbox/stock", "outbox/invoice"));
    loader.refresh();

    assertThat(loader.state(STOCK).faults().get(0).what())
        .isEqualTo("The routes cannot start: key ******** is wrong");
  }

  @Test
  void aSecondFileThatTakesARoutesIdIsRefusedAndTheFirstRunsOn() {
    home.write("routes/process/zz-other.camel.yaml", Home.NORMALIZE);
    loader.refresh();

    var state = loader.state("routes/process/zz-other.camel.yaml");
    assertThat(state.status()).isEqualTo(Status.FAILED);
    assertThat(state.faults().get(0).sentence())
        .isEqualTo(
            "Route 'acme-order-normalize' is already defined by '"
                + NORMALIZE
                + "'."
                + " Give it an id of its own, or name the file '"
                + NORMALIZE
                + "' to replace it.");
    assertThat(loader.state(NORMALIZE).status()).isEqualTo(Status.OK);
  }

  @Test
  void manySwapsLeaveNothingBehind() {
    var before = size();

    for (int i = 0; i < 20; i++) {
      home.write(STOCK, Home.STOCK + "# " + i + "\n");
      home.write(SINK, Home.SINK + "# " + i + "\n");
      loader.refresh();
    }

    assertThat(loader.state(STOCK).faults()).isEmpty();
    assertThat(size()).isEqualTo(before);
  }

  @Test
  void stoppingLetsNothingRunAnyMore() {
    loader.stop();

    assertThat(context.getRoutes()).isEmpty();
    assertThat(serai.listens("inbox/order/north")).isFalse();
    assertThatThrownBy(() -> stock("7")).hasMessageContaining("nobody listens");
  }

  private static final String ONE_OFF_TEXT =
      """
      - route:
          id: acme-stock-check
          from:
            uri: serai:inbox/stock
            parameters: { account: north }
            steps:
              - to: { id: acme-stock-check-apply, uri: "serai:apply/stock" }
      """;

  private String stock(String body) throws Exception {
    var exchange = serai.send("outbox/stock/north", body);
    assertThat(exchange.getException()).isNull();
    return exchange.getMessage().getBody(String.class);
  }

  private void sendQuietly(String path, String body) {
    try {
      serai.send(path, body);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String withStep(String step, String language, String text) {
    return Home.STOCK + "        - " + step + ": { " + language + ": \"" + text + "\" }\n";
  }

  private List<Integer> size() {
    var model = context.getCamelContextExtension().getContextPlugin(Model.class);
    return List.of(
        context.getRoutes().size(),
        context.getEndpoints().size(),
        model.getRouteDefinitions().size(),
        model.getRouteTemplateDefinitions().size(),
        context.getCamelContextExtension().getRouteStartupOrder().size());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
