package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.simulator.Effects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what a shop and its warehouses wrote in their ledgers with what the hub's tables say.
 * Each side is read on its own, so a mistake of the hub cannot hide itself.
 *
 * <p>Guarantee: an order, request, shipment or write-back that one side knows and the other should
 * know is found when it is missing or doubled. Gap: what no ledger and no table knows is not seen.
 */
final class Reckoning {
  /** What is wrong with something, and with what. */
  record Finding(Kind kind, String id, String sentence) {}

  /** The ways in which a hub can fail. */
  enum Kind {
    LOST,
    DOUBLED,
    OVERSOLD
  }

  /**
   * The outcome.
   *
   * @param placed orders in the shop
   * @param accepted of those, whose webhook the hub acknowledged or which it knows otherwise
   * @param allocated orders that nodes were asked to ship
   * @param backordered orders that wait for stock
   * @param held orders that wait for somebody or for money
   * @param ownPeople requests to nodes that no partner works for
   * @param nothingToShip orders of gift cards and the like, and cancelled ones
   * @param sent requests that a warehouse took on, by its ledger
   * @param shipped shipments that left, by the warehouses' ledgers
   * @param told shipments that the shop confirmed to have been told of
   * @param listed articles the hub writes the stock of
   * @param agreed of those, the ones that show in the shop what may be sold
   * @param parked messages, deliveries and orders that stopped and are listed
   */
  record Summary(
      int placed,
      int accepted,
      int allocated,
      int backordered,
      int held,
      int ownPeople,
      int nothingToShip,
      int sent,
      int shipped,
      int told,
      int listed,
      int agreed,
      int parked,
      List<Finding> findings) {

    /** How many findings there are of a kind. */
    long count(Kind kind) {
      return findings.stream().filter(f -> f.kind() == kind).count();
    }

    /** Whether nothing was lost, doubled or oversold. */
    boolean sound() {
      return findings.isEmpty();
    }
  }

  private static final Set<String> STOPPED =
      Set.of("PARKED", "REFUSED", "WAITING", "DISCARDED", "WITHDRAWN", "SUPERSEDED");
  private static final Set<String> UNSENT = Set.of("WITHDRAWN", "CANCELLED", "REJECTED");

  private final Effects shop;
  private final Map<String, Effects> warehouses;
  private final HubRecords hub;
  private final String account;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Prepares to compare.
   *
   * @param shop the shop's ledger
   * @param warehouses each warehouse's ledger, by the partner's name in the hub
   * @param account the shop's name in the hub
   */
  Reckoning(Effects shop, Map<String, Effects> warehouses, HubRecords hub, String account) {
    this.shop = shop;
    this.warehouses = warehouses;
    this.hub = hub;
    this.account = account;
  }

  /**
   * Compares.
   *
   * @param oversold SKUs of which a warehouse had to promise more than it had
   * @param shown what the shop shows as available by SKU, or null when it could not be asked
   */
  Summary settle(Collection<String> oversold, JsonNode shown) {
    var placed = new LinkedHashMap<String, JsonNode>();
    shop.of("order.created").forEach(e -> placed.put(e.subject(), e.data().get("order")));
    var acknowledged = new HashSet<String>();
    shop.of("webhook.acknowledged").stream()
        .filter(e -> "orders/create".equals(e.text("topic")))
        .forEach(e -> acknowledged.add(e.subject()));

    var accepted = orders(placed, acknowledged);
    var sent = requests(placed);
    var shipped = shipments();
    var told = told();
    for (var sku : oversold) {
      find(Kind.OVERSOLD, sku, "A warehouse was asked for more of SKU '%s' than it had.", sku);
    }
    for (var row : hub.overdrawn()) {
      find(Kind.OVERSOLD, row, "The hub promised more of SKU '%s' than there is.", row);
    }
    return summary(placed, accepted, sent, shipped, told, stock(shown));
  }

  /** How many articles show in the shop what may be sold; one that shows more is a finding. */
  private int stock(JsonNode shown) {
    var agreed = 0;
    if (hub.sellable().isEmpty() && !hub.orders().isEmpty()) {
      find(
          Kind.LOST,
          account,
          "No article of '%s' is listed, so no stock was written back.",
          account);
    }
    for (var article : hub.sellable().entrySet()) {
      var available =
          shown == null ? null : shown.path(article.getKey()).path("available").numberValue();
      if (available == null || available.intValue() == article.getValue()) {
        agreed++;
      } else if (available.intValue() > article.getValue()) {
        find(
            Kind.LOST,
            article.getKey(),
            "The shop shows %d of SKU '%s' and %d may be sold.",
            available.intValue(),
            article.getKey(),
            article.getValue());
      }
    }
    return agreed;
  }

