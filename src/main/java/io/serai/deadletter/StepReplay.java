package io.serai.deadletter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.deadletter.ReplayPlan.Part;
import io.serai.deadletter.ReplayPlan.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Replays one thing from a chosen step and to chosen destinations.
 *
 * <p>Guarantee: before anything goes again the effect ledger judges it, in the transaction that
 * sends it; what was done, is on its way or may have been done is left alone and named with why. Of
 * what is left alone nothing changes. A message that is read again goes to every destination,
 * because what is owed is decided in one piece; destinations can be chosen for what is owed
 * already.
 *
 * <p>Gap: of what stopped while being read or applied no form but its bytes is kept, so it begins
 * there.
 */
public final class StepReplay {
  private final DataSource database;
  private final Clock clock;
  private final Replay replay;

  /** Replays within one database; {@code replay} is the usual way back. */
  public StepReplay(DataSource database, Clock clock, Replay replay) {
    this.database = database;
    this.clock = clock;
    this.replay = replay;
  }

  /**
   * What was done.
   *
   * @param verdict of the thing as a whole
   * @param replayed deliveries that go again
   * @param left deliveries that were meant and were left alone, with why
   */
  public record Result(Verdict verdict, List<Part> replayed, List<Part> left) {
    private static Result of(Verdict verdict) {
      return new Result(verdict, List.of(), List.of());
    }

    private static Result refused(String sentence) {
      return of(new Verdict.Refused(sentence));
    }
  }

  /** What each step would do now; empty when there is no such thing. */
  public Optional<ReplayPlan> plan(String id) {
    return ItemId.parse(id)
        .flatMap(
            item ->
                Transaction.snapshot(
                    database,
                    connection -> Subject.read(connection, item).map(s -> plan(connection, s))));
  }

  /** The thing itself. */
  private record Subject(
      ItemId item,
      String state,
      long fence,
      boolean dead,
      boolean payload,
      UUID order,
      Long cause,
      UUID held) {
    private static final String MESSAGE =
        """
        SELECT m.state, m.fence, m.state = 'PARKED', p.message_id IS NOT NULL, m.order_id, NULL::bigint,
               CASE WHEN s.hold IN ('UNMAPPED', 'UNALLOCATABLE') THEN s.id END
        FROM inbox_message m
        LEFT JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
        LEFT JOIN sales_order s ON s.id = m.order_id WHERE m.id = ?""";
    private static final String DELIVERY =
        "SELECT state, fence, false, false, order_id, message_id, NULL::uuid FROM delivery WHERE id = ?";
    private static final String ORDER =
        """
        SELECT coalesce(hold, state), revision, coalesce(hold IN ('UNMAPPED', 'UNALLOCATABLE'), false), false, id,
               NULL::bigint, CASE WHEN hold IN ('UNMAPPED', 'UNALLOCATABLE') THEN id END
        FROM sales_order WHERE id = ?""";

    static Optional<Subject> read(Connection connection, ItemId item) throws SQLException {
      try (var select =
          connection.prepareStatement(
              switch (item.type()) {
                case MESSAGE -> MESSAGE;
                case DELIVERY -> DELIVERY;
                case ORDER -> ORDER;
              })) {
        select.setObject(1, item.type() == DeadLetterType.ORDER ? item.order() : item.number());
        try (var row = select.executeQuery()) {
          return row.next()
              ? Optional.of(
                  new Subject(
                      item,
                      row.getString(1),
                      row.getLong(2),
                      row.getBoolean(3),
                      row.getBoolean(4),
                      row.getObject(5, UUID.class),
                      row.getObject(6, Long.class),
                      row.getObject(7, UUID.class)))
              : Optional.empty();
        }
      }
    }

    String id() {
      return ItemId.of(item.type(), item.number(), item.order());
    }
  }

  private static ReplayPlan plan(Connection connection, Subject subject) {
    try {
      return plan(subject, EffectLedger.of(connection, subject.item(), false));
    } catch (SQLException e) {
      throw new IllegalStateException("What is owed because of it could not be read.", e);
    }
  }

