package io.serai.outbox;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose turn it is when places at an endpoint are free: what is due longest, as a rule; no more
 * retries than the budget has; and after an outage new deliveries have places of their own beside
 * those that were left behind, and the other way round.
 */
final class Turns {
  /** Which of the due deliveries. */
  enum Which {
    /** All of them. */
    ANY,
    /** Those that were never tried. */
    FIRST_TRIES,
    /** Those whose last try failed. */
    RETRIES,
    /** Those that were never tried and came after the outage. */
    NEW,
    /** All others. */
    OLD,
    /** Those that were never tried and came before the end of the outage. */
    OLD_FIRST_TRIES
  }

  /** Claims up to so many of them. */
  @FunctionalInterface
  interface Claim {
    /** The instant is the end of the outage, or null where there was none. */
    List<Delivery> claim(Which which, Instant since, int limit) throws SQLException;
  }

  private final Endpoint endpoint;
  private final Claim claim;
  private final List<Delivery> claimed = new ArrayList<>();

  private Turns(Endpoint endpoint, Claim claim) {
    this.endpoint = endpoint;
    this.claim = claim;
  }

  /** Claims for so many free places; when a claim fails, what was claimed before it is answered. */
  static List<Delivery> take(Endpoint endpoint, Instant now, int places, Claim claim)
      throws SQLException {
    Instant since;
    int retries;
    synchronized (endpoint) {
      since = endpoint.ramp.newSince();
      retries = (int) Math.max(0, Math.min(places, Math.floor(endpoint.budget.tokens(now))));
    }
    var turns = new Turns(endpoint, claim);
    try {
      if (since == null) {
        turns.due(places, retries);
      } else {
        turns.afterOutage(since, now, places, retries);
      }
    } catch (SQLException e) {
      if (turns.claimed.isEmpty()) {
        throw e;
      }
    }
    return turns.claimed;
  }

  private void due(int places, int retries) throws SQLException {
    if (retries >= places) {
      add(Which.ANY, null, places);
    } else {
      add(Which.RETRIES, null, retries);
      add(Which.FIRST_TRIES, null, places - claimed.size());
    }
  }

  private void afterOutage(Instant since, Instant now, int places, int retries)
      throws SQLException {
    int kept;
    synchronized (endpoint) {
      kept = endpoint.ramp.keptForNew(places);
    }
    var fresh = add(Which.NEW, since, kept);
    synchronized (endpoint) {
      endpoint.ramp.tookNew(fresh);
    }
    var free = places - claimed.size();
    var old = 0;
    if (retries >= free) {
      old = add(Which.OLD, since, free);
    } else {
      old = add(Which.RETRIES, since, retries);
      old += add(Which.OLD_FIRST_TRIES, since, free - old);
    }
    if (old < free) {
      synchronized (endpoint) {
        endpoint.ramp.nothingOld(now);
      }
      if (fresh == kept) {
        add(Which.NEW, since, free - old);
      }
    }
  }

  private int add(Which which, Instant since, int limit) throws SQLException {
    if (limit <= 0) {
      return 0;
    }
    var more = claim.claim(which, since, limit);
    claimed.addAll(more);
    return more.size();
  }
}
