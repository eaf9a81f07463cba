package io.serai.order;

import java.util.List;

/** What the buyer chose and paid for the transport; the price is before its discounts. */
public record ShippingLine(
    String title, String code, Money price, List<Discount> discounts, List<Tax> taxes) {

  /** Lists are never null. */
  public ShippingLine {
    discounts = discounts == null ? List.of() : List.copyOf(discounts);
    taxes = taxes == null ? List.of() : List.copyOf(taxes);
  }
}
