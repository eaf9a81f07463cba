package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.ApiHub;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Selection;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A second person looks at what one may not do alone. */
@ResourceLock(ApiHub.SHARED)
class ApprovalPagesIT {
  private static final String HERE = "/console/approvals";

  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();

  /** A replay that this person asked for; the approval's id. */
  private String proposed(String person) {
    var item = hub.parkedMessage(account, "{}", "stopped " + account);
    var job =
        hub.context
            .getBean(Replay.class)
            .start(Selection.of(item), 10, 0, false, "corrected", person, 0);
    return hub.context
        .getBean(Approvals.class)
        .ask(
            "replay.start",
            job.id(),
            "Replay 1 dead letters at 10 a second.",
            null,
            "corrected",
            new Caller(person, Role.APPROVER))
        .name();
  }

  @Test
  void aSecondPersonApprovesOnThePage() {
    var id = proposed("otto");
    var abe = Browser.of(hub, "abe");
    var page = abe.get(HERE + "?open=yes").page();

    var seen = abe.press(page, HERE + "/" + id + "/approve", Map.of());

    assertThat(seen.text()).containsPattern("Done\\. 'rpl_[0-9]+' runs\\.");
  }

  @Test
  void whoAskedSeesWhyTheyCannotAndIsRefusedAllTheSame() {
    var id = proposed("abe");
    var abe = Browser.of(hub, "abe");
    var page = abe.get(HERE + "?open=yes").page();

    var form = page.selectFirst("form[action=" + HERE + "/" + id + "/approve]");
    assertThat(form.select("fieldset[disabled]")).hasSize(1);
    assertThat(form.text())
        .contains(
            "You asked for this, and four eyes need two people; have another approver look at it.");
    assertThat(abe.press(page, HERE + "/" + id + "/approve", Map.of()).text())
        .contains("Not done. 'abe' asked for this, and four eyes need two people;");
    assertThat(abe.press(page, HERE + "/" + id + "/decline", Map.of("reason", "a slip")).text())
        .contains("Done. The replay was aborted.");
  }

  @Test
  void allOfACauseIsDiscardedWhenItsNumberIsTyped() {
    var message =
        hub.parkedMessage(account, "{}", "Field 'discard' of " + account + " is missing.");
    var otto = Browser.of(hub, "otto");
    var group =
        otto.get("/console/dead-letters?account=" + account).page().select("a.open").attr("href");
    var page = otto.get(group).page();
    var action = "/console/dead-letters/discard";

    assertThat(otto.press(page, action, Map.of("reason", "tests", "count", "all")).text())
        .contains(
            "Not done. 'all' was typed, which is no number; type how many are to be discarded.");
    assertThat(otto.press(page, action, Map.of("reason", "tests", "count", "7")).text())
        .contains("Not done. The selection holds 1 dead letters now, not 7; look at them again.");
    assertThat(otto.press(page, action, Map.of("reason", "tests", "count", "1")).text())
        .contains("Done. 1 is discarded, 0 were left alone.");
    assertThat(otto.get("/console/messages/" + message).text()).contains("discarded");
  }

  @Test
  void theReplaysPageSaysThatItWaits() {
    proposed("otto");
    var otto = Browser.of(hub, "otto");
    var job = otto.get("/console/jobs").page().select("a.open").attr("href");

    var seen = otto.get(job);

    assertThat(seen.text()).contains("proposed").contains("A second person has to approve it");
    assertThat(seen.page().select("form[action$=/resume], form[action$=/pause]")).isEmpty();
    assertThat(seen.page().select("form[action$=/abort]")).hasSize(1);
  }
}
