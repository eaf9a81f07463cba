package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLettersIT {
  private static final UUID ORDER = UUID.fromString("01900000-0000-7000-8000-000000000001");
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final List<String> aftermath = new ArrayList<>();
  private Pile pile;
  private DeadLetters deadLetters;

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    deadLetters =
        new DeadLetters(
            database.dataSource(),
            clock,
            new Aftermath() {
              @Override
              public void confirmed(Connection connection, long delivery, String reference) {
                aftermath.add("confirmed dlv_" + delivery + " " + reference);
              }

              @Override
              public void discarded(Connection connection, long delivery, String reason) {
                aftermath.add("discarded dlv_" + delivery + " " + reason);
              }
            });
  }

  @Test
  void messagesDeliveriesAndHoldsAreListedNewestFailureFirst() {
    var message = pile.message().lies();
    clock.advance(Duration.ofMinutes(1));
    var delivery = pile.delivery().lies();
    clock.advance(Duration.ofMinutes(1));
    var order = pile.order().lies();

    var page = deadLetters.list(Selection.everything(), null, 10);

    assertThat(page.items()).extracting(DeadLetter::id).containsExactly(order, delivery, message);
    assertThat(page.next()).isNull();
    assertThat(deadLetters.count(Selection.everything())).isEqualTo(3);
  }

  @Test
  void aDeadLetterSaysWhatStoppedWhereAndWhatToDo() {
    var id = pile.message().of(ORDER).lies();

    var found = deadLetters.list(Selection.of(id), null, 1).items().getFirst();

    assertThat(found)
        .isEqualTo(
            new DeadLetter(
                id,
                DeadLetterType.MESSAGE,
                "PARKED",
                "shopify-main",
                "order",
                "k1",
                ItemId.ofOrder(ORDER),
                "UNMAPPED",
                "Order '1001' has no field '/currency'. Add it, then replay.",
                found.fingerprint(),
                "shopify-order-normalize",
                "map",
                null,
                3,
                false,
                false,
                clock.instant(),
                5));
  }

  @Test
  void whatIsNotStoppedIsNotListed() {
    for (var state : List.of("RECEIVED", "WAITING", "APPLIED", "SPLIT", "IGNORED", "SUPERSEDED")) {
      pile.message().in(state).lies();
    }
    for (var state : List.of("READY", "PENDING", "CONFIRMED", "WAITING", "WITHDRAWN")) {
      pile.delivery().in(state).lies();
    }
    pile.delivery().in("REFUSED").withoutFailure().lies(); // the partner's no was an answer
    pile.order().heldBy(null).lies();
    pile.order().called(ORDER).heldBy("FRAUD").lies();

    assertThat(deadLetters.list(Selection.everything(), null, 10).items()).isEmpty();
    assertThat(deadLetters.count(Selection.everything())).isZero();
  }

  @Test
  void aRefusedDeliveryWithAFailureIsADeadLetter() {
    var id = pile.delivery().in("REFUSED").lies();

    assertThat(deadLetters.list(Selection.everything(), null, 10).items())
        .extracting(DeadLetter::id, DeadLetter::state)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(id, "REFUSED"));
  }

  @Test
  void whatStoppedWithoutARecordedFailureIsListedAllTheSame() {
    var message = pile.message().withoutFailure().lies();
    var delivery = pile.delivery().withoutFailure().lies();
    var order = pile.order().withoutFailure().lies();

    assertThat(deadLetters.list(Selection.everything(), null, 10).items())
        .extracting(DeadLetter::id)
        .containsExactlyInAnyOrder(message, delivery, order);
    assertThat(deadLetters.groups(Selection.everything()))
        .extracting(DeadLetterGroup::fingerprint, DeadLetterGroup::count)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("unnamed", 2),
            org.assertj.core.groups.Tuple.tuple("hold-unallocatable", 1));
  }

  @Test
  void aCursorWalksThroughEverythingOnceAlsoWhileItShrinks() {
    var all = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      all.add(pile.message().lies());
      all.add(pile.delivery().lies());
      all.add(pile.message().withoutFailure().lies());
    }

    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var page = deadLetters.list(Selection.everything(), cursor, 4);
      page.items().forEach(item -> seen.add(item.id()));
      deadLetters.discard(seen.getLast(), "seen", "ann", DeadLetters.AS_IT_IS);
      cursor = page.next();
    } while (cursor != null);

    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void anUnreadableCursorStartsFromTheStart() {
    var id = pile.message().lies();

    assertThat(deadLetters.list(Selection.everything(), "§", 4).items())
        .extracting(DeadLetter::id)
        .containsExactly(id);
    assertThat(deadLetters.list(Selection.everything(), "bm9uZQ", 4).items()).hasSize(1);
  }

  @Test
  void everyPartOfASelectionNarrowsIt() {
    var early = clock.instant();
    var message = pile.message().from("ebay").carrying("refund").of(ORDER).lies();
    clock.advance(Duration.ofHours(1));
    var delivery = pile.delivery().to("acme").repeatable("BLIND").ofUnknownOutcome().lies();
    clock.advance(Duration.ofHours(1));
    var order = pile.order().lies();
    var fingerprint = deadLetters.find(delivery).orElseThrow().deadLetter().fingerprint();

    var all = Selection.everything();

    assertThat(ids(Selection.of(message, order, "msg_99", "nonsense")))
        .containsExactlyInAnyOrder(message, order);
    assertThat(ids(all.ofType(DeadLetterType.DELIVERY))).containsExactly(delivery);
    assertThat(ids(Selection.group(fingerprint))).containsExactly(delivery);
    assertThat(ids(all.ofKind("UNALLOCATABLE"))).containsExactly(order);
    assertThat(ids(all.at("ebay"))).containsExactly(message);
    assertThat(ids(all.carrying("refund"))).containsExactly(message);
    assertThat(ids(all.about(ORDER))).containsExactly(message);
    assertThat(ids(all.needingChoice(true))).containsExactly(delivery);
    assertThat(ids(all.needingChoice(false))).containsExactlyInAnyOrder(message, order);
    assertThat(ids(Selection.between(early.plusSeconds(3600), null)))
        .containsExactlyInAnyOrder(delivery, order);
    assertThat(ids(Selection.between(early, early.plusSeconds(3600)))).containsExactly(message);
    assertThat(deadLetters.count(all.ofType(DeadLetterType.DELIVERY))).isEqualTo(1);
  }

  @Test
  void whatStoppedForOneCauseIsOneGroup() {
    var other = UUID.fromString("01900000-0000-7000-8000-000000000002");
    var first = clock.instant();
    pile.message().of(ORDER).failedBy(FailureKind.UNMAPPED, "Order '1' lacks 'a'. Do b.").lies();
    clock.advance(Duration.ofHours(1));
    pile.message().of(ORDER).failedBy(FailureKind.UNMAPPED, "Order '2' lacks 'a'. Do b.").lies();
    clock.advance(Duration.ofHours(1));
    pile.message().of(other).failedBy(FailureKind.UNMAPPED, "Order '3' lacks 'a'. Do b.").lies();
    pile.delivery().repeatable("QUERYABLE").ofUnknownOutcome().lies();

    var groups = deadLetters.groups(Selection.everything());

    assertThat(groups).hasSize(2);
    var group = groups.getFirst();
    assertThat(group)
        .isEqualTo(
            new DeadLetterGroup(
                group.fingerprint(),
                "UNMAPPED",
                "Order '3' lacks 'a'. Do b.",
                "shopify-main",
                "route",
                "step",
                3,
                0,
                0,
                2,
                0,
                first,
                clock.instant(),
                List.of()));
    assertThat(groups.getLast().needsChoice()).isEqualTo(1);
    assertThat(groups.getLast().deliveries()).isEqualTo(1);
    assertThat(deadLetters.groups(Selection.everything().ofType(DeadLetterType.ORDER))).isEmpty();
  }

  @Test
  void theMoneyOfAGroupCountsEachOrderOnce() throws SQLException {
    var other = UUID.fromString("01900000-0000-7000-8000-000000000002");
    var unpriced = UUID.fromString("01900000-0000-7000-8000-000000000003");
    for (var order : List.of(ORDER, other, unpriced)) {
      pile.order().called(order).heldBy("RISK").lies();
      for (int times = 0; times < 2; times++) {
        pile.message()
            .of(order)
            .failedBy(FailureKind.UNMAPPED, "Order '1' lacks 'a'. Do b.")
            .lies();
      }
    }
    try (var connection = database.dataSource().getConnection();
        var update =
            connection.prepareStatement(
                "UPDATE sales_order SET currency = ?, grand_total = ? WHERE id = ?")) {
      update.setString(1, "EUR");
      update.setBigDecimal(2, new BigDecimal("12.50"));
      update.setObject(3, ORDER);
      update.executeUpdate();
      update.setString(1, "USD");
      update.setBigDecimal(2, new BigDecimal("99.00"));
      update.setObject(3, other);
      update.executeUpdate();
    }

    var groups = deadLetters.groups(Selection.everything().ofType(DeadLetterType.MESSAGE));

    assertThat(groups).hasSize(1);
    assertThat(groups.getFirst().messages()).isEqualTo(6);
    assertThat(groups.getFirst().orders()).isEqualTo(3);
    assertThat(groups.getFirst().stakes())
        .containsExactly(
            new Stake("USD", new BigDecimal("99.00")), new Stake("EUR", new BigDecimal("12.50")));
  }

  @Test
  void oneIsShownWithItsPastAndWithWhatWaitsBehindIt() {
    var message = pile.message().inLane("shopify-main/1").lies();
    clock.advance(Duration.ofMinutes(5));
    pile.failsAgain(message, FailureKind.INVALID, "Line '1' has no quantity. Add one.");
    pile.message().inLane("shopify-main/1").in("RECEIVED").lies();
    pile.message().inLane("shopify-main/1").in("RECEIVED").lies();
    pile.message().in("RECEIVED").lies();
    var delivery = pile.delivery().inLane("northwind/1").lies();
    pile.delivery().inLane("northwind/1").in("READY").lies();
    var order = pile.order().lies();

    var found = deadLetters.find(message).orElseThrow();

    assertThat(found.deadLetter().kind()).isEqualTo("INVALID");
    assertThat(found.failures())
        .extracting(DeadLetterHistory.PastFailure::kind)
        .containsExactly("UNMAPPED", "INVALID");
    assertThat(found.waitingBehind()).isEqualTo(2);
    assertThat(deadLetters.find(delivery).orElseThrow().waitingBehind()).isEqualTo(1);
    assertThat(deadLetters.find(order).orElseThrow().failures()).hasSize(1);
    assertThat(deadLetters.find("msg_99")).isEmpty();
    assertThat(deadLetters.find("nonsense")).isEmpty();
  }

  @Test
  void aDiscardedMessageIsGivenUpAndItsLaneGoesOn() {
    var id = pile.message().inLane("shopify-main/1").of(ORDER).lies();

    var verdict = deadLetters.discard(id, "test order", "ann", 5);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "DISCARDED", 6));
    assertThat(pile.row(id))
        .containsEntry("state", "DISCARDED")
        .containsEntry("reason", "test order")
        .containsEntry("fence", "6");
    assertThat(pile.row(id).get("finished_at")).isNotNull();
    assertThat(
            pile.number(
                """
                SELECT count(*) FROM inbox_message
                WHERE lane = 'shopify-main/1' AND state IN ('RECEIVED', 'RUNNING', 'PARKED')
                """))
        .isZero();
    assertThat(timeline()).containsExactly("Message '" + id + "' was discarded (by 'ann').");
    assertThat(audit()).containsExactly("ann dead-letter.discard " + id + " test order");
  }

  @Test
  void aDiscardedDeliveryIsGivenUpAndWhatFollowsIsInTheSameTransaction() {
    var id = pile.delivery().of(ORDER).lies();

    var verdict = deadLetters.discard(id, "sent by mail", "ann", 7);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "DISCARDED", 8));
    assertThat(pile.row(id))
        .containsEntry("state", "DISCARDED")
        .containsEntry("reason", "sent by mail");
    assertThat(aftermath).containsExactly("discarded " + id + " sent by mail");
    assertThat(timeline()).containsExactly("Delivery '" + id + "' was discarded (by 'ann').");
  }

  @Test
  void anAftermathThatFailsUndoesTheVerb() {
    var id = pile.delivery().lies();
    var failing =
        new DeadLetters(
            database.dataSource(),
            clock,
            new Aftermath() {
              @Override
              public void confirmed(Connection connection, long delivery, String reference) {}

              @Override
              public void discarded(Connection connection, long delivery, String reason)
                  throws SQLException {
                throw new SQLException("no such fulfillment order");
              }
            });

    assertThatThrownBy(() -> failing.discard(id, "why", "ann", DeadLetters.AS_IT_IS))
        .hasMessage(
            "The database could not complete work on dead letters: no such fulfillment order");

    assertThat(pile.state(id)).isEqualTo("PARKED");
    assertThat(audit()).isEmpty();
  }

  @Test
  void aHeldOrderCannotBeDiscarded() {
    var id = pile.order().lies();

    assertThat(deadLetters.discard(id, "why", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(
            new Verdict.Refused(
                "Order '%s' is held and cannot be discarded. Cancel the order, or cure the hold and replay it."
                    .formatted(id)));
  }

  @Test
  void everyVerbNeedsAReason() {
    assertThat(deadLetters.discard("msg_1", " ", "ann", 1))
        .isEqualTo(
            new Verdict.Refused(
                "Discarding 'msg_1' needs a reason. Say why it may be left undone."));
    assertThat(deadLetters.edit("msg_1", bytes("{}"), null, "ann", 1))
        .isEqualTo(
            new Verdict.Refused("Editing 'msg_1' needs a reason. Say what was wrong with it."));
    assertThat(deadLetters.resolve("dlv_1", Resolution.didNotHappen(), "", "ann", 1))
        .isEqualTo(
            new Verdict.Refused("Resolving 'dlv_1' needs a reason. Say how it was found out."));
  }

  @Test
  void whatIsNoDeadLetterIsNamed() {
    var applied = pile.message().in("APPLIED").lies();

    assertThat(deadLetters.discard("ord_1", "why", "ann", 1))
        .isEqualTo(
            new Verdict.Refused(
                "'ord_1' is no dead letter's id. Ids begin with 'msg_', 'dlv_' or 'ord_'."));
    assertThat(deadLetters.discard("msg_99", "why", "ann", 1))
        .isEqualTo(
            new Verdict.Absent(
                "Dead letter 'msg_99' does not exist. List the dead letters to find its id."));
    assertThat(deadLetters.discard(applied, "why", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(
            new Verdict.Changed(
                "Message '%s' is APPLIED and not stopped any more; nothing was changed. Look at it again."
                    .formatted(applied),
                "APPLIED",
                5));
  }

  @Test
  void whoSawAnOlderVersionChangesNothing() {
    var id = pile.message().lies();

    assertThat(deadLetters.discard(id, "why", "ann", 4))
        .isEqualTo(
            new Verdict.Changed(
                "Message '%s' has changed since it was looked at (version '4' then, '5' now); nothing was changed. Look at it again."
                    .formatted(id),
                "PARKED",
                5));
    assertThat(pile.state(id)).isEqualTo("PARKED");
  }

  @Test
  void ofTwoOperatorsAtOnceOneWinsAndBothAreInTheAudit() throws Exception {
    var id = pile.message().lies();
    Callable<Verdict> discard = () -> deadLetters.discard(id, "spam", "ann", 5);
    Callable<Verdict> edit = () -> deadLetters.edit(id, bytes("{\"id\":2}"), "typo", "bob", 5);

    List<Verdict> verdicts = new ArrayList<>();
    try (var operators = Executors.newFixedThreadPool(2)) {
      for (var verdict : operators.invokeAll(List.of(discard, edit))) {
        verdicts.add(verdict.get());
      }
    }

    assertThat(verdicts).hasAtLeastOneElementOfType(Verdict.Done.class);
    assertThat(verdicts).hasAtLeastOneElementOfType(Verdict.Changed.class);
    assertThat(pile.audit()).extracting(entry -> entry.get("actor")).contains("ann", "bob");
    assertThat(pile.audit())
        .filteredOn(entry -> entry.get("action").endsWith(".too-late"))
        .hasSize(1);
  }

  @Test
  void anEditedMessageRunsAgainUnderItsOldNameAndTheOldBytesAreKept() {
    var id = pile.message().inLane("shopify-main/1").of(ORDER).saying("{\"id\":1}").lies();
    var before = pile.row(id);
    clock.advance(Duration.ofMinutes(3));

    var verdict = deadLetters.edit(id, bytes("{\"id\":2}"), "currency added", "ann", 5);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "RECEIVED", 6));
    var after = pile.row(id);
    assertThat(after)
        .containsEntry("state", "RECEIVED")
        .containsEntry("attempt_count", "0")
        .containsEntry("fence", "6")
        .containsEntry("failure_id", null);
    for (var kept : List.of("id", "lane", "message_key", "dedupe_key", "received_at", "order_id")) {
      assertThat(after.get(kept)).as(kept).isEqualTo(before.get(kept));
    }
    assertThat(
            pile.rows(
                """
                SELECT convert_from(p.body, 'UTF8') AS body, p.sha256 = sha256(p.body) AS intact
                FROM inbox_message m JOIN message_payload p
                  ON p.message_id = m.id AND p.received_at = m.received_at
                """))
        .containsExactly(java.util.Map.of("body", "{\"id\":2}", "intact", "t"));
    assertThat(
            pile.rows(
                """
                SELECT convert_from(body, 'UTF8') AS body, actor, reason,
                       sha256 = sha256(body) AS intact
                FROM message_edit
                """))
        .containsExactly(
            java.util.Map.of(
                "body", "{\"id\":1}", "actor", "ann", "reason", "currency added", "intact", "t"));
    assertThat(audit())
        .containsExactly(
            "ann dead-letter.payload " + id + " currency added",
            "ann dead-letter.edit " + id + " currency added");
    assertThat(timeline())
        .containsExactly("Message '" + id + "' was edited and is run again (by 'ann').");
  }

  @Test
  void anEditLeavesWhatTheMessageIsKnownBy() {
    var known =
        new DeadLetters(
            database.dataSource(),
            clock,
            Aftermath.none(),
            message ->
                new String(message.body(), StandardCharsets.UTF_8).contains("\"id\":1,")
                    ? List.of(new LockedFields.Locked("/id", "the message's key", "1"))
                    : List.of());
    var id = pile.message().saying("{\"id\":1,\"unit\":\"\"}").lies();

    assertThat(known.edit(id, bytes("{\"id\":2,\"unit\":\"EA\"}"), "unit", "ann", 5))
        .isEqualTo(
            new Verdict.Refused(
                "'/id' of '"
                    + id
                    + "' is the message's key, '1', and stays as it is. Take that change back; if the value itself is wrong, discard the message and have it sent anew."));
    assertThat(pile.number("SELECT count(*) FROM message_edit")).isZero();
    assertThat(pile.state(id)).isEqualTo("PARKED");

    assertThat(known.edit(id, bytes("{\"id\":1,\"unit\":\"EA\"}"), "unit", "ann", 5))
        .isInstanceOf(Verdict.Done.class);
  }

  @Test
  void aSecondEditKeepsTheFirstOneToo() {
    var id = pile.message().saying("one").lies();
    deadLetters.edit(id, bytes("two"), "why", "ann", DeadLetters.AS_IT_IS);
    clock.advance(Duration.ofMinutes(1));
    pile.failsAgain(id, FailureKind.INVALID, "Still wrong. Look again.");

    deadLetters.edit(id, bytes("three"), "why", "ann", DeadLetters.AS_IT_IS);

    assertThat(
            pile.rows(
                "SELECT convert_from(body, 'UTF8') AS body FROM message_edit ORDER BY edited_at"))
        .extracting(row -> row.get("body"))
        .containsExactly("one", "two");
  }

  @Test
  void anEditThatCannotBeIsRefusedWithAReason() {
    var message = pile.message().saying("same").lies();
    var delivery = pile.delivery().causedBy(message).lies();
    var orphan = pile.delivery().lies();
    var gone = pile.message().lies();
    pile.execute("DELETE FROM message_payload WHERE message_id = " + gone.substring(4));

    assertThat(deadLetters.edit(message, bytes("same"), "why", "ann", 5))
        .isEqualTo(
            new Verdict.Refused(
                "The new payload of '%s' equals the old one. Replay it instead."
                    .formatted(message)));
    assertThat(deadLetters.edit(message, new byte[0], "why", "ann", 5))
        .isEqualTo(
            new Verdict.Refused(
                "The new payload of '%s' has 0 bytes. Give between 1 and 5242880."
                    .formatted(message)));
    assertThat(deadLetters.edit(message, new byte[DeadLetters.PAYLOAD_LIMIT + 1], "why", "ann", 5))
        .isEqualTo(
            new Verdict.Refused(
                "The new payload of '%s' has 5242881 bytes. Give between 1 and 5242880."
                    .formatted(message)));
    assertThat(deadLetters.edit(delivery, bytes("new"), "why", "ann", 7))
        .isEqualTo(
            new Verdict.Refused(
                "Delivery '%s' is no message, and only messages can be edited. Edit message '%s' that caused it, or replay it."
                    .formatted(delivery, message)));
    assertThat(deadLetters.edit(orphan, bytes("new"), "why", "ann", 7))
        .isEqualTo(
            new Verdict.Refused(
                "Delivery '%s' is no message, and only messages can be edited. Replay or discard it."
                    .formatted(orphan)));
    assertThat(deadLetters.edit(gone, bytes("new"), "why", "ann", 5))
        .isEqualTo(
            new Verdict.Refused(
                "The payload of '%s' is past its retention and gone. Discard it.".formatted(gone)));
    assertThat(pile.state(message)).isEqualTo("PARKED");
    assertThat(pile.number("SELECT count(*) FROM message_edit")).isZero();
  }

  @Test
  void whatHappenedAtThePartnerIsConfirmedWithItsReferenceAndNotSent() {
    var id = pile.delivery().of(ORDER).repeatable("BLIND").ofUnknownOutcome().lies();

    var verdict = deadLetters.resolve(id, Resolution.happened("F-77"), "asked by phone", "ann", 7);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "CONFIRMED", 8));
    assertThat(pile.row(id))
        .containsEntry("state", "CONFIRMED")
        .containsEntry("remote_id", "F-77")
        .containsEntry("outcome_unknown", "f");
    assertThat(pile.row(id).get("finished_at")).isNotNull();
    assertThat(aftermath).containsExactly("confirmed " + id + " F-77");
    assertThat(audit()).containsExactly("ann dead-letter.resolve " + id + " asked by phone");
    assertThat(timeline()).containsExactly("Delivery '" + id + "' happened, as 'F-77' (by 'ann').");
  }

  @Test
  void whatDidNotHappenIsSentAgainUnderTheSameKey() {
    var id = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();
    var before = pile.row(id);
    clock.advance(Duration.ofHours(1));

    var verdict = deadLetters.resolve(id, Resolution.didNotHappen(), "asked", "ann", 7);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "READY", 8));
    var after = pile.row(id);
    assertThat(after)
        .containsEntry("state", "READY")
        .containsEntry("outcome_unknown", "f")
        .containsEntry("attempt_count", "0");
    for (var kept : List.of("idempotency_key", "content", "revision", "lane", "business_key")) {
      assertThat(after.get(kept)).as(kept).isEqualTo(before.get(kept));
    }
  }

  @Test
  void whatNeedsNoChoiceOffersNone() {
    var known = pile.delivery().repeatable("BLIND").lies();
    var message = pile.message().lies();
    var unknown = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();

    assertThat(deadLetters.resolve(known, Resolution.didNotHappen(), "why", "ann", 7))
        .isEqualTo(
            new Verdict.Refused(
                "Delivery '%s' has no unknown outcome, so there is nothing to choose. Replay or discard it."
                    .formatted(known)));
    assertThat(deadLetters.resolve(message, Resolution.didNotHappen(), "why", "ann", 5))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(deadLetters.resolve(unknown, Resolution.happened(" "), "why", "ann", 7))
        .isEqualTo(
            new Verdict.Refused(
                "Saying that '%s' happened needs the reference that 'northwind' gave it. Look it up there."
                    .formatted(unknown)));
    assertThat(pile.state(unknown)).isEqualTo("PARKED");
  }

  private List<String> ids(Selection selection) {
    return deadLetters.list(selection, null, 100).items().stream().map(DeadLetter::id).toList();
  }

  private List<String> timeline() {
    return pile.rows("SELECT sentence FROM order_event ORDER BY id").stream()
        .map(row -> row.get("sentence"))
        .toList();
  }

  private List<String> audit() {
    return pile.audit().stream()
        .map(
            row ->
                String.join(
                    " ", row.get("actor"), row.get("action"), row.get("object"), row.get("reason")))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDiscardIsTakenBackAsLongAsNothingWentOnWithoutIt() {
    var reopening = new Reopening(database.dataSource(), clock);
    var message = pile.message().lies();
    var delivery = pile.delivery().lies();
    var told = pile.delivery().lies();
    pile.execute("UPDATE delivery SET operation = 'refund' WHERE id = " + told.substring(4));
    var gone = pile.message().lies();
    for (var id : List.of(message, delivery, told, gone)) {
      deadLetters.discard(id, "why", "ann", DeadLetters.AS_IT_IS);
    }
    pile.execute("DELETE FROM message_payload WHERE message_id = " + gone.substring(4));

    assertThat(reopening.reopen(message, "after all", "ann", 5))
        .isEqualTo(
            new Verdict.Changed(
                "Message '%s' has changed since it was looked at (version '5' then, '6' now); nothing was changed. Look at it again."
                    .formatted(message),
                "DISCARDED",
                6));
    assertThat(reopening.reopen(message, "after all", "ann", 6))
        .isEqualTo(new Verdict.Done(message, "PARKED", 7));
    assertThat(reopening.reopen(delivery, "after all", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(new Verdict.Done(delivery, "PARKED", 9));
    assertThat(reopening.reopen(told, "after all", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(
            new Verdict.Refused(
                "The order was told that '%s' is owed no more, and went on. Do anew on the order's page what is still wanted."
                    .formatted(told)));
    assertThat(reopening.reopen(gone, "after all", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(
            new Verdict.Refused(
                "The payload of '%s' is past its retention and gone, so it stays discarded."
                    .formatted(gone)));
    assertThat(reopening.reopen(message, " ", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(
            new Verdict.Refused(
                "Reopening '%s' needs a reason. Say why it is not to be left undone."
                    .formatted(message)));
    assertThat(reopening.reopen("msg_999999999", "r", "ann", DeadLetters.AS_IT_IS))
        .isInstanceOf(Verdict.Absent.class);
    assertThat(deadLetters.count(Selection.everything())).isEqualTo(2);
  }

  @Test
  void whatWasDoneByHandEndsUnderItsReference() {
    var delivery = pile.delivery().lies();
    var order = pile.order().lies();

    assertThat(
            deadLetters.resolve(
                delivery, Resolution.elsewhere("F-9"), "by mail", "ann", DeadLetters.AS_IT_IS))
        .isEqualTo(new Verdict.Done(delivery, "CONFIRMED", 8));
    assertThat(pile.row(delivery)).containsEntry("remote_id", "F-9");
    assertThat(
            ((Verdict.Refused)
                    deadLetters.resolve(
                        order, Resolution.elsewhere("F-9"), "r", "ann", DeadLetters.AS_IT_IS))
                .sentence())
        .endsWith("is held and is not done elsewhere as a whole. Cancel it, or release it.");
  }
}
