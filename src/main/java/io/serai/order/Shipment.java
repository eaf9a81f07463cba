package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What left a warehouse; the last of a request without packages says that nothing of it comes.
 *
 * @param shipmentId the partner's key
 * @param orderId ours; only on the way to a channel
 * @param channel only on the way to a channel
 * @param last whether no more of the request will come; null as long as more may
 * @param code why the rest does not come, when this is the last
 * @param billOfLading number of the papers of a truck
 * @param proNumber the trucker's own number
 * @param key our id of it, only towards a channel that trades in documents
 * @param shipFrom the node it left, likewise
 * @param order the order as it is applied, likewise
 * @param addressHash the hash of the address as it was asked for, told back by the node, or null
 * @param shipTo where the node says it sent it, or null
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
    RefusalCode code,
    String billOfLading,
    String proNumber,
    Weight weight,
    String key,
    String shipFrom,
    Map<String, Object> order,
    String addressHash,
    Address shipTo) {

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

  /** One that says nothing of papers and weight. */
  public Shipment(
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
    this(
        fulfillmentId,
        shipmentId,
        orderId,
        channel,
        shippedAt,
        carrier,
        service,
        packages,
        last,
        code,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same shipment as other parcels, and nothing of what else may come. */
  public Shipment as(String shipmentId, List<Package> packages) {
    return new Shipment(
        fulfillmentId,
        shipmentId,
        orderId,
        channel,
        shippedAt,
        carrier,
        service,
        packages,
        null,
        null,
        billOfLading,
        proNumber,
        weight,
        key,
        shipFrom,
        order,
        null,
        null);
  }

  /**
   * The same shipment without where it went: personal data that nobody needs once it is checked.
   */
  public Shipment withoutAddress() {
    return new Shipment(
        fulfillmentId,
        shipmentId,
        orderId,
        channel,
        shippedAt,
        carrier,
        service,
        packages,
        last,
        code,
        billOfLading,
        proNumber,
        weight,
        key,
        shipFrom,
        order,
        addressHash,
        null);
  }

  /**
   * Who carries it; the code is ours, the name is the partner's.
   *
   * @param scac its code in North America, when the partner says it
   */
  public record Carrier(String code, String name, String scac) {
    /** One of whom that is not said. */
    public Carrier(String code, String name) {
      this(code, name, null);
    }
  }

  /** What all of it weighs: decimal text, in LBR or KGM. */
  public record Weight(String value, String unit) {}

  /**
   * One box.
   *
   * @param sscc the 18 digits on its label, or null
   */
  public record Package(List<Tracking> tracking, List<Line> lines, String sscc) {
    /** One without such a label. */
    public Package(List<Tracking> tracking, List<Line> lines) {
      this(tracking, lines, null);
    }

    /** Lists are never null. */
    public Package {
      tracking = tracking == null ? List.of() : List.copyOf(tracking);
      lines = lines == null ? List.of() : List.copyOf(lines);
    }
  }

  /** How to follow a box. */
  public record Tracking(String number, String url) {}

  /**
   * So many of one line, named by line or, when the partner knows no lines, by SKU.
   *
   * @param serials the numbers on the very units, or null when the partner names none
   */
  public record Line(String lineId, String sku, int quantity, List<String> serials) {
    /** Of units without such numbers. */
    public Line(String lineId, String sku, int quantity) {
      this(lineId, sku, quantity, null);
    }
  }
}
