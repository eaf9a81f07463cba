package io.serai.hub;

import io.serai.order.Discount;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.Tax;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What units of an order's lines cost the buyer, tax and discounts and all, so that everything
 * together is what the channel charges for the order.
 *
 * <p>Guarantee: all units of all lines and what is charged once (freight, fees) are the total to
 * the minor unit, and what some units cost never falls when there are more of them. Gap: where the
 * parts of an order do not add up to its total, the difference is spread over the lines by price;
 * and so is a tax that only the order states.
 */
public final class Worth {
  private static final MathContext EXACT = MathContext.DECIMAL128;

  private final String currency;
  private final Money total;
  private final Money charges;
  private final List<OrderLine> lines;
  private final Map<String, BigDecimal> weights = new HashMap<>();
  private final BigDecimal weight;

  /** Of this order. */
  public Worth(Order order) {
    currency = order.currency();
    lines = order.lines();
    var sum = BigDecimal.ZERO;
    for (var line : lines) {
      var own = weight(line);
      weights.put(line.lineId(), own);
      sum = sum.add(own);
    }
    weight = sum;
    var once = charges(order);
    var stated = order.totals() == null ? null : order.totals().channelGrandTotal();
    if (stated == null && order.totals() != null) {
      stated = order.totals().grandTotal();
    }
    total = stated == null ? rounded(sum).plus(once) : stated.rounded();
    // Nobody is charged less than nothing for the goods.
    charges = weight.signum() == 0 || once.compareTo(total) > 0 ? total : once;
  }

  /** What all of it costs. */
  Money total() {
    return total;
  }

  /** What is charged once, however much of the order is sent. */
  Money charges() {
    return charges;
  }

  /** What these units cost, without what is charged once. */
  public Money of(Map<String, Integer> units) {
    if (weight.signum() == 0) {
      return Money.zero(currency);
    }
    var part = BigDecimal.ZERO;
    for (var line : lines) {
      var wanted = Math.min(units.getOrDefault(line.lineId(), 0), line.ordered());
      if (wanted > 0) {
        part =
            part.add(
                weights
                    .get(line.lineId())
                    .multiply(BigDecimal.valueOf(wanted))
                    .divide(BigDecimal.valueOf(line.ordered()), EXACT));
      }
    }
    return rounded(total.minus(charges).amount().multiply(part).divide(weight, EXACT));
  }

  /** How far two ways to add it up may differ by rounding. */
  BigDecimal tolerance() {
    // A price and a tax of each line are rounded apart.
    return Money.minorUnit(currency).multiply(BigDecimal.valueOf(2L * Math.max(1, lines.size())));
  }

  private Money rounded(BigDecimal amount) {
    return new Money(amount.setScale(Money.minorUnits(currency), RoundingMode.HALF_UP), currency);
  }

  private BigDecimal weight(OrderLine line) {
    if (line.unitPrice() == null && line.lineTotal() == null) {
      return BigDecimal.ZERO;
    }
    var price =
        line.lineTotal() != null ? line.lineTotal() : line.unitPrice().times(line.ordered());
    return price.amount().add(onTop(line.taxes())).max(BigDecimal.ZERO);
  }

  private Money charges(Order order) {
    var sum = BigDecimal.ZERO;
    for (var line : order.shippingLines()) {
      sum = sum.add(line.price().amount()).add(onTop(line.taxes()));
      for (Discount discount : line.discounts()) {
        sum = sum.subtract(discount.amount().amount());
      }
    }
    for (var fee : order.fees()) {
      sum = sum.add(fee.amount().amount());
    }
    var totals = order.totals();
    if (totals != null) {
      sum = sum.add(amount(totals.duties())).add(amount(totals.gratuity()));
      if (order.fees().isEmpty()) {
        sum = sum.add(amount(totals.fees()));
      }
    }
    return rounded(sum.max(BigDecimal.ZERO));
  }

  private static BigDecimal amount(Money money) {
    return money == null ? BigDecimal.ZERO : money.amount();
  }

  private static BigDecimal onTop(List<Tax> taxes) {
    var sum = BigDecimal.ZERO;
    for (var tax : taxes) {
      if (!tax.included() && tax.amount() != null) {
        sum = sum.add(tax.amount().amount());
      }
    }
    return sum;
  }
}
