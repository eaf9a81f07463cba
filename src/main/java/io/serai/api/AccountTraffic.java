package io.serai.api;

import io.serai.outbox.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database knows of all accounts, from every replica, in one snapshot. */
final class AccountTraffic {
  private static final Duration STILL_THERE = Duration.ofMinutes(2);

  private final Map<String, RefusedMessage> refusedMessages = new HashMap<>();
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final Map<String, List<Window>> windows = new HashMap<>();
  private final Map<String, CatalogViews.ChannelHold> held = new HashMap<>();
  private final Map<String, Integer> stopped = new HashMap<>();
  private final Map<String, Map<String, Instant>> in = new HashMap<>();
  private final Map<String, Map<String, Instant>> out = new HashMap<>();
  private final Map<String, Map<String, Instant>> left = new HashMap<>();
  private final Map<String, Map<String, String>> leftBecause = new HashMap<>();
  private final Map<String, Map<String, Sighting>> sightings = new HashMap<>();
  private final Map<String, List<Poll>> polls = new HashMap<>();
  private final Map<String, List<HealthViews.Token>> tokens = new HashMap<>();
  private final Map<String, List<Bucket>> buckets = new HashMap<>();
  private final Map<String, HealthViews.Stock> stock = new HashMap<>();
  private final Map<String, HealthViews.Drift> drift = new HashMap<>();

  /** An endpoint's row. */
  record Endpoint(
      Instant pausedUntil,
      String pauseKind,
      String pauseSentence,
      String breaker,
      Instant breakerUntil,
      Instant rampFrom,
      double retryTokens,
      Instant retryAt) {
    static final Endpoint UNTRIED = new Endpoint(null, null, null, "CLOSED", null, null, 100, null);

    boolean paused(Instant now) {
      return pausedUntil != null && pausedUntil.isAfter(now);
    }

    boolean recovering(Instant now) {
      return rampFrom != null && rampFrom.plus(Endpoints.RAMP).isAfter(now);
    }

    int retriesLeft(Instant now) {
      var earned =
          retryAt == null ? 0 : Math.max(0, Duration.between(retryAt, now).toMillis() / 1_000.0);
      return (int) Math.max(0, Math.min(100, retryTokens + earned));
    }
  }

  /** When it is left alone because people said so. */
  record Window(Instant from, Instant until, String reason) {}

  private record Sighting(long count, Instant last) {}

  private record Poll(
      String document,
      Instant reachedAt,
      boolean betweenPages,
      Instant pageAt,
      Instant lastSuccessAt,
      Instant failedAt,
      String failureKind,
      String failure,
      Instant notBefore) {}

  private record Bucket(String name, double level, int burst, double perSecond, Instant settledAt) {
    HealthViews.Quota at(Instant now) {
      double earned =
          Math.max(0, Duration.between(settledAt, now).toMillis() / 1_000.0) * perSecond;
      double left = Math.min(burst, level + earned);
      return new HealthViews.Quota(
          name,
          (int) Math.max(0, Math.floor(left)),
          burst,
          perSecond,
          left >= burst || perSecond <= 0
              ? null
              : now.plusMillis((long) Math.ceil((burst - left) / perSecond * 1_000)));
    }
  }

  /**
   * A message over AS2 that was not taken.
   *
   * @param why as the end of a sentence
   */
  record RefusedMessage(String why, Instant at) {}

  private AccountTraffic() {}

  static AccountTraffic read(JdbcClient jdbc) {
    var traffic = new AccountTraffic();
    traffic.endpoints(jdbc);
    traffic.windows(jdbc);
    traffic.held(jdbc);
    traffic.stopped(jdbc);
    traffic.newest(jdbc);
    traffic.sightings(jdbc);
    traffic.reasons(jdbc);
    traffic.refusedMessages(jdbc);
    traffic.lags(jdbc);
    traffic.grants(jdbc);
    return traffic;
  }

