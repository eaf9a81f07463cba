package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount as the shop and as the buyer see it.
 *
 * <p>Each side is rounded by itself and summed by itself, so sums hold exactly on both sides while
 * the rate between two amounts is only near.
 */
record Cash(BigDecimal shop, BigDecimal buyer, Money money) {

  /** The two currencies of an order; the shop's has two decimals. */
  record Money(String shopCurrency, String buyerCurrency, BigDecimal rate, int digits) {

    Cash of(BigDecimal shopAmount) {
      return new Cash(
          shopAmount.setScale(2, RoundingMode.HALF_UP),
          shopAmount.multiply(rate).setScale(digits, RoundingMode.HALF_UP),
          this);
    }

    Cash zero() {
      return of(BigDecimal.ZERO);
    }
  }

  Cash plus(Cash other) {
    return new Cash(shop.add(other.shop), buyer.add(other.buyer), money);
  }

  Cash minus(Cash other) {
    return new Cash(shop.subtract(other.shop), buyer.subtract(other.buyer), money);
  }

  Cash times(int count) {
    var n = BigDecimal.valueOf(count);
    return new Cash(shop.multiply(n), buyer.multiply(n), money);
  }

  /** This share of the amount, rounded on each side. */
  Cash share(BigDecimal share) {
    return new Cash(
        shop.multiply(share).setScale(2, RoundingMode.HALF_UP),
        buyer.multiply(share).setScale(money.digits(), RoundingMode.HALF_UP),
        money);
  }

  /** The tax of this rate that an amount contains. */
  Cash contained(BigDecimal taxRate, BigDecimal allRates) {
    var divisor = BigDecimal.ONE.add(allRates);
    return new Cash(
        shop.multiply(taxRate).divide(divisor, 2, RoundingMode.HALF_UP),
        buyer.multiply(taxRate).divide(divisor, money.digits(), RoundingMode.HALF_UP),
        money);
  }

  boolean isZero() {
    return shop.signum() == 0 && buyer.signum() == 0;
  }

  /** The shop's amount as webhooks write it. */
  String text() {
    return shop.toPlainString();
  }

  /** Both amounts as webhooks write them. */
  ObjectNode set() {
    var set = Jsons.object();
    set.set("shop_money", amount(shop, money.shopCurrency()));
    set.set("presentment_money", amount(buyer, money.buyerCurrency()));
    return set;
  }

  private static ObjectNode amount(BigDecimal amount, String currency) {
    return Jsons.object().put("amount", amount.toPlainString()).put("currency_code", currency);
  }
}
