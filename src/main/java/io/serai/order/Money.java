package io.serai.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Objects;

/**
 * An amount in one currency, exactly as it was stated.
 *
 * <p>Guarantee: the amount carries at least the minor units ISO 4217 gives its currency and is
 * never rounded on the way in; two amounts of different currencies never meet. Gap: no conversion,
 * and no opinion about signs: prices, taxes, discounts and refunds are positive by convention.
 */
public record Money(BigDecimal amount, String currency) implements Comparable<Money> {

  private static final int MAX_SCALE = 20;
  private static final int MAX_PRECISION = 38;

  /** Pads the amount to its currency's minor units; zeros beyond them are dropped. */
  public Money {
    Objects.requireNonNull(amount, "amount");
    Objects.requireNonNull(currency, "currency");
    amount = scaled(amount, minorUnits(currency));
  }

  /** The amount in decimal text, for instance {@code Money.of("12.3", "EUR")}. */
  public static Money of(String amount, String currency) {
    return new Money(new BigDecimal(amount), currency);
  }

  /** Nothing, in this currency. */
  public static Money zero(String currency) {
    return new Money(BigDecimal.ZERO, currency);
  }

  /** An amount counted in minor units (cents), as some point-of-sale systems send it. */
  public static Money ofMinor(long units, String currency) {
    return new Money(BigDecimal.valueOf(units, minorUnits(currency)), currency);
  }

  /**
   * How many decimals ISO 4217 gives a currency.
   *
   * @throws IllegalArgumentException when the code is not in ISO 4217
   */
  public static int minorUnits(String currency) {
    return MinorUnits.of(currency);
  }

  /** The smallest amount the currency can pay: 0.01 for EUR, 1 for JPY, 0.001 for KWD. */
  public static BigDecimal minorUnit(String currency) {
    return BigDecimal.ONE.movePointLeft(minorUnits(currency));
  }

  /** The sum of both. */
  public Money plus(Money other) {
    return new Money(amount.add(same(other).amount), currency);
  }

  /** This less the other; may be negative. */
  public Money minus(Money other) {
    return new Money(amount.subtract(same(other).amount), currency);
  }

  /** This so many times. */
  public Money times(long count) {
    return new Money(amount.multiply(BigDecimal.valueOf(count)), currency);
  }

  /** Rounded half up to what the currency can pay. */
  public Money rounded() {
    return new Money(amount.setScale(minorUnits(currency), RoundingMode.HALF_UP), currency);
  }

  /** Whether this is nothing. */
  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** Compares amounts of one currency. */
  @Override
  public int compareTo(Money other) {
    return amount.compareTo(same(other).amount);
  }

  /** The amount as plain decimal text, without an exponent. */
  public String text() {
    return amount.toPlainString();
  }

  /** For people: {@code 12.30 EUR}. */
  @Override
  public String toString() {
    return text() + " " + currency;
  }

  private Money same(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "Amounts of '%s' and '%s' cannot be combined; keep one currency per sum."
              .formatted(currency, other.currency));
    }
    return other;
  }

  private static BigDecimal scaled(BigDecimal amount, int minorUnits) {
    if (amount.scale() == minorUnits) {
      return checked(amount);
    }
    BigDecimal exact = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    checked(exact);
    return exact.setScale(Math.max(minorUnits, exact.scale()), RoundingMode.UNNECESSARY);
  }

  /** Keeps a hostile exponent from turning into megabytes of zeros. */
  private static BigDecimal checked(BigDecimal amount) {
    if (Math.abs((long) amount.scale()) > MAX_SCALE || amount.precision() > MAX_PRECISION) {
      throw new IllegalArgumentException(
          "An amount of %d digits at scale %d is not money; check the number that was sent."
              .formatted(amount.precision(), amount.scale()));
    }
    return amount;
  }

  private static final class MinorUnits {

    private static final java.util.Map<String, Integer> BY_CODE = all();

    private static java.util.Map<String, Integer> all() {
      var all = new java.util.HashMap<String, Integer>();
      for (Currency currency : Currency.getAvailableCurrencies()) {
        // Metals and test codes have none; they are not what an order is charged in.
        if (currency.getDefaultFractionDigits() >= 0) {
          all.put(currency.getCurrencyCode(), currency.getDefaultFractionDigits());
        }
      }
      return java.util.Map.copyOf(all);
    }

    static int of(String currency) {
      Integer units = BY_CODE.get(currency);
      if (units == null) {
        throw new IllegalArgumentException(
            "'%s' is not a currency of ISO 4217; send its three capital letters."
                .formatted(currency));
      }
      return units;
    }
  }
}
