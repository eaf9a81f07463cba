package io.serai.hub;

import io.serai.order.Order;
import io.serai.order.OrderType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Classes of priority as numbers: who is promised stock first among orders that come together, and
 * among those that wait for it. A rule's word beats what the order says of itself.
 */
final class Priorities {
  private Priorities() {}

  /** The rank of a class, the highest first: a known word, a whole number, or 0 for the others. */
  static int rank(String name) {
    return switch (name.strip().toUpperCase(Locale.ROOT)) {
      case "VIP" -> 30;
      case "B2B" -> 20;
      case "HIGH" -> 10;
      case "LOW" -> -10;
      default -> name.strip().matches("-?[0-9]{1,3}") ? Integer.parseInt(name.strip()) : 0;
    };
  }

  /** The rank of an order before any rule: companies and whom the channel calls VIP come first. */
  static int of(Order order) {
    for (var tag : order.tags()) {
      if ("vip".equalsIgnoreCase(tag)) {
        return rank("VIP");
      }
    }
    return order.orderType() == OrderType.B2B ? rank("B2B") : 0;
  }

  /** The same orders, those of higher rank first, else as they came. */
  static List<Application> first(List<Application> batch) {
    for (var application : batch) {
      if (of((Order) application.document()) != 0) {
        var sorted = new ArrayList<>(batch);
        sorted.sort(Comparator.comparingInt(a -> -of((Order) a.document())));
        return sorted;
      }
    }
    return batch;
  }
}
