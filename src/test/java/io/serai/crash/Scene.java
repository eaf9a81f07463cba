package io.serai.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Repeat;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.Simulator;
import io.serai.support.Await;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One hub (or two) between a shop and a 3PL on one database. Shop, 3PL and database live outside
 * the process that is killed and remember everything.
 */
final class Scene implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration UNTIL_HIT = Duration.ofSeconds(60);
  private static final Duration UNTIL_QUIET = Duration.ofSeconds(180);
  private static final String ADMIN = "crash-admin-token-0123456789abcdef";

  private final Path folder;
  private final TestDatabase database = new TestDatabase().open();
  private final RecordingShop shop;
  private final Rest3plSimulator partner;
  private final List<HubProcess> hubs = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> always = new HashMap<>();

  private Scene(Repeat repeat, int replicas) {
    folder =
        Path.of("target", "crash", ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet())
            .toAbsolutePath();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var urls = new ArrayList<URI>();
    for (int i = 0; i < replicas; i++) {
      urls.add(URI.create("http://127.0.0.1:" + HubProcess.freePort()));
    }
    shop = new RecordingShop(folder.resolve("shop"), urls, "shopify-main");
    partner =
        Rest3plSimulator.start(
            Rest3plOptions.in(folder.resolve("3pl"))
                .webhooksTo(urls.getFirst().resolve("/webhooks/northwind"))
                .whenCreatedTwice(repeat)
                .pickAfter(Duration.ofMillis(300))
                .shipAfter(Duration.ofMillis(600))
                .retrySpan(Duration.ofSeconds(40)));
    var configuration = folder.resolve("serai.yaml");
    write(configuration, yaml(repeat));
    for (int i = 0; i < replicas; i++) {
      hubs.add(
          new HubProcess(
              folder.resolve("hub-" + (i + 1)),
              configuration,
              urls.get(i).getPort(),
              HubProcess.freePort(),
              Map.of(
                  "SERAI_DB_URL", database.url(),
                  "SERAI_DB_USER", TestDatabase.server().user(),
                  "SERAI_DB_PASSWORD", TestDatabase.server().password(),
                  "SERAI_API_TOKEN", ADMIN)));
    }
  }

  /** A hub, a shop and a 3PL that honours idempotency keys. */
  static Scene ordinary() {
    return new Scene(Repeat.IDEMPOTENT, 1);
  }

  /** The same with a 3PL that does this when it is asked twice. */
  static Scene whereThePartnerIs(Repeat repeat) {
    return new Scene(repeat, 1);
  }

  /** The same with two hubs on the database. */
  static Scene withTwoHubs() {
    return new Scene(Repeat.IDEMPOTENT, 2);
  }

  private String yaml(Repeat repeat) {
    return """
        serai:
          channels:
            shopify-main:
              connector: shopify
              shop: acme
              base-url: "%s"
              webhook-secret: "%s"
              access-token: "%s"
              reconcile-schedule: "0/2 * * * * ?"
              listing-schedule: "0/5 * * * * ?"
              locations: [ nj-1=84600000000 ]
          partners:
            northwind:
              connector: rest-3pl
              base-url: "%s"
              api-key: "3pl-key"
              webhook-secret: "3pl-secret"
              outcome: { fulfillment-request: %s }
              shipment-schedule: "0/2 * * * * ?"
              poll-stock: false
          nodes:
            nj-1: { type: 3pl, partner: northwind, country: US, postal-code: "07001" }
        """
        .formatted(
            shop.url(),
            RecordingShop.SECRET,
            RecordingShop.TOKEN,
            partner.url(),
            repeat.name().toLowerCase(Locale.ROOT));
  }

  RecordingShop shop() {
    return shop;
  }

  Rest3plSimulator partner() {
    return partner;
  }

  TestDatabase database() {
    return database;
  }

  /** The hub breaks this rule of the engine in every life to come. */
  Scene mutated(String mutant) {
    always.put("serai.mutant", mutant);
    return this;
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
    for (var hub : hubs) {
      hub.start(always);
      if (!hub.becomesReady(START)) {
        throw new AssertionError("the hub ended while it started\n" + hub.tail());
      }
    }
  }

  /**
   * One life that ends at the n-th time it reaches a point; {@code work} is given to it once it is
   * ready, or at once when it ends before that.
   */
  void dieAt(String point, int hit, Runnable work) {
    switch (point) {
      case "P2" -> dieWhileItInserts(work);
      case "P9" ->
          dieWhenAnswerIsDue(partner, "fulfillments.create", "fulfillment.accepted", hit, work);
      case "P12" ->
          dieWhenAnswerIsDue(
              shop.simulator(), "fulfillmentCreate", "fulfillment.created", hit, work);
      default -> dieInside(point, hit, work);
    }
  }

  private void dieInside(String point, int hit, Runnable work) {
    var properties = new TreeMap<>(always);
    properties.put("serai.crash-point", point + ":" + hit);
    var hub = hubs.getFirst();
    hub.start(properties);
    hub.becomesReady(START);
    work.run();
    var end = hub.awaitEnd(point + ":" + hit + " is never reached", UNTIL_HIT);
    if (end != HubProcess.HALTED) {
      throw new AssertionError(
          "the hub ended with " + end + " instead of halting at " + point + "\n" + hub.tail());
    }
  }

  /**
   * The hub dies while its insert is with the database, which goes on with it or not as it likes:
   * nobody was answered.
   */
  private void dieWhileItInserts(Runnable work) {
    hubs.getFirst().start(always);
    hubs.getFirst().becomesReady(START);
    try (var lock = database.dataSource().getConnection();
        var statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE message_payload IN SHARE MODE");
      work.run();
      // asked on another connection: within a transaction, what others do stands still
      Await.until(
          "an insert waits",
          UNTIL_HIT,
          () ->
              !books()
                  .rows(
                      """
                      SELECT pid FROM pg_stat_activity
                      WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO inbox_message%'
                        AND pid <> pg_backend_pid()
                      """)
                  .isEmpty());
      kill();
      lock.rollback();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The other side has done what it was asked, n times, and the hub dies before it hears. */
  private void dieWhenAnswerIsDue(
      Simulator other, String operation, String effect, int hit, Runnable work) {
    hubs.getFirst().start(always);
    hubs.getFirst().becomesReady(START);
    var before = other.ledger().effects().of(effect).count();
    other.moods().set(Mood.of(Mood.Kind.SLOW).on(operation).lasting(Duration.ofSeconds(8)));
    work.run();
    try {
      Await.until(
          "'" + operation + "' has its effect",
          UNTIL_HIT,
          () -> other.ledger().effects().of(effect).count() >= before + hit);
      kill();
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n" + hubs.getFirst().tail(), never);
    } finally {
      other.moods().calm();
    }
  }

  /** kill -9 of the first hub. */
  void kill() {
    hubs.getFirst().kill();
  }

  /** Puts so many of every article on the shelf, as the 3PL and the hub know it. */
  void stock(int each) {
    var levels = Json.MAPPER.createArrayNode();
    partner
        .summary(false)
        .get("stock")
        .fieldNames()
        .forEachRemaining(sku -> levels.addObject().put("sku", sku).put("onHand", each));
    levels.forEach(level -> partner.count(level.get("sku").asText(), each));
    var body = Json.MAPPER.createObjectNode().put("node", "nj-1");
    body.set("levels", levels);
    call("PUT", "/api/v1/stock", body);
  }

  /** Calls the hub's API as an administrator; fails on anything but 2xx. */
  JsonNode call(String method, String path, JsonNode body) {
    var request =
        HttpRequest.newBuilder(hubs.getFirst().url().resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + ADMIN)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.bytes(body)))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(
            "%s %s is answered %d: %s"
                .formatted(method, path, answer.statusCode(), new String(answer.body())));
      }
      return answer.body().length == 0 ? null : Json.tree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
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
    partner.close();
    shop.close();
    http.shutdownNow();
    database.close();
  }
}
