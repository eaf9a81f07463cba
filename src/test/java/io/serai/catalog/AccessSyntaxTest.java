package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.ConnectorProfile.Challenge;
import io.serai.catalog.ConnectorProfile.Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a profile says of access tokens, proofs, challenges and quotas, and every fault of it. */
class AccessSyntaxTest {
  private static final String FILE = "connectors/acme.connector.yaml";
  private static final String GOOD =
      """
      connector: acme
      title: Acme
      kind: channel
      description: A shop.
      parameters:
        token-url: { description: Grants access., required: true, type: url }
        key-url: { description: Has keys., required: true, type: url }
        own-url: { description: Our address., required: true, type: url }
        client-id: { description: Who we are., required: true }
        client-secret: { description: Proves it., required: true, secret: true }
        refresh-token: { description: Granted by the owner., required: true, secret: true }
        proof: { description: Told to both sides., required: true, secret: true }
        where: { description: Names a header., default: X-Sign }
        loose: { description: May be unset. }
        how: { description: Names a scheme., choices: [hmac-sha256, bearer], default: bearer }
      token: { scheme: refresh-token, url: token-url, client-id: client-id, client-secret: client-secret, refresh-token: refresh-token, scope: "a b" }
      tokens:
        app: { scheme: client-credentials, url: token-url, client-id: client-id, client-secret: client-secret, authenticate: basic }
      verification: { scheme: hmac-sha256, encoding: base64, header: X-Sign, secret: proof, covers: url-and-body, url: own-url, prefix: "v1=", refuse-with: 412 }
      challenge: { query: code, answer: sha-256, over: [challenge, proof, own-url], field: answer }
      deadlines: { acknowledge: 4h, ship-by: 2d }
      quotas:
        search: { rate: 0.0056, per: 1s, burst: 20 }
        confirm: { rate: 120, per: 1m, header: X-Rate }
      cancel-reasons: { CUSTOMER: BUYER, OTHER: REST }
      """;

  @Test
  void everyPartIsRead() {
    var profile = ProfileReader.read(FILE, GOOD, new Faults(FILE));

    var token = profile.token(null);
    assertThat(token.fetched()).isTrue();
    assertThat(token.url()).isEqualTo("token-url");
    assertThat(token.refreshToken()).isEqualTo("refresh-token");
    assertThat(token.scope()).isEqualTo("a b");
    assertThat(token.basic()).isFalse();
    assertThat(profile.token("app").basic()).isTrue();
    assertThat(profile.token("app").refreshToken()).isNull();
    assertThat(profile.token("other")).isNull();
    var proof = profile.verification();
    assertThat(proof.url()).isEqualTo("own-url");
    assertThat(proof.prefix()).isEqualTo("v1=");
    assertThat(proof.refuseWith()).isEqualTo(412);
    assertThat(profile.challenge())
        .isEqualTo(new Challenge("code", List.of("challenge", "proof", "own-url"), "answer"));
    assertThat(profile.deadlines().acknowledge()).isEqualTo(Duration.ofHours(4));
    assertThat(profile.deadlines().shipBy()).isEqualTo(Duration.ofDays(2));
    assertThat(profile.quotas().get("search").perSecond()).isEqualTo(0.0056);
    assertThat(profile.quotas().get("search").burst()).isEqualTo(20);
    assertThat(profile.quotas().get("confirm").perSecond()).isEqualTo(2);
    assertThat(profile.quotas().get("confirm").burst()).isEqualTo(120);
    assertThat(profile.quotas().get("confirm").header()).isEqualTo("X-Rate");
    assertThat(profile.cancelReasons()).isEqualTo(Map.of("CUSTOMER", "BUYER", "OTHER", "REST"));
  }

  @Test
  void whatAnAccountMaySayIsReadFromItsParameters() {
    var profile =
        ProfileReader.read(
            FILE,
            verification(
                "{ scheme: { parameter: how }, header: { parameter: where }, secret: proof }"),
            new Faults(FILE));

    var account = Account.sample(profile);
    assertThat(profile.verification().scheme().of(account)).isEqualTo("bearer");
    assertThat(profile.verification().header().of(account)).isEqualTo("X-Sign");
    assertThat(profile.verification().encoding()).isEqualTo(Text.of("base64"));
  }

  @Test
  void bearerAndBasicStandInTheAuthorization() {
    for (var text :
        List.of(
            "{ scheme: bearer, secret: proof }",
            "{ scheme: basic, user: client-id, secret: proof }")) {
      var profile = ProfileReader.read(FILE, verification(text), new Faults(FILE));

      assertThat(profile.verification().header()).isEqualTo(Text.of("Authorization"));
      assertThat(profile.verification().refuseWith()).isEqualTo(401);
    }
  }

