package io.serai.hub;

import io.serai.order.CollectedBy;
import io.serai.order.Discount;
import io.serai.order.Invoice.Amount;
import io.serai.order.Invoice.Line;
import io.serai.order.Invoice.Totals;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.Tax;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one shipment of an order costs.
 *
 * <p>Guarantee: every amount is in whole minor units, items and charges and taxes less discounts
 * are the total, and the shipments of an order that is sent in full cost together what the order
 * does: each is billed what all so far cost less what was billed before, so that no cent is lost to
 * rounding. What is charged once (freight, fees) is charged with the first. Gap: a price that
 * changes between two shipments moves what was billed already to the next of them.
 */
final class Billing {
  private static final MathContext EXACT = MathContext.DECIMAL128;

  /** The parts of an invoice that are money. */
  record Bill(
      List<Line> lines,
      List<Amount> charges,
      List<Amount> discounts,
      List<Amount> taxes,
      Totals totals) {}

  private final Order order;
  private final Map<String, Integer> before;
  private final Map<String, Integer> now;
  private final boolean first;

  // How much of the goods' value was sent before this shipment, and is with it: 0 to 1.
  private final BigDecimal sentBefore;
  private final BigDecimal sentNow;

  private Billing(Order order, Map<String, Integer> before, Map<String, Integer> now) {
    this.order = order;
    this.before = before;
    this.now = now;
    this.first = before.values().stream().allMatch(units -> units == 0);
    var whole = BigDecimal.ZERO;
    var earlier = BigDecimal.ZERO;
    var later = BigDecimal.ZERO;
    for (var line : order.lines()) {
      var gross = gross(line).amount();
      whole = whole.add(gross);
      earlier = earlier.add(gross.multiply(part(line, before(line)), EXACT));
      later = later.add(gross.multiply(part(line, before(line) + now(line)), EXACT));
    }
    this.sentBefore = whole.signum() == 0 ? BigDecimal.ZERO : earlier.divide(whole, EXACT);
    this.sentNow = whole.signum() == 0 ? BigDecimal.ONE : later.divide(whole, EXACT);
  }

  /**
   * The bill of one shipment.
   *
   * @param before units of each line that were sent before it, by line id
   * @param now units of each line that it brings
   */
  static Bill of(Order order, Map<String, Integer> before, Map<String, Integer> now) {
    return new Billing(order, before, now).bill();
  }

  private Bill bill() {
    var lines = new ArrayList<Line>();
    for (var line : order.lines()) {
      if (now(line) > 0) {
        lines.add(
            new Line(
                line.lineId(), line.sku(), now(line), line.unitPrice(), share(gross(line), line)));
      }
    }
    var discounts = discounts();
    var charges = charges();
    var taxes = taxes();
    var items = sum(lines.stream().map(Line::amount).toList());
    var discount = sum(discounts.stream().map(Amount::amount).toList());
    var charge = sum(charges.stream().map(Amount::amount).toList());
    var tax = sum(taxes.stream().map(Amount::amount).toList());
    return new Bill(
        lines,
        charges,
        discounts,
        taxes,
        new Totals(items, discount, charge, tax, items.plus(charge).plus(tax).minus(discount)));
  }

  private List<Amount> discounts() {
    var found = new Amounts();
    var ofParts = Money.zero(order.currency());
    for (var line : order.lines()) {
      for (var discount : line.discounts()) {
        ofParts = ofParts.plus(discount.amount());
        found.add(discount.title(), discount.code(), share(discount.amount(), line));
      }
    }
    for (var line : order.shippingLines()) {
      ofParts = ofParts.plus(sum(line.discounts().stream().map(Discount::amount).toList()));
    }
    // Of the order itself; some channels repeat there what its lines say.
    var stated = sum(order.discounts().stream().map(Discount::amount).toList());
    var total = order.totals() == null ? null : order.totals().discount();
    var rest = total == null ? stated : total.minus(ofParts);
    if (rest.compareTo(stated) == 0) {
      order.discounts().forEach(d -> found.add(d.title(), d.code(), share(d.amount())));
    } else if (rest.amount().signum() > 0) {
      found.add(null, null, share(rest));
    }
    return found.list();
  }

  private List<Amount> charges() {
    var found = new Amounts();
    if (first) {
      for (var line : order.shippingLines()) {
        var off = sum(line.discounts().stream().map(Discount::amount).toList());
        found.add(line.title(), line.code(), line.price().minus(off).rounded());
      }
      order.fees().forEach(fee -> found.add(fee.title(), null, fee.amount().rounded()));
    }
    return found.list();
  }

  private List<Amount> taxes() {
    var found = new Amounts();
    var ofLines =
        order.lines().stream().anyMatch(line -> line.taxes().stream().anyMatch(Billing::ours));
    for (var line : order.lines()) {
      line.taxes().stream()
          .filter(Billing::ours)
          .forEach(tax -> found.add(tax.title(), null, share(tax.amount(), line)));
    }
    if (first) {
      order.shippingLines().stream()
          .flatMap(line -> line.taxes().stream())
          .filter(Billing::ours)
          .forEach(tax -> found.add(tax.title(), null, tax.amount().rounded()));
    }
    if (!ofLines) {
      order.taxes().stream()
          .filter(Billing::ours)
          .forEach(tax -> found.add(tax.title(), null, share(tax.amount())));
    }
    return found.list();
  }

  private static boolean ours(Tax tax) {
    return !tax.included() && tax.collectedBy() == CollectedBy.MERCHANT;
  }

  /** What a line costs before its discounts: a case is not always its pieces times their price. */
  private static Money gross(OrderLine line) {
    if (line.lineTotal() == null) {
      return line.unitPrice().times(line.ordered());
    }
    var gross = line.lineTotal();
    for (var discount : line.discounts()) {
      gross = gross.plus(discount.amount());
    }
    return gross;
  }

  private Money share(Money whole, OrderLine line) {
    return share(whole, part(line, before(line)), part(line, before(line) + now(line)));
  }

  private Money share(Money whole) {
    return share(whole, sentBefore, sentNow);
  }

  private static Money share(Money whole, BigDecimal from, BigDecimal to) {
    return rounded(whole, to).minus(rounded(whole, from));
  }

  private static Money rounded(Money whole, BigDecimal part) {
    return new Money(
        whole
            .amount()
            .multiply(part, EXACT)
            .setScale(Money.minorUnits(whole.currency()), RoundingMode.HALF_UP),
        whole.currency());
  }

  private static BigDecimal part(OrderLine line, int units) {
    return line.ordered() == 0
        ? BigDecimal.ZERO
        : BigDecimal.valueOf(units).divide(BigDecimal.valueOf(line.ordered()), EXACT);
  }

  private int before(OrderLine line) {
    return before.getOrDefault(line.lineId(), 0);
  }

  private int now(OrderLine line) {
    return now.getOrDefault(line.lineId(), 0);
  }

  private Money sum(List<Money> amounts) {
    var sum = Money.zero(order.currency());
    for (var amount : amounts) {
      sum = sum.plus(amount);
    }
    return sum;
  }

  /** Amounts of one name are one amount; nothing is not listed. */
  private static final class Amounts {
    private record Name(String title, String code) {}

    private final Map<Name, Money> amounts = new LinkedHashMap<>();

    void add(String title, String code, Money amount) {
      amounts.merge(new Name(title, code), amount, Money::plus);
    }

    List<Amount> list() {
      return amounts.entrySet().stream()
          .filter(entry -> !entry.getValue().isZero())
          .map(entry -> new Amount(entry.getKey().title(), entry.getKey().code(), entry.getValue()))
          .toList();
    }
  }
}
