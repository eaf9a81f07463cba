package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.deadletter.DeadLetter;
import io.serai.deadletter.DeadLetterCount;
import io.serai.deadletter.DeadLetterGroup;
import io.serai.deadletter.DeadLetterHistory;
import io.serai.deadletter.GroupPatch;
import io.serai.deadletter.ReplayItem;
import io.serai.deadletter.ReplayJob;
import io.serai.deadletter.ReplayPlan;
import io.serai.deadletter.ReplayStep;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What operators send about dead letters and replays, and what they read of a replay. */
public final class DeadLetterViews {
  private DeadLetterViews() {}

  /** One thing that stopped. */
  @Schema(name = "DeadLetter")
  public record Letter(
      @Schema(example = "msg_17") String id,
      @Schema(description = "MESSAGE, DELIVERY or ORDER.", example = "MESSAGE") String type,
      @Schema(example = "PARKED") String state,
      @Schema(description = "Where it came from or was going to.", example = "shopify-main")
          String account,
      @Schema(example = "order") String document,
      @Schema(description = "The sender's or our business key.") String key,
      String orderId,
      @Schema(example = "UNMAPPED") String kind,
      @Schema(description = "What happened and what to do.") String sentence,
      @Schema(description = "The group it belongs to.") String fingerprint,
      String route,
      String step,
      @Schema(description = "What the partner answered, cut and masked.") String evidence,
      int attempts,
      @Schema(description = "Its effect may have been had already.") boolean outcomeUnknown,
      @Schema(description = "It can only be resolved, not replayed.") boolean needsChoice,
      Instant stoppedAt,
      @Schema(description = "To name in a change: it is refused when the thing changed since.")
          long fence) {
    static Letter of(DeadLetter letter) {
      return new Letter(
          letter.id(),
          letter.type().name(),
          letter.state(),
          letter.account(),
          letter.document(),
          letter.key(),
          letter.orderId(),
          letter.kind(),
          letter.sentence(),
          letter.fingerprint(),
          letter.route(),
          letter.step(),
          letter.evidence(),
          letter.attemptCount(),
          letter.outcomeUnknown(),
          letter.needsChoice(),
          letter.stoppedAt(),
          letter.fence());
    }
  }

  /** One thing that stopped and its past. */
  @Schema(name = "DeadLetterHistory")
  public record History(
      Letter deadLetter,
      @Schema(description = "Oldest first.") List<MessageViews.Failure> failures,
      @Schema(description = "How many of its lane wait for it.") int waitingBehind) {
    /** As the API shows it. */
    public static History of(DeadLetterHistory history) {
      var letter = Letter.of(history.deadLetter());
      return new History(
          letter,
          history.failures().stream()
              .map(
                  past ->
                      new MessageViews.Failure(
                          past.occurredAt(),
                          past.kind(),
                          past.sentence(),
                          past.route(),
                          past.step(),
                          past.evidence(),
                          past.attempt(),
                          null))
              .toList(),
          history.waitingBehind());
    }
  }

  /** Things that stopped for one cause. */
  @Schema(name = "DeadLetterGroup")
  public record Group(
      @Schema(example = "5f0c2b7a9d3e1f48") String fingerprint,
      @Schema(example = "UNMAPPED") String kind,
      @Schema(description = "That of the latest one.") String sentence,
      String account,
      String route,
      String step,
      int count,
      @Schema(description = "Different orders concerned, as far as they are known.") int orders,
      int messages,
      int deliveries,
      @Schema(description = "Held orders.") int holds,
      @Schema(description = "How many can only be resolved.") int needsChoice,
      Instant firstSeen,
      Instant lastSeen) {
    /** As the API shows it. */
    public static Group of(DeadLetterGroup group) {
      return new Group(
          group.fingerprint(),
          group.kind(),
          group.sentence(),
          group.account(),
          group.route(),
          group.step(),
          group.count(),
          group.orders(),
          group.messages(),
          group.deliveries(),
          group.holds(),
          group.needsChoice(),
          group.firstSeen(),
          group.lastSeen());
    }
  }

  /** Giving up. */
  @Schema(name = "DiscardRequest", requiredProperties = "reason")
  public record Discard(
      @Schema(
              description = "Why it may be left undone; kept in the audit.",
              example = "Cancelled by phone, the shop refunds it.")
          String reason,
      @Schema(
              description = "The same in one word; kept in front of the reason.",
              allowableValues = {
                "test",
                "duplicate",
                "cancelled",
                "elsewhere",
                "outdated",
                "unwanted",
                "other"
              })
          String code,
      @Schema(
              description =
                  "`fence` as last read: refused with 409 when it changed since. Absent: as long as it is still a"
                      + " dead letter.")
          Long fence) {
    /** Without a code. */
    public Discard(String reason, Long fence) {
      this(reason, null, fence);
    }
  }

