package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.Secret;
import io.serai.database.Leases;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** Who asks a partner for an access token, when, how often, and what is kept of the answer. */
class TokensIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  @TempDir static Path home;

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CONNECTOR =
      """
      connector: acme
      title: Acme
      kind: channel
      description: A shop for tests.
      parameters:
        token-url: { description: Grants access., required: true, type: url }
        client-id: { description: Who we are., required: true }
        client-secret: { description: Proves it., required: true, secret: true }
        refresh-token: { description: Granted by the owner., required: true, secret: true }
        key-url: { description: Tells keys., required: true, type: url }
      token: { scheme: refresh-token, url: token-url, client-id: client-id, client-secret: client-secret, refresh-token: refresh-token }
      tokens:
        app: { scheme: client-credentials, url: token-url, client-id: client-id, client-secret: client-secret, authenticate: basic, scope: "a b" }
      verification: { scheme: ecdsa, header: X-Sign, key-url: key-url, token: app }
      """;
  private static final KeyPair PAIR = pair();
  private static Edition edition;

  private final ManualClock clock = new ManualClock();
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private final List<String> keysAskedWith = new CopyOnWriteArrayList<>();
  private final List<Tokens> opened = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final DataSource database = database();
  private volatile boolean away;
  private HttpServer server;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile int status = 200;
  private volatile String answer;

  /** Number of the only token that keys are told for; all are while it is 0. */
  private final AtomicInteger goodFor = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    DATABASE.truncate();
    if (edition == null) {
      Files.createDirectories(home.resolve("connectors"));
      Files.writeString(home.resolve("connectors/acme.connector.yaml"), CONNECTOR);
      edition = Catalog.open(TokensIT.class.getClassLoader(), home).edition();
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::grant);
    server.createContext("/keys/", this::tellKey);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    opened.forEach(Tokens::close);
    server.stop(0);
    threads.shutdownNow();
  }

  private void grant(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var fields = new HashMap<String, String>();
    for (var pair : body.split("&")) {
      var parts = pair.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      fields.put("authorization", authorization);
    }
    asked.add(fields);
    try {
      gate.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var text =
        answer != null
            ? answer
            : "{\"access_token\":\"token-%d\",\"expires_in\":3600}".formatted(asked.size());
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Retry-After", "7");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Tells the key of the pair to whoever has the newest token. */
  private void tellKey(HttpExchange exchange) throws IOException {
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    keysAskedWith.add(authorization);
    var text =
        "{\"algorithm\":\"ECDSA\",\"digest\":\"SHA256\",\"key\":\"%s\"}"
            .formatted(Base64.getEncoder().encodeToString(PAIR.getPublic().getEncoded()));
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(
        goodFor.get() == 0 || authorization.endsWith("-" + goodFor.get()) ? 200 : 401,
        bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A webhook as the partner signs it; the hub knows only the key's id. */
  private static boolean holds(Proof proof, String key) throws GeneralSecurityException {
    var body = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(PAIR.getPrivate());
    signature.update(body);
    var header =
        "{\"kid\":\"%s\",\"signature\":\"%s\"}"
            .formatted(key, Base64.getEncoder().encodeToString(signature.sign()));
    var headers =
        Map.of(
            "X-Sign", Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)));
    return proof.holds(body, headers::get);
  }

  /** The database, while it is not away. */
  private DataSource database() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (away) {
                throw new SQLException("it does not answer");
              }
              return method.invoke(DATABASE.dataSource(), arguments);
            });
  }

  private Account account(String refreshToken) {
    ConnectorProfile profile = edition.connectors().get("acme");
    return new Account(
        "shop",
        profile,
        Map.of(
            "token-url",
            List.of(
                URI.create(
                    "http://%s:%d/token"
                        .formatted(
                            server.getAddress().getHostString(), server.getAddress().getPort()))),
            "client-id",
            List.of("hub"),
            "client-secret",
            List.of(Secret.of("client-secret-text")),
            "refresh-token",
            List.of(Secret.of(refreshToken)),
            "key-url",
            List.of(
                URI.create(
                    "http://%s:%d/keys"
                        .formatted(
                            server.getAddress().getHostString(), server.getAddress().getPort())))),
        Map.of(),
        null);
  }

  private Account account() {
    return account("refresh-token-text");
  }

  private Tokens replica(String name) {
    var tokens =
        new Tokens(
            new Hub(
                Configuration.read(new MockEnvironment(), edition),
                null,
                null,
                null,
                null,
                null,
                null,
                new Leases(database, clock, name),
                database,
                null,
                clock));
    opened.add(tokens);
    return tokens;
  }

  private static String text(CompletableFuture<TokenRow> row) {
    return row.orTimeout(60, TimeUnit.SECONDS).join().access();
  }

  private static FailureException failure(CompletableFuture<TokenRow> row) {
    try {
      row.orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      return (FailureException) e.getCause();
    }
    throw new AssertionError("there is a token");
  }

  private static String stored(String column) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT " + column + " FROM access_token")) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTokenIsAskedForOnceAndKeptForAllReplicas() {
    var first = replica("hub-a");

    assertThat(text(first.get(account(), null))).isEqualTo("token-1");
    assertThat(text(first.get(account(), null))).isEqualTo("token-1");
    assertThat(text(replica("hub-b").get(account(), null))).isEqualTo("token-1");

    assertThat(asked)
        .containsExactly(
            Map.of(
                "grant_type", "refresh_token",
                "refresh_token", "refresh-token-text",
                "client_id", "hub",
                "client_secret", "client-secret-text"));
  }

  @Test
  void manyWhoNeedItAtOnceOnTwoReplicasMakeOneRequest() {
    gate = new CountDownLatch(1);
    var one = replica("hub-a");
    var other = replica("hub-b");
    var all = new ArrayList<CompletableFuture<TokenRow>>();
    for (int i = 0; i < 20; i++) {
      all.add((i % 2 == 0 ? one : other).get(account(), null));
    }
    Await.until("the partner is asked", LIMIT, () -> !asked.isEmpty());

    gate.countDown();

    assertThat(all).allSatisfy(row -> assertThat(text(row)).isEqualTo("token-1"));
    assertThat(asked).hasSize(1);
  }

  @Test
  void whoGivesUpWaitingGivesUpForNobodyElse() {
    gate = new CountDownLatch(1);
    var tokens = replica("hub-a");
    var impatient = tokens.get(account(), null);
    var patient = tokens.get(account(), null);

    impatient.completeExceptionally(new TimeoutException());
    gate.countDown();

    assertThat(text(patient)).isEqualTo("token-1");
    assertThat(asked).hasSize(1);
  }

  @Test
  void clientCredentialsProveThemselvesInTheHeader() {
    assertThat(text(replica("hub-a").get(account(), "app"))).isEqualTo("token-1");

    assertThat(asked)
        .containsExactly(
            Map.of(
                "grant_type",
                "client_credentials",
                "scope",
                "a b",
                "authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(
                            "hub:client-secret-text".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void aKeyThatProvesWebhooksIsAskedForWithTheTokenThatIsNamedForIt() throws Exception {
    var proof = Proof.of(account(), replica("hub-a"), clock);

    assertThat(holds(proof, "key-1")).isTrue();
    assertThat(holds(proof, "key-1")).isTrue();

    assertThat(keysAskedWith).containsExactly("Bearer token-1");
    assertThat(asked)
        .singleElement()
        .satisfies(fields -> assertThat(fields).containsEntry("grant_type", "client_credentials"));
  }

  @Test
  void aNamedTokenThatIsOverBeforeItsTimeIsReplacedForTheKey() throws Exception {
    var proof = Proof.of(account(), replica("hub-a"), clock);
    holds(proof, "key-1");
    clock.advance(Duration.ofMinutes(5));
    goodFor.set(2);

    assertThat(holds(proof, "key-2")).isTrue();

    assertThat(keysAskedWith).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void aKeyThatNoTokenIsGrantedForSaysSoAndTheSenderComesAgain() {
    status = 401;
    answer = "{\"error\":\"invalid_client\"}";
    var proof = Proof.of(account(), replica("hub-a"), clock);

    assertThatThrownBy(() -> holds(proof, "key-1"))
        .isInstanceOf(IntakeRefused.class)
        .hasMessageStartingWith(
            "The key that proves webhooks of account 'shop' could not be had (Account 'shop' ")
        .hasMessageEndingWith("; nothing was stored. Send it again.");
    assertThat(keysAskedWith).isEmpty();
  }

  @Test
  void theDatabaseHoldsNothingThatCanBeRead() {
    text(replica("hub-a").get(account(), null));

    assertThat(stored("encode(sealed, 'escape')")).doesNotContain("token-1").hasSizeGreaterThan(30);
    assertThat(stored("seal")).doesNotContain("refresh-token-text");
  }

  @Test
  void anotherGrantInTheConfigurationIsAskedForAnew() {
    text(replica("hub-a").get(account(), null));

    assertThat(text(replica("hub-a").get(account("granted-again"), null))).isEqualTo("token-2");

    assertThat(asked.getLast()).containsEntry("refresh_token", "granted-again");
  }

  @Test
  void aRefreshTokenThatThePartnerChangesIsFollowed() {
    answer = "{\"access_token\":\"one\",\"expires_in\":3600,\"refresh_token\":\"second\"}";
    text(replica("hub-a").get(account(), null));
    clock.advance(Duration.ofHours(1));
    answer = "{\"access_token\":\"two\",\"expires_in\":3600}";

    assertThat(text(replica("hub-b").get(account(), null))).isEqualTo("two");
    clock.advance(Duration.ofHours(1));
    text(replica("hub-a").get(account(), null));

    assertThat(asked)
        .extracting(fields -> fields.get("refresh_token"))
        .containsExactly("refresh-token-text", "second", "second");
  }

  @Test
  void anAnswerThatCannotBeKeptServesAndIsKeptWhenTheDatabaseIsBack() {
    answer = "{\"access_token\":\"one\",\"expires_in\":3600,\"refresh_token\":\"second\"}";
    gate = new CountDownLatch(1);
    var tokens = replica("hub-a");
    var first = tokens.get(account(), null);
    Await.until("the partner is asked", LIMIT, () -> !asked.isEmpty());
    away = true;
    gate.countDown();

    assertThat(text(first)).isEqualTo("one");
    assertThat(text(tokens.get(account(), null))).isEqualTo("one");
    assertThat(stored("seal")).isNull();

    away = false;
    assertThat(text(replica("hub-b").get(account(), null))).as("no other asks").isEqualTo("one");
    assertThat(stored("seal")).isNotNull();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aRefreshTokenThatCouldNotBeKeptIsTheOneThatIsSentNext() {
    answer = "{\"access_token\":\"one\",\"expires_in\":3600,\"refresh_token\":\"second\"}";
    gate = new CountDownLatch(1);
    var tokens = replica("hub-a");
    var first = tokens.get(account(), null);
    Await.until("the partner is asked", LIMIT, () -> !asked.isEmpty());
    away = true;
    gate.countDown();
    text(first);

    clock.advance(Duration.ofHours(1)); // it lapses, and so does the lease
    assertThat(failure(tokens.get(account(), null)))
        .hasMessage(
            "The access token of account 'shop' could not be had (it does not answer). It is asked for again by itself.");
    answer = "{\"access_token\":\"two\",\"expires_in\":3600}";
    away = false;

    assertThat(text(tokens.get(account(), null))).isEqualTo("two");
    assertThat(asked.getLast()).containsEntry("refresh_token", "second");
    Await.until(
        "what was answered last is what is kept",
        LIMIT,
        () -> text(replica("hub-b").get(account(), null)).equals("two"));
  }

  @Test
  void whoeverWaitsForAnotherReplicaIsToldSoWhenItStops() throws SQLException {
    new Leases(DATABASE.dataSource(), clock, "hub-b").acquire("token/shop/", Duration.ofMinutes(1));
    var tokens = replica("hub-a");
    var waiting = tokens.get(account(), null);

    tokens.close();

    assertThat(failure(waiting))
        .hasMessage(
            "The access token of account 'shop' could not be had (another replica asks for it and gets no answer). It is asked for again by itself.");
    assertThat(asked).isEmpty();
  }

  @Test
  void itIsReplacedBeforeItLapsesWhileTheOldOneServes() {
    var tokens = replica("hub-a");
    text(tokens.get(account(), null));
    clock.advance(Duration.ofMinutes(53));
    assertThat(text(tokens.get(account(), null))).isEqualTo("token-1");
    assertThat(asked).hasSize(1);
    clock.advance(Duration.ofMinutes(2));

    assertThat(text(tokens.get(account(), null))).as("nobody waits").isEqualTo("token-1");

    Await.until("it is replaced", LIMIT, () -> text(tokens.get(account(), null)).equals("token-2"));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aTokenThatIsDueStillServesWhileThePartnerGivesNoOther() {
    var tokens = replica("hub-a");
    text(tokens.get(account(), null));
    clock.advance(Duration.ofMinutes(56));
    status = 503;
    text(tokens.get(account(), null));
    Await.until("the partner is asked", LIMIT, () -> asked.size() == 2);

    assertThat(text(tokens.get(account(), null))).isEqualTo("token-1");
  }

  @Test
  void aTokenThatThePartnerRefusesIsReplacedOnceOnAllReplicas() {
    var one = replica("hub-a");
    var other = replica("hub-b");
    text(one.get(account(), null));
    text(other.get(account(), null));
    clock.advance(Duration.ofMinutes(5));

    assertThat(one.refused(account(), null, "token-1")).isTrue();
    assertThat(one.refused(account(), null, "token-1")).as("in flight with it").isTrue();
    assertThat(text(one.get(account(), null))).isEqualTo("token-2");
    assertThat(other.refused(account(), null, "token-1")).isTrue();
    assertThat(text(other.get(account(), null))).isEqualTo("token-2");

    assertThat(asked).hasSize(2);
    assertThat(one.refused(account(), null, "token-2")).as("it replaced one").isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(one.refused(account(), null, "token-2")).as("after the pause").isTrue();
  }

  @Test
  void aTokenThatIsRefusedSoonAfterItWasGivenIsReplacedToo() {
    var tokens = replica("hub-a");
    text(tokens.get(account(), null));

    assertThat(tokens.refused(account(), null, "token-1")).isTrue();
    assertThat(text(tokens.get(account(), null))).isEqualTo("token-2");
    assertThat(tokens.refused(account(), null, "token-2")).as("it replaced one").isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":"invalid_grant","error_description":"The token was revoked."} | Account 'shop' is no longer authorized: its refresh token is refused (invalid_grant: The token was revoked). Authorize it again and set 'refresh-token'; its work waits.
          401 | {"error":"invalid_client"} | Account 'shop' gets no access token, because who it says it is is refused (invalid_client). Correct 'client-id' and 'client-secret'; its work waits.
          403 | <html>                     | Account 'shop' gets no access token, because who it says it is is refused (HTTP 403). Correct 'client-id' and 'client-secret'; its work waits.
          400 | {"error":"invalid_scope"}  | Account 'shop' gets no access token, because the request for one is refused (invalid_scope). Correct 'token' of connector 'acme'; its work waits.
          200 | {"error":"invalid_grant"}  | Account 'shop' is no longer authorized: its refresh token is refused (invalid_grant). Authorize it again and set 'refresh-token'; its work waits.
          """)
  void aRefusalForGoodSaysWhatToDoAndIsNotAskedAgainAtOnce(
      int status, String answer, String sentence) {
    this.status = status;
    this.answer = answer;
    var tokens = replica("hub-a");

    var failure = failure(tokens.get(account(), null)).failure();

    assertThat(failure.sentence()).isEqualTo(sentence);
    assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
    assertThat(stored("refusal")).isEqualTo(sentence);
    failure(tokens.get(account(), null));
    assertThat(asked).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    this.status = 200;
    this.answer = null;
    assertThat(text(tokens.get(account(), null))).isEqualTo("token-2");
    assertThat(stored("refusal")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          503 | {}                                     | TRANSIENT | HTTP 503
          500 | {"error":"server_error"}               | TRANSIENT | server_error
          200 | {"token_type":"bearer"}                | TRANSIENT | an answer without an access token
          302 | {}                                     | TRANSIENT | HTTP 302
          400 | {"error":"temporarily_unavailable"}    | TRANSIENT | temporarily_unavailable
          429 | {}                                     | THROTTLED | HTTP 429
          """)
  void whatTimeCuresIsAskedAgain(int status, String answer, FailureKind kind, String why) {
    this.status = status;
    this.answer = answer;
    var tokens = replica("hub-a");

    var failure = failure(tokens.get(account(), null)).failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.sentence())
        .isEqualTo(
            "No access token for account 'shop' could be had from '%s' (%s). It is asked for again by itself."
                .formatted(server.getAddress().getHostString(), why));
    assertThat(failure.retryAfter())
        .isEqualTo(kind == FailureKind.THROTTLED ? Duration.ofSeconds(7) : null);
    this.status = 200;
    this.answer = null;
    assertThat(text(tokens.get(account(), null))).isEqualTo("token-2");
  }
}
