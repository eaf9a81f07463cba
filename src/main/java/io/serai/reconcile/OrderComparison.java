package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A channel's orders against ours: whether they are on both sides, whole or cancelled, for the same
 * money, and whether what left and what was refunded is known there.
 *
 * <p>Guarantee: orders that changed within the grace, of which a message is not read yet or a
 * delivery to the channel is on its way, are passed over. Gap: of orders with sets, whose lines are
 * counted otherwise there, units are not compared; amounts are not where the order's own do not add
 * up, which is a flag of its own.
 */
final class OrderComparison implements Comparison {
  private static final List<String> KINDS =
      FindingKind.names(
          FindingKind.ORDER_MISSING,
          FindingKind.ORDER_EXTRA,
          FindingKind.ORDER_CANCELLED,
          FindingKind.ORDER_AMOUNT,
          FindingKind.SHIPMENT_UNTOLD,
          FindingKind.SHIPMENT_UNKNOWN,
          FindingKind.SHIPMENT_TRACKING,
          FindingKind.REFUND_DIFFERENT);
  private static final Duration FURTHEST_BACK = Duration.ofDays(60);
  private static final int OURS_AT_ONCE = 1_000;
  private static final String NOTHING_OWED = "Nothing was owed to it; mark them as sent there.";
  private static final String PART_LACKING =
      "What of it is lacking there is not known here; mark that as sent there.";

  // Lines 'serai-…' were added here: the channel knows neither them nor a parcel of nothing else. A
  // shipment
  // that differs from what was asked for is not told before a person says that it may be.
  private static final String OURS =
      """
      SELECT u.key, o.id, o.state, o.grand_total, o.currency, o.money_mismatch, o.placed_at, o.updated_at,
        l.shipped, l.refunded, l.sets, s.tracking, s.undecided, g.given, g.refunds, g.unknown,
        d.owed, d.stopped, d.shipment, d.shipments, d.cancellation, m.open, m.parked
      FROM unnest(?) AS u(key)
      LEFT JOIN sales_order o ON o.account = ? AND o.channel_order_id = u.key
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(shipped) FILTER (WHERE requires_shipping AND line_id NOT LIKE 'serai-%'), 0) AS shipped,
          coalesce(sum(refunded), 0) AS refunded, bool_or(parent_line_no IS NOT NULL) AS sets
        FROM order_line WHERE order_id = o.id) l ON true
      LEFT JOIN LATERAL (
        SELECT bool_or(c.shipment_id IS NOT NULL) AS undecided,
          array_agg(DISTINCT p.tracking_number) FILTER (WHERE c.shipment_id IS NULL AND p.tracking_number IS NOT NULL AND NOT (
            SELECT coalesce(bool_and(coalesce(i ->> 'lineId' LIKE 'serai-%', false)), false)
            FROM json_array_elements(p.document -> 'packages') b, json_array_elements(b -> 'lines') i)) AS tracking
        FROM shipment p LEFT JOIN shipment_case c ON c.shipment_id = p.id AND c.decided_at IS NULL
        WHERE p.order_id = o.id) s ON true
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS given, count(*) AS refunds, coalesce(bool_or(amount IS NULL AND told IS NOT NULL), false) AS unknown
        FROM refund WHERE order_id = o.id AND o.money_moved) g ON true
      LEFT JOIN LATERAL (
        SELECT bool_or(state IN ('READY', 'SENDING', 'PENDING', 'WAITING')) AS owed,
          max(id) FILTER (WHERE state = 'PARKED' OR state = 'REFUSED' AND failure_id IS NOT NULL) AS stopped,
          max(id) FILTER (WHERE state = 'CONFIRMED' AND operation = 'shipment') AS shipment,
          count(DISTINCT business_key) FILTER (WHERE operation = 'shipment') AS shipments,
          max(id) FILTER (WHERE state = 'CONFIRMED' AND operation = 'cancellation') AS cancellation
        FROM delivery WHERE order_id = o.id AND destination = ?) d ON true
      LEFT JOIN LATERAL (
        SELECT bool_or(state <> 'PARKED') AS open, min(id) FILTER (WHERE state = 'PARKED') AS parked
        FROM inbox_message WHERE lane = ? || '/' || u.key AND state IN ('RECEIVED', 'RUNNING', 'PARKED')) m ON true""";

  // The id of an order tells when it came, so a window of orders is a range of the primary key.
  private static final String PLACED =
      """
      SELECT id, channel_order_id, placed_at, updated_at, state FROM sales_order
      WHERE id > ? AND account = ? AND placed_at >= ? AND placed_at < ? ORDER BY id LIMIT ?""";

  private final Findings findings;

  OrderComparison(Findings findings) {
    this.findings = findings;
  }

