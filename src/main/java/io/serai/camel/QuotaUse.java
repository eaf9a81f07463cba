package io.serai.camel;

import io.serai.outbox.SharedQuotas;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quotas that an exchange took a call of for its next call, to be set right by what the partner
 * answers.
 *
 * <p>A partner that says that there is no call left means one of them, and seldom says which: it is
 * taken for the one that is full again soonest. Gap: when it meant a slower one, only the time that
 * it wants to be left alone keeps us from asking.
 */
record QuotaUse(SharedQuotas quotas, List<Taken> taken) {
  /** Exchange property: the quotas that the next call is counted by. */
  private static final String PROPERTY = "SeraiQuota";

  private static final Logger LOG = LoggerFactory.getLogger(QuotaUse.class);

  /**
   * A quota that a call was taken of.
   *
   * @param header of the answer that says calls per second, or null
   */
  record Taken(SharedQuotas.Quota quota, String header) {}

  /** Notes that a call was taken. */
  static void took(
      Exchange exchange, SharedQuotas quotas, SharedQuotas.Quota quota, String header) {
    var use = exchange.getProperty(PROPERTY, QuotaUse.class);
    var taken = new ArrayList<Taken>(use == null ? List.of() : use.taken);
    taken.removeIf(one -> one.quota().equals(quota));
    taken.add(new Taken(quota, header));
    exchange.setProperty(PROPERTY, new QuotaUse(quotas, List.copyOf(taken)));
  }

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
    var spent = failed != null && failed.getStatusCode() == 429 ? soonest() : null;
    var rates = new LinkedHashMap<SharedQuotas.Quota, Double>();
    for (var one : taken) {
      var said =
          one.header() == null
              ? null
              : failed == null
                  ? exchange.getMessage().getHeader(one.header(), String.class)
                  : find(one.header(), failed.getResponseHeaders());
      var rate = rate(said);
      if (rate > 0) {
        rates.put(one.quota(), rate);
      }
    }
    if (spent != null || !rates.isEmpty()) {
      Thread.ofVirtual().name("serai-quota").start(() -> keep(spent, rates));
    }
  }

  private SharedQuotas.Quota soonest() {
    return taken.stream()
        .map(Taken::quota)
        .min(Comparator.comparing(quota -> quota.burst() / quota.perSecond()))
        .orElse(null);
  }

  private void keep(SharedQuotas.Quota spent, Map<SharedQuotas.Quota, Double> rates) {
    try {
      if (spent != null) {
        quotas.drain(spent);
      }
      for (var one : rates.entrySet()) {
        quotas.correct(one.getKey(), one.getValue());
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "What '{}' bears could not be kept: {}",
          taken.getFirst().quota().account(),
          e.getMessage());
    }
  }

  private static String find(String header, Map<String, String> headers) {
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
