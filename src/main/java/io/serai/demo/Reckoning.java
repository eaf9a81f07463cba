package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.simulator.ChannelBooks;
import io.serai.simulator.Effects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares what channels, warehouses and carriers wrote in their ledgers with what the hub's tables
 * say. Each side is read on its own, so a mistake of the hub cannot hide itself.
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
    OVERSOLD,
    /** A partner could not take what the hub sent. */
    REFUSED
  }

  /**
   * What came of one channel's orders.
   *
   * @param account the channel's name in the hub
   * @param placed orders in the channel
   * @param accepted of those, whose webhook the hub acknowledged or which it knows otherwise
   * @param allocated orders that nodes were asked to ship
   * @param backordered orders that wait for stock
   * @param held orders that wait for somebody or for money
   * @param nothingToShip orders of gift cards and the like, cancelled ones, sales at a till, and
   *     those that the channel ships itself
   * @param told shipments that the channel confirmed to have been told of
   * @param listed articles the hub writes the stock of
   * @param agreed of those, the ones that show in the channel what may be sold
   */
  record Row(
      String account,
      int placed,
      int accepted,
      int allocated,
      int backordered,
      int held,
      int nothingToShip,
      int told,
      int listed,
      int agreed) {

    private Row plus(Row other) {
      return new Row(
          account,
          placed + other.placed,
          accepted + other.accepted,
          allocated + other.allocated,
          backordered + other.backordered,
          held + other.held,
          nothingToShip + other.nothingToShip,
          told + other.told,
          listed + other.listed,
          agreed + other.agreed);
    }
  }

  /**
   * The outcome.
   *
   * @param channels each channel's
   * @param ownPeople requests to nodes that no partner works for and that pack in no demo
   * @param labels what carriers sold for what was packed
   * @param sent requests that a warehouse took on, by its ledger
   * @param shipped shipments that left, by the warehouses' ledgers
   * @param parked messages, deliveries and orders that stopped and are listed
   * @param takenAtTills units that were carried out of the store, less what came back
   * @param articlesAtTills SKUs of which units were carried out of the store or came back
   * @param articlesCounted of those, the ones of which the hub counts as many on the shelf as lie
   *     there
   */
  record Summary(
      List<Row> channels,
      int ownPeople,
      Labels labels,
      int sent,
      int shipped,
      int parked,
      int takenAtTills,
      int articlesAtTills,
      int articlesCounted,
      List<Finding> findings) {

    /** All channels together. */
    Row total() {
      return channels.stream().reduce(new Row("all", 0, 0, 0, 0, 0, 0, 0, 0, 0), Row::plus);
    }

    /** How many findings there are of a kind. */
    long count(Kind kind) {
      return findings.stream().filter(f -> f.kind() == kind).count();
    }

    /** Whether nothing was lost, doubled or oversold. */
    boolean sound() {
      return findings.isEmpty();
    }

    /** Whether every channel shows of every article what may be sold, and the hub knows it. */
    boolean stockTold() {
      return channels.stream().allMatch(c -> c.agreed() == c.listed())
          && total().listed() > 0
          && articlesCounted == articlesAtTills;
    }
  }

  private static final Set<String> STOPPED =
      Set.of("PARKED", "REFUSED", "WAITING", "DISCARDED", "WITHDRAWN", "SUPERSEDED");
  private static final Set<String> UNSENT = Set.of("WITHDRAWN", "CANCELLED", "REJECTED");

  private final Map<String, ChannelBooks> channels;
  private final Map<String, Effects> warehouses;
  private final HubRecords hub;
  private final Labels labels;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Prepares to compare.
   *
   * @param channels what each channel holds, by its name in the hub
   * @param warehouses each warehouse's ledger, by the partner's name in the hub
   * @param carriers each carrier's ledger, by its name in the hub
   */
  Reckoning(
      Map<String, ChannelBooks> channels,
      Map<String, Effects> warehouses,
      Map<String, Effects> carriers,
      HubRecords hub) {
    this.channels = channels;
    this.warehouses = warehouses;
    this.hub = hub;
    this.labels = Labels.of(carriers, hub);
  }

  /**
   * Compares.
   *
   * @param oversold SKUs of which a warehouse had to promise more than it had
   * @param wrongs what partners complain of, in sentences
   */
  Summary settle(Collection<String> oversold, Collection<String> wrongs) {
    wrongs.forEach(sentence -> findings.add(new Finding(Kind.REFUSED, "", sentence)));
    findings.addAll(labels.findings());
    var left = left();
    var rows = new ArrayList<Row>();
    channels.forEach(
        (account, books) -> {
          var accepted = accepted(account, books);
          told(account, books, left);
          rows.add(row(account, books, accepted, stock(account, books)));
        });
    var sent = requests();
    var shipped = shipments();
    for (var sku : oversold) {
      find(Kind.OVERSOLD, sku, "A warehouse was asked for more of SKU '%s' than it had.", sku);
    }
    for (var row : hub.overdrawn()) {
      find(Kind.OVERSOLD, row, "The hub promised more of SKU '%s' than there is.", row);
    }
    var ownPeople =
        (int)
            hub.fulfillments().stream()
                .filter(f -> f.partner() == null && !Stage.PRINTS.equals(f.node()))
                .count();
    var parked =
        (int)
            (hub.openMessages().values().stream().filter("PARKED"::equals).count()
                + hub.deliveries().values().stream().filter("PARKED"::equals).count());
    var taken = new TreeMap<String, Integer>();
    channels
        .values()
        .forEach(b -> b.taken().forEach((sku, n) -> taken.merge(sku, n, Integer::sum)));
    var counted = tills(taken);
    return new Summary(
        List.copyOf(rows),
        ownPeople,
        labels,
        sent,
        shipped,
        parked,
        taken.values().stream().mapToInt(Integer::intValue).sum(),
        taken.size(),
        counted,
        List.copyOf(findings));
  }

  /** How many articles lie in the store as they should after what its tills sold and took back. */
  private int tills(Map<String, Integer> taken) {
    var counted = 0;
    for (var article : taken.entrySet()) {
      var there = Stage.SHELF - article.getValue();
      var known = hub.shelves().getOrDefault(Stage.STORE, Map.of()).get(article.getKey());
      if (known != null && known == there) {
        counted++;
      } else {
        find(
            known != null && known < there ? Kind.DOUBLED : Kind.LOST,
            Stage.STORE + ' ' + article.getKey(),
            "%d of SKU '%s' lie in store '%s' after what its tills sold and took back, and the hub counts %s.",
            there,
            article.getKey(),
            Stage.STORE,
            known == null ? "none" : known);
      }
    }
    return counted;
  }

  /** How many articles show in a channel what may be sold; one that shows more is a finding. */
  private int stock(String account, ChannelBooks books) {
    var sellable = hub.sellable().getOrDefault(account, Map.of());
    if (sellable.isEmpty() && !books.shown().isEmpty() && !books.orders().isEmpty()) {
      find(
          Kind.LOST,
          account,
          "No article of '%s' is listed, so no stock was written back.",
          account);
    }
    var agreed = 0;
    for (var article : sellable.entrySet()) {
      var shown = books.shown().get(article.getKey());
      if (shown == null || shown.equals(article.getValue())) {
        agreed++;
      } else if (shown > article.getValue()) {
        find(
            Kind.LOST,
            account + ' ' + article.getKey(),
            "'%s' shows %d of SKU '%s' and %d may be sold.",
            account,
            shown,
            article.getKey(),
            article.getValue());
      }
    }
    return agreed;
  }

  private int accepted(String account, ChannelBooks books) {
    var accepted = 0;
    for (var id : books.orders().keySet()) {
      var known = hub.orders(account).getOrDefault(id, List.of());
      var acknowledged = books.acknowledged().contains(id);
      if (!known.isEmpty() || acknowledged) {
        accepted++;
      }
      if (known.size() > 1) {
        find(
            Kind.DOUBLED,
            id,
            "Order '%s' of '%s' is %d orders in the hub.",
            id,
            account,
            known.size());
      } else if (known.isEmpty() && !hub.open(account, id)) {
        find(
            Kind.LOST,
            id,
            acknowledged
                ? "Order '%s' of '%s' was acknowledged and the hub does not know it."
                : "Order '%s' of '%s' never reached the hub.",
            id,
            account);
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
  private int requests() {
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
    for (var parcel : labels.scanned()) {
      parcel
          .units()
          .forEach((sku, n) -> units.merge(parcel.channelOrderId() + ' ' + sku, n, Integer::sum));
    }
    taken.forEach(
        (id, times) -> {
          if (times > 1) {
            find(Kind.DOUBLED, id, "Request '%s' was taken on %d times.", id, times);
          }
        });
    var ordered = new HashMap<String, Integer>();
    var known = new HashSet<String>();
    for (var books : channels.values()) {
      known.addAll(books.orders().keySet());
      books
          .orders()
          .forEach((id, lines) -> lines.forEach((sku, n) -> ordered.put(id + ' ' + sku, n)));
    }
    units.forEach(
        (key, count) -> {
          var id = key.substring(0, key.indexOf(' '));
          var most = ordered.get(key);
          if (known.contains(id) && (most == null || count > most)) {
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
    for (var warehouse : warehouses.entrySet()) {
      for (var effect : warehouse.getValue().of("shipment.created")) {
        shipped++;
        var key = effect.subject() + ' ' + effect.text("id");
        if (!known.contains(key) && !hub.open(warehouse.getKey(), effect.subject())) {
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

  /**
   * What left of an order.
   *
   * @param units how many
   * @param parcels their tracking numbers
   */
  private record Left(int units, Set<String> parcels) {
    static final Left NOTHING = new Left(0, Set.of());

    Left plus(Left other) {
      var both = new HashSet<>(parcels);
      both.addAll(other.parcels);
      return new Left(units + other.units, both);
    }
  }

  private Map<String, Left> left() {
    var left = new HashMap<String, Left>();
    for (var warehouse : warehouses.values()) {
      for (var effect : warehouse.of("shipment.created")) {
        var packages = effect.data().get("packages");
        var parcels = new HashSet<String>();
        for (var parcel : packages) {
          parcel.path("tracking").forEach(t -> parcels.add(t.path("number").asText()));
        }
        left.merge(effect.text("orderId"), new Left(units(packages), parcels), Left::plus);
      }
    }
    for (var parcel : labels.scanned()) {
      var units = parcel.units().values().stream().mapToInt(Integer::intValue).sum();
      left.merge(parcel.channelOrderId(), new Left(units, Set.of(parcel.tracking())), Left::plus);
    }
    return left;
  }

  /** What a channel was told has left against what left. */
  private void told(String account, ChannelBooks books, Map<String, Left> left) {
    var told = new HashMap<String, Left>();
    var countsUnits = books.told().stream().anyMatch(t -> t.units() > 0);
    for (var one : books.told()) {
      var before = told.getOrDefault(one.orderId(), Left.NOTHING);
      if (one.units() == 0) {
        one.parcels().stream()
            .filter(before.parcels()::contains)
            .forEach(
                number ->
                    find(
                        Kind.DOUBLED,
                        number,
                        "Parcel '%s' was told to order '%s' of '%s' more than once.",
                        number,
                        one.orderId(),
                        account));
      }
      told.put(one.orderId(), before.plus(new Left(one.units(), Set.copyOf(one.parcels()))));
    }
    var orderOf = new HashMap<String, String>();
    told.forEach(
        (id, all) ->
            all.parcels()
                .forEach(
                    number -> {
                      if (orderOf.put(number, id) != null) {
                        find(
                            Kind.DOUBLED,
                            number,
                            "Parcel '%s' was told to two orders of '%s'.",
                            number,
                            account);
                      }
                    }));
    told.forEach((id, all) -> tooMuch(account, id, all, left.getOrDefault(id, Left.NOTHING)));
    var pending = pending(account);
    for (var id : books.orders().keySet()) {
      if (!left.containsKey(id) || pending.contains(id) || !hub.orders(account).containsKey(id)) {
        continue;
      }
      var all = left.get(id);
      var said = told.getOrDefault(id, Left.NOTHING);
      if (countsUnits ? said.units() < all.units() : !said.parcels().containsAll(all.parcels())) {
        find(
            Kind.LOST,
            id,
            "%d units of order '%s' left in parcels %s and '%s' was told of %d units and parcels %s.",
            all.units(),
            id,
            all.parcels(),
            account,
            said.units(),
            said.parcels());
      }
    }
  }

  private void tooMuch(String account, String id, Left told, Left left) {
    if (told.units() > left.units()) {
      find(
          Kind.DOUBLED,
          id,
          "Order '%s' of '%s' was told of %d units and %d left.",
          id,
          account,
          told.units(),
          left.units());
    }
  }

  /** Orders of which something is still to be told, or will never be and is listed. */
  private Set<String> pending(String account) {
    var pending = new HashSet<String>();
    for (var shipment : hub.shipments()) {
      var state = hub.delivery("shipment", shipment.id());
      if (!account.equals(shipment.account()) || state == null || "CONFIRMED".equals(state)) {
        continue;
      }
      pending.add(shipment.channelOrderId());
      if (!STOPPED.contains(state)) {
        find(
            Kind.LOST,
            shipment.id(),
            "Shipment '%s' is %s and '%s' has not been told.",
            shipment.id(),
            state,
            account);
      }
    }
    return pending;
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

  private Row row(String account, ChannelBooks books, int accepted, int agreed) {
    var allocated = new HashSet<String>();
    for (var fulfillment : hub.fulfillments()) {
      if (account.equals(fulfillment.account()) && !"WITHDRAWN".equals(fulfillment.state())) {
        allocated.add(fulfillment.channelOrderId());
      }
    }
    var backordered = 0;
    var held = 0;
    var nothing = 0;
    for (var id : books.orders().keySet()) {
      for (var order : hub.orders(account).getOrDefault(id, List.of())) {
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
    var told =
        (int)
            hub.shipments().stream()
                .filter(s -> account.equals(s.account()))
                .filter(s -> "CONFIRMED".equals(hub.delivery("shipment", s.id())))
                .count();
    return new Row(
        account,
        books.orders().size(),
        accepted,
        allocated.size(),
        backordered,
        held,
        nothing,
        told,
        hub.sellable().getOrDefault(account, Map.of()).size(),
        agreed);
  }

  private void find(Kind kind, String id, String sentence, Object... arguments) {
    findings.add(new Finding(kind, id, sentence.formatted(arguments)));
  }
}
