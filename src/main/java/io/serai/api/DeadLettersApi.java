package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.ApprovalTerms;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.deadletter.DeadLetterCount;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.DryRun;
import io.serai.deadletter.GroupPatch;
import io.serai.deadletter.JsonPatch;
import io.serai.deadletter.Replay;
import io.serai.deadletter.ReplayStep;
import io.serai.deadletter.Resolution;
import io.serai.deadletter.Selection;
import io.serai.deadletter.StepReplay;
import io.serai.deadletter.Verdict;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: what stopped, grouped by cause, and the verbs that end it. */
@Tag(name = "dead-letters", description = "What stopped, why, and the way back in.")
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = "application/json")
public final class DeadLettersApi {
  private static final List<String> BY =
      Arrays.stream(DeadLetterCount.By.values()).map(Enum::name).toList();

  private final DeadLetters deadLetters;
  private final Replay replay;
  private final StepReplay steps;
  private final DryRun dryRun;
  private final GroupPatch patches;
  private final ApprovalTerms terms;
  private final Clock clock;

  DeadLettersApi(
      DeadLetters deadLetters,
      Replay replay,
      StepReplay steps,
      DryRun dryRun,
      ApprovalTerms terms,
      Clock clock) {
    this.deadLetters = deadLetters;
    this.replay = replay;
    this.steps = steps;
    this.dryRun = dryRun;
    this.patches = new GroupPatch(deadLetters, dryRun);
    this.terms = terms;
    this.clock = clock;
  }

  @Operation(
      summary = "List dead letters",
      description =
          "Parked messages, parked or refused deliveries, and held orders, newest failure first. All filters must"
              + " hold.")
  @GetMapping
  @Allows(Role.VIEWER)
  @OneChannel("account")
  public Page<DeadLetterViews.Letter> list(
      @Parameter(
              description =
                  "A line of words, all of which must hold: kind, account, channel, document, type, group, route, step,"
                      + " sku, order, key, age, day, since, until, needs; beside no other filter.",
              example = "channel:shopify-main age:>2h")
          @RequestParam(required = false)
          String q,
      @Parameter(description = "MESSAGE, DELIVERY or ORDER.") @RequestParam(required = false)
          String type,
      @Parameter(description = "Only this group.") @RequestParam(required = false)
          String fingerprint,
      @Parameter(description = "Only this failure kind.", example = "UNMAPPED")
          @RequestParam(required = false)
          String kind,
      @Parameter(description = "Only this account or destination.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only this document.", example = "order")
          @RequestParam(required = false)
          String document,
      @Parameter(description = "Only about this order (ord_…).") @RequestParam(required = false)
          String order,
      @Parameter(description = "Stopped at or after.", example = "2026-01-31T12:00:00Z")
          @RequestParam(required = false)
          Instant since,
      @Parameter(description = "Stopped before.", example = "2026-02-01T12:00:00Z")
          @RequestParam(required = false)
          Instant until,
      @Parameter(description = "Only those that can be resolved but not replayed.")
          @RequestParam(required = false)
          Boolean needsChoice,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var selection =
        selection(
            q,
            Selections.of(
                null,
                type,
                fingerprint,
                kind,
                account,
                document,
                order,
                since,
                until,
                needsChoice));
    var page = deadLetters.list(selection, Words.present(cursor), Cursor.limit(limit));
    return new Page<>(page.items().stream().map(DeadLetterViews.Letter::of).toList(), page.next());
  }

  @Operation(
      summary = "List groups of dead letters",
      description =
          "One group a cause (kind, sentence without ids and numbers, route, step, endpoint), the largest first, at"
              + " most a thousand.")
  @GetMapping("/groups")
  @Allows(Role.VIEWER)
  @OneChannel("account")
  public Page<DeadLetterViews.Group> groups(
      @Parameter(
              description =
                  "A line of words, all of which must hold: kind, account, channel, document, type, group, route, step,"
                      + " sku, order, key, age, day, since, until, needs; beside no other filter.",
              example = "channel:shopify-main age:>2h")
          @RequestParam(required = false)
          String q,
      @Parameter(description = "MESSAGE, DELIVERY or ORDER.") @RequestParam(required = false)
          String type,
      @Parameter(description = "Only this failure kind.", example = "UNMAPPED")
          @RequestParam(required = false)
          String kind,
      @Parameter(description = "Only this account or destination.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only this document.", example = "order")
          @RequestParam(required = false)
          String document,
      @Parameter(description = "Stopped at or after.", example = "2026-01-31T12:00:00Z")
          @RequestParam(required = false)
          Instant since,
      @Parameter(description = "Stopped before.", example = "2026-02-01T12:00:00Z")
          @RequestParam(required = false)
          Instant until) {
    return new Page<>(
        deadLetters
            .groups(
                selection(
                    q,
                    Selections.of(
                        null, type, null, kind, account, document, null, since, until, null)))
            .stream()
            .map(DeadLetterViews.Group::of)
            .toList(),
        null);
  }