  @Test
  void everyFaultOfATokenIsNamed() {
    says(
        "scheme: refresh-token, ",
        "scheme: refresh, ",
        "16: 'connector file.token.scheme' is 'refresh', which is not known. Known: 'client-credentials', 'refresh-token', 'static'.");
    says(
        "refresh-token, url: token-url",
        "refresh-token, url: client-id",
        "16: 'token.url' names parameter 'client-id', which is no address. Add 'type: url' to the parameter.");
    says(
        ", refresh-token: refresh-token",
        "",
        "16: 'connector file.token' has no 'refresh-token'. Add 'refresh-token: …'.");
    says(
        "client-id: client-id, client-secret: client-secret, refresh-token",
        "client-id: client, client-secret: client-id, refresh-token",
        "16: 'token.client-id' names parameter 'client', which is not declared. Known: 'client-id', 'client-secret', 'how', 'key-url', 'loose', 'own-url', 'proof', 'refresh-token', 'token-url', 'where'.",
        "16: 'token.client-secret' names parameter 'client-id', which is not secret. Add 'secret: true' to the parameter.");
    says(
        "client-secret: client-secret, refresh-token: refresh-token",
        "authenticate: basic, refresh-token: refresh-token",
        "16: 'token' authenticates by 'basic' and names no client secret. Add 'client-secret: …', or write 'authenticate: body'.");
    says(
        "client-id: client-id, client-secret: client-secret, authenticate: basic",
        "client-id: client-id",
        "18: 'connector file.tokens.app' has no 'client-secret'. Add 'client-secret: …'.");
    says(
        "  app:",
        "  theApp:",
        "18: Token 'theApp' is not in kebab case. Use lower-case letters, digits and single dashes.");
  }

  @Test
  void everyFaultOfAProofIsNamed() {
    proof(
        "{ scheme: ecdsa, header: X-Sign, key-url: key-url, token: apt }",
        "19: 'verification.token' is 'apt', which is not under 'tokens'. Nearest name: 'app'.");
    proof(
        "{ scheme: ecdsa, key-url: proof }",
        "19: 'connector file.verification' has no 'header'. Add 'header: …'.",
        "19: 'verification.key-url' names parameter 'proof', which is no address. Add 'type: url' to the parameter.");
    proof(
        "{ scheme: hmac-sha1, header: X-Sign, secret: proof, covers: url-and-body }",
        "19: 'connector file.verification' has no 'url'. Add 'url: …'.");
    proof(
        "{ scheme: { parameter: how }, secret: proof }",
        "19: 'connector file.verification' has no 'header'. Add 'header: …'.");
    proof(
        "{ scheme: basic, secret: proof }",
        "19: 'connector file.verification' has no 'user'. Add 'user: …'.");
    proof(
        "{ scheme: bearer, secret: proof, refuse-with: 503 }",
        "19: 'verification.refuse-with' is '503', which blames us and not the sender. Write a status from 400 to 499.");
    proof(
        "{ scheme: none, secret: proof }",
        "19: 'connector file.verification' has a key 'secret', which means nothing there. Known: 'encoding', 'header', 'refuse-with', 'scheme'.");
    proof(
        "{ scheme: { parameter: loose }, header: X-Sign, secret: proof }",
        "19: 'verification.scheme' names parameter 'loose', which may be unset. Give the parameter a default, or write 'required: true'.",
        "19: 'verification.scheme' names parameter 'loose', whose values may be others than work there. Limit it by 'choices'. Known: 'bearer', 'hmac-sha1', 'hmac-sha256', 'hmac-sha512', 'standard-webhooks'.");
    proof(
        "{ scheme: hmac-sha1, header: { parameter: proof }, secret: proof }",
        "19: 'verification.header' names parameter 'proof', which is secret. Name one that is not.");
    proof(
        "{ scheme: hmac-sha1, header: { parameter: were }, secret: proof }",
        "19: 'verification.header.parameter' names parameter 'were', which is not declared. Nearest name: 'where'.");
  }

  @Test
  void everyFaultOfAChallengeIsNamed() {
    says(
        "over: [challenge, proof",
        "over: [prof",
        "20: 'challenge.over' names parameter 'prof', which is not declared. Nearest name: 'proof'.",
        "20: 'challenge.over' leaves the challenge itself out. Write 'over: [challenge, …]'.");
    says(
        "query: code, answer: sha-256",
        "answer: md5",
        "20: 'connector file.challenge' has no 'query'. Add 'query: …'.",
        "20: 'connector file.challenge.answer' is 'md5', which is not known. Known: 'sha-256'.");
  }

  @Test
  void everyFaultOfAQuotaIsNamed() {
    says(
        "rate: 0.0056",
        "rate: 0",
        "23: 'connector file.quotas.search.rate' is '0', which is no number above 0. Write a number such as 2 or 0.5.");
    says("rate: 0.0056, ", "", "23: 'connector file.quotas.search' has no 'rate'. Add 'rate: …'.");
    says(
        "per: 1m",
        "per: 0s",
        "24: 'connector file.quotas.confirm' allows 120 calls in no time. Set 'per' to a duration such as '1s'.");
    says(
        "  search:",
        "  searchOrders:",
        "23: Quota 'searchOrders' is not in kebab case. Use lower-case letters, digits and single dashes.");
    says(
        "CUSTOMER: BUYER",
        "CUSTOMER:",
        "25: Cancel reason 'CUSTOMER' says not what the channel calls it. Write 'CUSTOMER: …'.");
  }

  private static String verification(String text) {
    return GOOD.replaceAll("(?m)^verification: .*$", "verification: " + text);
  }

  private static void proof(String text, String... sentences) {
    assertThat(faults(verification(text))).as(text).containsExactlyInAnyOrder(placed(sentences));
  }

  private static void says(String before, String after, String... sentences) {
    assertThat(GOOD).contains(before);
    assertThat(faults(GOOD.replace(before, after)))
        .as(after)
        .containsExactlyInAnyOrder(placed(sentences));
  }

  private static String[] placed(String... sentences) {
    return Arrays.stream(sentences).map(s -> FILE + ":" + s).toArray(String[]::new);
  }

  private static List<String> faults(String text) {
    var faults = new Faults(FILE);
    ProfileReader.read(FILE, text, faults);
    return faults.list().stream().map(Fault::toString).toList();
  }
}
