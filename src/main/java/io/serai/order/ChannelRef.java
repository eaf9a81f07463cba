package io.serai.order;

/**
 * What the channel calls the order; with the account it identifies it.
 *
 * @param type the connector, for instance {@code shopify}
 * @param account the account's name in the configuration
 * @param orderId the channel's key, as text
 * @param displayNumber the number buyers see; not unique
 */
public record ChannelRef(
    String type,
    String account,
    String orderId,
    String displayNumber,
    String legacyOrderId,
    String customerOrderId,
    String purchaseOrderNumber,
    String marketplace,
    String sourceName,
    String url) {

  /** A reference of the three parts that identify an order. */
  public static ChannelRef of(String type, String account, String orderId) {
    return new ChannelRef(type, account, orderId, null, null, null, null, null, null, null);
  }
}
