package io.serai.hub;

import static io.serai.hub.WorkingOrder.Fulfillment.ANYWHERE;

import io.serai.order.HoldKind;
import io.serai.support.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Moves what an order still waits for to another node: what has not left is taken back at once,
 * what a node already has moves when the node lets go of it. The stock there is looked at before
 * anything is stopped; the node it came from is not asked for this order again.
 *
 * <p>Gap: while a node is asked to let go, the units at the other one are not reserved; when they
 * are gone by then, the rules decide anew.
 *
 * @param fulfillmentId what to move, or null for everything that is open
 * @param from only what this node has, or null
 * @param node where to, or null for any node but the one it is at
 * @param reason why, for those who ask later
 */
public record Reassignment(
    UUID orderId, String fulfillmentId, String from, String node, String reason)
    implements OrderCommand {

  /** Moves what a node has of an order to wherever the rules say. */
  public static Reassignment awayFrom(UUID orderId, String node, String reason) {
    return new Reassignment(orderId, null, node, null, reason);
  }

  @Override
  public boolean sends() {
    return true;
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    var moved = moved(order);
    var sentence = refusal(book, fulfilling, order, moved);
    if (sentence != null) {
      return HoldOrder.refused(order, sentence);
    }
    order.lift(h -> movable(h.kind), book.now, cause.actor(), reason);
    order.target = node;
    order.revision++;
    order.changed = true;
    book.event(
        order,
        "order.reassigned",
        "Moved%s to %s%s."
            .formatted(
                moved.isEmpty() ? "" : " from '" + moved.getFirst().node + "'",
                node == null ? "another node" : "'" + node + "'",
                reason == null ? "" : ": " + reason),
        cause);
    for (var fulfillment : moved) {
      fulfilling.move(order, fulfillment, node == null ? ANYWHERE : node, cause);
    }
    fulfilling.settle(order, cause);
    return new ApplyResult.Applied(order.id, order.hold);
  }

  private List<WorkingOrder.Fulfillment> moved(WorkingOrder order) {
    var only = fulfillmentId == null ? null : Ids.uuid("ful", fulfillmentId);
    return order.fulfillments.stream()
        .filter(f -> f.live() && f.open() > 0 && !f.node.equals(node))
        .filter(f -> only == null || f.id.equals(only))
        .filter(f -> from == null || f.node.equals(from))
        .toList();
  }

  private String refusal(
      Book book, Fulfilling fulfilling, WorkingOrder order, List<WorkingOrder.Fulfillment> moved) {
    if (node != null && book.topology.nodes().stream().noneMatch(n -> n.id().equals(node))) {
      return "Node '%s' is not configured; name one of %s."
          .formatted(node, book.topology.nodes().stream().map(n -> n.id()).toList());
    }
    if (order.cancelledAt != null) {
      return "Order '%s' is cancelled, so nothing of it can be moved.".formatted(order.shown());
    }
    if (!order.paid()) {
      return "Order '%s' is not paid (%s), so nothing of it can be moved."
          .formatted(order.shown(), order.payment.name().toLowerCase(Locale.ROOT));
    }
    if (order.hold != null
        && order.holds.stream().anyMatch(h -> h.open() && h.kind.stops() && !movable(h.kind))) {
      return "Order '%s' is held (%s), so nothing of it can be moved. Release it first."
          .formatted(order.shown(), order.hold);
    }
    var wanted = wanted(order, moved);
    if (wanted.isEmpty()) {
      return "Order '%s' has nothing%s that could be moved%s."
          .formatted(
              order.shown(),
              from == null ? "" : " at '" + from + "'",
              node == null ? "" : " to '" + node + "'");
    }
    for (var fulfillment : moved) {
      var sentence = fulfilling.cannotStop(order, fulfillment);
      if (sentence != null) {
        return sentence;
      }
    }
    return node == null ? null : missing(book, wanted);
  }

  // A proposal is overridden by moving the order.
  private static boolean movable(HoldKind kind) {
    return kind.ofAllocation() || kind == HoldKind.SUGGESTION;
  }

  private Map<String, Integer> wanted(WorkingOrder order, List<WorkingOrder.Fulfillment> moved) {
    var wanted = new HashMap<String, Integer>();
    for (var fulfillment : moved) {
      for (var reserved : fulfillment.reserved) {
        if (reserved.open() > 0) {
          wanted.merge(reserved.sku, reserved.open(), Integer::sum);
        }
      }
    }
    if (fulfillmentId == null && from == null) {
      for (var line : order.lines) {
        var open = line.unplaced() + line.backordered;
        if (line.goods() && open > 0 && line.sku != null && line.cancelWanted <= line.cancelled) {
          wanted.merge(line.sku, open, Integer::sum);
        }
      }
    }
    return wanted;
  }

  private String missing(Book book, Map<String, Integer> wanted) {
    for (var want : wanted.entrySet()) {
      var there = book.stock.at(want.getKey(), node).orElse(0);
      if (there < want.getValue()) {
        return "Node '%s' can promise %d of SKU '%s' and %d are wanted. Choose another node, or wait for stock."
            .formatted(node, there, want.getKey(), want.getValue());
      }
    }
    return null;
  }
}
