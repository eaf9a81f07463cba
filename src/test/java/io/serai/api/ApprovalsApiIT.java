package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.access.ApprovalTerms;
import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.Callers;
import io.serai.access.Role;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.DryRun;
import io.serai.deadletter.Replay;
import io.serai.deadletter.StepReplay;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What one person may not do alone, and what a second one makes of it. */
@ResourceLock(ApiHub.SHARED)
class ApprovalsApiIT {
  private static final Caller ADA = new Caller("ada", Role.APPROVER);
  private static final ApprovalTerms TERMS =
      new ApprovalTerms(1, 1, Map.of("EUR", new BigDecimal("10.00")));

  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String account = "shop-" + UUID.randomUUID();
  private final Approvals approvals = hub.context.getBean(Approvals.class);
  private final ReplaysApi replays =
      new ReplaysApi(
          hub.context.getBean(Replay.class), approvals, TERMS, java.time.Clock.systemUTC());
  private final RefundsApi refunds =
      new RefundsApi(
          hub.context.getBean(OrderReads.class),
          hub.context.getBean(OrderActions.class),
          hub.context.getBean(RefundSums.class),
          approvals,
          TERMS,
          hub.context.getBean(Callers.class));

  private ApiHub.Answer decide(String id, String verb, String token) {
    return hub.send(
        ApiHub.bearer(token), "POST", "/approvals/" + id + "/" + verb, "{\"reason\":\"looked\"}");
  }

  private String approvalOf(String object) {
    for (var one : hub.get("/approvals?open=true&limit=500").json().path("items")) {
      if (one.path("object").asText().equals(object)) {
        return one.path("id").asText();
      }
    }
    throw new AssertionError("Nothing about '" + object + "' waits for anybody.");
  }

  private DeadLetterViews.Replay proposed(Caller by) {
    var ids =
        List.of(
            hub.parkedMessage(account, "{}", "one " + account),
            hub.parkedMessage(account, "{}", "two " + account));
    return replays
        .start(
            new DeadLetterViews.Start(
                new DeadLetterViews.Selected(
                    ids, null, null, null, null, null, null, null, null, null, null),
                10,
                null,
                null,
                null,
                false,
                "corrected"),
            by)
        .getBody();
  }

  @Test
  void aLargeReplayWaitsForASecondPerson() {
    var job = proposed(ADA);
    assertThat(job.state()).isEqualTo("PROPOSED");
    assertThat(hub.post("/replays/" + job.id() + "/resume", null).detail())
        .isEqualTo(
            "Replay '%s' is PROPOSED; only a PAUSED one can be told to resume. Look at it again."
                .formatted(job.id()));
    var id = approvalOf(job.id());
    assertThat(hub.get("/approvals/" + id).json().path("sentence").asText())
        .isEqualTo("Replay 2 dead letters at 10 a second.");

    var done = decide(id, "approve", ApiHub.token(Role.APPROVER));

    assertThat(done.status()).as(done.response().body()).isEqualTo(200);
    assertThat(done.json().path("outcome").asText()).isEqualTo("'" + job.id() + "' runs.");
    assertThat(hub.get("/replays/" + job.id()).json().path("state").asText()).isEqualTo("RUNNING");
    assertThat(decide(id, "approve", ApiHub.TOKEN).status()).isEqualTo(409);
  }

  @Test
  void aSmallOneAndADryRunOfManyStartAtOnce() {
    var one = hub.parkedMessage(account, "{}", "one " + account);
    var two = hub.parkedMessage(account, "{}", "two " + account);

    assertThat(start(List.of(one), false)).isEqualTo("RUNNING");
    assertThat(start(List.of(one, two), true)).isEqualTo("RUNNING");
  }

  private String start(List<String> ids, boolean dry) {
    return replays
        .start(
            new DeadLetterViews.Start(
                new DeadLetterViews.Selected(
                    ids, null, null, null, null, null, null, null, null, null, null),
                10,
                null,
                null,
                null,
                dry,
                "corrected"),
            ADA)
        .getBody()
        .state();
  }

  @Test
  void manyArePatchedByNobodyAloneButLookedAt() {
    var api =
        new DeadLettersApi(
            hub.context.getBean(DeadLetters.class),
            hub.context.getBean(Replay.class),
            hub.context.getBean(StepReplay.class),
            hub.context.getBean(DryRun.class),
            TERMS,
            java.time.Clock.systemUTC());
    var ids =
        List.of(
            hub.parkedMessage(account, "{}", "one " + account),
            hub.parkedMessage(account, "{}", "two " + account));

    assertThatThrownBy(() -> api.patch(patch(ids, false), ADA))
        .hasMessage(
            "2 dead letters are selected, and nobody may patch more than 1 at once; patch fewer at a time.");
    assertThat(api.patch(patch(ids, true), ADA).members()).hasSize(2);
    assertThat(api.patch(patch(ids.subList(0, 1), false), ADA).members()).hasSize(1);
  }

