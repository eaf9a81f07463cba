package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Role;
import io.serai.allocation.Candidate;
import io.serai.camel.CanonicalDocuments;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Fault;
import io.serai.catalog.FileState;
import io.serai.console.ConsoleConfiguration;
import io.serai.database.TestDatabase;
import io.serai.deadletter.Aftermath;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.DryRun;
import io.serai.deadletter.LockedFields;
import io.serai.deadletter.Normalizer;
import io.serai.deadletter.Replay;
import io.serai.deadletter.StepReplay;
import io.serai.exchange.Exchange;
import io.serai.exchange.Incoming;
import io.serai.exchange.Outgoing;
import io.serai.exchange.Partners;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.hub.Apply;
import io.serai.hub.DryAllocation;
import io.serai.hub.Erasure;
import io.serai.hub.Publications;
import io.serai.hub.Topology;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.kpi.Kpis;
import io.serai.outbox.Delivery;
import io.serai.reconcile.Counterpart;
import io.serai.reconcile.Reconciliation;
import io.serai.reconcile.Remedies;
import io.serai.reconcile.Tellers;
import io.serai.reconcile.Terms;
import io.serai.rules.Nodes;
import io.serai.rules.RuleHistory;
import io.serai.rules.Rules;
import io.serai.stock.ItemMaster;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The API alone on a free port over a real PostgreSQL, one for all tests of the JVM. */
public final class ApiHub {
  /** Classes that share the one hub name it: they run one after the other. */
  public static final String SHARED = "ApiHub";

  static final String TOKEN = "a-token-for-the-tests";
  public static final String PASSWORD = "a-password-for-the-tests";
  static final String VIEWER = "a-viewer-token-for-the-tests";
  static final String OPERATOR = "an-operator-token-for-the-tests";

  /** The bearer token of a role. */
  static String token(Role role) {
    return switch (role) {
      case VIEWER -> VIEWER;
      case OPERATOR -> OPERATOR;
      case ADMIN -> TOKEN;
      default -> "the-token-of-" + role.word() + "-for-the-tests";
    };
  }

  private static final TestDatabase DATABASE = new TestDatabase();
  private static ApiHub running;
  private static boolean failed;

  public final ServletWebServerApplicationContext context;
  public final JdbcClient jdbc;
  final Ids ids = new Ids(Clock.systemUTC());
  private final HttpClient http = HttpClient.newHttpClient();

  private ApiHub(ServletWebServerApplicationContext context) {
    this.context = context;
    this.jdbc = JdbcClient.create(context.getBean(DataSource.class));
  }

