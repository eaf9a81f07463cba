package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays from a step and to destinations, for programs and terminals. */
@ResourceLock(ApiHub.SHARED)
class StepReplayApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();
  private final String north = "north-" + UUID.randomUUID();
  private final String shop = "erp-" + UUID.randomUUID();

  private String state(String destination) {
    return hub.jdbc
        .sql("SELECT state FROM delivery WHERE destination = ?")
        .param(destination)
        .query(String.class)
        .single();
  }

  @Test
  void aPlanSaysWhatEachStepAndDestinationWouldDo() {
    var id = hub.appliedMessageOwing(account, north, shop);

    var plan = hub.get("/dead-letters/" + id + "/plan").json();

    assertThat(plan.at("/steps/0/step").asText()).isEqualTo("normalize");
    assertThat(plan.at("/steps/0/possible").asBoolean()).isFalse();
    assertThat(plan.at("/steps/3/step").asText()).isEqualTo("send");
    assertThat(plan.at("/steps/3/possible").asBoolean()).isTrue();
    assertThat(plan.path("deliveries")).hasSize(2);
    assertThat(plan.at("/deliveries/0/safety").asText()).isEqualTo("SAFE");
    assertThat(plan.path("dryRun").isMissingNode()).isTrue();
    var parked = hub.get("/dead-letters/" + hub.parkedMessage(account, "{}", "x.") + "/plan");
    assertThat(parked.json().path("dryRun").asText()).startsWith("It would fail as");
    assertThat(hub.get("/dead-letters/msg_99999999/plan").detail())
        .isEqualTo(
            "'msg_99999999' is no message, delivery or order; look for its id in the lists.");
  }

  @Test
  void onlyTheChosenDestinationHearsOfItAndTheStaleLookIsRefused() {
    var id = hub.appliedMessageOwing(account, north, shop);
    var fence = hub.get("/dead-letters/" + id + "/plan").json().path("fence").asLong();
    var body = "{\"from\":\"send\",\"destinations\":[\"%s\"],\"reason\":\"r\",\"fence\":%d}";

    var done = hub.post("/dead-letters/" + id + "/replay", body.formatted(north, fence));
    var stale = hub.post("/dead-letters/" + id + "/replay", body.formatted(shop, fence));

    assertThat(done.json().at("/replayed/0/destination").asText()).isEqualTo(north);
    assertThat(done.json().path("state").asText()).isEqualTo("APPLIED");
    assertThat(stale.status()).isEqualTo(409);
    assertThat(state(north)).isNotEqualTo("PARKED");
    assertThat(state(shop)).isEqualTo("PARKED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"from\":\"later\"} | 400 | 'later' is no step; give one of NORMALIZE, APPLY, MAP, SEND.",
        "{\"destinations\":[\"a\"]} | 400 | Destinations are chosen from a step; give 'from' as 'map' or 'send'.",
        "{\"from\":\"send\",\"destinations\":[]} | 400 | 'destinations' names none; name one or more, or leave it out for all of them.",
        "{\"from\":\"normalize\",\"destinations\":[\"a\"]} | 422 | From step 'normalize' it goes to every destination, because what is owed is decided in one piece. Choose destinations from step 'map' or 'send'.",
      })
  void whatMakesNoSenseIsRefusedInOneSentence(String body, int status, String sentence) {
    var id = hub.appliedMessageOwing(account, north);

    var answer = hub.post("/dead-letters/" + id + "/replay", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(sentence);
    assertThat(state(north)).isEqualTo("PARKED");
  }

  @Test
  void whatThePartnerCannotBeAskedAboutIsNotProbed() {
    var id = hub.doubtfulDelivery(north);

    var answer = hub.post("/dead-letters/" + id + "/probe", "{\"reason\":\"r\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail())
        .isEqualTo(
            "Delivery '%s' is nothing that a partner can be asked about. An attempt may have had its effect, and the hub cannot ask '%s'. Find out there, then resolve it."
                .formatted(id, north));
  }

  @Test
  void aJobReachesTheChosenDestinationsOnly() {
    hub.appliedMessageOwing(account, north, shop);
    var body = "{\"selection\":{\"destinations\":[\"%s\"]%s},\"from\":\"send\",\"dryRun\":true}";

    var job = hub.post("/replays", body.formatted(north, "")).json();

    assertThat(job.path("total").asInt()).isEqualTo(1);
    assertThat(job.path("from").asText()).isEqualTo("send");
    assertThat(hub.post("/replays", body.formatted(north, ",\"type\":\"ORDER\"")).detail())
        .isEqualTo(
            "Only deliveries have destinations, and type 'ORDER' is asked for; leave one of them out.");
    assertThat(
            hub.post("/replays", "{\"selection\":{\"type\":\"MESSAGE\"},\"from\":\"send\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void theTerminalPlansAndReplays() {
    var id = hub.appliedMessageOwing(account, north, shop);

    var terminal = new OnTerminal(hub);
    assertThat(terminal.serai("dead-letters", "replay", id, "--from", "send", "--dry-run"))
        .isZero();
    assertThat(terminal.out()).contains("normalize").contains("SAFE").contains(shop);
    terminal.serai("dead-letters", "replay", id, "--from", "send", "--to", north, "--reason", "r");
    assertThat(terminal.out()).contains("goes again to " + north);
    assertThat(terminal.serai("dead-letters", "probe", id, "--reason", "r")).isNotZero();
    assertThat(state(shop)).isEqualTo("PARKED");
  }
}