  private int orders(Map<String, JsonNode> placed, Set<String> acknowledged) {
    var accepted = 0;
    for (var id : placed.keySet()) {
      var known = hub.orders().getOrDefault(id, List.of());
      if (!known.isEmpty() || acknowledged.contains(id)) {
        accepted++;
      }
      if (known.size() > 1) {
        find(Kind.DOUBLED, id, "Shop order '%s' is %d orders in the hub.", id, known.size());
      } else if (known.isEmpty() && !hub.openMessages().containsKey(id)) {
        find(
            Kind.LOST,
            id,
            acknowledged.contains(id)
                ? "Shop order '%s' was acknowledged and the hub does not know it."
                : "Shop order '%s' never reached the hub.",
            id);
      } else if (known.stream().anyMatch(o -> o.stuck() > 0)) {
        find(
            Kind.LOST,
            known.getFirst().id(),
            "Order '%s' stands still in state %s with units that nobody was asked to ship.",
            known.getFirst().id(),
            known.getFirst().state());
      }
    }
    return accepted;
  }

  /**
   * What the warehouses took on against what the hub says it sent, and against what was ordered.
   */
  private int requests(Map<String, JsonNode> placed) {
    var taken = new HashMap<String, Integer>();
    var units = new LinkedHashMap<String, Integer>();
    for (var warehouse : warehouses.entrySet()) {
      var dropped = new HashSet<String>();
      warehouse
          .getValue()
          .forEach(
              e -> {
                if (e.operation().equals("fulfillment.cancelled")
                    || e.operation().equals("fulfillment.rejected")) {
                  dropped.add(e.text("reference"));
                }
              });
      warehouse.getValue().stream()
          .filter(
              e ->
                  e.operation().equals("fulfillment.accepted")
                      || e.operation().equals("fulfillment.received"))
          .forEach(
              e -> {
                taken.merge(e.subject(), 1, Integer::sum);
                if (!dropped.contains(e.text("reference"))) {
                  var request = e.data().get("request");
                  for (var line : request.get("lines")) {
                    units.merge(
                        request.get("orderId").asText() + ' ' + line.get("sku").asText(),
                        line.get("quantity").asInt(),
                        Integer::sum);
                  }
                }
              });
    }
    taken.forEach(
        (id, times) -> {
          if (times > 1) {
            find(Kind.DOUBLED, id, "Request '%s' was taken on %d times.", id, times);
          }
        });
    var ordered = new HashMap<String, Integer>();
    placed.forEach(
        (id, order) -> {
          for (var line : order.get("line_items")) {
            ordered.merge(
                id + ' ' + line.path("sku").asText(), line.path("quantity").asInt(), Integer::sum);
          }
        });
    units.forEach(
        (key, count) -> {
          var id = key.substring(0, key.indexOf(' '));
          var most = ordered.get(key);
          if (placed.containsKey(id) && (most == null || count > most)) {
            find(
                Kind.DOUBLED,
                key,
                "Order and SKU '%s' was asked for %d times and ordered %d times.",
                key,
                count,
                most == null ? 0 : most);
          }
        });
    for (var fulfillment : hub.fulfillments()) {
      if (fulfillment.partner() == null
          || taken.containsKey(fulfillment.id())
          || UNSENT.contains(fulfillment.state())
          || !warehouses.containsKey(fulfillment.partner())) {
        continue;
      }
      var state = hub.delivery("fulfillment-request", fulfillment.id());
      if (state == null || !STOPPED.contains(state)) {
        find(
            Kind.LOST,
            fulfillment.id(),
            "Request '%s' is %s in the hub and '%s' does not know it.",
            fulfillment.id(),
            state == null ? "owed by nobody" : state,
            fulfillment.partner());
      }
    }
    return taken.size();
  }

  private int shipments() {
    var known = new HashSet<String>();
    hub.shipments().forEach(s -> known.add(s.fulfillmentId() + ' ' + s.partnerShipmentId()));
    var shipped = 0;
    for (var warehouse : warehouses.values()) {
      for (var effect : warehouse.of("shipment.created")) {
        shipped++;
        var key = effect.subject() + ' ' + effect.text("id");
        if (!known.contains(key) && !hub.openMessages().containsKey(effect.subject())) {
          find(
              Kind.LOST,
              effect.text("id"),
              "Shipment '%s' of request '%s' left and the hub does not know it.",
              effect.text("id"),
              effect.subject());
        }
      }
    }
    return shipped;
  }