  /** Taking a discard back. */
  @Schema(name = "ReopenRequest", requiredProperties = "reason")
  public record Reopen(
      @Schema(
              description = "Why it is not to be left undone.",
              example = "The buyer wants it after all.")
          String reason,
      @Schema(description = "`fence` as last read.") Long fence) {}

  /** Other bytes. */
  @Schema(
      name = "EditRequest",
      requiredProperties = {"reason", "payload"})
  public record Edit(
      @Schema(description = "What was wrong with it.", example = "The SKU had a trailing blank.")
          String reason,
      @Schema(description = "`fence` as last read.") Long fence,
      @Schema(
              description =
                  "The new payload: JSON as it is, or text; bytes that are no text go in payloadBase64.")
          JsonNode payload,
      String payloadBase64) {}

  /** One change for many. */
  @Schema(
      name = "PatchRequest",
      requiredProperties = {"selection", "patch"})
  public record Patch(
      Selected selection,
      @Schema(
              description =
                  "Operations, one after the other (JSON Patch, RFC 6902), or an object to be merged (RFC 7396).",
              implementation = Object.class)
          JsonNode patch,
      @Schema(
              description = "What was wrong with them; needed unless it is a dry run.",
              example = "The channel sends a unit nobody knows.")
          String reason,
      @Schema(description = "Only look what would happen.") Boolean dryRun) {}

  /** What became of each. */
  @Schema(name = "PatchResult")
  public record Patched(
      boolean dryRun,
      @Schema(description = "Dead letters that are meant; at most 1,000 are looked at in one go.")
          int total,
      @Schema(description = "Those that the patch fits; they run again unless it was a dry run.")
          int fits,
      @Schema(description = "Those that are left as they are.") int left,
      List<PatchedOne> members) {
    static Patched of(GroupPatch.Report report) {
      return new Patched(
          report.dryRun(),
          report.total(),
          report.fits(),
          report.members().size() - report.fits(),
          report.members().stream().map(PatchedOne::of).toList());
    }
  }

  /** What became of one. */
  @Schema(name = "PatchedMessage")
  public record PatchedOne(
      @Schema(example = "msg_17") String id,
      boolean fits,
      @Schema(description = "What comes of it, or why it is left.") String sentence,
      @Schema(description = "Of its payload; what could name a person is masked.")
          List<Difference> differences) {
    static PatchedOne of(GroupPatch.Member member) {
      return new PatchedOne(
          member.id(),
          member.fits(),
          member.sentence(),
          member.differences().stream()
              .map(
                  one ->
                      new Difference(
                          one.path(),
                          PersonalData.masked(one.path(), one.before()),
                          PersonalData.masked(one.path(), one.after())))
              .toList());
    }
  }

  /** One place that differs; `before` and `after` as JSON, absent where there is nothing. */
  @Schema(name = "Difference")
  public record Difference(String path, String before, String after) {}

  /** The forced choice. */
  @Schema(
      name = "ResolveRequest",
      requiredProperties = {"outcome", "reason"})
  public record Resolve(
      @Schema(
              description =
                  "What was found out at the partner; or, of whatever stopped, that somebody did it by hand (elsewhere).",
              allowableValues = {"happened", "did-not-happen", "elsewhere"})
          String outcome,
      @Schema(
              description =
                  "What it is called there; needed when it happened or was done elsewhere.",
              example = "F-1")
          String reference,
      @Schema(
              description = "How it was found out.",
              example = "Seen in the partner's portal by Ada.")
          String reason,
      @Schema(description = "`fence` as last read.") Long fence) {}

  /** Once more. */
  @Schema(name = "ReplayOneRequest")
  public record ReplayOne(
      @Schema(example = "The mapping was corrected.") String reason,
      @Schema(description = "`fence` as last read; with `from` that of the plan.") Long fence,
      @Schema(
              description =
                  "The step from which it runs: its bytes are read again (normalize), the order as kept is decided anew"
                      + " (apply), what is owed is made by the mappings of now (map), or goes as it was made (send)."
                      + " Absent: the usual way back.",
              allowableValues = {"normalize", "apply", "map", "send"})
          String from,
      @Schema(
              description = "From map or send: only to these; all that may go when absent.",
              example = "[\"northwind\"]")
          List<String> destinations) {
    /** The usual way back. */
    public ReplayOne(String reason, Long fence) {
      this(reason, fence, null, null);
    }
  }

