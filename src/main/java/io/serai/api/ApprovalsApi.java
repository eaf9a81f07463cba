package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a second person has to approve before it is done. */
@Tag(name = "approvals", description = "What a second person has to approve before it is done.")
@RestController
@RequestMapping(path = "/api/v1/approvals", produces = "application/json")
public final class ApprovalsApi {
  private final Approvals approvals;
  private final Replay replays;
  private final RefundsApi refunds;
  private final DiscardsApi discards;

  ApprovalsApi(Approvals approvals, Replay replays, RefundsApi refunds, DiscardsApi discards) {
    this.approvals = approvals;
    this.replays = replays;
    this.refunds = refunds;
    this.discards = discards;
  }

  /** Something that needs a second person. */
  @Schema(name = "Approval")
  public record Approval(
      @Schema(example = "apr_3") String id,
      @Schema(example = "replay.start") String action,
      @Schema(description = "The replay or the order.", example = "rpl_7") String object,
      @Schema(example = "Replay 4120 dead letters at 20 a second.") String sentence,
      String reason,
      String askedBy,
      @Schema(
              description =
                  "Whether you asked for it, by whatever credential: then somebody else has to approve it.")
          boolean yours,
      Instant askedAt,
      @Schema(description = "After that nobody may approve it any more.") Instant expiresAt,
      @Schema(description = "OPEN, EXPIRED, APPROVED or DECLINED.", example = "OPEN") String state,
      String decidedBy,
      Instant decidedAt,
      @Schema(description = "Why it was decided so.") String why,
      @Schema(description = "What came of it.") String outcome) {
    static Approval of(Approvals.Approval one, boolean yours) {
      return new Approval(
          one.name(),
          one.action(),
          one.object(),
          one.sentence(),
          one.reason(),
          one.askedBy(),
          yours,
          one.askedAt(),
          one.expiresAt(),
          one.state(),
          one.decidedBy(),
          one.decidedAt(),
          one.why(),
          one.outcome());
    }
  }

  @Operation(summary = "List approvals", description = "Newest first.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Approval> list(
      @Parameter(description = "Only those that wait for somebody.") @RequestParam(required = false)
          Boolean open,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor,
      Caller caller) {
    int most = Cursor.limit(limit);
    var before = Cursor.number(Words.present(cursor));
    var rows =
        approvals.list(
            Boolean.TRUE.equals(open), before == null ? Long.MAX_VALUE : before, most + 1);
    return Page.of(
        rows.stream().map(one -> view(one, caller)).toList(),
        most,
        last -> Cursor.of(Approvals.number(last.id())));
  }

  @Operation(summary = "Read an approval", description = "What is asked for, and what came of it.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public Approval get(@Parameter(example = "apr_3") @PathVariable String id, Caller caller) {
    return approvals
        .find(Approvals.number(id))
        .map(one -> view(one, caller))
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Approval '%s' is not known; list the approvals to find its id."
                        .formatted(Words.cut(id))));
  }

  @Operation(
      summary = "Approve",
      description =
          "Does what was asked for, in the name of who asked. 403 when that is the same person: four eyes need two.")
  @PostMapping("/{id}/approve")
  @Allows(Role.APPROVER)
  public Approval approve(
      @Parameter(example = "apr_3") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    get(id, caller);
    return decided(
        approvals.approve(Approvals.number(id), caller, why(request), one -> done(one, caller)),
        caller);
  }

  @Operation(
      summary = "Decline",
      description = "It is not done. A replay that waited for it is aborted.")
  @PostMapping("/{id}/decline")
  @Allows(Role.APPROVER)
  public Approval decline(
      @Parameter(example = "apr_3") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    get(id, caller);
    var why = why(request);
    if (why == null) {
      throw Problem.badRequest("Declining '%s' needs a reason; say why.".formatted(Words.cut(id)));
    }
    return decided(
        approvals.decline(
            Approvals.number(id),
            caller,
            why,
            one -> {
              if (one.action().equals(ReplaysApi.START)) {
                replays.abort(one.object(), why, caller.name()); // or it is over already
                return "The replay was aborted.";
              }
              return "Nothing was done.";
            }),
        caller);
  }

  private static String why(DeadLetterViews.Reason request) {
    return request == null ? null : Words.sentence("reason", request.reason());
  }

  private Approval view(Approvals.Approval one, Caller caller) {
    return Approval.of(one, approvals.isBy(one, caller));
  }

  private Approval decided(Approvals.Decided decided, Caller caller) {
    if (decided.refusal() != null) {
      throw decided.forbidden()
          ? Problem.forbidden(decided.refusal())
          : Problem.conflict(decided.refusal(), null);
    }
    return view(decided.approval(), caller);
  }

  private String done(Approvals.Approval one, Caller caller) {
    if (one.action().equals(RefundsApi.REFUND)) {
      var asked = refunds.approved(one, caller);
      return "Refund '%s' of %s %s is %s."
          .formatted(asked.id(), asked.amount(), asked.currency(), asked.state());
    }
    if (one.action().equals(DiscardsApi.DISCARD)) {
      var done = discards.approved(one);
      return "%d are discarded, %d were left alone."
          .formatted(done.discarded(), done.left().size());
    }
    var verdict = replays.approve(one.object(), null, caller.name());
    // one that runs was approved before, by somebody whose decision was lost
    if (!(verdict instanceof Verdict.Changed changed && !changed.state().equals("ABORTED"))) {
      DeadLettersApi.done(one.object(), verdict);
    }
    return "'%s' runs.".formatted(one.object());
  }
}
