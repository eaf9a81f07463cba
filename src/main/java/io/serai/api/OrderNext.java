package io.serai.api;

import io.serai.catalog.Configuration;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an order waits for: who has to do what next, and by when. Read from where everything of it
 * stands at one instant, so nothing of it is kept and nothing can be stale.
 *
 * <p>The gap: what nobody promised a time for is awaited without one.
 */
final class OrderNext {
  /** The hub itself acts. */
  static final String HUB = "hub";

  /** Somebody has to look into the dead letters. */
  static final String OPERATIONS = "operations";

  private static final String LEAD_TIME = "lead-time";

  private final Reads reads;
  private final Configuration configuration;
  private final Clock clock;

  OrderNext(Reads reads, Configuration configuration, Clock clock) {
    this.reads = reads;
    this.configuration = configuration;
    this.clock = clock;
  }

  /**
   * All that an order waits for, soonest first and what has no time last; empty when it is done.
   */
  List<OrderViews.Awaited> of(String id) {
    return reads.read(
        jdbc -> {
          var order = OrderReads.resolve(jdbc, id);
          var head =
              jdbc.sql("SELECT account, state, payment_state FROM sales_order WHERE id = :id")
                  .param("id", order)
                  .query(
                      (row, number) ->
                          new Head(row.getString(1), row.getString(2), row.getString(3)))
                  .optional()
                  .orElseThrow(() -> OrderReads.unknown(id));
          var found = new ArrayList<OrderViews.Awaited>();
          payment(head, found);
          holds(jdbc, order, found);
          deliveries(jdbc, order, found);
          requests(jdbc, order, found);
          stock(jdbc, order, found);
          returns(jdbc, order, found);
          found.sort(
              Comparator.comparing(
                  OrderViews.Awaited::dueAt, Comparator.nullsLast(Comparator.naturalOrder())));
          return List.copyOf(found);
        });
  }

  private record Head(String account, String state, String payment) {}

  private OrderViews.Awaited awaited(
      String kind, String sentence, String owner, Instant due, String about) {
    return new OrderViews.Awaited(
        kind, sentence, owner, due, due != null && due.isBefore(clock.instant()), about);
  }

  private void payment(Head head, List<OrderViews.Awaited> found) {
    if ("PENDING_PAYMENT".equals(head.state())) {
      found.add(
          awaited(
              "PAYMENT",
              "'%s' says that it is paid.".formatted(head.account()),
              head.account(),
              null,
              null));
    }
  }

  private void holds(JdbcClient jdbc, UUID order, List<OrderViews.Awaited> found) {
    jdbc.sql(
            """
            SELECT kind, owner, due_at FROM order_hold
            WHERE order_id = :order AND released_at IS NULL ORDER BY no
            """)
        .param("order", order)
        .query(
            row -> {
              found.add(
                  awaited(
                      "RELEASE",
                      "What it is held for (%s) is cleared up."
                          .formatted(
                              row.getString("kind").toLowerCase(Locale.ROOT).replace('_', ' ')),
                      row.getString("owner"),
                      Reads.instant(row, "due_at"),
                      null));
            });
  }

  private void deliveries(JdbcClient jdbc, UUID order, List<OrderViews.Awaited> found) {
    jdbc.sql(
            """
            SELECT id, destination, document, state, due_at, deadline_at FROM delivery
            WHERE order_id = :order AND state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED') ORDER BY id
            """)
        .param("order", order)
        .query(
            row -> {
              var about = Reads.id("dlv", row.getLong("id"));
              var to = row.getString("destination");
              var what = row.getString("document");
              found.add(
                  switch (row.getString("state")) {
                    case "PARKED" ->
                        awaited(
                            "REPAIR",
                            "Delivery '%s' (%s to '%s') is replayed, resolved or discarded."
                                .formatted(about, what, to),
                            OPERATIONS,
                            null,
                            about);
                    case "PENDING" ->
                        awaited(
                            "ANSWER",
                            "'%s' says what became of the %s that it took on.".formatted(to, what),
                            to,
                            Reads.instant(row, "deadline_at"),
                            about);
                    default ->
                        awaited(
                            "SEND",
                            "'%s' is sent the %s.".formatted(to, what),
                            HUB,
                            "READY".equals(row.getString("state"))
                                ? Reads.instant(row, "due_at")
                                : null,
                            about);
                  });
            });
  }

