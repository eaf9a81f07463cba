package io.serai.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.serai.database.Database;
import io.serai.database.DatabaseSettings;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * {@code serai bench}: how fast orders go from a signed webhook to the 3PL on this machine, what
 * that costs, and whether all of it was right.
 *
 * <p>Sender and 3PL share this process; the hub and its database have their own, so their costs are
 * theirs alone. Gap: all share the machine, so a busy one makes every figure worse.
 */
@Command(
    name = "bench",
    description = "Measures orders a second from signed webhook to 3PL, and checks every one.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./serai bench                                     as fast as the answers come",
      "  ./serai bench --rate 800 --orders 8000            at the peak minute of a very large shop",
      "  ./serai bench --stock 20 --orders 5000            hot articles run out"
    })
public final class Bench implements Callable<Integer> {
  private static final String SECRET = "bench-webhook-secret";
  private static final String TOKEN = "bench-token-of-this-machine";
  private static final long SEED = 11;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "20000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Different orders to send.")
  private int orders;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "10000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Orders to send before; a JVM is at its best after some 60000.")
  private int warmup;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "32",
      showDefaultValue = Visibility.ALWAYS,
      description = "Connections of the sender.")
  private int connections;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Orders a second by the clock; without it, as fast as the answers come.")
  private double rate;

  @Option(
      names = "--stock",
      paramLabel = "N",
      defaultValue = "0",
      description = "Units of each article; without it there is plenty.")
  private int stock;

  @Option(
      names = "--articles",
      paramLabel = "N",
      defaultValue = "10000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Different articles; their popularity falls as one over their rank.")
  private int articles;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      showDefaultValue = Visibility.ALWAYS,
      description = "Share of the posts that repeat an order.")
  private double duplicates;

  @Option(
      names = "--hub-option",
      paramLabel = "OPTION",
      description =
          "Option of the hub's JVM, as --hub-option=-Xlog:gc; may be given several times.")
  private List<String> hubOptions = List.of();

  @Option(names = "--no-ceiling", description = "Without measuring what the database could do.")
  private boolean noCeiling;

  @Option(names = "--data", paramLabel = "DIR", description = "Keep the folder; must be empty.")
  private Path data;

  @Option(names = "--json", description = "One line of JSON and nothing else.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    if (stock > 0 && warmup > 0) {
      warmup = 0; // it would eat the stock that is to run out
    }
    try (var folder = Folder.take(data)) {
      return run(folder);
    } catch (DemoRefused e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private int run(Folder folder) throws IOException, SQLException {
    var partnerPort = Ports.free();
    var shelf = new BenchOrder.Shelf(articles, SEED);
    var figures = new LinkedHashMap<String, Object>();
    BenchRun.Outcome outcome;
    Path hubData;
    try (var hub = HubChild.start(folder.path(), configuration(partnerPort), TOKEN, hubOptions)) {
      say("Hub: process %d, ready after %.1f s.".formatted(hub.pid(), hub.startSeconds()));
      hubData = hub.data();
      load(hub);
      var idle = ProcessUse.of(hub.pid());
      if (warmup > 0) {
        say("Warming up with %d orders ...".formatted(warmup));
        new BenchRun(plan(0, warmup, 0, hub.port(), partnerPort), shelf).run();
      }
      say("Sending %d orders ...".formatted(orders));
      var run = new BenchRun(plan(warmup, orders, rate, hub.port(), partnerPort), shelf);
      var hubBefore = ProcessUse.of(hub.pid());
      var databaseBefore = ProcessUse.ofTree(hub.databasePid());
      outcome = run.run();
      var hubAfter = ProcessUse.of(hub.pid());
      var databaseAfter = ProcessUse.ofTree(hub.databasePid());
      var perThousand = 1_000.0 / Math.max(1, outcome.sent());
      figures.put("startSeconds", round(hub.startSeconds()));
      figures.put("orders", outcome.orders());
      figures.put("posts", outcome.posts());
      figures.put("accepted", outcome.accepted());
      figures.put("sent", outcome.sent());
      figures.put("acceptedPerSecond", round(outcome.acceptPerSecond()));
      figures.put("ordersPerSecond", round(outcome.sentPerSecond()));
      figures.put("acceptP50Ms", round(outcome.acceptP50()));
      figures.put("acceptP99Ms", round(outcome.acceptP99()));
      figures.put("endToEndP50Ms", round(outcome.endToEndP50()));
      figures.put("endToEndP99Ms", round(outcome.endToEndP99()));
      figures.put(
          "hubCpuSecondsPer1000",
          round((hubAfter.cpuSeconds() - hubBefore.cpuSeconds()) * perThousand));
      figures.put(
          "databaseCpuSecondsPer1000",
          round((databaseAfter.cpuSeconds() - databaseBefore.cpuSeconds()) * perThousand));
      figures.put("idleMegabytes", Math.round(idle.residentMegabytes()));
      figures.put("residentMegabytes", Math.round(hubAfter.residentMegabytes()));
      figures.put("notAnswered2xx", outcome.refused());
      figures.put("lost", outcome.lost());
      figures.put("doubled", outcome.doubled());
      figures.put("repeatedWithSameKey", outcome.repeated());
      figures.put("wrongLines", outcome.wrongLines());
      figures.put("oversold", outcome.oversold());
      figures.put("heldWrongly", outcome.heldWrongly());
    }
    var faults = new ArrayList<String>();
    ceiling(hubData, outcome, figures, faults);
    print(figures, faults);
    return outcome.sound() && faults.isEmpty() ? 0 : 1;
  }

  /** The hub is gone; its database is asked what it holds, and what it could do at most. */
  private void ceiling(
      Path hubData, BenchRun.Outcome outcome, Map<String, Object> figures, ArrayList<String> faults)
      throws SQLException {
    try (var database = Database.open(DatabaseSettings.embeddedIn(hubData))) {
      var wanted = warmup + outcome.accepted();
      count(database, "SELECT count(*) FROM sales_order", wanted, "orders", faults);
      count(
          database,
          "SELECT count(*) FROM inbox_message WHERE state NOT IN ('APPLIED', 'IGNORED', 'SUPERSEDED')",
          0,
          "unfinished messages",
          faults);
      count(
          database,
          "SELECT count(*) FROM delivery WHERE state = 'CONFIRMED'",
          warmup + outcome.sent(),
          "confirmed requests",
          faults);
      count(
          database,
          "SELECT count(*) FROM stock_level WHERE allocated > on_hand OR allocated < 0",
          0,
          "oversold stock rows",
          faults);
      if (!noCeiling) {
        say("Measuring what the database could do ...");
        var ceiling = new Ceiling(database.dataSource()).measure();
        figures.put("ceilingPerSecond", round(ceiling));
        figures.put("shareOfCeiling", ceiling > 0 ? round(outcome.sentPerSecond() / ceiling) : 0);
      }
    }
  }

  private static void count(
      Database database, String sql, long expected, String what, ArrayList<String> faults)
      throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      if (row.getLong(1) != expected) {
        faults.add(
            "The hub's tables hold %d %s instead of %d.".formatted(row.getLong(1), what, expected));
      }
    }
  }

  private void load(HubChild hub) {
    var api = new Api("http://127.0.0.1:" + hub.port(), TOKEN);
    var units = stock > 0 ? stock : 100_000_000;
    var levels = new ArrayList<Map<String, Object>>();
    for (var article = 0; article < articles; article++) {
      levels.add(Map.of("sku", BenchOrder.sku(article), "onHand", units));
    }
    api.put("/api/v1/stock", Map.of("node", "main", "levels", levels));
  }

  private BenchRun.Plan plan(int first, int count, double perSecond, int port, int partnerPort) {
    return new BenchRun.Plan(
        first,
        count,
        connections,
        perSecond,
        duplicates,
        stock,
        SEED,
        port,
        "/webhooks/bench",
        SECRET,
        partnerPort,
        10_000_000_000L);
  }

  private static String configuration(int partnerPort) {
    return """
        serai:
          channels:
            bench:
              connector: shopify
              shop: bench
              base-url: http://127.0.0.1:9
              webhook-secret: %s
              access-token: none
              reconcile: false
              read-listings: false
              publish-stock: false
              publish-status: false
          partners:
            warehouse:
              connector: rest-3pl
              base-url: http://127.0.0.1:%d
              api-key: none
              webhook-secret: none
              poll-shipments: false
              poll-stock: false
          nodes:
            main: { type: 3pl, partner: warehouse, country: DE }
        """
        .formatted(SECRET, partnerPort);
  }

  private void print(Map<String, Object> figures, ArrayList<String> faults) {
    if (json) {
      var all = new LinkedHashMap<>(figures);
      all.put("faults", faults);
      System.out.println(Json.text(all));
      return;
    }
    figures.forEach((name, value) -> System.out.printf("  %-26s %12s%n", words(name), value));
    faults.forEach(fault -> System.out.println("  WRONG: " + fault));
  }

  private static String words(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])|(?<=[a-z])(?=\\d)", "$1 $2")
        .toLowerCase(java.util.Locale.ROOT);
  }

  private void say(String text) {
    if (!json) {
      System.out.println(text);
    }
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
