package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.deadletter.CauseHistory;
import io.serai.deadletter.DeadLetterCount;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.EndedCounts;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Selection;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Causes of dead letters: one with its past, and those that are over. */
@Tag(name = "dead-letters", description = "What stopped, why, and the way back in.")
@RestController
@RequestMapping(path = "/api/v1/dead-letters/groups", produces = "application/json")
public final class CausesApi {
  private final CauseHistory history;
  private final DeadLetters deadLetters;
  private final Replay replays;
  private final EndedCounts ended;

  private static final List<String> BY =
      Arrays.stream(DeadLetterCount.By.values()).map(Enum::name).toList();

  CausesApi(CauseHistory history, DeadLetters deadLetters, Replay replays, EndedCounts ended) {
    this.history = history;
    this.deadLetters = deadLetters;
    this.replays = replays;
    this.ended = ended;
  }

  /** One cause with its past. */
  @Schema(name = "DeadLetterCause")
  public record Known(
      @Schema(example = "5f0c2b7a9d3e1f48") String fingerprint,
      @Schema(description = "What has stopped for it; absent when nothing is left.")
          DeadLetterViews.Group group,
      @Schema(description = "How often it failed, ever; counted up to 20,000.") int failures,
      @Schema(description = "When it failed first of those.") Instant firstEver,
      @Schema(description = "Failures an hour, of the last 24, oldest first.") List<Integer> trend,
      @Schema(description = "When the first of the held orders concerned is due.") Instant dueAt,
      @Schema(description = "The last replay of all of it.") DeadLetterViews.Replay lastReplay,
      @Schema(
              description =
                  "How many stopped after the last replay of all of it began and were no part of it.")
          int fresh) {}

  /** A cause of which nothing is left. */
  @Schema(name = "DeadLetterCauseOver")
  public record Over(
      @Schema(example = "5f0c2b7a9d3e1f48") String fingerprint,
      @Schema(example = "UNMAPPED") String kind,
      @Schema(description = "That of the latest failure.") String sentence,
      String account,
      @Schema(description = "How often it failed, of the newest 20,000 failures.") int failures,
      Instant firstSeen,
      Instant lastSeen) {}

  /** What is over and has one thing in common. */
  @Schema(name = "DeadLettersEnded")
  public record Ended(
      @Schema(
              description = "What they have in common; absent for those without one.",
              example = "shopify-order-normalize-map")
          String part,
      int count,
      @Schema(description = "Different orders concerned, as far as they are known.") int orders,
      Instant firstEnded,
      Instant lastEnded) {}

  @Operation(
      summary = "Count dead letters that are over",
      description =
          "Discarded or resolved, by something else than their cause, of the newest 20,000 failures; the largest part"
              + " first, at most a thousand. What went through when it was tried again by itself counts as resolved.")
  @GetMapping("/over/counts")
  @Allows(Role.VIEWER)
  public Page<Ended> ended(
      @Parameter(
              description =
                  "kind, account, channel, document, type, route, step, sku or day; step when absent.")
          @RequestParam(required = false)
          String by,
      @Parameter(description = "discarded or resolved; discarded when absent.")
          @RequestParam(required = false)
          String ended) {
    var part = Words.known("thing to count by", by, BY);
    var how = Words.known("way to end", ended, List.of("DISCARDED", "RESOLVED"));
    return new Page<>(
        this.ended
            .of(
                part == null ? DeadLetterCount.By.STEP : DeadLetterCount.By.valueOf(part),
                !"RESOLVED".equals(how))
            .stream()
            .map(
                one ->
                    new Ended(
                        one.part(), one.count(), one.orders(), one.firstSeen(), one.lastSeen()))
            .toList(),
        null);
  }

  @Operation(
      summary = "List causes that are over",
      description =
          "Those of the newest 20,000 failures of which nothing is stopped any more, the latest first. One whose things"
              + " fail again is a group again.")
  @GetMapping("/over")
  @Allows(Role.VIEWER)
  public Page<Over> over(
      @Parameter(description = "At most so many, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit) {
    return new Page<>(
        history.over(Cursor.limit(limit)).stream()
            .map(
                one ->
                    new Over(
                        one.fingerprint(),
                        one.kind(),
                        one.sentence(),
                        one.account(),
                        one.failures(),
                        one.firstSeen(),
                        one.lastSeen()))
            .toList(),
        null);
  }

  @Operation(
      summary = "Read a cause",
      description = "What has stopped for it, how often it fails, and what was tried about it.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public Known get(@Parameter(example = "5f0c2b7a9d3e1f48") @PathVariable String id) {
    var known =
        history
            .of(id)
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "Nothing ever failed for the cause '%s'; list the groups to find its name."
                            .formatted(Words.cut(id))));
    return new Known(
        id,
        deadLetters.groups(Selection.group(id)).stream()
            .map(DeadLetterViews.Group::of)
            .findFirst()
            .orElse(null),
        known.failures(),
        known.firstEver(),
        Arrays.stream(history.trends().getOrDefault(id, new int[CauseHistory.HOURS]))
            .boxed()
            .toList(),
        known.dueAt(),
        replays.jobs(id, null, 1).items().stream()
            .map(DeadLetterViews.Replay::of)
            .findFirst()
            .orElse(null),
        known.fresh());
  }

  /** Failures an hour of the last 24, oldest first, of every cause that failed then. */
  public Map<String, int[]> trends() {
    return history.trends();
  }
}
