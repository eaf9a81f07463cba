package io.serai.reconcile;

import java.util.Arrays;
import java.util.List;

/** What can stand otherwise there than here. */
public enum FindingKind {
  /** The channel has an order that is not here. */
  ORDER_MISSING("order", "An order of the channel is not here."),
  /** An order here that the channel does not have. */
  ORDER_EXTRA("order", "An order here is not at the channel."),
  /** One side cancelled it and the other did not. */
  ORDER_CANCELLED("order", "An order is cancelled on one side only."),
  /** The amounts differ. */
  ORDER_AMOUNT("order", "An order has another total there."),
  /** More left than the channel was told. */
  SHIPMENT_UNTOLD("order", "The channel does not know of units that left."),
  /** The channel shows more as sent than left here. */
  SHIPMENT_UNKNOWN("order", "The channel shows units as sent that are not sent here."),
  /** The channel shows other tracking numbers. */
  SHIPMENT_TRACKING("order", "The channel does not show a tracking number that it was told."),
  /** One side refunded more units, or more money. */
  REFUND_DIFFERENT("order", "What was refunded differs."),
  /** The partner does not have a request that it confirmed. */
  REQUEST_MISSING("fulfillment-request", "The partner does not have a request of ours."),
  /** The partner is at another point of a request. */
  REQUEST_DIFFERENT("fulfillment-request", "A request is in another state at the partner."),
  /** The channel shows another quantity than it was told. */
  STOCK_SHOWN("stock", "The channel shows another quantity than it was told."),
  /** The partner holds another quantity. */
  STOCK_HELD("stock", "The partner has another quantity on hand.");

  private final String document;
  private final String meaning;

  FindingKind(String document, String meaning) {
    this.document = document;
    this.meaning = meaning;
  }

  /** The document whose comparison finds it. */
  public String document() {
    return document;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** Those of some names. */
  static List<String> names(FindingKind... kinds) {
    return Arrays.stream(kinds).map(Enum::name).toList();
  }
}
