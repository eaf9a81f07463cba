package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