  @Operation(
      summary = "Count dead letters",
      description =
          "By something else than the cause, the largest part first, at most a thousand; each with the words that select"
              + " it. One about an order of two articles counts for each.")
  @GetMapping("/counts")
  @Allows(Role.VIEWER)
  public Page<DeadLetterViews.Count> counts(
      @Parameter(
              description = "kind, account, channel, document, type, route, step, sku or day.",
              example = "step")
          @RequestParam(required = false)
          String by,
      @Parameter(
              description =
                  "A line of words, all of which must hold: kind, account, channel, document, type, group, route, step,"
                      + " sku, order, key, age, day, since, until, needs; beside no other filter.",
              example = "channel:shopify-main age:>2h")
          @RequestParam(required = false)
          String q) {
    var word = Words.known("thing to count by", by, BY);
    if (word == null) {
      throw Problem.badRequest(
          "Nothing says what to count by; give 'by' as one of %s."
              .formatted(String.join(", ", BY)));
    }
    var what = DeadLetterCount.By.valueOf(word);
    return new Page<>(
        deadLetters.counts(DeadLetterWords.of(q, clock.instant()), what).stream()
            .map(count -> DeadLetterViews.Count.of(what, count))
            .toList(),
        null);
  }

  private Selection selection(String q, Selection parts) {
    if (Words.present(q) == null) {
      return parts;
    }
    if (!parts.equals(Selection.everything())) {
      throw Problem.badRequest("'q' and other filters are given; write them all into 'q'.");
    }
    return DeadLetterWords.of(q, clock.instant());
  }

