package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What we ask one warehouse to send, or to stop sending.
 *
 * @param reference the partner's own key, when it is known
 * @param tags marks that our rules put on the order
 * @param addressHash tells addresses apart: a node that tells it back shows where it sent to
 */
public record FulfillmentRequest(
    String fulfillmentId,
    String orderId,
    Action action,
    ChannelRef channel,
    String node,
    String partner,
    String reference,
    Party shipTo,
    Service service,
    String note,
    List<Line> lines,
    String currency,
    Instant placedAt,
    List<String> tags,
    String addressHash) {

  /** Lists are never null. */
  public FulfillmentRequest {
    lines = lines == null ? List.of() : List.copyOf(lines);
    tags = tags == null ? List.of() : List.copyOf(tags);
  }

  /** Send, or stop. */
  public enum Action {
    REQUEST,
    CANCEL
  }

  /**
   * So many of one SKU, for one line of the order.
   *
   * @param hsCode the customs tariff number, when somebody said it of the item
   * @param originCountry where it was made, likewise: ISO 3166-1 alpha-2
   */
  public record Line(
      String lineId, String sku, String title, int quantity, String hsCode, String originCountry) {}
}
