package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.helger.as2lib.client.AS2ClientResponse;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.WalmartMailbox;
import io.serai.simulator.WalmartOptions;
import io.serai.simulator.X12Warehouse;
import io.serai.simulator.X12WarehouseOptions;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.transport.As2Key;
import io.serai.transport.As2Peer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole hub between a retailer and a 3PL that are reached by nothing but X12 files over SFTP,
 * another retailer that is reached over AS2, and a 3PL that takes CSV over AS2.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RetailerFilesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final As2Key OURS = As2Key.of("hub");
  private static final As2Key THEIRS = As2Key.of("annex");

  private WalmartMailbox walmart;
  private WalmartMailbox lakeside;
  private As2Peer annex;
  private X12Warehouse warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) {
    walmart = WalmartMailbox.start(WalmartOptions.in(folder));
    warehouse =
        X12Warehouse.start(
            X12WarehouseOptions.in(folder).splits(false).shipAfter(Duration.ofMillis(100)));
    var as2Port = FreePort.next();
    lakeside =
        WalmartMailbox.start(
            WalmartOptions.in(folder.resolve("lakeside"))
                .as2(URI.create("http://127.0.0.1:" + as2Port + "/as2"))
                .vendor("ZZ", "LAKESIDEHUB"));
    annex = new As2Peer("ANNEX", THEIRS, "HUB", OURS);
    var retailer = new LinkedHashMap<>(walmart.parameters());
    retailer.put("publish-stock", true);
    retailer.put("listing-schedule", "* * * * * ?");
    retailer.put("stock-pace", "1s");
    var depot = new LinkedHashMap<>(warehouse.parameters());
    depot.put("announce-goods", true);
    hub =
        AWholeHub.over(DATABASE)
            .channel("walmart-main", walmart.connector(), settings(retailer))
            .partner("harbor", "x12-3pl", settings(depot))
            .node("oh-1", "type", "3pl", "partner", "harbor", "country", "US")
            .channel("lakeside", lakeside.connector(), settings(lakeside.parameters()))
            .partner(
                "annex",
                "file-3pl",
                "transport",
                "as2",
                "as2-our-name",
                "HUB",
                "as2-their-name",
                "ANNEX",
                "as2-key",
                OURS.pem(),
                "as2-certificate",
                THEIRS.certificatePem(),
                "as2-url",
                annex.url())
            .node("annex-1", "type", "3pl", "partner", "annex", "country", "US")
            .takingAs2At(as2Port)
            .start(folder.resolve("hub"));
    for (var sku : new String[] {"MUG-BLU", "LAMP", "CAP-NVY"}) {
      hub.stock("oh-1", sku, 500);
    }
  }

  private static Object[] settings(Map<String, Object> parameters) {
    var settings = new ArrayList<Object>();
    parameters.forEach(
        (name, value) -> {
          settings.add(name);
          settings.add(name.endsWith("-schedule") ? "* * * * * ?" : value);
        });
    if (parameters.get("transport").equals("sftp")) {
      settings.add("unfinished-after");
      settings.add("2s");
    }
    return settings.toArray();
  }

  @AfterEach
  void calm() {
    walmart.moods().calm();
    lakeside.moods().calm();
    warehouse.moods().calm();
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    warehouse.close();
    walmart.close();
    lakeside.close();
    annex.close();
  }

  private void until(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, AWholeHub.PATIENCE, condition::call);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s; Walmart says %s, Lakeside says %s, the 3PL says %s, the hub stopped at %s"
              .formatted(
                  e.getMessage(),
                  walmart.wrongs(),
                  lakeside.wrongs(),
                  warehouse.wrongs(),
                  hub.texts("SELECT kind || ' ' || sentence FROM failure ORDER BY id")),
          e);
    }
  }

  private String orders(String number) {
    return hub.text(
        "SELECT count(*)::text FROM sales_order WHERE account = 'walmart-main' AND channel_order_id LIKE ? || '%'",
        number);
  }

  private String delivery(String operation, String number) {
    return hub.text(
        """
        SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
        WHERE d.operation = ? AND d.destination = 'walmart-main' AND o.channel_order_id LIKE ? || '%'""",
        operation, number);
  }

  /** Kind and sentence of what stopped a delivery. */
  private String failure(String operation, String number) {
    return failure("walmart-main", operation, number);
  }

  private String failure(String destination, String operation, String number) {
    return String.valueOf(
        hub.text(
            """
            SELECT f.kind || ' ' || f.sentence FROM failure f JOIN delivery d ON d.failure_id = f.id JOIN sales_order o ON o.id = d.order_id
            WHERE d.operation = ? AND d.destination = ? AND o.channel_order_id LIKE ? || '%'""",
            operation, destination, number));
  }

  @Test
  void anOrderGoesFrom850To810AndEverybodyIsContent() {
    var number = walmart.placeOrder(Map.of("MUG-BLU", 2, "LAMP", 1));

    until("the 850 is acknowledged", () -> "taken".equals(walmart.acknowledgment(number)));
    until("it is answered by an 855", () -> walmart.answers(number).size() == 1);
    until("the ship notice came", () -> !walmart.sent(number).isEmpty());
    until("the invoice came", () -> walmart.invoices(number).size() == 1);

    assertThat(walmart.sent(number)).isEqualTo(Map.of("MUG-BLU", 2, "LAMP", 1));
    assertThat(walmart.invoices(number).getFirst().get("total").asText()).isEqualTo("95.90");
    assertThat(walmart.answers(number).getFirst().findValuesAsText("code"))
        .containsExactly("IA", "IA");
    until("all of ours is acknowledged", () -> "CONFIRMED".equals(delivery("invoice", number)));
    until(
        "the 945 is acknowledged",
        () -> warehouse.summary(false).at("/webhooks/waiting").asInt() == 0);
    assertThat(walmart.wrongs()).isEmpty();
    assertThat(warehouse.wrongs()).isEmpty();
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
  }

  @Test
  void whatMayBeSoldIsToldByAn846() {
    hub.stock("oh-1", "BOWL-S", 40);
    until("it is told", () -> Integer.valueOf(40).equals(walmart.stock("BOWL-S")));

    walmart.placeOrder(Map.of("BOWL-S", 3));

    until("it is told what is left", () -> Integer.valueOf(37).equals(walmart.stock("BOWL-S")));
    until(
        "all of it is acknowledged",
        () ->
            hub.texts(
                        "SELECT sku FROM publication WHERE account = 'walmart-main' AND sku = 'BOWL-S' AND base = 37 AND delivery_id IS NULL")
                    .size()
                == 1);
    assertThat(walmart.wrongs()).isEmpty();
  }

  @Test
  void goodsThatAreAnnouncedCome() {
    var announced =
        hub.api(
            "POST",
            "/stock/expect",
            """
            {"node": "oh-1", "rows": [{"sku": "PEN", "quantity": 30, "advice": "PO-77", "expectedAt": "2030-06-01T08:00:00Z"}]}""");
    assertThat(announced.statusCode()).as(announced.body()).isEqualTo(200);

    until("the warehouse knows", () -> warehouse.announcements().equals(List.of("PO-77")));
    warehouse.receiveGoods("PO-77", Map.of("PEN", 30));

    until("they are there", () -> hub.onHand("oh-1", "PEN") == 30);
    assertThat(hub.read("/incoming-stock?sku=PEN").path("items")).isEmpty();
    until(
        "the 943 is acknowledged",
        () ->
            "CONFIRMED"
                .equals(
                    hub.text("SELECT state FROM delivery WHERE operation = 'goods-announcement'")));
    assertThat(warehouse.wrongs()).isEmpty();
  }

  @Test
  void silenceAfterAnAnswerIsADeadLetter() {
    walmart.moods().set(Mood.of(Mood.Kind.SILENT).on("855"));
    var number = walmart.placeOrder(Map.of("CAP-NVY", 1));

    until("the 855 is taken", () -> walmart.answers(number).size() == 1);
    until(
        "its acknowledgment is waited for",
        () -> "PENDING".equals(delivery("acknowledgment", number)));
    hub.texts(
        """
        UPDATE delivery d SET due_at = now() FROM sales_order o
        WHERE o.id = d.order_id AND d.operation = 'acknowledgment' AND d.destination = 'walmart-main' AND o.channel_order_id LIKE ? || '%'
        RETURNING d.id::text""",
        number);

    until("that took too long", () -> failure("acknowledgment", number).startsWith("SILENT "));
    assertThat(failure("acknowledgment", number))
        .matches(
            "SILENT 'walmart-main' did not acknowledge 855 '0001' of interchange '\\d{9}' \\(order '%s'\\) in time\\. Ask the partner, then say what happened\\."
                .formatted(number));
  }

  @Test
  void aRefusedShipNoticeIsADeadLetterThatNamesTheSegment() {
    walmart.moods().set(Mood.of(Mood.Kind.REJECTING).on("856"));
    var number = walmart.placeOrder(Map.of("CAP-NVY", 2));

    until("the 856 is parked", () -> "PARKED".equals(delivery("shipment", number)));

    assertThat(failure("shipment", number)).startsWith("REFUSED ").contains("MAN");
  }

  @Test
  void aFileThatComesTwiceIsOneOrder() {
    walmart.moods().set(Mood.of(Mood.Kind.TWICE).on("850"));
    var number = walmart.placeOrder(Map.of("LAMP", 1));

    until("the ship notice came", () -> !walmart.sent(number).isEmpty());
    until("the invoice came", () -> walmart.invoices(number).size() == 1);
    hub.quiet();

    assertThat(orders(number)).isEqualTo("1");
    assertThat(walmart.answers(number)).hasSize(1);
    assertThat(walmart.wrongs()).isEmpty();
  }

  @Test
  void whatIsMiscountedIsRefusedToTheSender() {
    walmart.moods().set(Mood.of(Mood.Kind.WRONG_COUNTS).on("850"));
    var number = walmart.placeOrder(Map.of("LAMP", 1));

    until("the sender knows", () -> "refused".equals(walmart.acknowledgment(number)));

    assertThat(orders(number)).isEqualTo("0");
    assertThat(walmart.wrongs()).isEmpty();
  }

  @Test
  void aFileThatIsCutOffIsListedAndNothingOfItIsTaken() {
    walmart.moods().set(Mood.of(Mood.Kind.TRUNCATED).on("850"));
    var number = walmart.placeOrder(Map.of("LAMP", 1));

    until("somebody is told", () -> hub.parked().stream().anyMatch(p -> p.contains("IEA")));

    assertThat(orders(number)).isEqualTo("0");
    assertThat(walmart.acknowledgment(number)).isNotEqualTo("taken");
  }

  private String ordersOfLakeside(String number) {
    return hub.text(
        "SELECT count(*)::text FROM sales_order WHERE account = 'lakeside' AND channel_order_id LIKE ? || '%'",
        number);
  }

  private void untilLakesideIsInvoiced(String number) {
    until("the 850 is acknowledged", () -> "taken".equals(lakeside.acknowledgment(number)));
    until("it is answered by an 855", () -> lakeside.answers(number).size() == 1);
    until("the ship notice came", () -> !lakeside.sent(number).isEmpty());
    until("the invoice came", () -> lakeside.invoices(number).size() == 1);
    until(
        "all of ours is acknowledged",
        () ->
            hub.texts(
                    """
                    SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
                    WHERE d.destination = 'lakeside' AND d.state <> 'CONFIRMED' AND o.channel_order_id LIKE ? || '%'""",
                    number)
                .isEmpty());
  }

  @Test
  void overAs2AnOrderGoesFrom850To810AndBothHaveTheirReceipts() {
    var number = lakeside.placeOrder(Map.of("MUG-BLU", 2, "LAMP", 1));

    untilLakesideIsInvoiced(number);

    assertThat(lakeside.sent(number)).isEqualTo(Map.of("MUG-BLU", 2, "LAMP", 1));
    until("its receipt is noted", () -> lakeside.receipt(number) != null);
    assertThat(lakeside.receipt(number)).contains("said=processed,", "mic=", ", sha-256");
    assertThat(lakeside.sendAgain(number))
        .as("the same once more")
        .isEqualTo(lakeside.receipt(number));
    until(
        "the hub has its receipts",
        () ->
            !hub.texts(
                    "SELECT state FROM as2_sent WHERE account = 'lakeside' AND state = 'CONFIRMED'")
                .isEmpty());
    assertThat(lakeside.taken()).as("997, 855, 856 and 810").isGreaterThanOrEqualTo(4);
    assertThat(lakeside.wrongs()).isEmpty();
  }

  @Test
  void overAs2WhatComesTwiceIsOneOrder() {
    lakeside
        .moods()
        .set(Mood.of(Mood.Kind.TWICE).on("850"), Mood.of(Mood.Kind.DUPLICATING).on("as2"));
    var number = lakeside.placeOrder(Map.of("LAMP", 1));

    untilLakesideIsInvoiced(number);
    hub.quiet();

    assertThat(ordersOfLakeside(number)).isEqualTo("1");
    assertThat(lakeside.answers(number)).hasSize(1);
    assertThat(lakeside.wrongs()).isEmpty();
  }

  @Test
  void overAs2AnswersThatAreLostOrBrokenCostAnotherAttemptAndNothingElse() {
    var before = lakeside.takenAgain();
    lakeside
        .moods()
        .set(
            Mood.of(Mood.Kind.ANSWER_LOST).on("as2").times(1),
            Mood.of(Mood.Kind.GARBAGE).on("as2").times(1));
    var number = lakeside.placeOrder(Map.of("LAMP", 2));

    untilLakesideIsInvoiced(number);

    until("all that was not heard of went again", () -> lakeside.takenAgain() - before >= 2);
    assertThat(lakeside.sent(number)).isEqualTo(Map.of("LAMP", 2));
    assertThat(lakeside.wrongs()).isEmpty();
  }

  @Test
  void overAs2AReceiptThatRefusesIsADeadLetter() {
    lakeside.moods().set(Mood.of(Mood.Kind.REFUSING).on("as2"));
    var number = lakeside.placeOrder(Map.of("CAP-NVY", 1));

    until(
        "the 855 is refused", () -> !failure("lakeside", "acknowledgment", number).equals("null"));

    assertThat(failure("lakeside", "acknowledgment", number))
        .startsWith("REFUSED 'lakeside' refused a file over AS2: processed/error: ");
    assertThat(lakeside.answers(number)).isEmpty();
  }

  @Test
  void aWarehouseWithoutEdiIsAskedOverAs2AndAnswersByIt() {
    receipt(annex.send(hub.as2Port(), "stock.csv", csv("sku,on_hand", "TEAP,8")));
    until("its stock is known", () -> "8".equals(onHandAtAnnex("TEAP")));
    var number = lakeside.placeOrder(Map.of("TEAP", 3));

    until("it is asked", () -> !annex.files().isEmpty());
    var asked = annex.files().getFirst();
    assertThat(asked.name()).startsWith("order-ful_").endsWith(".csv");
    var request = asked.name().substring("order-".length(), asked.name().indexOf('.'));
    assertThat(new String(asked.content(), StandardCharsets.UTF_8))
        .startsWith("action,fulfillment_id,")
        .contains("REQUEST," + request, ",TEAP,3,");
    var left =
        csv(
            "fulfillment_id,shipment_id,sku,quantity,shipped_at,tracking_number,carrier,last",
            request + ",S-1,TEAP,3,2026-03-02T10:00:00Z,1Z999,UPS,yes");
    receipt(annex.send(hub.as2Port(), "shipments.csv", left));
    receipt(annex.send(hub.as2Port(), "shipments.csv", left));

    until("the retailer hears of it", () -> lakeside.sent(number).equals(Map.of("TEAP", 3)));
    until("the invoice came", () -> lakeside.invoices(number).size() == 1);
    assertThat(lakeside.wrongs()).isEmpty();
    assertThat(
            hub.texts(
                "SELECT s.id::text FROM shipment s JOIN fulfillment_order f ON f.id = s.fulfillment_order_id WHERE f.node = 'annex-1'"))
        .as("one shipment")
        .hasSize(1);
  }

  private String onHandAtAnnex(String sku) {
    return hub.text(
        "SELECT on_hand::text FROM stock_level WHERE node = 'annex-1' AND sku = ?", sku);
  }

  private static byte[] csv(String... lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void receipt(AS2ClientResponse answer) {
    assertThat(answer.getException()).isNull();
    assertThat(answer.getMDNDisposition()).endsWith("; processed");
  }
}
