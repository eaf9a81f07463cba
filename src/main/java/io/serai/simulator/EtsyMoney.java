package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts as Etsy writes them: a whole number and what it is to be divided by. */
final class EtsyMoney {

  static final String CURRENCY = "USD";

  private EtsyMoney() {}

  static ObjectNode of(BigDecimal amount) {
    return Jsons.object()
        .put("amount", amount.movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValueExact())
        .put("divisor", 100)
        .put("currency_code", CURRENCY);
  }
}
