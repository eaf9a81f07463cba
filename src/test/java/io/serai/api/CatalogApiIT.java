package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class CatalogApiIT {
  private final ApiHub hub = ApiHub.running();

  @Test
  void aChannelIsListedWithItsSettingsAndWithoutItsSecrets() {
    var answer = hub.get("/channels");

    var shop = answer.json().at("/items/1");
    assertThat(shop.path("name").asText()).isEqualTo("shopify-main");
    assertThat(shop.path("connector").asText()).isEqualTo("shopify");
    assertThat(shop.at("/settings/shop").asText()).isEqualTo("acme");
    assertThat(shop.at("/settings/access-token").asText()).isEqualTo("********");
    assertThat(shop.path("routes")).hasSize(1);
    assertThat(answer.response().body()).doesNotContain("canary");
  }

  @Test
  void aPausedPartnerSaysWhyAndUntilWhen() {
    assertThat(hub.get("/partners").json().at("/items/0/state").asText()).isEqualTo("OK");
    hub.jdbc
        .sql(
            """
            INSERT INTO endpoint (name, paused_until, pause_kind, pause_sentence)
            VALUES ('northwind', now() + interval '1 hour', 'AUTH', 'Partner ''northwind'' refused the key.')
            """)
        .update();

    var partner = hub.get("/partners").json().at("/items/0");

    assertThat(partner.path("state").asText()).isEqualTo("PAUSED");
    assertThat(partner.path("remark").asText()).isEqualTo("Partner 'northwind' refused the key.");
    assertThat(partner.path("until").asText()).endsWith("Z");
    hub.jdbc.sql("DELETE FROM endpoint").update();
  }

  @Test
  void anAccountWhosePartnerProfileIsNotTheOneItHasSaysWhy(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/walmart-dsv.partner.yaml"), "partner: walmart-dsv\ntitle: W\n");
    var loader = CatalogApiIT.class.getClassLoader();
    try {
      hub.partners().follow(Catalog.open(loader, home).edition());

      var channel = hub.get("/channels/walmart-main").json();

      assertThat(channel.path("state").asText()).isEqualTo("DEGRADED");
      assertThat(channel.path("remark").asText())
          .startsWith("connectors/walmart-dsv.partner.yaml:1: ");
    } finally {
      hub.partners().follow(Catalog.open(loader, null).edition());
    }
    assertThat(hub.get("/channels/walmart-main").json().path("state").asText()).isEqualTo("OK");
  }

  @Test
  void anEndpointOnItsWayBackSaysUntilWhenAndHowManyRetriesAreLeft() {
    hub.jdbc
        .sql(
            """
            INSERT INTO endpoint (name, ramp_from, retry_tokens, retry_at)
            VALUES ('northwind', now(), 7.5, now() + interval '1 minute')
            """)
        .update();

    var partner = hub.get("/partners").json().at("/items/0");

    assertThat(partner.path("state").asText()).isEqualTo("RECOVERING");
    assertThat(partner.path("remark").asText())
        .isEqualTo("'northwind' was away and gets more of its usual pace step by step.");
    assertThat(partner.path("until").asText()).endsWith("Z");
    assertThat(partner.path("retriesLeft").asInt()).isEqualTo(7);
    hub.jdbc.sql("DELETE FROM endpoint").update();
  }

  @Test
  void anEndpointThatIsProbedSaysSo() {
    hub.jdbc.sql("INSERT INTO endpoint (name, breaker) VALUES ('northwind', 'HALF_OPEN')").update();

    var partner = hub.get("/partners").json().at("/items/0");

    assertThat(partner.path("state").asText()).isEqualTo("OPEN");
    assertThat(partner.path("remark").asText())
        .isEqualTo("'northwind' failed again and again and is probed one at a time.");
    hub.jdbc.sql("DELETE FROM endpoint").update();
  }

  @Test
  void anAccountSaysWhatItsEndpointBears() {
    var shop = hub.get("/channels").json().at("/items/1");

    assertThat(shop.at("/limits/rate").asInt()).isEqualTo(20);
    assertThat(shop.at("/limits/perMillis").asInt()).isEqualTo(1_000);
    assertThat(shop.at("/limits/inFlight").asInt()).isEqualTo(16);
    assertThat(shop.path("retriesLeft").asInt()).isEqualTo(100);
  }

  @Test
  void aFileAtFaultNamesLineFaultAndRemedy() {
    var files = hub.get("/routes?status=failed").json().path("items");

    assertThat(files).hasSize(1);
    assertThat(files.get(0).at("/faults/0/sentence").asText())
        .isEqualTo(
            "routes/outbound/broken.camel.yaml:7: Step 'sned' is no step. Nearest name: 'send'.");
    assertThat(files.get(0).path("builtIn").asBoolean()).isFalse();
  }

  @Test
  void routesArePagedByPath() {
    var first = hub.get("/routes?limit=1").json();
    var second = hub.get("/routes?limit=1&cursor=" + first.path("next").asText()).json();

    assertThat(first.at("/items/0/file").asText())
        .isEqualTo("routes/inbound/shopify-orders-in.camel.yaml");
    assertThat(second.at("/items/0/file").asText()).isEqualTo("routes/outbound/broken.camel.yaml");
    assertThat(second.path("next").isNull()).isTrue();
  }
}
