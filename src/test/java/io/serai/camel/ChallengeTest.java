package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** How a partner's question whether a webhook address is ours is answered. */
class ChallengeTest {
  @TempDir Path home;

  private WebhookServlet servlet;

  @BeforeEach
  void configure() throws Exception {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/acme.connector.yaml"),
        """
        connector: acme
        title: Acme
        kind: channel
        description: A shop for tests.
        parameters:
          proof: { description: Told to both sides., required: true, secret: true }
          own-url: { description: Our address., required: true, type: url }
        challenge: { query: challenge_code, answer: sha-256, over: [challenge, proof, own-url], field: challengeResponse }
        """);
    var environment =
        new MockEnvironment()
            .withProperty("serai.channels.shop.connector", "acme")
            .withProperty("serai.channels.shop.proof", "a-proof")
            .withProperty("serai.channels.shop.own-url", "https://hub.example/webhooks/shop")
            .withProperty("serai.channels.plain.connector", "api");
    var configuration =
        Configuration.read(environment, Catalog.open(getClass().getClassLoader(), home).edition());
    servlet =
        new WebhookServlet(
            new SeraiComponent(
                new Hub(
                    configuration,
                    Mappings.builtIn(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    new ManualClock())),
            configuration,
            1_000);
  }

  private MockHttpServletResponse get(String account, String challenge) throws Exception {
    var request = new MockHttpServletRequest("GET", "/webhooks/" + account);
    request.setPathInfo("/" + account);
    if (challenge != null) {
      request.setParameter("challenge_code", challenge);
    }
    var response = new MockHttpServletResponse();
    servlet.service(request, response);
    return response;
  }

  private static String detail(MockHttpServletResponse response) throws Exception {
    return Json.tree(response.getContentAsString(StandardCharsets.UTF_8)).path("detail").asText();
  }

  @Test
  void theDigestIsOverChallengeProofAndAddressInTheirOrder() throws Exception {
    var response = get("shop", "71a");

    var digest =
        MessageDigest.getInstance("SHA-256")
            .digest("71aa-proofhttps://hub.example/webhooks/shop".getBytes(StandardCharsets.UTF_8));
    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getContentType()).isEqualTo("application/json");
    assertThat(response.getContentAsString())
        .isEqualTo("{\"challengeResponse\":\"" + HexFormat.of().formatHex(digest) + "\"}");
  }

  @Test
  void aQuestionWithoutAChallengeIsRefused() throws Exception {
    for (var challenge : new String[] {null, "", "x".repeat(1_001)}) {
      var response = get("shop", challenge);

      assertThat(response.getStatus()).isEqualTo(400);
      assertThat(detail(response))
          .isEqualTo(
              "The challenge is missing or too long; it stands in the query as 'challenge_code'.");
    }
  }

  @Test
  void anAccountWithoutAChallengeAndOneThatIsNotThereSaySo() throws Exception {
    var plain = get("plain", "71a");
    assertThat(plain.getStatus()).isEqualTo(405);
    assertThat(detail(plain))
        .isEqualTo(
            "Account 'plain' answers no subscription challenge; POST webhooks to this address.");

    var nobody = get("nobody", "71a");
    assertThat(nobody.getStatus()).isEqualTo(404);
    assertThat(detail(nobody)).isEqualTo("No account is named 'nobody'.");
  }
}