  private static DeadLetterViews.Patch patch(List<String> ids, boolean dry) {
    return new DeadLetterViews.Patch(
        new DeadLetterViews.Selected(
            ids, null, null, null, null, null, null, null, null, null, null),
        Json.tree("{\"currency\":\"EUR\"}"),
        "it was forgotten",
        dry);
  }

  @Test
  void whoAskedIsToldThatFourEyesNeedTwo() {
    var id = approvalOf(proposed(new Caller("token:approver", Role.APPROVER)).id());

    var refused = decide(id, "approve", ApiHub.token(Role.APPROVER));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "'token:approver' asked for this, and four eyes need two people; have another approver look at '%s'."
                .formatted(id));
    assertThat(decide(id, "approve", ApiHub.TOKEN).status()).isEqualTo(200);
  }

  @Test
  void aDeclinedReplayIsAbortedAndAnAbortedOneNeedsNobody() {
    var declined = proposed(ADA);
    var id = approvalOf(declined.id());
    assertThat(hub.post("/approvals/" + id + "/decline", "{}").detail())
        .isEqualTo("Declining '" + id + "' needs a reason; say why.");
    assertThat(decide(id, "decline", ApiHub.TOKEN).json().path("state").asText())
        .isEqualTo("DECLINED");
    assertThat(hub.get("/replays/" + declined.id()).json().path("state").asText())
        .isEqualTo("ABORTED");

    var aborted = proposed(ADA);
    var other = approvalOf(aborted.id());
    replays.abort(aborted.id(), null, ADA);
    assertThat(decide(other, "approve", ApiHub.TOKEN).detail())
        .isEqualTo(
            "Approval '%s' is DECLINED already; ask anew if it is still wanted.".formatted(other));
  }

  private DiscardsApi.Discarded discard(Integer count, String... ids) {
    return new DiscardsApi(
            hub.context.getBean(DeadLetters.class), approvals, TERMS, java.time.Clock.systemUTC())
        .discard(
            new DiscardsApi.Request(
                new DeadLetterViews.Selected(
                    List.of(ids), null, null, null, null, null, null, null, null, null, null),
                count,
                "all tests"),
            ADA);
  }

  private String state(String message) {
    return hub.get("/messages/" + message).json().path("state").asText();
  }

  @Test
  void manyAreDiscardedByTwoPeopleAndEachAsItWas() {
    var one = hub.parkedMessage(account, "{}", "one " + account);
    var two = hub.parkedMessage(account, "{}", "two " + account);
    assertThat(discard(1, one).discarded()).isEqualTo(1);
    assertThat(state(one)).isEqualTo("DISCARDED");

    var three = hub.parkedMessage(account, "{}", "three " + account);
    var proposed = discard(2, two, three);
    assertThat(proposed.state()).isEqualTo("PROPOSED");
    assertThat(state(two)).isEqualTo("PARKED");
    // In the meantime somebody replays one of them.
    assertThat(hub.post("/dead-letters/" + three + "/replay", "{\"reason\":\"x\"}").status())
        .isEqualTo(200);
    var approved = decide(proposed.approval(), "approve", ApiHub.TOKEN);

    assertThat(approved.json().path("outcome").asText())
        .isEqualTo("1 are discarded, 1 were left alone.");
    assertThat(state(two)).isEqualTo("DISCARDED");
    assertThat(state(three)).isNotEqualTo("DISCARDED");
    assertThat(hub.get("/audit?object=" + two).json().at("/items/0/actor").asText())
        .isEqualTo("ada");
  }

  @Test
  void discardingManyNeedsTheirNumberAndAReason() {
    var one = hub.parkedMessage(account, "{}", "one " + account);

    assertThatThrownBy(() -> discard(null, one))
        .hasMessage("Nothing says how many are meant; give 'count', which is 1 now.");
    assertThatThrownBy(() -> discard(2, one))
        .hasMessage("The selection holds 1 dead letters now, not 2; look at them again.");
    assertThat(hub.post("/dead-letters/discard", "{}").detail())
        .isEqualTo("Discarding many needs a reason; say why they may be left undone.");
    assertThat(state(one)).isEqualTo("PARKED");
  }

  @Test
  void moreThanAThousandAreNotDiscardedAtOnce() {
    hub.jdbc
        .sql(
            """
            WITH m AS (
              INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, event_type, state, received_at, due_at)
              SELECT :account, 'order', :account || n, 'k' || n, :account || n, 'x', 'PARKED', now(), now()
              FROM generate_series(1, 1001) n RETURNING id),
            f AS (
              INSERT INTO failure (kind, sentence, fingerprint, account, message_id, occurred_at)
              SELECT 'INVALID', 'Too many.', :account, :account, id, now() FROM m RETURNING id, message_id)
            SELECT count(*) FROM f
            """)
        .param("account", account)
        .query(Integer.class)
        .single();
    hub.jdbc
        .sql(
            """
            UPDATE inbox_message m SET failure_id = f.id FROM failure f
            WHERE f.message_id = m.id AND m.account = :account
            """)
        .param("account", account)
        .update();

    var refused =
        hub.post(
            "/dead-letters/discard",
            "{\"selection\":{\"account\":\"%s\"},\"count\":1001,\"reason\":\"x\"}"
                .formatted(account));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.detail())
        .isEqualTo(
            "The selection holds 1001 dead letters, and 1000 at most are discarded at once; narrow it.");
    hub.jdbc
        .sql(
            "UPDATE inbox_message SET state = 'DISCARDED', finished_at = now() WHERE account = :account")
        .param("account", account)
        .update();
  }

  private String order() throws Exception {
    var order = anOrder().of(account).with("SKU-" + account, 2).build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    return hub.get("/orders/" + account + ":" + order.channel().orderId())
        .json()
        .path("id")
        .asText();
  }

  private RefundsApi.Asked refund(String order, String key, String amount) {
    return refunds.refund(order, key, new RefundsApi.RefundRequest("it broke", null, amount), ADA);
  }

  @Test
  void refundsThatAreTogetherAboveTheSumNeedASecondPerson() throws Exception {
    var order = order();

    assertThat(refund(order, "k-1", "6.00").state()).isEqualTo("DUE");
    var large = refund(order, "k-2", "5.00");
    assertThat(large.state()).isEqualTo("PROPOSED");
    assertThat(refund(order, "k-2", "5.00")).as("asked again it is the same").isEqualTo(large);
    assertThat(hub.get("/orders/" + order).json().at("/money/requests")).hasSize(1);

    var approved = decide(large.id(), "approve", ApiHub.TOKEN);

    assertThat(approved.status()).as(approved.response().body()).isEqualTo(200);
    assertThat(approved.json().path("outcome").asText())
        .matches("Refund 'rfd_.*' of 5.00 EUR is DUE\\.");
    assertThat(hub.get("/orders/" + order).json().at("/money/asked").asText()).isEqualTo("11.00");
    assertThat(refund(order, "k-2", "5.00").state()).as("it is asked for already").isEqualTo("DUE");
    var audit = hub.get("/audit?action=order.refund&object=" + order).json().path("items");
    assertThat(audit).hasSize(2);
    assertThat(audit.get(0).path("actor").asText()).isEqualTo("ada");
    assertThat(audit.get(0).at("/after/approvedBy").asText()).isEqualTo("token:api");
  }

  @Test
  void whatLinesCostCountsToo() throws Exception {
    var order = order();
    var line = hub.get("/orders/" + order).json().at("/lines/0/lineId").asText();

    var asked =
        refunds.refund(
            order,
            "k-3",
            new RefundsApi.RefundRequest(
                "it broke", List.of(new RefundsApi.RefundLine(line, 2)), null),
            ADA);

    assertThat(asked.state()).isEqualTo("PROPOSED");
    assertThat(new BigDecimal(asked.amount())).isGreaterThan(BigDecimal.TEN);
    assertThat(decide(asked.id(), "decline", ApiHub.TOKEN).json().path("outcome").asText())
        .isEqualTo("Nothing was done.");
    assertThat(hub.get("/orders/" + order).json().at("/money/requests")).isEmpty();
  }

  @Test
  void anApprovalThatThereIsNotIsSaid() {
    assertThat(hub.get("/approvals/apr_999999999").detail())
        .isEqualTo("Approval 'apr_999999999' is not known; list the approvals to find its id.");
    assertThatThrownBy(() -> refund("ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3", "k", "1.00"))
        .isInstanceOf(Problem.class);
  }

  @Test
  void theTerminalDoesTheSame() {
    var approve = approvalOf(proposed(ADA).id());
    var decline = approvalOf(proposed(ADA).id());

    assertThat(terminal.serai("approvals", "list", "--open", "--limit", "500")).isZero();
    assertThat(terminal.out())
        .containsPattern(approve + " +OPEN +Replay 2 dead letters at 10 a second. +corrected +ada");
    assertThat(terminal.serai("approvals", "approve", approve)).as(terminal.err()).isZero();
    assertThat(terminal.out()).contains(approve + " is APPROVED. 'rpl_");
    assertThat(terminal.serai("approvals", "decline", decline, "--reason", "no")).isZero();
    assertThat(terminal.out()).contains(decline + " is DECLINED. The replay was aborted.");

    var one = hub.parkedMessage(account, "{}", "terminal " + account);
    assertThat(
            terminal.serai(
                "dead-letters", "discard-many", one, "--count", "1", "--reason", "all tests"))
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out()).contains("1 are discarded.");
    assertThat(terminal.serai("dead-letters", "discard-many", "--count", "1", "--reason", "x"))
        .isEqualTo(1);
    assertThat(terminal.err())
        .contains("Nothing is selected; name ids, --group, --kind, --account or --since.");
  }
}
