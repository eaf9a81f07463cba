package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.reconcile.FindingKind;
import io.serai.reconcile.Reconciliation;
import io.serai.reconcile.Remedies;
import io.serai.reconcile.Remedy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What channels and partners have in their books against what is here, and putting it right. */
@Tag(
    name = "reconciliation",
    description = "What channels and partners have in their books against what is here.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class ReconcileApi {
  private static final List<String> KINDS =
      Arrays.stream(FindingKind.values()).map(Enum::name).toList();

  private final Reads reads;
  private final Reconciliation reconciliation;
  private final Remedies remedies;
  private final Audit audit;
  private final Clock clock;
  private final JdbcClient jdbc;

  ReconcileApi(
      Reads reads,
      Reconciliation reconciliation,
      Remedies remedies,
      Audit audit,
      Clock clock,
      DataSource database) {
    this.reads = reads;
    this.reconciliation = reconciliation;
    this.remedies = remedies;
    this.audit = audit;
    this.clock = clock;
    this.jdbc = JdbcClient.create(database);
  }

  @Operation(
      summary = "Compare an account",
      description =
          "Plans a comparison of a channel or partner with what is here; a replica works it within seconds. One that waits"
              + " already and covers the same time is answered instead of a second. Answers 202 with its address.",
      responses = @ApiResponse(responseCode = "202", description = "Planned."))
  @PostMapping(path = "/reconciliations", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ResponseEntity<ReconcileViews.Run> start(
      @RequestBody ReconcileViews.Start request, Caller caller) {
    var account = Words.present(request.account());
    if (account == null) {
      throw Problem.badRequest(
          "'account' is missing; give one of: %s."
              .formatted(String.join(", ", reconciliation.accounts())));
    }
    if (!reconciliation.tells(account)) {
      throw Problem.unprocessable(
          "'%s' cannot be compared: no route of it tells of its books. Those that can: %s."
              .formatted(Words.cut(account), String.join(", ", reconciliation.accounts())));
    }
    var since = Instants.within("since", request.since());
    var until = Instants.within("until", request.until());
    since = since == null ? reconciliation.usualSince() : since;
    until = until == null ? clock.instant() : until;
    if (!since.isBefore(until)) {
      throw Problem.badRequest(
          "'since' is '%s' and not before 'until', '%s'; give a time with a length."
              .formatted(since, until));
    }
    long number;
    try {
      number = reconciliation.plan(account, since, until, caller.name());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    audit.write(
        Audit.Entry.of(caller, "reconcile.start", "account:" + account, since + " to " + until));
    var run = run("rcn_" + number);
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/reconciliations/" + run.id()))
        .body(run);
  }

  @Operation(summary = "List comparisons", description = "Newest first.")
  @GetMapping("/reconciliations")
  @Allows(Role.VIEWER)
  public Page<ReconcileViews.Run> runs(
      @Parameter(description = "Only of this account.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var before = Cursor.number(Words.present(cursor));
    return reads.read(
        client -> {
          var sql = new StringBuilder("SELECT * FROM reconcile_run WHERE true\n");
          var values = new HashMap<String, Object>();
          if (Words.present(account) != null) {
            sql.append("AND account = :account\n");
            values.put("account", account.strip());
          }
          if (before != null) {
            sql.append("AND id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY id DESC LIMIT :rows");
          values.put("rows", most + 1);
          var rows = client.sql(sql.toString()).params(values).query((row, n) -> run(row)).list();
          return Page.of(rows, most, last -> Cursor.of(Cursor.id("rcn", last.id())));
        });
  }

  @Operation(summary = "Read a comparison", description = "How far it is, and what it found.")
  @GetMapping("/reconciliations/{id}")
  @Allows(Role.VIEWER)
  public ReconcileViews.Run run(@Parameter(example = "rcn_3") @PathVariable String id) {
    var number = Cursor.id("rcn", id);
    return reads.read(
        client ->
            client
                .sql("SELECT * FROM reconcile_run WHERE id = :id")
                .param("id", number)
                .query((row, n) -> run(row))
                .optional()
                .orElseThrow(
                    () ->
                        Problem.notFound(
                            "Comparison '%s' is not known; list them with GET /api/v1/reconciliations."
                                .formatted(Words.cut(id)))));
  }

  @Operation(
      summary = "List findings",
      description =
          "What stands otherwise at a channel or partner than here, the newest first. One that a later comparison does not"
              + " see any more is fixed by itself.")
  @GetMapping("/findings")
  @Allows(Role.VIEWER)
  public Page<ReconcileViews.Finding> findings(
      @Parameter(description = "open, fixed, accepted or all; open when absent.")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Only of this account.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only of this kind.", example = "ORDER_MISSING")
          @RequestParam(required = false)
          String kind,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var states = Words.known("state", Words.present(state), "OPEN", "FIXED", "ACCEPTED", "ALL");
    var kinds = Words.known("kind", Words.present(kind), KINDS);
    var before = Cursor.number(Words.present(cursor));
    return reads.read(
        client -> {
          var sql = new StringBuilder("SELECT * FROM finding WHERE true\n");
          var values = new HashMap<String, Object>();
          if (states == null || "OPEN".equals(states)) {
            sql.append("AND state = 'OPEN'\n");
          } else if (!"ALL".equals(states)) {
            sql.append("AND state = :state\n");
            values.put("state", states);
          }
          if (Words.present(account) != null) {
            sql.append("AND account = :account\n");
            values.put("account", account.strip());
          }
          if (kinds != null) {
            sql.append("AND kind = :kind\n");
            values.put("kind", kinds);
          }
          if (before != null) {
            sql.append("AND id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY id DESC LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              client.sql(sql.toString()).params(values).query((row, n) -> finding(row)).list();
          return Page.of(rows, most, last -> Cursor.of(Cursor.id("fnd", last.id())));
        });
  }

  @Operation(summary = "Read a finding", description = "With what would put it right.")
  @GetMapping("/findings/{id}")
  @Allows(Role.VIEWER)
  public ReconcileViews.Finding finding(@Parameter(example = "fnd_17") @PathVariable String id) {
    var number = Cursor.id("fnd", id);
    return reads.read(
        client ->
            client
                .sql("SELECT * FROM finding WHERE id = :id")
                .param("id", number)
                .query((row, n) -> finding(row))
                .optional()
                .orElseThrow(
                    () ->
                        Problem.notFound(
                            "Finding '%s' is not known; list them with GET /api/v1/findings."
                                .formatted(Words.cut(id)))));
  }

  @Operation(
      summary = "Put a finding right",
      description =
          "Does its remedy: what stopped is replayed, the thing is asked for again, or the other side is told again under a"
              + " key of its own. The next comparison sees whether it helped and closes the finding.")
  @PostMapping("/findings/{id}/fix")
  @Allows(Role.OPERATOR)
  public ReconcileViews.Remedied fix(
      @Parameter(example = "fnd_17") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    var reason = request == null ? null : Words.sentence("reason", request.reason());
    var found = open(id);
    if (found.remedy() == null) {
      throw Problem.conflict(
          "Finding '%s' has no remedy that the hub can do. %s"
              .formatted(found.id(), found.sentence()),
          found);
    }
    // Whoever is first does it: pressed twice at once, nothing is told twice.
    var claimed =
        jdbc.sql(
                """
                UPDATE finding SET remedied_at = now(), remedied_by = :actor
                WHERE id = :id AND state = 'OPEN' AND (remedied_at IS NULL OR remedied_at < last_seen_at)""")
            .param("actor", caller.name())
            .param("id", Cursor.id("fnd", id))
            .update();
    if (claimed == 0) {
      throw Problem.conflict(
          "The remedy of finding '%s' was set going at %s already. Compare '%s' again to see whether it helped."
              .formatted(found.id(), found.remediedAt(), found.account()),
          found);
    }
    Remedies.Result result;
    try {
      result =
          remedies.apply(
              Remedy.valueOf(found.remedy()),
              found.account(),
              FindingKind.valueOf(found.kind()).document(),
              found.target(),
              reason,
              caller.name());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    if (result instanceof Remedies.Result.Refused refused) {
      jdbc.sql("UPDATE finding SET remedied_at = NULL, remedied_by = NULL WHERE id = :id")
          .param("id", Cursor.id("fnd", id))
          .update();
      throw Problem.conflict(refused.sentence(), found);
    }
    audit.write(Audit.Entry.of(caller, "reconcile.fix", "finding:" + found.id(), reason));
    return new ReconcileViews.Remedied(finding(id), ((Remedies.Result.Done) result).sentence());
  }

  @Operation(
      summary = "Accept a finding",
      description =
          "Says that it may stay so. It is open again when either side changes, and fixed when the difference is gone.")
  @PostMapping(path = "/findings/{id}/accept", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReconcileViews.Finding accept(
      @Parameter(example = "fnd_17") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("'reason' is missing; say why this may stay so.");
    }
    var found = open(id);
    jdbc.sql(
            """
            UPDATE finding SET state = 'ACCEPTED', closed_at = now(), closed_by = :actor, note = :reason
            WHERE id = :id AND state = 'OPEN'""")
        .param("actor", caller.name())
        .param("reason", reason)
        .param("id", Cursor.id("fnd", id))
        .update();
    audit.write(Audit.Entry.of(caller, "reconcile.accept", "finding:" + found.id(), reason));
    return finding(id);
  }

  private ReconcileViews.Finding open(String id) {
    var found = finding(id);
    if (!"OPEN".equals(found.state())) {
      throw Problem.conflict(
          "Finding '%s' is %s, so there is nothing to do."
              .formatted(found.id(), found.state().toLowerCase(Locale.ROOT)),
          found);
    }
    return found;
  }

  private static ReconcileViews.Run run(ResultSet row) throws SQLException {
    return new ReconcileViews.Run(
        Reads.id("rcn", row.getLong("id")),
        row.getString("account"),
        Reads.instant(row, "since"),
        Reads.instant(row, "until"),
        row.getString("actor"),
        row.getString("state"),
        row.getInt("compared"),
        row.getInt("found"),
        row.getInt("fixed"),
        row.getString("failure"),
        Reads.instant(row, "created_at"),
        Reads.instant(row, "finished_at"));
  }

  private static ReconcileViews.Finding finding(ResultSet row) throws SQLException {
    return new ReconcileViews.Finding(
        Reads.id("fnd", row.getLong("id")),
        row.getString("account"),
        row.getString("kind"),
        FindingKind.valueOf(row.getString("kind")).meaning(),
        row.getString("thing"),
        Reads.id("ord", Reads.uuid(row, "order_id")),
        row.getString("ours"),
        row.getString("theirs"),
        row.getString("sentence"),
        row.getString("remedy"),
        row.getString("target"),
        row.getString("state"),
        Reads.instant(row, "first_seen_at"),
        Reads.instant(row, "last_seen_at"),
        row.getInt("seen_count"),
        Reads.instant(row, "remedied_at"),
        row.getString("remedied_by"),
        Reads.instant(row, "closed_at"),
        row.getString("closed_by"),
        row.getString("note"));
  }
}
