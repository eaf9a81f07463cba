package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What an operator does about what stopped: find it, understand it, and end it safely. */
@ResourceLock(ApiHub.SHARED)
class DeadLetterPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sentence = "Field 'x-" + unique + "' is missing.";
  private final String fingerprint = Integer.toHexString(sentence.hashCode());
  private final String group = "/console/dead-letters/group?fingerprint=" + fingerprint;
  private final Browser operator = Browser.of(hub, "otto");

  private String parked(String body) {
    return hub.parkedMessage(account, body, sentence);
  }

  private String state(String message) {
    return hub.jdbc
        .sql("SELECT state FROM inbox_message WHERE id = ?")
        .param(Long.parseLong(message.substring(4)))
        .query(String.class)
        .single();
  }

  private List<String> reasons(String action, String object) {
    return hub.jdbc
        .sql("SELECT reason FROM audit_entry WHERE action = ? AND object = ? ORDER BY id")
        .param(action)
        .param(object)
        .query(String.class)
        .list();
  }

  @Test
  void causesAreListedWithWhatTheyMeanAndHowManyStopped() {
    parked("{}");
    parked("{}");

    var row = operator.get("/console/dead-letters?account=" + account).page().select("tbody tr");

    assertThat(row).hasSize(1);
    assertThat(row.text()).contains("Not known here").contains(sentence).contains("integration");
    assertThat(row.select("td.num").first().text()).isEqualTo("2");
    assertThat(row.select("a.open").attr("href")).isEqualTo(group);
  }

  @Test
  void theMoneyAtStakeIsThatOfTheOrdersConcernedEachOnce() {
    var order = hub.order(account, unique, "#" + unique, null);
    for (int i = 0; i < 2; i++) {
      hub.jdbc
          .sql("UPDATE inbox_message SET order_id = ? WHERE id = ?")
          .param(order)
          .param(Long.parseLong(parked("{}").substring(4)))
          .update();
    }

    var row = operator.get("/console/dead-letters?account=" + account).page().select("tbody tr");

    assertThat(row.text()).contains("59.90 EUR").doesNotContain("119.80");
    assertThat(Show.money(new BigDecimal("1234"), "JPY")).isEqualTo("1,234 JPY");
  }

  @Test
  void nothingStoppedIsSaidAsWhatItIs() {
    var seen = operator.get("/console/dead-letters?account=nobody-" + unique);

    assertThat(seen.text()).contains("Nothing of that kind has stopped");
  }

  @Test
  void aDiscardNeedsAReasonAndIsShownOnTheMessage() {
    var id = parked("{}");
    var page = operator.get("/console/messages/" + id).page();

    var without =
        operator.press(page, "/console/messages/" + id + "/discard", Map.of("reason", " "));
    var with =
        operator.press(page, "/console/messages/" + id + "/discard", Map.of("reason", "by phone"));

    assertThat(without.text()).contains("Not done. This needs a reason");
    assertThat(with.text()).contains("Done. '" + id + "' is discarded").contains("by phone");
    assertThat(state(id)).isEqualTo("DISCARDED");
    assertThat(reasons("dead-letter.discard", id)).containsExactly("by phone");
  }

  @Test
  void aDiscardHasACodeAndIsTakenBack() {
    var id = parked("{}");
    var discarded =
        operator.press(
            operator.get("/console/messages/" + id).page(),
            "/console/messages/" + id + "/discard",
            Map.of("code", "duplicate", "reason", "came by file too"));
    assertThat(discarded.text()).contains("duplicate: came by file too");

    var reopen = "/console/dead-letters/" + id + "/reopen";
    var reopened = operator.press(discarded.page(), reopen, Map.of("reason", "it did not"));
    assertThat(reopened.text())
        .contains("Done. '" + id + "' is a dead letter again; nothing runs before it is replayed.");
    assertThat(state(id)).isEqualTo("PARKED");
    assertThat(reasons("dead-letter.reopen", id)).containsExactly("it did not");
    assertThat(operator.press(discarded.page(), reopen, Map.of("reason", "twice")).text())
        .contains("Message '" + id + "' is PARKED; only what was discarded is reopened.");
    assertThat(
            hub.post("/dead-letters/" + id + "/discard", "{\"reason\":\"r\",\"code\":\"x\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void whatWasDoneElsewhereEndsUnderItsReferenceThere() {
    var id = parked("{}");
    var elsewhere = "/console/dead-letters/" + id + "/elsewhere";
    var page = operator.get("/console/messages/" + id).page();

    assertThat(operator.press(page, elsewhere, Map.of("reason", "typed in by hand")).text())
        .contains(
            "Saying that '%s' was done elsewhere needs the reference that it has there. Look it up."
                .formatted(id));
    var done =
        operator.press(page, elsewhere, Map.of("reason", "typed in by hand", "reference", "SO-77"));

    assertThat(done.text())
        .contains("is taken as done elsewhere, as 'SO-77'")
        .contains("Done elsewhere as 'SO-77': typed in by hand");
    assertThat(state(id)).isEqualTo("DISCARDED");
  }

  @Test
  void theSlowerOfTwoOperatorsIsToldHowItIsNow() {
    var id = parked("{}");
    var slower = operator.get("/console/messages/" + id).page();
    var other = Browser.of(hub, "admin");
    other.press(
        other.get("/console/messages/" + id).page(),
        "/console/messages/" + id + "/discard",
        Map.of("reason", "first"));

    var seen =
        operator.press(slower, "/console/messages/" + id + "/replay", Map.of("reason", "second"));

    assertThat(seen.text()).contains("Not done.").contains("discarded");
    assertThat(state(id)).isEqualTo("DISCARDED");
  }

  @Test
  void aReplayPutsTheMessageBackToWork() {
    var id = parked("{}");
    var page = operator.get("/console/messages/" + id).page();

    var seen = operator.press(page, "/console/messages/" + id + "/replay", Map.of("reason", "ok"));

    assertThat(seen.text()).contains("Done. '" + id + "' is back at work");
    assertThat(state(id)).isEqualTo("RECEIVED");
  }

  @Test
  void aViewerSeesEachActionWithTheReasonWhyNot() {
    var id = parked("{\"name\":\"Ada Example\"}");

    var page = Browser.of(hub, "vera").get("/console/messages/" + id).page();

    assertThat(page.select("form[action$=/discard] fieldset").hasAttr("disabled")).isTrue();
    assertThat(page.select(".why").text())
        .contains("You are viewer; this needs operator or integrator.");
    assertThat(page.select("span.off[title]").eachText()).contains("Dry run", "Edit");
    assertThat(page.text()).doesNotContain("Ada Example");
  }

  @Test
  void personalDataIsShownOnlyForAReasonThatIsInTheAuditFirst() {
    var id = parked("{\"name\":\"Ada Example\"}");
    var page = operator.get("/console/messages/" + id).page();
    assertThat(page.text()).doesNotContain("Ada Example").contains("•••");

    var without = operator.press(page, "/console/reveal", Map.of("reason", ""));
    var with = operator.press(page, "/console/reveal", Map.of("reason", "buyer called"));

    assertThat(without.text()).contains("needs a reason").doesNotContain("Ada Example");
    assertThat(with.text()).contains("Ada Example");
    assertThat(reasons("personal-data.reveal", id)).containsExactly("buyer called");
    assertThat(Browser.of(hub, "admin").get("/console/messages/" + id).text())
        .as("another's reveal")
        .doesNotContain("Ada Example");
  }

  @Test
  void thePayloadIsDownloadedOnlyAfterItWasRevealed() {
    var id = parked("{\"name\":\"Ada Example\"}");

    var before = operator.get("/console/messages/" + id + "/payload");
    operator.press(
        operator.get("/console/messages/" + id).page(),
        "/console/reveal",
        Map.of("reason", "test"));
    var after = operator.get("/console/messages/" + id + "/payload");

    assertThat(before.status()).isEqualTo(403);
    assertThat(after.response().body()).isEqualTo("{\"name\":\"Ada Example\"}");
    assertThat(after.header("Content-Disposition")).startsWith("attachment");
  }

  @Test
  void anEditIsTriedFirstAndWhatWouldFailIsKeptOnlyOnPurpose() {
    var id = parked("{\"lines\":[]}");
    var address = "/console/messages/" + id;
    assertThat(operator.get(address + "/edit").text()).contains("show the personal data first");
    operator.press(operator.get(address).page(), "/console/reveal", Map.of("reason", "edit"));
    var editor = operator.get(address + "/edit").page();

    var tried =
        operator.press(editor, address + "/edit", edit("try", "{\"lines\":[{\"sku\":\"A\"}]}", ""));
    var failing =
        operator.press(
            tried.page(), address + "/edit", edit("save", "{\"cut\": ", "it was cut off"));
    assertThat(state(id)).as("after a try and a save that would fail").isEqualTo("PARKED");
    var nameless =
        operator.press(failing.page(), address + "/edit", edit("save", "{\"lines\":[]}", ""));
    assertThat(state(id)).as("after a save without a reason").isEqualTo("PARKED");
    var saved =
        operator.press(
            nameless.page(), address + "/edit", edit("save", "{\"lines\":[1]}", "a line"));

    assertThat(tried.text()).contains("It would apply for the first time: order.");
    assertThat(failing.text()).contains("It would fail as UNREADABLE").contains("Save it although");
    assertThat(failing.page().select("textarea").first().wholeText()).isEqualTo("{\"cut\": ");
    assertThat(nameless.text()).contains("Give a reason to save it.");
    assertThat(saved.text()).contains("runs again with what you wrote").contains("a line");
    assertThat(state(id)).isEqualTo("RECEIVED");
  }

  @Test
  void whatTheMessageIsKnownByIsNamedAndStays() {
    var id = parked("{\"eventId\":7,\"lines\":[]}");
    var address = "/console/messages/" + id;
    operator.press(operator.get(address).page(), "/console/reveal", Map.of("reason", "edit"));
    var editor = operator.get(address + "/edit").page();

    var tried = operator.press(editor, address + "/edit", edit("try", "{\"lines\":[]}", ""));
    var forced = edit("save", "{\"lines\":[]}", "no id");
    forced.put("anyway", "yes");
    var refused = operator.press(tried.page(), address + "/edit", forced);

    assertThat(editor.select(".locked li").eachText())
        .containsExactly("/eventId 7 the event's own id");
    assertThat(tried.text()).contains("is the event's own id, '7', and stays as it is.");
    assertThat(refused.text()).contains("is the event's own id, '7', and stays as it is.");
    assertThat(state(id)).isEqualTo("PARKED");
  }

  private static Map<String, String> edit(String verb, String text, String reason) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("verb", verb);
    fields.put("text", text);
    fields.put("reason", reason);
    return fields;
  }

  @Test
  void anEditOfWhatSomebodyElseEndedIsRefusedAndNothingIsLost() {
    var id = parked("{\"lines\":[]}");
    var address = "/console/messages/" + id;
    operator.press(operator.get(address).page(), "/console/reveal", Map.of("reason", "edit"));
    var editor = operator.get(address + "/edit").page();
    var other = Browser.of(hub, "admin");
    other.press(other.get(address).page(), address + "/discard", Map.of("reason", "first"));

    var seen = operator.press(editor, address + "/edit", edit("save", "{\"lines\":[1]}", "mine"));

    assertThat(seen.text()).contains("Not done.").contains("discarded");
    assertThat(state(id)).isEqualTo("DISCARDED");
  }

  @Test
  void aDryRunShowsWhatWouldChangeAndChangesNothing() {
    var id = parked("{\"lines\":[{\"sku\":\"A-1\"}]}");

    var seen = operator.get("/console/messages/" + id + "/dry-run");

    assertThat(seen.text()).contains("It would apply for the first time: order.");
    assertThat(state(id)).isEqualTo("PARKED");
  }

  @Test
  void aPayloadPastItsRetentionIsSaidAndNotRunAgain() {
    var id = parked("{}");
    hub.jdbc
        .sql("DELETE FROM message_payload WHERE message_id = ?")
        .param(Long.parseLong(id.substring(4)))
        .update();

    var page = operator.get("/console/messages/" + id).page();

    assertThat(page.text()).contains("The payload is past its retention.");
    assertThat(page.select("span.off").attr("title")).contains("past its retention");
    assertThat(operator.get("/console/messages/" + id + "/dry-run").status()).isEqualTo(404);
  }

  @Test
  void aPayloadTooLargeToShowIsSaidInsteadOfShown() {
    var id = parked("{\"note\":\"" + "x".repeat(20 << 20) + "\"}");

    var seen = operator.get("/console/messages/" + id);
    var edit =
        operator.press(seen.page(), "/console/reveal", Map.of("reason", "a look")).status() == 200
            ? operator.get("/console/messages/" + id + "/edit")
            : null;
    var tried = operator.get("/console/messages/" + id + "/dry-run");

    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.text()).contains("The payload is larger than 1024 KB");
    assertThat(seen.response().body().length()).isLessThan(100_000);
    assertThat(edit.text())
        .contains("The payload of '" + id + "' is no text of up to 1 MB; edit it with")
        .contains("serai dead-letters edit");
    assertThat(tried.status()).isEqualTo(200);
    assertThat(tried.response().body().length()).isLessThan(100_000);
  }

  @Test
  void scriptInAnyFieldIsShownAndNeverRun() {
    var evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'`${7*7}";
    var id = hub.parkedMessage(account, "{\"note\":\"<script>alert(3)</script>\"}", evil + unique);
    hub.jdbc
        .sql("UPDATE inbox_message SET message_key = ?, event_type = ?, version = ? WHERE id = ?")
        .params(evil, evil, evil, Long.parseLong(id.substring(4)))
        .update();
    var prints = Integer.toHexString((evil + unique).hashCode());
    operator.press(
        operator.get("/console/messages/" + id).page(), "/console/reveal", Map.of("reason", evil));

    for (var address :
        List.of(
            "/console",
            "/console/messages/" + id,
            "/console/messages?account=" + account,
            "/console/dead-letters?account=" + account,
            "/console/dead-letters/group?fingerprint=" + prints,
            "/console/messages/" + id + "/edit",
            "/console/audit?object=" + id,
            "/console/orders?q=" + Show.part(evil),
            "/console/login?next=" + Show.part(evil))) {
      var page = operator.get(address).page();
      assertThat(page.select("body script, img[src=x], [onerror]")).as(address).isEmpty();
    }
    assertThat(operator.get("/console/messages/" + id).text()).contains("<script>alert(1)");
  }

  @Test
  void manyAreReplayedAsOneJobThatIsWatchedAndStopped() {
    parked("{}");
    parked("{}");
    var page = operator.get(group).page();

    var refused = operator.press(page, "/console/dead-letters/replay", replay("all", ""));
    var job = operator.press(page, "/console/dead-letters/replay", replay("all", "mapping fixed"));
    var again =
        operator.press(page, "/console/dead-letters/replay", replay("all", "mapping fixed"));
    var address = job.address();
    var paused = operator.press(job.page(), address + "/pause", Map.of());
    var resumed = operator.press(paused.page(), address + "/resume", Map.of());
    var aborted = operator.press(resumed.page(), address + "/abort", Map.of("reason", "enough"));

    assertThat(refused.text()).contains("Replaying needs a reason; say what has changed.");
    assertThat(address).startsWith("/console/jobs/rpl_");
    assertThat(again.address()).as("the same form sent twice").isEqualTo(address);
    assertThat(job.text()).contains("0 of 2").contains("running");
    assertThat(paused.text()).contains("It is paused").contains("Resume");
    assertThat(resumed.text()).contains("It goes on where it was.");
    assertThat(aborted.text()).contains("aborted").doesNotContain("Resume");
    assertThat(aborted.text()).contains("Why mapping fixed").contains("replay.abort");
    var repeated =
        operator.press(aborted.page(), address + "/repeat", Map.of("reason", "once more"));
    assertThat(repeated.text())
        .contains("Repeats " + address.substring(14))
        .contains("Why once more");
    assertThat(operator.press(aborted.page(), address + "/repeat", Map.of("reason", "x")).address())
        .as("the same form sent twice")
        .isEqualTo(repeated.address());
    assertThat(operator.get(address + "/items.csv").response().body())
        .startsWith("id,ordinal,state,detail,workedAt")
        .contains(",PLANNED,");
    operator.press(
        operator.get(repeated.address()).page(),
        repeated.address() + "/abort",
        Map.of("reason", "enough"));
    assertThat(operator.get("/console/jobs").text()).contains(address.substring(14));
  }

  private Map<String, String> replay(String which, String reason) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("which", which);
    fields.put("reason", reason);
    fields.put("rate", "5");
    return fields;
  }

  @Test
  void onlyTheTickedAreTriedWhenOnlyTheyAreAskedFor() {
    parked("{}");
    var ticked = parked("{}");
    var page = operator.get(group).page();
    var fields = replay("dry-selected", "");

    var nothing = operator.press(page, "/console/dead-letters/replay", fields);
    fields.put("id", ticked);
    var job = operator.press(page, "/console/dead-letters/replay", fields);

    assertThat(nothing.text()).contains("Nothing is selected; tick what to replay.");
    assertThat(job.page().title()).startsWith("Dry run rpl_");
    assertThat(job.page().select("#items tbody tr").text()).contains(ticked);
    assertThat(job.text()).contains("0 of 1");
  }

  // Its buttons stand in the form of the replays, whose ticks they share.
  private Browser.Seen patch(Document page, Map<String, String> fields) {
    var all = new LinkedHashMap<String, String>();
    for (var field : page.select("form.bulk input[type=hidden]")) {
      all.put(field.attr("name"), field.val());
    }
    assertThat(page.select("form.bulk button[formaction=/console/dead-letters/patch]")).hasSize(4);
    all.putAll(fields);
    return operator.submit("/console/dead-letters/patch", all);
  }

  @Test
  void aPatchIsLookedAtThenMadeAndWhatItDoesNotFitIsNamed() {
    var fits = parked("{\"items\":[],\"email\":\"ann@example.com\"}");
    var left = parked("{\"id\":7}");
    var page = operator.get(group).page();
    var fields = new LinkedHashMap<String, String>();
    fields.put("patch", "[{\"op\":\"move\",\"from\":\"/items\",\"path\":\"/lines\"}]");
    fields.put("which", "dry-all");

    var looked = patch(page, fields);
    assertThat(looked.text())
        .contains("What the patch would do", "It would fit 1 of 2; 1 left as they are.")
        .contains(fits, "/lines: – → []")
        .contains(left, "There is nothing at '/items'.")
        .doesNotContain("ann@example.com");
    assertThat(state(fits)).isEqualTo("PARKED");

    fields.put("which", "all");
    assertThat(patch(page, fields).text())
        .contains("Patching dead letters needs a reason. Say what was wrong with them.");
    fields.put("patchReason", "lines are items");
    var done = patch(page, fields);
    assertThat(done.text()).contains("What the patch did", "It fitted 1 of 2");
    assertThat(state(fits)).isNotEqualTo("PARKED");
    assertThat(state(left)).isEqualTo("PARKED");

    fields.put("which", "selected");
    assertThat(patch(page, fields).text()).contains("Nothing is selected; tick what to patch.");
    fields.put("patch", "lines");
    fields.put("which", "dry-all");
    assertThat(patch(page, fields).text())
        .contains("The patch is no JSON that can be read; correct it.");
  }

  @Test
  void aCauseShowsItsLastReplayAndWhatCameOfIt() {
    parked("{}");
    var page = operator.get(group).page();
    assertThat(page.text()).doesNotContain("of all of it:");

    operator.press(page, "/console/dead-letters/replay", Map.of("which", "dry-all"));

    assertThat(operator.get(group).text()).contains("Last dry run of all of it: rpl_");
    assertThat(hub.get("/replays?fingerprint=" + fingerprint).json().path("items")).hasSize(1);
    assertThat(hub.get("/replays?fingerprint=none").json().path("items")).isEmpty();
  }

  @Test
  void aLargeReplayIsRefusedUntilItsNumberIsTyped() {
    DeadLetterPages.typed(DeadLetterPages.TYPED, null);
    DeadLetterPages.typed(2500, " 2,500 ");

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> DeadLetterPages.typed(101, "100"))
        .hasMessage(
            "This replays 101 dead letters, and '100' was typed; type the number to say that you mean them all.");
  }

  @Test
  void aRateThatIsNoRateIsRefusedInASentence() {
    parked("{}");
    var fields = replay("all", "why");
    fields.put("rate", "0");

    var seen = operator.press(operator.get(group).page(), "/console/dead-letters/replay", fields);

    assertThat(seen.text()).contains("Rate '0' is out of range");
  }

  @Test
  void aCauseOfWhichNothingIsLeftSaysSo() {
    var seen = operator.get("/console/dead-letters/group?fingerprint=gone-" + unique);

    assertThat(seen.text()).contains("Nothing of this cause is left");
  }

  @Test
  void anUnknownOutcomeIsNeverReplayedButAnswered() {
    var id = hub.doubtfulDelivery(account);
    var address = "/console/deliveries/" + id;
    var page = operator.get(address).page();

    assertThat(page.text()).contains("A replay is not safe.").contains("504");
    assertThat(page.select("form[action=\"" + address + "/replay\"]")).isEmpty();
    var unsaid =
        operator.press(page, address + "/resolve", Map.of("reason", "asked", "outcome", ""));
    var done =
        operator.press(
            page,
            address + "/resolve",
            Map.of("reason", "seen there", "outcome", "happened", "reference", "F-7"));

    assertThat(unsaid.text()).contains("needs an outcome");
    assertThat(done.text()).contains("is taken as done; nothing is sent.").contains("F-7");
    assertThat(done.text()).contains("confirmed");
  }

  @Test
  void whatMayBeRepeatedAndNobodyHeardOfIsAnsweredOrReplayed() {
    var id = hub.doubtfulDelivery(account);
    var address = "/console/deliveries/" + id;
    hub.jdbc
        .sql("UPDATE delivery SET repeat_mode = 'IDEMPOTENT' WHERE id = ?")
        .param(Long.parseLong(id.substring("dlv_".length())))
        .update();
    var page = operator.get(address).page();

    assertThat(page.text()).contains("A replay is safe.");
    assertThat(page.select("form[action=\"" + address + "/replay\"]")).hasSize(1);
    assertThat(
            operator
                .press(
                    page,
                    address + "/resolve",
                    Map.of("reason", "they have it", "outcome", "happened", "reference", "F-8"))
                .text())
        .contains("is taken as done; nothing is sent.");
  }

  @Test
  void anIdAloneLeadsToItsPage() {
    var id = parked("{}");

    assertThat(operator.get("/console/dead-letters/" + id).address())
        .isEqualTo("/console/messages/" + id);
    assertThat(operator.get("/console/orders?q=" + id).address())
        .isEqualTo("/console/messages/" + id);
    assertThat(operator.get("/console/dead-letters/nothing").status()).isEqualTo(404);
  }

  @Test
  void everyKindOfFailureIsExplained() {
    for (var kind : io.serai.failure.FailureKind.values()) {
      assertThat(Cause.of(kind.name())).as(kind.name()).isNotEqualTo(Cause.of(null));
    }
    assertThat(Cause.of("SOMETHING_NEW").title()).isEqualTo("Not recorded");
  }

  @Test
  void aPartThatIsFetchedDoesNotTakeTheNoticeAway() {
    var id = parked("{}");
    Document page = operator.get("/console/messages/" + id).page();
    var token = page.select("input[name=_csrf]").first().val();
    var posted = new Browser(hub);
    posted.cookies().putAll(operator.cookies());

    var seen =
        posted.submit(
            "/console/messages/" + id + "/discard",
            Map.of("_csrf", token, "fence", "0", "reason", " "));

    assertThat(seen.text()).contains("Not done.");
    assertThat(operator.get("/console", "HX-Request", "true").text()).doesNotContain("Not done.");
  }
}
