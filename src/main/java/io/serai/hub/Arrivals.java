package io.serai.hub;

import static io.serai.hub.WorkingParcel.State.DELIVERED;
import static io.serai.hub.WorkingParcel.State.RETURNED;

import io.serai.order.ParcelRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of an order's lines the buyer has, and what came back: counted anew from all its parcels, so
 * that it follows from where they stand and not from how they came there.
 *
 * <p>Guarantee: never more than was shipped. Boxes that hold lines between them count when the last
 * of them has arrived.
 */
final class Arrivals {
  private final Book book;
  private final WorkingOrder order;
  private final Map<WorkingOrder.Line, int[]> counts = new LinkedHashMap<>();

  Arrivals(Book book, WorkingOrder order) {
    this.book = book;
    this.order = order;
  }

  void count() {
    order.lines.stream().filter(line -> !line.isSet()).forEach(l -> counts.put(l, new int[2]));
    var counted = new HashSet<String>();
    for (var parcel : book.parcels.values()) {
      if (!parcel.orderId.equals(order.id) || !ended(parcel)) {
        continue;
      }
      var boxes = together(parcel);
      if (boxes.stream().allMatch(Arrivals::ended)
          && boxes.size() == numbers(parcel)
          && boxes.stream().allMatch(box -> counted.add(box.text()))) {
        var came = boxes.stream().anyMatch(box -> box.state == RETURNED) ? 1 : 0;
        parcel.papers.lines().forEach(content -> add(content, came));
      }
    }
    counts.forEach(
        (line, units) -> {
          if (line.delivered != units[0] || line.cameBack != units[1]) {
            line.delivered = units[0];
            line.cameBack = units[1];
            line.deliveredChanged = true;
          }
        });
    for (var set : order.lines) {
      if (set.isSet()) {
        set.delivered =
            set.components.stream().mapToInt(c -> c.delivered / c.perParent).min().orElse(0);
        set.cameBack =
            set.components.stream()
                .mapToInt(c -> Math.ceilDiv(c.cameBack, c.perParent))
                .max()
                .orElse(0);
        set.deliveredChanged = true;
      }
    }
  }

  private static boolean ended(WorkingParcel parcel) {
    return parcel.state == DELIVERED || parcel.state == RETURNED;
  }

  private static int numbers(WorkingParcel parcel) {
    return parcel.papers.together() == null ? 1 : parcel.papers.together().size();
  }

  private List<WorkingParcel> together(WorkingParcel parcel) {
    if (parcel.papers.together() == null) {
      return List.of(parcel);
    }
    var boxes = new ArrayList<WorkingParcel>();
    for (var other : book.parcels.values()) {
      if (other.orderId.equals(order.id)
          && parcel.papers.together().equals(other.papers.together())) {
        boxes.add(other);
      }
    }
    return boxes;
  }

  // A node that knows no lines of ours may send units of several of them under one SKU.
  private void add(ParcelRequest.Line content, int which) {
    var rest = content.quantity();
    for (var byLine : new boolean[] {true, false}) {
      for (var entry : counts.entrySet()) {
        var line = entry.getKey();
        var fits =
            byLine
                ? line.lineId.equals(content.lineId())
                : content.sku() != null && content.sku().equals(line.sku);
        if (fits && rest > 0) {
          var units = Math.min(rest, line.shipped - entry.getValue()[0] - entry.getValue()[1]);
          entry.getValue()[which] += Math.max(0, units);
          rest -= Math.max(0, units);
        }
      }
    }
  }
}
