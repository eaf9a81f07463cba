package io.serai.demo;

import io.serai.simulator.Ledger;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai demo}: the hub with a shop and a 3PL on this machine, and orders to watch. */
@Command(
    name = "demo",
    description = "Runs the hub with a shop and a 3PL on this machine, and sends it orders.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./serai demo                          look around; Ctrl-C ends it",
      "  ./serai demo --orders 500 --exit      send 500, wait, check, and say so by exit code",
      "  ./serai demo --data demo --exit       kill it and start it again: it goes on"
    })
public final class Demo implements Callable<Integer> {
  private static final String SHOP = "shopify-main";
  private static final String OTHER_SHOP = "shopify-outlet";
  private static final String PARTNER = "northwind";
  private static final String SECRET = "demo-webhook-secret";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep everything here and go on from it; else a scratch folder is deleted.")
  private Path data;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description = "Orders in total, those of earlier runs in the same folder among them.")
  private int orders = 300;

  @Option(
      names = "--exit",
      description = "When all is quiet compare the ledgers, print a summary and end.")
  private boolean exit;

  @Option(names = "--rate", paramLabel = "N", description = "Orders a second; 0 is full speed.")
  private Double rate;

  private final HubStarter starter;
  private final Screen screen;

  /** A demo of the hub that this starts. */
  public Demo(HubStarter starter) {
    this.starter = starter;
    this.screen = Screen.standard();
  }

  @Override
  public Integer call() throws Exception {
    try {
      return run();
    } catch (DemoRefused e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private int run() throws Exception {
    var began = System.nanoTime();
    var folder = Folder.take(data);
    var port = Ports.from(System.getenv(), "SERAI_HTTP_PORT");
    var hubUrl = "http://127.0.0.1:" + port;
    var token = System.getenv().getOrDefault("SERAI_API_TOKEN", "demo-" + randomText());
    var standIns = StandIns.start(folder.path().resolve("simulators"), standInOptions(hubUrl));
    var environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("SERAI_DB_"));
    environment.put("SERAI_DATA_DIR", folder.path().resolve("hub").toString());
    ConfigurableApplicationContext hub;
    try {
      hub = starter.start(environment, properties(folder.path(), port, token, standIns));
    } catch (RuntimeException e) {
      standIns.close();
      folder.close();
      throw e;
    }
    var ended = new AtomicBoolean();
    Runnable end =
        () -> {
          if (ended.compareAndSet(false, true)) {
            hub.close();
            standIns.close();
            folder.close();
          }
        };
    var interrupted = new CountDownLatch(1);
    var hook =
        new Thread(
            () -> {
              interrupted.countDown();
              end.run();
            });
    Runtime.getRuntime().addShutdownHook(hook);

    var api = new Api(hubUrl, token);
    seed(api, standIns);
    introduce(folder, hub, hubUrl, token, standIns, began);
    standIns.placeUpTo(orders, rate != null ? rate : exit ? 25 : 3);
    var database = hub.getBean(DataSource.class);
    var code = watch(database, standIns, interrupted);
    if (interrupted.getCount() == 0) {
      return -1; // the JVM is on its way out
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    end.run();
    return code;
  }

  private int watch(DataSource database, StandIns standIns, CountDownLatch interrupted)
      throws Exception {
    var quietSince = 0L;
    var lastChange = System.nanoTime();
    Figures before = null;
    while (!interrupted.await(250, TimeUnit.MILLISECONDS)) {
      var figures = Figures.read(database);
      var summary = standIns.summary();
      var placed = summary.map(s -> s.at("/shopify/orders/created").asInt()).orElse(0);
      screen.live(line(placed, figures));
      if (!figures.equals(before)) {
        before = figures;
        lastChange = System.nanoTime();
      }
      if (!exit) {
        continue;
      }
      var quiet =
          summary.isPresent()
              && placed >= orders
              && summary.get().at("/shopify/webhooks/waiting").asInt() == 0
              && summary.get().at("/rest3pl/webhooks/waiting").asInt() == 0
              && summary.get().at("/rest3pl/fulfillments/waiting").asInt() == 0
              && figures.openMessages() == 0
              && figures.openDeliveries() == 0;
      var now = System.nanoTime();
      if (!quiet) {
        quietSince = now;
      }
      var stuck = now - lastChange > PATIENCE.toNanos();
      if (quiet && now - quietSince > 1_000_000_000L || stuck) {
        screen.settle(line(placed, figures));
        if (stuck && !quiet) {
          screen.line("Nothing has moved for 5 minutes and not all is done.");
        }
        return reckon(database, standIns, quiet);
      }
    }
    return 0;
  }

  private int reckon(DataSource database, StandIns standIns, boolean quiet) throws SQLException {
    var summary =
        new Reckoning(
                Ledger.read(standIns.ledger("shopify")),
                Map.of(PARTNER, Ledger.read(standIns.ledger("rest3pl"))),
                HubRecords.read(database, SHOP),
                SHOP)
            .settle(oversold(standIns));
    new SummaryTable(screen).print(summary);
    return summary.sound() && quiet ? 0 : 1;
  }

  private static List<String> oversold(StandIns standIns) {
    var oversold = new ArrayList<String>();
    standIns
        .summary()
        .ifPresent(s -> s.at("/rest3pl/oversold").forEach(sku -> oversold.add(sku.asText())));
    return oversold;
  }

  private static String line(int placed, Figures f) {
    return "placed %d · accepted %d · allocated %d · backordered %d · held %d · sent %d · shipped %d · told the shop %d · parked %d"
        .formatted(
            placed,
            f.orders(),
            f.allocated(),
            f.backordered(),
            f.held() + f.unpaid(),
            f.sent(),
            f.shipped(),
            f.told(),
            f.parked());
  }

  private List<String> standInOptions(String hubUrl) {
    return List.of(
        "--hub", hubUrl,
        "--shopify-account", SHOP,
        "--3pl-account", PARTNER,
        "--shopify-secret", SECRET,
        "--3pl-stock", Integer.toString(Math.max(120, orders / 4)),
        "--retry-span", "PT10M");
  }

  private Map<String, Object> properties(Path folder, int port, String token, StandIns standIns) {
    var all = new HashMap<String, Object>();
    all.put("SERAI_HTTP_PORT", port);
    all.put("SERAI_MANAGEMENT_PORT", 0);
    all.put("SERAI_API_TOKEN", token);
    all.put("SERAI_ADMIN_PASSWORD", token);
    all.put("logging.file.name", folder.resolve("hub.log").toString());
    all.put("logging.threshold.console", "OFF");
    for (var shop : List.of(SHOP, OTHER_SHOP)) {
      var prefix = "serai.channels." + shop + '.';
      var main = shop.equals(SHOP);
      all.put(prefix + "connector", "shopify");
      all.put(prefix + "shop", main ? "acme" : "acme-outlet");
      all.put(prefix + "base-url", standIns.url("shopify").toString());
      all.put(prefix + "webhook-secret", SECRET);
      all.put(prefix + "access-token", "shpat_simulated");
      all.put(prefix + "publish-stock", main);
      all.put(prefix + "publish-status", main);
      all.put(prefix + "reconcile", main);
      all.put(prefix + "read-listings", main);
      all.put(prefix + "reconcile-schedule", "0/20 * * * * ?");
      all.put(prefix + "listing-schedule", "0/20 * * * * ?");
    }
    var partner = "serai.partners." + PARTNER + '.';
    all.put(partner + "connector", "rest-3pl");
    all.put(partner + "base-url", standIns.url("rest3pl").toString());
    all.put(partner + "api-key", "3pl-key");
    all.put(partner + "webhook-secret", "3pl-secret");
    all.put(partner + "poll-stock", false);
    all.put(partner + "shipment-schedule", "0/20 * * * * ?");
    all.put("serai.nodes.nj-1.type", "3pl");
    all.put("serai.nodes.nj-1.partner", PARTNER);
    all.put("serai.nodes.nj-1.country", "US");
    all.put("serai.nodes.nj-1.postal-code", "07001");
    return all;
  }

  /** What the 3PL counts becomes the node's stock, as any program would report it. */
  private void seed(Api api, StandIns standIns) throws IOException, InterruptedException {
    if (!api.get("/api/v1/stock?limit=1").path("items").isEmpty()) {
      return;
    }
    var counted = api.getAs("3pl-key", standIns.url("rest3pl") + "/stock");
    api.put("/api/v1/stock", Json.text(Map.of("node", "nj-1", "levels", counted.get("levels"))));
  }

  private void introduce(
      Folder folder,
      ConfigurableApplicationContext hub,
      String hubUrl,
      String token,
      StandIns standIns,
      long began) {
    var management = hub.getEnvironment().getProperty("local.management.port");
    screen.line(
        "Serai is up after %.1f s: hub pid %d, simulators pid %d."
            .formatted(
                (System.nanoTime() - began) / 1e9, ProcessHandle.current().pid(), standIns.pid()));
    screen.line(
        "  folder   %s%s".formatted(folder.path(), folder.kept() ? "" : " (deleted at the end)"));
    screen.line("  hub      %s/api/v1  token %s".formatted(hubUrl, token));
    screen.line("  health   http://127.0.0.1:%s/actuator/health".formatted(management));
    screen.line(
        "  shop     %s   3PL %s   knobs %s/_control"
            .formatted(standIns.url("shopify"), standIns.url("rest3pl"), standIns.url("control")));
  }

  private static String randomText() {
    var bytes = new byte[12];
    new java.security.SecureRandom().nextBytes(bytes);
    return java.util.HexFormat.of().formatHex(bytes);
  }

  /** The hub's public interface, as a program uses it. */
  private static final class Api {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;
    private final String token;

    Api(String root, String token) {
      this.root = root;
      this.token = token;
    }

    com.fasterxml.jackson.databind.JsonNode get(String path)
        throws IOException, InterruptedException {
      return getAs(token, root + path);
    }

    com.fasterxml.jackson.databind.JsonNode getAs(String bearer, String url)
        throws IOException, InterruptedException {
      return send(
          HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + bearer));
    }

    void put(String path, String body) throws IOException, InterruptedException {
      send(
          HttpRequest.newBuilder(URI.create(root + path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private com.fasterxml.jackson.databind.JsonNode send(HttpRequest.Builder request)
        throws IOException, InterruptedException {
      var answer =
          client.send(
              request.timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new DemoRefused(
            "'%s' answered %d: %s. See 'hub.log'."
                .formatted(answer.uri(), answer.statusCode(), answer.body()));
      }
      return Json.tree(answer.body());
    }
  }
}
