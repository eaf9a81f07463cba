package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class ApprovalsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Caller ADA = new Caller("ada", Role.APPROVER);
  private static final Caller BOB = new Caller("bob", Role.APPROVER);

  private final ManualClock clock = new ManualClock();
  private final Approvals approvals =
      new Approvals(
          DATABASE.dataSource(), new Audit(DATABASE.dataSource(), clock), marks -> marks, clock);
  private final String object = "rpl_" + UUID.randomUUID();
  private final AtomicInteger done = new AtomicInteger();

  private long asked() {
    return approvals
        .ask("replay.start", object, "Replay 5 dead letters at 1 a second.", null, "why", ADA)
        .id();
  }

  private Approvals.Decided approve(long id, Caller by) {
    return approvals.approve(id, by, "looks right", one -> "done " + done.incrementAndGet());
  }

  @Test
  void whoAskedCannotApproveAndASecondPersonCan() {
    var id = asked();

    var own = approve(id, ADA);
    assertThat(own.forbidden()).isTrue();
    assertThat(own.refusal())
        .isEqualTo(
            "'ada' asked for this, and four eyes need two people; have another approver look at 'apr_%d'."
                .formatted(id));
    assertThat(done).hasValue(0);

    var second = approve(id, BOB);
    assertThat(second.refusal()).isNull();
    assertThat(second.approval().state()).isEqualTo("APPROVED");
    assertThat(second.approval().decidedBy()).isEqualTo("bob");
    assertThat(second.approval().outcome()).isEqualTo("done 1");
  }

  @Test
  void askingAndDecidingIsInTheAudit() {
    approve(asked(), BOB);

    assertThat(
            new JdbcTemplate(DATABASE.dataSource())
                .queryForList(
                    "SELECT actor || ' ' || action || ' ' || reason FROM audit_entry WHERE object = ? ORDER BY id",
                    String.class,
                    object))
        .containsExactly("ada approval.ask why", "bob approval.approve looks right");
  }

  @Test
  void oneDecisionCountsWhateverTwoPeoplePressAtOnce() throws Exception {
    var id = asked();
    var go = new CountDownLatch(1);
    var decided = new ArrayList<Approvals.Decided>();
    try (var people = Executors.newFixedThreadPool(2)) {
      var presses =
          List.of(BOB, new Caller("cleo", Role.ADMIN)).stream()
              .map(
                  by ->
                      people.submit(
                          () -> {
                            go.await();
                            return approve(id, by);
                          }))
              .toList();
      go.countDown();
      for (var press : presses) {
        decided.add(press.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }

    assertThat(done).hasValue(1);
    assertThat(decided).filteredOn(one -> one.refusal() == null).hasSize(1);
    assertThat(decided)
        .filteredOn(one -> one.refusal() != null)
        .extracting(Approvals.Decided::refusal)
        .containsExactly(
            "Approval 'apr_%d' is APPROVED already; ask anew if it is still wanted.".formatted(id));
  }

  @Test
  void whatCannotBeDoneLeavesItOpen() {
    var id = asked();

    assertThatThrownBy(
            () ->
                approvals.approve(
                    id,
                    BOB,
                    null,
                    one -> {
                      throw new IllegalStateException("The partner is away.");
                    }))
        .hasMessage("The partner is away.");

    assertThat(approvals.find(id).orElseThrow().state()).isEqualTo("OPEN");
    assertThat(approve(id, BOB).refusal()).isNull();
  }

  @Test
  void aWeekLaterNobodyMayApproveIt() {
    var id = asked();
    clock.advance(Approvals.OPEN_FOR);

    assertThat(approve(id, BOB).refusal())
        .isEqualTo(
            "Approval 'apr_%d' is EXPIRED already; ask anew if it is still wanted.".formatted(id));
    assertThat(done).hasValue(0);
    assertThat(approvals.list(true, Long.MAX_VALUE, 500)).noneMatch(one -> one.id() == id);
  }

  @Test
  void itMayBeDeclinedOrTakenBack() {
    var declined = asked();
    assertThat(approvals.decline(declined, BOB, "ask first", one -> "nothing").approval().state())
        .isEqualTo("DECLINED");
    var back = asked();
    assertThat(approvals.decline(back, ADA, "a slip", one -> "nothing").approval().state())
        .isEqualTo("DECLINED");
    var closed = asked();
    approvals.close(object, ADA, "It is gone.");
    assertThat(approve(closed, BOB).refusal()).contains("is DECLINED already");
  }

  @Test
  void whatNobodyAskedForIsSaid() {
    assertThat(approve(999_999, BOB).refusal())
        .isEqualTo("Approval 'apr_999999' is not known; list the approvals to find its id.");
  }

  @Test
  void theSameRequestIsFoundAgainWhileItIsOpen() {
    var request = JsonNodeFactory.instance.objectNode().put("amount", "5.00");
    var first = approvals.ask("order.refund", object, "Give back 5.00.", request, "why", ADA);

    assertThat(approvals.open("order.refund", object, request.deepCopy()))
        .hasValueSatisfying(one -> assertThat(one.id()).isEqualTo(first.id()));
    assertThat(approvals.open("order.refund", object, request.deepCopy().put("amount", "6.00")))
        .isEmpty();
    approve(first.id(), BOB);
    assertThat(approvals.open("order.refund", object, request)).isEmpty();
  }
}
