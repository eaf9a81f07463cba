package io.serai.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.simulator.Effect;
import io.serai.support.Ids;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what the shop was promised, what the hub stored and what the warehouse did. Each broken
 * promise is one sentence that begins with the invariant's number.
 */
final class Books {
  private static final Set<String> ENDS =
      Set.of("APPLIED", "SPLIT", "IGNORED", "SUPERSEDED", "PARKED", "WAITING", "DISCARDED");

  private final Scene scene;

  Books(Scene scene) {
    this.scene = scene;
  }

  /** What still moves, by name; empty when all is quiet. */
  Map<String, Integer> restless() {
    var restless = new LinkedHashMap<String, Integer>();
    if (!scene.shop().isHeard()) {
      restless.put("webhooks of the shop", 1);
    }
    put(
        restless,
        "messages",
        "SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING')");
    put(
        restless,
        "deliveries",
        "SELECT count(*) FROM delivery WHERE state IN ('READY', 'SENDING', 'PENDING')");
    put(restless, "replays", "SELECT count(*) FROM replay_job WHERE state = 'RUNNING'");
    put(restless, "publications", "SELECT count(*) FROM publication WHERE marked_at IS NOT NULL");
    for (var partner : scene.partners()) {
      var summary = partner.summary(false);
      put(restless, "parcels of " + partner.name(), summary.at("/fulfillments/waiting").asInt());
      put(restless, "webhooks of " + partner.name(), summary.at("/webhooks/waiting").asInt());
    }
    return restless;
  }

  private void put(Map<String, Integer> restless, String name, String query) {
    put(restless, name, Integer.parseInt(rows(query).getFirst().getFirst()));
  }

  private static void put(Map<String, Integer> restless, String name, int count) {
    if (count > 0) {
      restless.put(name, count);
    }
  }

  /** Every broken promise; to be read when all is quiet. */
  List<String> broken() {
    var broken = brokenEver();
    nothingAcceptedIsLost(broken);
    everythingOwedIsDone(broken);
    everyUnitIsSomewhere(broken);
    everyParcelIsReportedOnce(broken);
    noChannelShowsWhatIsNotThere(broken);
    return broken;
  }

  /** The promises that hold at every moment, also while the hub lies dead. */
  List<String> brokenEver() {
    var broken = new ArrayList<String>();
    nothingIsOversold(broken);
    nothingIsDoneTwice(broken);
    return broken;
  }

  /** I1: each acknowledged event is one row, in one end. */
  private void nothingAcceptedIsLost(List<String> broken) {
    var stored = new HashMap<String, List<List<String>>>();
    for (var row :
        rows(
            """
            SELECT dedupe_key, state, message_key FROM inbox_message
            WHERE account = 'shopify-main'
            """)) {
      stored.computeIfAbsent(row.getFirst(), key -> new ArrayList<>()).add(row);
    }
    var orders = new HashSet<>(column("SELECT channel_order_id FROM sales_order"));
    for (var event : scene.shop().acknowledged()) {
      var rows = stored.getOrDefault(event.id(), List.of());
      if (rows.size() != 1) {
        broken.add(
            "I1: event '%s' of order '%s' was acknowledged and is stored %d times"
                .formatted(event.id(), event.orderId(), rows.size()));
      } else if (!ENDS.contains(rows.getFirst().get(1))) {
        broken.add(
            "I1: event '%s' of order '%s' stays %s"
                .formatted(event.id(), event.orderId(), rows.getFirst().get(1)));
      } else if (rows.getFirst().get(1).equals("APPLIED") && !orders.contains(event.orderId())) {
        broken.add(
            "I1: order '%s' is said to be applied and is not there".formatted(event.orderId()));
      }
    }
    for (var twice :
        column("SELECT channel_order_id FROM sales_order GROUP BY 1 HAVING count(*) > 1")) {
      broken.add("I1: order '%s' is there twice".formatted(twice));
    }
  }

  /** I2: what is promised is there, and what is counted as promised is what was promised. */
  private void nothingIsOversold(List<String> broken) {
    for (var row :
        rows(
            """
            SELECT s.sku, s.node, s.on_hand, s.allocated, coalesce(r.open, 0)
            FROM stock_level s
            LEFT JOIN (SELECT sku, node, sum(quantity - shipped - released) AS open
                       FROM reservation GROUP BY sku, node) r USING (sku, node)
            WHERE s.allocated <> coalesce(r.open, 0) OR s.allocated > s.on_hand OR s.allocated < 0
            """)) {
      broken.add(
          "I2: of '%s' at '%s' there are %s, %s count as promised and %s are"
              .formatted(row.toArray()));
    }
    for (var partner : scene.partners()) {
      partner
          .summary(false)
          .path("oversold")
          .forEach(
              sku ->
                  broken.add(
                      "I2: '%s' was asked for more '%s' than it has"
                          .formatted(partner.name(), sku.asText())));
    }
  }