  private static ReplayPlan plan(Subject subject, List<Part> parts) {
    // No row is ever taken away, and each change moves a fence on: an equal sum is an equal state.
    var fence =
        subject.item().type() == DeadLetterType.DELIVERY
            ? subject.fence()
            : subject.fence() + parts.stream().mapToLong(part -> part.fence() + 1).sum();
    return new ReplayPlan(
        subject.id(),
        fence,
        List.of(normalize(subject), apply(subject), map(parts), send(parts)),
        parts);
  }

  private static Way normalize(Subject subject) {
    var step = ReplayStep.NORMALIZE;
    return switch (subject.item().type()) {
      case ORDER -> new Way(step, false, "An order has no bytes of its own; its messages have.");
      case DELIVERY ->
          new Way(
              step,
              false,
              subject.cause() == null
                  ? "No message caused it, so there is nothing to read."
                  : "What is to be read again is message '%s', which caused it."
                      .formatted(ItemId.ofMessage(subject.cause())));
      case MESSAGE ->
          !subject.dead()
              ? new Way(
                  step,
                  false,
                  "It is %s; only a parked message is read again.".formatted(subject.state()))
              : subject.payload()
                  ? new Way(
                      step,
                      true,
                      "Its bytes are read by the route and mapping of now and applied; what comes of it goes to every destination. What was done before is not done twice.")
                  : new Way(step, false, "Its payload is past its retention and gone.");
    };
  }

  private static Way apply(Subject subject) {
    return subject.held() != null
        ? new Way(
            ReplayStep.APPLY,
            true,
            "The order as it is kept is decided anew: SKUs, nodes and stock of now. Nothing is read again.")
        : new Way(
            ReplayStep.APPLY,
            false,
            subject.item().type() == DeadLetterType.DELIVERY
                ? "It is decided already who is to hear of it."
                : subject.order() == null
                    ? "No order came of it yet."
                    : "Its order is not held for want of a SKU or a node.");
  }

  private static Way map(List<Part> parts) {
    var many = parts.stream().filter(part -> part.goes(ReplayStep.MAP)).count();
    return many > 0
        ? new Way(
            ReplayStep.MAP,
            true,
            "What is owed is made anew by the mappings of now and goes as a new revision under a new key.")
        : new Way(
            ReplayStep.MAP,
            false,
            parts.stream().anyMatch(part -> part.goes(ReplayStep.SEND))
                ? "No mapping was corrected since it was made, or an attempt may have had its effect: it would be the same, under another key."
                : nothing(parts));
  }

  private static Way send(List<Part> parts) {
    return parts.stream().anyMatch(part -> part.goes(ReplayStep.SEND))
        ? new Way(
            ReplayStep.SEND,
            true,
            "What stopped goes again as it was made, under its own key; what was corrected since is not used.")
        : new Way(ReplayStep.SEND, false, nothing(parts));
  }

  private static String nothing(List<Part> parts) {
    return parts.isEmpty()
        ? "Nothing is owed to anybody because of it."
        : "Nothing that is owed because of it stopped and may go again.";
  }

  /**
   * Replays from a step.
   *
   * @param destinations only to these, or null for all that may go
   * @param reason why, or null
   * @param fence {@link ReplayPlan#fence} as it was looked at, or {@link DeadLetters#AS_IT_IS}
   * @param alone how many deliveries one person may send again at once
   */
  public Result run(
      String id,
      ReplayStep from,
      List<String> destinations,
      String reason,
      String actor,
      long fence,
      int alone) {
    var item = ItemId.parse(id);
    if (item.isEmpty()) {
      return Result.refused(
          "'%s' is no dead letter's id. Ids begin with 'msg_', 'dlv_' or 'ord_'.".formatted(id));
    }
    if (!from.sends() && destinations != null) {
      return Result.refused(
          "From step '%s' it goes to every destination, because what is owed is decided in one piece. Choose destinations from step 'map' or 'send'."
              .formatted(word(from)));
    }
    return from.sends()
        ? Transaction.run(
            database,
            connection ->
                send(
                    connection,
                    item.get(),
                    from,
                    destinations,
                    reason,
                    actor,
                    fence,
                    alone,
                    clock.instant()))
        : back(id, from, reason, actor, fence);
  }

