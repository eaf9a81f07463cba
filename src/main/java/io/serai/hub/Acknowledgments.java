package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Acknowledgment;
import io.serai.order.FulfillmentResponse;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Closes deliveries that a partner had only taken on, when it says what came of them; also those
 * that were parked because it was silent for too long, be it that it answers what they carried.
 *
 * <p>One batch's worth. Deliveries are found first, then their orders are locked, then they are
 * locked and read again: as everywhere orders come before deliveries.
 */
final class Acknowledgments {
  // The words of the partial indexes.
  private static final String CLOSABLE =
      "(state = 'PENDING' OR acknowledged_at IS NOT NULL OR state = 'PARKED' AND outcome_unknown)";

  // A partner may give one number to a request and to its cancellation: the first that waits.
  private static final String FIND_BY_REMOTE_ID =
      "SELECT id, order_id FROM delivery WHERE destination = ? AND remote_id = ? AND "
          + CLOSABLE
          + " ORDER BY state = 'PENDING' DESC, acknowledged_at IS NULL DESC, id LIMIT 1";

  private static final String FIND_BY_KEY =
      "SELECT id, order_id FROM delivery WHERE destination = ? AND idempotency_key = ? AND "
          + CLOSABLE
          + " ORDER BY id LIMIT 1";

  private static final String LOCK =
      """
      SELECT id, destination, lane, operation, order_id, business_key, state, outcome_unknown, attempt_count
      FROM delivery WHERE id = ANY (?) ORDER BY id FOR UPDATE""";

  private static final String CLOSE =
      """
      UPDATE delivery d SET state = u.state, acknowledged_at = ?, outcome_unknown = false,
        finished_at = CASE WHEN u.state <> 'PARKED' THEN ?::timestamptz END
      FROM unnest(?, ?) AS u(id, state) WHERE d.id = u.id""";

  // The acknowledgment, if it comes, finds it closed.
  private static final String ARRIVED =
      """
      UPDATE delivery SET state = 'CONFIRMED', acknowledged_at = ?, outcome_unknown = false, finished_at = ?, fence = fence + 1
      WHERE id = ANY (?) AND state = 'PARKED' AND outcome_unknown""";

  private static final String FAILURES =
      """
      WITH f AS (
        INSERT INTO failure (kind, sentence, fingerprint, account, evidence, delivery_id, order_id, attempt, occurred_at)
        SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) u
        RETURNING id, delivery_id)
      UPDATE delivery d SET failure_id = f.id FROM f WHERE d.id = f.delivery_id""";

  private record Waiting(
      long id,
      String destination,
      String lane,
      String operation,
      UUID orderId,
      String businessKey,
      String state,
      boolean outcomeUnknown,
      int attempts) {
    boolean isOpen() {
      return "PENDING".equals(state) || "PARKED".equals(state) && outcomeUnknown;
    }

    Waiting closed(String as) {
      return new Waiting(
          id, destination, lane, operation, orderId, businessKey, as, false, attempts);
    }
  }

  private record Closing(Waiting delivery, String state, Failure failure) {}

  private final Book book;
  private final Map<Application, Long> found = new IdentityHashMap<>();
  private final Map<Long, Waiting> waiting = new TreeMap<>();
  private final List<Closing> closings = new ArrayList<>();
  private final StockAnswers stock = new StockAnswers();

  Acknowledgments(Book book) {
    this.book = book;
  }

  private static String destination(Application cause) {
    return cause.message() == null ? cause.actor() : cause.message().account();
  }

  /** Finds what these acknowledge; answers the orders that must be locked before. */
  Set<UUID> find(Connection connection, List<Application> batch) throws SQLException {
    var orders = new HashSet<UUID>();
    var statements = new Statements();
    for (var application : batch) {
      if (application.document() instanceof Acknowledgment acknowledgment) {
        var byKey = acknowledgment.deliveryKey() != null;
        statements.query(
            byKey ? FIND_BY_KEY : FIND_BY_REMOTE_ID,
            rows -> {
              if (rows.next()) {
                found.put(application, rows.getLong(1));
                var order = rows.getObject(2, UUID.class);
                if (order != null) {
                  orders.add(order);
                }
              }
            },
            destination(application),
            byKey ? acknowledgment.deliveryKey() : acknowledgment.remoteId());
      }
    }
    statements.execute(connection);
    return orders;
  }

  /** Locks and reads what was found, in the open transaction. */
  void lock(Connection connection) throws SQLException {
    if (found.isEmpty()) {
      return;
    }
    new Statements()
        .query(
            LOCK,
            rows -> {
              while (rows.next()) {
                waiting.put(
                    rows.getLong(1),
                    new Waiting(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getObject(5, UUID.class),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getBoolean(8),
                        rows.getInt(9)));
              }
            },
            Statements.array("int8", found.values().stream().distinct().sorted().toArray()))
        .execute(connection);
  }