  /** I3: the warehouse took each fulfillment once, and no more of an order than was ordered. */
  private void nothingIsDoneTwice(List<String> broken) {
    var references = new TreeMap<String, List<String>>();
    var units = new TreeMap<String, Integer>();
    var undone = cancelled();
    for (var effect : taken()) {
      references
          .computeIfAbsent(effect.subject(), id -> new ArrayList<>())
          .add(effect.text("reference"));
      if (undone.contains(effect.subject())) {
        continue;
      }
      var request = effect.data().get("request");
      for (var line : request.get("lines")) {
        units.merge(
            request.get("orderId").asText() + " " + line.get("sku").asText(),
            line.get("quantity").asInt(),
            Integer::sum);
      }
    }
    references.forEach(
        (fulfillment, taken) -> {
          if (taken.size() > 1) {
            broken.add(
                "I3: a 3PL took fulfillment '%s' %d times: %s"
                    .formatted(fulfillment, taken.size(), taken));
          }
        });
    var ordered = ordered();
    units.forEach(
        (line, asked) -> {
          if (asked > ordered.getOrDefault(line, 0)) {
            broken.add(
                "I3: of '%s' %d were ordered and 3PLs were asked for %d"
                    .formatted(line, ordered.getOrDefault(line, 0), asked));
          }
        });
  }

  /** What is owed to the warehouse has reached it, or is visibly stopped. */
  private void everythingOwedIsDone(List<String> broken) {
    var taken = new HashSet<String>();
    taken().forEach(effect -> taken.add(effect.subject()));
    var requests = new HashMap<String, String>();
    for (var row :
        rows(
            """
            SELECT business_key, state FROM delivery WHERE operation = 'fulfillment-request'
            ORDER BY revision
            """)) {
      requests.put(row.getFirst(), row.get(1));
    }
    var stopped = Set.of("PARKED", "REFUSED", "WAITING", "WITHDRAWN", "DISCARDED");
    for (var row : rows("SELECT id, state FROM fulfillment_order WHERE partner IS NOT NULL")) {
      var id = Ids.text("ful", UUID.fromString(row.getFirst()));
      var request = requests.get(id);
      if (!taken.contains(id)
          && !row.get(1).equals("WITHDRAWN")
          && (request == null || !stopped.contains(request))) {
        broken.add(
            "I1: fulfillment '%s' is %s, its request is %s, and no 3PL ever heard of it"
                .formatted(id, row.get(1), request));
      }
    }
  }

  /** I13: each ordered unit is allocated, backordered, cancelled or shipped. */
  private void everyUnitIsSomewhere(List<String> broken) {
    for (var row :
        rows(
            """
            SELECT s.channel_order_id, l.line_id, l.ordered, l.allocated, l.backordered,
                   l.cancelled, l.shipped
            FROM order_line l JOIN sales_order s ON s.id = l.order_id
            WHERE l.requires_shipping AND s.hold IS NULL AND NOT s.test
              AND s.fulfilled_by = 'MERCHANT' AND s.payment_state IS DISTINCT FROM 'PENDING'
              AND l.ordered <> l.allocated + l.backordered + l.cancelled + l.shipped
            """)) {
      broken.add(
          "I13: of order '%s' line '%s' %s are ordered, %s allocated, %s backordered, %s cancelled, %s shipped"
              .formatted(row.toArray()));
    }
  }

  /** I7: what the warehouse shipped, the shop was told once. */
  private void everyParcelIsReportedOnce(List<String> broken) {
    var shipped = new TreeMap<String, Integer>();
    for (var partner : scene.partners()) {
      for (var effect : partner.ledger().effects().of("shipment.created")) {
        shipped.merge(effect.text("orderId"), unitsOf(effect.data()), Integer::sum);
      }
    }
    var orders = scene.shop().simulator().summary(true).get("byOrder");
    shipped.forEach(
        (order, units) -> {
          var told = 0;
          var numbers = new HashSet<String>();
          for (var fulfillment : orders.path(order).path("fulfillments")) {
            told += fulfillment.get("units").asInt();
            for (var tracking : fulfillment.get("tracking")) {
              // A parcel over two of the shop's locations is told once of each.
              if (!numbers.add(fulfillment.get("location") + "/" + tracking.path("number"))) {
                broken.add("I7: the shop was told parcel '" + tracking + "' twice");
              }
            }
          }
          if (told != units && !stopped(order, "shipment")) {
            broken.add(
                "I7: of order '%s' %d units were shipped and the shop knows of %d"
                    .formatted(order, units, told));
          }
        });
  }

