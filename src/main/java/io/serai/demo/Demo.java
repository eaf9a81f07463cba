package io.serai.demo;

import io.serai.demo.Stage.Report;
import io.serai.reconcile.Reconciliation;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code serai demo}: the hub with its channels, three 3PLs and two carriers on this machine, and
 * orders to watch.
 *
 * <p>Guarantee: with {@code --exit} the exit code is 0 only when the ledgers of the channels and
 * the 3PLs and the hub's tables agree that nothing was lost, doubled or oversold. Gap: it says so
 * of the orders of the simulated channels, not of what a reader sent by hand.
 */
@Command(
    name = "demo",
    description =
        "Runs the hub with its channels, three 3PLs and two carriers on this machine, and sends it orders.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./serai demo                             look around; Ctrl-C ends it",
      "  ./serai demo --orders 500 --exit         send 500, wait, compare, say so by exit code",
      "  ./serai demo --data d --orders 500       kill it and start it again: it goes on",
      "  ./serai demo --orders 500 --exit --moods the same on a day when everything goes wrong"
    })
public final class Demo implements Callable<Integer> {
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);
  private static final long PATIENCE_WHEN_QUIET = TimeUnit.SECONDS.toNanos(45);
  private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep everything here and go on from it; else a scratch folder is deleted.")
  private Path data;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description =
          "Orders in all channels together, those of earlier runs in the same folder among them.",
      defaultValue = "300",
      showDefaultValue = picocli.CommandLine.Help.Visibility.ALWAYS)
  private int orders;

  @Option(
      names = "--exit",
      description = "When all is quiet compare the ledgers, print a summary and end.")
  private boolean exit;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Orders a second, 0 for full speed; 3, or 25 with --exit, when absent.")
  private Double rate;

  @Option(
      names = "--moods",
      paramLabel = "MOODS",
      arity = "0..1",
      fallbackValue = MoodsOption.USUAL,
      description =
          "Simulators on a bad day, as shop:flaky=0.1 for every channel, shopify:slow=0.2 for one, 3pl:answer-lost=0.05; a mixture when nothing is named.")
  private String moods;

  @Option(
      names = "--chaos",
      description =
          "Moods that change, simulators and the database server killed in the middle; without --exit also orders with mistakes.")
  private boolean chaos;

  private final HubStarter starter;
  private final Screen screen;
  private final CountDownLatch interrupted = new CountDownLatch(1);

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
    var wanted = moods == null ? MoodsOption.CALM : MoodsOption.parse(moods);
    var folder = Folder.take(data);
    var token = System.getenv().getOrDefault("SERAI_API_TOKEN", "demo-" + random());
    var port = Ports.from(System.getenv(), "SERAI_HTTP_PORT");
    var as2Port = Ports.from(System.getenv(), "SERAI_AS2_PORT");
    var address = "http://127.0.0.1:" + port;
    Stage stage = null;
    ConfigurableApplicationContext hub;
    try {
      stage =
          Stage.set(
              folder.path().resolve("simulators"),
              address,
              "http://127.0.0.1:" + as2Port + "/as2",
              Math.max(120, orders / 3));
      hub = starter.start(environment(folder), properties(folder, port, as2Port, token, stage));
    } catch (RuntimeException e) {
      if (stage != null) {
        stage.close();
      }
      folder.close();
      throw e;
    }
    var end = ending(hub, stage, folder);
    var hook =
        new Thread(
            () -> {
              interrupted.countDown();
              end.run();
            },
            "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    var code = 1;
    try {
      var api = new Api(address, token);
      var database = hub.getBean(DataSource.class);
      stage.seed(api);
      introduce(folder, hub, address, token, stage, began);
      var story = new Story(stage, database, screen, address, folder.path().resolve("story.json"));
      if (orders >= Story.FEWEST_ORDERS) {
        story.begin();
      }
      stage.moods(wanted);
      stage.placeUpTo(orders, rate != null ? rate : exit ? 25 : 3);
      // nobody is there to correct any when it ends by itself
      Runnable mistakes = exit ? () -> {} : new Mistakes(address, screen)::make;
      code =
          watch(database, hub.getBean(Reconciliation.class), stage, story, api, folder, mistakes);
    } finally {
      if (interrupted.getCount() > 0) {
        Runtime.getRuntime().removeShutdownHook(hook);
        end.run();
      }
    }
    return interrupted.getCount() > 0 ? code : -1; // the JVM is on its way out already
  }

  private static Runnable ending(ConfigurableApplicationContext hub, Stage stage, Folder folder) {
    var ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        hub.close();
        stage.close();
        folder.close();
      }
    };
  }

  private static Map<String, String> environment(Folder folder) {
    var environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("SERAI_DB_"));
    environment.put("SERAI_DATA_DIR", folder.path().resolve("hub").toString());
    return environment;
  }

  private static Map<String, Object> properties(
      Folder folder, int port, int as2Port, String token, Stage stage) {
    var all = new LinkedHashMap<>(stage.configuration());
    all.put("SERAI_HTTP_PORT", port);
    all.put("SERAI_AS2_PORT", as2Port);
    all.put("SERAI_MANAGEMENT_PORT", 0);
    all.put("SERAI_API_TOKEN", token);
    all.put("serai.reconcile.grace", "0s"); // it compares when all is quiet
    all.put("SERAI_ADMIN_PASSWORD", token);
    if (System.getenv("SERAI_HOME") == null) {
      all.put("SERAI_HOME", DemoRules.in(folder.path().resolve("home")).toString());
    }
    all.put("logging.file.name", folder.path().resolve("hub.log").toString());
    all.put("logging.threshold.console", "OFF");
    return all;
  }

  private void introduce(
      Folder folder,
      ConfigurableApplicationContext hub,
      String address,
      String token,
      Stage stage,
      long began) {
    screen.line(
        "Serai takes orders after %.1f s. Hub: process %d. Simulators: processes %s."
            .formatted(
                (System.nanoTime() - began) / 1e9,
                ProcessHandle.current().pid(),
                String.join(
                    ", ",
                    stage.partners().values().stream().map(p -> Long.toString(p.pid())).toList())));
    screen.line("  console  %s/console   user admin, password %s".formatted(address, token));
    screen.line("  hub      %s/api/v1   token %s".formatted(address, token));
    screen.line(
        "  health   http://127.0.0.1:%s/actuator/health"
            .formatted(hub.getEnvironment().getProperty("local.management.port")));
    screen.line(
        "  channels %s"
            .formatted(
                String.join(
                    ", ",
                    stage.channels().stream()
                        .map(c -> c.account() + " " + stage.url(c))
                        .toList())));
    screen.line(
        "  3PLs     %s"
            .formatted(
                String.join(
                    ", ",
                    stage.partners().entrySet().stream()
                        .map(p -> p.getKey() + ' ' + p.getValue().url(Stage.standIn(p.getKey())))
                        .toList())));
    screen.line(
        "  carriers %s"
            .formatted(
                String.join(
                    ", ",
                    stage.carriers().stream()
                        .map(c -> c.account() + " " + stage.url(c))
                        .toList())));
    screen.line(
        "  folder   %s%s"
            .formatted(
                folder.path(),
                folder.kept() ? " (kept; the same command goes on)" : " (deleted at the end)"));
    if (!exit) {
      TryIt.commands(address, token).forEach(screen::line);
      screen.line("Ctrl-C ends it. The first of each kind of thing that happens:");
    }
  }

  private int watch(
      DataSource database,
      Reconciliation reconciliation,
      Stage stage,
      Story story,
      Api api,
      Folder folder,
      Runnable mistakes)
      throws Exception {
    var clerk = new Clerk(database, api, story::mayPack);
    var happenings = new Happenings(database, screen);
    var explained = new Explained(database, screen);
    var chaotic =
        chaos
            ? new Chaos(stage, folder.path().resolve("hub/postgres/data"), screen, mistakes)
            : null;
    var quietSince = System.nanoTime();
    var movedAt = quietSince;
    var reckonedAt = quietSince - QUIET;
    Figures before = null;
    while (!interrupted.await(250, TimeUnit.MILLISECONDS)) {
      Figures figures;
      Report report;
      try {
        report = stage.report();
        if (chaotic != null) {
          chaotic.run(report.placed() >= orders);
        }
        happenings.tell();
        explained.tell();
        clerk.work();
        story.goOn();
        figures = Figures.read(database);
      } catch (SQLException e) {
        screen.live("the database does not answer just now");
        continue;
      }
      screen.live(line(report.placed(), figures));
      var now = System.nanoTime();
      if (!figures.equals(before)) {
        before = figures;
        movedAt = now;
      }
      var quiet =
          quiet(report, figures)
              && clerk.idle()
              && story.idle()
              && (chaotic == null || chaotic.over());
      if (!quiet) {
        quietSince = now;
      }
      var stuck = now - movedAt > PATIENCE;
      if (!exit || !stuck && now - quietSince < QUIET) {
        continue;
      }
      if (!stuck && now - reckonedAt < QUIET) {
        continue;
      }
      reckonedAt = now;
      var found = reckon(database, stage, report);
      if (found.isEmpty()) {
        continue;
      }
      // Quiet is not the end: a channel that is only asked, and one whose webhook got lost, is
      // asked
      // again soon.
      var summary = found.get();
      var settled = summary.sound() && summary.stockTold();
      if (!stuck && !settled && now - quietSince < PATIENCE_WHEN_QUIET) {
        continue;
      }
      screen.settle(line(report.placed(), figures));
      if (stuck && !quiet) {
        screen.line("Nothing has moved for 5 minutes and not all is done.");
      }
      story.tell();
      new SummaryTable(screen)
          .print(summary, report.papers(), BooksCompared.of(reconciliation, database));
      return summary.sound() && quiet ? 0 : 1;
    }
    return 0;
  }

  private boolean quiet(Report report, Figures figures) {
    return report.placed() >= orders
        && report.quiet()
        && figures.orders() > 0 == orders > 0
        && figures.openMessages() == 0
        && figures.openDeliveries() == 0
        && figures.unpublished() == 0;
  }

  private static Optional<Reckoning.Summary> reckon(DataSource database, Stage stage, Report report)
      throws SQLException {
    var books = stage.books();
    if (books.isEmpty()) {
      return Optional.empty();
    }
    var hub = HubRecords.read(database);
    return Optional.of(
        new Reckoning(
                books.get(), stage.partnerLedgers(hub.fulfillments()), stage.carrierLedgers(), hub)
            .settle(report.oversold(), report.wrongs()));
  }

  private static String line(int placed, Figures f) {
    return "placed %d · accepted %d · allocated %d · backordered %d · held %d · sent %d · shipped %d · told the channels %d · parked %d"
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

  private static String random() {
    var bytes = new byte[12];
    new java.security.SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
