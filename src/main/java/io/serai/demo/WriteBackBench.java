package io.serai.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.serai.database.Database;
import io.serai.database.DatabaseSettings;
import io.serai.support.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * {@code serai bench-stock}: how long shops show something else than there is, while all of them
 * sell the same articles and each lets only so much be written.
 *
 * <p>Each shop is a process of its own that enforces its quota and refuses a quantity that replaces
 * another one than it says; the hub and its database have their own. Gap: lags are the hub's own
 * figures, from the commit of a change until the shop's yes to its quantity is written.
 */
@Command(
    name = "bench-stock",
    description = "Measures how long shops show something else than there is.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./serai bench-stock                                   six large shops, 100 orders a second",
      "  ./serai bench-stock --rate 0.0231 --seconds 600 --bucket 2000 --restore 100"
    })
public final class WriteBackBench implements Callable<Integer> {
  private static final String SECRET = "bench-webhook-secret";
  private static final String TOKEN = "bench-token-of-this-machine";
  private static final Pattern LAG =
      Pattern.compile(
          "serai_stock_publication_lag_seconds\\{channel=\"([^\"]+)\",quantile=\"([0-9.]+)\"[^}]*} (\\S+)");
  private static final Pattern TAKEN =
      Pattern.compile("serai_stock_publications_total\\{channel=\"[^\"]+\"[^}]*} (\\S+)");