  /** Asking the partner. */
  @Schema(name = "ProbeRequest")
  public record Probe(
      @Schema(example = "Their portal is back.") String reason,
      @Schema(description = "`fence` as last read.") Long fence) {}

  /** What replaying something would do. */
  @Schema(name = "ReplayPlan")
  public record Plan(
      @Schema(example = "msg_17") String id,
      @Schema(description = "To name in a replay: it is refused when anything of this changed.")
          long fence,
      List<Way> steps,
      @Schema(description = "What it caused, or what the order has, oldest first.")
          List<Effect> deliveries,
      @Schema(description = "What its route and mapping would make of its bytes now.")
          String dryRun) {
    /** As the API shows it. */
    public static Plan of(ReplayPlan plan, String dryRun) {
      return new Plan(
          plan.id(),
          plan.fence(),
          plan.ways().stream()
              .map(way -> new Way(word(way.step()), way.possible(), way.sentence()))
              .toList(),
          plan.parts().stream().map(Effect::of).toList(),
          dryRun);
    }
  }

  /** A step and what replaying from there does. */
  @Schema(name = "ReplayStep")
  public record Way(
      @Schema(
              example = "send",
              allowableValues = {"normalize", "apply", "map", "send"})
          String step,
      boolean possible,
      @Schema(description = "What it would do, or why it cannot.") String sentence) {}

  /** What the effect ledger says of one delivery. */
  @Schema(name = "ReplayEffect")
  public record Effect(
      @Schema(example = "dlv_4") String id,
      @Schema(example = "northwind") String destination,
      @Schema(example = "fulfillment-request") String document,
      String key,
      @Schema(example = "PARKED") String state,
      @Schema(
              description =
                  "SAFE goes again; SKIPPED was done, is being done or is owed no more; UNKNOWN may have been done.",
              allowableValues = {"SAFE", "SKIPPED", "UNKNOWN"})
          String safety,
      @Schema(description = "Whether it can be made anew by corrected mappings.") boolean anew,
      @Schema(description = "Whether the partner can be asked first.") boolean probe,
      String sentence) {
    static Effect of(ReplayPlan.Part part) {
      return new Effect(
          part.id(),
          part.destination(),
          part.document(),
          part.key(),
          part.state(),
          part.safety().name(),
          part.anew(),
          part.probe(),
          part.sentence());
    }
  }

  static String word(ReplayStep step) {
    return step == null ? null : step.name().toLowerCase(Locale.ROOT);
  }

  /** What was replayed. */
  @Schema(name = "Replayed")
  public record Replayed(
      @Schema(example = "msg_17") String id,
      @Schema(description = "Its state now.", example = "RECEIVED") String state,
      @Schema(description = "Its version now.") long fence,
      @Schema(description = "Deliveries that go again, from map or send.") List<Effect> replayed,
      @Schema(description = "Deliveries that were meant and left alone, each with why.")
          List<Effect> left) {}

  /** What was done. */
  @Schema(name = "Done")
  public record Done(
      @Schema(example = "msg_17") String id,
      @Schema(description = "Its state now.", example = "DISCARDED") String state,
      @Schema(description = "Its version now.") long fence) {}

  /** How a thing is, as a conflict tells it. */
  @Schema(name = "Current")
  public record Current(String id, String state, long fence) {}

  /** Many at once. */
  @Schema(name = "ReplayRequest", requiredProperties = "selection")
  public record Start(
      Selected selection,
      @Schema(description = "Items a second, 1 to 10,000; 20 when absent.", example = "20")
          Integer rate,
      @Schema(
              description =
                  "Seconds in which it grows from one item a second to the rate, 0 to 86,400; 0 when absent. It"
                      + " pauses by itself when what it replays fails again.",
              example = "300")
          Integer rampSeconds,
      @Schema(
              description =
                  "The step from which each runs, as for one; the usual way back when absent.",
              allowableValues = {"normalize", "apply", "map", "send"})
          String from,
      @Schema(
              description =
                  "A change that the payload of each message gets first: operations (JSON Patch, RFC 6902) or an object to"
                      + " be merged (RFC 7396). What it does not fit, or what would fail all the same, is left.",
              implementation = Object.class)
          JsonNode patch,
      @Schema(description = "Only look what would happen.") Boolean dryRun,
      @Schema(example = "The mapping was corrected.") String reason) {}

