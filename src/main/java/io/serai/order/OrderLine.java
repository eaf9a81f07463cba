package io.serai.order;

import java.util.List;
import java.util.Map;

/**
 * One line of an order, with its quantities as the channel knows them.
 *
 * <p>Guarantee: {@code ordered} never changes after the sale; cancelled, shipped, returned and
 * refunded explain the difference. Gap: what we allocated and released is not here, it is the
 * hub's.
 *
 * @param lineId the channel's key of the line
 * @param parentLineId the line of the bundle this is a component of
 * @param sku ours; absent when the channel sold something without one
 * @param unit EA, or GRM for weighed goods
 * @param unitPrice before discounts
 * @param lineTotal unit price times ordered, less the line's discounts
 * @param preorder present when it was sold before the goods are there
 */
public record OrderLine(
    String lineId,
    Integer lineNumber,
    String parentLineId,
    LineKind kind,
    String sku,
    ListingRef listing,
    String title,
    Map<String, String> options,
    String unit,
    int ordered,
    int cancelled,
    int shipped,
    int returned,
    int refunded,
    boolean requiresShipping,
    Money unitPrice,
    List<Discount> discounts,
    List<Tax> taxes,
    Money lineTotal,
    Preorder preorder) {

  /** Lists and options are never null. */
  public OrderLine {
    options = options == null ? Map.of() : Map.copyOf(options);
    discounts = discounts == null ? List.of() : List.copyOf(discounts);
    taxes = taxes == null ? List.of() : List.copyOf(taxes);
  }

  /** A line of something that was not sold before it is there. */
  public OrderLine(
      String lineId,
      Integer lineNumber,
      String parentLineId,
      LineKind kind,
      String sku,
      ListingRef listing,
      String title,
      Map<String, String> options,
      String unit,
      int ordered,
      int cancelled,
      int shipped,
      int returned,
      int refunded,
      boolean requiresShipping,
      Money unitPrice,
      List<Discount> discounts,
      List<Tax> taxes,
      Money lineTotal) {
    this(
        lineId,
        lineNumber,
        parentLineId,
        kind,
        sku,
        listing,
        title,
        options,
        unit,
        ordered,
        cancelled,
        shipped,
        returned,
        refunded,
        requiresShipping,
        unitPrice,
        discounts,
        taxes,
        lineTotal,
        null);
  }

  /** What is still wanted from a warehouse: ordered less cancelled and shipped, never negative. */
  public int open() {
    return Math.max(0, ordered - cancelled - shipped);
  }

  /** Whether a warehouse has to send it. */
  public boolean toShip() {
    return requiresShipping && kind.isGoods();
  }
}