  private void endpoints(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT name, paused_until, pause_kind, pause_sentence, breaker, breaker_until, ramp_from, retry_tokens, retry_at
            FROM endpoint
            """)
        .query(
            row -> {
              endpoints.put(
                  row.getString("name"),
                  new Endpoint(
                      Reads.instant(row, "paused_until"),
                      row.getString("pause_kind"),
                      row.getString("pause_sentence"),
                      row.getString("breaker"),
                      Reads.instant(row, "breaker_until"),
                      Reads.instant(row, "ramp_from"),
                      row.getDouble("retry_tokens"),
                      Reads.instant(row, "retry_at")));
            });
  }

  private void windows(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT destination, starts_at, least(ends_at, coalesce(ended_at, ends_at)) AS over_at, reason
            FROM maintenance WHERE closed_at IS NULL
            """)
        .query(
            row -> {
              windows
                  .computeIfAbsent(row.getString("destination"), name -> new ArrayList<>())
                  .add(
                      new Window(
                          Reads.instant(row, "starts_at"),
                          Reads.instant(row, "over_at"),
                          row.getString("reason")));
            });
  }

  private void held(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT c.account, c.reason, c.placed_by, c.placed_at, (
              SELECT count(*) FROM order_hold h
              WHERE h.subject = 'chn_' || c.id AND h.kind = 'MANUAL' AND h.released_at IS NULL) AS orders
            FROM channel_hold c WHERE c.released_at IS NULL
            """)
        .query(
            row -> {
              held.put(
                  row.getString("account"),
                  new CatalogViews.ChannelHold(
                      row.getString("reason"),
                      row.getString("placed_by"),
                      Reads.instant(row, "placed_at"),
                      row.getLong("orders")));
            });
  }

  /** Why new orders of a channel are held, or null. */
  CatalogViews.ChannelHold hold(String account) {
    return held.get(account);
  }

  /** The window that is open and ends last, or null. */
  Window window(String account, Instant now) {
    return windows.getOrDefault(account, List.of()).stream()
        .filter(window -> !now.isBefore(window.from()) && now.isBefore(window.until()))
        .max(Comparator.comparing(Window::until))
        .orElse(null);
  }

  private void stopped(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT account, count(*) AS stopped FROM (
              SELECT account FROM inbox_message WHERE state = 'PARKED'
              UNION ALL SELECT destination FROM delivery WHERE state = 'PARKED') AS parked
            GROUP BY account
            """)
        .query(
            row -> {
              stopped.put(row.getString("account"), row.getInt("stopped"));
            });
  }

  // What a killed replica had seen and not yet noted stands among the newest rows.
  private void newest(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT account, document, max(received_at) AS at
            FROM (SELECT account, document, received_at FROM inbox_message ORDER BY id DESC LIMIT 10000) AS newest
            GROUP BY account, document
            """)
        .query(
            row -> {
              later(
                  in,
                  row.getString("account"),
                  row.getString("document"),
                  Reads.instant(row, "at"));
            });
    jdbc.sql(
            """
            SELECT destination, document, max(finished_at) AS at
            FROM (SELECT destination, document, state, finished_at FROM delivery ORDER BY id DESC LIMIT 10000) AS newest
            WHERE state = 'CONFIRMED' GROUP BY destination, document
            """)
        .query(
            row -> {
              later(
                  out,
                  row.getString("destination"),
                  row.getString("document"),
                  Reads.instant(row, "at"));
            });
  }

  private void sightings(JdbcClient jdbc) {
    jdbc.sql("SELECT account, kind, document, count, last_at FROM account_sighting")
        .query(
            row -> {
              var account = row.getString("account");
              var kind = row.getString("kind");
              var at = Reads.instant(row, "last_at");
              switch (kind) {
                case "MESSAGE" -> later(in, account, row.getString("document"), at);
                case "EFFECT" -> later(out, account, row.getString("document"), at);
                case "LEFT" -> later(left, account, row.getString("document"), at);
                default ->
                    sightings
                        .computeIfAbsent(account, name -> new HashMap<>())
                        .put(kind, new Sighting(row.getLong("count"), at));
              }
            });
  }

  private void reasons(JdbcClient jdbc) {
    jdbc.sql("SELECT account, name, problem FROM fetched_file WHERE state = 'LEFT'")
        .query(
            row -> {
              leftBecause
                  .computeIfAbsent(row.getString("account"), account -> new HashMap<>())
                  .put(row.getString("name"), row.getString("problem"));
            });
  }

  private void refusedMessages(JdbcClient jdbc) {
    jdbc.sql("SELECT account, sentence, refused_at FROM as2_refusal")
        .query(
            row -> {
              refusedMessages.put(
                  row.getString("account"),
                  new RefusedMessage(row.getString("sentence"), Reads.instant(row, "refused_at")));
            });
  }

  private void lags(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT account, document, since, cursor IS NOT NULL AS between_pages, updated_at, last_success_at, failed_at,
              failure_kind, failure, not_before
            FROM poll_cursor ORDER BY account, document
            """)
        .query(
            row -> {
              polls
                  .computeIfAbsent(row.getString("account"), name -> new ArrayList<>())
                  .add(
                      new Poll(
                          row.getString("document"),
                          Reads.instant(row, "since"),
                          row.getBoolean("between_pages"),
                          Reads.instant(row, "updated_at"),
                          Reads.instant(row, "last_success_at"),
                          Reads.instant(row, "failed_at"),
                          row.getString("failure_kind"),
                          row.getString("failure"),
                          Reads.instant(row, "not_before")));
            });
    jdbc.sql(
            """
            SELECT account, count(*) AS pending, min(pending_since) AS since FROM publication
            WHERE pending_since IS NOT NULL GROUP BY account
            """)
        .query(
            row -> {
              stock.put(
                  row.getString("account"),
                  new HealthViews.Stock(row.getLong("pending"), Reads.instant(row, "since"), null));
            });
    jdbc.sql(
            "SELECT account, count(*) AS found, max(last_seen_at) AS at FROM drift GROUP BY account")
        .query(
            row -> {
              drift.put(
                  row.getString("account"),
                  new HealthViews.Drift(row.getLong("found"), Reads.instant(row, "at")));
            });
  }

  private void grants(JdbcClient jdbc) {
    jdbc.sql(
            "SELECT account, name, obtained_at, expires_at, refused_at, refusal FROM access_token ORDER BY account, name")
        .query(
            row -> {
              tokens
                  .computeIfAbsent(row.getString("account"), name -> new ArrayList<>())
                  .add(
                      new HealthViews.Token(
                          row.getString("name"),
                          Reads.instant(row, "obtained_at"),
                          Reads.instant(row, "expires_at"),
                          Reads.instant(row, "refused_at"),
                          row.getString("refusal")));
            });
    jdbc.sql(
            "SELECT account, name, level, burst, per_second, settled_at FROM quota ORDER BY account, name")
        .query(
            row -> {
              buckets
                  .computeIfAbsent(row.getString("account"), name -> new ArrayList<>())
                  .add(
                      new Bucket(
                          row.getString("name"),
                          row.getDouble("level"),
                          row.getInt("burst"),
                          row.getDouble("per_second"),
                          Reads.instant(row, "settled_at")));
            });
  }

  List<HealthViews.Token> tokens(String account) {
    return tokens.getOrDefault(account, List.of());
  }

  List<HealthViews.Quota> quotas(String account, Instant now) {
    return buckets.getOrDefault(account, List.of()).stream().map(b -> b.at(now)).toList();
  }

  private static void later(
      Map<String, Map<String, Instant>> map, String account, String document, Instant at) {
    if (at != null) {
      map.computeIfAbsent(account, name -> new TreeMap<>())
          .merge(document, at, (a, b) -> a.isAfter(b) ? a : b);
    }
  }

  Endpoint endpoint(String account) {
    return endpoints.getOrDefault(account, Endpoint.UNTRIED);
  }

  int stopped(String account) {
    return stopped.getOrDefault(account, 0);
  }

  Map<String, Instant> lastIn(String account) {
    return in.getOrDefault(account, Map.of());
  }

  Map<String, Instant> lastOut(String account) {
    return out.getOrDefault(account, Map.of());
  }

  HealthViews.Webhooks webhooks(String account) {
    var seen = sightings.getOrDefault(account, Map.of());
    var none = new Sighting(0, null);
    var proven = seen.getOrDefault("WEBHOOK", none);
    var refused = seen.getOrDefault("REFUSED", none);
    return new HealthViews.Webhooks(
        proven.last(),
        proven.count(),
        refused.last(),
        refused.count(),
        seen.getOrDefault("CHALLENGE", none).last());
  }

  /** Files in its folder that cannot be taken, by name; why, or nothing when they are too large. */
  SortedMap<String, Optional<String>> filesLeft(String account, Instant now) {
    var reasons = leftBecause.getOrDefault(account, Map.of());
    var files = new TreeMap<String, Optional<String>>();
    left.getOrDefault(account, Map.of())
        .forEach(
            (file, seen) -> {
              if (seen.plus(STILL_THERE).isAfter(now)) {
                files.put(file, Optional.ofNullable(reasons.get(file)));
              }
            });
    return files;
  }

  /** The last message over AS2 that was not taken, or null. */
  RefusedMessage refusedMessage(String account) {
    return refusedMessages.get(account);
  }

  List<HealthViews.Poll> polls(String account, Instant now) {
    return polls.getOrDefault(account, List.of()).stream()
        .map(
            poll ->
                new HealthViews.Poll(
                    poll.document(),
                    poll.reachedAt(),
                    poll.reachedAt() == null
                        ? null
                        : Math.max(0, Duration.between(poll.reachedAt(), now).toSeconds()),
                    poll.betweenPages(),
                    poll.pageAt(),
                    poll.lastSuccessAt(),
                    poll.failedAt(),
                    poll.failureKind(),
                    poll.failure(),
                    poll.notBefore() != null && poll.notBefore().isAfter(now)
                        ? poll.notBefore()
                        : null))
        .toList();
  }

  HealthViews.Stock stock(String account) {
    var pending = stock.getOrDefault(account, new HealthViews.Stock(0, null, null));
    return new HealthViews.Stock(
        pending.pending(), pending.pendingSince(), lastOut(account).get("stock"));
  }

  HealthViews.Drift drift(String account) {
    return drift.getOrDefault(account, new HealthViews.Drift(0, null));
  }
}
