package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a channel owes us for one shipment (the document {@code invoice}).
 *
 * <p>Guarantee: items and charges and taxes less discounts are the total, each in whole minor
 * units; the invoices of an order that is sent in full add up to the order.
 *
 * @param number ours, once only
 * @param shipmentKey our id of the shipment; {@code shipmentId} is the warehouse's
 * @param tracking the number of its first parcel
 * @param order the order as it is applied
 */
public record Invoice(
    String number,
    String orderId,
    String shipmentKey,
    String shipmentId,
    Instant invoicedAt,
    Instant shippedAt,
    String currency,
    Shipment.Carrier carrier,
    String tracking,
    String billOfLading,
    List<Line> lines,
    List<Amount> charges,
    List<Amount> discounts,
    List<Amount> taxes,
    Totals totals,
    ChannelRef channel,
    Map<String, Object> order) {

  /** Lists are never null. */
  public Invoice {
    lines = lines == null ? List.of() : List.copyOf(lines);
    charges = charges == null ? List.of() : List.copyOf(charges);
    discounts = discounts == null ? List.of() : List.copyOf(discounts);
    taxes = taxes == null ? List.of() : List.copyOf(taxes);
  }

  /** Units of one line that were sent; the amount is before any discount. */
  public record Line(String lineId, String sku, int quantity, Money unitPrice, Money amount) {}

  /** A charge, discount or tax, as a positive amount. */
  public record Amount(String title, String code, Money amount) {}

  /** The sums. */
  public record Totals(Money items, Money discount, Money charges, Money tax, Money total) {}
}