  /** The one of this JVM. */
  public static synchronized ApiHub running() {
    if (running == null) {
      if (failed) {
        throw new IllegalStateException("The hub for the tests did not start; see the first test.");
      }
      failed = true;
      running =
          new ApiHub(
              (ServletWebServerApplicationContext)
                  new SpringApplicationBuilder(Application.class)
                      .run(
                          "--management.endpoint.health.group.readiness.include=readinessState",
                          "--server.port=0",
                          "--management.server.port=0",
                          "--management.endpoints.web.exposure.include=health,prometheus",
                          "--management.endpoint.health.probes.enabled=true",
                          "--spring.main.banner-mode=off",
                          "--spring.flyway.enabled=false",
                          "--logging.level.root=warn",
                          "--springdoc.api-docs.path=" + OpenApiDocument.GENERATED,
                          "--springdoc.paths-to-match=/api/**",
                          "--springdoc.writer-with-order-by-keys=true",
                          "--serai.channels.erp.connector=api",
                          "--serai.access.tokens.viewer.token=" + VIEWER,
                          "--serai.access.tokens.viewer.role=viewer",
                          "--serai.access.tokens.operator.token=" + OPERATOR,
                          "--serai.access.tokens.operator.role=operator",
                          "--serai.access.tokens.support.token=" + token(Role.SUPPORT),
                          "--serai.access.tokens.support.role=support",
                          "--serai.access.tokens.integrator.token=" + token(Role.INTEGRATOR),
                          "--serai.access.tokens.integrator.role=integrator",
                          "--serai.access.tokens.approver.token=" + token(Role.APPROVER),
                          "--serai.access.tokens.approver.role=approver",
                          "--serai.access.users.sue.password=" + PASSWORD,
                          "--serai.access.users.sue.role=support",
                          "--serai.access.users.ines.password=" + PASSWORD,
                          "--serai.access.users.ines.role=integrator",
                          "--serai.access.users.abe.password=" + PASSWORD,
                          "--serai.access.users.abe.role=approver",
                          "--serai.access.operator-refunds.EUR=15.00",
                          "--serai.access.users.vera.password=" + PASSWORD,
                          "--serai.access.users.vera.role=viewer",
                          "--serai.access.users.otto.password=" + PASSWORD,
                          "--serai.access.users.otto.role=operator",
                          "--serai.channels.shopify-main.connector=shopify",
                          "--serai.channels.shopify-main.shop=acme",
                          "--serai.channels.shopify-main.base-url=https://acme.myshopify.com",
                          "--serai.channels.shopify-main.webhook-secret=canary-webhook-secret",
                          "--serai.channels.shopify-main.access-token=canary-access-token",
                          "--serai.channels.walmart-main.connector=x12-retailer",
                          "--serai.channels.walmart-main.partner-profile=walmart-dsv",
                          "--serai.channels.walmart-main.our-qualifier=ZZ",
                          "--serai.channels.walmart-main.our-id=SERAIHUB",
                          "--serai.channels.walmart-main.transport=upload",
                          "--serai.channels.walmart-main.upload-token=canary-upload-token",
                          "--serai.partners.northwind.connector=rest-3pl",
                          "--serai.partners.northwind.base-url=https://3pl.example/v1",
                          "--serai.partners.northwind.api-key=canary-api-key",
                          "--serai.partners.northwind.webhook-secret=canary-webhook-secret",
                          "--serai.nodes.nj-1.type=3pl",
                          "--serai.nodes.nj-1.partner=northwind",
                          "--SERAI_API_TOKEN=" + TOKEN,
                          "--SERAI_ADMIN_PASSWORD=" + PASSWORD));
    }
    return running;
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.apache.camel.spring.boot.CamelAutoConfiguration",
        "org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpAutoConfiguration"
      })
  @Import({ApiConfiguration.class, ConsoleConfiguration.class, OpenApiDocument.class})
  static class Application {
    @Bean
    DataSource database() {
      return DATABASE.dataSource();
    }

    @Bean
    DeadLetters deadLetters(DataSource database, Clock clock) {
      return new DeadLetters(database, clock, Aftermath.none(), lockedFields());
    }

    // As if a channel told its events apart by this member.
    private static LockedFields lockedFields() {
      return message -> {
        var id = new String(message.body(), StandardCharsets.UTF_8);
        return id.startsWith("{\"eventId\":")
            ? List.of(
                new LockedFields.Locked(
                    "/eventId", "the event's own id", id.substring(11, id.indexOf(','))))
            : List.of();
      };
    }

    @Bean
    Replay replay(DataSource database, Clock clock) {
      return new Replay(database, clock, order -> true);
    }

    @Bean
    StepReplay stepReplay(DataSource database, Clock clock, Replay replay) {
      return new StepReplay(database, clock, replay);
    }

    @Bean
    DryRun dryRun(DataSource database) {
      return new DryRun(database, ApiHub::normalized, lockedFields());
    }

    @Bean
    Kpis kpis(DataSource database, Clock clock) {
      return new Kpis(database, clock);
    }

    @Bean
    Tellers tellers() {
      return new Tellers();
    }

    @Bean
    Reconciliation reconciliation(DataSource database, Clock clock, Tellers tellers) {
      return new Reconciliation(
          database,
          clock,
          Terms.USUAL,
          tellers,
          Map.of("shop", new Counterpart("shop", true, true, true)));
    }

    @Bean
    Remedies remedies(DataSource database, Clock clock, Replay replay) {
      return new Remedies(
          database, clock, replay, (account, document, key) -> "order".equals(document), () -> {});
    }

    @Bean
    Configuration configuration(ConfigurableEnvironment environment) {
      return Configuration.read(
          environment, Catalog.open(ApiHub.class.getClassLoader(), null).edition());
    }

    @Bean
    Exchange exchange(DataSource database, Clock clock) {
      return new Exchange(
          Partners.of(Catalog.open(ApiHub.class.getClassLoader(), null).edition()),
          new Incoming(database, clock),
          new Outgoing(database, clock));
    }

    @Bean
    Erasure erasure(DataSource database, Clock clock) {
      return new Erasure(database, clock, Erasure.Terms.USUAL, 1);
    }

    @Bean
    OrderJudge orderJudge() {
      var documents = new CanonicalDocuments();
      return (order, account) -> documents.read("order", order, account);
    }

    @Bean
    ItemMaster itemMaster(DataSource database, Clock clock) {
      return new ItemMaster(database, clock);
    }

    @Bean
    Publications publications(DataSource database, Clock clock, ItemMaster items) {
      return new Publications(database, clock, new Topology(List.of(), Map.of()), items);
    }

    @Bean
    RuleHistory ruleHistory(DataSource database, Clock clock) {
      return new RuleHistory(database, clock);
    }

    @Bean
    Rules rules(Configuration configuration, RuleHistory history) {
      var rules = new Rules(Nodes.of(configuration), history);
      rules.follow(Catalog.open(ApiHub.class.getClassLoader(), null).edition());
      return rules;
    }

    @Bean
    DryAllocation dryAllocation(
        DataSource database, Clock clock, Configuration site, ItemMaster items, Rules rules) {
      return new DryAllocation(database, clock, Nodes.of(site), items, rules::policy);
    }

    @Bean
    InboxRunner inboxRunner(Clock clock) {
      return new InboxRunner(
          () -> DATABASE.connect("inbox"), clock, "test", InboxRunner.Settings.DEFAULT);
    }

    @Bean
    Inbox inbox(Clock clock, InboxRunner runner) {
      return new Inbox(
          () -> DATABASE.connect("accept"),
          clock,
          "test",
          Inbox.Limits.DEFAULT,
          runner,
          Optional::empty);
    }

    @Bean
    Apply engine(Clock clock) {
      var nowhere =
          new Apply.HandOn() {
            @Override
            public boolean hasRoomFor(String destination, int deliveries) {
              return false;
            }

            @Override
            public void handOn(List<Delivery> deliveries) {}

            @Override
            public void neverHandedOn(List<Long> deliveries, Instant leaseUntil) {}

            @Override
            public void nudge(Set<String> lanes) {}
          };
      return new Apply(
          () -> DATABASE.connect("apply"),
          clock,
          "test",
          Duration.ofSeconds(60),
          new Topology(List.of(new Candidate("nj-1", "3pl", "northwind", "US")), Map.of()),
          nowhere);
    }

    @Bean
    OrderErrands orderErrands() {
      return new OrderErrands() {
        @Override
        public boolean pull(String account, String channelOrderId) {
          return account.startsWith("pullable-");
        }

        @Override
        public void nudge() {}
      };
    }

    @Bean
    RunningRoutes runningRoutes() {
      return new RunningRoutes() {
        @Override
        public List<Running> routes() {
          var file = "routes/inbound/shopify-orders-in.camel.yaml";
          return List.of(
              new Running("called-by-others", file, "INNER", 0),
              new Running("shopify-order-normalize@shopify-main", file, "APPLY", 0),
              new Running("shopify-webhook-in@shopify-main", file, "IN", 2));
        }

        @Override
        public void heed() {}
      };
    }

    @Bean
    RouteStates routeStates() {
      var since = Instant.parse("2026-03-02T10:00:00Z");
      return () ->
          List.of(
              new FileState(
                  "routes/inbound/shopify-orders-in.camel.yaml",
                  true,
                  FileState.Status.OK,
                  List.of("shopify-webhook-in@shopify-main"),
                  List.of(),
                  since,
                  Map.of()),
              new FileState(
                  "routes/outbound/broken.camel.yaml",
                  false,
                  FileState.Status.FAILED,
                  List.of(),
                  List.of(
                      new Fault(
                          "routes/outbound/broken.camel.yaml",
                          7,
                          "Step 'sned' is no step",
                          "Nearest name: 'send'")),
                  since,
                  Map.of()));
    }

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }
  }

  private static final Place NOWHERE = new Place(null, null, null);

  // As a route would: an order without lines fails, any other is taken as it is.
  private static Normalizer.Normalized normalized(Normalizer.Raw message) {
    try {
      var order = Json.tree(message.body());
      return order.has("lines")
          ? new Normalizer.Normalized.Documents(
              List.of(new Normalizer.Canonical(message.document(), order)))
          : new Normalizer.Normalized.Failed(
              Failure.of(FailureKind.UNMAPPED, "The order has no lines; give some.", NOWHERE));
    } catch (Json.Unreadable e) {
      return new Normalizer.Normalized.Failed(
          Failure.of(FailureKind.UNREADABLE, e.getMessage(), NOWHERE));
    }
  }

  /** The profiles of its EDI partners. */
  Partners partners() {
    return context.getBean(Exchange.class).partners();
  }

  /** Its port. */
  public int port() {
    return context.getWebServer().getPort();
  }

  /** A request under /api/v1 with a given Authorization header, or none. */
  Answer send(String authorization, String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/v1" + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(request.build());
  }

  Answer send(HttpRequest request) {
    try {
      return new Answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Answer get(String path) {
    return send(bearer(TOKEN), "GET", path, null);
  }

  public Answer put(String path, String body) {
    return send(bearer(TOKEN), "PUT", path, body);
  }

  public Answer post(String path, String body) {
    return send(bearer(TOKEN), "POST", path, body);
  }

  /** Sends it under a key, as what must not be done twice is sent. */
  Answer once(String path, String key, String body) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/v1" + path))
            .header("Authorization", bearer(TOKEN))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  static String bearer(String token) {
    return "Bearer " + token;
  }

  static String basic(String name, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes());
  }

  /** An order of one line in the database, as apply would leave it. */
  public UUID order(String account, String channelOrderId, String displayNumber, String email) {
    var id = ids.next();
    jdbc.sql(
            """
            INSERT INTO sales_order (id, account, channel_order_id, display_number, state, revision, currency,
              grand_total, payment_state, buyer_email, ship_country, placed_at, received_at, updated_at)
            VALUES (:id, :account, :key, :number, 'RELEASED', 1, 'EUR', 59.90, 'PAID', :email, 'DE',
              now(), now(), now())
            """)
        .param("id", id)
        .param("account", account)
        .param("key", channelOrderId)
        .param("number", displayNumber)
        .param("email", email)
        .update();
    jdbc.sql(
            """
            INSERT INTO order_document VALUES (:id,
              '{"buyer":{"name":"Ada Example","email":"ada@example.com"},"currency":"EUR","note":"ring twice"}')
            """)
        .param("id", id)
        .update();
    jdbc.sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, allocated)
            VALUES (:id, 1, 'L1', 'MUG-BLU', 'PHYSICAL', true, 2, 2)
            """)
        .param("id", id)
        .update();
    return id;
  }

  /** A parked message with its payload and failure; its id. */
  public String parkedMessage(String account, String body, String sentence) {
    long id =
        jdbc.sql(
                """
                WITH message AS (
                  INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, event_type, state,
                    received_at, due_at)
                  VALUES (:account, 'order', :lane, :key, :key, 'orders/create', 'PARKED', now(), now())
                  RETURNING id, received_at
                ), payload AS (
                  INSERT INTO message_payload (message_id, received_at, content_type, sha256, body)
                  SELECT id, received_at, 'application/json', sha256(:body), :body FROM message
                )
                SELECT id FROM message
                """)
            .param("account", account)
            .param("lane", account + "/" + UUID.randomUUID())
            .param("key", UUID.randomUUID().toString())
            .param("body", body.getBytes(StandardCharsets.UTF_8))
            .query(Long.class)
            .single();
    long failure = failure(account, sentence, "message_id", id);
    jdbc.sql("UPDATE inbox_message SET failure_id = :failure WHERE id = :id")
        .param("failure", failure)
        .param("id", id)
        .update();
    return "msg_" + id;
  }

  /** A parked delivery whose outcome is unknown and that may not be repeated; its id. */
  public String doubtfulDelivery(String destination) {
    var key = UUID.randomUUID().toString();
    long id =
        jdbc.sql(
                """
                WITH d AS (
                  INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key,
                    repeat_mode, state, outcome_unknown, due_at, deadline_at, created_at)
                  VALUES (:destination, 'cancellation', 'cancel', :lane, :key, :key, 'BLIND', 'PARKED', true, now(),
                    now() + interval '1 day', now())
                  RETURNING id)
                INSERT INTO delivery_content SELECT id, '{"shipTo":{"name":"Ada Example"},"reason":"BUYER"}' FROM d
                RETURNING delivery_id
                """)
            .param("destination", destination)
            .param("lane", destination + "/" + key)
            .param("key", key)
            .query(Long.class)
            .single();
    long failure = failure(destination, "Nobody knows.", "delivery_id", id);
    jdbc.sql("UPDATE delivery SET failure_id = :failure WHERE id = :id")
        .param("failure", failure)
        .param("id", id)
        .update();
    jdbc.sql(
            """
            INSERT INTO delivery_attempt (delivery_id, attempt, started_at, ended_at, outcome, status, sentence)
            VALUES (:id, 1, now(), now(), 'UNKNOWN_OUTCOME', 504, 'No answer came.')
            """)
        .param("id", id)
        .update();
    return "dlv_" + id;
  }

  /** An applied message of a new order, of which a delivery stopped at each of these; its id. */
  public String appliedMessageOwing(String account, String... destinations) {
    var order = order(account, UUID.randomUUID().toString(), "#1", null);
    var message = parkedMessage(account, "{}", "x.");
    jdbc.sql(
            "UPDATE inbox_message SET state = 'APPLIED', failure_id = NULL, order_id = :order WHERE id = :id")
        .param("order", order)
        .param("id", Long.parseLong(message.substring(4)))
        .update();
    for (var destination : destinations) {
      var delivery = doubtfulDelivery(destination);
      jdbc.sql(
              "UPDATE delivery SET outcome_unknown = false, order_id = :order, message_id = :message WHERE id = :id")
          .param("order", order)
          .param("message", Long.parseLong(message.substring(4)))
          .param("id", Long.parseLong(delivery.substring(4)))
          .update();
    }
    return message;
  }

  /** A delivery whose first attempt went unanswered and whose second was confirmed; its id. */
  String confirmedAtTheSecondAttempt(String destination) {
    var id = doubtfulDelivery(destination);
    jdbc.sql(
            """
            UPDATE delivery SET state = 'CONFIRMED', outcome_unknown = false, fence = 2, tried_at = now(), finished_at = now()
            WHERE id = :id
            """)
        .param("id", Long.parseLong(id.substring("dlv_".length())))
        .update();
    return id;
  }

  private long failure(String account, String sentence, String owner, long id) {
    return jdbc.sql(
            """
            INSERT INTO failure (kind, sentence, fingerprint, account, route, step, %s, occurred_at)
            VALUES ('UNMAPPED', :sentence, :fingerprint, :account, 'shopify-order-normalize', 'map', :id, now())
            RETURNING id
            """
                .formatted(owner))
        .param("sentence", sentence)
        .param("fingerprint", Integer.toHexString(sentence.hashCode()))
        .param("account", account)
        .param("id", id)
        .query(Long.class)
        .single();
  }

  /** A node in the database. */
  public void node(String node) {
    jdbc.sql("INSERT INTO node (id, type, priority) VALUES (:id, '3pl', 1) ON CONFLICT DO NOTHING")
        .param("id", node)
        .update();
  }

  /** What came back. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public JsonNode json() {
      return Json.tree(response.body());
    }

    public String detail() {
      return json().path("detail").asText();
    }

    String type() {
      return response.headers().firstValue("Content-Type").orElse("");
    }
  }
}
