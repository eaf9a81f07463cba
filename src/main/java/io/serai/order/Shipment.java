package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What left a warehouse.
 *
 * @param shipmentId the partner's key
 * @param orderId ours; only on the way to a channel
 * @param channel only on the way to a channel
 * @param last whether no more of the request will come; null as long as more may
 * @param code why the rest does not come, when this is the last
 */
public record Shipment(
    String fulfillmentId,
    String shipmentId,
    String orderId,
    ChannelRef channel,
    Instant shippedAt,
    Carrier carrier,
    String service,
    List<Package> packages,
    Boolean last,
    RefusalCode code) {

  /** Packages are never null. */
  public Shipment {
    packages = packages == null ? List.of() : List.copyOf(packages);
  }

  /** One after which more may come. */
  public Shipment(
      String fulfillmentId,
      String shipmentId,
      String orderId,
      ChannelRef channel,
      Instant shippedAt,
      Carrier carrier,
      String service,
      List<Package> packages) {
    this(
        fulfillmentId,
        shipmentId,
        orderId,
        channel,
        shippedAt,
        carrier,
        service,
        packages,
        null,
        null);
  }

  /** Who carries it; the code is ours, the name is the partner's. */
  public record Carrier(String code, String name) {}

  /** One box. */
  public record Package(List<Tracking> tracking, List<Line> lines) {

    /** Lists are never null. */
    public Package {
      tracking = tracking == null ? List.of() : List.copyOf(tracking);
      lines = lines == null ? List.of() : List.copyOf(lines);
    }
  }

  /** How to follow a box. */
  public record Tracking(String number, String url) {}

  /** So many of one line, named by line or, when the partner knows no lines, by SKU. */
  public record Line(String lineId, String sku, int quantity) {}
}
