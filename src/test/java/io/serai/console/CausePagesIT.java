package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A cause with its past: how often it fails, what was tried, what is new, and when it is over. */
@ResourceLock(ApiHub.SHARED)
class CausePagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sentence = "Field 'past-" + unique + "' is missing.";
  private final String fingerprint = Integer.toHexString(sentence.hashCode());
  private final String group = "/console/dead-letters/group?fingerprint=" + fingerprint;
  private final Browser operator = Browser.of(hub, "otto");

  private String parked() {
    return hub.parkedMessage(account, "{}", sentence);
  }

  @Test
  void aCauseShowsItsTrendAndHowManyCameAfterItsLastReplay() {
    parked();
    parked();
    hub.post(
        "/replays",
        "{\"selection\":{\"fingerprint\":\"%s\"},\"reason\":\"r\",\"rate\":1,\"rampSeconds\":86400}"
            .formatted(fingerprint));
    assertThat(hub.get("/dead-letters/groups/" + fingerprint).json().path("fresh").asInt())
        .isZero();
    var fresh = parked();
    hub.jdbc
        .sql("UPDATE failure SET occurred_at = now() + interval '1 second' WHERE message_id = ?")
        .param(Long.parseLong(fresh.substring(4)))
        .update();

    var known = hub.get("/dead-letters/groups/" + fingerprint).json();
    var page = operator.get(group);

    assertThat(known.path("fresh").asInt()).isEqualTo(1);
    assertThat(known.path("failures").asInt()).isEqualTo(3);
    assertThat(known.at("/lastReplay/total").asInt()).isEqualTo(2);
    assertThat(known.at("/group/count").asInt()).isPositive();
    assertThat(page.text()).contains("1 has stopped since the last replay of all of it began");
    assertThat(page.page().select("svg.spark").attr("aria-label")).startsWith("3 failures");
    assertThat(operator.get("/console/dead-letters?account=" + account).page().select("svg.spark"))
        .hasSize(1);
  }

  @Test
  void aCauseOfWhichNothingIsLeftIsOverUntilItFailsAgain() {
    var id = parked();
    assertThat(overs()).doesNotContain(fingerprint);
    hub.post("/dead-letters/" + id + "/discard", "{\"reason\":\"r\"}");

    assertThat(overs()).contains(fingerprint);
    assertThat(operator.get("/console/dead-letters/over").text()).contains(sentence);
    assertThat(operator.get(group).text()).contains("Nothing of this cause is left");
    assertThat(hub.get("/dead-letters/groups/" + fingerprint).json().has("group")).isFalse();
    parked();
    assertThat(overs()).doesNotContain(fingerprint);
    assertThat(hub.get("/dead-letters/groups/none-" + unique).detail())
        .isEqualTo(
            "Nothing ever failed for the cause 'none-%s'; list the groups to find its name."
                .formatted(unique));
  }

  private List<String> overs() {
    return hub.get("/dead-letters/groups/over?limit=500").json().findValuesAsText("fingerprint");
  }

  @Test
  void aHeldOrderSaysWhenItIsDue() {
    var order = hub.order(account, unique, null, null);
    var id = parked();
    hub.jdbc
        .sql(
            "UPDATE sales_order SET hold = 'RISK', hold_due_at = now() - interval '1 hour' WHERE id = ?")
        .param(order)
        .update();
    hub.jdbc
        .sql("UPDATE inbox_message SET order_id = ? WHERE id = ?")
        .params(order, Long.parseLong(id.substring(4)))
        .update();

    assertThat(operator.get(group).page().select("dd.bad").text()).isEqualTo("1 h ago");
  }

  @Test
  void anEditShowsWhatItChangedAndWhoeverMayNotSeeItSeesMasks() {
    var id = hub.parkedMessage(account, "{\"unit\":\"EACH\",\"name\":\"Ada\"}", sentence);
    hub.post(
        "/dead-letters/" + id + "/edit",
        "{\"reason\":\"unit\",\"payload\":{\"unit\":\"EA\",\"name\":\"Ida\"}}");

    var edits = hub.get("/messages/" + id).json().at("/edits/0/differences");
    assertThat(edits.findValuesAsText("path")).containsExactly("/unit", "/name");
    var seen = operator.get("/console/messages/" + id).text();
    assertThat(seen).contains("/unit").contains("/name").doesNotContain("Ida");
  }

  @Test
  void theBytesAreShownToWhomMaySeeThem() {
    var id = hub.parkedMessage(account, "{\"a\":\t\"x\"}", sentence);
    var address = "/console/messages/" + id;

    assertThat(operator.get(address + "?as=hex").text()).doesNotContain("00000000");
    operator.press(
        operator.get(address).page(), "/console/reveal", Map.of("reason", "a tab in it"));
    assertThat(operator.get(address + "?as=hex").text())
        .contains("00000000  7b 22 61 22 3a 09 22 78  22 7d")
        .contains("{\"a\":.\"x\"}");
  }

  @Test
  void whatWasDiscardedOrResolvedIsCountedByAnythingButItsCause() {
    parked();
    var discarded = parked();
    hub.post("/dead-letters/" + discarded + "/discard", "{\"reason\":\"r\"}");
    for (int i = 0; i < 2; i++) {
      hub.jdbc
          .sql("UPDATE inbox_message SET state = 'APPLIED', finished_at = now() WHERE id = ?")
          .param(Long.parseLong(parked().substring(4)))
          .update();
    }

    var address = "/console/dead-letters/ended?by=account&ended=";
    assertThat(operator.get(address + "discarded").page().select("tr:contains(" + account + ")"))
        .singleElement()
        .satisfies(row -> assertThat(row.select("td.num").first().text()).isEqualTo("1"));
    assertThat(operator.get(address + "resolved").page().select("tr:contains(" + account + ")"))
        .singleElement()
        .satisfies(row -> assertThat(row.select("td.num").first().text()).isEqualTo("2"));
    for (var by : List.of("kind", "channel", "document", "type", "route", "step", "sku", "day")) {
      assertThat(hub.get("/dead-letters/groups/over/counts?by=" + by).status())
          .as(by)
          .isEqualTo(200);
    }
    var wrong = hub.get("/dead-letters/groups/over/counts?ended=lost");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.detail()).contains("'lost'");
  }

  @Test
  void aPayloadSaysHowLongItIsKept() {
    var id = parked();
    var stopped = hub.get("/messages/" + id).json();
    assertThat(Instant.parse(stopped.path("payloadUntil").asText()))
        .as("a dead letter goes with its own time")
        .isEqualTo(Instant.parse(stopped.path("receivedAt").asText()).plus(Duration.ofDays(365)));
    assertThat(operator.get("/console/messages/" + id).text())
        .containsPattern("Payload is kept until 20\\d\\d-\\d\\d-\\d\\d, in 36\\d days");
    hub.post("/dead-letters/" + id + "/discard", "{\"reason\":\"r\"}");

    var message = hub.get("/messages/" + id).json();
    assertThat(Instant.parse(message.path("payloadUntil").asText()))
        .isEqualTo(Instant.parse(message.path("receivedAt").asText()).plus(Duration.ofDays(90)));
    assertThat(operator.get("/console/messages/" + id).text())
        .containsPattern("Payload is kept until 20\\d\\d-\\d\\d-\\d\\d, in (89|90) days");

    var order = hub.order(account, unique, null, null);
    hub.jdbc
        .sql(
            """
            UPDATE inbox_message SET order_id = :order WHERE id = :id;
            INSERT INTO erasure (order_id, due_at) VALUES (:order, '2026-01-31T12:00:00Z')""")
        .param("order", order)
        .param("id", Long.parseLong(id.substring(4)))
        .update();
    assertThat(hub.get("/messages/" + id).json().path("payloadUntil").asText())
        .as("it goes with its order when that is earlier")
        .isEqualTo("2026-01-31T12:00:00Z");
  }

  @Test
  void theEditorTriesWhatIsTypedWithoutAPress() {
    var id = parked();
    operator.press(
        operator.get("/console/messages/" + id).page(), "/console/reveal", Map.of("reason", "x"));
    var page = operator.get("/console/messages/" + id + "/edit").page();

    var field = page.select("textarea");
    assertThat(field.attr("hx-post")).isEqualTo("/console/messages/" + id + "/edit");
    var tried = operator.press(page, field.attr("hx-post"), Map.of("text", "{", "verb", "try"));
    assertThat(tried.page().select(field.attr("hx-select")).text()).isNotBlank();
    assertThat(hub.get("/messages/" + id).json().path("state").asText()).isEqualTo("PARKED");
  }

  @Test
  void aDeliveryThatIsTriedAgainSaysWhenAndWhy() {
    var id = hub.doubtfulDelivery("slow-" + unique);
    var number = Long.parseLong(id.substring(4));
    hub.jdbc
        .sql("UPDATE delivery SET state = 'READY', due_at = '2099-01-01T00:00:41Z' WHERE id = ?")
        .param(number)
        .update();

    assertThat(operator.get("/console/deliveries/" + id).text())
        .contains(
            "Next try. Try 1 ended as UNKNOWN_OUTCOME (504); the next one is at 2099-01-01T00:00:41Z.");
    hub.jdbc
        .sql(
            "INSERT INTO endpoint (name, paused_until, pause_kind, pause_sentence) VALUES (?, '2099-01-01T00:00:10Z', 'THROTTLED', '429, slower.')")
        .param("slow-" + unique)
        .update();
    assertThat(hub.get("/deliveries/" + id).json().path("waiting").asText())
        .isEqualTo(
            "'slow-%s' is paused until 2099-01-01T00:00:10Z: 429, slower.".formatted(unique));
    hub.jdbc.sql("UPDATE delivery SET state = 'PARKED' WHERE id = ?").param(number).update();
    assertThat(hub.get("/deliveries/" + id).json().has("waiting")).isFalse();
  }
}
