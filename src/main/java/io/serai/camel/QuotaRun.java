package io.serai.camel;

import io.serai.outbox.SharedQuotas;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;

/**
 * How many calls of one quota an exchange took by itself, and since when. Who took alone all that a
 * quota gives in that time needs more than there ever is: when it begins anew, it ends at the same
 * place.
 */
record QuotaRun(int calls, Instant since) {
  /** Begin of an exchange property's name; the quota's follows. */
  private static final String PROPERTY = "SeraiQuotaRun.";

  /** Notes one more call. */
  static void took(Exchange exchange, SharedQuotas.Quota quota, Instant now) {
    var before = of(exchange, quota);
    exchange.setProperty(
        PROPERTY + quota.name(),
        before == null ? new QuotaRun(1, now) : new QuotaRun(before.calls + 1, before.since));
  }

  /** What it took so far, or null. */
  static QuotaRun of(Exchange exchange, SharedQuotas.Quota quota) {
    return exchange.getProperty(PROPERTY + quota.name(), QuotaRun.class);
  }

  /** Whether nobody but this exchange can have taken what is missing now. */
  boolean tookAll(SharedQuotas.Quota quota, double perSecond, Instant now) {
    var seconds = Math.max(0, Duration.between(since, now).toMillis()) / 1_000.0;
    return calls >= quota.burst() && calls + 1 > quota.burst() + perSecond * seconds;
  }
}
