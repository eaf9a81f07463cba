package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Acknowledgment;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a channel says later of quantities that it had only taken on: each listing shows what it was
 * told, or was refused and is a dead letter of its own.
 *
 * <p>Guarantee: what waits for another call by now, because it ran out meanwhile, is told once more
 * after that: nobody knows which of the two the channel did last.
 */
final class StockAnswers {
  private static final String SETTLE =
      """
      WITH answered AS (
        SELECT p.account, p.listing_id, p.location_id, (i.item ->> 'quantity')::integer AS quantity,
          NOT ? OR r.listing_id IS NOT NULL AS refused
        FROM delivery_content c CROSS JOIN json_array_elements(c.content::json -> 'items') AS i(item)
        JOIN publication p ON p.delivery_id = c.delivery_id AND p.listing_id || '/' || p.location_id = i.item ->> 'key'
        LEFT JOIN unnest(?) AS r(listing_id) ON r.listing_id = p.listing_id
        WHERE c.delivery_id = ? ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
      UPDATE publication p SET delivery_id = NULL, hurried = false,
        quantity = CASE WHEN a.refused THEN p.quantity ELSE a.quantity END,
        base = CASE WHEN NOT a.refused THEN a.quantity END,
        sold = CASE WHEN a.refused THEN 0 ELSE p.sold END,
        confirmed_at = CASE WHEN a.refused THEN p.confirmed_at ELSE ? END,
        pending_since = CASE WHEN a.refused THEN p.pending_since END
      FROM answered a
      WHERE p.account = a.account AND p.listing_id = a.listing_id AND p.location_id = a.location_id""";

  private static final String TELL_AGAIN =
      """
      WITH overtaken AS (
        SELECT p.account, p.listing_id, p.location_id
        FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
        CROSS JOIN json_array_elements(c.content::json -> 'items') AS i(item)
        JOIN publication p ON p.account = d.destination AND p.listing_id || '/' || p.location_id = i.item ->> 'key'
        WHERE d.id = ? AND p.delivery_id IS DISTINCT FROM d.id
        ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
      UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), urgent = true, doubted = true
      FROM overtaken o
      WHERE p.account = o.account AND p.listing_id = o.listing_id AND p.location_id = o.location_id""";

  private static final String PARK =
      """
      WITH refused AS (
        SELECT d.destination, d.repeat_mode, d.deadline_at, r.key, i.item
        FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
        CROSS JOIN json_array_elements(c.content::json -> 'items') AS i(item)
        JOIN unnest(?, ?) AS r(listing_id, key) ON r.listing_id = i.item ->> 'listingId'
        WHERE d.id = ?),
      parked AS (
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
          state, due_at, deadline_at, created_at)
        SELECT destination, 'stock', 'stock', destination || '/' || key, key, key, repeat_mode, 'PARKED', ?, deadline_at, ?
        FROM refused RETURNING id, business_key)
      INSERT INTO delivery_content (delivery_id, content)
      SELECT p.id, json_build_object('items', json_build_array(r.item))::text FROM parked p JOIN refused r ON r.key = p.business_key""";

  private static final String FAILURES =
      """
      WITH f AS (
        INSERT INTO failure (kind, sentence, fingerprint, account, evidence, delivery_id, occurred_at)
        SELECT u.kind, u.sentence, u.fingerprint, d.destination, u.evidence, d.id, ?
        FROM unnest(?, ?, ?, ?, ?) AS u(key, kind, sentence, fingerprint, evidence)
        JOIN delivery d ON d.destination = ? AND d.operation = 'stock' AND d.business_key = u.key
        RETURNING id, delivery_id)
      UPDATE delivery d SET failure_id = f.id FROM f WHERE d.id = f.delivery_id""";

  private record Answer(
      long deliveryId,
      String destination,
      boolean accepted,
      List<Acknowledgment.Refused> refused) {}

  private final List<Answer> answers = new ArrayList<>();

  /** Notes what is said of a call that is closed with it. */
  void add(long deliveryId, String destination, Acknowledgment said) {
    answers.add(
        new Answer(
            deliveryId,
            destination,
            said.state() == Acknowledgment.State.ACCEPTED,
            said.refused() == null ? List.of() : said.refused()));
  }

  /** Adds what has to be written to the transaction's statements. */
  void write(Statements statements, Ids ids, Instant now) {
    for (var answer : answers) {
      var listings = answer.refused().stream().map(Acknowledgment.Refused::listingId).toList();
      statements.add(TELL_AGAIN, answer.deliveryId(), now);
      statements.add(
          SETTLE, answer.accepted(), Statements.texts(listings), answer.deliveryId(), now);
      if (listings.isEmpty()) {
        continue;
      }
      var keys = listings.stream().map(listing -> Ids.text("stk", ids.next())).toList();
      var failures = answer.refused().stream().map(r -> failure(answer, r)).toList();
      statements.add(
          PARK, Statements.texts(listings), Statements.texts(keys), answer.deliveryId(), now, now);
      statements.add(
          FAILURES,
          now,
          Statements.texts(keys),
          Statements.texts(failures.stream().map(f -> f.kind().name()).toList()),
          Statements.texts(failures.stream().map(Failure::sentence).toList()),
          Statements.texts(failures.stream().map(Failure::fingerprint).toList()),
          Statements.texts(failures.stream().map(Failure::evidence).toList()),
          answer.destination());
    }
  }

  private static Failure failure(Answer answer, Acknowledgment.Refused refused) {
    return new Failure(
        FailureKind.REFUSED,
        "'%s' refused the quantity of listing '%s'%s. Correct the cause with the partner, then replay."
            .formatted(
                answer.destination(),
                refused.listingId(),
                refused.reason() == null ? "" : ": " + refused.reason().replaceAll("[.\\s]+$", "")),
        Place.of(answer.destination()),
        refused.code(),
        null,
        null);
  }
}
