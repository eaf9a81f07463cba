package io.serai.hub;

import io.serai.allocation.Allocator;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.order.Order;
import io.serai.order.OrderType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  /**
   * The same orders, those of higher rank first, else as they came. Rules are asked for their word
   * only where the sequence matters: when not all that is wanted is there.
   */
  static List<Application> first(Book book, List<Application> batch) {
    var ruled = batch.size() > 1 && book.policy.ranks() && scarce(book, batch);
    if (!ruled && batch.stream().allMatch(a -> of((Order) a.document()) == 0)) {
      return batch;
    }
    var ranks = new IdentityHashMap<Application, Integer>();
    var differ = false;
    for (var application : batch) {
      var rank = ruled ? ruled(book, application) : of((Order) application.document());
      ranks.put(application, rank);
      differ |= rank != ranks.get(batch.getFirst());
    }
    if (!differ) {
      return batch;
    }
    var sorted = new ArrayList<>(batch);
    sorted.sort(Comparator.comparingInt(a -> -ranks.get(a)));
    return sorted;
  }

  private static boolean scarce(Book book, List<Application> batch) {
    var wanted = new HashMap<String, Long>();
    for (var application : batch) {
      var order = (Order) application.document();
      for (var line : order.lines()) {
        if (line.sku() != null && line.toShip() && line.open() > 0) {
          for (var part : book.items.parts(order.channel().account(), line.sku())) {
            wanted.merge(part.sku(), (long) line.open() * part.quantity(), Long::sum);
          }
        }
      }
    }
    return wanted.entrySet().stream()
        .anyMatch(e -> book.stock.available(e.getKey()) < e.getValue());
  }

  private static int ruled(Book book, Application application) {
    var order = (Order) application.document();
    var account = order.channel().account();
    var working = DryAllocation.working(application.json());
    var wants = new ArrayList<Want>();
    var number = 0;
    for (var line : order.lines()) {
      number++;
      if (line.sku() == null || line.open() <= 0 || !line.toShip()) {
        continue;
      }
      var sold = new WorkingOrder.Line(number, line.lineId(), true);
      sold.sku = line.sku();
      sold.kind = line.kind().name();
      sold.title = line.title();
      working.lines.add(sold);
      var whole = book.items.meaning(account, line.sku()).isEmpty();
      for (var part : book.items.parts(account, line.sku())) {
        var one = whole ? sold : DryAllocation.component(sold, part.sku(), part.quantity());
        wants.add(
            new Want(
                number,
                part.sku(),
                (int) Math.min(Integer.MAX_VALUE, (long) line.open() * part.quantity()),
                new LineDocument(working, one, book.items)));
      }
    }
    var priority =
        Allocator.priority(
            book.policy,
            new Question(
                new OrderDocument(working),
                wants,
                book.topology.nodes(),
                book.stock,
                Map.of(),
                book.load,
                book.now));
    return priority == null ? of(order) : rank(priority);
  }
}
