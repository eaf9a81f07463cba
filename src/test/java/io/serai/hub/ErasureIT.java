package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.deadletter.Aftermath;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Verdict;
import io.serai.order.Address;
import io.serai.order.AnOrder;
import io.serai.order.ChannelRef;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.support.ManualClock;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left of people when their time is over, or when somebody asks for it. */
class ErasureIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String MARKET = "amazon-de";
  private static final byte[] RAW = "{\"buyer\":\"Canary Raw\"}".getBytes(StandardCharsets.UTF_8);

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        MARKET, new Topology.Account(MARKET, true, true, false, Map.of(), Duration.ofHours(48)));
    hub = new AHub(DATABASE, new Topology(AHub.TWO_NODES.nodes(), accounts), new ManualClock());
    hub.has("MUG", NEAR, 99);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private Erasure erasure() {
    return new Erasure(
        DATABASE.dataSource(),
        hub.clock,
        new Erasure.Terms(
            Duration.ofDays(730), Duration.ofDays(365), Map.of(MARKET, Duration.ofDays(30))),
        2);
  }

  private static int execute(String sql, Object... values) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static List<String> texts(String sql) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Every table of the schema with something of the bird in any column, bytes included. */
  private static List<String> cages() {
    var cages = new ArrayList<String>();
    for (var table :
        texts(
            "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1")) {
      // bytes are shown in hexadecimal; four letters alone stand in an id of ours by chance
      if (!texts(
              "SELECT t::text FROM %s t WHERE t::text ~* 'canary|43616e617279' LIMIT 1"
                  .formatted(table))
          .isEmpty()) {
        cages.add(table);
      }
    }
    return cages;
  }

  private static Party living(String street) {
    return new Party(
        "Canary Whole",
        "Canary",
        "Canaryson",
        "Canary & Sons",
        "canary@example.com",
        "+49 30 canary",
        new Address(List.of(street), "Canaryville", "BE", null, "12045", "DE", null),
        PiiState.PRESENT);
  }

  private AnOrder order(String account, String number) {
    return anOrder()
        .of(account)
        .numbered(number)
        .placedAt(ManualClock.START)
        .to(living("Canary Road 1"))
        .noted("Tell Canary to ring twice")
        .tagged("canary-club")
        .with("MUG", 2, "10.00");
  }

  private UUID id(String account, String number) {
    return UUID.fromString(
        texts(
                "SELECT id FROM sales_order WHERE account = '%s' AND channel_order_id = '%s'"
                    .formatted(account, number))
            .getFirst());
  }

  private void settle() {
    execute(
        "UPDATE delivery SET state = 'CONFIRMED', finished_at = created_at WHERE state IN ('READY', 'SENDING')");
  }

  private UUID shipped(String account, String number) {
    hub.apply(order(account, number).build());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(
        order(account, number)
            .to(living("Canary Street 2"))
            .updatedAt(hub.clock.instant())
            .build());
    var id = id(account, number);
    var live =
        texts(
            "SELECT d.business_key FROM delivery d WHERE d.operation = 'fulfillment-request' AND d.order_id = '%s' ORDER BY d.id DESC LIMIT 1"
                .formatted(id));
    hub.apply(hub.shipmentOf(live.getFirst(), "S" + number, "MUG", 2));
    settle();
    return id;
  }

  /** Everything that a bad day leaves behind. */
  private void troubles(UUID order, String account, String number) {
    var now = Timestamp.from(hub.clock.instant());
    hub.apply(
        new Return(
            new ChannelRef(
                "shopify", account, number, "#" + number, null, null, null, null, null, null),
            null,
            "R" + number,
            "RMA-" + number,
            Return.Kind.RETURN,
            ReturnState.CLOSED,
            hub.clock.instant(),
            null,
            "Canary did not like it",
            false,
            List.of(),
            List.of()));
    settle();
    execute(
        """
        INSERT INTO message_payload (message_id, received_at, sha256, body)
        SELECT id, received_at, '', ? FROM inbox_message WHERE account = ? ON CONFLICT DO NOTHING""",
        RAW,
        account);
    execute(
        """
        WITH m AS (
          INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
          VALUES (?, 'order', ? || '/' || ?, ?, 'parked-' || ?, 'PARKED', ?, ?) RETURNING id, received_at),
        p AS (INSERT INTO message_payload (message_id, received_at, sha256, body) SELECT id, received_at, '', ? FROM m),
        e AS (INSERT INTO message_edit (message_id, edited_at, received_at, actor, reason, sha256, body)
          SELECT id, received_at, received_at, 'ann', 'Canary asked', '', ? FROM m),
        f AS (INSERT INTO failure (kind, sentence, evidence, fingerprint, message_id, occurred_at)
          SELECT 'UNMAPPED', 'No country for Canary', 'canary', 'f', id, received_at FROM m RETURNING id, message_id)
        SELECT 1 FROM f"""
            .replace(
                "SELECT 1 FROM f",
                "INSERT INTO drift (account, mapping, field, value, count, message_id, first_seen_at, last_seen_at) SELECT ?, 'm', 'f', 'canary', 1, message_id, now(), now() FROM f"),
        account,
        account,
        number,
        number,
        number,
        now,
        now,
        RAW,
        RAW,
        account);
    execute(
        """
        WITH d AS (
          UPDATE delivery SET state = 'REFUSED', failure_id = -1, reason = 'Canary is not at home'
          WHERE id = (SELECT max(id) FROM delivery WHERE order_id = ?) RETURNING id),
        a AS (INSERT INTO delivery_attempt (delivery_id, attempt, started_at, ended_at, outcome, sentence)
          SELECT id, 77, now(), now(), 'REFUSED', 'No such Canary' FROM d)
        INSERT INTO failure (kind, sentence, evidence, fingerprint, delivery_id, occurred_at)
        SELECT 'REFUSED', 'No such Canary', 'canary', 'f', id, now() FROM d""",
        order);
    execute(
        """
        WITH p AS (
          INSERT INTO parcel (id, order_id, fulfillment_order_id, node, state, round, document, created_at, updated_at)
          VALUES (gen_random_uuid(), ?, gen_random_uuid(), 'nj-1', 'DELIVERED', 1,
            '{"request": {"shipTo": {"name": "Canary Whole", "address": {"lines": ["Canary Street 2"], "city": "Canaryville", "countryCode": "DE"}}},
              "label": {"text": "For canary@example.com"}}', ?, ?) RETURNING id),
        l AS (INSERT INTO parcel_label (parcel_id, format, content, created_at) SELECT id, 'ZPL', ?, now() FROM p)
        INSERT INTO parcel_scan (parcel_id, at, state, code, description, place, future, told_at)
        SELECT id, now(), 'DELIVERED', 'x', 'Left with Canary', 'Canaryville', false, now() FROM p""",
        order,
        now,
        now,
        RAW);
    execute(
        """
        INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, released_at, release_reason)
        VALUES (?, 9, 'MANUAL', 'Canary called', 'ann', now(), now(), 'Canary called again')""",
        order);
    execute(
        """
        INSERT INTO finding (account, kind, thing, order_id, ours, theirs, sentence, state, first_seen_at, last_seen_at, run_id, note)
        VALUES (?, 'ADDRESS', ?, ?, 'Canary', 'canary', 'Canary differs', 'ACCEPTED', now(), now(), 1, 'canary')""",
        account,
        number,
        order);
    execute(
        """
        INSERT INTO alert (id, account, fingerprint, cause, raised_at, told_at, times)
        VALUES (gen_random_uuid(), ?, 'f', '{"sentence": "No country for Canary", "count": 1}', now(), now(), 1)""",
        account);
    execute(
        """
        INSERT INTO refund_request (id, order_id, amount, reason, answer, state, created_at)
        VALUES (gen_random_uuid(), ?, 1, 'Canary is sad', 'Canary has no account', 'REFUSED', now())""",
        order);
    execute(
        """
        INSERT INTO line_replacement (order_id, line_id, quantity, reason, request_key, request_body, created_at)
        VALUES (?, 'x', 1, 'Canary broke it', 'k', '{"reason": "Canary broke it"}', now())""",
        order);
    execute(
        """
        INSERT INTO order_event (order_id, kind, sentence, occurred_at)
        VALUES (?, 'order.released', 'Order ''#1'' was released for Canary Whole: they rang', now())""",
        order);
    execute(
        """
        UPDATE fulfillment_order SET refused_reason = 'Canary has moved' WHERE order_id = ?""",
        order);
    execute(
        """
        INSERT INTO approval (action, object, sentence, request, reason, asked_by, asked_at, expires_at, state)
        VALUES ('order.refund', ?, 'For Canary', '{"to": "canary"}', 'Canary', 'ann', now(), now(), 'DECLINED')""",
        io.serai.support.Ids.text("ord", order));
  }

  private static Map<String, List<String>> books() {
    var books = new HashMap<String, List<String>>();
    for (var sql :
        List.of(
            "SELECT (id, account, channel_order_id, state, revision, currency, grand_total, ship_country)::text FROM sales_order ORDER BY id",
            "SELECT l::text FROM order_line l ORDER BY order_id, line_no",
            "SELECT s::text FROM stock_level s ORDER BY sku, node",
            "SELECT m::text FROM stock_movement m ORDER BY id",
            "SELECT (id, order_id, carrier, tracking_number, shipped_at)::text FROM shipment ORDER BY id",
            "SELECT json_build_object('t', document::json -> 'totals', 'c', document::json #> '{shipTo,address,countryCode}', 'r', document::json #> '{shipTo,address,region}')::text FROM order_document ORDER BY order_id")) {
      books.put(sql, texts(sql));
    }
    return books;
  }

  @Test
  void nothingOfThePeopleIsLeftInAnyTableWhenTheirTimeIsOverAndTheBooksHold() throws SQLException {
    var market = shipped(MARKET, "A1");
    var shop = shipped(AHub.SHOP, "B1");
    troubles(market, MARKET, "A1");
    troubles(shop, AHub.SHOP, "B1");
    var before = books();
    assertThat(cages())
        .contains("order_document", "message_payload", "delivery_content", "failure", "parcel");

    hub.clock.advance(Duration.ofDays(29));
    erasure().run();
    assertThat(texts("SELECT id FROM sales_order WHERE erased_at IS NOT NULL")).isEmpty();

    hub.clock.advance(Duration.ofDays(2));
    erasure().run();
    assertThat(texts("SELECT id FROM sales_order WHERE erased_at IS NOT NULL"))
        .containsExactly(market.toString());

    hub.clock.advance(Duration.ofDays(700));
    erasure().run();
    new Retention(DATABASE.dataSource(), hub.clock, Retention.Terms.USUAL, 2).with(erasure()).run();

    assertThat(cages()).isEmpty();
    assertThat(books()).isEqualTo(before);
    assertThat(texts("SELECT kind FROM order_event WHERE kind = 'order.erased'")).hasSize(2);
    assertThat(erasure().run()).as("done twice it is done once").isZero();
  }

  private DeadLetters deadLetters() {
    return new DeadLetters(DATABASE.dataSource(), hub.clock, Aftermath.none());
  }

  @Test
  void whatWasErasedIsNotSentAgain() throws SQLException {
    var market = shipped(MARKET, "A1");
    var plain = shipped(MARKET, "A2");
    troubles(market, MARKET, "A1");
    hub.clock.advance(Duration.ofDays(31));
    erasure().run();
    var day = Erasure.day(hub.clock.instant());

    var message =
        texts("SELECT 'msg_' || id FROM inbox_message WHERE dedupe_key = 'parked-A1'").getFirst();
    var verdict = deadLetters().edit(message, new byte[] {1}, "try", "ann", DeadLetters.AS_IT_IS);
    assertThat(((Verdict.Changed) verdict).sentence())
        .isEqualTo(
            "Message '%s' was erased on %s; nothing of it can be sent again."
                .formatted(message, day));
    assertThat(texts("SELECT state FROM delivery WHERE order_id = '%s'".formatted(market)))
        .doesNotContain("REFUSED", "PARKED");

    var again = hub.applyInside(new Reassignment(plain, null, null, null, "try"));
    assertThat(((ApplyResult.Failed) again).failure().sentence())
        .isEqualTo("Order '#A2' was erased on %s; nothing of it can be sent again.".formatted(day));
  }

  @Test
  void whatComesLaterAboutAnErasedOrderGoesWithTheNextRun() throws SQLException {
    shipped(MARKET, "A1");
    hub.clock.advance(Duration.ofDays(31));
    erasure().run();
    assertThat(cages()).isEmpty();

    hub.apply(order(MARKET, "A1").updatedAt(hub.clock.instant()).build());
    settle();
    assertThat(cages()).contains("order_document");
    erasure().run();

    assertThat(cages()).isEmpty();
  }

  @Test
  void oneIsErasedOnDemandOnceItIsDoneWithAndOnlyOnce() throws SQLException {
    hub.apply(order(AHub.SHOP, "B1").build());
    var id = id(AHub.SHOP, "B1");
    assertThat(erasure().erase(id, "ann", "asked").refusal())
        .isEqualTo(
            "Order '#B1' is not done with: its goods are still to be sent. Let it be sent, or cancel it first.");
    hub.close();
    DATABASE.truncate();
    open();
    id = shipped(AHub.SHOP, "B1");
    execute("UPDATE delivery SET state = 'READY' WHERE id = (SELECT max(id) FROM delivery)");
    assertThat(erasure().erase(id, "ann", "asked").refusal())
        .isEqualTo(
            "Order '#B1' cannot be erased now: 1 of its messages and deliveries are under way. Ask again when they are done.");
    execute("UPDATE delivery SET state = 'PARKED' WHERE id = (SELECT max(id) FROM delivery)");
    assertThat(erasure().erase(id, "ann", "asked").refusal())
        .isEqualTo(
            "Order '#B1' cannot be erased now: 1 of its messages and deliveries are dead letters that are still owed. Replay or discard them first.");
    execute(
        "UPDATE delivery SET state = 'REFUSED', failure_id = -1 WHERE id = (SELECT max(id) FROM delivery)");
    assertThat(erasure().erase(id, "ann", "asked").refusal()).contains("dead letters");
    execute(
        "UPDATE delivery SET state = 'CONFIRMED', failure_id = NULL WHERE id = (SELECT max(id) FROM delivery)");
    asked(id);
    assertThat(erasure().erase(id, "ann", "asked").refusal())
        .isEqualTo(
            "Order '#B1' cannot be erased now: something is asked for that a second person has not decided. Decide it first.");
    execute("UPDATE approval SET state = 'DECLINED'");

    var done = erasure().erase(id, "ann", "asked").standing();
    var again = erasure().erase(id, "bob", "again").standing();

    assertThat(done.erasedAt()).isEqualTo(hub.clock.instant());
    assertThat(again.erasedBy()).isEqualTo("ann");
    assertThat(texts("SELECT actor || ' ' || action FROM audit_entry"))
        .containsExactly("ann order.erase");
    assertThat(cages()).isEmpty();
    assertThat(erasure().erase(UUID.randomUUID(), "ann", "asked").standing()).isNull();
  }

  private void asked(UUID order) {
    execute(
        """
        INSERT INTO approval (action, object, sentence, request, reason, asked_by, asked_at, expires_at, state)
        VALUES ('order.refund', ?, 'For Canary', '{"to": "canary"}', 'Canary', 'ann', ?, ?, 'OPEN')""",
        io.serai.support.Ids.text("ord", order),
        Timestamp.from(hub.clock.instant()),
        Timestamp.from(hub.clock.instant().plus(Duration.ofDays(40))));
  }

  @Test
  void aThingThatIsCalledLikeAPersonStaysWhatItIs() throws SQLException {
    var named =
        new Party(
            "Mug Paid",
            "Mug",
            "Paid",
            "Merchant",
            "usd@example.com",
            "+49 30 2000",
            new Address(List.of("USD"), "EUR", "BE", null, "12045", "DE", null),
            PiiState.PRESENT);
    hub.apply(order(MARKET, "A1").to(named).tagged("mug").build());
    hub.apply(
        hub.shipmentOf(
            texts("SELECT business_key FROM delivery WHERE operation = 'fulfillment-request'")
                .getFirst(),
            "S1",
            "MUG",
            2));
    settle();
    assertThat(texts("SELECT state FROM sales_order")).containsExactly("SHIPPED");
    var facts =
        """
        SELECT json_build_array(d -> 'currency', d -> 'totals', d -> 'payment' -> 'state', d -> 'fulfilledBy',
          (SELECT json_agg(l -> 'sku') FROM json_array_elements(d -> 'lines') l))::text
        FROM (SELECT document::json AS d FROM order_document) o""";
    var before = texts(facts);
    assertThat(before.getFirst()).contains("MUG");

    hub.clock.advance(Duration.ofDays(31));
    assertThat(erasure().run()).isPositive();

    assertThat(texts(facts)).isEqualTo(before);
    assertThat(texts("SELECT document FROM order_document").getFirst())
        .doesNotContain("usd@example.com");
  }

  @Test
  void whatPeopleHaveToSettleIsAwaitedAndWhatIsDiscardedIsInTheAudit() throws SQLException {
    var returned = shipped(MARKET, "A1");
    troubles(returned, MARKET, "A1");
    execute("UPDATE return_order SET state = 'APPROVED'");
    var asked = shipped(MARKET, "A2");
    asked(asked);
    var refunded = shipped(MARKET, "A3");
    execute(
        "UPDATE delivery SET operation = 'refund', state = 'PARKED' WHERE id = (SELECT max(id) FROM delivery)");
    var stopped = shipped(MARKET, "A4");
    execute("UPDATE delivery SET state = 'PARKED' WHERE id = (SELECT max(id) FROM delivery)");

    hub.clock.advance(Duration.ofDays(31));
    erasure().run();

    assertThat(texts("SELECT id FROM sales_order WHERE erased_at IS NOT NULL"))
        .containsExactly(stopped.toString());
    assertThat(texts("SELECT actor || ' ' || action || ' ' || reason FROM audit_entry"))
        .containsExactly(
            "serai order.erase Its time was over; 1 dead letters of it were discarded.");

    execute("UPDATE return_order SET state = 'CLOSED'");
    execute(
        "UPDATE delivery SET state = 'CONFIRMED', operation = 'fulfillment-request' WHERE order_id = ? AND operation = 'refund'",
        refunded);
    hub.clock.advance(Duration.ofDays(10));
    erasure().run();
    assertThat(texts("SELECT id FROM sales_order WHERE erased_at IS NULL")).isEmpty();
    assertThat(cages()).isEmpty();
  }

  @Test
  void anOpenReturnIsAwaitedOnDemand() throws SQLException {
    var id = shipped(AHub.SHOP, "B1");
    troubles(id, AHub.SHOP, "B1");
    execute("UPDATE inbox_message SET state = 'DISCARDED' WHERE state = 'PARKED'");
    execute("UPDATE delivery SET state = 'DISCARDED' WHERE state = 'REFUSED'");
    execute("UPDATE return_order SET state = 'APPROVED'");

    assertThat(erasure().erase(id, "ann", "asked").refusal())
        .isEqualTo(
            "Order '#B1' cannot be erased now: 1 of its returns are open. Close them first.");
  }

  @Test
  void aLegalHoldKeepsEverythingUntilItEnds() throws SQLException {
    var id = shipped(MARKET, "A1");
    troubles(id, MARKET, "A1");
    erasure().keep(id, "ann", "a court asked");
    var cages = cages();

    hub.clock.advance(Duration.ofDays(900));
    new Retention(DATABASE.dataSource(), hub.clock, Retention.Terms.USUAL, 2).with(erasure()).run();
    assertThat(texts("SELECT count(*) FROM delivery_content")).doesNotContain("0");
    assertThat(cages()).containsAll(List.of("order_document", "delivery_content", "order_event"));
    assertThat(cages).containsAll(List.of("order_document", "delivery_content", "order_event"));
    assertThat(erasure().erase(id, "bob", "asked").refusal())
        .isEqualTo(
            "Order '#A1' is under a legal hold since %s (a court asked), so nothing of it is erased. End the hold first."
                .formatted(Erasure.day(erasure().find(id).orElseThrow().keptSince())));

    erasure().letGo(id, "ann", "over");
    new Retention(DATABASE.dataSource(), hub.clock, Retention.Terms.USUAL, 2).with(erasure()).run();
    assertThat(cages()).isEmpty();
    assertThat(erasure().keep(id, "ann", "late").refusal()).endsWith("nothing left to keep.");
  }

  @Test
  void deadLettersOfWhichNoOrderCameGoWhenTheirTimeIsOver() throws SQLException {
    for (var account : List.of(MARKET, AHub.SHOP)) {
      execute(
          """
          WITH m AS (
            INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
            VALUES (?, 'order', ? || '/Z', 'Z', 'Z', 'PARKED', ?, now()) RETURNING id, received_at)
          INSERT INTO message_payload (message_id, received_at, sha256, body) SELECT id, received_at, '', ? FROM m""",
          account,
          account,
          Timestamp.from(hub.clock.instant()),
          RAW);
    }
    var parked = "SELECT account FROM inbox_message WHERE state = 'PARKED' ORDER BY 1";

    hub.clock.advance(Duration.ofDays(29));
    erasure().run();
    assertThat(texts(parked)).containsExactly(MARKET, AHub.SHOP);
    hub.clock.advance(Duration.ofDays(2));
    erasure().run();
    assertThat(texts(parked)).containsExactly(AHub.SHOP);
    hub.clock.advance(Duration.ofDays(335));
    erasure().run();

    assertThat(texts(parked)).isEmpty();
    assertThat(cages()).isEmpty();
  }
}
