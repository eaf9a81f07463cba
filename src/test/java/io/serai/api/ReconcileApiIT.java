package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.reconcile.Teller;
import io.serai.reconcile.Tellers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What stands otherwise elsewhere, over REST and from a terminal. */
@ResourceLock(ApiHub.SHARED)
class ReconcileApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String account = "shop-" + UUID.randomUUID();
  private final Teller teller = question -> new Teller.Told(List.of(), null);

  @BeforeEach
  void tell() {
    hub.context.getBean(Tellers.class).put("shop", "order", teller);
  }

  @AfterEach
  void forget() {
    hub.context.getBean(Tellers.class).remove("shop", "order", teller);
    hub.jdbc.sql("DELETE FROM reconcile_run WHERE account = 'shop'").update();
    hub.jdbc.sql("DELETE FROM finding WHERE account = ?").param(account).update();
  }

  private String finding(String kind, String remedy, String target) {
    return "fnd_"
        + hub.jdbc
            .sql(
                """
                INSERT INTO finding (account, kind, thing, theirs, sentence, remedy, target, state, first_seen_at, last_seen_at, run_id)
                VALUES (?, ?, ?, '#1001', 'It is not here.', ?, ?, 'OPEN', now(), now(), 1) RETURNING id""")
            .params(account, kind, UUID.randomUUID().toString(), remedy, target)
            .query(Long.class)
            .single();
  }

  private int audited(String action, String object) {
    return hub.jdbc
        .sql("SELECT count(*) FROM audit_entry WHERE action = ? AND object = ?")
        .params(action, object)
        .query(Integer.class)
        .single();
  }

  @Test
  void aComparisonIsPlannedOnceAndListed() {
    var body =
        """
        {"account":"shop","since":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z"}""";

    var planned = hub.post("/reconciliations", body);
    var again = hub.post("/reconciliations", body);

    assertThat(planned.status()).isEqualTo(202);
    assertThat(planned.json().path("state").asText()).isEqualTo("PLANNED");
    assertThat(again.json().path("id")).isEqualTo(planned.json().path("id"));
    var listed = hub.get("/reconciliations?account=shop").json().path("items");
    assertThat(listed.findValuesAsText("id")).containsExactly(planned.json().path("id").asText());
    assertThat(audited("reconcile.start", "account:shop")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatCannotBeComparedIsRefusedWithWhatCan() {
    assertThat(hub.post("/reconciliations", "{}").detail())
        .isEqualTo("'account' is missing; give one of: shop.");
    assertThat(hub.post("/reconciliations", "{\"account\":\"till\"}").detail())
        .isEqualTo(
            "'till' cannot be compared: no route of it tells of its books. Those that can: shop.");
    assertThat(
            hub.post(
                    "/reconciliations",
                    """
                    {"account":"shop","since":"2026-03-02T00:00:00Z","until":"2026-03-02T00:00:00Z"}""")
                .detail())
        .isEqualTo(
            "'since' is '2026-03-02T00:00:00Z' and not before 'until', '2026-03-02T00:00:00Z'; give a time with a length.");
    assertThat(hub.get("/reconciliations/rcn_999999").detail())
        .isEqualTo(
            "Comparison 'rcn_999999' is not known; list them with GET /api/v1/reconciliations.");
    assertThat(hub.get("/findings/fnd_999999").detail())
        .isEqualTo("Finding 'fnd_999999' is not known; list them with GET /api/v1/findings.");
  }

  @Test
  void aRemedyIsSetGoingOnceAndAudited() {
    var id = finding("ORDER_MISSING", "PULL", "1001");

    var done = hub.post("/findings/" + id + "/fix", "{\"reason\":\"The webhook was lost.\"}");
    var again = hub.post("/findings/" + id + "/fix", "{}");

    assertThat(done.status()).as(done.response().body()).isEqualTo(200);
    assertThat(done.json().path("sentence").asText())
        .isEqualTo("'%s' is asked for '1001' again.".formatted(account));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail()).contains("was set going at").contains("Compare '" + account);
    assertThat(audited("reconcile.fix", "finding:" + id)).isEqualTo(1);
  }

  @Test
  void aRemedyThatCannotBeDoneLeavesTheFindingAsItWas() {
    var poll = finding("STOCK_HELD", "PULL", "MUG-BLU");
    var none = finding("ORDER_EXTRA", null, null);

    assertThat(hub.post("/findings/" + poll + "/fix", "{}").status()).isEqualTo(409);
    assertThat(hub.post("/findings/" + none + "/fix", "{}").detail())
        .isEqualTo(
            "Finding '%s' has no remedy that the hub can do. It is not here.".formatted(none));
    assertThat(hub.get("/findings/" + poll).json().hasNonNull("remediedAt")).isFalse();
    assertThat(audited("reconcile.fix", "finding:" + poll)).isZero();
  }

  @Test
  void aFindingIsAcceptedWithAReason() {
    var id = finding("ORDER_EXTRA", null, null);

    assertThat(hub.post("/findings/" + id + "/accept", "{}").detail())
        .isEqualTo("'reason' is missing; say why this may stay so.");
    var accepted = hub.post("/findings/" + id + "/accept", "{\"reason\":\"A test order.\"}");

    assertThat(accepted.json().path("state").asText()).isEqualTo("ACCEPTED");
    assertThat(accepted.json().path("note").asText()).isEqualTo("A test order.");
    assertThat(hub.get("/findings?account=" + account).json().path("items")).isEmpty();
    assertThat(hub.get("/findings?state=accepted&account=" + account).json().path("items"))
        .hasSize(1);
    assertThat(hub.post("/findings/" + id + "/fix", "{}").detail())
        .isEqualTo("Finding '%s' is accepted, so there is nothing to do.".formatted(id));
    assertThat(audited("reconcile.accept", "finding:" + id)).isEqualTo(1);
  }

  @Test
  void theTerminalDoesTheSame() {
    var pull = finding("ORDER_MISSING", "PULL", "1001");
    var extra = finding("ORDER_EXTRA", null, null);

    assertThat(terminal.serai("findings", "list", "--account", account)).isZero();
    assertThat(terminal.out()).contains(pull).contains(extra).contains("It is not here.");
    assertThat(terminal.serai("findings", "show", pull)).isZero();
    assertThat(terminal.out()).contains("PULL").contains("An order of the channel is not here.");
    assertThat(terminal.serai("findings", "fix", pull)).isZero();
    assertThat(terminal.out()).contains("is asked for '1001' again.");
    assertThat(terminal.serai("findings", "accept", extra, "--reason", "A test order.")).isZero();
    assertThat(terminal.out()).contains("may stay as it is.");
    assertThat(terminal.serai("reconcile", "shop", "--since", "2d", "--no-wait"))
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out()).contains("'shop' is compared as rcn_");
    assertThat(terminal.serai("findings", "runs", "--account", "shop")).isZero();
    assertThat(terminal.out()).contains("PLANNED");
    assertThat(terminal.serai("reconcile", "till")).isEqualTo(1);
    assertThat(terminal.err()).contains("'till' cannot be compared");
  }
}
