package io.serai.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sale as one channel states it, in our words.
 *
 * <p>Guarantee: everything in it came from the channel's document; nothing is invented or repaired.
 * Gap: it is the channel's view at {@code updatedAt}; reservations, fulfillment orders and our own
 * status live in the hub.
 */
public record Order(
    String schemaVersion,
    ChannelRef channel,
    OrderType orderType,
    FulfilledBy fulfilledBy,
    Instant placedAt,
    Instant updatedAt,
    Instant cancelledAt,
    Instant closedAt,
    String cancelReason,
    boolean test,
    String currency,
    String shopCurrency,
    boolean pricesIncludeTax,
    String locale,
    Party buyer,
    Party billTo,
    Party shipTo,
    List<OrderLine> lines,
    List<ShippingLine> shippingLines,
    List<Discount> discounts,
    List<Tax> taxes,
    List<Fee> fees,
    Totals totals,
    Payment payment,
    Risk risk,
    Service service,
    String note,
    List<String> tags,
    Map<String, Object> extensions) {

  /** Lists and extensions are never null. */
  public Order {
    lines = lines == null ? List.of() : List.copyOf(lines);
    shippingLines = shippingLines == null ? List.of() : List.copyOf(shippingLines);
    discounts = discounts == null ? List.of() : List.copyOf(discounts);
    taxes = taxes == null ? List.of() : List.copyOf(taxes);
    fees = fees == null ? List.of() : List.copyOf(fees);
    tags = tags == null ? List.of() : List.copyOf(tags);
    extensions = extensions == null ? Map.of() : Map.copyOf(extensions);
  }

  /**
   * How far our sum of the parts is from the channel's total, when it is further than rounding
   * explains: one minor unit of the currency for each line and shipping line. Present means the
   * order carries the flag {@code MONEY_MISMATCH}; both totals are kept.
   */
  public Optional<Money> moneyMismatch() {
    if (totals == null || totals.grandTotal() == null || totals.channelGrandTotal() == null) {
      return Optional.empty();
    }
    Money difference = totals.grandTotal().minus(totals.channelGrandTotal());
    BigDecimal tolerance =
        Money.minorUnit(currency)
            .multiply(BigDecimal.valueOf(Math.max(1, lines.size() + shippingLines.size())));
    return difference.amount().abs().compareTo(tolerance) > 0
        ? Optional.of(difference)
        : Optional.empty();
  }

  /**
   * What contradicts itself in this order, one sentence each; empty for a sound one. Money that
   * does not add up is not among them: it is a flag, see {@link #moneyMismatch}.
   */
  public List<String> contradictions() {
    var found = new ArrayList<String>();
    for (OrderLine line : lines) {
      if (line.ordered() < 0
          || line.cancelled() < 0
          || line.shipped() < 0
          || line.returned() < 0
          || line.refunded() < 0) {
        found.add("Line '%s' has a negative quantity.".formatted(line.lineId()));
      }
      if (line.cancelled() + line.shipped() > line.ordered()) {
        found.add(
            "Line '%s' has %d cancelled and %d shipped of %d ordered."
                .formatted(line.lineId(), line.cancelled(), line.shipped(), line.ordered()));
      }
      if (line.refunded() > line.ordered()) {
        found.add(
            "Line '%s' has %d refunded of %d ordered."
                .formatted(line.lineId(), line.refunded(), line.ordered()));
      }
      if (line.unitPrice() != null && !line.unitPrice().currency().equals(currency)) {
        found.add(
            "Line '%s' is priced in '%s' in an order charged in '%s'."
                .formatted(line.lineId(), line.unitPrice().currency(), currency));
      }
    }
    long distinct = lines.stream().map(OrderLine::lineId).distinct().count();
    if (distinct < lines.size()) {
      found.add("Two lines have the same line id.");
    }
    return List.copyOf(found);
  }

  /** Whether every unit of every line is cancelled. */
  public boolean cancelledWhole() {
    return cancelledAt != null
        || !lines.isEmpty() && lines.stream().allMatch(l -> l.cancelled() >= l.ordered());
  }
}
