package io.serai.order;

import java.util.List;

/**
 * What a channel should show as sellable: the outbound form of the document {@code stock}, computed
 * when it is sent.
 */
public record StockPublication(List<Item> items) {

  /** Items are never null. */
  public StockPublication {
    items = items == null ? List.of() : List.copyOf(items);
  }

  /**
   * One listing's quantity.
   *
   * @param key names the item in the receipt
   * @param listingId the channel's key of what is stocked (for Shopify the inventory item)
   * @param locationId where, when the channel keeps stock per place
   * @param quantity never negative
   * @param changeFrom the quantity we believe the channel shows; absent when unknown
   */
  public record Item(
      String key,
      String sku,
      String listingId,
      String variationId,
      String locationId,
      int quantity,
      Integer changeFrom) {}
}
