package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.ApprovalTerms;
import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.deadletter.Replay;
import io.serai.deadletter.ReplayItem;
import io.serai.deadletter.ReplayJob;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Replays: many dead letters as one durable job. */
@Tag(name = "replays", description = "Many dead letters as one durable job.")
@RestController
@RequestMapping(path = "/api/v1/replays", produces = "application/json")
public final class ReplaysApi {
  /** What a second person approves. */
  static final String START = "replay.start";

  private static final int USUAL_RATE = 20;
  private static final List<String> ITEM_STATES =
      Arrays.stream(ReplayItem.State.values()).map(Enum::name).toList();

  private final Replay replays;
  private final Approvals approvals;
  private final ApprovalTerms terms;
  private final Clock clock;

  ReplaysApi(Replay replays, Approvals approvals, ApprovalTerms terms, Clock clock) {
    this.replays = replays;
    this.approvals = approvals;
    this.terms = terms;
    this.clock = clock;
  }

  @Operation(
      summary = "Start a replay",
      description =
          "Freezes the selection and works it at a rate; it survives a kill and touches nothing that changed since. With"
              + " `dryRun` it only looks what would happen. With `patch` the payload of each message is changed first. Answers 202 with the job's address. One of more items than"
              + " `serai.approval.replays-above` is PROPOSED until a second person approves it.",
      responses = @ApiResponse(responseCode = "202", description = "Started."))
  @PostMapping(consumes = "application/json")
  @OffersDryRun
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ResponseEntity<DeadLetterViews.Replay> start(
      @RequestBody DeadLetterViews.Start request, Caller caller) {
    return start(request, null, caller);
  }

  ResponseEntity<DeadLetterViews.Replay> start(
      DeadLetterViews.Start request, String repeats, Caller caller) {
    int rate = request.rate() == null ? USUAL_RATE : request.rate();
    if (rate < 1 || rate > Replay.RATE_LIMIT) {
      throw Problem.badRequest(
          "Rate '%d' is out of range; give items a second, from 1 to %d."
              .formatted(rate, Replay.RATE_LIMIT));
    }
    int ramp = request.rampSeconds() == null ? 0 : request.rampSeconds();
    if (ramp < 0 || ramp > Replay.RAMP_LIMIT) {
      throw Problem.badRequest(
          "Ramp '%d' is out of range; give seconds, from 0 to %d."
              .formatted(ramp, Replay.RAMP_LIMIT));
    }
    ReplayJob job;
    try {
      job =
          replays.start(
              Selections.of(request.selection(), clock.instant()),
              new Replay.Terms(
                  Selections.step(request.from()),
                  request.patch() == null || request.patch().isNull() ? null : request.patch(),
                  rate,
                  ramp,
                  Boolean.TRUE.equals(request.dryRun()),
                  terms.replaysAbove() == null ? Integer.MAX_VALUE : terms.replaysAbove()),
              repeats,
              Words.present(request.reason()),
              caller.name());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    }
    if (job.state() == ReplayJob.State.PROPOSED) {
      approvals.ask(
          START,
          job.id(),
          (job.patch() == null
                  ? "Replay %d dead letters at %d a second."
                  : "Patch and replay %d dead letters at %d a second.")
              .formatted(job.total(), job.rate()),
          null,
          Words.present(request.reason()),
          caller);
    }
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/replays/" + job.id()))
        .body(DeadLetterViews.Replay.of(job));
  }

  @Operation(summary = "List replays", description = "Newest first.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<DeadLetterViews.Replay> list(
      @Parameter(description = "Only of this group as a whole.", example = "5f0c2b7a9d3e1f48")
          @RequestParam(required = false)
          String fingerprint,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var page = replays.jobs(Words.present(fingerprint), Words.present(cursor), Cursor.limit(limit));
    return new Page<>(page.items().stream().map(DeadLetterViews.Replay::of).toList(), page.next());
  }

  @Operation(summary = "Read a replay", description = "Its figures are exact, after a kill too.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public DeadLetterViews.Replay get(@Parameter(example = "rpl_3") @PathVariable String id) {
    return replays.find(id).map(DeadLetterViews.Replay::of).orElseThrow(() -> unknown(id));
  }

  static Problem unknown(String id) {
    return Problem.notFound(
        "Replay '%s' is not known; list the replays to find its id.".formatted(Words.cut(id)));
  }

  @Operation(
      summary = "List a replay's items",
      description = "In their order, with what came of each.")
  @GetMapping("/{id}/items")
  @Allows(Role.VIEWER)
  public Page<DeadLetterViews.Item> items(
      @Parameter(example = "rpl_3") @PathVariable String id,
      @Parameter(description = "PLANNED, REPLAYED, SKIPPED or FAILED.")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var known = Words.known("state of a replay's item", state, ITEM_STATES);
    get(id);
    var page =
        replays.items(
            id,
            known == null ? null : ReplayItem.State.valueOf(known),
            Words.present(cursor),
            Cursor.limit(limit));
    return new Page<>(page.items().stream().map(DeadLetterViews.Item::of).toList(), page.next());
  }

  @Operation(
      summary = "Pause a replay",
      description = "When this has answered, no further item is replayed.")
  @PostMapping("/{id}/pause")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Replay pause(
      @Parameter(example = "rpl_3") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    DeadLettersApi.done(id, replays.pause(id, reason(request), caller.name()));
    return get(id);
  }

  @Operation(
      summary = "Resume a replay",
      description = "Goes on where it was; failures from before do not stop it again.")
  @PostMapping("/{id}/resume")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Replay resume(
      @Parameter(example = "rpl_3") @PathVariable String id, Caller caller) {
    DeadLettersApi.done(id, replays.resume(id, caller.name()));
    return get(id);
  }

  @Operation(
      summary = "Abort a replay",
      description = "What was replayed stays replayed, the rest stays a dead letter.")
  @PostMapping("/{id}/abort")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Replay abort(
      @Parameter(example = "rpl_3") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    DeadLettersApi.done(id, replays.abort(id, reason(request), caller.name()));
    approvals.close(id, caller, "The replay was aborted.");
    return get(id);
  }

  private static String reason(DeadLetterViews.Reason request) {
    return request == null ? null : Words.present(request.reason());
  }
}