  @Override
  public String document() {
    return "order";
  }

  @Override
  public void compare(Round round, Teller teller) throws SQLException {
    var before = findings.oldest(round.account.name(), KINDS, round.now.minus(FURTHEST_BACK));
    var since =
        before != null && before.isBefore(round.since) ? before.minusSeconds(1) : round.since;
    var theirs = new HashSet<String>();
    Pages.each(
        teller,
        new Teller.Question(since, round.now, null, null),
        items -> {
          var page = new LinkedHashMap<String, JsonNode>();
          for (var item : items) {
            page.put(item.path("key").asText(), item);
          }
          theirs.addAll(page.keySet());
          page(round, since, page);
        });
    extras(round, since, theirs);
  }

  private void page(Round round, Instant since, Map<String, JsonNode> page) throws SQLException {
    if (page.isEmpty()) {
      return;
    }
    var things = new TreeSet<String>();
    var seen = new ArrayList<Observation>();
    for (var ours : ours(round, List.copyOf(page.keySet()))) {
      var theirs = page.get(ours.key());
      var placed = instant(theirs, "placedAt");
      var inWindow = placed != null && !placed.isBefore(since) && placed.isBefore(round.until);
      if (ours.open()
          || ours.owed()
          || settling(round, ours.updatedAt())
          || settling(round, instant(theirs, "updatedAt"))
          || ours.id() == null && !inWindow) {
        continue;
      }
      things.add(ours.key());
      if (ours.id() == null) {
        seen.add(missing(round, ours, theirs, placed));
      } else {
        seen.addAll(different(round, ours, theirs, placed));
      }
    }
    round.write(KINDS, things, seen);
  }

  private static boolean settling(Round round, Instant at) {
    return at != null && at.isAfter(round.settled());
  }

  private static Observation missing(Round round, Ours ours, JsonNode theirs, Instant placed) {
    var name = theirs.path("name").asText(ours.key());
    var parked = ours.parked() == null ? null : "msg_" + ours.parked();
    return new Observation(
        FindingKind.ORDER_MISSING,
        ours.key(),
        null,
        null,
        name,
        parked == null
            ? "Order '%s' of '%s' is not here. Pull it.".formatted(name, round.account.name())
            : "Order '%s' of '%s' is not here: message '%s' stopped. Cure its cause and replay it."
                .formatted(name, round.account.name(), parked),
        parked == null ? Remedy.PULL : Remedy.REPLAY,
        parked == null ? ours.key() : parked,
        placed);
  }

  private static List<Observation> different(
      Round round, Ours ours, JsonNode theirs, Instant placed) {
    var all = new ArrayList<Observation>();
    var who = round.account.name();
    var name = theirs.path("name").asText(ours.key());
    var stopped = ours.stopped() == null ? null : "dlv_" + ours.stopped();
    var cancelled = "CANCELLED".equals(ours.state());
    if (theirs.has("cancelled") && theirs.path("cancelled").asBoolean() != cancelled) {
      var told = ours.cancellation() == null ? null : "dlv_" + ours.cancellation();
      var remedy =
          !cancelled
              ? Remedy.PULL
              : stopped != null ? Remedy.REPLAY : told != null ? Remedy.WRITE_BACK : null;
      all.add(
          new Observation(
              FindingKind.ORDER_CANCELLED,
              ours.key(),
              ours.id(),
              ours.state(),
              cancelled ? "not cancelled" : "cancelled",
              cancelled
                  ? "Order '%s' is cancelled here and not at '%s'. %s"
                      .formatted(name, who, advice(remedy, "Cancel it there, or accept it."))
                  : "Order '%s' is cancelled at '%s' and not here. Pull it.".formatted(name, who),
              remedy,
              !cancelled ? ours.key() : stopped != null ? stopped : told,
              placed));
    }
    var total = theirs.at("/total/amount").asText(null);
    var currency = theirs.at("/total/currency").asText(null);
    if (total != null
        && ours.total() != null
        && !ours.mismatch()
        && (ours.total().compareTo(new BigDecimal(total)) != 0
            || !Objects.equals(ours.currency(), currency))) {
      all.add(
          new Observation(
              FindingKind.ORDER_AMOUNT,
              ours.key(),
              ours.id(),
              ours.total().toPlainString() + " " + ours.currency(),
              total + " " + currency,
              "Order '%s' is %s %s here and %s %s at '%s'. Pull it."
                  .formatted(
                      name, ours.total().toPlainString(), ours.currency(), total, currency, who),
              Remedy.PULL,
              ours.key(),
              placed));
    }
    if (!ours.sets() && !cancelled && !theirs.path("cancelled").asBoolean()) {
      shipped(round, ours, theirs, name, stopped, placed, all);
      refunded(round, ours, theirs, name, placed, all);
    }
    if (!cancelled
        && !theirs.path("cancelled").asBoolean()
        && all.stream().noneMatch(o -> o.kind() == FindingKind.REFUND_DIFFERENT)) {
      givenBack(round, ours, theirs, name, placed, all);
    }
    return all;
  }

