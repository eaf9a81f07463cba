package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.outbox.SharedQuotas;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:quota/<name>?account=A}: takes one call of what the partner bears of this kind. When
 * there is none left the route ends here, and what it works on is put off until there is.
 */
final class QuotaProducer extends DefaultAsyncProducer {
  private final SeraiEndpoint endpoint;

  QuotaProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    var quota = account == null ? null : account.quotas().get(endpoint.getName());
    if (quota == null) {
      exchange.setException(unknown());
      callback.done(true);
      return true;
    }
    // The database is asked, and the thread may be one that reads answers.
    Thread.ofVirtual()
        .name("serai-quota")
        .start(
            () -> {
              take(exchange, account, quota.header(), quota.perSecond(), quota.burst());
              callback.done(false);
            });
    return false;
  }

  private void take(
      Exchange exchange, Account account, String header, double perSecond, int burst) {
    var quota = new SharedQuotas.Quota(account.name(), endpoint.getName(), perSecond, burst);
    try {
      var wait = endpoint.quotas().take(quota);
      if (wait.isZero()) {
        QuotaUse.took(exchange, endpoint.quotas(), quota, header);
      } else {
        exchange.setException(NotAsked.withoutQuota(spent(account, wait)));
      }
    } catch (SQLException | RuntimeException e) {
      exchange.setException(NotAsked.stopped(uncounted(account, e), e));
    }
  }

  private Failure spent(Account account, Duration wait) {
    return new Failure(
        FailureKind.THROTTLED,
        "'%s' bears no more '%s' now. It waits until there is room, in about %s."
            .formatted(account.name(), endpoint.getName(), said(wait)),
        Place.of(account.name()),
        null,
        null,
        wait);
  }

  private static String said(Duration wait) {
    var seconds = Math.max(1, (wait.toMillis() + 999) / 1_000);
    return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
  }

  private Failure uncounted(Account account, Exception e) {
    return Failure.of(
        FailureKind.TRANSIENT,
        "Whether '%s' bears another '%s' could not be read (%s). It is tried again by itself."
            .formatted(account.name(), endpoint.getName(), e.getMessage()),
        Place.of(account.name()));
  }

  private FailureException unknown() {
    return new FailureException(
        Failure.of(
            FailureKind.CONFIG,
            "Account '%s' has no quota '%s'. Name it under 'quotas' of its connector."
                .formatted(endpoint.getAccount(), endpoint.getName()),
            Place.of(endpoint.getAccount())));
  }
}