  ApplyResult apply(
      Acknowledgment acknowledgment, Application cause, FulfillmentRules fulfillments) {
    var delivery = found.containsKey(cause) ? waiting.get(found.get(cause)) : null;
    if (delivery == null) {
      // It may have been faster than what we write about its own first answer.
      return new ApplyResult.Failed(
          Failure.of(
              FailureKind.TRANSIENT,
              "'%s' acknowledges '%s', which nothing that was sent to it waits for. It is looked for again by itself; if it is not found, ask the partner what it means."
                  .formatted(destination(cause), acknowledgment.named()),
              Place.of(destination(cause))));
    }
    if (!delivery.isOpen()) {
      var reason = "Delivery 'dlv_%d' is closed already.".formatted(delivery.id());
      book.end(cause, "IGNORED", delivery.orderId(), reason);
      return new ApplyResult.NoEffect(delivery.orderId(), reason);
    }
    var accepted = acknowledgment.state() == Acknowledgment.State.ACCEPTED;
    var stops = "cancellation".equals(delivery.operation());
    var state = accepted ? "CONFIRMED" : stops ? "REFUSED" : "PARKED";
    var failure = accepted ? null : rejected(acknowledgment, delivery);
    closings.add(new Closing(delivery, state, failure));
    if ("stock".equals(delivery.operation())) {
      stock.add(delivery.id(), delivery.destination(), acknowledgment);
    }
    waiting.put(delivery.id(), delivery.closed(state));
    if (!"PARKED".equals(state)) {
      book.openDeliveries
          .getOrDefault(delivery.lane(), new ArrayList<>())
          .removeIf(d -> d.id() == delivery.id());
    }
    var order = delivery.orderId() == null ? null : book.ordersById.get(delivery.orderId());
    if (order != null) {
      tell(order, acknowledgment, delivery, failure, cause, fulfillments);
    }
    book.end(cause, "APPLIED", delivery.orderId(), null);
    return new ApplyResult.Applied(delivery.orderId(), null);
  }

  private void tell(
      WorkingOrder order,
      Acknowledgment acknowledgment,
      Waiting delivery,
      Failure failure,
      Application cause,
      FulfillmentRules fulfillments) {
    var answer = answer(delivery, failure == null);
    if (answer != null) {
      var reference = acknowledgment.reference();
      fulfillments.answer(
          order,
          new FulfillmentResponse(
              delivery.businessKey(),
              answer,
              reference == null ? acknowledgment.remoteId() : reference,
              acknowledgment.reason(),
              acknowledgment.occurredAt()),
          cause);
    } else if (failure != null) {
      book.event(order, delivery.operation() + ".parked", failure.sentence(), cause);
    } else {
      book.event(
          order,
          delivery.operation() + ".confirmed",
          "'%s' confirmed '%s'.".formatted(delivery.destination(), delivery.operation()),
          cause);
    }
  }

  // A request that is rejected as a document is parked and sent again; the order's node stays.
  private FulfillmentResponse.State answer(Waiting delivery, boolean accepted) {
    if (!delivery.businessKey().startsWith("ful_")
        || !book.ordersByFulfillment.containsKey(Ids.uuid("ful", delivery.businessKey()))) {
      return null;
    }
    return switch (delivery.operation()) {
      case "fulfillment-request" -> accepted ? FulfillmentResponse.State.ACCEPTED : null;
      case "cancellation" ->
          accepted ? FulfillmentResponse.State.CANCELLED : FulfillmentResponse.State.CANCEL_REFUSED;
      default -> null;
    };
  }

  private static Failure rejected(Acknowledgment acknowledgment, Waiting delivery) {
    var why = acknowledgment.reason() == null ? acknowledgment.code() : acknowledgment.reason();
    return new Failure(
        FailureKind.REFUSED,
        "'%s' took '%s' on and rejected it later%s. Correct the cause with the partner, then replay."
            .formatted(
                delivery.destination(),
                delivery.businessKey(),
                why == null ? "" : ": " + why.strip().replaceFirst("[.]$", "")),
        Place.of(delivery.destination()),
        acknowledgment.code(),
        null,
        null);
  }

  /** Adds what has to be written to the transaction's statements. */
  void write(Statements statements, Instant now) {
    if (!book.arrived.isEmpty()) {
      statements.add(ARRIVED, now, now, Statements.array("int8", book.arrived.keySet().toArray()));
    }
    if (closings.isEmpty()) {
      return;
    }
    statements.add(
        CLOSE,
        now,
        now,
        Statements.array(
            "int8", closings.stream().map(c -> c.delivery().id()).toArray(Long[]::new)),
        Statements.texts(closings.stream().map(Closing::state).toList()));
    stock.write(statements, book.ids, now);
    var failed = closings.stream().filter(c -> c.failure() != null).toList();
    if (!failed.isEmpty()) {
      statements.add(
          FAILURES,
          now,
          Statements.texts(failed.stream().map(c -> c.failure().kind().name()).toList()),
          Statements.texts(failed.stream().map(c -> c.failure().sentence()).toList()),
          Statements.texts(failed.stream().map(c -> c.failure().fingerprint()).toList()),
          Statements.texts(failed.stream().map(c -> c.delivery().destination()).toList()),
          Statements.texts(failed.stream().map(c -> c.failure().evidence()).toList()),
          Statements.array(
              "int8", failed.stream().map(c -> c.delivery().id()).toArray(Long[]::new)),
          Statements.array(
              "uuid", failed.stream().map(c -> c.delivery().orderId()).toArray(UUID[]::new)),
          Statements.array(
              "int4", failed.stream().map(c -> c.delivery().attempts()).toArray(Integer[]::new)));
    }
  }

  /** Lanes in which something behind it may go now. */
  List<String> freed() {
    var freed = new ArrayList<>(book.arrived.values());
    for (var closing : closings) {
      if (!"PARKED".equals(closing.state())) {
        freed.add(closing.delivery().lane());
      }
    }
    return freed;
  }
}