  private static void shipped(
      Round round,
      Ours ours,
      JsonNode theirs,
      String name,
      String stopped,
      Instant placed,
      List<Observation> all) {
    var who = round.account.name();
    var there = theirs.path("shipped").asLong(ours.shipped()); // who does not say it, says no other
    if (there > ours.shipped()) {
      all.add(
          new Observation(
              FindingKind.SHIPMENT_UNKNOWN,
              ours.key(),
              ours.id(),
              String.valueOf(ours.shipped()),
              String.valueOf(there),
              "'%s' shows %d units of order '%s' as sent, and %d left here. Pull it."
                  .formatted(who, there, name, ours.shipped()),
              Remedy.PULL,
              ours.key(),
              placed));
    } else if (there < ours.shipped() && round.account.toldStatus()) {
      if (ours.undecided()) {
        return;
      }
      // Of several parcels, or of one shown in part, telling all again would be too much.
      var told = ours.shipment() == null ? null : "dlv_" + ours.shipment();
      var whole = told != null && ours.shipments() == 1 && there == 0;
      var remedy = stopped != null ? Remedy.REPLAY : whole ? Remedy.WRITE_BACK : null;
      all.add(
          new Observation(
              FindingKind.SHIPMENT_UNTOLD,
              ours.key(),
              ours.id(),
              String.valueOf(ours.shipped()),
              String.valueOf(there),
              "%d units of order '%s' left, and '%s' shows %d as sent. %s"
                  .formatted(
                      ours.shipped(),
                      name,
                      who,
                      there,
                      advice(remedy, ours.shipments() == 0 ? NOTHING_OWED : PART_LACKING)),
              remedy,
              remedy == null ? null : stopped != null ? stopped : told,
              placed));
    } else if (round.account.toldStatus() && theirs.path("tracking").isTextual()) {
      var shown = new TreeSet<String>();
      shown.addAll(Arrays.asList(theirs.path("tracking").asText().split(", ")));
      shown.remove("");
      var lacking = new TreeSet<>(ours.tracking());
      lacking.removeAll(shown);
      if (!lacking.isEmpty()) {
        all.add(
            new Observation(
                FindingKind.SHIPMENT_TRACKING,
                ours.key(),
                ours.id(),
                String.join(", ", new TreeSet<>(ours.tracking())),
                String.join(", ", shown),
                "'%s' does not show tracking number '%s' of order '%s'. Correct it there: telling of it again would be a second shipment."
                    .formatted(who, String.join("', '", lacking), name),
                null,
                null,
                placed));
      }
    }
  }

  private static void refunded(
      Round round, Ours ours, JsonNode theirs, String name, Instant placed, List<Observation> all) {
    if (!theirs.path("refunded").isIntegralNumber()
        || theirs.path("refunded").asLong() == ours.refunded()) {
      return;
    }
    var there = theirs.path("refunded").asLong();
    var more = there > ours.refunded();
    all.add(
        new Observation(
            FindingKind.REFUND_DIFFERENT,
            ours.key(),
            ours.id(),
            String.valueOf(ours.refunded()),
            String.valueOf(there),
            "%d units of order '%s' are refunded at '%s' and %d here. %s"
                .formatted(
                    there,
                    name,
                    round.account.name(),
                    ours.refunded(),
                    more ? "Pull it." : "Look who refunded them, then accept it."),
            more ? Remedy.PULL : null,
            more ? ours.key() : null,
            placed));
  }

  // A refund of another currency is counted at a rate, to a minor unit each.
  private static void givenBack(
      Round round, Ours ours, JsonNode theirs, String name, Instant placed, List<Observation> all) {
    var told = theirs.at("/refundedTotal/amount").asText(null);
    if (told == null
        || ours.unknown()
        || ours.refunds() == 0 && ours.refunded() > 0 // refunded before sums were kept
        || !Objects.equals(ours.currency(), theirs.at("/refundedTotal/currency").asText(null))) {
      return;
    }
    var there = new BigDecimal(told);
    var rounding =
        BigDecimal.ONE.movePointLeft(there.scale()).multiply(BigDecimal.valueOf(ours.refunds()));
    var difference = there.subtract(ours.given());
    if (difference.abs().compareTo(rounding) <= 0) {
      return;
    }
    var more = difference.signum() > 0;
    var given = ours.given().setScale(Math.max(ours.given().scale(), there.scale()));
    var here = given.toPlainString() + " " + ours.currency();
    all.add(
        new Observation(
            FindingKind.REFUND_DIFFERENT,
            ours.key(),
            ours.id(),
            here,
            told + " " + ours.currency(),
            "%s %s of order '%s' were given back at '%s' and %s here. %s"
                .formatted(
                    told,
                    ours.currency(),
                    name,
                    round.account.name(),
                    here,
                    more ? "Pull it." : "Look who gave it back, then accept it."),
            more ? Remedy.PULL : null,
            more ? ours.key() : null,
            placed));
  }

