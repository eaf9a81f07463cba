package io.serai.kpi;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The figures that are computed, each with its definition.
 *
 * <p>Each is a query for facts: {@code order_id, account, at, hit, amount}. Those about orders take
 * the window as a range of the orders' primary key, whose ids tell when an order came; those about
 * what is open now read partial indexes that hold only that.
 */
public enum Kpi {
  /** Orders cancelled for lack of stock. */
  CANCELLED_FOR_STOCK(
      "Orders that came in the window and were cancelled because there was no stock.",
      "cancelled with reason INVENTORY ÷ orders",
      Measure.SHARE,
      true,
      """
      SELECT o.id, o.account, o.received_at, o.state = 'CANCELLED' AND EXISTS (
          SELECT 1 FROM order_document d WHERE d.order_id = o.id AND d.document::json ->> 'cancelReason' = 'INVENTORY'), 0
      FROM sales_order o WHERE o.id >= ? AND o.id < ? AND NOT o.test"""),
  /** Orders in several parcels. */
  SPLIT_SHIPMENTS(
      "Of the orders that came in the window and were shipped, those that left as more than one shipment.",
      "orders with > 1 shipment ÷ orders with a shipment",
      Measure.SHARE,
      true,
      """
      SELECT o.id, o.account, o.received_at, s.shipments > 1, s.shipments FROM sales_order o
      CROSS JOIN LATERAL (SELECT count(*) AS shipments FROM shipment WHERE order_id = o.id) s
      WHERE o.id >= ? AND o.id < ? AND NOT o.test AND s.shipments > 0"""),
  /** Orders allocated at once. */
  FIRST_ATTEMPT_ALLOCATION(
      "Of the orders that came in the window and were decided on, those that were placed whole by the first decision, without a hold.",
      "orders with one decision, nothing backordered and no hold ever ÷ orders with a decision",
      Measure.SHARE,
      true,
      """
      SELECT o.id, o.account, o.received_at, d.decisions = 1
          AND NOT EXISTS (SELECT 1 FROM order_hold h WHERE h.order_id = o.id)
          AND (SELECT max(l.backordered) FROM order_line l WHERE l.order_id = o.id) = 0, d.decisions
      FROM sales_order o CROSS JOIN LATERAL (SELECT count(*) AS decisions FROM decision WHERE order_id = o.id) d
      WHERE o.id >= ? AND o.id < ? AND NOT o.test AND d.decisions > 0"""),
  /** From order to shipment. */
  ORDER_TO_SHIP(
      "From when an order was placed to when its first shipment left, of the orders that came in the window and were shipped.",
      "first shipment's time − order's time: median, 95th percentile and slowest",
      Measure.DURATION,
      true,
      """
      SELECT o.id, o.account, o.received_at, true, greatest(0, extract(epoch FROM s.first - coalesce(o.placed_at, o.received_at)))
      FROM sales_order o CROSS JOIN LATERAL (SELECT min(shipped_at) AS first FROM shipment WHERE order_id = o.id) s
      WHERE o.id >= ? AND o.id < ? AND NOT o.test AND s.first IS NOT NULL"""),
  /** Orders shipped in time. */
  ON_TIME_SHIP(
      "Of the orders that came in the window and were shipped, those whose first shipment left within 48 hours.",
      "orders shipped ≤ 48 h after they were placed ÷ orders with a shipment",
      Measure.SHARE,
      true,
      """
      SELECT o.id, o.account, o.received_at, s.first <= coalesce(o.placed_at, o.received_at) + interval '48 hours', 0
      FROM sales_order o CROSS JOIN LATERAL (SELECT min(shipped_at) AS first FROM shipment WHERE order_id = o.id) s
      WHERE o.id >= ? AND o.id < ? AND NOT o.test AND s.first IS NOT NULL"""),
  /** Shipments that can be followed. */
  TRACKING_COMPLETENESS(
      "Of the shipments of orders that came in the window, those with a tracking number.",
      "shipments with a tracking number ÷ shipments",
      Measure.SHARE,
      true,
      """
      SELECT o.id, o.account, o.received_at, s.tracking_number IS NOT NULL, 0
      FROM sales_order o CROSS JOIN LATERAL (SELECT tracking_number FROM shipment WHERE order_id = o.id OFFSET 0) s
      WHERE o.id >= ? AND o.id < ? AND NOT o.test"""),
  /** Orders that needed a person. */
  EXCEPTIONS(
      "Holds placed and deliveries that stopped, on the orders that came in the window.",
      "(holds + deliveries parked or refused) × 100 ÷ orders",
      Measure.PER_100,
      true,
      """
      SELECT o.id, o.account, o.received_at, h.holds + d.stopped > 0, h.holds + d.stopped FROM sales_order o
      CROSS JOIN LATERAL (SELECT count(*) AS holds FROM order_hold WHERE order_id = o.id) h
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'PARKED' OR state = 'REFUSED' AND failure_id IS NOT NULL) AS stopped
        FROM delivery WHERE order_id = o.id) d
      WHERE o.id >= ? AND o.id < ? AND NOT o.test"""),
  /** Age of open holds. */
  HOLD_AGE(
      "How long the holds that are open now have been open.",
      "now − placed, of open holds: median, 95th percentile and oldest",
      Measure.DURATION,
      false,
      """
      SELECT h.order_id, o.account, now(), true, extract(epoch FROM now() - h.placed_at)
      FROM order_hold h JOIN sales_order o ON o.id = h.order_id WHERE h.released_at IS NULL"""),
  /** Age of what waits to be sent. */
  QUEUE_AGE(
      "How long the deliveries that are due now have waited.",
      "now − due, of deliveries ready to be sent: median, 95th percentile and oldest",
      Measure.DURATION,
      false,
      """
      SELECT order_id, destination, now(), true, extract(epoch FROM now() - due_at)
      FROM delivery WHERE state = 'READY' AND due_at <= now()"""),
  /** What waits for a person. */
  EXCEPTION_BACKLOG(
      "Messages and deliveries that are stopped now, and open holds.",
      "parked messages + parked deliveries + open holds",
      Measure.COUNT,
      false,
      """
      SELECT order_id, account, now(), true, 0 FROM inbox_message WHERE state = 'PARKED'
      UNION ALL SELECT order_id, destination, now(), true, 0 FROM delivery WHERE state = 'PARKED'
      UNION ALL SELECT h.order_id, o.account, now(), true, 0
      FROM order_hold h JOIN sales_order o ON o.id = h.order_id WHERE h.released_at IS NULL"""),
  /** Oversells. */
  OVERSELLS(
      "Cases opened in the window in which more was promised than a node could send.",
      "stock cases of kind SHORTAGE opened in the window",
      Measure.COUNT,
      false,
      """
      SELECT NULL::uuid, node, opened_at, true, quantity FROM stock_case
      WHERE kind = 'SHORTAGE' AND opened_at >= now() - interval '7 days'"""),
  /** Articles that are described badly. */
  CATALOG_GAPS(
      "Articles without a title, a weight, an HS code or a country of origin.",
      "articles that lack one of them ÷ articles",
      Measure.SHARE,
      false,
      """
      SELECT NULL::uuid, NULL::text, now(), title IS NULL OR weight_grams IS NULL OR hs_code IS NULL OR origin_country IS NULL, 0
      FROM item"""),
  /** What stands otherwise elsewhere. */
  OPEN_FINDINGS(
      "What stands otherwise at a channel or partner than here and is not put right yet.",
      "open findings of comparisons",
      Measure.COUNT,
      false,
      "SELECT order_id, account, now(), true, 0 FROM finding WHERE state = 'OPEN'");

