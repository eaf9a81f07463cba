package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.allocation.Allocator;
import io.serai.allocation.Availability;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.Decision.Assignment;
import io.serai.allocation.Decision.Outcome;
import io.serai.allocation.Policy;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.order.LineKind;
import io.serai.stock.Items;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Asks the allocator without reserving anything: for an order that may come, and for orders that
 * came, under rules that may be.
 *
 * <p>Guarantee: nothing is written. An order that came is decided again by the figures of its own
 * decision, not by those of today. Gap: a quote is true at its instant; how much work nodes had at
 * the time of an old decision is not known any more, so their capacity is not counted again.
 */
public final class DryAllocation {
  /** Most orders of one simulation. */
  public static final int MOST = 5_000;

  private static final int SHOWN = 100;

  private static final String LEVELS =
      """
      SELECT sku, node, greatest(0, on_hand - allocated - frozen - damaged - quarantined - safety)
      FROM stock_level WHERE sku = ANY (?)""";

  // The first decision is the one that the order itself caused.
  private static final String DECISIONS =
      """
      SELECT d.order_id, o.display_number, o.channel_order_id, d.decided_at, d.document, od.document AS "order",
        (SELECT json_agg(json_build_object('no', l.line_no, 'id', l.line_id, 'sku', l.sku, 'kind', l.kind, 'ordered', l.ordered,
           'parent', l.parent_line_no, 'perParent', l.per_parent) ORDER BY l.line_no)
         FROM order_line l WHERE l.order_id = d.order_id AND l.requires_shipping) AS lines
      FROM (SELECT DISTINCT ON (order_id) order_id, revision, decided_at, document FROM decision
            ORDER BY order_id DESC, revision LIMIT ?) d
      JOIN sales_order o ON o.id = d.order_id
      JOIN order_document od ON od.order_id = d.order_id""";

  private final DataSource database;
  private final Clock clock;
  private final List<Candidate> nodes;
  private final Supplier<Items> items;
  private final Supplier<Policy> policy;

  /**
   * Asks by a site's nodes, items and rules.
   *
   * @param policy what decides now
   */
  public DryAllocation(
      DataSource database,
      Clock clock,
      List<Candidate> nodes,
      Supplier<Items> items,
      Supplier<Policy> policy) {
    this.database = database;
    this.clock = clock;
    this.nodes = List.copyOf(nodes);
    this.items = items;
    this.policy = policy;
  }

  /**
   * Who would ship an order if it came now.
   *
   * @param asked the order as far as it is known, in the words of the canonical order
   * @throws IllegalArgumentException when it has no line with a SKU and a quantity
   */
  public Decision quote(JsonNode asked) throws SQLException {
    var known = items.get();
    var order = numbered(asked);
    var account = order.at("/channel/account").asText(null);
    var working = working(order);
    var wants = new ArrayList<Want>();
    var number = 0;
    for (var line : order.path("lines")) {
      number++;
      var sku = line.path("sku").asText("");
      var quantity = line.has("quantity") ? line.path("quantity") : line.path("ordered");
      if (sku.isBlank() || !quantity.isInt() || quantity.intValue() < 1) {
        throw new IllegalArgumentException(
            "Line %d has no SKU or no quantity from 1; give both.".formatted(number));
      }
      var sold = new WorkingOrder.Line(number, line.path("lineId").asText(), true);
      sold.sku = sku;
      sold.kind = line.path("kind").asText(LineKind.PHYSICAL.name());
      working.lines.add(sold);
      var parts = known.meaning(account, sku);
      for (var part : known.parts(account, sku)) {
        var one = parts.isEmpty() ? sold : component(sold, part.sku(), part.quantity());
        wants.add(
            new Want(
                number,
                part.sku(),
                Math.multiplyExact(quantity.intValue(), part.quantity()),
                new LineDocument(working, one, known)));
      }
    }
    if (wants.isEmpty()) {
      throw new IllegalArgumentException("The order has no lines; give at least one.");
    }
    var skus = new TreeSet<String>();
    wants.forEach(want -> skus.add(want.sku()));
    var load = new NodeLoad();
    var now = clock.instant();
    var levels = levels(skus, now, load);
    return Allocator.allocate(
        policy.get(),
        new Question(new OrderDocument(working), wants, nodes, levels, Map.of(), load, now));
  }

