package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.deadletter.Replay;
import io.serai.deadletter.ReplayItem;
import io.serai.deadletter.ReplayJob;
import io.serai.deadletter.ReplayReport;
import io.serai.deadletter.ReplayReports;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How a replay goes, why items were left, and another one over what is left of it. */
@Tag(name = "replays", description = "Many dead letters as one durable job.")
@RestController
@RequestMapping(path = "/api/v1/replays", produces = "application/json")
public final class ReplayRepeatsApi {
  private static final List<String> ONLY = List.of("FAILED", "SKIPPED", "REPLAYED");

  private final Replay replays;
  private final ReplayReports reports;
  private final ReplaysApi api;

  ReplayRepeatsApi(Replay replays, ReplayReports reports, ReplaysApi api) {
    this.replays = replays;
    this.reports = reports;
    this.api = api;
  }

  /** How it goes. */
  @Schema(name = "ReplayReport")
  public record Report(
      @Schema(description = "Items a second of late; 0 when it does not run.", example = "19.8")
          double perSecond,
      @Schema(description = "How long the rest takes at that pace; absent when it does not run.")
          Long secondsLeft,
      @Schema(description = "Why items failed or were left alone, the most frequent first.")
          List<Cause> causes,
      @Schema(description = "Its items that are dead letters now; 0 while it runs.") int left) {
    static Report of(ReplayReport report) {
      return new Report(
          Math.round(report.perSecond() * 10) / 10.0,
          report.secondsLeft(),
          report.causes().stream()
              .map(
                  cause ->
                      new Cause(
                          cause.state().name(), cause.sentence(), cause.count(), cause.example()))
              .toList(),
          report.left());
    }
  }

  /** Items of one state for one cause. */
  @Schema(name = "ReplayCause")
  public record Cause(
      @Schema(example = "FAILED") String state,
      @Schema(description = "Without what differs from one to the next.") String sentence,
      int count,
      @Schema(description = "One of them.", example = "msg_17") String example) {}

  /** Once more, over less. */
  @Schema(name = "ReplayRepeatRequest")
  public record Repeat(
      @Schema(
              description =
                  "Only those of which this came; whatever is a dead letter now when absent.",
              allowableValues = {"failed", "skipped", "replayed"})
          String only,
      @Schema(description = "Items a second; as before when absent.", example = "5") Integer rate,
      @Schema(description = "Seconds until that rate; as before when absent.") Integer rampSeconds,
      @Schema(description = "Only look what would happen.") Boolean dryRun,
      @Schema(example = "The other node was added.") String reason) {}

  @Operation(
      summary = "Read how a replay goes",
      description = "Its pace, how long the rest takes, and why items failed or were left alone.")
  @GetMapping("/{id}/report")
  @Allows(Role.VIEWER)
  public Report report(@Parameter(example = "rpl_3") @PathVariable String id) {
    return reports.of(id).map(Report::of).orElseThrow(() -> ReplaysApi.unknown(id));
  }

  @Operation(
      summary = "Repeat a replay over what is left",
      description =
          "Takes up those of its items that are dead letters now, on the terms it had: from its step, with its patch. 409"
              + " while it is not over; 422 when nothing is left, or more than 10,000 are. Answers 202 with the new job.",
      responses = @ApiResponse(responseCode = "202", description = "Started."))
  @PostMapping(path = "/{id}/repeat", consumes = "application/json")
  @OffersDryRun
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ResponseEntity<DeadLetterViews.Replay> repeat(
      @Parameter(example = "rpl_3") @PathVariable String id,
      @RequestBody Repeat request,
      Caller caller) {
    var job = replays.find(id).orElseThrow(() -> ReplaysApi.unknown(id));
    if (job.state() != ReplayJob.State.DONE && job.state() != ReplayJob.State.ABORTED) {
      throw Problem.conflict(
          "Replay '%s' is %s; only one that is over is repeated. Let it end, or abort it."
              .formatted(job.id(), job.state()),
          null);
    }
    if (job.patchGone()) {
      throw Problem.unprocessable(
          "The patch of replay '%s' is past its retention and gone, so it cannot be repeated as it was; start a new one."
              .formatted(job.id()));
    }
    var only = Words.known("state of a replay's item", Words.present(request.only()), ONLY);
    var left = reports.left(id, only == null ? null : ReplayItem.State.valueOf(only));
    if (left.isEmpty()) {
      throw Problem.unprocessable(
          "Nothing of replay '%s'%s is a dead letter now, so there is nothing to repeat."
              .formatted(job.id(), only == null ? "" : " that was " + only));
    }
    if (left.size() > ReplayReports.MOST) {
      throw Problem.unprocessable(
          "%d of replay '%s' are left, and at most %d are repeated at once; replay them by their cause."
              .formatted(left.size(), job.id(), ReplayReports.MOST));
    }
    return api.start(
        new DeadLetterViews.Start(
            new DeadLetterViews.Selected(
                left, null, null, null, null, null, null, null, null, null, null),
            request.rate() == null ? Integer.valueOf(job.rate()) : request.rate(),
            request.rampSeconds() == null
                ? Integer.valueOf(job.rampSeconds())
                : request.rampSeconds(),
            DeadLetterViews.word(job.step()),
            job.patch() == null ? null : Json.tree(job.patch()),
            request.dryRun() == null ? Boolean.valueOf(job.dryRun()) : request.dryRun(),
            request.reason()),
        job.id(),
        caller);
  }
}
