package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.AWholeHub;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People log in at an identity provider, over a whole hub and a provider of the test's. */
@TestInstance(Lifecycle.PER_CLASS)
class OidcLoginIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CONSOLE = "https://serai.example";
  private static final String SECRET = "a-client-secret-of-the-test";

  private final Map<String, Object> claims = new HashMap<>();
  private HttpServer provider;
  private RSAKey key;
  private RSAKey signs;
  private AWholeHub hub;

  /** What the provider was asked for last, and what it keeps of it. */
  private Map<String, String> asked = Map.of();

  private Map<String, String> redeemed = Map.of();
  private String cookie;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    key = new RSAKeyGenerator(2048).keyID("k1").generate();
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                Map.of(
                    "issuer",
                    issuer(),
                    "authorization_endpoint",
                    issuer() + "/authorize",
                    "token_endpoint",
                    issuer() + "/token",
                    "jwks_uri",
                    issuer() + "/keys",
                    "response_types_supported",
                    List.of("code"),
                    "subject_types_supported",
                    List.of("public"),
                    "id_token_signing_alg_values_supported",
                    List.of("RS256"))));
    provider.createContext(
        "/keys", exchange -> answer(exchange, new JWKSet(key.toPublicJWK()).toJSONObject()));
    provider.createContext("/token", this::token);
    provider.start();
    hub =
        AWholeHub.over(DATABASE)
            .channel("b2b", "api")
            .with("serai.access.oidc.issuer", issuer())
            .with("serai.access.oidc.client-id", "serai")
            .with("serai.access.oidc.client-secret", SECRET)
            .with("serai.access.oidc.console-url", CONSOLE)
            .with("serai.access.oidc.role-claim", "realm.roles")
            .with("serai.access.oidc.roles.support[0]", "care")
            .with("serai.access.oidc.roles.operator[0]", "ops")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
    provider.stop(0);
  }

  private String issuer() {
    return "http://127.0.0.1:" + provider.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Map<String, ?> body) throws IOException {
    var bytes = Json.text(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    redeemed = pairs(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var login = exchange.getRequestHeaders().getFirst("Authorization");
    var expected = "Basic " + Base64.getEncoder().encodeToString(("serai:" + SECRET).getBytes());
    try {
      assertThat(login).isEqualTo(expected);
      answer(
          exchange,
          Map.of(
              "access_token",
              "an-access-token",
              "token_type",
              "Bearer",
              "expires_in",
              300,
              "id_token",
              idToken()));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private String idToken() throws Exception {
    var now = Instant.now();
    var set =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject("u-1")
            .audience("serai")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .claim("nonce", asked.get("nonce"));
    claims.forEach(set::claim);
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set.build());
    token.sign(new RSASSASigner(signs == null ? key : signs));
    return token.serialize();
  }

  private static Map<String, String> pairs(String query) {
    var pairs = new HashMap<String, String>();
    for (var pair : query.split("&")) {
      var parts = pair.split("=", 2);
      pairs.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return pairs;
  }

  private HttpResponse<String> get(String path) {
    var request = hub.to(path);
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    var answer = hub.send(request.build());
    answer.headers().allValues("Set-Cookie").stream()
        .filter(set -> set.startsWith("serai-console="))
        .forEach(set -> cookie = set.substring(0, set.indexOf(';')));
    return answer;
  }

  private static String to(HttpResponse<String> answer) {
    var location = answer.headers().firstValue("Location").orElse("");
    return location.replaceFirst("^http://127\\.0\\.0\\.1:[0-9]+(/console)", "$1");
  }

  /** As somebody with these claims logs in; what the hub answers when they come back. */
  private HttpResponse<String> comeBack(Map<String, Object> as) {
    claims.clear();
    claims.putAll(as);
    cookie = null;
    var sent = get(to(get("/console/login/sso?next=%2Fconsole%2Forders")));
    var provider = URI.create(to(sent));
    assertThat(provider.toString()).startsWith(issuer() + "/authorize?");
    asked = pairs(provider.getRawQuery());
    assertThat(asked.get("redirect_uri")).isEqualTo(CONSOLE + "/console/login/back");
    return get("/console/login/back?code=a-code&state=" + encoded(asked.get("state")));
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String text(HttpResponse<String> answer) {
    return Jsoup.parse(answer.body()).text();
  }

  private static Map<String, Object> person(String name, Object... roles) {
    return Map.of("preferred_username", name, "realm", Map.of("roles", List.of(roles)));
  }

  @Test
  void aClaimDecidesTheRoleAndTheLastThatFitsCounts() throws Exception {
    assertThat(text(get("/console/login"))).contains("Log in with your organization");

    var back = comeBack(person("ada", "care", "ops", "unknown"));

    assertThat(to(back)).isEqualTo("/console/orders");
    assertThat(text(get("/console/access"))).contains("sso:ada").contains("operator");
    assertThat(hub.texts("SELECT actor FROM audit_entry WHERE action = 'session.login'"))
        .contains("sso:ada");
    var challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(redeemed.get("code_verifier").getBytes(StandardCharsets.US_ASCII)));
    assertThat(asked.get("code_challenge")).as("PKCE").isEqualTo(challenge);
    assertThat(asked.get("code_challenge_method")).isEqualTo("S256");
  }

  @Test
  void theSessionIsANewOne() {
    comeBack(person("cleo", "care"));
    var first = cookie;
    assertThat(text(get("/console/access"))).contains("sso:cleo").contains("support");
    comeBack(person("cleo", "care"));
    assertThat(cookie).isNotEqualTo(first);
  }

  @Test
  void aNameOfTheirsIsNeverAUserOfOurs() {
    comeBack(person("admin", "care"));

    assertThat(text(get("/console/access"))).contains("sso:admin").contains("support");
  }

  private void refused(HttpResponse<String> back, String sentence) {
    assertThat(to(back)).isEqualTo("/console/login");
    assertThat(text(get("/console/login"))).contains(sentence);
    assertThat(to(get("/console/orders"))).startsWith("/console/login");
  }

  @Test
  void whoHasNoRoleIsToldSo() {
    var sentence =
        "'sso:bob' has no role here: no value of the claim 'realm.roles' gives one. Ask an admin.";

    refused(comeBack(person("bob", "sales")), sentence);
    refused(comeBack(Map.of("preferred_username", "bob")), sentence);
  }

  @Test
  void whatTheProviderDidNotSignOrWasNotAskedForLetsNobodyIn() throws Exception {
    var sentence = "The identity provider did not confirm who you are (";
    signs = new RSAKeyGenerator(2048).keyID("k1").generate();
    try {
      refused(comeBack(person("eve", "ops")), sentence);
    } finally {
      signs = null;
    }
    var other = new HashMap<>(person("eve", "ops"));
    other.put("nonce", "of-another-login");
    refused(comeBack(other), sentence);
    other.put("nonce", null);
    other.put("aud", "another-client");
    refused(comeBack(other), sentence);
    comeBack(person("bob", "sales"));
    refused(get("/console/login/back?code=a-code&state=forged"), sentence);
  }

  @Test
  void nobodyIsSentToAnotherSiteAfterwards() {
    claims.putAll(person("ada", "ops"));
    cookie = null;
    var sent = get(to(get("/console/login/sso?next=https%3A%2F%2Fexample.com")));
    asked = pairs(URI.create(to(sent)).getRawQuery());

    assertThat(to(get("/console/login/back?code=c&state=" + encoded(asked.get("state")))))
        .isEqualTo("/console");
  }
}