  /** Which ones; every part that is given must hold. */
  @Schema(name = "ReplaySelection")
  public record Selected(
      @Schema(description = "Exactly these.", example = "[\"msg_17\",\"dlv_4\"]") List<String> ids,
      @Schema(description = "The group.", example = "5f0c2b7a9d3e1f48") String fingerprint,
      @Schema(
              description = "MESSAGE, DELIVERY or ORDER.",
              allowableValues = {"MESSAGE", "DELIVERY", "ORDER"})
          String type,
      @Schema(description = "The failure's kind.", example = "UNMAPPED") String kind,
      @Schema(description = "The account or destination.", example = "shopify-main") String account,
      @Schema(example = "order") String document,
      @Schema(description = "About this order.") String orderId,
      @Schema(description = "Stopped at or after this instant.") Instant since,
      @Schema(description = "Stopped before this instant.") Instant until,
      @Schema(description = "Deliveries to these, and nothing else.", example = "[\"northwind\"]")
          List<String> destinations,
      @Schema(description = "Every dead letter there is; only without the other parts.")
          Boolean all,
      @Schema(
              description = "A line of words, as lists take it; only without the other parts.",
              example = "channel:shopify-main kind:unmapped age:>2h")
          String q) {
    /** By its parts. */
    public Selected(
        List<String> ids,
        String fingerprint,
        String type,
        String kind,
        String account,
        String document,
        String orderId,
        Instant since,
        Instant until,
        List<String> destinations,
        Boolean all) {
      this(
          ids,
          fingerprint,
          type,
          kind,
          account,
          document,
          orderId,
          since,
          until,
          destinations,
          all,
          null);
    }

    /** All that a line of words means. */
    public static Selected matching(String q) {
      return new Selected(null, null, null, null, null, null, null, null, null, null, null, q);
    }

    /** Exactly these. */
    public static Selected of(List<String> ids) {
      return new Selected(ids, null, null, null, null, null, null, null, null, null, null, null);
    }
  }

  /** How many have one thing in common. */
  @Schema(name = "DeadLetterCount")
  public record Count(
      @Schema(
              description = "What they have in common; absent for those without one.",
              example = "shopify-order-normalize-map")
          String part,
      @Schema(
              description = "The words that select them.",
              example = "step:shopify-order-normalize-map")
          String q,
      int count,
      @Schema(description = "Different orders concerned, as far as they are known.") int orders,
      Instant firstSeen,
      Instant lastSeen) {
    static Count of(DeadLetterCount.By by, DeadLetterCount count) {
      return new Count(
          count.part(),
          count.part() == null
              ? null
              : DeadLetterWords.say(by.name().toLowerCase(Locale.ROOT), count.part()),
          count.count(),
          count.orders(),
          count.firstSeen(),
          count.lastSeen());
    }
  }

  /** A replay as it stands. */
  @Schema(name = "Replay")
  public record Replay(
      @Schema(example = "rpl_3") String id,
      @Schema(example = "RUNNING") String state,
      @Schema(description = "Why it paused or was aborted.") String reason,
      @Schema(description = "Why it was started.", example = "The mapping was corrected.")
          String purpose,
      @Schema(description = "The replay of which it takes up what is left.", example = "rpl_2")
          String repeats,
      @Schema(description = "The step from which each runs; absent for the usual way back.")
          String from,
      @Schema(
              implementation = String[].class,
              description = "Which places of each payload are changed first; absent for none.",
              example = "[\"replace /unit\"]")
          JsonNode patch,
      boolean dryRun,
      @Schema(description = "Items a second.") int rate,
      @Schema(description = "Seconds in which it grows to that.") int rampSeconds,
      @Schema(description = "Items frozen when it was started.") int total,
      int replayed,
      int skipped,
      int failed,
      int remaining,
      String actor,
      @Schema(implementation = Object.class) JsonNode selection,
      Instant createdAt,
      Instant finishedAt) {
    static Replay of(ReplayJob job) {
      return new Replay(
          job.id(),
          job.state().name(),
          job.reason(),
          job.purpose(),
          job.repeats(),
          word(job.step()),
          job.patch() == null ? null : io.serai.deadletter.Replay.outline(Json.tree(job.patch())),
          job.dryRun(),
          job.rate(),
          job.rampSeconds(),
          job.total(),
          job.replayed(),
          job.skipped(),
          job.failed(),
          job.remaining(),
          job.actor(),
          Json.tree(job.selection()),
          job.createdAt(),
          job.finishedAt());
    }
  }

  /** What came of one item. */
  @Schema(name = "ReplayItem")
  public record Item(
      @Schema(example = "msg_17") String id,
      int ordinal,
      @Schema(example = "REPLAYED") String state,
      String detail,
      Instant workedAt) {
    static Item of(ReplayItem item) {
      return new Item(
          item.id(), item.ordinal(), item.state().name(), item.detail(), item.workedAt());
    }
  }

  /** Pausing, resuming or aborting. */
  @Schema(name = "ReasonRequest")
  public record Reason(@Schema(example = "The partner asked us to wait.") String reason) {}
}
