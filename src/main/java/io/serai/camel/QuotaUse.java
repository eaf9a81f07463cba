package io.serai.camel;

import io.serai.outbox.SharedQuotas;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quota that an exchange took a call of, to be set right by what the partner answers.
 *
 * @param header of the answer that says calls per second, or null
 */
record QuotaUse(SharedQuotas quotas, SharedQuotas.Quota quota, String header) {
  /** Exchange property: the quota that the next call is counted by. */
  static final String PROPERTY = "SeraiQuota";

  private static final Logger LOG = LoggerFactory.getLogger(QuotaUse.class);

  /** Learns from an answer, beside the exchange's way. */
  static void answered(Exchange exchange) {
    var use = exchange.getProperty(PROPERTY, QuotaUse.class);
    if (use != null) {
      exchange.removeProperty(PROPERTY);
      use.learn(exchange);
    }
  }

  private void learn(Exchange exchange) {
    var failed = exchange.getException(HttpOperationFailedException.class);
    var spent = failed != null && failed.getStatusCode() == 429;
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
