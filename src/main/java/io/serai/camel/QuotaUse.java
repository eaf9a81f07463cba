package io.serai.camel;

import io.serai.outbox.SharedQuotas;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A quota that an exchange took a call of, to be set right by what the partner answers.
 *
 * @param header of the answer that says calls per second, or null
 */
record QuotaUse(SharedQuotas quotas, SharedQuotas.Quota quota, String header) {
  /** Exchange property: the quotas that the next call is counted by. */
  private static final String PROPERTY = "SeraiQuota";

  private static final Logger LOG = LoggerFactory.getLogger(QuotaUse.class);

  /** Notes that the next call is counted by this quota, too. */
  static void taken(Exchange exchange, QuotaUse use) {
    var uses = new ArrayList<>(of(exchange));
    uses.add(use);
    exchange.setProperty(PROPERTY, List.copyOf(uses));
  }

  private static List<QuotaUse> of(Exchange exchange) {
    var uses = exchange.getProperty(PROPERTY, List.class);
    return uses == null
        ? List.of()
        : ((List<?>) uses).stream().map(QuotaUse.class::cast).toList();
  }

  /** Learns from an answer, beside the exchange's way. */
  static void answered(Exchange exchange) {
    var uses = of(exchange);
    if (uses.isEmpty()) {
      return;
    }
    exchange.removeProperty(PROPERTY);
    var failed = exchange.getException(HttpOperationFailedException.class);
    var spent = failed != null && failed.getStatusCode() == 429 ? quickest(uses) : null;
    uses.forEach(use -> use.learn(exchange, failed, use == spent));
  }

  /**
   * The one that a refusal is laid to: which was spent is not said, and a day's quota that is taken
   * for spent would stand still for hours where a second's was. When it is the day's, the next
   * refusals say so, each with its time.
   */
  static QuotaUse quickest(List<QuotaUse> uses) {
    return uses.stream()
        .max(Comparator.comparingDouble(use -> use.quota().perSecond()))
        .orElseThrow();
  }

  private void learn(Exchange exchange, HttpOperationFailedException failed, boolean spent) {
    var said =
        header == null
            ? null
            : failed == null
                ? exchange.getMessage().getHeader(header, String.class)
                : find(failed.getResponseHeaders());
    var rate = rate(said);
    if (spent || rate > 0) {
      Thread.ofVirtual().name("serai-quota").start(() -> keep(spent, rate));
    }
  }

  private void keep(boolean spent, double rate) {
    try {
      if (rate > 0) {
        quotas.correct(quota, rate);
      }
      if (spent) {
        quotas.drain(quota);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "What '{}' bears of '{}' could not be kept: {}",
          quota.account(),
          quota.name(),
          e.getMessage());
    }
  }

  private String find(Map<String, String> headers) {
    for (var one : headers == null ? Map.<String, String>of().entrySet() : headers.entrySet()) {
      if (header.equalsIgnoreCase(one.getKey())) {
        return one.getValue();
      }
    }
    return null;
  }

  private static double rate(String said) {
    if (said == null || !said.strip().matches("[0-9]{1,6}([.][0-9]{1,20})?")) {
      return 0;
    }
    return Double.parseDouble(said.strip());
  }
}