  /** I5: no article shows more in the shop than may be sold. */
  private void noChannelShowsWhatIsNotThere(List<String> broken) {
    var shown = scene.shop().simulator().summary(false).get("stock");
    for (var row :
        rows(
            """
            SELECT p.sku, coalesce((
              SELECT sum(greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined
                - s.safety))
              FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = p.sku), 0)
            FROM publication p
            """)) {
      var available = shown.path(row.getFirst()).path("available").asInt();
      if (available > Integer.parseInt(row.get(1))) {
        broken.add(
            "I5: the shop shows %d of '%s' and %s may be sold"
                .formatted(available, row.getFirst(), row.get(1)));
      }
    }
  }

  private boolean stopped(String order, String document) {
    return rows("""
                SELECT 1 FROM delivery d JOIN sales_order s ON s.id = d.order_id
                WHERE s.channel_order_id = '%s' AND d.document = '%s'
                  AND d.state IN ('PARKED', 'REFUSED', 'WAITING')
                """
                .formatted(order, document))
            .size()
        > 0;
  }

  private static int unitsOf(JsonNode shipment) {
    var units = 0;
    for (var parcel : shipment.get("packages")) {
      for (var line : parcel.get("lines")) {
        units += line.get("quantity").asInt();
      }
    }
    return units;
  }

  private List<Effect> taken() {
    return effects("fulfillment.accepted", "fulfillment.received").toList();
  }

  private Set<String> cancelled() {
    return effects("fulfillment.cancelled", "fulfillment.rejected")
        .map(Effect::subject)
        .collect(Collectors.toSet());
  }

  private Stream<Effect> effects(String... operations) {
    var wanted = Set.of(operations);
    return scene.partners().stream()
        .flatMap(partner -> partner.ledger().effects().stream())
        .filter(effect -> wanted.contains(effect.operation()));
  }

  /** Units by order and article, as the shop sold them. */
  private Map<String, Integer> ordered() {
    var ordered = new HashMap<String, Integer>();
    var seen = new HashSet<String>();
    for (var event : scene.shop().posted()) {
      if (event.orderId() == null || !seen.add(event.orderId())) {
        continue;
      }
      for (var line : scene.shop().simulator().order(event.orderId()).get("line_items")) {
        ordered.merge(
            event.orderId() + " " + line.path("sku").asText(),
            line.get("quantity").asInt(),
            Integer::sum);
      }
    }
    return ordered;
  }

  /**
   * Why anything stopped, sentence by sentence. Orders to be collected at the shop's own place are
   * left out: no node is there, so they wait by rule.
   */
  List<String> stopped() {
    return rows(
            """
            SELECT m.document, m.state, f.kind, f.sentence FROM inbox_message m
            LEFT JOIN failure f ON f.id = m.failure_id WHERE m.state = 'PARKED'
            UNION ALL
            SELECT d.document, d.state, f.kind, f.sentence FROM delivery d
            LEFT JOIN failure f ON f.id = d.failure_id WHERE d.state IN ('PARKED', 'REFUSED')
            UNION ALL
            SELECT 'order', s.hold, f.kind, s.hold_reason FROM sales_order s
            LEFT JOIN failure f ON f.id = s.hold_failure_id
            WHERE s.hold IN ('UNMAPPED', 'UNALLOCATABLE') AND s.hold_reason NOT LIKE '%is to be collected at%'
            """)
        .stream()
        .map(row -> "%s %s %s: %s".formatted(row.toArray()))
        .sorted()
        .toList();
  }

  /** How the messages of the shop ended, for a report. */
  Map<String, Integer> ends() {
    var ends = new TreeMap<String, Integer>();
    for (var row : rows("SELECT state, count(*) FROM inbox_message GROUP BY state")) {
      ends.put(row.getFirst(), Integer.parseInt(row.get(1)));
    }
    return ends;
  }

  List<String> column(String query) {
    return rows(query).stream().map(List::getFirst).toList();
  }

  List<List<String>> rows(String query) {
    try (var connection = scene.database().dataSource().getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      var rows = new ArrayList<List<String>>();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