  private static String advice(Remedy remedy, String otherwise) {
    return remedy == null
        ? otherwise
        : remedy == Remedy.REPLAY
            ? "What tells of it stopped: cure its cause and replay it."
            : "Tell it again.";
  }

  private void extras(Round round, Instant since, Set<String> theirs) throws SQLException {
    var after = Ids.first(since);
    while (true) {
      var page = placed(round, since, after);
      var things = new TreeSet<String>();
      var seen = new ArrayList<Observation>();
      for (var ours : page) {
        after = ours.id();
        if (theirs.contains(ours.key()) || settling(round, ours.updatedAt())) {
          continue;
        }
        things.add(ours.key());
        seen.add(
            new Observation(
                FindingKind.ORDER_EXTRA,
                ours.key(),
                ours.id(),
                ours.state(),
                null,
                "Order '%s' is here and not at '%s'. Look whether it was deleted there, then cancel or accept it."
                    .formatted(ours.key(), round.account.name()),
                null,
                null,
                ours.placedAt()));
      }
      round.write(KINDS, things, seen);
      if (page.size() < OURS_AT_ONCE) {
        return;
      }
    }
  }

  private record Placed(UUID id, String key, Instant placedAt, Instant updatedAt, String state) {}

  private static List<Placed> placed(Round round, Instant since, UUID after) throws SQLException {
    var page = new ArrayList<Placed>();
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              PLACED,
              rows -> {
                while (rows.next()) {
                  page.add(
                      new Placed(
                          rows.getObject(1, UUID.class),
                          rows.getString(2),
                          instant(rows, "placed_at"),
                          instant(rows, "updated_at"),
                          rows.getString(5)));
                }
              },
              after,
              round.account.name(),
              since,
              round.until,
              OURS_AT_ONCE)
          .execute(connection);
    }
    return page;
  }

  private record Ours(
      String key,
      UUID id,
      String state,
      BigDecimal total,
      String currency,
      boolean mismatch,
      Instant updatedAt,
      long shipped,
      long refunded,
      boolean sets,
      Set<String> tracking,
      boolean undecided,
      BigDecimal given,
      long refunds,
      boolean unknown,
      boolean owed,
      Long stopped,
      Long shipment,
      long shipments,
      Long cancellation,
      boolean open,
      Long parked) {}

  private static List<Ours> ours(Round round, List<String> keys) throws SQLException {
    var all = new ArrayList<Ours>();
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              OURS,
              rows -> {
                while (rows.next()) {
                  all.add(one(rows));
                }
              },
              Statements.texts(keys),
              round.account.name(),
              round.account.name(),
              round.account.name())
          .execute(connection);
    }
    return all;
  }

  private static Ours one(ResultSet rows) throws SQLException {
    var tracking = rows.getArray("tracking");
    return new Ours(
        rows.getString("key"),
        rows.getObject("id", UUID.class),
        rows.getString("state"),
        rows.getBigDecimal("grand_total"),
        rows.getString("currency"),
        rows.getBoolean("money_mismatch"),
        instant(rows, "updated_at"),
        rows.getLong("shipped"),
        rows.getLong("refunded"),
        rows.getBoolean("sets"),
        tracking == null ? Set.of() : Set.copyOf(Arrays.asList((String[]) tracking.getArray())),
        rows.getBoolean("undecided"),
        rows.getBigDecimal("given"),
        rows.getLong("refunds"),
        rows.getBoolean("unknown"),
        rows.getBoolean("owed"),
        number(rows, "stopped"),
        number(rows, "shipment"),
        rows.getLong("shipments"),
        number(rows, "cancellation"),
        rows.getBoolean("open"),
        number(rows, "parked"));
  }

  private static Long number(ResultSet rows, String column) throws SQLException {
    var number = rows.getLong(column);
    return rows.wasNull() ? null : number;
  }

  private static Instant instant(ResultSet rows, String column) throws SQLException {
    var at = rows.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  private static Instant instant(JsonNode item, String name) {
    return item.path(name).isTextual() ? Instant.parse(item.path(name).asText()) : null;
  }
}