  /** An order as rules see it before it is anybody's, without lines. */
  static WorkingOrder working(JsonNode document) {
    var working =
        new WorkingOrder(
            new UUID(0, 0),
            document.at("/channel/account").asText(null),
            document.at("/channel/orderId").asText(null),
            true);
    working.document = document;
    working.currency = document.path("currency").asText(null);
    working.grandTotal =
        BigDecimal.valueOf(OrderDocument.amount(document.at("/totals/channelGrandTotal")));
    return working;
  }

  /** A component of a sold line. */
  static WorkingOrder.Line component(WorkingOrder.Line sold, String sku, int perParent) {
    var part = new WorkingOrder.Line(sold.no, sold.lineId, true);
    part.sku = sku;
    part.kind = LineKind.PHYSICAL.name();
    part.parent = sold;
    part.perParent = perParent;
    sold.components.add(part);
    return part;
  }

  /** The order, whose lines all have an id. */
  private static JsonNode numbered(JsonNode asked) {
    var order = asked.deepCopy();
    var number = 0;
    for (var line : order.path("lines")) {
      number++;
      if (line instanceof ObjectNode object && !object.hasNonNull("lineId")) {
        object.put("lineId", Integer.toString(number));
      }
    }
    return order;
  }

  private Availability levels(Set<String> skus, Instant now, NodeLoad load) throws SQLException {
    var levels = new HashMap<WorkingStock.Key, Integer>();
    try (var connection = database.getConnection()) {
      NodeLoad.read(new Statements(), nodes, now, load)
          .query(
              LEVELS,
              rows -> {
                while (rows.next()) {
                  levels.put(
                      new WorkingStock.Key(rows.getString(1), rows.getString(2)), rows.getInt(3));
                }
              },
              Statements.array("text", skus.toArray()))
          .execute(connection);
    }
    return (sku, node) -> {
      var units = levels.get(new WorkingStock.Key(sku, node));
      return units == null ? OptionalInt.empty() : OptionalInt.of(units);
    };
  }

  /**
   * What became of orders under some rules.
   *
   * @param outcomes how many orders had which outcome
   * @param shipments of all orders together
   * @param split orders of more than one shipment
   * @param cost of those orders whose cost both rules know, or null when there is none
   */
  public record Totals(Map<Outcome, Integer> outcomes, int shipments, int split, BigDecimal cost) {}

  /** An order that would have gone elsewhere. */
  public record Difference(
      String orderId, String number, Instant decidedAt, Side was, Side would) {}

  /** How an order went. */
  public record Side(Outcome outcome, List<String> nodes, BigDecimal cost, String sentence) {}

  /**
   * What a draft would have changed.
   *
   * @param rules name and version of the draft
   * @param orders how many were decided again
   * @param skipped orders that were changed after their decision, so that it cannot be repeated
   * @param differing how many would have gone elsewhere or otherwise
   * @param was what happened
   * @param would what would have happened
   * @param differences the newest of those that differ
   */
  public record Simulation(
      String rules,
      int orders,
      int skipped,
      int differing,
      Totals was,
      Totals would,
      List<Difference> differences) {}

  private static final class Sum {
    final Map<Outcome, Integer> outcomes = new LinkedHashMap<>();
    int shipments;
    int split;
    BigDecimal cost;

    void add(Side side, int shipped, boolean costsKnown) {
      outcomes.merge(side.outcome(), 1, Integer::sum);
      shipments += shipped;
      split += shipped > 1 ? 1 : 0;
      if (costsKnown) {
        cost = cost == null ? side.cost() : cost.add(side.cost());
      }
    }

    Totals done() {
      return new Totals(outcomes, shipments, split, cost);
    }
  }

  /** Decides the newest orders again, under a draft. */
  public Simulation simulate(Policy draft, int last) throws SQLException {
    var was = new Sum();
    var would = new Sum();
    var differences = new ArrayList<Difference>();
    var count = new int[3];
    try (var connection = database.getConnection()) {
      for (var decided : decided(connection, Math.clamp(last, 1, MOST))) {
        var question = question(decided);
        if (question == null) {
          count[1]++;
          continue;
        }
        count[0]++;
        var decision = Allocator.allocate(draft, question);
        var before = decided.side();
        var after = side(decision);
        var costsKnown = before.cost() != null && after.cost() != null;
        was.add(before, decided.shipments(), costsKnown);
        would.add(after, after.nodes().size(), costsKnown);
        if (differs(decided, decision)) {
          count[2]++;
          if (differences.size() < SHOWN) {
            differences.add(
                new Difference(
                    Ids.text("ord", decided.order()),
                    decided.number(),
                    decided.at(),
                    before,
                    after));
          }
        }
      }
    }
    return new Simulation(
        draft.id(), count[0], count[1], count[2], was.done(), would.done(), differences);
  }

