package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.stock.StockClass;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is due to be counted, and how often and how exactly each class of articles is. */
@Tag(name = "stock-counts", description = "What is due to be counted, by class of article.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
final class StockCountsApi {
  private static final Set<String> FIELDS = Set.of("countEveryDays", "alarmPercent");
  private static final int LONGEST_DAYS = 3_650;
  private static final int LARGEST_PERCENT = 1_000;

  // The classes come from here: only those that were changed are in the table.
  static final String DUE =
      """
      SELECT d.* FROM (
        SELECT s.sku, s.node, i.abc_class, s.on_hand, s.counted_at, coalesce(n.partner, 'operations') AS owner,
          coalesce(s.counted_at + make_interval(days => c.days), s.as_of) AS due_at
        FROM item i
        JOIN (SELECT u.class, coalesce(o.count_every_days, u.days) AS days
              FROM (VALUES %s) AS u(class, days) LEFT JOIN stock_class o ON o.class = u.class) c ON c.class = i.abc_class
        JOIN stock_level s ON s.sku = i.sku
        JOIN node n ON n.id = s.node AND n.active) d
      WHERE d.due_at <= now()
      """
          .formatted(
              String.join(
                  ", ",
                  StockClass.USUAL.stream()
                      .map(one -> "('%s', %d)".formatted(one.name(), one.countEveryDays()))
                      .toList()));

  private final Reads reads;
  private final Audit audit;
  private final JdbcClient jdbc;

  StockCountsApi(Reads reads, Audit audit, DataSource database) {
    this.reads = reads;
    this.audit = audit;
    this.jdbc = JdbcClient.create(database);
  }

  /** An article that is due to be counted. */
  @Schema(name = "StockCount")
  record Due(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "nj-1") String node,
      @Schema(description = "The class of the article.", example = "A") String abcClass,
      int onHand,
      @Schema(description = "Absent when it was never counted as a whole.") Instant countedAt,
      Instant dueAt,
      @Schema(description = "The node's partner, else operations.") String owner) {}

  /** How articles of a class are counted. */
  @Schema(name = "StockClass")
  record View(
      @Schema(name = "class", example = "A") @com.fasterxml.jackson.annotation.JsonProperty("class")
          String name,
      @Schema(description = "Days after its last count that an article is due.", example = "7")
          int countEveryDays,
      @Schema(
              description =
                  "Share of what the books have, beyond which a count that differs is a case.",
              example = "5")
          int alarmPercent) {}

  /** A class as sent; only described here. */
  @Schema(name = "StockClassTerms")
  record Terms(
      @Schema(description = "1 to 3,650.", example = "7") int countEveryDays,
      @Schema(description = "0 to 1,000.", example = "5") int alarmPercent) {}

  @Operation(
      summary = "List what is due to be counted",
      description =
          "Articles of a class whose last count, or whole snapshot of the node, is longer ago than the class allows; the"
              + " longest overdue first. An article without a class is never due.")
  @GetMapping("/stock-counts")
  @Allows(Role.VIEWER)
  public Page<Due> due(
      @Parameter(description = "Only at this node.", example = "nj-1")
          @RequestParam(required = false)
          String node,
      @Parameter(name = "class", description = "Only of this class: A, B or C.", example = "A")
          @RequestParam(name = "class", required = false)
          String rank,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var wanted = Words.known("class", Words.present(rank), "A", "B", "C");
    var after = Words.present(cursor) == null ? null : Cursor.key(Words.present(cursor), 3);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder(DUE);
          var values = new HashMap<String, Object>();
          if (Words.present(node) != null) {
            sql.append("AND d.node = :node\n");
            values.put("node", node.strip());
          }
          if (wanted != null) {
            sql.append("AND d.abc_class = :class\n");
            values.put("class", wanted);
          }
          if (after != null) {
            sql.append("AND (d.due_at, d.sku, d.node) > (:due::timestamptz, :s, :n)\n");
            values.put("due", after.get(0).asText());
            values.put("s", after.get(1).asText());
            values.put("n", after.get(2).asText());
          }
          sql.append("ORDER BY d.due_at, d.sku, d.node LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new Due(
                              row.getString("sku"),
                              row.getString("node"),
                              row.getString("abc_class"),
                              row.getInt("on_hand"),
                              Reads.instant(row, "counted_at"),
                              Reads.instant(row, "due_at"),
                              row.getString("owner")))
                  .list();
          return Page.of(
              rows, most, last -> Cursor.of(last.dueAt().toString(), last.sku(), last.node()));
        });
  }

  @Operation(
      summary = "List the classes of articles",
      description = "How often each is counted, and how far a count may be off.")
  @GetMapping("/stock-classes")
  @Allows(Role.VIEWER)
  public List<View> classes() {
    return reads.read(StockCountsApi::read);
  }

  private static List<View> read(JdbcClient jdbc) {
    var changed = new HashMap<String, StockClass>();
    jdbc.sql("SELECT class, count_every_days, alarm_percent FROM stock_class")
        .query((row, n) -> new StockClass(row.getString(1), row.getInt(2), row.getInt(3)))
        .list()
        .forEach(one -> changed.put(one.name(), one));
    return StockClass.all(changed).stream()
        .map(one -> new View(one.name(), one.countEveryDays(), one.alarmPercent()))
        .toList();
  }

  @Operation(
      summary = "Say how articles of a class are counted",
      description = "Holds for the next count and for what is due from now on.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Terms.class),
              examples = @ExampleObject("{\"countEveryDays\":7,\"alarmPercent\":5}")))
  @PutMapping(path = "/stock-classes/{id}", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public View put(
      @Parameter(example = "A") @PathVariable("id") String rank,
      @RequestBody JsonNode body,
      Caller caller) {
    if (StockClass.USUAL.stream().noneMatch(one -> one.name().equals(rank))) {
      throw Problem.notFound(
          "Class '%s' is not known; there are A, B and C.".formatted(Words.cut(rank)));
    }
    for (var field : (Iterable<String>) body::fieldNames) {
      if (!FIELDS.contains(field)) {
        throw Problem.badRequest(
            "Field '%s' is not known; a class has countEveryDays and alarmPercent."
                .formatted(Words.cut(field)));
      }
    }
    var view =
        new View(
            rank,
            whole(body, "countEveryDays", 1, LONGEST_DAYS),
            whole(body, "alarmPercent", 0, LARGEST_PERCENT));
    jdbc.sql(
            """
            INSERT INTO stock_class (class, count_every_days, alarm_percent, changed_at, changed_by)
            VALUES (:class, :days, :percent, now(), :by)
            ON CONFLICT (class) DO UPDATE SET count_every_days = excluded.count_every_days,
              alarm_percent = excluded.alarm_percent, changed_at = excluded.changed_at, changed_by = excluded.changed_by""")
        .param("class", rank)
        .param("days", view.countEveryDays())
        .param("percent", view.alarmPercent())
        .param("by", caller.name())
        .update();
    audit.write(
        Audit.Entry.of(
            caller,
            "stock.class",
            "class:" + rank,
            "every %d days, %d %%".formatted(view.countEveryDays(), view.alarmPercent())));
    return view;
  }

  private static int whole(JsonNode body, String field, int least, int most) {
    var given = body.path(field);
    if (!given.isIntegralNumber()
        || !given.canConvertToInt()
        || given.intValue() < least
        || given.intValue() > most) {
      throw Problem.badRequest(
          "'%s' is '%s'; it is a whole number from %d to %d."
              .formatted(field, Words.cut(given.asText()), least, most));
    }
    return given.intValue();
  }
}
