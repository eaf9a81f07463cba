package io.serai.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.deadletter.Replay;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Ids;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Books of a shop and of a warehouse that agree with ours, and books that do not. */
class ReconciliationIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final Ids ids = new Ids(clock);
  private final Tellers tellers = new Tellers();
  private final List<JsonNode> orders = new ArrayList<>();
  private final List<JsonNode> levels = new ArrayList<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private JdbcClient jdbc;
  private Reconciliation reconciliation;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    jdbc = JdbcClient.create(DATABASE.dataSource());
    tellers.put("shop", "order", question -> new Teller.Told(orders, null));
    tellers.put("shop", "stock", question -> new Teller.Told(levels, null));
    tellers.put("depot", "fulfillment-request", question -> new Teller.Told(requests, null));
    tellers.put("depot", "stock", question -> new Teller.Told(levels, null));
    reconciliation = hub();
  }

  private Reconciliation hub() {
    return new Reconciliation(
        DATABASE.dataSource(),
        clock,
        Terms.USUAL,
        tellers,
        Map.of(
            "shop", new Counterpart("shop", true, true, true),
            "depot", new Counterpart("depot", false, true, true)));
  }

  private UUID ours(String key, String state, int shipped) {
    var id = ids.next();
    var at = clock.instant().toString();
    jdbc.sql(
            """
            INSERT INTO sales_order (id, account, channel_order_id, state, revision, currency, grand_total, placed_at, received_at, updated_at)
            VALUES (?, 'shop', ?, ?, 1, 'EUR', 59.90, ?::timestamptz, ?::timestamptz, ?::timestamptz)""")
        .params(id, key, state, at, at, at)
        .update();
    jdbc.sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, shipped)
            VALUES (?, 1, 'L1', 'MUG-BLU', 'PHYSICAL', true, 2, ?)""")
        .params(id, shipped)
        .update();
    return id;
  }

  private ObjectNode theirs(String key, int shipped) {
    var order = JsonNodeFactory.instance.objectNode();
    order.put("key", key).put("name", "#" + key).put("cancelled", false).put("shipped", shipped);
    order.put("placedAt", clock.instant().toString());
    order.put("updatedAt", clock.instant().toString());
    order.put("refunded", 0);
    order.putObject("total").put("amount", "59.9").put("currency", "EUR");
    order.put("tracking", "");
    orders.add(order);
    return order;
  }

  private long delivery(
      UUID order, String destination, String operation, String key, String state) {
    var id =
        jdbc.sql(
                """
                INSERT INTO delivery (destination, document, operation, lane, order_id, business_key, idempotency_key, repeat_mode,
                  state, due_at, deadline_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'QUERYABLE', ?, now(), now(), now()) RETURNING id""")
            .params(
                destination,
                operation,
                operation,
                destination + "/" + order,
                order,
                key,
                operation + ":" + key + ":1",
                state)
            .query(Long.class)
            .single();
    jdbc.sql("INSERT INTO delivery_content VALUES (?, '{\"of\":\"it\"}')").param(id).update();
    return id;
  }

  private String run(String account) throws SQLException {
    var id =
        reconciliation.plan(
            account, clock.instant().minus(Duration.ofDays(1)), clock.instant(), "ada");
    assertThat(reconciliation.runDue()).isTrue();
    return jdbc.sql(
            "SELECT state || ' ' || compared || ' ' || found || ' ' || fixed FROM reconcile_run WHERE id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  private List<String> found() {
    return jdbc.sql(
            "SELECT kind || ' ' || thing || ' ' || coalesce(remedy, '-') FROM finding WHERE state = 'OPEN' ORDER BY kind, thing")
        .query(String.class)
        .list();
  }

  private String sentence(String kind) {
    return jdbc.sql("SELECT sentence FROM finding WHERE kind = ?")
        .param(kind)
        .query(String.class)
        .single();
  }

  /** What happened so far is long enough ago to be compared. */
  private void settle() {
    clock.advance(Duration.ofHours(1));
  }

  @Test
  void booksThatAgreeAreOnlyCounted() throws SQLException {
    ours("1", "SHIPPED", 2);
    theirs("1", 2);
    settle();

    assertThat(run("shop")).isEqualTo("DONE 1 0 0");
    assertThat(found()).isEmpty();
  }

  @Test
  void eachDifferenceOfAnOrderIsNamed() throws SQLException {
    theirs("missing", 0);
    ours("extra", "RELEASED", 0);
    ours("cancelled", "RELEASED", 0);
    theirs("cancelled", 0).put("cancelled", true);
    ours("amount", "RELEASED", 0);
    theirs("amount", 0).putObject("total").put("amount", "49.90").put("currency", "EUR");
    ours("unknown", "RELEASED", 0);
    theirs("unknown", 1);
    delivery(ours("untold", "SHIPPED", 2), "shop", "shipment", "s1", "CONFIRMED");
    theirs("untold", 0);
    ours("refund", "SHIPPED", 2);
    theirs("refund", 2).put("refunded", 1);
    settle();

    assertThat(run("shop")).isEqualTo("DONE 7 7 0");
    assertThat(found())
        .containsExactly(
            "ORDER_AMOUNT amount PULL",
            "ORDER_CANCELLED cancelled PULL",
            "ORDER_EXTRA extra -",
            "ORDER_MISSING missing PULL",
            "REFUND_DIFFERENT refund PULL",
            "SHIPMENT_UNKNOWN unknown PULL",
            "SHIPMENT_UNTOLD untold WRITE_BACK");
    assertThat(sentence("ORDER_AMOUNT"))
        .isEqualTo("Order '#amount' is 59.90 EUR here and 49.90 EUR at 'shop'. Pull it.");
    assertThat(sentence("SHIPMENT_UNTOLD"))
        .isEqualTo("2 units of order '#untold' left, and 'shop' shows 0 as sent. Tell it again.");
  }

  private void gaveBack(UUID order, String id, String amount, String told) {
    jdbc.sql("UPDATE sales_order SET money_moved = true WHERE id = ?").param(order).update();
    jdbc.sql(
            "INSERT INTO refund (order_id, refund_id, amount, told, refunded_at, recorded_at) VALUES (?, ?, ?::numeric, ?, now(), now())")
        .params(order, id, amount, told)
        .update();
  }

  private void refundedThere(String key, String amount) {
    theirs(key, 2).putObject("refundedTotal").put("amount", amount).put("currency", "EUR");
  }

  @Test
  void moneyThatOneSideGaveBackIsNamed() throws SQLException {
    gaveBack(ours("agreed", "SHIPPED", 2), "R-1", "5.00", null);
    refundedThere("agreed", "5.01"); // as rounded at a rate
    gaveBack(ours("here", "SHIPPED", 2), "R-1", "5.00", null);
    refundedThere("here", "0.00");
    ours("there", "SHIPPED", 2);
    refundedThere("there", "4.00");
    gaveBack(ours("elsewhere", "SHIPPED", 2), "R-1", null, "6.00 USD");
    refundedThere("elsewhere", "5.50");
    settle();

    run("shop");

    assertThat(found()).containsExactly("REFUND_DIFFERENT here -", "REFUND_DIFFERENT there PULL");
    assertThat(jdbc.sql("SELECT sentence FROM finding ORDER BY thing").query(String.class).list())
        .containsExactly(
            "0.00 EUR of order '#here' were given back at 'shop' and 5.00 EUR here. Look who gave it back, then accept it.",
            "4.00 EUR of order '#there' were given back at 'shop' and 0.00 EUR here. Pull it.");
  }

  @Test
  void whatIsShownInPartIsNotToldAgainWhole() throws SQLException {
    delivery(ours("part", "SHIPPED", 2), "shop", "shipment", "s1", "CONFIRMED");
    theirs("part", 1);
    var two = ours("two", "SHIPPED", 2);
    delivery(two, "shop", "shipment", "s2", "CONFIRMED");
    delivery(two, "shop", "shipment", "s3", "CONFIRMED");
    theirs("two", 0);
    ours("never", "SHIPPED", 2);
    theirs("never", 0);
    settle();

    run("shop");

    assertThat(found())
        .containsExactly(
            "SHIPMENT_UNTOLD never -", "SHIPMENT_UNTOLD part -", "SHIPMENT_UNTOLD two -");
    assertThat(
            jdbc.sql("SELECT sentence FROM finding WHERE target IS NULL ORDER BY thing")
                .query(String.class)
                .list())
        .containsExactly(
            "2 units of order '#never' left, and 'shop' shows 0 as sent. Nothing was owed to it; mark them as sent there.",
            "2 units of order '#part' left, and 'shop' shows 1 as sent. What of it is lacking there is not known here; mark that as sent there.",
            "2 units of order '#two' left, and 'shop' shows 0 as sent. What of it is lacking there is not known here; mark that as sent there.");
  }

  @Test
  void whatItsChannelIsNotToldOnPurposeIsNoDifference() throws SQLException {
    var differing = ours("differing", "SHIPPED", 2);
    jdbc.sql(
            "INSERT INTO shipment_case (shipment_id, order_id, document, created_at) VALUES (?, ?, '{}', now())")
        .params(shipment(differing, "TRACK-1", "{}"), differing)
        .update();
    theirs("differing", 0);
    var added = ours("added", "SHIPPED", 2);
    jdbc.sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, shipped)
            VALUES (?, 2, 'serai-1', 'GIFT', 'PHYSICAL', true, 1, 1)""")
        .param(added)
        .update();
    shipment(
        added, "TRACK-2", "{\"packages\":[{\"lines\":[{\"lineId\":\"serai-1\",\"quantity\":1}]}]}");
    theirs("added", 2);
    settle();

    assertThat(run("shop")).isEqualTo("DONE 2 0 0");

    jdbc.sql("UPDATE shipment_case SET decided_at = now()").update();
    run("shop");
    assertThat(found()).containsExactly("SHIPMENT_UNTOLD differing -");
  }

  private UUID shipment(UUID order, String tracking, String document) {
    return jdbc.sql(
            """
            WITH f AS (INSERT INTO fulfillment_order VALUES (gen_random_uuid(), ?, 'n', 'depot', 'SHIPPED', 'R1', now(), now()) RETURNING id)
            INSERT INTO shipment (id, order_id, fulfillment_order_id, partner_shipment_id, tracking_number, document, shipped_at, created_at)
            SELECT gen_random_uuid(), ?, f.id, 'P1', ?, ?::json, now(), now() FROM f RETURNING id""")
        .params(order, order, tracking, document)
        .query(UUID.class)
        .single();
  }

  @Test
  void aTrackingNumberThatIsNotShownIsNamedAndNotToldAgain() throws SQLException {
    shipment(ours("1", "SHIPPED", 2), "TRACK-1", "{}");
    theirs("1", 2).put("tracking", "TRACK-2, TRACK-3");
    settle();

    run("shop");

    assertThat(found()).containsExactly("SHIPMENT_TRACKING 1 -");
    assertThat(sentence("SHIPMENT_TRACKING")).contains("'TRACK-1' of order '#1'");
  }

  @Test
  void whoCountsNoUnitsIsComparedByItsTrackingNumbers() throws SQLException {
    shipment(ours("1", "SHIPPED", 2), "TRACK-1", "{}");
    var theirs = theirs("1", 0).put("tracking", "TRACK-1");
    theirs.remove("shipped");
    settle();
    run("shop");
    assertThat(found()).isEmpty();

    theirs.put("tracking", "");
    run("shop");
    assertThat(found()).containsExactly("SHIPMENT_TRACKING 1 -");
  }

  @Test
  void whatIsUnderWayIsNoDifference() throws SQLException {
    ours("old", "RELEASED", 0);
    theirs("old", 1);
    settle();
    theirs("young", 0);
    ours("changed", "RELEASED", 1);
    theirs("changed", 0);
    delivery(
        jdbc.sql("SELECT id FROM sales_order WHERE channel_order_id = 'old'")
            .query(UUID.class)
            .single(),
        "shop",
        "shipment",
        "s1",
        "READY");

    assertThat(run("shop")).isEqualTo("DONE 0 0 0");
  }

  @Test
  void anOrderWhoseMessageStoppedIsReplayed() throws SQLException {
    theirs("1", 0);
    settle();
    jdbc.sql(
            """
            INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
            VALUES ('shop', 'order', 'shop/1', '1', 'd1', 'PARKED', now(), now())""")
        .update();

    run("shop");

    assertThat(found()).containsExactly("ORDER_MISSING 1 REPLAY");
    assertThat(jdbc.sql("SELECT target FROM finding").query(String.class).single())
        .startsWith("msg_");
  }

  @Test
  void oneFindingLivesThroughRunsAndClosesItself() throws SQLException {
    theirs("1", 0);
    settle();
    run("shop");
    settle();
    run("shop");
    assertThat(jdbc.sql("SELECT seen_count FROM finding").query(Integer.class).list())
        .containsExactly(2);

    ours("1", "RELEASED", 0);
    settle();

    assertThat(run("shop")).isEqualTo("DONE 1 0 1");
    assertThat(jdbc.sql("SELECT state FROM finding").query(String.class).list())
        .containsExactly("FIXED");
  }

  @Test
  void anOldFindingIsComparedUntilItIsFixed() throws SQLException {
    theirs("1", 0);
    settle();
    run("shop");
    clock.advance(Duration.ofDays(5));

    assertThat(run("shop")).as("the window is one day").isEqualTo("DONE 1 1 0");
  }

  @Test
  void whatWasAcceptedStaysSoUntilASideChanges() throws SQLException {
    var id = ours("1", "RELEASED", 0);
    theirs("1", 1);
    settle();
    run("shop");
    jdbc.sql("UPDATE finding SET state = 'ACCEPTED', closed_by = 'ada'").update();

    run("shop");
    assertThat(found()).isEmpty();

    jdbc.sql("UPDATE order_line SET ordered = 3 WHERE order_id = ?").param(id).update();
    ((ObjectNode) orders.getFirst()).put("shipped", 2);
    run("shop");
    assertThat(found()).containsExactly("SHIPMENT_UNKNOWN 1 PULL");
  }

  @Test
  void aShopThatDoesNotAnswerFailsTheRunAndClosesNothing() throws SQLException {
    theirs("1", 0);
    settle();
    run("shop");
    tellers.put(
        "shop",
        "order",
        question -> {
          throw new FailureException(
              Failure.of(FailureKind.TRANSIENT, "The shop is closed.", Place.of("shop")));
        });

    assertThat(run("shop")).startsWith("FAILED");
    assertThat(
            jdbc.sql("SELECT failure FROM reconcile_run ORDER BY id DESC LIMIT 1")
                .query(String.class)
                .single())
        .isEqualTo("The shop is closed.");
    assertThat(found()).containsExactly("ORDER_MISSING 1 PULL");
  }

  @Test
  void pagingThatGoesInACircleIsNoticed() throws SQLException {
    tellers.put("shop", "order", question -> new Teller.Told(List.of(), "again"));

    assertThat(run("shop")).startsWith("FAILED");
  }

  @Test
  void aRunThatAnotherReplicaTookOverWritesNothingMore() throws SQLException {
    theirs("1", 0);
    settle();
    tellers.put(
        "shop",
        "order",
        question -> {
          jdbc.sql("UPDATE reconcile_run SET fence = fence + 1").update();
          return new Teller.Told(orders, null);
        });

    assertThat(run("shop")).startsWith("RUNNING");
    assertThat(found()).isEmpty();
  }

  @Test
  void aRunThatDiedIsTakenUpAgain() throws SQLException {
    theirs("1", 0);
    settle();
    reconciliation.plan("shop", clock.instant().minus(Duration.ofDays(1)), clock.instant(), "ada");
    jdbc.sql("UPDATE reconcile_run SET state = 'RUNNING', lease_until = ?::timestamptz")
        .param(clock.instant().plusSeconds(60).toString())
        .update();
    assertThat(reconciliation.runDue()).isFalse();

    clock.advance(Duration.ofMinutes(2));

    assertThat(reconciliation.runDue()).isTrue();
    assertThat(found()).containsExactly("ORDER_MISSING 1 PULL");
  }

  @Test
  void eachNightHasOneRunAnAccount() throws SQLException {
    assertThat(reconciliation.planNight()).as("started after its hour").isZero();
    clock.set(Instant.parse("2026-03-03T02:29:00Z"));
    assertThat(reconciliation.planNight()).isZero();

    clock.set(Instant.parse("2026-03-03T02:30:00Z"));
    assertThat(reconciliation.planNight()).isEqualTo(2);
    assertThat(reconciliation.planNight()).isZero();
    assertThat(hub().planNight()).as("another replica").isZero();

    clock.set(Instant.parse("2026-03-04T11:00:00Z"));
    assertThat(hub().planNight()).as("down at its hour").isEqualTo(2);
  }

  @Test
  void whatAChannelShowsIsComparedWithWhatItWasToldLessWhatItSold() throws SQLException {
    published("right", 5, 1);
    published("wrong", 5, 0);
    published("gone", 5, 0);
    published("moving", 5, 0);
    jdbc.sql("UPDATE publication SET marked_at = now() WHERE listing_id = 'moving'").update();
    levels.add(level("right", 4));
    levels.add(level("wrong", 9));
    levels.add(level("moving", 1));
    settle();

    run("shop");

    assertThat(found())
        .containsExactly(
            "STOCK_SHOWN SKU-gone (gone at L) -", "STOCK_SHOWN SKU-wrong (wrong at L) WRITE_BACK");
  }

  private void published(String listing, int quantity, int sold) {
    jdbc.sql(
            """
            INSERT INTO publication (account, listing_id, location_id, sku, quantity, sold, base, confirmed_at)
            VALUES ('shop', ?, 'L', 'SKU-' || ?, ?, ?, 1, ?::timestamptz)""")
        .params(listing, listing, quantity, sold, clock.instant().toString())
        .update();
  }

  private static JsonNode level(String listing, int quantity) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("listingId", listing)
        .put("locationId", "L")
        .put("quantity", quantity);
  }

  @Test
  void aDifferenceThatIsGoneOnTheSecondLookIsNone() throws SQLException {
    published("wrong", 5, 0);
    var asked = new int[1];
    tellers.put(
        "shop",
        "stock",
        question -> new Teller.Told(List.of(level("wrong", asked[0]++ == 0 ? 9 : 8)), null));
    settle();

    run("shop");

    assertThat(asked[0]).isEqualTo(2);
    assertThat(found()).isEmpty();
  }

  @Test
  void whatAPartnerHoldsIsComparedWithTheBooksOfItsNode() throws SQLException {
    jdbc.sql("INSERT INTO node (id, type, partner, priority) VALUES ('nj-1', '3pl', 'depot', 1)")
        .update();
    for (var sku : List.of("A", "B", "C")) {
      jdbc.sql(
              "INSERT INTO stock_level (sku, node, on_hand, shortage, as_of) VALUES (?, 'nj-1', 5, 2, ?::timestamptz)")
          .params(sku, clock.instant().toString())
          .update();
    }
    levels.add(held("A", 3));
    levels.add(held("B", 5));
    levels.add(held("unknown", 5));
    settle();

    assertThat(run("depot")).isEqualTo("DONE 2 1 0");
    assertThat(found()).containsExactly("STOCK_HELD B @ nj-1 PULL");
  }

  private static JsonNode held(String sku, int onHand) {
    return JsonNodeFactory.instance.objectNode().put("sku", sku).put("onHand", onHand);
  }

  @Test
  void eachRequestIsAskedAboutAndWhereItDiffersNamed() throws SQLException {
    var order = ours("1", "RELEASED", 0);
    var id = ids.next();
    var at = clock.instant().toString();
    jdbc.sql(
            "INSERT INTO fulfillment_order VALUES (?, ?, 'nj-1', 'depot', 'ACCEPTED', 'R1', ?::timestamptz, ?::timestamptz)")
        .params(id, order, at, at)
        .update();
    var key = Ids.text("ful", id);
    delivery(order, "depot", "fulfillment-request", key, "CONFIRMED");
    settle();

    run("depot");
    assertThat(found()).containsExactly("REQUEST_MISSING " + key + " WRITE_BACK");

    requests.add(JsonNodeFactory.instance.objectNode().put("state", "SHIPPED"));
    run("depot");
    assertThat(found()).containsExactly("REQUEST_DIFFERENT " + key + " PULL");

    jdbc.sql("UPDATE fulfillment_order SET state = 'SHIPPED'").update();
    assertThat(run("depot")).isEqualTo("DONE 1 0 1");
  }

  @Test
  void aRequestThatIsStoppedOrSentInPartIsNotAskedAgain() throws SQLException {
    var order = ours("1", "RELEASED", 0);
    var id = ids.next();
    var at = clock.instant().toString();
    jdbc.sql(
            "INSERT INTO fulfillment_order VALUES (?, ?, 'nj-1', 'depot', 'ACCEPTED', 'R1', ?::timestamptz, ?::timestamptz)")
        .params(id, order, at, at)
        .update();
    var key = Ids.text("ful", id);
    var request = delivery(order, "depot", "fulfillment-request", key, "CONFIRMED");
    settle();
    run("depot");
    assertThat(found()).containsExactly("REQUEST_MISSING " + key + " WRITE_BACK");

    for (var state : List.of("CANCEL_REQUESTED", "PARTIALLY_SHIPPED", "CANCELLED", "SHIPPED")) {
      jdbc.sql("UPDATE fulfillment_order SET state = ?").param(state).update();
      assertThat(again(request))
          .as(state)
          .isEqualTo(
              new Remedies.Result.Refused(
                  "'dlv_%d' cannot be told again: its request is stopped, sent in part or gone by now. Compare again."
                      .formatted(request)));
    }

    for (var state : List.of("CANCEL_REQUESTED", "PARTIALLY_SHIPPED")) {
      jdbc.sql("UPDATE fulfillment_order SET state = ?").param(state).update();
      run("depot");
      assertThat(found()).as(state).containsExactly("REQUEST_MISSING " + key + " -");
      assertThat(sentence("REQUEST_MISSING"))
          .isEqualTo(
              "'depot' has no request '%s', which it confirmed. Ask there what became of it."
                  .formatted(key));
    }

    jdbc.sql("UPDATE fulfillment_order SET state = 'REQUESTED'").update();
    assertThat(again(request)).isInstanceOf(Remedies.Result.Done.class);
  }

  private Remedies.Result again(long delivery) throws SQLException {
    return remedies(() -> {})
        .apply(Remedy.WRITE_BACK, "depot", "fulfillment-request", "dlv_" + delivery, null, "ada");
  }

  private Remedies remedies(Runnable nudge) {
    return new Remedies(
        DATABASE.dataSource(),
        clock,
        new Replay(DATABASE.dataSource(), clock, order -> true),
        (account, document, key) -> false,
        nudge);
  }

  @Test
  void writingBackIsANewRevisionUnderItsOwnKeyAndOnlyOnce() throws SQLException {
    var id = delivery(ours("1", "SHIPPED", 2), "shop", "shipment", "s1", "CONFIRMED");
    var nudged = new int[1];
    var remedies = remedies(() -> nudged[0]++);

    var first = remedies.apply(Remedy.WRITE_BACK, "shop", "order", "dlv_" + id, null, "ada");
    var second = remedies.apply(Remedy.WRITE_BACK, "shop", "order", "dlv_" + id, null, "ada");
    var pull = remedies.apply(Remedy.PULL, "shop", "order", "1", null, "ada");

    assertThat(first).isInstanceOf(Remedies.Result.Done.class);
    assertThat(second)
        .isEqualTo(
            new Remedies.Result.Refused(
                "'dlv_%d' cannot be told again: it is not confirmed, was told again since, or its content is past its retention. Compare again."
                    .formatted(id)));
    assertThat(pull)
        .isEqualTo(
            new Remedies.Result.Refused(
                "Nothing here asks 'shop' for 'order': its poll is switched off, or its connector has none. Switch it on, or have the other side send it again."));
    assertThat(nudged[0]).isEqualTo(1);
    assertThat(
            jdbc.sql(
                    """
                    SELECT d.revision || ' ' || d.idempotency_key || ' ' || d.state || ' ' || c.content
                    FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id ORDER BY d.id""")
                .query(String.class)
                .list())
        .containsExactly(
            "1 shipment:s1:1 CONFIRMED {\"of\":\"it\"}", "2 shipment:s1:2 READY {\"of\":\"it\"}");
  }

  @Test
  void whatSellsMostIsComparedEveryNight() throws SQLException {
    clock.set(Instant.parse("2026-03-01T12:00:00Z"));
    for (var sold : Map.of("MUCH", 90, "SOME", 8, "LITTLE", 2).entrySet()) {
      var id = ours(sold.getKey(), "RELEASED", 0);
      jdbc.sql("UPDATE order_line SET sku = ?, ordered = ? WHERE order_id = ?")
          .params(sold.getKey(), sold.getValue(), id)
          .update();
    }
    var ranks = new SalesRanks(DATABASE.dataSource());
    assertThat(ranks.at(clock.instant(), Terms.USUAL).of("ANY"))
        .as("nothing is counted before a day is over")
        .isEqualTo('A');

    clock.advance(Duration.ofDays(1));
    var classes = ranks.at(clock.instant(), Terms.USUAL);

    assertThat(List.of(classes.of("MUCH"), classes.of("SOME"), classes.of("LITTLE")))
        .containsExactly('A', 'B', 'C');
    assertThat(classes.of("NEVER-SOLD")).isEqualTo('C');
    jdbc.sql("INSERT INTO item (sku, abc_class, updated_at) VALUES ('LITTLE', 'A', now())")
        .update();
    assertThat(ranks.at(clock.instant(), Terms.USUAL).of("LITTLE")).isEqualTo('A');
    assertThat(jdbc.sql("SELECT sum(units) FROM sku_sale").query(Integer.class).single())
        .isEqualTo(100);
  }
}
