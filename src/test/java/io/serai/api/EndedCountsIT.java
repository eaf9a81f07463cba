package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What is over is counted in a terminal, too. */
@ResourceLock(ApiHub.SHARED)
class EndedCountsIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @Test
  void whatWasDiscardedIsCountedAndWhatHasStoppedIsNot() {
    var account = "shop-" + UUID.randomUUID();
    var stopped = "shop-" + UUID.randomUUID();
    hub.parkedMessage(stopped, "{}", "It stopped.");
    var discarded = hub.parkedMessage(account, "{}", "It stopped.");
    hub.post("/dead-letters/" + discarded + "/discard", "{\"reason\":\"r\"}");

    int code = terminal.serai("dead-letters", "counts", "--by", "account", "--over", "discarded");

    assertThat(code).as(terminal.err()).isZero();
    assertThat(terminal.out()).contains(account).doesNotContain(stopped);
    assertThat(terminal.serai("dead-letters", "counts", "--by", "account")).isZero();
    assertThat(terminal.out()).contains(stopped).doesNotContain(account);
  }
}
