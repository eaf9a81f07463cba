package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Each request that a partner confirmed against what the partner has under our id.
 *
 * <p>Guarantee: requests that changed within the grace, or to which a delivery is on its way, are
 * passed over. Gap: one question for each request, so a run asks about the newest {@value #MOST} of
 * its window and no more.
 */
final class RequestComparison implements Comparison {
  private static final int MOST = 5_000;
  private static final int AT_ONCE = 500;

  private static final List<String> KINDS =
      FindingKind.names(FindingKind.REQUEST_MISSING, FindingKind.REQUEST_DIFFERENT);

  private static final Set<String> GONE = Set.of("CANCELLED", "WITHDRAWN", "REJECTED");

  // The id of a request tells when it was made, so a window is a range of the primary key.
  private static final String REQUESTS =
      """
      SELECT id, order_id, state, created_at FROM fulfillment_order
      WHERE id >= ? AND partner = ? AND updated_at <= ? AND created_at < ? ORDER BY id DESC LIMIT ?""";

  private static final String DELIVERIES =
      """
      SELECT u.key, bool_or(d.state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED')) AS owed,
        max(d.id) FILTER (WHERE d.state = 'CONFIRMED' AND d.operation = 'fulfillment-request') AS request,
        max(d.id) FILTER (WHERE d.state = 'CONFIRMED' AND d.operation = 'cancellation') AS cancellation
      FROM unnest(?) AS u(key) CROSS JOIN LATERAL (
        SELECT id, state, operation FROM delivery
        WHERE destination = ? AND operation IN ('fulfillment-request', 'cancellation') AND business_key = u.key OFFSET 0) d
      GROUP BY u.key""";

  private record Request(String id, UUID order, String state, Instant createdAt) {}

  private record Owed(boolean open, long request, long cancellation) {}

  private record Ours(
      String id, UUID order, String state, Instant createdAt, long request, Long cancellation) {}

  @Override
  public String document() {
    return "fulfillment-request";
  }

  @Override
  public void compare(Round round, Teller teller) throws SQLException {
    for (var ours : ours(round)) {
      var about = JsonNodeFactory.instance.objectNode().put("fulfillmentId", ours.id());
      var told = teller.ask(new Teller.Question(round.since, round.now, null, about)).items();
      var theirs = told.isEmpty() ? null : told.getFirst();
      var seen = theirs == null ? missing(round, ours) : different(round, ours, theirs);
      round.write(KINDS, List.of(ours.id()), seen);
    }
  }

  private static List<Observation> missing(Round round, Ours ours) {
    if (GONE.contains(ours.state())) {
      return List.of();
    }
    var again = Remedies.MAY_BE_ASKED_AGAIN.contains(ours.state());
    return List.of(
        new Observation(
            FindingKind.REQUEST_MISSING,
            ours.id(),
            ours.order(),
            ours.state(),
            null,
            "'%s' has no request '%s', which it confirmed. %s"
                .formatted(
                    round.account.name(),
                    ours.id(),
                    again
                        ? "Ask it again."
                        : "SHIPPED".equals(ours.state())
                            ? "It is sent already; accept it."
                            : "Ask there what became of it."),
            again ? Remedy.WRITE_BACK : null,
            again ? "dlv_" + ours.request() : null,
            ours.createdAt()));
  }

  private static List<Observation> different(Round round, Ours ours, JsonNode theirs) {
    var there = theirs.path("state").asText();
    var here =
        switch (ours.state()) {
          case "CANCELLED", "WITHDRAWN", "REJECTED" -> "CANCELLED";
          case "SHIPPED" -> "SHIPPED";
          default -> "OPEN";
        };
    if (there.equals(here)) {
      return List.of();
    }
    var remedy =
        "SHIPPED".equals(there) && "OPEN".equals(here)
            ? Remedy.PULL
            : "OPEN".equals(there) && "CANCELLED".equals(here) && ours.cancellation() != null
                ? Remedy.WRITE_BACK
                : null;
    var advice =
        remedy == Remedy.PULL
            ? "Pull its shipments."
            : remedy == Remedy.WRITE_BACK
                ? "Ask it again to cancel."
                : "Ask the partner which is right, then accept or change it.";
    return List.of(
        new Observation(
            FindingKind.REQUEST_DIFFERENT,
            ours.id(),
            ours.order(),
            ours.state(),
            there,
            "Request '%s' is %s at '%s' and %s here. %s"
                .formatted(
                    ours.id(), plain(there), round.account.name(), plain(ours.state()), advice),
            remedy,
            remedy == Remedy.PULL
                ? ours.id()
                : remedy == Remedy.WRITE_BACK ? "dlv_" + ours.cancellation() : null,
            ours.createdAt()));
  }

  private static String plain(String state) {
    return state.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<Ours> ours(Round round) throws SQLException {
    var requests = requests(round);
    var all = new ArrayList<Ours>();
    for (var from = 0; from < requests.size(); from += AT_ONCE) {
      var some = requests.subList(from, Math.min(from + AT_ONCE, requests.size()));
      var owed = owed(round, some);
      for (var request : some) {
        var deliveries = owed.get(request.id());
        if (deliveries != null && !deliveries.open() && deliveries.request() > 0) {
          all.add(
              new Ours(
                  request.id(),
                  request.order(),
                  request.state(),
                  request.createdAt(),
                  deliveries.request(),
                  deliveries.cancellation() == 0 ? null : deliveries.cancellation()));
        }
      }
    }
    return all;
  }

  private static List<Request> requests(Round round) throws SQLException {
    var requests = new ArrayList<Request>();
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              REQUESTS,
              rows -> {
                while (rows.next()) {
                  requests.add(
                      new Request(
                          Ids.text("ful", rows.getObject(1, UUID.class)),
                          rows.getObject(2, UUID.class),
                          rows.getString(3),
                          rows.getTimestamp(4).toInstant()));
                }
              },
              Ids.first(round.since),
              round.account.name(),
              round.settled(),
              round.until,
              MOST)
          .execute(connection);
    }
    return requests;
  }

  private static Map<String, Owed> owed(Round round, List<Request> requests) throws SQLException {
    var owed = new HashMap<String, Owed>();
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              DELIVERIES,
              rows -> {
                while (rows.next()) {
                  owed.put(
                      rows.getString(1),
                      new Owed(rows.getBoolean(2), rows.getLong(3), rows.getLong(4)));
                }
              },
              Statements.texts(requests.stream().map(Request::id).toList()),
              round.account.name())
          .execute(connection);
    }
    return owed;
  }
}