  /** How many days the window of figures about orders has. */
  public static final int DAYS = 7;

  private final String sentence;
  private final String formula;
  private final Measure measure;
  private final boolean windowed;
  private final String facts;

  Kpi(String sentence, String formula, Measure measure, boolean windowed, String facts) {
    this.sentence = sentence;
    this.formula = formula;
    this.measure = measure;
    this.windowed = windowed;
    this.facts = facts;
  }

  /** The name, as in addresses and metrics: {@code split-shipments}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of that name. */
  public static Optional<Kpi> of(String word) {
    return Stream.of(values()).filter(kpi -> kpi.word().equals(word)).findFirst();
  }

  /** What it says, in a sentence. */
  public String sentence() {
    return sentence;
  }

  /** How it is computed. */
  public String formula() {
    return formula;
  }

  /** How facts become the figure. */
  public Measure measure() {
    return measure;
  }

  /** The unit. */
  public String unit() {
    return measure.unit();
  }

  /** What time it is about. */
  public String window() {
    return windowed || this == OVERSELLS ? DAYS + " days" : "now";
  }

  /** Whether it is about orders of a window, given as two bounds of their ids. */
  boolean windowed() {
    return windowed;
  }

  /** The facts, as a table of five columns. */
  String facts() {
    return "(" + facts + ") AS f (order_id, account, at, hit, amount)";
  }
}
