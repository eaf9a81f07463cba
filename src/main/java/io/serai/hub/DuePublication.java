package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A listing that is marked and may be told now, as it is taken for a call.
 *
 * @param locationId empty where the channel knows no places
 * @param code what is sold there
 * @param quantity what the channel took last, less what it sold since; null when nothing was
 * @param base what the channel is known to show, or null
 * @param doubted whether it is told even if nothing changed
 */
record DuePublication(
    String listingId,
    String locationId,
    String code,
    Integer quantity,
    Integer base,
    boolean doubted) {
  // Of what is one listing to the channel only the part that was told longest ago, and only when
  // none of its parts was told lately.
  private static final String TOGETHER =
      """
      split_part(listing_id, ?, 1) NOT IN (
          SELECT split_part(o.listing_id, ?, 1) FROM publication o WHERE o.account = ? AND o.sent_at > ?)
        AND (listing_id, location_id) IN (
          SELECT DISTINCT ON (f.whole) f.listing_id, f.location_id
          FROM (SELECT listing_id, location_id, sent_at, split_part(listing_id, ?, 1) AS whole FROM publication
                WHERE account = ? AND NOT urgent AND marked_at <= ? AND delivery_id IS NULL AND sent_at IS NOT NULL) f
          ORDER BY f.whole, f.sent_at, f.listing_id, f.location_id)""";

  // Of the whole channel, not of one listing.
  private static final String PACED =
      "AND NOT EXISTS (SELECT 1 FROM publication o WHERE o.account = ? AND o.sent_at > ?)";

  String key() {
    return listingId + '/' + locationId;
  }

  // What runs out does not wait for a job that the channel only took on. The job may still show
  // what
  // it was told, so the listing is told once more when it is done.
  static void overtake(Connection connection, String account, Instant now) throws SQLException {
    new Statements()
        .add(
            """
            WITH waiting AS (
              SELECT p.account, p.listing_id, p.location_id FROM publication p JOIN delivery d ON d.id = p.delivery_id
              WHERE p.account = ? AND p.urgent AND p.marked_at <= ? AND d.state = 'PENDING'
              ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
            UPDATE publication p SET delivery_id = NULL, doubted = true FROM waiting w
            WHERE p.account = w.account AND p.listing_id = w.listing_id AND p.location_id = w.location_id""",
            account,
            now)
        .execute(connection);
  }

  // What the channel sold since is off what it shows already.
  static List<DuePublication> take(
      Connection connection, String account, boolean urgent, Instant now, StockRest rest, int most)
      throws SQLException {
    var due = new ArrayList<DuePublication>();
    var rested = now.minus(rest == null ? Duration.ZERO : rest.length());
    var together = rest != null && rest.upTo() != null;
    var parameters = new ArrayList<Object>(List.of(account, urgent, now));
    if (together) {
      var upTo = rest.upTo();
      parameters.addAll(List.of(upTo, upTo, account, rested, upTo, account, now));
    } else {
      parameters.add(rested);
    }
    var paced = !urgent && rest != null && !rest.pace().isZero();
    if (paced) {
      parameters.addAll(List.of(account, now.minus(rest.pace())));
    }
    parameters.add(most);
    new Statements()
        .query(
            """
            WITH due AS (
              SELECT account, listing_id, location_id, urgent, doubted FROM publication
              WHERE account = ? AND urgent = ? AND marked_at <= ? AND delivery_id IS NULL
                AND (urgent OR sent_at IS NULL OR %s) %s
              ORDER BY marked_at LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE publication p SET marked_at = NULL, urgent = false, hurried = due.urgent, doubted = false,
              pending_since = coalesce(p.pending_since, p.marked_at),
              quantity = p.quantity - least(p.sold, p.quantity), base = p.base - least(p.sold, p.base), sold = 0
            FROM due WHERE p.account = due.account AND p.listing_id = due.listing_id AND p.location_id = due.location_id
            RETURNING p.listing_id, p.location_id, p.sku, p.quantity, p.base, due.doubted"""
                .formatted(together ? TOGETHER : "sent_at <= ?", paced ? PACED : ""),
            rows -> {
              while (rows.next()) {
                due.add(
                    new DuePublication(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getObject(4, Integer.class),
                        rows.getObject(5, Integer.class),
                        rows.getBoolean(6)));
              }
            },
            parameters.toArray())
        .execute(connection);
    due.sort(Comparator.comparing(DuePublication::key));
    return due;
  }

  /** Has everything told again when something was not told for too long, and is not on its way. */
  static void refresh(Connection connection, String account, Duration after, Instant now)
      throws SQLException {
    new Statements()
        .add(
            """
            WITH all_of_it AS (
              SELECT account, listing_id, location_id FROM publication
              WHERE account = ? AND delivery_id IS NULL AND EXISTS (
                SELECT 1 FROM publication o
                WHERE o.account = ? AND o.sent_at <= ? AND o.delivery_id IS NULL AND o.marked_at IS NULL)
              ORDER BY account, listing_id, location_id FOR UPDATE SKIP LOCKED)
            UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), doubted = true FROM all_of_it a
            WHERE p.account = a.account AND p.listing_id = a.listing_id AND p.location_id = a.location_id""",
            account,
            account,
            now.minus(after),
            now)
        .execute(connection);
  }

  static void forget(Connection connection, String account, List<DuePublication> settled)
      throws SQLException {
    if (!settled.isEmpty()) {
      new Statements()
          .add(
              """
              UPDATE publication p SET pending_since = NULL, hurried = false
              FROM unnest(?, ?) AS u(listing_id, location_id)
              WHERE p.account = ? AND p.listing_id = u.listing_id AND p.location_id = u.location_id""",
              Statements.texts(settled.stream().map(DuePublication::listingId).toList()),
              Statements.texts(settled.stream().map(DuePublication::locationId).toList()),
              account)
          .execute(connection);
    }
  }
}
