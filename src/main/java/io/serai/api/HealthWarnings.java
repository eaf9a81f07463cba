package io.serai.api;

import io.serai.catalog.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says, in one sentence each, what of an account's health deserves a look. */
final class HealthWarnings {
  private static final Duration STALE_STOCK = Duration.ofMinutes(5);
  private static final Duration FAR_BEHIND = Duration.ofHours(6);
  private static final Duration SLOW_AT_MOST = Duration.ofHours(1);
  private static final Duration LATELY = Duration.ofDays(1);
  private static final long SUNSET_DAYS = 90;

  private HealthWarnings() {}

  static List<String> of(
      Account account,
      HealthViews.Webhooks webhooks,
      List<HealthViews.Poll> polls,
      List<HealthViews.Token> tokens,
      HealthViews.Stock stock,
      HealthViews.Drift drift,
      Long sunsetDays,
      Instant now) {
    var warnings = new ArrayList<String>();
    var name = account.name();
    for (var token : tokens) {
      if (token.refusedAt() != null) {
        warnings.add(
            "'%s' grants no access token%s for %s: %s"
                .formatted(
                    name,
                    token.name().isEmpty() ? "" : " '" + token.name() + "'",
                    time(token.refusedAt(), now),
                    token.refusal()));
      }
    }
    webhooks(account, webhooks, polls, now, warnings);
    for (var poll : polls) {
      if (poll.failedAt() != null && !onlyThrottled(poll, now)) {
        warnings.add(
            "The poll of '%s' for '%s' %s: %s%s"
                .formatted(
                    name,
                    poll.document(),
                    poll.lastSuccessAt() == null
                        ? "never went well"
                        : "last went well %s ago".formatted(time(poll.lastSuccessAt(), now)),
                    poll.failure(),
                    poll.notBefore() == null
                        ? ""
                        : " It is left alone for %s.".formatted(time(now, poll.notBefore()))));
      }
      if (poll.reachedAt() != null && poll.reachedAt().plus(FAR_BEHIND).isBefore(now)) {
        warnings.add(
            "The poll of '%s' for '%s' is %s behind; look into the log for why it does not finish."
                .formatted(name, poll.document(), time(poll.reachedAt(), now)));
      }
    }
    if (stock != null
        && stock.pendingSince() != null
        && stock.pendingSince().plus(STALE_STOCK).isBefore(now)) {
      warnings.add(
          "%s of '%s' %s a former quantity, the oldest for %s."
              .formatted(
                  counted(stock.pending(), "listing"),
                  name,
                  stock.pending() == 1 ? "shows" : "show",
                  time(stock.pendingSince(), now)));
    }
    if (sunsetDays != null && sunsetDays < SUNSET_DAYS) {
      var api = account.profile().api();
      warnings.add(
          sunsetDays < 0
              ? "Version '%s' of its interface ended on %s; move connector '%s' to a later one."
                  .formatted(api.version(), api.sunset(), account.profile().name())
              : "Version '%s' of its interface ends on %s, in %s; move connector '%s' to a later one."
                  .formatted(
                      api.version(),
                      api.sunset(),
                      counted(sunsetDays, "day"),
                      account.profile().name()));
    }
    if (drift != null
        && drift.lastSeenAt() != null
        && drift.lastSeenAt().plus(LATELY).isAfter(now)) {
      warnings.add(
          "'%s' says %s that no mapping lists, last %s ago; they were kept as text."
              .formatted(name, counted(drift.values(), "value"), time(drift.lastSeenAt(), now)));
    }
    return List.copyOf(warnings);
  }

  // To be asked to be slower is no fault, as long as it gets through now and then.
  private static boolean onlyThrottled(HealthViews.Poll poll, Instant now) {
    return "THROTTLED".equals(poll.failureKind())
        && poll.lastSuccessAt() != null
        && poll.lastSuccessAt().plus(SLOW_AT_MOST).isAfter(now);
  }

  /**
   * The same, and one for each file that cannot be taken.
   *
   * @param files by name, with what its look found wrong; nothing when it is too large
   */
  static List<String> and(
      List<String> others, Account account, Map<String, Optional<String>> files) {
    var warnings = new ArrayList<>(others);
    files.forEach(
        (file, why) ->
            warnings.add(
                why.map(
                        reason ->
                            "File '%s' in the folder of '%s' is left where it lies: %s."
                                .formatted(file, account.name(), reason))
                    .orElseGet(
                        () ->
                            "File '%s' in the folder of '%s' is larger than %d MB and is left where it lies; split it."
                                .formatted(
                                    file,
                                    account.name(),
                                    account.profile().events().largest() >> 20))));
    return List.copyOf(warnings);
  }

  private static void webhooks(
      Account account,
      HealthViews.Webhooks webhooks,
      List<HealthViews.Poll> polls,
      Instant now,
      List<String> warnings) {
    if (webhooks == null) {
      return;
    }
    var name = account.name();
    var refused = webhooks.lastRefusedAt();
    if (refused != null
        && refused.plus(LATELY).isAfter(now)
        && (webhooks.lastAt() == null || refused.isAfter(webhooks.lastAt()))) {
      warnings.add(
          "The last webhook of '%s' was refused %s ago, its proof missing or wrong; compare its secret with the channel's."
              .formatted(name, time(refused, now)));
    }
    if (webhooks.lastAt() == null && refused == null && !polls.isEmpty() && !fetches(account)) {
      warnings.add(
          "No webhook of '%s' was ever seen, only its polls bring messages; subscribe '/webhooks/%s' at the channel."
              .formatted(name, name));
    }
  }

  // Files are fetched, or come over AS2, and nothing calls us.
  private static boolean fetches(Account account) {
    return account.profile().parameters().containsKey("transport")
        && List.of("folder", "sftp", "as2").contains(String.valueOf(account.text("transport")));
  }

  static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** Roughly how long, in the largest unit that fits. */
  static String time(Instant from, Instant to) {
    var seconds = Math.max(0, Duration.between(from, to).toSeconds());
    return seconds < 120
        ? seconds + " s"
        : seconds < 7_200
            ? seconds / 60 + " min"
            : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }
}
