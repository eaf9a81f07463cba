package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Secret;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which webhooks prove where they come from, by each scheme a profile may name. */
class ProofTest {
  private static final byte[] BODY = bytes("{\"id\":1,\"name\":\"Žofie\"}");
  private static final KeyPair PAIR = pair();

  @TempDir Path home;

  private final ManualClock clock = new ManualClock();
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Tokens tokens =
      new Tokens(new Hub(null, null, null, null, null, null, null, null, null, null, clock));
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile int status = 200;
  private volatile String answer;
  private String deadlines = "deadlines: { connect: 20s, call: 50s }";
  private HttpServer keys;

  @BeforeEach
  void publishKeys() throws IOException {
    answer = key("SHA1");
    keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keys.setExecutor(threads);
    keys.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          try {
            gate.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    keys.start();
  }

  @AfterEach
  void close() {
    gate.countDown();
    keys.stop(0);
    threads.shutdownNow();
    tokens.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
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

  private static String key(String digest) {
    return "{\"algorithm\":\"ECDSA\",\"digest\":\"%s\",\"key\":\"-----BEGIN PUBLIC KEY-----\\n%s\\n-----END PUBLIC KEY-----\"}"
        .formatted(digest, base64(PAIR.getPublic().getEncoded()));
  }

  private static String signed(byte[] body, String kid) {
    try {
      var signature = Signature.getInstance("SHA1withECDSA");
      signature.initSign(PAIR.getPrivate());
      signature.update(body);
      return base64(
          bytes(
              Json.text(
                  Map.of(
                      "alg",
                      "ecdsa",
                      "kid",
                      kid,
                      "digest",
                      "SHA1",
                      "signature",
                      base64(signature.sign())))));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Account account(String verification, Map<String, Object> more) {
    try {
      Files.createDirectories(home.resolve("connectors"));
      Files.writeString(
          home.resolve("connectors/acme.connector.yaml"),
          """
          connector: acme
          title: Acme
          kind: channel
          description: A shop for tests.
          parameters:
            own-url: { description: Our address., required: true, type: url }
            key-url: { description: Has keys., required: true, type: url }
            user: { description: Who calls., required: true }
            proof: { description: Told to both sides., required: true, secret: true, list: true }
            where: { description: Names a header., default: X-Sign }
            encoded: { description: Names an encoding., choices: [base64, hex], default: hex }
            how: { description: Names a scheme., choices: [hmac-sha1, bearer], default: hmac-sha1 }
          verification: %s
          %s
          """
              .formatted(verification, deadlines));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    var edition = Catalog.open(getClass().getClassLoader(), home).edition();
    var profile = edition.connectors().get("acme");
    assertThat(profile).as("%s", edition.faults()).isNotNull();
    var values = new TreeMap<String, List<Object>>();
    values.put("own-url", List.of(URI.create("https://hub.example/webhooks/shop")));
    values.put(
        "key-url",
        List.of(
            URI.create(
                "http://%s:%d/keys"
                    .formatted(keys.getAddress().getHostString(), keys.getAddress().getPort()))));
    values.put("user", List.of("shop"));
    values.put("proof", List.of(Secret.of("newest"), Secret.of("former")));
    values.put("where", List.of("X-Sign"));
    values.put("encoded", List.of("hex"));
    values.put("how", List.of("hmac-sha1"));
    more.forEach((name, value) -> values.put(name, List.of(value)));
    return new Account("shop", profile, values, Map.of(), null);
  }

  private Proof proof(String verification) {
    return Proof.of(account(verification, Map.of()), tokens, clock);
  }

  private boolean holds(Proof proof) {
    return proof.holds(BODY, headers::get);
  }

  @ParameterizedTest
  @CsvSource({"newest, true", "former, true", "older, false"})
  void aSignatureMayCoverTheAddressBeforeTheBody(String secret, boolean right) {
    var proof =
        proof(
            "{ scheme: hmac-sha256, header: X-Sign, secret: proof, covers: url-and-body, url: own-url }");
    var both =
        bytes("https://hub.example/webhooks/shop" + new String(BODY, StandardCharsets.UTF_8));

    headers.put("x-sign", Signatures.sign("hmac-sha256", "base64", bytes(secret), both));
    assertThat(holds(proof)).isEqualTo(right);

    headers.put("x-sign", Signatures.sign("hmac-sha256", "base64", bytes(secret), BODY));
    assertThat(holds(proof)).as("the body alone").isFalse();
  }

  @Test
  void aPrefixIsTakenOffAndMustBeThere() {
    var proof =
        proof(
            "{ scheme: hmac-sha256, encoding: hex, header: X-Sign, secret: proof, prefix: \"sha256=\" }");
    var right = Signatures.sign("hmac-sha256", "hex", bytes("newest"), BODY);

    headers.put("x-sign", "sha256=" + right);
    assertThat(holds(proof)).isTrue();

    headers.put("x-sign", right);
    assertThat(holds(proof)).isFalse();
  }

  @Test
  void anAccountSaysSchemeHeaderAndEncodingWhereItsProfileLeavesThemToIt() {
    var text =
        "{ scheme: { parameter: how }, encoding: { parameter: encoded }, header: { parameter: where }, secret: proof }";
    headers.put("X-Own", Signatures.sign("hmac-sha1", "base64", bytes("newest"), BODY));
    assertThat(
            holds(
                Proof.of(
                    account(text, Map.of("where", "X-Own", "encoded", "base64")), tokens, clock)))
        .isTrue();
    assertThat(holds(proof(text))).as("another header and encoding").isFalse();

    headers.put("X-Sign", "Bearer newest");
    assertThat(holds(Proof.of(account(text, Map.of("how", "bearer")), tokens, clock))).isTrue();
    assertThat(holds(proof(text))).as("another scheme").isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "Basic, shop:newest, true",
        "basic, shop:former, true",
        "Basic, shop:older, false",
        "Basic, other:newest, false",
        "Bearer, shop:newest, false"
      })
  void userAndPasswordStandInTheAuthorization(String scheme, String pair, boolean right) {
    headers.put("Authorization", scheme + " " + base64(bytes(pair)));

    assertThat(holds(proof("{ scheme: basic, user: user, secret: proof }"))).isEqualTo(right);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic", "Basic %%%", "", "shop:newest"})
  void whatIsNoPairIsWrongAndThrowsNothing(String authorization) {
    headers.put("Authorization", authorization);

    assertThat(holds(proof("{ scheme: basic, user: user, secret: proof }"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { scheme: bearer, header: Authorization, secret: proof } | Bearer newest        | false
          { scheme: bearer, header: Authorization, secret: proof } | Bearer older         | true
          { scheme: bearer, header: Authorization, secret: proof } |                      | true
          { scheme: basic, user: user, secret: proof }             | Basic c2hvcDpuZXdlc3Q= | false
          { scheme: basic, user: user, secret: proof }             | Basic c2hvcDpvbGRlcg== | true
          { scheme: basic, user: user, secret: proof }             |                      | true
          { scheme: { parameter: how }, header: Authorization, secret: proof } |          | false
          """)
  void aProofThatStandsInTheHeadersIsMissedWithoutABody(
      String verification, String authorization, boolean lacks) {
    if (authorization != null) {
      headers.put("Authorization", authorization);
    }

    assertThat(proof(verification).lacks(headers::get)).isEqualTo(lacks);
  }

  private void standard(String key, String id, long seconds) {
    var content = id + "." + seconds + "." + new String(BODY, StandardCharsets.UTF_8);
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(seconds));
    headers.put(
        "webhook-signature",
        "v2,whatever v1," + Signatures.sign("hmac-sha256", "base64", bytes(key), bytes(content)));
  }

  @Test
  void aStandardWebhookSignsItsIdItsTimeAndItsBody() {
    var account =
        account(
            "{ scheme: standard-webhooks, secret: proof }",
            Map.of("proof", Secret.of("whsec_" + base64(bytes("key of bytes")))));
    var proof = Proof.of(account, tokens, clock);
    var now = clock.instant().getEpochSecond();

    standard("key of bytes", "msg_1", now);
    assertThat(holds(proof)).isTrue();
    assertThat(proof.holds(bytes("other"), headers::get)).isFalse();

    headers.put("webhook-id", "msg_2");
    assertThat(holds(proof)).as("another id").isFalse();

    standard("key of bytes", "msg_1", now - 301);
    assertThat(holds(proof)).as("too old").isFalse();

    standard("key of bytes", "msg_1", now + 301);
    assertThat(holds(proof)).as("too new").isFalse();

    standard("another key", "msg_1", now);
    assertThat(holds(proof)).as("another key").isFalse();

    standard("key of bytes", "msg_1", now);
    headers.put("webhook-timestamp", "soon");
    assertThat(holds(proof)).as("no time").isFalse();
  }

  private Proof ecdsa() {
    return proof("{ scheme: ecdsa, header: X-Sign, key-url: key-url }");
  }

  @Test
  void aKeyOfThePartnerProvesTheRawBodyAndIsAskedForOnce() {
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-1"));

    assertThat(holds(proof)).isTrue();
    assertThat(holds(proof)).isTrue();
    assertThat(proof.holds(bytes("other"), headers::get)).isFalse();
    assertThat(asked).containsExactly("/keys/key-1");

    clock.advance(Duration.ofHours(1));
    assertThat(holds(proof)).isTrue();
    assertThat(asked).hasSize(2);
  }

  @Test
  void theKeySaysWhichDigestHoldsAndNotTheSender() {
    answer = key("SHA256");
    headers.put("X-Sign", signed(BODY, "key-1"));

    assertThat(holds(ecdsa())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%%%",
        "e30=",
        "bm90IGpzb24=",
        "eyJraWQiOiIuLi8uLi9hZG1pbiIsInNpZ25hdHVyZSI6IkFBPT0ifQ=="
      })
  void whatNamesNoKeyIsWrongAndAsksNobody(String proof) {
    headers.put("X-Sign", proof);

    assertThat(holds(ecdsa())).isFalse();
    assertThat(asked).filteredOn(path -> path.contains("admin")).isEmpty();
  }

  @Test
  void aKeyThatThePartnerDoesNotKnowIsRememberedForAWhile() {
    status = 404;
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-9"));

    assertThat(holds(proof)).isFalse();
    assertThat(holds(proof)).isFalse();
    assertThat(asked).hasSize(1);

    status = 200;
    clock.advance(Duration.ofMinutes(5));
    assertThat(holds(proof)).isTrue();
  }

  @Test
  void manyAtOnceAskForAKeyOnce() throws Exception {
    gate = new CountDownLatch(1);
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-1"));
    var all = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 8; i++) {
      all.add(() -> holds(proof));
    }
    var answers = all.stream().map(threads::submit).toList();

    gate.countDown();

    for (var one : answers) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void inventedKeysAreNotAskedForWithoutEnd() throws Exception {
    gate = new CountDownLatch(1);
    var proof = ecdsa();
    var waiting =
        IntStream.range(0, VerificationKeys.AT_A_TIME)
            .mapToObj(
                i -> threads.submit(() -> proof.holds(BODY, name -> signed(BODY, "invented-" + i))))
            .toList();
    Await.until(
        "all are asked for",
        Duration.ofSeconds(60),
        () -> asked.size() == VerificationKeys.AT_A_TIME);

    assertThatThrownBy(() -> proof.holds(BODY, name -> signed(BODY, "one-more")))
        .isInstanceOf(IntakeRefused.class)
        .hasMessage(
            "The key that proves webhooks of account 'shop' could not be had (too many of them are asked for); nothing was stored. Send it again.");

    gate.countDown();
    for (var one : waiting) {
      one.get(60, TimeUnit.SECONDS);
    }
    for (int i = 0; i < VerificationKeys.MOST; i++) {
      var id = "other-" + i;
      proof.holds(BODY, name -> signed(BODY, id));
    }
    proof.holds(BODY, name -> signed(BODY, "invented-0"));
    assertThat(asked.getLast()).as("it was forgotten").isEqualTo("/keys/invented-0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          503 | {}                                   | HTTP 503
          200 | {}                                   | an answer that holds no key
          200 | {"key":"AAAA"}                       | an answer that holds no key
          200 | <html>                               | an answer that holds no key
          """)
  void whenTheKeyCannotBeHadTheSenderIsToldToComeAgain(int status, String answer, String why) {
    this.status = status;
    this.answer = answer;
    headers.put("X-Sign", signed(BODY, "key-1"));

    assertThatThrownBy(() -> holds(ecdsa()))
        .isInstanceOf(IntakeRefused.class)
        .hasMessage(
            "The key that proves webhooks of account 'shop' could not be had (%s); nothing was stored. Send it again."
                .formatted(why));
  }

  @Test
  void aKeyThatIsNotToldInTimeIsNotWaitedFor() {
    gate = new CountDownLatch(1);
    deadlines = "deadlines: { connect: 100ms, call: 300ms }";
    headers.put("X-Sign", signed(BODY, "key-1"));

    assertThatThrownBy(() -> holds(ecdsa()))
        .isInstanceOf(IntakeRefused.class)
        .hasMessage(
            "The key that proves webhooks of account 'shop' could not be had (no answer in time); nothing was stored. Send it again.");
  }

  @Test
  void aKeyOfAnUnknownDigestIsNotUsed() {
    answer = key("MD5");
    headers.put("X-Sign", signed(BODY, "key-1"));

    assertThatThrownBy(() -> holds(ecdsa())).hasMessageContaining("its digest is 'MD5'");
  }

  @Test
  void aPartnerThatIsDownHasNotChangedItsKeysAndIsLeftAloneForAWhile() {
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-1"));
    holds(proof);
    clock.advance(Duration.ofHours(2));
    status = 503;

    assertThat(holds(proof)).isTrue();
    assertThat(holds(proof)).isTrue();
    assertThat(asked).hasSize(2);

    clock.advance(VerificationKeys.KEPT_ON);
    assertThat(holds(proof)).isTrue();
    assertThat(asked).hasSize(3);
  }

  @Test
  void nobodyWaitsForAKeyThatIsKnownAndAskedForAgain() throws Exception {
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-1"));
    holds(proof);
    clock.advance(Duration.ofHours(2));
    gate = new CountDownLatch(1);
    var asks = threads.submit(() -> holds(proof));
    Await.until("it is asked for again", Duration.ofSeconds(60), () -> asked.size() == 2);

    assertThat(holds(proof)).as("by what was known").isTrue();

    assertThat(asks.isDone()).isFalse();
    gate.countDown();
    assertThat(asks.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(asked).hasSize(2);
  }

  @Test
  void noMoreThanAFewWaitForAKeyThatNobodyKnowsYet() throws Exception {
    gate = new CountDownLatch(1);
    var proof = ecdsa();
    headers.put("X-Sign", signed(BODY, "key-1"));
    var all = new ArrayList<Future<Boolean>>();
    var turnedAway = new ConcurrentLinkedQueue<String>();
    for (int i = 0; i < VerificationKeys.WAITING + 3; i++) {
      all.add(
          threads.submit(
              () -> {
                try {
                  return holds(proof);
                } catch (IntakeRefused e) {
                  turnedAway.add(e.getMessage());
                  return false;
                }
              }));
    }
    Await.until("two have no place", Duration.ofSeconds(60), () -> turnedAway.size() == 2);

    gate.countDown();

    var proven = 0;
    for (var one : all) {
      proven += one.get(60, TimeUnit.SECONDS) ? 1 : 0;
    }
    assertThat(proven).as("who asks, and who waits").isEqualTo(1 + VerificationKeys.WAITING);
    assertThat(turnedAway)
        .containsOnly(
            "The key that proves webhooks of account 'shop' could not be had (too many wait for it); nothing was stored. Send it again.");
  }

  @Test
  void withoutAVerificationNothingIsProven() {
    var rest =
        Account.sample(
            Catalog.open(getClass().getClassLoader(), null).edition().connectors().get("api"));

    assertThat(Proof.of(rest, tokens, clock).holds(BODY, headers::get)).isFalse();
  }
}