  /** An order with its decision, as they are kept. */
  private record Decided(
      UUID order, String number, Instant at, JsonNode decision, JsonNode document, JsonNode lines) {
    Side side() {
      var nodes = new TreeSet<String>();
      decision.path("assignments").forEach(a -> nodes.add(a.path("node").asText()));
      return new Side(
          Outcome.valueOf(decision.path("outcome").asText()),
          List.copyOf(nodes),
          decision.hasNonNull("cost") ? new BigDecimal(decision.path("cost").asText()) : null,
          decision.path("sentence").asText(null));
    }

    int shipments() {
      return side().nodes().size();
    }
  }

  private static List<Decided> decided(Connection connection, int last) throws SQLException {
    var all = new ArrayList<Decided>();
    new Statements()
        .query(
            DECISIONS,
            rows -> {
              while (rows.next()) {
                var number = rows.getString(2);
                all.add(
                    new Decided(
                        rows.getObject(1, UUID.class),
                        number == null ? rows.getString(3) : number,
                        rows.getTimestamp(4).toInstant(),
                        Json.tree(rows.getString(5)),
                        Json.tree(rows.getString(6)),
                        rows.getString(7) == null
                            ? MissingNode.getInstance()
                            : Json.tree(rows.getString(7))));
              }
            },
            last)
        .execute(connection);
    return all;
  }

  /** The question that a decision answered, or null when the order is not what it was. */
  private Question question(Decided decided) {
    var wanted = new HashMap<String, Integer>();
    var levels = new HashMap<WorkingStock.Key, Integer>();
    var asked = new HashSet<String>();
    for (var verdict : decided.decision().path("verdicts")) {
      asked.add(verdict.path("node").asText());
      for (var figure : verdict.path("figures")) {
        var sku = figure.path("sku").asText();
        wanted.put(sku, figure.path("wanted").asInt());
        if (figure.hasNonNull("available")) {
          levels.put(
              new WorkingStock.Key(sku, verdict.path("node").asText()),
              figure.path("available").asInt());
        }
      }
    }
    var working = working(decided.document());
    var wants = wants(decided, working);
    var sums = new HashMap<String, Integer>();
    wants.forEach(want -> sums.merge(want.sku(), want.quantity(), Integer::sum));
    if (wants.isEmpty() || !sums.equals(wanted)) {
      return null;
    }
    return new Question(
        new OrderDocument(working),
        wants,
        nodes.stream().filter(node -> asked.contains(node.id())).toList(),
        (sku, node) -> {
          var units = levels.get(new WorkingStock.Key(sku, node));
          return units == null ? OptionalInt.empty() : OptionalInt.of(units);
        },
        Map.of(),
        Question.Load.NONE,
        decided.at());
  }

  private List<Want> wants(Decided decided, WorkingOrder working) {
    var known = items.get();
    var wants = new ArrayList<Want>();
    var lines = new HashMap<Integer, WorkingOrder.Line>();
    for (var line : decided.lines()) {
      var one = new WorkingOrder.Line(line.path("no").asInt(), line.path("id").asText(), false);
      one.sku = line.path("sku").asText(null);
      one.kind = line.path("kind").asText();
      one.parent = lines.get(line.path("parent").asInt());
      one.perParent = line.path("perParent").asInt();
      if (one.parent != null) {
        one.parent.components.add(one);
      }
      lines.put(one.no, one);
      working.lines.add(one);
      if (LineKind.PHYSICAL.name().equals(one.kind)) {
        if (one.sku == null) {
          return List.of();
        }
        wants.add(
            new Want(
                one.no,
                one.sku,
                line.path("ordered").asInt(),
                new LineDocument(working, one, known)));
      }
    }
    return wants;
  }

  private static Side side(Decision decision) {
    var nodes = new TreeSet<String>();
    decision.assignments().forEach(a -> nodes.add(a.node()));
    return new Side(decision.outcome(), List.copyOf(nodes), decision.cost(), decision.sentence());
  }

  private static boolean differs(Decided decided, Decision would) {
    if (!decided.decision().path("outcome").asText().equals(would.outcome().name())) {
      return true;
    }
    var was = new HashSet<Assignment>();
    for (var one : decided.decision().path("assignments")) {
      was.add(
          new Assignment(
              one.path("lineNo").asInt(),
              one.path("sku").asText(),
              one.path("node").asText(),
              one.path("quantity").asInt()));
    }
    return !was.equals(new HashSet<>(would.assignments()));
  }
}
