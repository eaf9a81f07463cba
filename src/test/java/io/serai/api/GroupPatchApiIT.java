package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * One change to the payloads of many dead letters, and a replay that begins slowly, as operators
 * ask for them.
 */
@ResourceLock(ApiHub.SHARED)
class GroupPatchApiIT {
  private static final String SENTENCE = "The order has no lines; give some.";

  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @TempDir Path folder;

  // Others ask what came last to this channel.
  @AfterEach
  void leaveNothingOfTheChannel() {
    hub.jdbc
        .sql("UPDATE inbox_message SET account = :gone WHERE account = 'shopify-main'")
        .param("gone", "shop-" + UUID.randomUUID())
        .update();
  }

  private String file(String patch) throws IOException {
    return Files.writeString(folder.resolve("patch.json"), patch).toString();
  }

  private String state(String id) {
    return hub.jdbc
        .sql("SELECT state FROM inbox_message WHERE id = ?")
        .param(Long.parseLong(id.substring("msg_".length())))
        .query(String.class)
        .single();
  }

  @Test
  void aPatchIsTriedThenMadeAndWhatItDoesNotFitIsNamed() throws IOException {
    var one = hub.parkedMessage("shopify-main", "{\"items\":[],\"email\":\"a@b.c\"}", SENTENCE);
    var two = hub.parkedMessage("shopify-main", "{\"id\":7}", SENTENCE);
    var patch =
        file(
            "[{\"op\":\"move\",\"from\":\"/items\",\"path\":\"/lines\"},{\"op\":\"replace\",\"path\":\"/email\",\"value\":\"x\"}]");

    assertThat(terminal.serai("dead-letters", "patch", one, two, "--file", patch, "--dry-run"))
        .as("one is left")
        .isEqualTo(1);
    assertThat(terminal.out())
        .contains("It would fit 1 of 2; 1 left as they are.", "There is nothing at '/items'.")
        .contains("/lines: nothing -> []")
        .doesNotContain("a@b.c");
    assertThat(state(one)).isEqualTo("PARKED");

    terminal.serai(
        "dead-letters", "patch", one, two, "--file", patch, "--reason", "lines are items");
    assertThat(terminal.out()).contains("It fitted 1 of 2; 1 left as they are.");
    assertThat(state(one)).isNotEqualTo("PARKED");
    assertThat(state(two)).isEqualTo("PARKED");
  }

  @Test
  void manyArePatchedByAReplay() throws IOException {
    var one = hub.parkedMessage("shopify-main", "{\"items\":[]}", SENTENCE);
    var patch = file("[{\"op\":\"move\",\"from\":\"/items\",\"path\":\"/lines\"}]");

    assertThat(
            terminal.serai(
                "replays", "start", one, "--patch", patch, "--reason", "lines are items", "--json"))
        .isZero();
    assertThat(terminal.out().replaceAll("\\s", ""))
        .contains("\"from\":\"normalize\",\"patch\":[\"move/lines\"]");
    assertThat(terminal.serai("replays", "start", one, "--patch", patch)).isNotZero();
    assertThat(terminal.err())
        .contains("Patching dead letters needs a reason. Say what was wrong with them.");
    assertThat(terminal.serai("replays", "start", one, "--patch", file("[]"), "--reason", "r"))
        .isNotZero();
    assertThat(terminal.err()).contains("The patch holds nothing; give operations");
  }

  @Test
  void whatIsNoPatchOrHasNoReasonIsRefused() throws IOException {
    var one = hub.parkedMessage("shopify-main", "{\"id\":7}", SENTENCE);

    assertThat(terminal.serai("dead-letters", "patch", one, "--file", file("[]"))).isNotZero();
    assertThat(terminal.err()).contains("The patch holds nothing; give operations");
    assertThat(terminal.serai("dead-letters", "patch", one, "--file", file("{\"lines\":[]}")))
        .isNotZero();
    assertThat(terminal.err())
        .contains("Patching dead letters needs a reason. Say what was wrong with them.");
    assertThat(terminal.serai("dead-letters", "patch", one, "--file", file("lines"))).isNotZero();
    assertThat(terminal.err()).contains("holds no JSON that can be read; correct it.");
    assertThat(terminal.serai("dead-letters", "patch", "--file", file("{\"a\":1}"))).isNotZero();
    assertThat(terminal.err()).contains("Nothing is selected; name ids, --group");
    assertThat(state(one)).isEqualTo("PARKED");
  }

  @Test
  void aReplayMayBeginSlowly() {
    var one = hub.parkedMessage("shopify-main", "{\"id\":7}", SENTENCE);

    assertThat(terminal.serai("replays", "start", one, "--rate", "50", "--ramp", "5m", "--json"))
        .isZero();
    assertThat(terminal.out().replaceAll("\\s", "")).contains("\"rate\":50,\"rampSeconds\":300");
    assertThat(terminal.serai("replays", "start", one, "--ramp", "soon")).isNotZero();
    assertThat(terminal.err())
        .contains("'--ramp' is 'soon', which is no time; write it as 30s, 5m or 1h.");
    assertThat(terminal.serai("replays", "start", one, "--ramp", "25h")).isNotZero();
    assertThat(terminal.err())
        .contains("Ramp '90000' is out of range; give seconds, from 0 to 86400.");
  }
}
