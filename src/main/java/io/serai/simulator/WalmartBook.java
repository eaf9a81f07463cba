package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Walmart's purchase orders with one vendor, and what that vendor said about them. */
final class WalmartBook extends LedgerBase {

  static final String PLACED = "order.placed";
  static final String CHANGED = "order.changed";
  static final String ANSWERED = "order.answered";
  static final String TOLD = "shipment.told";
  static final String INVOICED = "invoice.received";
  static final String STOCK = "stock.told";
  static final String CHANGE_ANSWERED = "change.answered";

  /**
   * What the vendor said to have sent for one order.
   *
   * @param id of the shipment, the vendor's own
   * @param units by SKU
   * @param parcels numbers on their labels
   */
  record Shipment(String id, String order, Map<String, Integer> units, List<String> parcels) {}

  private final Map<String, ObjectNode> orders = new LinkedHashMap<>();
  private final Map<String, List<Shipment>> shipments = new LinkedHashMap<>();
  private final Map<String, Integer> changes = new HashMap<>();
  private final Set<String> shipmentIds = new HashSet<>();
  private final Set<String> labels = new HashSet<>();
  private final Map<String, List<JsonNode>> answers = new HashMap<>();
  private final Map<String, List<JsonNode>> invoices = new LinkedHashMap<>();
  private final Set<String> invoiceNumbers = new HashSet<>();
  private final Set<String> invoicedShipments = new HashSet<>();
  private final Map<String, Integer> shown = new TreeMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Catalogue catalogue;

  WalmartBook(WalmartOptions options) {
    super(options.clock);
    catalogue = Catalogue.of(options.articles);
    open(options.folder.resolve("walmart.ledger.jsonl"));
  }

  Catalogue catalogue() {
    return catalogue;
  }

  /** Orders by their number. */
  Map<String, ObjectNode> orders() {
    return orders;
  }

  int placed() {
    lock().lock();
    try {
      return orders.size();
    } finally {
      lock().unlock();
    }
  }

  List<Shipment> shipments(String order) {
    return shipments.getOrDefault(order, List.of());
  }

  /** What the vendor answered to an order, one document after the other. */
  List<JsonNode> answers(String order) {
    return answers.getOrDefault(order, List.of());
  }

  List<JsonNode> invoices(String order) {
    return invoices.getOrDefault(order, List.of());
  }

  Map<String, Integer> shown() {
    return shown;
  }

  boolean knowsShipment(String id) {
    return shipmentIds.contains(id);
  }

  boolean knowsLabel(String number) {
    return labels.contains(number);
  }

  boolean knowsInvoice(String number) {
    return invoiceNumbers.contains(number);
  }

  /** A shipment of an order with just these units that no invoice was taken for, or null. */
  Shipment toInvoice(String order, Map<String, Integer> units) {
    return shipments(order).stream()
        .filter(one -> one.units().equals(units))
        .filter(one -> !invoicedShipments.contains(order + ' ' + one.id()))
        .findFirst()
        .orElse(null);
  }

  /** Units of an order that the vendor said to have sent, by SKU. */
  Map<String, Integer> sent(String order) {
    var sent = new HashMap<String, Integer>();
    shipments(order)
        .forEach(one -> one.units().forEach((sku, n) -> sent.merge(sku, n, Integer::sum)));
    return sent;
  }

  /** Which change of an order the next one is. */
  int nextChange(String order) {
    return changes.getOrDefault(order, 0) + 1;
  }

  void place(ObjectNode order) {
    record(PLACED, order.get("number").asText(), null, Jsons.object().set("order", order));
  }

  /** Writes the lines of an order as they are wanted from now on. */
  void change(ObjectNode order) {
    record(CHANGED, order.get("number").asText(), null, Jsons.object().set("order", order));
  }

  /** Writes what a document said, unless that was written under this key. */
  void take(String operation, String subject, String key, JsonNode data) {
    lock().lock();
    try {
      if (!taken.contains(key)) {
        record(operation, subject, key, data);
      }
    } finally {
      lock().unlock();
    }
  }

  @Override
  void apply(Effect effect) {
    var data = effect.data();
    if (effect.key() != null) {
      taken.add(effect.key());
    }
    switch (effect.operation()) {
      case PLACED -> orders.put(effect.subject(), (ObjectNode) data.get("order"));
      case CHANGED -> {
        orders.put(effect.subject(), (ObjectNode) data.get("order"));
        changes.merge(effect.subject(), 1, Integer::sum);
      }
      case ANSWERED -> answers.computeIfAbsent(effect.subject(), o -> new ArrayList<>()).add(data);
      case TOLD -> told(effect.subject(), data);
      case INVOICED -> {
        invoiceNumbers.add(data.get("number").asText());
        invoicedShipments.add(effect.subject() + ' ' + data.get("shipment").asText());
        invoices.computeIfAbsent(effect.subject(), o -> new ArrayList<>()).add(data);
      }
      case STOCK ->
          data.get("levels").properties().forEach(e -> shown.put(e.getKey(), e.getValue().asInt()));
      default -> {
        // Read by people and tests only.
      }
    }
  }

  private void told(String id, JsonNode data) {
    shipmentIds.add(id);
    data.get("labels").forEach(label -> labels.add(label.asText()));
    for (var one : data.get("orders")) {
      var units = new TreeMap<String, Integer>();
      one.get("units").properties().forEach(e -> units.put(e.getKey(), e.getValue().asInt()));
      var parcels = new ArrayList<String>();
      one.get("parcels").forEach(parcel -> parcels.add(parcel.asText()));
      var order = one.get("order").asText();
      shipments
          .computeIfAbsent(order, o -> new ArrayList<>())
          .add(new Shipment(id, order, units, parcels));
    }
  }
}