  @Option(
      names = "--shops",
      paramLabel = "N",
      defaultValue = "6",
      showDefaultValue = Visibility.ALWAYS,
      description = "Shops that sell the same articles.")
  private int shops;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      showDefaultValue = Visibility.ALWAYS,
      description = "Orders a second, over all shops.")
  private double rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      showDefaultValue = Visibility.ALWAYS,
      description = "For how long orders are placed.")
  private int seconds;

  @Option(
      names = "--articles",
      paramLabel = "N",
      defaultValue = "60",
      showDefaultValue = Visibility.ALWAYS,
      description = "Different articles.")
  private int articles;

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "100000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Units of each article; of every tenth a thousandth, so that some run out.")
  private int units;

  @Option(
      names = "--bucket",
      paramLabel = "POINTS",
      defaultValue = "20000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Cost points that each shop allows at most; a write of stock costs 10.")
  private double bucket;

  @Option(
      names = "--restore",
      paramLabel = "POINTS",
      defaultValue = "1000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Cost points that come back each second.")
  private double restore;

  @Option(names = "--status", description = "Shipments are told to the shops too.")
  private boolean status;

  @Option(names = "--data", paramLabel = "DIR", description = "Keep the folder; must be empty.")
  private Path data;

  @Option(names = "--json", description = "One line of JSON and nothing else.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    var stands = new ArrayList<StandIns>();
    try (var folder = Folder.take(data)) {
      return run(folder.path(), stands);
    } catch (DemoRefused e) {
      System.err.println(e.getMessage());
      return 1;
    } finally {
      stands.parallelStream().forEach(StandIns::close);
    }
  }

  private int run(Path folder, List<StandIns> stands) throws SQLException, InterruptedException {
    var port = Ports.free();
    for (var shop = 1; shop <= shops; shop++) {
      stands.add(StandIns.start(folder.resolve("shop-" + shop), options(shop, port)));
    }
    var figures = new LinkedHashMap<String, Object>();
    var faults = new ArrayList<String>();
    Path hubData;
    try (var hub =
        HubChild.start(folder.resolve("hub"), port, configuration(stands), TOKEN, List.of())) {
      hubData = hub.data();
      var api = new Api("http://127.0.0.1:" + port, TOKEN);
      load(api, stands.getFirst());
      say("Waiting until all %d shops show what there is ...".formatted(shops));
      awaitQuiet(api, stands, articles);
      var taken = taken(hub.metrics());
      var orders = (int) Math.max(shops, Math.round(rate * seconds));
      say("Placing %d orders in %d s ...".formatted(orders, seconds));
      var began = System.nanoTime();
      for (var i = 0; i < shops; i++) {
        var part = orders / shops + (i < orders % shops ? 1 : 0);
        stands.get(i).placeUpTo("shopify", part, rate / shops);
      }
      TimeUnit.SECONDS.sleep(seconds);
      var metrics = hub.metrics();
      figures.put("shops", shops);
      figures.put("orders", orders);
      figures.put("ordersPerSecond", rate);
      figures.put("lagSecondsP50", lag(metrics, "0.5"));
      figures.put("lagSecondsP95", lag(metrics, "0.95"));
      figures.put("lagSecondsP99", lag(metrics, "0.99"));
      figures.put("quantitiesTaken", Math.round(taken(metrics) - taken));
      awaitQuiet(api, stands, articles);
      figures.put("quietAfterSeconds", Math.round((System.nanoTime() - began) / 1e8) / 10.0);
    }
    judge(hubData, figures, faults);
    print(figures, faults);
    return faults.isEmpty() ? 0 : 1;
  }

  private List<String> options(int shop, int port) {
    return List.of(
        "--hub",
        "http://127.0.0.1:" + port,
        "--channel",
        "shopify=shop-" + shop,
        "--shopify-secret",
        SECRET,
        "--3pl-account",
        shop == 1 ? "warehouse" : "nobody",
        "--seed",
        Integer.toString(shop),
        "--skus",
        Integer.toString(articles),
        "--locations",
        "1",
        "--ship-after",
        status ? "PT1S" : "PT24H",
        "--3pl-stock",
        Integer.toString(units),
        "--cost-bucket",
        Double.toString(bucket),
        "--restore-rate",
        Double.toString(restore));
  }

  private String configuration(List<StandIns> stands) {
    var text = new StringBuilder("serai:\n  channels:\n");
    for (var i = 0; i < stands.size(); i++) {
      text.append(
          """
              shop-%d:
                connector: shopify
                shop: shop-%d
                base-url: %s
                webhook-secret: %s
                access-token: shpat_simulated
                reconcile: false
                publish-status: %s
                listing-schedule: "7 * * * * ?"
                limits: { rate: %d, burst: %d }
          """
              .formatted(
                  i + 1,
                  i + 1,
                  stands.get(i).url("shopify"),
                  SECRET,
                  status,
                  Math.max(1, (int) (restore / 25)),
                  Math.max(2, (int) (restore / 12))));
    }
    return text.append(
            """
              partners:
                warehouse:
                  connector: rest-3pl
                  base-url: %s
                  api-key: 3pl-key
                  webhook-secret: 3pl-secret
                  poll-shipments: false
                  poll-stock: false
              nodes:
                main: { type: 3pl, partner: warehouse, country: US }
            """
                .formatted(stands.getFirst().url("rest3pl"))
                .indent(0))
        .toString();
  }

  private void load(Api api, StandIns first) {
    var levels = new ArrayList<Map<String, Object>>();
    var no = 0;
    for (var level :
        new Api(first.url("rest3pl").toString(), "3pl-key").get("/stock").path("levels")) {
      levels.add(
          Map.of(
              "sku",
              level.path("sku").asText(),
              "onHand",
              no++ % 10 == 9 ? Math.max(1, units / 1_000) : units));
    }
    api.put("/api/v1/stock", Map.of("node", "main", "levels", levels));
  }

  // Quiet: no shop owes a webhook, and every shop shows of every article what it should.
  private void awaitQuiet(Api api, List<StandIns> stands, int listed) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    var skus = new ArrayList<String>();
    api.get("/api/v1/stock?limit=500").path("items").forEach(l -> skus.add(l.path("sku").asText()));
    while (System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(500);
      var webhooks =
          stands.stream()
              .anyMatch(
                  s -> s.ask("progress").map(x -> x.at("/shopify/owed").asInt()).orElse(1) > 0);
      if (!webhooks && skus.stream().allMatch(sku -> shown(api, sku))) {
        return;
      }
    }
    throw new DemoRefused(
        "The shops did not show what there is of %d articles within 5 min. See the hub's log."
            .formatted(listed));
  }

  private boolean shown(Api api, String sku) {
    var publications = api.get("/api/v1/stock/" + sku).path("publications");
    if (publications.size() < shops) {
      return false;
    }
    for (var publication : publications) {
      if (publication.path("pending").asBoolean()
          || publication.path("shown").asInt(-1) != publication.path("wanted").asInt()) {
        return false;
      }
    }
    return true;
  }

  private static double taken(String metrics) {
    return TAKEN.matcher(metrics).results().mapToDouble(m -> Double.parseDouble(m.group(1))).sum();
  }

  /** The worst shop's. */
  private static double lag(String metrics, String share) {
    return LAG.matcher(metrics)
        .results()
        .filter(m -> m.group(2).equals(share))
        .mapToDouble(m -> Double.parseDouble(m.group(3)))
        .max()
        .orElse(Double.NaN);
  }

  /** The hub is gone; its database is asked what came of it. */
  private void judge(Path hubData, Map<String, Object> figures, List<String> faults)
      throws SQLException {
    try (var database = Database.open(DatabaseSettings.embeddedIn(hubData));
        var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      try (var row =
          statement.executeQuery(
              """
              WITH dry AS (
                SELECT s.sku, max(m.occurred_at) AS at FROM stock_level s
                JOIN stock_movement m ON m.sku = s.sku AND m.node = s.node AND m.cause = 'reserve'
                WHERE s.on_hand - s.allocated <= 0 GROUP BY s.sku)
              SELECT count(DISTINCT dry.sku),
                coalesce(max(extract(epoch FROM greatest(p.confirmed_at, dry.at) - dry.at)), 0),
                count(*) FILTER (WHERE p.quantity - p.sold > 0)
              FROM dry JOIN publication p ON p.sku = dry.sku""")) {
        row.next();
        figures.put("articlesThatRanOut", row.getLong(1));
        figures.put("zeroEverywhereAfterSeconds", Math.round(row.getDouble(2) * 10) / 10.0);
        if (row.getLong(3) > 0) {
          faults.add(
              "%d listings of what ran out show more than nothing.".formatted(row.getLong(3)));
        }
      }
      try (var row =
          statement.executeQuery(
              """
              SELECT (SELECT count(*) FROM sales_order), (SELECT count(*) FROM delivery WHERE operation = 'stock'),
                (SELECT count(*) FROM delivery WHERE operation = 'stock' AND state = 'PARKED'),
                (SELECT count(*) FROM stock_level WHERE allocated > on_hand)""")) {
        row.next();
        figures.put("ordersApplied", row.getLong(1));
        figures.put("stockCalls", row.getLong(2));
        if (row.getLong(3) > 0) {
          faults.add("%d stock calls are parked.".formatted(row.getLong(3)));
        }
        if (row.getLong(4) > 0) {
          faults.add("%d stock rows are oversold.".formatted(row.getLong(4)));
        }
      }
    }
  }

  private void print(Map<String, Object> figures, List<String> faults) {
    if (json) {
      var all = new LinkedHashMap<>(figures);
      all.put("faults", faults);
      System.out.println(Json.text(all));
      return;
    }
    figures.forEach((name, value) -> System.out.printf("  %-28s %12s%n", name, value));
    faults.forEach(System.out::println);
  }

  private void say(String sentence) {
    if (!json) {
      System.out.println(sentence);
    }
  }
}
