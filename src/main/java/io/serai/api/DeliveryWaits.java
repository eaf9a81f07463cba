package io.serai.api;

import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says why a delivery is not sent this moment, in one sentence. */
final class DeliveryWaits {
  private DeliveryWaits() {}

  /** The sentence, or null when nothing keeps it. */
  static String of(JdbcClient jdbc, long delivery) {
    return jdbc.sql(
            """
            SELECT d.state, d.destination, d.due_at, d.due_at > now() AS later, d.reason,
                   CASE WHEN e.paused_until > now() THEN e.paused_until END AS paused_until, e.pause_sentence,
                   CASE WHEN e.breaker = 'OPEN' THEN e.breaker_until END AS breaker_until,
                   (SELECT min(b.id) FROM delivery b WHERE b.lane = d.lane AND b.id < d.id
                      AND b.state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED')) AS before,
                   a.attempt, a.outcome, a.status
            FROM delivery d LEFT JOIN endpoint e ON e.name = d.destination
            LEFT JOIN LATERAL (SELECT attempt, outcome, status FROM delivery_attempt
                               WHERE delivery_id = d.id ORDER BY attempt DESC LIMIT 1) a ON true
            WHERE d.id = :id AND d.state IN ('READY', 'PENDING')
            """)
        .param("id", delivery)
        .query(
            (row, n) -> {
              var to = row.getString("destination");
              var due = Reads.instant(row, "due_at");
              var paused = Reads.instant(row, "paused_until");
              var breaker = Reads.instant(row, "breaker_until");
              if (row.getString("state").equals("PENDING")) {
                return "The answer of '%s' is due by %s.".formatted(to, at(due));
              }
              if (Reads.number(row, "before") != null) {
                return "It waits behind '%s' of the same order."
                    .formatted(Reads.id("dlv", row.getLong("before")));
              }
              if (paused != null) {
                return "'%s' is paused until %s: %s"
                    .formatted(to, at(paused), row.getString("pause_sentence"));
              }
              if (breaker != null) {
                return "'%s' did not answer and is tried again at %s.".formatted(to, at(breaker));
              }
              if (!row.getBoolean("later")) {
                return "";
              }
              return row.getString("outcome") == null
                  ? "It is due at %s.".formatted(at(due))
                  : "Try %d ended as %s%s; the next one is at %s."
                      .formatted(
                          row.getInt("attempt"),
                          row.getString("outcome"),
                          row.getObject("status") == null
                              ? ""
                              : " (%d)".formatted(row.getInt("status")),
                          at(due));
            })
        .optional()
        .filter(sentence -> !sentence.isEmpty())
        .orElse(null);
  }

  private static Instant at(Instant due) {
    return due.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }
}
