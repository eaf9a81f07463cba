package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.cli.CommandLines;
import io.serai.cli.Session;
import io.serai.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** How a channel does, as programs and operators read it. */
@ResourceLock(ApiHub.SHARED)
class ChannelHealthIT {
  @Command(name = "serai")
  static final class Root {}

  private final ApiHub hub = ApiHub.running();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  @AfterEach
  void forget() {
    for (var table :
        new String[] {
          "account_sighting",
          "access_token",
          "quota",
          "poll_cursor",
          "publication",
          "drift",
          "endpoint"
        }) {
      hub.jdbc.sql("DELETE FROM " + table).update();
    }
  }

  private int serai(String... arguments) {
    var environment =
        Map.of("SERAI_URL", "http://127.0.0.1:" + hub.port(), "SERAI_API_TOKEN", ApiHub.TOKEN);
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            environment::get,
            Clock.systemUTC());
    return CommandLines.complete(
            new CommandLine(new Root(), CommandLines.factory(session)), session)
        .execute(arguments);
  }

  private void saw(String kind, String document, int count, String ago) {
    hub.jdbc
        .sql(
            """
            INSERT INTO account_sighting (account, kind, document, count, last_at)
            VALUES ('shopify-main', :kind, :document, :count, now() - :ago::interval)
            """)
        .param("kind", kind)
        .param("document", document)
        .param("count", count)
        .param("ago", ago)
        .update();
  }

  private void anEventfulDay() {
    saw("WEBHOOK", "", 120, "10 minutes");
    saw("REFUSED", "", 2, "5 minutes");
    saw("CHALLENGE", "", 1, "3 days");
    saw("MESSAGE", "order", 118, "10 minutes");
    saw("MESSAGE", "refund", 2, "4 hours");
    saw("EFFECT", "stock", 40, "15 minutes");
    hub.jdbc
        .sql(
            """
            INSERT INTO poll_cursor (account, document, cursor, since, updated_at)
            VALUES ('shopify-main', 'order', NULL, now() - interval '4 minutes', now() - interval '4 minutes'),
              ('shopify-main', 'listing', 'page-2', now() - interval '1 hour', now())
            """)
        .update();
    hub.jdbc
        .sql(
            """
            UPDATE poll_cursor SET last_success_at = now() - interval '2 hours', failed_at = now() - interval '1 minute',
              failure_kind = 'AUTH', failure = 'The shop refused the token.', not_before = now() + interval '5 minutes'
            WHERE document = 'listing'
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO publication (account, listing_id, sku, pending_since)
            VALUES ('shopify-main', 'L-1', 'MUG', now() - interval '7 minutes'),
              ('shopify-main', 'L-2', 'TEE', now() - interval '1 minute'), ('shopify-main', 'L-3', 'CAP', NULL)
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO drift (account, mapping, field, value, count, first_seen_at, last_seen_at)
            VALUES ('shopify-main', 'shopify/order.in.jslt', 'cancel_reason', 'weather', 3, now(), now() - interval '2 hours')
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO endpoint (name, paused_until, pause_kind, pause_sentence)
            VALUES ('shopify-main', now() + interval '1 minute', 'THROTTLED', 'Shop ''shopify-main'' asked for less.')
            """)
        .update();
  }

  @Test
  void everyPartOfItsHealthIsTold() {
    anEventfulDay();

    var shop = hub.get("/channels/shopify-main").json();

    var health = shop.path("health");
    assertThat(shop.path("state").asText()).isEqualTo("PAUSED");
    assertThat(health.path("pauseKind").asText()).isEqualTo("THROTTLED");
    assertThat(health.path("circuit").asText()).isEqualTo("CLOSED");
    assertThat(health.at("/webhooks/count").asInt()).isEqualTo(120);
    assertThat(health.at("/webhooks/refused").asInt()).isEqualTo(2);
    assertThat(age(health.at("/webhooks/lastChallengeAt").asText())).isEqualTo(Duration.ofDays(3));
    assertThat(age(health.at("/lastIn/order").asText())).isEqualTo(Duration.ofMinutes(10));
    assertThat(age(health.at("/lastIn/refund").asText())).isEqualTo(Duration.ofHours(4));
    assertThat(age(health.at("/lastOut/stock").asText())).isEqualTo(Duration.ofMinutes(15));
    assertThat(health.at("/polls/0/document").asText()).isEqualTo("listing");
    assertThat(health.at("/polls/0/betweenPages").asBoolean()).isTrue();
    assertThat(age(health.at("/polls/0/lastSuccessAt").asText())).isEqualTo(Duration.ofHours(2));
    assertThat(age(health.at("/polls/0/failedAt").asText())).isEqualTo(Duration.ofMinutes(1));
    assertThat(health.at("/polls/0/failureKind").asText()).isEqualTo("AUTH");
    assertThat(health.at("/polls/0/failure").asText()).isEqualTo("The shop refused the token.");
    assertThat(health.at("/polls/0/notBefore").isTextual()).isTrue();
    assertThat(health.at("/polls/1/failedAt").isTextual()).isFalse();
    assertThat(health.at("/polls/1/lagSeconds").asInt()).isBetween(240, 299);
    assertThat(health.at("/stock/pending").asInt()).isEqualTo(2);
    assertThat(age(health.at("/stock/pendingSince").asText())).isEqualTo(Duration.ofMinutes(7));
    assertThat(health.at("/drift/values").asInt()).isEqualTo(1);
    var sunsetDays = health.path("sunsetDays").asLong();
    assertThat(sunsetDays).isBetween(daysTo("2027-07-01") - 1, daysTo("2027-07-01") + 1);
    assertThat(health.path("warnings")).hasSize(4 + (sunsetDays < 90 ? 1 : 0));
  }

  @Test
  void whatItsTokensAndQuotasBearIsTold() {
    hub.jdbc
        .sql(
            """
            INSERT INTO access_token (account, name, seal, obtained_at, expires_at, fence)
            VALUES ('shopify-main', '', 'seal', now() - interval '10 minutes', now() + interval '50 minutes', 1)
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO quota (account, name, declared, per_second, burst, level, settled_at)
            VALUES ('shopify-main', 'search-orders', 0.01, 0.01, 20, 4.2, now() - interval '200 seconds')
            """)
        .update();

    var health = hub.get("/channels/shopify-main").json().path("health");

    assertThat(age(health.at("/tokens/0/obtainedAt").asText())).isEqualTo(Duration.ofMinutes(10));
    assertThat(health.at("/tokens/0/expiresAt").asText()).endsWith("Z");
    assertThat(health.at("/quotas/0/name").asText()).isEqualTo("search-orders");
    assertThat(health.at("/quotas/0/left").asInt()).isEqualTo(6);
    assertThat(health.at("/quotas/0/burst").asInt()).isEqualTo(20);
    assertThat(
            Duration.between(Instant.now(), Instant.parse(health.at("/quotas/0/resetAt").asText())))
        .isBetween(Duration.ofSeconds(1_330), Duration.ofSeconds(1_385));
    assertThat(serai("channels", "show", "shopify-main")).isZero();
    assertThat(out.toString())
        .containsPattern("search-orders +6 of 20 +0.01/s")
        .containsPattern("Access tokens\n.*\n\\(the only one\\) +20");
  }

  private static Duration age(String instant) {
    return Duration.ofMinutes(Duration.between(Instant.parse(instant), Instant.now()).toMinutes());
  }

  private static long daysTo(String date) {
    return LocalDate.now(ZoneOffset.UTC)
        .until(LocalDate.parse(date), java.time.temporal.ChronoUnit.DAYS);
  }

  @Test
  void aChannelThatNothingHappenedToIsWell() {
    var erp = hub.get("/channels/erp").json();

    assertThat(erp.path("state").asText()).isEqualTo("OK");
    assertThat(erp.at("/health/warnings")).isEmpty();
    assertThat(erp.at("/health/webhooks").isMissingNode()).isTrue();
    assertThat(erp.at("/health/stock").isMissingNode()).isTrue();
    assertThat(erp.at("/health/lastOut")).isEmpty();
  }

  @Test
  void whatIsNoChannelIsNotFound() {
    var answer = hub.get("/channels/northwind");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.detail())
        .isEqualTo("No channel is named 'northwind'; 'GET /api/v1/channels' lists them.");
    assertThat(hub.get("/partners/northwind").status()).isEqualTo(200);
  }

  @Test
  void anOperatorSeesAllChannelsAtOnce() {
    anEventfulDay();

    assertThat(serai("channels", "list")).isZero();

    assertThat(out.toString())
        .containsPattern(
            "NAME +CONNECTOR +STATE +LAST IN +LAST OUT +POLL LAG +STOCK LAG +DRIFT +STOPPED +REMARK")
        .containsPattern(
            "shopify-main +shopify +PAUSED +10 min ago +15 min ago +60 min +7 min +1 +\\d+ +Shop 'shopify-main' asked for less. \\(and 4 more\\)");
  }

  @Test
  void anOperatorSeesWhatDeservesALookFirst() {
    anEventfulDay();

    assertThat(serai("channels", "show", "shopify-main")).isZero();

    assertThat(out.toString())
        .startsWith("shopify-main  Shopify  PAUSED\nShop 'shopify-main' asked for less. Until ")
        .contains(
            "\n! The last webhook of 'shopify-main' was refused 5 min ago,",
            "\n! The poll of 'shopify-main' for 'listing' last went well 2 h ago: The shop refused the token. It is left alone for 4 min.\n",
            "\nlisting: The shop refused the token. (AUTH)\n",
            "\n! 2 listings of 'shopify-main' show a former quantity, the oldest for 7 min.\n",
            "\ncircuit        CLOSED, paused (THROTTLED)\n",
            "\nlimits         20 calls each 1 s, 40 at once, 16 open at a time\n",
            "\naccess-token        ********\n")
        .doesNotContain("canary");
  }

  @Test
  void anUnknownChannelIsOneSentence() {
    assertThat(serai("channels", "show", "shopfy")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("No channel is named 'shopfy'; 'GET /api/v1/channels' lists them.\n");
  }
}