  private static String word(ReplayStep step) {
    return step.name().toLowerCase(Locale.ROOT);
  }

  // Its own fence, as it was when the plan was compared, guards what happens in between.
  private Result back(String id, ReplayStep from, String reason, String actor, long fence) {
    var item = ItemId.parse(id).orElseThrow();
    record Seen(Subject subject, ReplayPlan plan) {}
    var seen =
        Transaction.snapshot(
            database,
            connection ->
                Subject.read(connection, item).map(s -> new Seen(s, plan(connection, s))));
    if (seen.isEmpty()) {
      return Result.of(absent(id));
    }
    var plan = seen.get().plan();
    var subject = seen.get().subject();
    if (fence != DeadLetters.AS_IT_IS && fence != plan.fence()) {
      return Result.of(changed(subject, fence, plan.fence()));
    }
    if (!plan.way(from).possible()) {
      return Result.refused(refusal(id, from, plan));
    }
    return Result.of(
        from == ReplayStep.APPLY && item.type() == DeadLetterType.MESSAGE
            ? replay.one(ItemId.ofOrder(subject.held()), reason, actor, DeadLetters.AS_IT_IS)
            : replay.one(id, reason, actor, subject.fence()));
  }

  private static String refusal(String id, ReplayStep from, ReplayPlan plan) {
    return "'%s' cannot be replayed from step '%s'. %s"
        .formatted(id, word(from), plan.way(from).sentence());
  }

  private static Verdict absent(String id) {
    return new Verdict.Absent("'%s' does not exist. Look for its id in the lists.".formatted(id));
  }

  private static Verdict changed(Subject subject, long seen, long now) {
    return new Verdict.Changed(
        "'%s', or what is owed because of it, has changed since it was looked at (version '%d' then, '%d' now); nothing was changed. Look at it again."
            .formatted(subject.id(), seen, now),
        subject.state(),
        now);
  }

  private static Result send(
      Connection connection,
      ItemId item,
      ReplayStep from,
      List<String> destinations,
      String reason,
      String actor,
      long fence,
      int alone,
      Instant now)
      throws SQLException {
    var parts = EffectLedger.of(connection, item, true);
    var subject = Subject.read(connection, item);
    if (subject.isEmpty()) {
      return Result.of(absent(ItemId.of(item.type(), item.number(), item.order())));
    }
    var plan = plan(subject.get(), parts);
    if (fence != DeadLetters.AS_IT_IS && fence != plan.fence()) {
      return Result.of(changed(subject.get(), fence, plan.fence()));
    }
    var meant = parts;
    if (destinations != null) {
      for (var destination : new TreeSet<>(destinations)) {
        if (parts.stream().noneMatch(part -> part.destination().equals(destination))) {
          return Result.refused(
              "Nothing is owed to '%s' because of '%s'. It is owed to: %s."
                  .formatted(destination, plan.id(), EffectLedger.destinations(parts)));
        }
      }
      meant = parts.stream().filter(part -> destinations.contains(part.destination())).toList();
    }
    var going = meant.stream().filter(part -> part.goes(from)).toList();
    // Of a whole order what was done long ago is no news; what was named is.
    var left =
        meant.stream()
            .filter(part -> !part.goes(from))
            .filter(
                part ->
                    destinations != null
                        || item.type() == DeadLetterType.DELIVERY
                        || part.safety() != ReplayPlan.Safety.SKIPPED)
            .map(part -> why(part, from))
            .toList();
    if (going.isEmpty()) {
      return new Result(
          new Verdict.Refused(
              left.isEmpty()
                  ? refusal(plan.id(), from, plan)
                  : "Nothing of '%s' goes again. %s: %s"
                      .formatted(
                          plan.id(), left.getFirst().destination(), left.getFirst().sentence())),
          List.of(),
          left);
    }
    if (going.size() > alone) {
      return Result.refused(
          "%d deliveries would go again, and nobody sends more than %d alone. Choose fewer destinations, or start a replay, which a second person approves."
              .formatted(going.size(), alone));
    }
    var revived =
        Revival.deliveries(
            connection,
            going.stream().map(StepReplay::number).toList(),
            going.stream().map(Part::fence).toList(),
            from == ReplayStep.MAP ? Revival.Mode.ANEW : Revival.Mode.SAME,
            now);
    for (var part : going) {
      if (!revived.containsKey(number(part))) {
        throw new IllegalStateException(
            "Delivery '%s' is locked and judged safe and yet was not put to work."
                .formatted(part.id()));
      }
      Trail.audit(
          connection,
          actor,
          "dead-letter.replay",
          part.id(),
          reason,
          Verb.state(part.state(), part.fence()),
          Verb.state("READY", part.fence() + 1).put("from", word(from)),
          now);
      Trail.timeline(
          connection,
          revived.get(number(part)),
          "delivery.replayed",
          "Delivery '%s' to '%s' was replayed from step '%s' (by '%s')."
              .formatted(part.id(), part.destination(), word(from), actor),
          null,
          number(part),
          actor,
          now);
    }
    if (item.type() != DeadLetterType.DELIVERY) {
      audit(connection, subject.get(), from, destinations, going, left, reason, actor, now);
    }
    return new Result(
        new Verdict.Done(
            plan.id(),
            item.type() == DeadLetterType.DELIVERY ? "READY" : subject.get().state(),
            plan.fence() + going.size()),
        going,
        left);
  }

