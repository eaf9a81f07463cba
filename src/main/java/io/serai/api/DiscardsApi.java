package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.ApprovalTerms;
import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Selection;
import io.serai.deadletter.Verdict;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Gives many dead letters up at once.
 *
 * <p>Guarantee: each as it was when they were selected, or it is left alone and named; done twice
 * it is done once. Gap: they are discarded one after the other, so a crash in between leaves the
 * rest as it was.
 */
@Tag(name = "dead-letters", description = "What stopped, why, and the way back in.")
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = "application/json")
public final class DiscardsApi {
  /** What a second person approves. */
  static final String DISCARD = "dead-letter.discard";

  /** How many may be discarded at once. */
  static final int MOST = 1_000;

  private static final int PAGE = 500;

  private final DeadLetters deadLetters;
  private final Approvals approvals;
  private final ApprovalTerms terms;
  private final Clock clock;

  DiscardsApi(DeadLetters deadLetters, Approvals approvals, ApprovalTerms terms, Clock clock) {
    this.deadLetters = deadLetters;
    this.approvals = approvals;
    this.terms = terms;
    this.clock = clock;
  }

  /** Which ones, and why. */
  @Schema(
      name = "DiscardManyRequest",
      requiredProperties = {"selection", "count", "reason"})
  public record Request(
      DeadLetterViews.Selected selection,
      @Schema(
              description =
                  "How many that are, as last counted; refused with 409 when it is another number now.",
              example = "12")
          Integer count,
      @Schema(description = "Why they may be left undone.", example = "All test orders.")
          String reason,
      @Schema(
              description = "The same in one word; kept in front of the reason.",
              example = "test",
              allowableValues = {
                "test",
                "duplicate",
                "cancelled",
                "elsewhere",
                "outdated",
                "unwanted",
                "other"
              })
          String code) {
    /** Without a code. */
    public Request(DeadLetterViews.Selected selection, Integer count, String reason) {
      this(selection, count, reason, null);
    }
  }

  /** What came of it. */
  @Schema(name = "DiscardedMany")
  public record Discarded(
      @Schema(description = "DONE, or PROPOSED: a second person has to approve it first.")
          String state,
      @Schema(description = "What waits for a second person.", example = "apr_3") String approval,
      int discarded,
      @Schema(description = "What was left alone, and why.") List<Left> left) {}

  /** One that was left alone. */
  @Schema(name = "DiscardLeft")
  public record Left(@Schema(example = "msg_17") String id, String sentence) {}

  private record Item(String id, long fence) {}

  @Operation(
      summary = "Discard many dead letters",
      description =
          "Gives messages and deliveries up for good, 1,000 at most; what waits behind them goes on. Held orders are left. More"
              + " than `serai.approval.discards-above` is PROPOSED until a second person approves it.")
  @PostMapping(path = "/discard", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public Discarded discard(@RequestBody Request request, Caller caller) {
    var reason = DiscardCode.reason(request.code(), Words.sentence("reason", request.reason()));
    if (reason == null) {
      throw Problem.badRequest("Discarding many needs a reason; say why they may be left undone.");
    }
    var selection = Selections.of(request.selection(), clock.instant());
    int total = deadLetters.count(selection);
    if (request.count() == null || request.count() != total) {
      throw request.count() == null
          ? Problem.badRequest(
              "Nothing says how many are meant; give 'count', which is %d now.".formatted(total))
          : Problem.conflict(
              "The selection holds %d dead letters now, not %d; look at them again."
                  .formatted(total, request.count()),
              null);
    }
    if (total > MOST) {
      throw Problem.unprocessable(
          "The selection holds %d dead letters, and %d at most are discarded at once; narrow it."
              .formatted(total, MOST));
    }
    var items = frozen(selection);
    if (terms.discardsAbove() == null || items.size() <= terms.discardsAbove()) {
      return run(items, reason, caller.name());
    }
    var frozen = JsonNodeFactory.instance.objectNode().put("reason", reason);
    var list = frozen.putArray("items");
    items.forEach(item -> list.addObject().put("id", item.id()).put("fence", item.fence()));
    var approval =
        approvals.ask(
            DISCARD,
            "dead-letters",
            "Discard %d dead letters, '%s' first.".formatted(items.size(), items.get(0).id()),
            frozen,
            reason,
            caller);
    return new Discarded("PROPOSED", approval.name(), 0, List.of());
  }

  private List<Item> frozen(Selection selection) {
    var items = new ArrayList<Item>();
    String cursor = null;
    do {
      var page = deadLetters.list(selection, cursor, PAGE);
      page.items().forEach(letter -> items.add(new Item(letter.id(), letter.fence())));
      cursor = page.next();
    } while (cursor != null && items.size() < MOST);
    return items;
  }

  /** Does what was approved, in the name of who asked for it; twice is once. */
  Discarded approved(Approvals.Approval approval) {
    var items = new ArrayList<Item>();
    for (JsonNode item : approval.request().path("items")) {
      items.add(new Item(item.path("id").asText(), item.path("fence").asLong()));
    }
    return run(items, approval.request().path("reason").asText(), approval.askedBy());
  }

  private Discarded run(List<Item> items, String reason, String actor) {
    int done = 0;
    var left = new ArrayList<Left>();
    for (var item : items) {
      switch (deadLetters.discard(item.id(), reason, actor, item.fence())) {
        case Verdict.Done discarded -> done++;
        case Verdict.Absent absent -> left.add(new Left(item.id(), absent.sentence()));
        case Verdict.Refused refused -> left.add(new Left(item.id(), refused.sentence()));
        case Verdict.Changed changed -> left.add(new Left(item.id(), changed.sentence()));
      }
    }
    return new Discarded("DONE", null, done, left);
  }
}