  /** What the shop was told has left against what left. */
  private int told() {
    var left = new HashMap<String, Integer>();
    for (var warehouse : warehouses.values()) {
      for (var effect : warehouse.of("shipment.created")) {
        left.merge(effect.text("orderId"), units(effect.data().get("packages")), Integer::sum);
      }
    }
    var told = new LinkedHashMap<String, Integer>();
    var parcels = new HashMap<String, Set<String>>();
    for (var effect : shop.of("fulfillment.created")) {
      var shipment = effect.data().get("shipment");
      for (var line : shipment.get("lines")) {
        told.merge(effect.subject(), line.get("quantity").asInt(), Integer::sum);
      }
      for (var parcel : shipment.get("tracking")) {
        var number = parcel.path("number").asText("");
        if (!number.isEmpty()) {
          parcels
              .computeIfAbsent(number, n -> new LinkedHashSet<>())
              .add(effect.subject() + ' ' + shipment.path("id").asText());
        }
      }
    }
    parcels.forEach(
        (number, fulfillments) -> {
          if (fulfillments.stream().map(f -> f.split(" ")[0]).distinct().count() > 1) {
            find(Kind.DOUBLED, number, "Parcel '%s' was told to two orders of the shop.", number);
          }
        });
    told.forEach(
        (id, count) -> {
          if (count > left.getOrDefault(id, 0)) {
            find(
                Kind.DOUBLED,
                id,
                "Shop order '%s' was told of %d units and %d left.",
                id,
                count,
                left.getOrDefault(id, 0));
          }
        });
    var confirmed = 0;
    var pending = new HashSet<String>();
    for (var shipment : hub.shipments()) {
      var state = hub.delivery("shipment", shipment.id());
      if ("CONFIRMED".equals(state)) {
        confirmed++;
      } else if (state != null) {
        pending.add(shipment.channelOrderId());
        if (!STOPPED.contains(state)) {
          find(
              Kind.LOST,
              shipment.id(),
              "Shipment '%s' is %s and the shop has not been told.",
              shipment.id(),
              state);
        }
      }
    }
    for (var entry : left.entrySet()) {
      var id = entry.getKey();
      if (hub.orders().containsKey(id)
          && !pending.contains(id)
          && told.getOrDefault(id, 0) < entry.getValue()) {
        find(
            Kind.LOST,
            id,
            "%d units of shop order '%s' left and the shop was told of %d.",
            entry.getValue(),
            id,
            told.getOrDefault(id, 0));
      }
    }
    return confirmed;
  }

  private static int units(JsonNode packages) {
    var units = 0;
    for (var parcel : packages) {
      for (var line : parcel.get("lines")) {
        units += line.get("quantity").asInt();
      }
    }
    return units;
  }

  private Summary summary(
      Map<String, JsonNode> placed, int accepted, int sent, int shipped, int told, int agreed) {
    var allocated = new HashSet<String>();
    var ownPeople = 0;
    for (var fulfillment : hub.fulfillments()) {
      if (fulfillment.partner() == null) {
        ownPeople++;
      }
      if (account.equals(fulfillment.account()) && !"WITHDRAWN".equals(fulfillment.state())) {
        allocated.add(fulfillment.channelOrderId());
      }
    }
    var backordered = 0;
    var held = 0;
    var nothing = 0;
    for (var id : placed.keySet()) {
      for (var order : hub.orders().getOrDefault(id, List.of())) {
        if (allocated.contains(id)) {
          continue;
        }
        if ("BACKORDERED".equals(order.state())) {
          backordered++;
        } else if (order.hold() != null || "PENDING_PAYMENT".equals(order.state())) {
          held++;
        } else {
          nothing++;
        }
      }
    }
    var parked =
        (int)
            (hub.openMessages().values().stream().filter("PARKED"::equals).count()
                + hub.deliveries().values().stream().filter("PARKED"::equals).count());
    return new Summary(
        placed.size(),
        accepted,
        allocated.size(),
        backordered,
        held,
        ownPeople,
        nothing,
        sent,
        shipped,
        told,
        hub.sellable().size(),
        agreed,
        parked,
        List.copyOf(findings));
  }

  private void find(Kind kind, String id, String sentence, Object... arguments) {
    findings.add(new Finding(kind, id, sentence.formatted(arguments)));
  }
}
