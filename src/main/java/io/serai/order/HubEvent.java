package io.serai.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened here, as the systems behind the hub hear of it: the document {@code
 * event}. It bears no name, address or other personal data; who needs them asks for the order.
 *
 * @param id its own; the same however often it is sent
 * @param type one of those of docs/events.md, as {@code order.received}
 * @param version of this form; fields are only added within one
 * @param sequence rises from event to event of one order, or of one article at one node
 * @param occurredAt when it was committed here
 * @param order how the order stood once it was committed; null when the event is of no order
 * @param shipments what left, of {@code shipment.sent}
 * @param parcel where a parcel stood, of {@code shipment.delivered} and its like; or null
 * @param returned how a return stood, of {@code return.requested} and its like; or null
 * @param stock how the level stood once it was committed; null when the event is of an order
 */
public record HubEvent(
    String id,
    String type,
    int version,
    long sequence,
    Instant occurredAt,
    OrderThen order,
    List<ShipmentThen> shipments,
    ParcelThen parcel,
    ReturnThen returned,
    StockThen stock) {
  /** The form that is sent now. */
  public static final int VERSION = 1;

  /** Shipments are never null. */
  public HubEvent {
    shipments = shipments == null ? List.of() : List.copyOf(shipments);
  }

  /**
   * An order at one instant.
   *
   * @param revision rises with every version of it that was applied
   * @param hold why it is held, or null
   */
  public record OrderThen(
      String id,
      ChannelThen channel,
      int revision,
      OrderState state,
      PaymentState payment,
      String hold,
      boolean test,
      String currency,
      BigDecimal grandTotal,
      List<LineThen> lines) {}

  /** What the channel calls the order. */
  public record ChannelThen(String account, String orderId, String displayNumber) {}

  /** A line's units. */
  public record LineThen(
      String lineId,
      String sku,
      int ordered,
      int cancelled,
      int allocated,
      int backordered,
      int shipped,
      int returned,
      int refunded) {}

  /** A shipment. */
  public record ShipmentThen(String id, String carrier, String tracking, Instant shippedAt) {}

  /** A parcel under way, and the units in it. */
  public record ParcelThen(
      String id,
      String carrier,
      String tracking,
      TrackingState state,
      Instant shippedAt,
      Instant deliveredAt,
      List<UnitsThen> lines) {}

  /**
   * A return, and the units of it.
   *
   * @param name what stands on its label
   * @param node where it is expected, or null
   */
  public record ReturnThen(
      String id,
      String name,
      Return.Kind kind,
      ReturnState state,
      String node,
      List<ReturnUnitsThen> lines) {}

  /** Units of a line that are to come back, and that came. */
  public record ReturnUnitsThen(String lineId, String sku, int quantity, int received) {}

  /** So many units of a line. */
  public record UnitsThen(String lineId, String sku, int quantity) {}

  /** A level of stock, in units. */
  public record StockThen(
      String sku,
      String node,
      int onHand,
      int allocated,
      int frozen,
      int damaged,
      int quarantined,
      int safety,
      int available) {}
}
