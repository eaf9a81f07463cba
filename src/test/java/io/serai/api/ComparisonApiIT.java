package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A message beside one of its kind that went through. */
@ResourceLock(ApiHub.SHARED)
class ComparisonApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();

  @AfterEach
  void none() {
    hub.jdbc
        .sql("UPDATE inbox_message SET state = 'DISCARDED' WHERE account = ? AND state = 'PARKED'")
        .param(account)
        .update();
  }

  private String good(String body) {
    var id = hub.parkedMessage(account, body, "x.");
    hub.jdbc
        .sql("UPDATE inbox_message SET state = 'APPLIED', failure_id = NULL WHERE id = ?")
        .param(Long.parseLong(id.substring(4)))
        .update();
    return id;
  }

  private ApiHub.Answer compare(String id) {
    return hub.get("/messages/" + id + "/comparison");
  }

  @Test
  void itIsTheLastBeforeItThatWentThrough() {
    good("{\"a\":1}");
    var good = good("{\"state\":\"paid\",\"email\":\"ada@example.com\"}");
    var bad = hub.parkedMessage(account, "{\"state\":\"odd\",\"email\":\"bob@example.com\"}", "x.");
    good("{\"b\":1}");

    var found = compare(bad).json();
    assertThat(found.path("with").asText()).isEqualTo(good);
    assertThat(found.path("total").asInt()).isEqualTo(2);
    assertThat(found.at("/differences/1/path").asText()).isEqualTo("/state");
    assertThat(found.at("/differences/1/good").asText()).isEqualTo("\"paid\"");
    assertThat(found.at("/differences/1/now").asText()).isEqualTo("\"odd\"");
    assertThat(found.at("/differences/0/now").asText()).isEqualTo("\"bob@example.com\"");

    var seen =
        hub.send(
                ApiHub.basic("vera", ApiHub.PASSWORD),
                "GET",
                "/messages/" + bad + "/comparison",
                null)
            .json();
    assertThat(seen.toString()).doesNotContain("bob@").doesNotContain("ada@");
    assertThat(seen.at("/differences/1/now").asText()).isEqualTo("\"odd\"");

    var terminal = new OnTerminal(hub);
    assertThat(terminal.serai("messages", "compare", bad)).isZero();
    assertThat(terminal.out()).contains(bad + " beside " + good, "2 fields", "/state", "VALUE");
    assertThat(terminal.serai("messages", "compare", bad, "--with", bad)).isZero();
    assertThat(terminal.out()).contains("0 fields are otherwise.");
  }

  @Test
  void whereThereIsNothingToCompareItSaysSo() {
    var bad = hub.parkedMessage(account, "{}", "x.");
    assertThat(compare(bad).detail())
        .isEqualTo(
            "Nothing of the kind of message '%s' went through before it; name one to compare it with."
                .formatted(bad));
    assertThat(compare("msg_999999999").detail())
        .isEqualTo("Message 'msg_999999999' is not known; list the messages to find its id.");
    var xml = hub.parkedMessage(account, "<order/>", "x.");
    var refused = hub.get("/messages/" + xml + "/comparison?with=" + bad);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.detail())
        .isEqualTo(
            "The payload of message '%s' is larger than 1024 KB, or neither JSON, X12, EDIFACT nor CSV; download both to compare them."
                .formatted(xml));
  }
}