  private static Part why(Part part, ReplayStep from) {
    if (part.safety() != ReplayPlan.Safety.SAFE || from != ReplayStep.MAP) {
      return part;
    }
    return new Part(
        part.id(),
        part.destination(),
        part.document(),
        part.key(),
        part.state(),
        part.safety(),
        part.anew(),
        part.probe(),
        DryReplay.SAME,
        part.fence());
  }

  private static long number(Part part) {
    return ItemId.parse(part.id()).orElseThrow().number();
  }

  private static void audit(
      Connection connection,
      Subject subject,
      ReplayStep from,
      List<String> destinations,
      List<Part> going,
      List<Part> left,
      String reason,
      String actor,
      Instant now)
      throws SQLException {
    var after = JsonNodeFactory.instance.objectNode().put("from", word(from));
    if (destinations != null) {
      var named = after.putArray("destinations");
      new TreeSet<>(destinations).forEach(named::add);
    }
    var replayed = after.putArray("replayed");
    going.forEach(part -> replayed.add(part.id()));
    var alone = after.putArray("left");
    left.forEach(part -> alone.add(part.id()));
    Trail.audit(
        connection,
        actor,
        "dead-letter.replay",
        subject.id(),
        reason,
        Verb.state(subject.state(), subject.fence()),
        after,
        now);
  }

  /**
   * Has the partner asked whether a delivery of unknown outcome is there: found, it is confirmed
   * under the partner's reference; absent, it is sent under its own key. The engine asks, and parks
   * it again when it gets no answer.
   *
   * @param reason why, or null
   * @param fence the version that the operator saw, or {@link DeadLetters#AS_IT_IS}
   */
  public Verdict probe(String id, String reason, String actor, long fence) {
    return new Verb(database, clock, "probe", actor, reason)
        .on(
            id,
            fence,
            (connection, target, now) -> {
              var part =
                  target.item().type() == DeadLetterType.DELIVERY
                      ? EffectLedger.judged(connection, List.of(target.item().number())).getFirst()
                      : null;
              if (part == null || !part.probe()) {
                return new Verdict.Refused(
                    "%s is nothing that a partner can be asked about. %s"
                        .formatted(target.name(), part == null ? "Replay it." : part.sentence()));
              }
              var revived =
                  Revival.deliveries(
                      connection,
                      List.of(target.item().number()),
                      List.of(target.fence()),
                      Revival.Mode.ASKED_FIRST,
                      now);
              if (revived.size() != 1) {
                throw new IllegalStateException(
                    target.name() + " is locked and yet its partner is not asked.");
              }
              DeadLetters.tell(
                  connection,
                  target,
                  "probed",
                  "is asked about at '%s'".formatted(target.destination()),
                  actor,
                  now);
              return new Verdict.Done(target.id(), "READY", target.fence() + 1);
            });
  }
}
