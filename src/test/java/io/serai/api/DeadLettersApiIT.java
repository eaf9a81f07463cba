package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ResourceLock(ApiHub.SHARED)
class DeadLettersApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();

  @Test
  void deadLettersAreListedAndGroupedByCause() {
    hub.parkedMessage(account, "{}", "Field 'sku' is missing.");
    hub.parkedMessage(account, "{}", "Field 'sku' is missing.");
    hub.parkedMessage(account, "{}", "Field 'qty' is missing.");

    var list = hub.get("/dead-letters?account=" + account).json();
    var groups = hub.get("/dead-letters/groups?account=" + account).json();

    assertThat(list.path("items")).hasSize(3);
    assertThat(list.at("/items/0/sentence").asText()).isEqualTo("Field 'qty' is missing.");
    assertThat(groups.path("items")).hasSize(2);
    assertThat(groups.at("/items/0/count").asInt()).isEqualTo(2);
    assertThat(groups.at("/items/0/kind").asText()).isEqualTo("UNMAPPED");
    assertThat(groups.at("/items/0/firstSeen").asText()).endsWith("Z");
  }

  @Test
  void aDiscardNeedsAReasonAndIsInTheAudit() {
    var id = hub.parkedMessage(account, "{}", "x.");

    var without = hub.post("/dead-letters/" + id + "/discard", "{}");
    var with = hub.post("/dead-letters/" + id + "/discard", "{\"reason\":\"cancelled by phone\"}");

    assertThat(without.status()).isEqualTo(422);
    assertThat(without.detail()).contains("needs a reason");
    assertThat(with.status()).isEqualTo(200);
    assertThat(with.json().path("state").asText()).isEqualTo("DISCARDED");
    var entry = hub.get("/audit?action=dead-letter.discard&object=" + id).json().at("/items/0");
    assertThat(entry.path("reason").asText()).isEqualTo("cancelled by phone");
    assertThat(entry.path("actor").asText()).isEqualTo("token:api");
    assertThat(entry.at("/before/state").asText()).isEqualTo("PARKED");
    assertThat(entry.at("/after/state").asText()).isEqualTo("DISCARDED");
  }

  @Test
  void ofTwoOperatorsAtOnceOneIsTooLateAndBothAreInTheAudit() throws Exception {
    var id = hub.parkedMessage(account, "{}", "x.");
    var together = new CountDownLatch(1);

    try (var threads = Executors.newFixedThreadPool(4)) {
      var answers =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            together.await();
                            return hub.post(
                                "/dead-letters/" + id + "/discard",
                                "{\"reason\":\"operator %d\",\"fence\":0}".formatted(i));
                          }))
              .toList();
      together.countDown();
      var statuses = answers.stream().map(DeadLettersApiIT::answer).map(ApiHub.Answer::status);

      assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409, 409);
      var late =
          answers.stream().map(DeadLettersApiIT::answer).filter(a -> a.status() == 409).findAny();
      assertThat(late.orElseThrow().json().at("/current/state").asText()).isEqualTo("DISCARDED");
      assertThat(hub.get("/audit?object=" + id).json().path("items")).hasSize(4);
    }
  }

  private static ApiHub.Answer answer(Future<ApiHub.Answer> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMillionIdsAreRefusedInASentenceAndSelectNothing() {
    var ids = new StringBuilder("{\"selection\":{\"ids\":[");
    for (var id = 1; id <= 700_000; id++ /* as many as a body may hold */) {
      ids.append(id == 1 ? "" : ",").append("\"msg_").append(id).append('"');
    }
    var jobs = hub.jdbc.sql("SELECT count(*) FROM replay_job").query(Long.class).single();

    var refused = hub.post("/replays", ids.append("]},\"reason\":\"all\"}").toString());

    assertThat(refused.status()).isIn(400, 413);
    assertThat(refused.detail()).isNotBlank().endsWith(".");
    assertThat(hub.jdbc.sql("SELECT count(*) FROM replay_job").query(Long.class).single())
        .isEqualTo(jobs);
  }

  @Test
  void aStaleFenceIsRefusedWithTheCurrentState() {
    var id = hub.parkedMessage(account, "{}", "x.");

    var answer = hub.post("/dead-letters/" + id + "/discard", "{\"reason\":\"r\",\"fence\":41}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().at("/current/state").asText()).isEqualTo("PARKED");
    assertThat(answer.json().at("/current/fence").asLong()).isZero();
  }

  @Test
  void anEditedMessageRunsAgainAndKeepsWhatItWas() {
    var id = hub.parkedMessage(account, "{\"sku\":\"MUG \"}", "x.");

    var edited =
        hub.post(
            "/dead-letters/" + id + "/edit",
            "{\"reason\":\"trailing blank\",\"payload\":{\"sku\":\"MUG\"}}");

    assertThat(edited.status()).isEqualTo(200);
    assertThat(edited.json().path("state").asText()).isEqualTo("RECEIVED");
    var message = hub.get("/messages/" + id).json();
    assertThat(message.at("/payload/text").asText()).isEqualTo("{\"sku\":\"MUG\"}");
    assertThat(message.at("/edits/0/reason").asText()).isEqualTo("trailing blank");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "edit | {\"reason\":\"r\"} | 400",
        "edit | {\"reason\":\"r\",\"payload\":\"a\",\"payloadBase64\":\"YQ==\"} | 400",
        "edit | {\"reason\":\"r\",\"payloadBase64\":\"%%%\"} | 400",
        "edit | {\"payload\":\"a\"} | 422",
        "resolve | {\"reason\":\"r\",\"outcome\":\"perhaps\"} | 400",
        "resolve | {\"reason\":\"r\"} | 400",
        "discard | {\"reason\":\"r\",\"because\":\"x\"} | 400",
        "discard | [] | 400",
        "discard | {\"reason\":\"r\",\"fence\":\"x\"} | 400",
      })
  void whatMakesNoSenseIsRefusedInOneSentence(String verb, String body, int status) {
    var id = hub.parkedMessage(account, "{}", "x.");

    var answer = hub.post("/dead-letters/" + id + "/" + verb, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).endsWith(".").doesNotContain("io.serai");
    assertThat(hub.get("/dead-letters/" + id).status()).isEqualTo(200);
  }

  @Test
  void aDeliveryOfUnknownOutcomeIsNeverReplayedBlindlyButResolved() {
    var id = hub.doubtfulDelivery(account);
    var path = "/dead-letters/" + id;

    assertThat(hub.post(path + "/replay", "{}").status()).isEqualTo(422);
    assertThat(
            hub.post(path + "/resolve", "{\"outcome\":\"happened\",\"reason\":\"portal\"}")
                .status())
        .isEqualTo(422);
    assertThat(
            hub.post(path + "/resolve", "{\"outcome\":\"happened\",\"reference\":\"F-1\"}")
                .status())
        .isEqualTo(422);
    var done =
        hub.post(
            path + "/resolve",
            "{\"outcome\":\"happened\",\"reference\":\"F-1\",\"reason\":\"portal\"}");

    assertThat(done.json().path("state").asText()).isEqualTo("CONFIRMED");
    assertThat(hub.get("/deliveries/" + id).json().path("remoteId").asText()).isEqualTo("F-1");
  }

  @Test
  void aDeliveryThatDidNotHappenIsSentAgainUnderTheSameKey() {
    var id = hub.doubtfulDelivery(account);
    var key = hub.get("/deliveries/" + id).json().path("idempotencyKey").asText();

    var done =
        hub.post(
            "/dead-letters/" + id + "/resolve",
            "{\"outcome\":\"did-not-happen\",\"reason\":\"asked by phone\"}");

    assertThat(done.json().path("state").asText()).isEqualTo("READY");
    assertThat(hub.get("/deliveries/" + id).json().path("idempotencyKey").asText()).isEqualTo(key);
  }

  @Test
  void aReplayFreezesItsSelectionAndIsPausedResumedAndAborted() {
    hub.parkedMessage(account, "{}", "x.");
    hub.parkedMessage(account, "{}", "x.");

    var started =
        hub.post(
            "/replays",
            "{\"selection\":{\"account\":\"%s\"},\"rate\":1,\"reason\":\"fixed\"}"
                .formatted(account));

    assertThat(started.status()).isEqualTo(202);
    var id = started.json().path("id").asText();
    assertThat(started.response().headers().firstValue("Location"))
        .contains("/api/v1/replays/" + id);
    assertThat(started.json().path("total").asInt()).isEqualTo(2);
    assertThat(hub.get("/replays/" + id + "/items").json().path("items")).hasSize(2);
    assertThat(hub.post("/replays/" + id + "/pause", "{\"reason\":\"wait\"}").json().path("state"))
        .hasToString("\"PAUSED\"");
    assertThat(hub.post("/replays/" + id + "/pause", null).status()).isEqualTo(409);
    assertThat(hub.post("/replays/" + id + "/resume", null).json().path("state"))
        .hasToString("\"RUNNING\"");
    assertThat(hub.post("/replays/" + id + "/abort", "{}").json().path("state"))
        .hasToString("\"ABORTED\"");
    assertThat(hub.get("/replays?limit=500").json().findValuesAsText("id")).contains(id);
    assertThat(hub.get("/replays/" + id + "/report").json().path("left").asInt()).isEqualTo(2);
    assertThat(hub.post("/replays/" + id + "/repeat", "{\"only\":\"failed\"}").detail())
        .isEqualTo(
            "Nothing of replay '%s' that was FAILED is a dead letter now, so there is nothing to repeat."
                .formatted(id));
    assertThat(hub.post("/replays/" + id + "/repeat", "{\"only\":\"lost\"}").status())
        .isEqualTo(400);
    var number = Long.parseLong(id.substring(4));
    hub.jdbc
        .sql("UPDATE replay_job SET patch_reason = 'r' WHERE id = :id")
        .param("id", number)
        .update();
    assertThat(hub.post("/replays/" + id + "/repeat", "{}").detail())
        .isEqualTo(
            "The patch of replay '%s' is past its retention and gone, so it cannot be repeated as it was; start a new one."
                .formatted(id));
    hub.jdbc
        .sql("UPDATE replay_job SET patch_reason = NULL WHERE id = :id")
        .param("id", number)
        .update();
    var terminal = new OnTerminal(hub);
    assertThat(terminal.serai("replays", "repeat", id, "--reason", "once more", "--json")).isZero();
    var again = io.serai.support.Json.tree(terminal.out());
    assertThat(again.path("repeats").asText()).isEqualTo(id);
    assertThat(again.path("purpose").asText()).isEqualTo("once more");
    assertThat(again.path("total").asInt()).isEqualTo(2);
    assertThat(again.path("rate").asInt()).isEqualTo(1);
    var repeated = again.path("id").asText();
    assertThat(hub.post("/replays/" + repeated + "/repeat", "{}").detail())
        .isEqualTo(
            "Replay '%s' is RUNNING; only one that is over is repeated. Let it end, or abort it."
                .formatted(repeated));
    hub.post("/replays/" + repeated + "/abort", "{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | The selection is empty; name ids, a fingerprint, a kind, an account, a time range, or send {\"all\":true}.",
        "{\"selection\":{}} | The selection is empty; name ids, a fingerprint, a kind, an account, a time range, or send {\"all\":true}.",
        "{\"selection\":{\"all\":true,\"kind\":\"AUTH\"}} | The selection says 'all' and names parts too; send one or the other.",
        "{\"selection\":{\"ids\":[\"17\"]}} | '17' is no dead letter's id; ids begin with msg_, dlv_ or ord_.",
        "{\"selection\":{\"all\":true},\"rate\":0} | Rate '0' is out of range; give items a second, from 1 to 10000.",
        "{\"selection\":{\"since\":\"soon\"}} | Field 'selection.since' is 'soon', which is no instant (write it as 2026-01-31T12:00:00Z); correct it.",
        "{\"selection\":{\"since\":\"2026-02-01T00:00:00Z\",\"until\":\"2026-01-01T00:00:00Z\"}} | The time range ends ('2026-01-01T00:00:00Z') before it begins ('2026-02-01T00:00:00Z'); exchange them.",
      })
  void aReplayOfNothingOrOfNonsenseIsRefused(String body, String sentence) {
    var answer = hub.post("/replays", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).isEqualTo(sentence);
  }

  @Test
  void whatIsNotKnownIsAnsweredInOneSentence() {
    assertThat(hub.get("/dead-letters/msg_999999999").status()).isEqualTo(404);
    assertThat(hub.post("/dead-letters/msg_999999999/discard", "{\"reason\":\"r\"}").status())
        .isEqualTo(404);
    assertThat(hub.get("/replays/rpl_999999").detail())
        .isEqualTo("Replay 'rpl_999999' is not known; list the replays to find its id.");
    assertThat(hub.post("/replays/rpl_999999/pause", "{}").status()).isEqualTo(404);
  }
}
