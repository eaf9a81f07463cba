package io.serai.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Repeat;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One hub (or several) between a shop and several 3PLs on one database. Shop, 3PLs and database
 * live outside the process that is killed and remember everything. Each 3PL has its own share of
 * the articles, so most orders are split over all of them.
 */
final class Scene implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration START = Duration.ofSeconds(240);
  private static final Duration UNTIL_HIT = Duration.ofSeconds(180);
  private static final Duration UNTIL_QUIET = Duration.ofSeconds(400);

  private final Path folder;
  private final TestDatabase database = new TestDatabase().open();
  private final RecordingShop shop;
  private final Map<Repeat, Rest3plSimulator> partners = new EnumMap<>(Repeat.class);
  private final List<HubProcess> hubs = new ArrayList<>();

  private Scene(int replicas, Repeat... kinds) {
    folder =
        HubClasses.FOLDER.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var urls = new ArrayList<URI>();
    for (int i = 0; i < replicas; i++) {
      urls.add(URI.create("http://127.0.0.1:" + FreePort.next()));
    }
    shop = new RecordingShop(folder.resolve("shop"), urls, "shopify-main");
    for (var kind : kinds) {
      partners.put(
          kind,
          Rest3plSimulator.start(
              Rest3plOptions.in(folder)
                  .named(name(kind))
                  .webhooksTo(urls.getFirst().resolve("/webhooks/" + name(kind)))
                  .whenCreatedTwice(kind)
                  .initialStock(0)
                  .pickAfter(Duration.ofMillis(300))
                  .shipAfter(Duration.ofMillis(600))
                  .retrySpan(Duration.ofSeconds(40))));
    }
    var configuration = folder.resolve("serai.yaml");
    write(configuration, yaml());
    for (int i = 0; i < replicas; i++) {
      hubs.add(
          new HubProcess(
              folder.resolve("hub-" + (i + 1)),
              configuration,
              urls.get(i).getPort(),
              FreePort.next(),
              Map.of(
                  "SERAI_DB_URL", database.url(),
                  "SERAI_DB_USER", TestDatabase.server().user(),
                  "SERAI_DB_PASSWORD", TestDatabase.server().password())));
    }
  }

  /** A hub, a shop, and one 3PL of each of these kinds. */
  static Scene with(Repeat... kinds) {
    return new Scene(1, kinds);
  }

  /** The same with two hubs on the database. */
  static Scene withTwoHubsAnd(Repeat... kinds) {
    return new Scene(2, kinds);
  }

  /** The same with so many hubs on the database. */
  static Scene withHubs(int replicas, Repeat... kinds) {
    return new Scene(replicas, kinds);
  }

  private static String name(Repeat kind) {
    return kind.name().toLowerCase(Locale.ROOT) + "-3pl";
  }

  private static String node(Repeat kind) {
    return "node-" + kind.name().toLowerCase(Locale.ROOT);
  }

  private String yaml() {
    var yaml =
        new StringBuilder(
            """
            serai:
              channels:
                shopify-main:
                  connector: shopify
                  shop: acme
                  base-url: "%s"
                  webhook-secret: "%s"
                  access-token: "%s"
                  reconcile-schedule: "0/2 * * * * ?"
                  listing-schedule: "0/3 * * * * ?"
              partners:
            """
                .formatted(shop.url(), RecordingShop.SECRET, RecordingShop.TOKEN));
    partners.forEach(
        (kind, partner) ->
            yaml.append(
                """
                    %s:
                      connector: rest-3pl
                      base-url: "%s"
                      api-key: "3pl-key"
                      webhook-secret: "3pl-secret"
                      outcome: { fulfillment-request: %s }
                      shipment-schedule: "0/2 * * * * ?"
                      poll-stock: false
                """
                    .formatted(name(kind), partner.url(), kind.name().toLowerCase(Locale.ROOT))));
    yaml.append("  nodes:\n");
    partners.forEach(
        (kind, partner) ->
            yaml.append(
                "    %s: { type: 3pl, partner: %s, country: US, postal-code: \"07001\" }\n"
                    .formatted(node(kind), name(kind))));
    return yaml.toString();
  }

  RecordingShop shop() {
    return shop;
  }

  /** The 3PLs. */
  Collection<Rest3plSimulator> partners() {
    return partners.values();
  }

  /** The 3PL of a kind. */
  Rest3plSimulator partner(Repeat kind) {
    return partners.get(kind);
  }

  /** The hub. */
  HubProcess hub() {
    return hubs.getFirst();
  }

  /** One of the hubs, from 0. */
  HubProcess hub(int no) {
    return hubs.get(no);
  }

  TestDatabase database() {
    return database;
  }

  /** A database as it was before the first start. */
  void forgetSchema() {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts the hub (all of them) and waits until it takes traffic. */
  void start() {
    start(null);
  }

  /** The same, breaking a rule in this life; none when null. */
  void start(Mutant mutant) {
    for (var hub : hubs) {
      hub.start(mutant, List.of());
    }
    for (var hub : hubs) {
      if (!hub.becomesReady(START)) {
        throw new AssertionError("the hub ended while it started\n" + hub.tail());
      }
    }
  }

  /**
   * One life that ends at the n-th time it reaches a point; {@code work} is given to it once it is
   * ready, unless it ends before that.
   */
  void dieAt(String point, int hit, Runnable work) {
    hub().start(null, List.of("-Dserai.crash-point=" + point + ":" + hit));
    if (hub().becomesReady(START)) {
      work.run();
    }
    var end = hub().awaitEnd(point + ":" + hit + " is never reached", UNTIL_HIT);
    if (end != HubProcess.HALTED) {
      throw new AssertionError(
          "the hub ended with " + end + " instead of halting at " + point + "\n" + hub().tail());
    }
  }

  /**
   * One life that ends while its insert is with the database, which hears of the death before it is
   * done: nothing of it is committed, and nobody was answered.
   */
  void dieWhileItInserts(Runnable work) {
    start();
    try (var lock = database.dataSource().getConnection();
        var statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE message_payload IN SHARE MODE");
      work.run();
      // asked on another connection: within a transaction, what others do stands still
      Await.until("an insert waits", UNTIL_HIT, () -> !inserts("pid").isEmpty());
      kill();
      inserts("pg_terminate_backend(pid)");
      Await.until("the insert is given up", UNTIL_HIT, () -> inserts("pid").isEmpty());
      lock.rollback();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<List<String>> inserts(String what) {
    return books()
        .rows(
            """
            SELECT %s FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND query LIKE '%%INSERT INTO inbox_message%%'
              AND datname = current_database() AND pid <> pg_backend_pid()
            """
                .formatted(what));
  }

  /**
   * One life that ends when every 3PL has done something it was asked for, and answered nothing.
   */
  void dieBeforeTheAnswer(Mutant mutant, Runnable work) {
    start(mutant);
    var before = new EnumMap<Repeat, Integer>(Repeat.class);
    partners.forEach(
        (kind, partner) -> {
          before.put(kind, taken(partner));
          partner
              .moods()
              .set(
                  Mood.of(Mood.Kind.SLOW).on("fulfillments.create").lasting(Duration.ofSeconds(9)));
        });
    work.run();
    try {
      Await.until(
          "every 3PL has done something",
          UNTIL_HIT,
          () ->
              partners.entrySet().stream()
                  .allMatch(p -> taken(p.getValue()) > before.get(p.getKey())));
      kill();
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n" + hub().tail(), never);
    } finally {
      partners().forEach(partner -> partner.moods().calm());
    }
  }

  private static int taken(Rest3plSimulator partner) {
    return partner.ledger().effects().of("fulfillment.accepted").count();
  }

  /** kill -9 of the first hub. */
  void kill() {
    hub().kill();
  }

  /** kill -9 of the first hub so many milliseconds from now. */
  void killAfter(int millis) {
    hub().awaitEnd(Duration.ofMillis(millis));
    hub().kill();
  }

  /** Ends every hub as an operator would. */
  void stop() {
    hubs.forEach(HubProcess::stop);
  }

  /**
   * Puts so many of each 3PL's articles on its shelf, as the 3PL and the hub know it, and of every
   * ninth only three.
   */
  void stock(int each) {
    var levels = new EnumMap<Repeat, ArrayNode>(Repeat.class);
    partners.keySet().forEach(kind -> levels.put(kind, Json.MAPPER.createArrayNode()));
    var kinds = List.copyOf(partners.keySet());
    var skus = partners.get(kinds.getFirst()).summary(false).get("stock").fieldNames();
    for (int i = 0; skus.hasNext(); i++) {
      stock(
          kinds.get(i % kinds.size()), skus.next(), i % 9 == 0 ? Math.min(3, each) : each, levels);
    }
    levels.forEach(this::tellStock);
  }

  /** Puts so many of one article on the first 3PL's shelf. */
  void stock(String sku, int units) {
    var kind = partners.keySet().iterator().next();
    var levels = Map.of(kind, Json.MAPPER.createArrayNode());
    stock(kind, sku, units, levels);
    levels.forEach(this::tellStock);
  }

  private void stock(Repeat kind, String sku, int units, Map<Repeat, ArrayNode> levels) {
    partners.get(kind).count(sku, units);
    levels.get(kind).addObject().put("sku", sku).put("onHand", units);
  }

  private void tellStock(Repeat kind, ArrayNode levels) {
    var body = Json.MAPPER.createObjectNode().put("node", node(kind));
    body.set("levels", levels);
    call("PUT", "/api/v1/stock", body);
  }

  /** Calls the first hub's API as an administrator; fails on anything but 2xx. */
  JsonNode call(String method, String path, JsonNode body) {
    return hub().call(method, path, body);
  }

  /** Waits until nothing moves any more: not in the shop, the hub or the warehouse. */
  void becomeQuiet() {
    var quietSince = new long[] {0};
    Await.until(
        "everything is quiet",
        UNTIL_QUIET,
        () -> {
          for (var hub : hubs) {
            if (!hub.isAlive()) {
              throw new IllegalStateException("the hub is dead\n" + hub.tail());
            }
          }
          var restless = new Books(this).restless();
          if (!restless.isEmpty()) {
            quietSince[0] = 0;
            throw new IllegalStateException("not yet: " + restless);
          }
          if (quietSince[0] == 0) {
            quietSince[0] = System.nanoTime();
          }
          return System.nanoTime() - quietSince[0] > 1_000_000_000L;
        });
  }

  /** What everybody's books say. */
  Books books() {
    return new Books(this);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    hubs.forEach(HubProcess::close);
    partners.values().forEach(Rest3plSimulator::close);
    shop.close();
    database.close();
  }
}
