package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.FileState.Status;
import io.serai.catalog.Sources;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
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

  @TempDir Path folder;
  private final StubSerai serai = new StubSerai();
  private DefaultCamelContext context;
  private Home home;
  private RouteLoader loader;

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
    var catalog = Catalog.of(Sources.of(List.of(folder)));
    var configuration = Configuration.read(Home.environment(), catalog.edition());
    var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    var mappings = new io.serai.catalog.Mappings(folder, new ClassLoader(null) {});
    loader =
        new RouteLoader(
            context,
            catalog,
            configuration,
            mappings,
            java.util.Set.of(),
            clock,
            Duration.ofMillis(200));
    loader.refresh();
  }

  @AfterEach
  void stop() throws Exception {
    context.close();
  }

  @Test
  void everyAccountGetsTheRoutesOfItsConnector() throws Exception {
    assertThat(loader.state(NORMALIZE).faults()).isEmpty();
    assertThat(loader.state(NORMALIZE).routes())
        .containsExactly("acme-order-normalize@north", "acme-order-normalize@south");
    assertThat(loader.state(STOCK).routes()).containsExactly("acme-stock-out@north");
    assertThat(context.getProcessor("north-acme-order-normalize-map")).isNotNull();

    var exchange = serai.send("outbox/stock/north", "7");

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("v1 https://north.example 7");
  }

  @Test
  void aBadEditLeavesTheLastGoodTextRunning() throws Exception {
    home.write(STOCK, Home.STOCK.replace("kamelet:acme-stock-sink", "nonsense:x"));
    loader.refresh();

    assertThat(loader.state(STOCK).status()).isEqualTo(Status.DEGRADED);
    assertThat(serai.send("outbox/stock/north", "7").getMessage().getBody(String.class))
        .isEqualTo("v1 https://north.example 7");
    assertThat(loader.state(NORMALIZE).status()).isEqualTo(Status.OK);
  }

  @Test
  void aChangedKameletRestartsTheRoutesThatCallIt() throws Exception {
    home.write(SINK, Home.SINK.replace("\"v1 ", "\"v2 "));
    loader.refresh();

    assertThat(loader.state(STOCK).faults()).isEmpty();
    assertThat(serai.send("outbox/stock/north", "7").getMessage().getBody(String.class))
        .isEqualTo("v2 https://north.example 7");
  }

  @Test
  void manySwapsLeaveNothingBehind() {
    var before = size();

    for (int i = 0; i < 20; i++) {
      home.write(STOCK, Home.STOCK + "# " + i + "\n");
      loader.refresh();
    }

    assertThat(loader.state(STOCK).faults()).isEmpty();
    assertThat(size()).isEqualTo(before);
  }

  private List<Integer> size() {
    var model = context.getCamelContextExtension().getContextPlugin(Model.class);
    return List.of(
        context.getRoutes().size(),
        context.getEndpoints().size(),
        model.getRouteDefinitions().size(),
        model.getRouteTemplateDefinitions().size());
  }
}
