package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.FileState.Status;
import io.serai.catalog.Mappings;
import io.serai.catalog.Sources;
import io.serai.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogWatchTest {
  private static final String STOCK = "routes/outbound/acme-stock-out.camel.yaml";

  @TempDir Path folder;
  private final StubSerai serai = new StubSerai();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private Home home;
  private RouteLoader loader;
  private CatalogWatch watch;

  @BeforeEach
  void start() {
    home = Home.with(folder);
    context.disableJMX();
    context.addComponent("serai", serai);
    var kamelets = new KameletComponent();
    kamelets.setNoErrorHandler(true);
    kamelets.setLocation("");
    context.addComponent("kamelet", kamelets);
    context.start();
    var catalog = Catalog.of(Sources.of(List.of(folder)));
    loader =
        new RouteLoader(
            context,
            catalog,
            Configuration.read(Home.environment(), catalog.edition()),
            new Mappings(folder, new ClassLoader(null) {}),
            Set.of(),
            Clock.systemUTC(),
            Duration.ofSeconds(20));
    loader.refresh();
    watch = CatalogWatch.start(catalog.sources(), loader);
  }

  @AfterEach
  void stop() throws Exception {
    watch.close();
    context.close();
  }

  @Test
  void aChangedFileTakesEffectByItself() {
    home.write("connectors/acme-stock-sink.kamelet.yaml", Home.SINK.replace("\"v1 ", "\"v2 "));

    soon("the new kamelet answers", () -> stock().startsWith("v2"));
  }

  @Test
  void aFileInANewFolderTakesEffectByItselfAndSoDoesItsRemoval() {
    home.write(
        "routes/new/deep/acme-stock-check.camel.yaml",
        """
        - route:
            id: acme-stock-check
            from:
              uri: serai:inbox/stock
              parameters: { account: north }
              steps:
                - to: { id: acme-stock-check-apply, uri: "serai:apply/stock" }
        """);
    soon("the new route listens", () -> serai.listens("inbox/stock/north"));

    home.delete("routes/new/deep/acme-stock-check.camel.yaml");
    soon("the removed route is gone", () -> !serai.listens("inbox/stock/north"));
  }

  @Test
  void aFileThatIsReplacedByALinkTakesEffect() throws IOException {
    // as container platforms swap mounted configuration
    home.write("routes/.data-1/acme-stock-out.camel.yaml", Home.STOCK);
    home.write(
        "routes/.data-2/acme-stock-out.camel.yaml",
        Home.STOCK + "        - setBody: { simple: \"linked ${body}\" }\n");
    var link = folder.resolve(STOCK);
    Files.delete(link);
    Files.createSymbolicLink(link, folder.resolve("routes/.data-2/acme-stock-out.camel.yaml"));

    soon("the linked text answers", () -> stock().startsWith("linked"));
  }

  @Test
  void aBadEditIsShownAndAGoodOneHealsIt() throws Exception {
    home.write(STOCK, "nonsense");
    soon("the fault is shown", () -> loader.state(STOCK).status() == Status.DEGRADED);
    assertThat(stock()).startsWith("v1");

    home.write(STOCK, Home.STOCK);
    soon("it is well again", () -> loader.state(STOCK).status() == Status.OK);
  }

  private String stock() throws Exception {
    return serai.send("outbox/stock/north", "7").getMessage().getBody(String.class);
  }

  /** The promise is two seconds; a loaded machine gets more. */
  private static void soon(String what, Callable<Boolean> condition) {
    Await.until(what, Duration.ofSeconds(60), condition);
  }
}
