package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An order as the shop holds it now; guarded by its shop's lock. */
final class ShopOrder {

  /** A line of a fulfillment order. */
  static final class FulfillmentOrderLine {
    final long id;
    final long lineId;
    final int total;
    int remaining;

    FulfillmentOrderLine(long id, long lineId, int total) {
      this.id = id;
      this.lineId = lineId;
      this.total = total;
      this.remaining = total;
    }
  }

  /** What one location is to ship of an order. */
  static final class FulfillmentOrder {
    final long id;
    final int location;
    final String method;
    final List<FulfillmentOrderLine> lines;
    Instant updatedAt;
    String status = "OPEN";

    FulfillmentOrder(
        long id, int location, String method, List<FulfillmentOrderLine> lines, Instant at) {
      this.id = id;
      this.location = location;
      this.method = method;
      this.lines = lines;
      this.updatedAt = at;
    }

    FulfillmentOrderLine line(long lineNumber) {
      return lines.stream().filter(l -> l.id == lineNumber).findFirst().orElse(null);
    }

    boolean open() {
      return "OPEN".equals(status) || "IN_PROGRESS".equals(status);
    }
  }

  /** A shipment the shop was told of. */
  record Shipment(
      long id,
      String name,
      int location,
      Instant createdAt,
      List<ShippedLine> lines,
      List<Tracking> tracking) {}

  /** This many of a line of a fulfillment order. */
  record ShippedLine(
      long fulfillmentOrderId, long fulfillmentOrderLineId, long lineId, int quantity) {}

  /** Money the shop took of an authorization, in the buyer's currency. */
  record Capture(long id, BigDecimal amount, Instant at) {}

  /** One parcel's number. */
  record Tracking(String company, String number, String url) {}

  final int number;
  final long id;
  final String name;
  final Instant createdAt;
  final List<FulfillmentOrder> fulfillmentOrders = new ArrayList<>();
  final List<Shipment> shipments = new ArrayList<>();
  private final List<Instant> versions = new ArrayList<>();
  Instant updatedAt;
  Instant cancelledAt;
  boolean refunded;

  /** Whether it was only authorized when it was placed, and whether that still stands. */
  boolean authorized;

  boolean expired;

  /** Whether its payment gateway declines what is to be given back. */
  boolean declines;

  final List<Capture> captures = new ArrayList<>();
  boolean test;

  /** Why it is taken for a fraud, or {@code null}. */
  String suspicion;

  byte[] payload;

  ShopOrder(int number, long id, String name, Instant createdAt) {
    this.number = number;
    this.id = id;
    this.name = name;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
    versions.add(createdAt);
  }

  void touched(Instant at) {
    updatedAt = at;
    versions.add(at);
  }

  /** When the newest version not younger than this was made, or {@code null} when none is. */
  Instant versionAt(Instant seen) {
    for (var i = versions.size() - 1; i >= 0; i--) {
      if (!versions.get(i).isAfter(seen)) {
        return versions.get(i);
      }
    }
    return null;
  }

  ObjectNode json() {
    return Jsons.own(payload);
  }

  String gid() {
    return ShopifyIds.gid("Order", id);
  }

  /** Whether anything of it is to be shipped or handed over. */
  boolean ships() {
    return !fulfillmentOrders.isEmpty();
  }

  boolean pickup() {
    return fulfillmentOrders.stream().anyMatch(f -> "PICK_UP".equals(f.method));
  }

  /** Whether everything that was to be shipped has been. */
  boolean shippedInFull() {
    return ships()
        && cancelledAt == null
        && fulfillmentOrders.stream()
            .allMatch(f -> f.lines.stream().allMatch(l -> l.remaining == 0));
  }

  /** Looks a fulfillment order up among this order's. */
  FulfillmentOrder fulfillmentOrder(long fulfillmentOrderId) {
    return fulfillmentOrders.stream()
        .filter(f -> f.id == fulfillmentOrderId)
        .findFirst()
        .orElse(null);
  }
}