  private void requests(JdbcClient jdbc, UUID order, List<OrderViews.Awaited> found) {
    jdbc.sql(
            """
            SELECT f.id, f.node, f.partner, f.state, f.created_at, f.answer_due_at,
              coalesce(sum(r.quantity - r.shipped - r.released), 0) AS open
            FROM fulfillment_order f LEFT JOIN reservation r ON r.fulfillment_order_id = f.id
            WHERE f.order_id = :order
              AND f.state IN ('REQUESTED', 'ACCEPTED', 'PARTIALLY_SHIPPED', 'CANCEL_REQUESTED')
            GROUP BY f.id ORDER BY f.id
            """)
        .param("order", order)
        .query(
            row -> {
              var about = Reads.id("ful", Reads.uuid(row, "id"));
              var node = row.getString("node");
              var partner = row.getString("partner");
              var owner = partner == null ? node : partner;
              found.add(
                  "CANCEL_REQUESTED".equals(row.getString("state"))
                      ? awaited(
                          "ANSWER",
                          "'%s' says whether it lets go of what '%s' was to ship."
                              .formatted(owner, node),
                          owner,
                          Reads.instant(row, "answer_due_at"),
                          about)
                      : awaited(
                          "SHIPMENT",
                          "'%s' ships %d unit(s) from '%s'."
                              .formatted(owner, row.getInt("open"), node),
                          owner,
                          due(partner, Reads.instant(row, "created_at")),
                          about));
            });
  }

  private Instant due(String partner, Instant asked) {
    var account = partner == null ? null : configuration.account(partner);
    var lead =
        account != null && account.profile().parameters().containsKey(LEAD_TIME)
            ? account.duration(LEAD_TIME)
            : null;
    return lead == null ? null : asked.plus(lead);
  }

  private void stock(JdbcClient jdbc, UUID order, List<OrderViews.Awaited> found) {
    jdbc.sql(
            """
            SELECT l.sku, sum(l.backordered) AS missing,
              coalesce(min(l.promised_at),
                (SELECT min(i.expected_at) FROM stock_incoming i WHERE i.sku = l.sku AND i.received < i.quantity)) AS due
            FROM order_line l WHERE l.order_id = :order AND l.backordered > 0 GROUP BY l.sku ORDER BY l.sku
            """)
        .param("order", order)
        .query(
            row -> {
              found.add(
                  awaited(
                      "STOCK",
                      "%d of '%s' can be promised."
                          .formatted(row.getInt("missing"), row.getString("sku")),
                      "stock",
                      Reads.instant(row, "due"),
                      row.getString("sku")));
            });
  }

  private void returns(JdbcClient jdbc, UUID order, List<OrderViews.Awaited> found) {
    jdbc.sql(
            """
            SELECT id, name, node, coalesce(due_at, overdue_at) AS due FROM return_order
            WHERE order_id = :order AND state IN ('APPROVED', 'IN_TRANSIT') AND received_at IS NULL
              AND closed_at IS NULL ORDER BY id
            """)
        .param("order", order)
        .query(
            row -> {
              found.add(
                  awaited(
                      "RETURN",
                      row.getString("node") == null
                          ? "Return '%s' comes back.".formatted(row.getString("name"))
                          : "Return '%s' comes back to '%s'."
                              .formatted(row.getString("name"), row.getString("node")),
                      "buyer",
                      Reads.instant(row, "due"),
                      Reads.id("ret", Reads.uuid(row, "id"))));
            });
  }
}
