package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Ids;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(ApiHub.SHARED)
class OrdersApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();

  @Test
  void anOrderIsFoundByAnyOfItsKeys() {
    var order = hub.order("shop-" + unique, "key-" + unique, "#" + unique, unique + "@example.com");
    var id = Ids.text("ord", order);
    hub.jdbc
        .sql(
            """
            INSERT INTO fulfillment_order (id, order_id, node, state, reference, created_at, updated_at)
            VALUES (:id, :id, 'nj-1', 'SHIPPED', :reference, now(), now())
            """)
        .param("id", order)
        .param("reference", "F-" + unique)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO shipment (id, order_id, fulfillment_order_id, partner_shipment_id, tracking_number, document,
              shipped_at, created_at)
            VALUES (:id, :id, :id, 'S-1', :tracking, '{}', now(), now())
            """)
        .param("id", order)
        .param("tracking", "1Z-" + unique)
        .update();

    for (var key :
        new String[] {
          id,
          id.toLowerCase(),
          "key-" + unique,
          "#" + unique,
          unique,
          unique.toUpperCase() + "@Example.com",
          "1Z-" + unique,
          "F-" + unique,
          "shop-" + unique + ":key-" + unique
        }) {
      var found = hub.get("/orders?q=" + URLEncoder.encode(key, StandardCharsets.UTF_8)).json();

      assertThat(found.at("/items/0/id").asText()).as(key).isEqualTo(id);
      assertThat(found.path("items")).as(key).hasSize(1);
    }
  }

  @Test
  void aPageEndsWithACursorThatLeadsToTheNextAndSkipsNothing() {
    var channel = "paged-" + unique;
    for (int i = 0; i < 5; i++) {
      hub.order(channel, unique + i, null, null);
    }

    var seen = new ArrayList<String>();
    String cursor = "";
    do {
      var page = hub.get("/orders?channel=" + channel + "&limit=2" + cursor).json();
      page.path("items").forEach(item -> seen.add(item.path("channelOrderId").asText()));
      cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
    } while (cursor != null);

    assertThat(seen).containsExactly(unique + 4, unique + 3, unique + 2, unique + 1, unique + 0);
  }

  @Test
  void anOrderIsReadByItsChannelsOwnNumberToo() {
    var id = Ids.text("ord", hub.order("shop", unique, null, null));

    var read = hub.get("/orders/shop:" + unique);

    assertThat(read.status()).isEqualTo(200);
    assertThat(read.json().path("id").asText()).isEqualTo(id);
    assertThat(read.json().at("/lines/0/sku").asText()).isEqualTo("MUG-BLU");
    assertThat(read.json().at("/document/buyer/name").asText()).isEqualTo("Ada Example");
  }

  @Test
  void aViewerSeesTheOrderButNotThePerson() {
    var id = Ids.text("ord", hub.order("shop", unique, null, null));

    var read = hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/orders/" + id, null);

    assertThat(read.response().body()).doesNotContain("Ada").doesNotContain("ring twice");
    assertThat(read.json().at("/document/currency").asText()).isEqualTo("EUR");
    assertThat(read.json().path("masked").asBoolean()).isTrue();
  }

  @Test
  void whatAnOrderWaitsForIsNamedWithWhoActsAndByWhen() {
    var order = hub.order("shop", unique, null, null);
    var node = UUID.randomUUID();
    var kept = UUID.randomUUID();
    hub.jdbc
        .sql(
            """
            INSERT INTO fulfillment_order (id, order_id, node, partner, state, answer_due_at, created_at, updated_at)
            VALUES (:asked, :order, 'nj-1', 'summit', 'ACCEPTED', NULL, now(), now()),
              (:kept, :order, 'shop-1', NULL, 'CANCEL_REQUESTED', now() - interval '1 hour', now(), now()),
              (gen_random_uuid(), :order, 'nj-2', 'summit', 'SHIPPED', NULL, now(), now());
            INSERT INTO reservation (order_id, line_no, node, fulfillment_order_id, sku, quantity, shipped)
            VALUES (:order, 1, 'nj-1', :asked, 'MUG-BLU', 3, 1);
            INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, due_at)
            VALUES (:order, 1, 'RISK', 'Look.', 'fraud', now(), now() + interval '1 hour'),
              (:order, 2, 'MANUAL', 'Asked.', 'support', now(), NULL);
            UPDATE order_hold SET released_at = now() WHERE order_id = :order AND no = 2;
            UPDATE order_line SET allocated = 1, backordered = 1 WHERE order_id = :order;
            INSERT INTO delivery (destination, document, operation, lane, order_id, business_key, idempotency_key,
              repeat_mode, state, due_at, deadline_at, created_at)
            VALUES ('summit', 'fulfillment-request', 'fulfillment-request', :lane, :order, :lane, :lane, 'IDEMPOTENT',
                'PARKED', now(), now(), now()),
              ('shop', 'shipment', 'shipment', :lane, :order, :lane || 2, :lane, 'IDEMPOTENT',
                'READY', now() + interval '2 minutes', now() + interval '1 day', now()),
              ('shop', 'stock', 'stock', :lane, :order, :lane || 3, :lane, 'IDEMPOTENT',
                'CONFIRMED', now(), now(), now())""")
        .param("order", order)
        .param("asked", node)
        .param("kept", kept)
        .param("lane", "shop/" + unique)
        .update();

    var read =
        hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/orders/shop:" + unique + "/next", null);

    var found = new ArrayList<String>();
    for (var awaited : read.json().path("items")) {
      found.add(
          "%s %s %s %s"
              .formatted(
                  awaited.path("kind").asText(),
                  awaited.path("owner").asText(),
                  awaited.path("overdue").asBoolean()
                      ? "overdue"
                      : awaited.hasNonNull("dueAt") ? "due" : "-",
                  awaited.path("sentence").asText().replaceAll("dlv_[0-9]+", "dlv")));
    }
    assertThat(found)
        .containsExactly(
            "ANSWER shop-1 overdue 'shop-1' says whether it lets go of what 'shop-1' was to ship.",
            "SEND hub due 'shop' is sent the shipment.",
            "RELEASE fraud due What it is held for (risk) is cleared up.",
            "REPAIR operations - Delivery 'dlv' (fulfillment-request to 'summit') is replayed, resolved or discarded.",
            "SHIPMENT summit - 'summit' ships 2 unit(s) from 'nj-1'.",
            "STOCK stock - 1 of 'MUG-BLU' can be promised.");
    var done = hub.order("shop", "done-" + unique, null, null);
    assertThat(hub.get("/orders/" + Ids.text("ord", done) + "/next").json().path("items"))
        .isEmpty();
  }

  @Test
  void theTimelineIsOldestFirst() {
    var order = hub.order("shop", unique, null, null);
    for (var kind : new String[] {"RECEIVED", "ALLOCATED"}) {
      hub.jdbc
          .sql(
              """
              INSERT INTO order_event (order_id, kind, sentence, message_id, occurred_at)
              VALUES (:id, :kind, 'It happened.', 7, now())
              """)
          .param("id", order)
          .param("kind", kind)
          .update();
    }

    var timeline = hub.get("/orders/" + Ids.text("ord", order) + "/timeline").json();

    assertThat(timeline.at("/items/0/kind").asText()).isEqualTo("RECEIVED");
    assertThat(timeline.at("/items/0/messageId").asText()).isEqualTo("msg_7");
    assertThat(timeline.at("/items/1/kind").asText()).isEqualTo("ALLOCATED");
    assertThat(timeline.at("/items/1/outOfOrder").asBoolean()).isFalse();
    assertThat(timeline.path("next").isNull()).isTrue();

    var early = hub.parkedMessage("shop", "{}", "x.");
    hub.jdbc
        .sql(
            """
            INSERT INTO order_event (order_id, kind, sentence, message_id, occurred_at)
            VALUES (:id, 'late', 'It happened.', 9000000000000, now()), (:id, 'early', 'It happened.', :early, now())
            """)
        .param("id", order)
        .param("early", Long.parseLong(early.substring(4)))
        .update();
    var later = hub.get("/orders/" + Ids.text("ord", order) + "/timeline").json();
    assertThat(later.at("/items/2/outOfOrder").asBoolean()).isFalse();
    assertThat(later.at("/items/2/lane").asText()).isEqualTo("hub");
    assertThat(later.at("/items/3/lane").asText()).isEqualTo("shop");
    assertThat(later.at("/items/2").hasNonNull("receivedAt")).as("that message is gone").isFalse();
    assertThat(later.at("/items/3/outOfOrder").asBoolean()).isTrue();
    assertThat(later.at("/items/3").hasNonNull("receivedAt")).isTrue();
  }

  @Test
  void theDecisionIsTheNewestUnlessAnotherRevisionIsNamed() {
    var order = hub.order("shop", unique, null, null);
    var path = "/orders/" + Ids.text("ord", order) + "/decision";
    assertThat(hub.get(path).status()).isEqualTo(404);
    for (int revision = 1; revision <= 2; revision++) {
      hub.jdbc
          .sql("INSERT INTO decision VALUES (:id, :revision, 'v1', '{\"node\":\"nj-1\"}', now())")
          .param("id", order)
          .param("revision", revision)
          .update();
    }

    var newest = hub.get(path).json();

    assertThat(newest.path("revision").asInt()).isEqualTo(2);
    assertThat(newest.at("/document/node").asText()).isEqualTo("nj-1");
    assertThat(hub.get(path + "?revision=1").json().path("revision").asInt()).isEqualTo(1);
    assertThat(hub.get(path + "?revision=3").detail())
        .isEqualTo(
            "Order '%s' has no decision of revision '3'; there are [2, 1]."
                .formatted(Ids.text("ord", order)));
  }

  @Test
  void anUnknownOrderIsAnsweredInOneSentence() {
    var id = Ids.text("ord", hub.ids.next());

    var answer = hub.get("/orders/" + id);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.detail())
        .isEqualTo(
            "Order '%s' is not known; look for it with GET /api/v1/orders?q=.".formatted(id));
    assertThat(answer.json().path("type").asText()).isEqualTo("urn:serai:problem:not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders/1'%20OR%20'1'='1",
        "/orders?state=nonsense",
        "/orders?limit=0",
        "/orders?limit=501",
        "/orders?limit=x",
        "/orders?cursor=nonsense",
        "/orders?cursor=WyJ4Il0"
      })
  void whatMakesNoSenseIsRefusedNotGuessed(String path) {
    var answer = hub.get(path);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).endsWith(".").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "';DROP TABLE sales_order;--",
        "1' OR '1'='1",
        "\\' OR 1=1 --",
        "%27%20UNION%20SELECT%20null--",
        "$1",
        ":q",
        "a:b:c",
        "%"
      })
  void aSearchIsNeverPartOfTheStatement(String q) {
    var answer = hub.get("/orders?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("items")).isEmpty();
  }
}
