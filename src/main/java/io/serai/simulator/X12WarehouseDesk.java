package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads the orders that a depositor sends to its warehouse, and announcements of goods. */
final class X12WarehouseDesk implements X12Mail.Desk {

  /** The depositor says that goods are under way. */
  static final String ANNOUNCED = "goods.announced";

  /** Is told of each order that was taken on. */
  interface Listener {
    void taken(WarehouseOrder order);
  }

  private final Warehouse warehouse;
  private final Listener listener;

  X12WarehouseDesk(Warehouse warehouse, Listener listener) {
    this.warehouse = warehouse;
    this.listener = listener;
  }

  @Override
  public List<X12.Fault> faults(X12.Set set) {
    warehouse.lock().lock();
    try {
      return switch (set.type()) {
        case "940" -> order(set);
        case "943" -> List.of();
        default ->
            List.of(
                set.fault(
                    set.body().getFirst(), 0, "2", "Set " + set.type() + " is none of ours."));
      };
    } finally {
      warehouse.lock().unlock();
    }
  }

  private List<X12.Fault> order(X12.Set set) {
    var faults = new ArrayList<X12.Fault>();
    var head = set.first("W05");
    var before = warehouse.ofFulfillment(head.at(2));
    if (head.at(1).equals("C")) {
      if (before.stream().noneMatch(WarehouseOrder::live)) {
        faults.add(
            set.fault(head, 2, "7", "Order '%s' is not here to cancel.".formatted(head.at(2))));
      }
      return faults;
    }
    if (!before.isEmpty()) {
      faults.add(set.fault(head, 2, "7", "Order '%s' came before.".formatted(head.at(2))));
    }
    if (set.all("N1").stream().noneMatch(n -> n.at(1).equals("ST")) || set.all("N4").isEmpty()) {
      faults.add(set.fault(head, 0, "3", "Nobody says where the goods go."));
    }
    var sum = BigDecimal.ZERO;
    for (var line : set.all("W01")) {
      sum = sum.add(new BigDecimal(line.at(1)));
      if (sku(line) == null) {
        faults.add(set.fault(line, 5, "7", "'%s' is no article we keep.".formatted(line.at(5))));
      }
    }
    var total = set.first("W76");
    if (new BigDecimal(total.at(1)).compareTo(sum) != 0) {
      faults.add(set.fault(total, 1, "7", "W7601 '%s' is not %s.".formatted(total.at(1), sum)));
    }
    return faults;
  }

  private String sku(X12.Segment line) {
    for (var i = 4; i < line.elements().size(); i += 2) {
      if (line.at(i).matches("VN|SK|IN|BP|VP") && warehouse.knows(line.at(i + 1))) {
        return line.at(i + 1);
      }
    }
    return null;
  }

  @Override
  public void take(String key, X12.Set set) {
    warehouse.lock().lock();
    try {
      if (warehouse.known(key) != null) {
        return;
      }
      var head = set.first("W05");
      if (set.type().equals("943")) {
        var data = Jsons.object().put("reference", set.first("W06").at(4));
        warehouse.note(ANNOUNCED, set.first("W06").at(2), key, data);
      } else if (head.at(1).equals("C")) {
        warehouse.ofFulfillment(head.at(2)).forEach(order -> warehouse.cancel(order, key));
      } else {
        listener.taken(warehouse.take(true, key, key, request(set)));
      }
    } finally {
      warehouse.lock().unlock();
    }
  }

  private ObjectNode request(X12.Set set) {
    var head = set.first("W05");
    var request = Jsons.object().put("fulfillmentId", head.at(2)).put("orderId", head.at(3));
    var lines = request.putArray("lines");
    for (var line : set.all("W01")) {
      lines
          .addObject()
          .put("sku", sku(line))
          .put("quantity", new BigDecimal(line.at(1)).intValue());
    }
    return request;
  }
}