  @Operation(
      summary = "Read a dead letter",
      description =
          "As it is now, everything that went wrong with it, and how many wait behind it.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public DeadLetterViews.History get(@Parameter(example = "msg_17") @PathVariable String id) {
    return deadLetters
        .find(id)
        .map(DeadLetterViews.History::of)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "'%s' is no dead letter, or none any more; list the dead letters to find its id."
                        .formatted(Words.cut(id))));
  }

  @Operation(
      summary = "Discard a dead letter",
      description =
          "Gives a message or delivery up for good; what waits behind it goes on. Answers 409 with the current state"
              + " when somebody was faster.")
  @PostMapping(path = "/{id}/discard", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public DeadLetterViews.Done discard(
      @Parameter(example = "msg_17") @PathVariable String id,
      @RequestBody DeadLetterViews.Discard request,
      Caller caller) {
    return done(
        id,
        deadLetters.discard(
            id,
            DiscardCode.reason(request.code(), request.reason()),
            caller.name(),
            fence(request.fence())));
  }

  @Operation(
      summary = "Edit a parked message",
      description =
          "Replaces its payload and runs it again under the same id, key and lane. The payload before is kept with"
              + " who replaced it and why.")
  @PostMapping(path = "/{id}/edit", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Done edit(
      @Parameter(example = "msg_17") @PathVariable String id,
      @RequestBody DeadLetterViews.Edit request,
      Caller caller) {
    return done(
        id,
        deadLetters.edit(
            id, bytes(id, request), request.reason(), caller.name(), fence(request.fence())));
  }

  @Operation(
      summary = "Patch parked messages",
      description =
          "Makes one change to the payloads of all that are selected and runs them again, each by itself. One that the"
              + " change does not fit, or that would fail all the same, is left as it is and named. With `dryRun` it only"
              + " looks what would happen. 403 for more than `serai.approval.replays-above`, which nobody may do alone.")
  @PostMapping(path = "/patch", consumes = "application/json")
  @OffersDryRun
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Patched patch(@RequestBody DeadLetterViews.Patch request, Caller caller) {
    boolean dry = Boolean.TRUE.equals(request.dryRun());
    var selection = Selections.of(request.selection(), clock.instant());
    try {
      return DeadLetterViews.Patched.of(
          patches.run(
              selection,
              JsonPatch.of(request.patch()),
              dry,
              Words.present(request.reason()),
              caller.name(),
              terms.replaysAbove() == null ? Integer.MAX_VALUE : terms.replaysAbove()));
    } catch (GroupPatch.TooMany e) {
      throw Problem.forbidden(e.getMessage());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    }
  }

  private static byte[] bytes(String id, DeadLetterViews.Edit request) {
    var payload = request.payload();
    boolean given = payload != null && !payload.isNull() && !payload.isMissingNode();
    if (given == (request.payloadBase64() != null)) {
      throw Problem.badRequest(
          "Editing '%s' needs the new payload once; give 'payload' or 'payloadBase64'."
              .formatted(Words.cut(id)));
    }
    if (given) {
      return payload.isTextual()
          ? payload.textValue().getBytes(StandardCharsets.UTF_8)
          : Json.bytes(payload);
    }
    try {
      return Base64.getDecoder().decode(request.payloadBase64());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(
          "'payloadBase64' for '%s' is not base64; encode the bytes again."
              .formatted(Words.cut(id)));
    }
  }

  @Operation(
      summary = "Resolve a delivery of unknown outcome, or what was done elsewhere",
      description =
          "Whatever was done by hand ends under the reference that it has there (elsewhere). Of unknown outcome a forced choice: it happened (with the partner's reference; nothing is sent) or it did not (it is sent again"
              + " under the same key). There is no blind resend.")
  @PostMapping(path = "/{id}/resolve", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public DeadLetterViews.Done resolve(
      @Parameter(example = "dlv_4") @PathVariable String id,
      @RequestBody DeadLetterViews.Resolve request,
      Caller caller) {
    var outcome =
        Words.known("outcome", request.outcome(), "HAPPENED", "DID_NOT_HAPPEN", "ELSEWHERE");
    if (outcome == null) {
      throw Problem.badRequest(
          "Resolving '%s' needs an outcome; give 'happened', 'did-not-happen' or 'elsewhere'."
              .formatted(Words.cut(id)));
    }
    var resolution =
        switch (outcome) {
          case "HAPPENED" -> Resolution.happened(request.reference());
          case "ELSEWHERE" -> Resolution.elsewhere(request.reference());
          default -> Resolution.didNotHappen();
        };
    return done(
        id,
        deadLetters.resolve(
            id, resolution, request.reason(), caller.name(), fence(request.fence())));
  }

  @Operation(
      summary = "Replay a dead letter",
      description =
          "Gives it back to the engine under its id, key and order. A delivery whose outcome is unknown and that may not"
              + " be repeated has to be probed or resolved instead (422). With `from` it runs from that step, and with"
              + " `destinations` only what is owed to these goes again; whatever was done, is on its way or may have been"
              + " done is left alone and named. See the plan first.")
  @PostMapping(path = "/{id}/replay", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Replayed replay(
      @Parameter(example = "msg_17") @PathVariable String id,
      @RequestBody DeadLetterViews.ReplayOne request,
      Caller caller) {
    var from = Selections.step(request.from());
    var destinations = request.destinations();
    if (from == null) {
      if (destinations != null) {
        throw Problem.badRequest(
            "Destinations are chosen from a step; give 'from' as 'map' or 'send'.");
      }
      var done = done(id, replay.one(id, request.reason(), caller.name(), fence(request.fence())));
      return new DeadLetterViews.Replayed(
          done.id(), done.state(), done.fence(), List.of(), List.of());
    }
    if (destinations != null && destinations.isEmpty()) {
      throw Problem.badRequest(
          "'destinations' names none; name one or more, or leave it out for all of them.");
    }
    var result =
        steps.run(
            id,
            from,
            destinations,
            request.reason(),
            caller.name(),
            fence(request.fence()),
            terms.replaysAbove() == null ? Integer.MAX_VALUE : terms.replaysAbove());
    var done = done(id, result.verdict());
    return new DeadLetterViews.Replayed(
        done.id(),
        done.state(),
        done.fence(),
        result.replayed().stream().map(DeadLetterViews.Effect::of).toList(),
        result.left().stream().map(DeadLetterViews.Effect::of).toList());
  }

  @Operation(
      summary = "Plan the replay of something",
      description =
          "What replaying a message, an order or a delivery would do, from each step and at each destination, as the"
              + " effect ledger has it. Nothing is done by looking.")
  @GetMapping("/{id}/plan")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DeadLetterViews.Plan plan(@Parameter(example = "msg_17") @PathVariable String id) {
    var plan =
        steps
            .plan(id)
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "'%s' is no message, delivery or order; look for its id in the lists."
                            .formatted(Words.cut(id))));
    return DeadLetterViews.Plan.of(
        plan,
        plan.way(ReplayStep.NORMALIZE).possible()
            ? dryRun.of(id).map(DryRun.Report::sentence).orElse(null)
            : null);
  }

  @Operation(
      summary = "Probe a delivery of unknown outcome",
      description =
          "Has the partner asked whether it is there, where its connector can ask. Found, it is confirmed under the"
              + " partner's reference; absent, it is sent under its own key; without an answer it stops again.")
  @PostMapping(path = "/{id}/probe", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public DeadLetterViews.Done probe(
      @Parameter(example = "dlv_4") @PathVariable String id,
      @RequestBody DeadLetterViews.Probe request,
      Caller caller) {
    return done(id, steps.probe(id, request.reason(), caller.name(), fence(request.fence())));
  }

  private static long fence(Long given) {
    return given == null ? DeadLetters.AS_IT_IS : given;
  }

  static DeadLetterViews.Done done(String id, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Done done -> new DeadLetterViews.Done(done.id(), done.state(), done.fence());
      case Verdict.Absent absent -> throw Problem.notFound(absent.sentence());
      case Verdict.Refused refused -> throw Problem.unprocessable(refused.sentence());
      case Verdict.Changed changed ->
          throw Problem.conflict(
              changed.sentence(),
              new DeadLetterViews.Current(id, changed.state(), changed.fence()));
    };
  }
}
