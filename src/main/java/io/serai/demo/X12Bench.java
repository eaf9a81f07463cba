package io.serai.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * {@code serai bench-x12}: how fast a retailer's interchanges become acknowledged and applied
 * orders on this machine, what that costs, and whether all of it was right.
 *
 * <p>Files are uploaded as a partner would; the hub and its database have processes of their own,
 * so their costs are theirs alone. Times are the hub's, read from its tables: one clock for both
 * sides, since they share the machine. Gap: a busy machine makes every figure worse but the CPU
 * seconds.
 */
@Command(
    name = "bench-x12",
    description = "Measures purchase orders a second from interchange to applied order.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./serai bench-x12                                               interchanges of 1,000 orders",
      "  ./serai bench-x12 --interchanges 1 --orders 20000 --hub-option=-Xmx256m   one of 55 MB"
    })
public final class X12Bench implements Callable<Integer> {
  private static final String TOKEN = "bench-token-of-this-machine";
  private static final String SECRET = "bench-upload-token";
  private static final long SEED = 11;
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  @Option(
      names = "--interchanges",
      paramLabel = "N",
      defaultValue = "5",
      showDefaultValue = Visibility.ALWAYS,
      description = "Interchanges to send, each when the one before is done.")
  private int interchanges;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "1000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Orders in each, of ten lines.")
  private int orders;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "5",
      showDefaultValue = Visibility.ALWAYS,
      description = "Interchanges of 1,000 orders to send before.")
  private int warmup;

  @Option(
      names = "--articles",
      paramLabel = "N",
      defaultValue = "10000",
      showDefaultValue = Visibility.ALWAYS,
      description = "Different articles.")
  private int articles;

  @Option(
      names = "--hub-option",
      paramLabel = "OPTION",
      description =
          "Option of the hub's JVM, as --hub-option=-Xmx256m; may be given several times.")
  private List<String> hubOptions = List.of();

  @Option(names = "--no-answers", description = "Orders are applied and not answered by an 855.")
  private boolean noAnswers;

  @Option(names = "--data", paramLabel = "DIR", description = "Keep the folder; must be empty.")
  private Path data;

  @Option(names = "--json", description = "One line of JSON and nothing else.")
  private boolean json;

  private final HttpClient client = HttpClient.newHttpClient();
  private int control;
  private long sent;

  /** How one interchange went, in seconds since its first byte was sent. */
  private record Run(double stored, double acknowledged, double applied, double answered) {}

  @Override
  public Integer call() throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    try (var folder = Folder.take(data)) {
      return run(folder);
    } catch (DemoRefused e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private int run(Folder folder) throws IOException, SQLException, InterruptedException {
    var figures = new LinkedHashMap<String, Object>();
    var faults = new ArrayList<String>();
    var files = new PurchaseOrders(articles, SEED);
    try (var hub = HubChild.start(folder.path(), configuration(), TOKEN, hubOptions);
        var database = hub.database()) {
      say("Hub: process %d, ready after %.1f s.".formatted(hub.pid(), hub.startSeconds()));
      figures.put("startSeconds", round(hub.startSeconds()));
      load(hub);
      var first = send(hub, database, files, 1);
      figures.put("firstAcknowledgedSeconds", round(first.acknowledged()));
      figures.put("firstAppliedSeconds", round(first.applied()));
      for (var i = 0; i < warmup; i++) {
        say("Warming up with 1,000 orders (%d of %d) ...".formatted(i + 1, warmup));
        send(hub, database, files, 1_000);
      }
      var hubBefore = ProcessUse.of(hub.pid());
      var databaseBefore = ProcessUse.ofTree(hub.databasePid());
      var runs = new ArrayList<Run>();
      for (var i = 0; i < interchanges; i++) {
        say("Sending %d orders (%d of %d) ...".formatted(orders, i + 1, interchanges));
        runs.add(send(hub, database, files, orders));
      }
      var hubAfter = ProcessUse.of(hub.pid());
      var databaseAfter = ProcessUse.ofTree(hub.databasePid());
      var perThousand = 1_000.0 / ((double) interchanges * orders);
      figures.put("interchanges", interchanges);
      figures.put("orders", orders);
      figures.put("megabytes", round(files.interchange(1, 0, orders).length / 1e6));
      figures.put("storedSeconds", median(runs, Run::stored));
      figures.put("acknowledgedSeconds", median(runs, Run::acknowledged));
      figures.put("appliedSeconds", median(runs, Run::applied));
      figures.put("appliedPerSecond", round(orders / median(runs, Run::applied)));
      if (!noAnswers) {
        figures.put("answeredSeconds", median(runs, Run::answered));
      }
      figures.put(
          "hubCpuSecondsPer1000",
          round((hubAfter.cpuSeconds() - hubBefore.cpuSeconds()) * perThousand));
      figures.put(
          "databaseCpuSecondsPer1000",
          round((databaseAfter.cpuSeconds() - databaseBefore.cpuSeconds()) * perThousand));
      figures.put("residentMegabytes", Math.round(hubAfter.residentMegabytes()));
      judge(database, faults);
    }
    print(figures, faults);
    return faults.isEmpty() ? 0 : 1;
  }

  /** Sends one interchange and waits until nothing of it is left to do. */
  private Run send(HubChild hub, Connection database, PurchaseOrders files, int count)
      throws IOException, SQLException, InterruptedException {
    control++;
    var file = files.interchange(control, sent, count);
    sent += count;
    var began = System.currentTimeMillis();
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/webhooks/retailer".formatted(hub.port())))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + SECRET)
            .header("X-File-Name", "bench-%d.edi".formatted(control))
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new DemoRefused(
          "Interchange %d was answered %d: %s. See the hub's log."
              .formatted(control, answer.statusCode(), answer.body()));
    }
    var stored = System.currentTimeMillis();
    var message = Json.tree(answer.body()).path("id").asText().replace("msg_", "");
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (open(database) > 0) {
      if (System.nanoTime() > end) {
        throw new DemoRefused(
            "Interchange %d was not done within %d min. See the hub's log."
                .formatted(control, PATIENCE.toMinutes()));
      }
      TimeUnit.MILLISECONDS.sleep(count > 1 ? 250 : 20);
    }
    return new Run(
        (stored - began) / 1e3,
        since(
            database,
            began,
            "SELECT max(finished_at) FROM delivery WHERE operation = 'functional-acknowledgment' AND message_id = "
                + message),
        since(
            database,
            began,
            "SELECT max(finished_at) FROM inbox_message WHERE state = 'APPLIED' AND parent_id = "
                + message),
        noAnswers
            ? 0
            : since(
                database,
                began,
                "SELECT max(created_at) FROM interchange WHERE direction = 'OUT' AND account = 'retailer'"));
  }

  // PENDING is done as far as we go: the retailer owes its 997.
  private static long open(Connection database) throws SQLException {
    return number(
        database,
        """
        SELECT (SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING'))
          + (SELECT count(*) FROM delivery WHERE state IN ('READY', 'SENDING'))""");
  }

  private static double since(Connection database, long began, String sql) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      var at = row.getTimestamp(1);
      return at == null ? Double.NaN : round((at.getTime() - began) / 1e3);
    }
  }

  private static long number(Connection database, String sql) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void judge(Connection database, List<String> faults) throws SQLException {
    count(database, "SELECT count(*) FROM sales_order", sent, "orders", faults);
    count(
        database,
        "SELECT count(*) FROM interchange_set WHERE direction = 'IN' AND outcome = 'ACCEPTED'",
        sent,
        "accepted sets",
        faults);
    count(
        database,
        "SELECT count(*) FROM delivery WHERE operation = 'functional-acknowledgment' AND state = 'CONFIRMED'",
        control,
        "functional acknowledgments",
        faults);
    count(
        database,
        "SELECT count(*) FROM inbox_message WHERE state NOT IN ('APPLIED', 'SPLIT')",
        0,
        "messages that are neither applied nor divided",
        faults);
    if (!noAnswers) {
      count(
          database,
          "SELECT count(DISTINCT subject) FROM interchange_set WHERE direction = 'OUT' AND set_id = '855'",
          sent,
          "orders answered by an 855",
          faults);
    }
    count(
        database,
        "SELECT count(*) FROM stock_level WHERE allocated > on_hand OR allocated < 0",
        0,
        "oversold stock rows",
        faults);
  }

  private static void count(
      Connection database, String sql, long expected, String what, List<String> faults)
      throws SQLException {
    var found = number(database, sql);
    if (found != expected) {
      faults.add("The hub's tables hold %d %s instead of %d.".formatted(found, what, expected));
    }
  }

  private void load(HubChild hub) {
    var levels = new ArrayList<Map<String, Object>>();
    for (var article = 0; article < articles; article++) {
      levels.add(Map.of("sku", BenchOrder.sku(article), "onHand", 100_000_000));
    }
    new Api("http://127.0.0.1:" + hub.port(), TOKEN)
        .put("/api/v1/stock", Map.of("node", "main", "levels", levels));
  }

  private String configuration() {
    return """
        serai:
          channels:
            retailer:
              connector: x12-retailer
              partner-profile: walmart-dsv
              our-qualifier: ZZ
              our-id: SERAIHUB
              transport: upload
              upload-token: %s
              publish-status: %s
          nodes:
            main: { type: warehouse, country: US, postal-code: "07001" }
        """
        .formatted(SECRET, !noAnswers);
  }

  private static double median(List<Run> runs, java.util.function.ToDoubleFunction<Run> of) {
    var all = new ArrayList<>(runs.stream().map(of::applyAsDouble).toList());
    Collections.sort(all);
    return all.get(all.size() / 2);
  }

  private void print(Map<String, Object> figures, List<String> faults) {
    if (json) {
      var all = new LinkedHashMap<>(figures);
      all.put("faults", faults);
      System.out.println(Json.text(all));
      return;
    }
    figures.forEach((name, value) -> System.out.printf("  %-28s %12s%n", words(name), value));
    faults.forEach(fault -> System.out.println("  WRONG: " + fault));
  }

  private static String words(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])|(?<=[a-z])(?=\\d)", "$1 $2").toLowerCase(Locale.ROOT);
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
