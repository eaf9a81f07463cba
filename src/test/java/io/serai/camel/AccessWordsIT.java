package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.database.Leases;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** The words that stand before a call: token, quota and sign, in routes and against a partner. */
class AccessWordsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  @TempDir static Path home;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private volatile int status = 200;
  private volatile String rate;
  private HttpServer partner;
  private SeraiComponent component;

  @BeforeEach
  void start() throws Exception {
    DATABASE.truncate();
    partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    partner.createContext("/token", this::grant);
    partner.createContext("/calls", this::answer);
    partner.start();
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/acme.connector.yaml"),
        """
        connector: acme
        title: Acme
        kind: channel
        description: A shop for tests.
        parameters:
          token-url: { description: Grants access., required: true, type: url }
          client-id: { description: Who we are., required: true }
          client-secret: { description: Proves it., required: true, secret: true }
          key: { description: Signs., secret: true }
        token: { scheme: client-credentials, url: token-url, client-id: client-id, client-secret: client-secret }
        tokens: { static: { parameter: key } }
        verification: { scheme: hmac-sha256, header: X-Sign, secret: key }
        quotas: { calls: { rate: 1, per: 10s, burst: 1, header: x-rate }, day: { rate: 100, per: 24h, burst: 100 }, pairs: { rate: 1, per: 10s, burst: 2 } }
        operations: { stock: { repeat: idempotent }, shipment: { repeat: queryable } }
        """);
    var edition = Catalog.open(getClass().getClassLoader(), home).edition();
    var root = "http://127.0.0.1:" + partner.getAddress().getPort();
    var configuration =
        Configuration.read(
            new MockEnvironment()
                .withProperty("serai.channels.shop.connector", "acme")
                .withProperty("serai.channels.shop.token-url", root + "/token")
                .withProperty("serai.channels.shop.client-id", "hub")
                .withProperty("serai.channels.shop.client-secret", "client-secret-text"),
            edition);
    component =
        new SeraiComponent(
            new Hub(
                configuration,
                Mappings.builtIn(),
                null,
                null,
                null,
                null,
                null,
                new Leases(DATABASE.dataSource(), clock, "hub-a"),
                DATABASE.dataSource(),
                null,
                clock));
    context.disableJMX();
    context.addComponent("serai", component);
    context.addComponent("vertx-http", new EventLoopHttpComponent());
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:call")
                .to("serai:quota/calls?account=shop")
                .to("serai:token?account=shop")
                .setHeader("Authorization", simple("Bearer ${variable.token}"))
                .to("vertx-http:" + root + "/calls?httpMethod=POST")
                .removeHeaders("*");
            from("direct:twice")
                .to("serai:quota/calls?account=shop")
                .to("serai:quota/day?account=shop")
                .to("vertx-http:" + root + "/calls?httpMethod=POST");
            from("direct:three")
                .loop(3)
                .to("serai:quota/pairs?account=shop")
                .process(exchange -> taken.incrementAndGet())
                .end();
            from("direct:pair").loop(2).to("serai:quota/pairs?account=shop").end();
            from("direct:static").to("serai:token/static?account=shop");
            from("direct:other").to("serai:token/other?account=shop");
            from("direct:uncounted").to("serai:quota/other?account=shop");
            from("direct:sign").to("serai:sign?scheme=hmac-sha256&account=shop");
          }
        });
    context.start();
  }

  @AfterEach
  void stop() throws IOException {
    context.close();
    partner.stop(0);
  }

  private void grant(HttpExchange exchange) throws IOException {
    write(
        exchange,
        200,
        "{\"access_token\":\"token-%d\",\"expires_in\":3600}".formatted(granted.incrementAndGet()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
    if (rate != null) {
      exchange.getResponseHeaders().add("X-Rate", rate);
    }
    write(exchange, status, "{}");
  }

  private static void write(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getRequestBody().readAllBytes();
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** As a delivery, whose route goes on at the thread that reads answers. */
  private Exchange send(String route) {
    return send(route, null);
  }

  private Exchange send(String route, String operation) {
    var exchange = new DefaultExchange(context);
    exchange.setVariable(Variables.OPERATION, operation);
    exchange.setVariable(Variables.DOCUMENT, operation);
    exchange.setProperty(OutboxConsumer.MAPPED_AT, clock.instant());
    TokenUse.watch(exchange, component.tokens(), component.hub().configuration().account("shop"));
    exchange.getMessage().setBody("{}");
    return context.createProducerTemplate().send(route, exchange);
  }

  private static FailureException failure(Exchange exchange) {
    assertThat(exchange.getException()).isInstanceOf(FailureException.class);
    return (FailureException) exchange.getException();
  }

  private static double perSecond() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT per_second FROM quota WHERE name = 'calls'")) {
      return rows.next() ? rows.getDouble(1) : 0;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallThatIsNotThereEndsTheRouteBeforeThePartnerIsAsked() {
    assertThat(send("direct:call").getException()).isNull();

    var second = failure(send("direct:call"));

    assertThat(seen).containsExactly("Bearer token-1");
    assertThat(second).isInstanceOf(NotAsked.class);
    assertThat(((NotAsked) second).putOff()).isTrue();
    assertThat(second.failure().kind()).isEqualTo(FailureKind.THROTTLED);
    assertThat(second.failure().retryAfter()).isEqualTo(Duration.ofSeconds(10));
    assertThat(second.getMessage())
        .isEqualTo(
            "'shop' bears no more 'calls' now. It waits until there is room, in about 10 s.");
    clock.advance(Duration.ofSeconds(10));
    assertThat(send("direct:call").getException()).isNull();
  }

  @Test
  void workThatAloneNeedsMoreThanAQuotaBearsIsStoppedInsteadOfBegunAnewForEver() {
    for (var operation : new String[] {"stock", null}) {
      clock.advance(Duration.ofMinutes(1));
      taken.set(0);

      var stopped = failure(send("direct:three", operation));

      assertThat(taken.get()).isEqualTo(2);
      assertThat(((NotAsked) stopped).putOff()).isFalse();
      assertThat(stopped.failure().kind()).isEqualTo(FailureKind.CONFIG);
      assertThat(stopped)
          .hasMessage(
              "One piece of work took 2 'pairs' of 'shop', which bears 2 at once, and needs more: begun anew it would end here again. Let a call carry less (its 'bulk'), or raise 'quotas.pairs.burst' where the partner allows more, then replay.");
    }
  }

  @Test
  void workThatCanAskWhatIsDoneAlreadyGoesOnWhenThereIsRoom() {
    var stopped = failure(send("direct:three", "shipment"));

    assertThat(taken.get()).isEqualTo(2);
    assertThat(((NotAsked) stopped).putOff()).isTrue();
    assertThat(stopped.failure().retryAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void workThatOthersLeftTooLittleForIsPutOff() {
    assertThat(send("direct:pair", "stock").getException()).isNull();
    clock.advance(Duration.ofSeconds(10));

    var second = failure(send("direct:pair", "stock"));

    assertThat(((NotAsked) second).putOff()).isTrue();
    clock.advance(Duration.ofSeconds(20));
    assertThat(send("direct:pair", "stock").getException()).isNull();
  }

  @Test
  void theAnswersHeaderCorrectsTheRateForAllReplicas() {
    rate = "0.5";

    send("direct:call");

    Await.until("the rate is corrected", LIMIT, () -> perSecond() == 0.5);
    assertThat(failure(send("direct:call")).failure().retryAfter())
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aHeaderThatIsNoRateIsPassedOverAndOneBesideARefusalIsNot() {
    rate = "many";
    send("direct:call");
    assertThat(perSecond()).isEqualTo(0.1);

    clock.advance(Duration.ofSeconds(10));
    status = 429;
    rate = "0.25";
    assertThat(send("direct:call").getException()).isNotNull();
    Await.until("the rate is corrected", LIMIT, () -> perSecond() == 0.25);
  }

  private static double left(String quota) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.prepareStatement("SELECT level FROM quota WHERE name = ?")) {
      statement.setString(1, quota);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getDouble(1) : -1;
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPartnerThatBearsNoMoreForAMomentDoesNotEmptyTheDay() {
    rate = "2";
    send("direct:twice");
    Await.until("the rate is corrected", LIMIT, () -> perSecond() == 2);
    clock.advance(Duration.ofSeconds(10));
    status = 429;
    rate = "4";

    assertThat(send("direct:twice").getException()).isNotNull();

    Await.until("what it said is kept", LIMIT, () -> perSecond() == 4);
    assertThat(left("day")).as("two were taken").isBetween(98.0, 98.1);
    assertThat(left("calls")).isLessThanOrEqualTo(0);
  }

  @Test
  void aTokenThatIsRefusedIsReplacedForTheNextTry() {
    send("direct:call");
    clock.advance(Duration.ofMinutes(5));
    status = 401;
    var refused = send("direct:call");
    assertThat(TokenUse.refused(refused)).isTrue();
    clock.advance(Duration.ofSeconds(10));
    status = 200;

    send("direct:call");

    assertThat(seen).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void aRouteWithoutAPartnersTokenOrQuotaSaysWhatToName() {
    assertThat(failure(send("direct:static")))
        .hasMessage(
            "Account 'shop' has no access token 'static'. Name it under 'tokens' of its connector, and set what that names.");
    assertThat(failure(send("direct:other")))
        .hasMessage(
            "Account 'shop' has no access token 'other'. Name it under 'tokens' of its connector, and set what that names.");
    var uncounted = failure(send("direct:uncounted"));
    assertThat(uncounted.failure().kind()).isEqualTo(FailureKind.CONFIG);
    assertThat(uncounted)
        .hasMessage(
            "Account 'shop' has no quota 'other'. Name it under 'quotas' of its connector.");
    assertThat(failure(send("direct:sign")))
        .hasMessage(
            "Account 'shop' has no secret to sign with. Set the parameter that its connector names under 'verification'.");
  }
}
