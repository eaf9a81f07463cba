package io.serai.access;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * From where on a second person has to approve, as {@code serai.approval} says.
 *
 * @param replaysAbove how many dead letters one person may replay at once; null for any number
 * @param discardsAbove how many one person may discard at once; null for any number
 * @param refundsAbove how much money of one order one person may have given back, by currency, and
 *     nothing in any other; empty for any sum
 */
public record ApprovalTerms(
    Integer replaysAbove, Integer discardsAbove, Map<String, BigDecimal> refundsAbove) {
  private static final String REPLAYS = "serai.approval.replays-above";
  private static final String DISCARDS = "serai.approval.discards-above";
  private static final String REFUNDS = "serai.approval.refunds-above";

  /** Nobody needs anybody. */
  public static final ApprovalTerms NONE = new ApprovalTerms(null, null, Map.of());

  /**
   * Reads and judges.
   *
   * @throws AccessRefused with one sentence a fault
   */
  public static ApprovalTerms from(Environment environment) {
    var faults = new ArrayList<String>();
    var replays = number(environment, REPLAYS, faults);
    var discards = number(environment, DISCARDS, faults);
    var refunds = new TreeMap<String, BigDecimal>();
    Binder.get(environment)
        .bind(REFUNDS, Bindable.mapOf(String.class, String.class))
        .orElse(Map.of())
        .forEach(
            (currency, sum) -> {
              if (!currency.matches("[A-Za-z]{3}")) {
                faults.add(
                    "'%s.%s' names no currency; write it as %s.EUR."
                        .formatted(REFUNDS, currency, REFUNDS));
              } else if (!sum.strip().matches("[0-9]{1,15}(\\.[0-9]{1,6})?")) {
                faults.add(
                    "'%s.%s' is '%s', which is no amount; give decimal text as 200.00."
                        .formatted(REFUNDS, currency, sum));
              } else {
                refunds.put(currency.toUpperCase(Locale.ROOT), new BigDecimal(sum.strip()));
              }
            });
    if (!faults.isEmpty()) {
      throw new AccessRefused(String.join("\n", List.copyOf(faults)));
    }
    return new ApprovalTerms(replays, discards, Map.copyOf(refunds));
  }

  private static Integer number(Environment environment, String key, List<String> faults) {
    var text = environment.getProperty(key);
    if (text != null && !text.strip().matches("[0-9]{1,9}")) {
      faults.add("'%s' is '%s', which is no whole number; give one as 1000.".formatted(key, text));
      return null;
    }
    return text == null ? null : Integer.valueOf(text.strip());
  }

  /** How much of an order in this currency one person may have given back; null for any sum. */
  public BigDecimal refundsAbove(String currency) {
    return refundsAbove.isEmpty() ? null : refundsAbove.getOrDefault(currency, BigDecimal.ZERO);
  }
}
