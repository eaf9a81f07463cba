package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Repeat;
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
 *
 * <p>What took all of a quota by itself and needs more would begin anew for ever. It is stopped
 * with a sentence, but for a delivery whose route can ask the partner what is done already and goes
 * on from there.
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
      var now = endpoint.hub().clock().instant();
      var run = QuotaRun.of(exchange, quota);
      if (wait.isZero()) {
        QuotaRun.took(exchange, quota, now);
        QuotaUse.took(exchange, endpoint.quotas(), quota, header);
      } else if (run != null
          && run.tookAll(quota, endpoint.quotas().perSecond(quota), now)
          && !goesOn(exchange, account)) {
        exchange.setException(NotAsked.stopped(tooMuch(account, run, burst), null));
      } else {
        exchange.setException(NotAsked.withoutQuota(spent(account, wait)));
      }
    } catch (SQLException | RuntimeException e) {
      exchange.setException(NotAsked.stopped(uncounted(account, e), e));
    }
  }

  private static boolean goesOn(Exchange exchange, Account account) {
    return exchange.getVariable(Variables.OPERATION) != null
        && account.repeat(exchange.getVariable(Variables.DOCUMENT, String.class))
            == Repeat.QUERYABLE;
  }

  private Failure tooMuch(Account account, QuotaRun run, int burst) {
    return Failure.of(
        FailureKind.CONFIG,
        "One piece of work took %d '%s' of '%s', which bears %d at once, and needs more: begun anew it would end here again. Let a call carry less (its 'bulk'), or raise 'quotas.%s.burst' where the partner allows more, then replay."
            .formatted(run.calls(), endpoint.getName(), account.name(), burst, endpoint.getName()),
        Place.of(account.name()));
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
