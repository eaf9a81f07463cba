package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.inbox.MessageState;
import io.serai.outbox.DeliveryState;
import io.serai.simulator.CarrierOptions;
import io.serai.simulator.CarrierSimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.PosRestOptions;
import io.serai.simulator.PosRestSimulator;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders as they really happen, over the real routes of a whole hub between stand-ins of a shop,
 * two 3PLs and two carriers. docs/lifecycle.md lists them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MessyHubIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CSV =
      "order_id,sku,quantity,unit_price,name,address1,city,postal_code,country,placed_at,history\n";
  private static final AtomicInteger SERIAL = new AtomicInteger(100);

  private AWholeHub hub;
  private ShopifySimulator shop;
  private Rest3plSimulator northwind;
  private PosRestSimulator till;
  private CarrierSimulator easypost;
  private CarrierSimulator ups;
  private Path annexIn;
  private Path annexOut;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    var webhooks = "http://127.0.0.1:" + port + "/webhooks/";
    shop = ShopifySimulator.start(AWholeHub.quickShop(folder, port, "shopify-main"));
    northwind =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, port, "northwind")
                .acceptsAnySku(true)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    till =
        PosRestSimulator.start(
            PosRestOptions.in(folder).node("store-2").uploadsTo(URI.create(webhooks + "corner")));
    easypost =
        CarrierSimulator.easypost(
            CarrierOptions.in(folder).webhooksTo(URI.create(webhooks + "easypost-main")));
    ups =
        CarrierSimulator.ups(
            CarrierOptions.in(folder).webhooksTo(URI.create(webhooks + "ups-main")));
    annexIn = Files.createDirectories(folder.resolve("annex/in"));
    annexOut = Files.createDirectories(folder.resolve("annex/out"));
    var home = Files.createDirectories(folder.resolve("home/rules"));
    Files.writeString(
        home.resolve("allocation.rules.yaml"), "name: messy\nfilters: { customs: true }\n");
    hub =
        AWholeHub.over(DATABASE)
            .at(port)
            .in(home.getParent())
            .channel("shopify-main", "shopify", shop.parameters())
            .channel("erp", "api")
            .channel("corner", "pos-rest", till.parameters())
            .channel("wholesale", "csv-orders", "upload-token", "file-secret")
            .threePl("northwind", northwind, "poll-shipments", false)
            .partner("annex", "file-3pl", files(annexOut, annexIn))
            .partner(
                "supplier",
                "file-3pl",
                with(
                    files(
                        Files.createDirectories(folder.resolve("supplier/out")),
                        Files.createDirectories(folder.resolve("supplier/in"))),
                    "lead-time",
                    "1s"))
            .partner("easypost-main", "easypost", easypost.parameters())
            .partner("ups-main", "ups", ups.parameters())
            .node("nj-1", node("warehouse", "partner", "northwind"))
            .node("annex-1", node("3pl", "partner", "annex"))
            .node("supplier-1", node("supplier", "partner", "supplier"))
            .node("store-1", packing("60s", "1s"))
            .node("store-2", packing("3s", "5d"))
            .start(folder.resolve("hub"));
    watch();
  }

  // Notes from where to where everything went, so that the tables that say so can be held against
  // it.
  private static void watch() throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE way (what text, was text, became text);
          CREATE FUNCTION note_way() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO way VALUES (TG_TABLE_NAME, OLD.state, NEW.state); RETURN NULL; END';
          CREATE TRIGGER way AFTER UPDATE OF state ON delivery FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note_way();
          CREATE TRIGGER way AFTER UPDATE OF state ON inbox_message FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note_way()""");
    }
  }

  private void everythingWentAsItMay() {
    for (var way : hub.texts("SELECT DISTINCT what || ' ' || was || ' ' || became FROM way")) {
      var words = way.split(" ");
      var next =
          words[0].equals("delivery")
              ? DeliveryState.valueOf(words[1]).next()
              : MessageState.valueOf(words[1]).next();
      assertThat(next).as(way).extracting(Enum::name).contains(words[2]);
    }
  }

  private static Object[] with(Object[] some, Object... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray();
  }

  private static Object[] files(Path from, Path to) {
    return new Object[] {
      "transport",
      "folder",
      "inbox-folder",
      from.toString(),
      "outbox-folder",
      to.toString(),
      "settled-after",
      "1s",
      "file-schedule",
      "* * * * * ?"
    };
  }

  private static Object[] node(String type, Object... more) {
    return with(
        new Object[] {
          "type", type, "country", "US", "region", "NJ", "postal-code", "07030", "serves", "US, CA"
        },
        more);
  }

  private static Object[] packing(String patience, String noMovement) {
    return node(
        "store",
        "carriers",
        "easypost-main, ups-main",
        "carrier-patience",
        patience,
        "no-movement",
        noMovement,
        "ship-from.name",
        "Acme Store",
        "ship-from.street",
        "1 Main Street",
        "ship-from.city",
        "Hoboken",
        "ship-from.phone",
        "+12015550100");
  }

  @AfterEach
  void calm() {
    northwind.moods().calm();
    easypost.moods().calm();
  }

  @AfterAll
  void stop() {
    try {
      everythingWentAsItMay();
    } finally {
      hub.close();
      ups.close();
      easypost.close();
      till.close();
      northwind.close();
      shop.close();
    }
  }

  // --- what tests say

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }

  /** An article that no other test sells. */
  private static String article() {
    return "SKU-" + SERIAL.incrementAndGet();
  }

  private static String line(int no, String sku, int units, String more) {
    return """
    {"lineId":"%d","kind":"PHYSICAL","sku":"%s","title":"Mug","unit":"EA","ordered":%d,"cancelled":0,"shipped":0,"returned":0,
     "refunded":0,"requiresShipping":true,"unitPrice":{"amount":"10.00","currency":"USD"}%s}"""
        .formatted(no, sku, units, more);
  }

  /** An order by the API; answers its id there. */
  private String order(String country, String more, String... lines) {
    var id = "E-" + SERIAL.incrementAndGet();
    var answer =
        hub.api(
            "POST",
            "/orders",
            """
            {"schemaVersion":"1.0","channel":{"type":"api","account":"erp","orderId":"%s"},"orderType":"STANDARD",
             "fulfilledBy":"MERCHANT","placedAt":"2026-03-02T10:00:00Z","updatedAt":"2026-03-02T10:00:00Z","test":false,
             "currency":"USD","pricesIncludeTax":true,
             "shipTo":{"name":"Ada Example","address":{"lines":["12 River Street"],"city":"Hoboken","region":"NJ",
               "postalCode":"%s","countryCode":"%s"},"piiState":"present"},
             "lines":[%s],"totals":{"grandTotal":{"amount":"10.00","currency":"USD"},
             "channelGrandTotal":{"amount":"10.00","currency":"USD"}},"payment":{"state":"PAID"}%s}"""
                .formatted(
                    id,
                    country.equals("CA") ? "K1A 0B1" : "07030",
                    country,
                    String.join(",", lines),
                    more));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    until("order '" + id + "' is known", () -> hub.orderState(id) != null);
    return id;
  }

  /** A paid order in the shop, of articles that lie at one node only. */
  private String web(String node, Consumer<ObjectNode> change) {
    ObjectNode payload = shop.draftOrder();
    payload.put("financial_status", "paid").put("test", false);
    ((ObjectNode) payload.get("shipping_address"))
        .put("address1", "12 River Street")
        .put("city", "Hoboken")
        .put("zip", "07030")
        .put("province", "New Jersey")
        .put("province_code", "NJ")
        .put("country", "United States")
        .put("country_code", "US");
    for (var line : payload.get("line_items")) {
      if (line.hasNonNull("sku")) {
        var sku = article();
        ((ObjectNode) line).put("sku", sku);
        hub.stock(node, sku, 100);
      }
    }
    change.accept(payload);
    var id = shop.createOrder(payload);
    until("the order is known", () -> hub.orderState(id) != null);
    return id;
  }

  private String csv(String id, String sku, int units, String placedAt, String history) {
    return "%s,%s,%d,10.00,Ada Example,12 River Street,Hoboken,07030,US,%s,%s%n"
        .formatted(id, sku, units, placedAt, history);
  }

  private void upload(String rows) {
    var answer =
        hub.send(
            hub.to("/webhooks/wholesale")
                .header("Authorization", "Bearer file-secret")
                .header("Content-Type", "text/csv")
                .header("X-File-Name", "orders-" + SERIAL.incrementAndGet() + ".csv")
                .POST(BodyPublishers.ofByteArray((CSV + rows).getBytes(StandardCharsets.UTF_8)))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** The newest request of an order to a node. */
  private String request(String id, String node) {
    return hub.text(
        """
        SELECT d.business_key FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        JOIN delivery d ON d.order_id = o.id AND d.operation = 'fulfillment-request' AND d.state = 'CONFIRMED'
        JOIN delivery_content c ON c.delivery_id = d.id AND c.content::json->>'node' = f.node
        WHERE o.channel_order_id = ? AND f.node = ? ORDER BY d.id DESC LIMIT 1""",
        id,
        node);
  }

  private String asked(String id, String node) {
    until("'" + node + "' was asked", () -> request(id, node) != null);
    return request(id, node);
  }

  private String live(String id) {
    return hub.text(
        """
        SELECT string_agg(f.node, ',' ORDER BY f.node) FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        WHERE o.channel_order_id = ? AND f.state IN ('REQUESTED', 'ACCEPTED', 'PARTIALLY_SHIPPED')""",
        id);
  }

  private int sum(String column, String id) {
    return Integer.parseInt(
        hub.text(
            "SELECT sum(l."
                + column
                + ") FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
            id));
  }

  private List<String> story(String id) {
    return hub.texts(
        "SELECT e.kind || ': ' || e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id WHERE o.channel_order_id = ? ORDER BY e.id",
        id);
  }

  private List<String> holds(String id) {
    return hub.texts(
        "SELECT h.kind || ' ' || h.owner FROM order_hold h JOIN sales_order o ON o.id = h.order_id WHERE o.channel_order_id = ? AND h.released_at IS NULL",
        id);
  }

  private void release(String order, String kind) {
    var answer =
        hub.api(
            "POST",
            "/orders/" + order + "/release",
            "{\"kind\":\"%s\",\"reason\":\"looked at\"}".formatted(kind));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private void says(String body) {
    var answer =
        hub.send(
            hub.to("/webhooks/northwind")
                .header("Content-Type", "application/json")
                .header("X-Event-Id", "evt-" + SERIAL.incrementAndGet())
                .header("X-Signature", signature(body))
                .POST(BodyPublishers.ofString(body))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String signature(String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              AWholeHub.THREE_PL_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts files where the 3PL leaves them, names and texts, and waits until they are taken. */
  private void files(String... files) throws IOException {
    for (var i = 0; i < files.length; i += 2) {
      var whole = annexOut.resolve(files[i] + ".tmp");
      Files.writeString(whole, files[i + 1]);
      Files.move(whole, annexOut.resolve(files[i]));
    }
    for (var i = 0; i < files.length; i += 2) {
      var name = files[i];
      until("file '" + name + "' is taken", () -> !Files.exists(annexOut.resolve(name)));
    }
  }

  private static String shipment(String request, String number, String sku, int units, Instant at) {
    return "%s,%s,%s,%d,%s,1Z%s,UPS%n"
        .formatted(request, number, sku, units, at.truncatedTo(ChronoUnit.SECONDS), number);
  }

  private static final String SHIPPED =
      "fulfillment_id,shipment_id,sku,quantity,shipped_at,tracking_number,carrier\n";

  // --- 1, 2, 3

  @Test
  void messyOrder01PartOfItIsNotOnTheShelfAndComesFromTheStore() {
    var sku = article();
    hub.stock("nj-1", sku, 4);
    var id = order("US", "", line(1, sku, 4, ""));
    var request = asked(id, "nj-1");
    hub.stock("store-1", sku, 2);

    says(
        """
        {"id":"r-%s","type":"fulfillment.accepted","occurredAt":"%s","fulfillmentId":"%s","orderId":"%s","reference":"F-1",
         "refused":[{"sku":"%s","quantity":2,"code":"OUT_OF_STOCK"}]}"""
            .formatted(request, Instant.now(), request, id, sku));

    until("the store has the rest", () -> "nj-1,store-1".equals(live(id)));
    assertThat(sum("allocated", id)).isEqualTo(4);
    northwind.ship(request);
    until(
        "what the warehouse has left is sent",
        () -> "PARTIALLY_SHIPPED".equals(hub.orderState(id)));
    assertThat(sum("allocated + l.shipped", id)).as("none twice").isEqualTo(4);
  }

  @Test
  void messyOrder02NobodySendsToItsCountry() {
    var sku = article();
    hub.stock("nj-1", sku, 5);

    var id = order("BR", "", line(1, sku, 1, ""));

    assertThat(holds(id)).containsExactly("UNALLOCATABLE operations");
    assertThat(story(id).toString()).contains("No node sends to country 'BR'.");
    assertThat(sum("allocated", id)).isZero();
  }

  @Test
  void messyOrder03APresentKeepsItsMessageAndBearsNoPrice() {
    var id =
        web(
            "nj-1",
            payload ->
                payload
                    .putArray("note_attributes")
                    .addObject()
                    .put("name", "Gift Message")
                    .put("value", "Happy birthday, Ava! 🎂"));

    var request = asked(id, "nj-1");

    var body = northwind.ledger().effects().on(request).all().getFirst().data().path("request");
    assertThat(body.path("giftMessage").asText()).isEqualTo("Happy birthday, Ava! 🎂");
    assertThat(body.toString().toLowerCase()).doesNotContain("price", "amount", "total");
  }

  // --- 7, 9, 11

  @Test
  void messyOrder07APreorderAndWhatIsInStockLeaveTogetherOrApart() {
    var here = article();
    var soon = article();
    hub.stock("nj-1", here, 5);
    hub.stock("nj-1", soon, 0);
    var preordered = ",\"preorder\":{\"promisedAt\":\"2026-12-24T00:00:00Z\"}";

    var together =
        order(
            "US",
            ",\"service\":{\"shipComplete\":true}",
            line(1, here, 1, ""),
            line(2, soon, 1, preordered));
    var apart =
        order(
            "US",
            ",\"service\":{\"shipComplete\":false}",
            line(1, here, 1, ""),
            line(2, soon, 1, preordered));

    asked(apart, "nj-1");
    assertThat(sum("allocated", apart)).isEqualTo(1);
    assertThat(sum("backordered", apart)).isEqualTo(1);
    assertThat(hub.orderState(together)).isEqualTo("BACKORDERED");
    assertThat(live(together)).isNull();

    hub.stock("nj-1", soon, 2);

    until("both have all", () -> sum("allocated", apart) + sum("allocated", together) == 4);
    assertThat(
            hub.texts(
                "SELECT f.id::text FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
                apart))
        .as("each group by itself")
        .hasSize(2);
  }

  @Test
  void messyOrder09OfWarehouse3plAndStoreOneRejectsAndOnlyItsPartMoves() {
    var one = article();
    var two = article();
    var three = article();
    hub.stock("nj-1", one, 1);
    hub.stock("annex-1", two, 1);
    hub.stock("store-1", three, 1);
    var id = order("US", "", line(1, one, 1, ""), line(2, two, 1, ""), line(3, three, 1, ""));
    until("three share it", () -> "annex-1,nj-1,store-1".equals(live(id)));
    var annex = asked(id, "annex-1");
    var request = asked(id, "nj-1");
    hub.stock("store-1", one, 3);

    assertThat(northwind.reject(request, "no hands today")).isTrue();

    until("its part is the store's", () -> "annex-1,store-1,store-1".equals(live(id)));
    assertThat(request(id, "annex-1")).isEqualTo(annex);
    assertThat(sum("allocated", id)).isEqualTo(3);
    assertThat(holds(id)).isEmpty();
  }

  private String packed(String store, String sku) {
    hub.stock(store, sku, 1);
    var id = order("US", "", line(1, sku, 1, ""));
    until("the store has it", () -> store.equals(live(id)));
    var answer = hub.api("POST", "/orders/erp:" + id + "/pack", "{\"parcels\":[{\"weight\":900}]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return id;
  }

  private String parcel(String id, String column) {
    return hub.text(
        "SELECT p."
            + column
            + " FROM parcel p JOIN sales_order o ON o.id = p.order_id WHERE o.channel_order_id = ?",
        id);
  }

  // --- 10, 17

  /**
   * An order of the shop, two of its first line, which northwind sent; the line and its article.
   */
  private record Sent(String id, String request, String line, String sku) {}

  private Sent sent() {
    var line = new String[2];
    var id =
        web(
            "nj-1",
            payload -> {
              for (var one : payload.get("line_items")) {
                if (one.hasNonNull("sku") && line[1] == null) {
                  ((ObjectNode) one).put("quantity", 2).put("current_quantity", 2);
                  line[1] = one.get("sku").asText();
                }
              }
            });
    line[0] =
        hub.text(
            "SELECT l.line_id FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ? AND l.sku = ?",
            id,
            line[1]);
    var request = asked(id, "nj-1");
    northwind.ship(request);
    until("it left", () -> units("shipped", id, line[0]) == 2);
    return new Sent(id, request, line[0], line[1]);
  }

  private int units(String column, String id, String line) {
    return Integer.parseInt(
        hub.text(
            "SELECT l."
                + column
                + " FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ? AND l.line_id = ?",
            id,
            line));
  }

  private String returned(String id, String column) {
    return hub.text(
        "SELECT r."
            + column
            + "::text FROM return_order r JOIN sales_order o ON o.id = r.order_id WHERE o.channel_order_id = ?",
        id);
  }

  @Test
  void messyOrder10ReturnedThroughAnotherChannelToAnotherNodeExchangedOneDamaged() {
    var bought = sent();
    var instead = article();
    hub.stock("nj-1", instead, 5);
    var opened =
        hub.api(
            "POST",
            "/orders/shopify-main:" + bought.id() + "/returns",
            """
            {"name":"RMA-%s","node":"nj-1","reason":"too small","lines":[{"lineId":"%s","quantity":2}],
             "exchange":[{"sku":"%s","quantity":2}]}"""
                .formatted(bought.id(), bought.line(), instead));
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);

    // The buyer walks into a store that never had it.
    var ticket =
        till.takeBack(
            "shopify-main",
            bought.id(),
            bought.sku(),
            Map.of("sellable", 1, "damaged", 1),
            Instant.now());

    until("it is there", () -> "RECEIVED".equals(returned(bought.id(), "state")));
    assertThat(
            hub.text(
                "SELECT on_hand || ' ' || damaged FROM stock_level WHERE node = 'store-2' AND sku = ?",
                bought.sku()))
        .isEqualTo("2 1");
    assertThat(units("returned", bought.id(), bought.line())).isEqualTo(2);
    assertThat(hub.text("SELECT source FROM return_receipt WHERE receipt_id = ?", ticket))
        .isEqualTo("corner");
    until("the other one is asked for", () -> "nj-1".equals(live(bought.id())));
    assertThat(units("allocated", bought.id(), "serai-1")).isEqualTo(2);
    assertThat(
            hub.texts(
                "SELECT r.id::text FROM refund_request r JOIN sales_order o ON o.id = r.order_id WHERE o.channel_order_id = ?",
                bought.id()))
        .as("what is exchanged is not refunded")
        .isEmpty();
  }

  @Test
  void messyOrder17AReturnOfTheShopIsReceivedByTheWarehouseBeforeOrAfterItIsAskedFor() {
    var after = sent();
    var before = sent();
    var wanted = shop.requestReturn(after.id(), after.line(), 1);
    until("it is asked for", () -> "REQUESTED".equals(returned(after.id(), "state")));
    shop.approveReturn(after.id(), wanted, after.line(), 1);
    until("it may come", () -> "APPROVED".equals(returned(after.id(), "state")));

    northwind.takeBack(after.request(), null, after.sku(), 1, "sellable");
    northwind.takeBack(before.request(), null, before.sku(), 1, "damaged");

    until("it is there", () -> "RECEIVED".equals(returned(after.id(), "state")));
    until("the other is there", () -> "RECEIVED".equals(returned(before.id(), "state")));
    assertThat(hub.onHand("nj-1", after.sku())).isEqualTo(99);
    shop.endReturn(after.id(), wanted, false);
    until("it is closed", () -> "CLOSED".equals(returned(after.id(), "state")));
    var late = shop.requestReturn(before.id(), before.line(), 1);
    until("it has its name", () -> late.equals(returned(before.id(), "remote_id")));
    assertThat(returned(before.id(), "state")).isEqualTo("RECEIVED");
    assertThat(units("returned", before.id(), before.line())).isEqualTo(1);
  }

  @Test
  void messyOrder11AParcelIsLostFoundDeliveredAndScannedOnceMore() {
    var id = packed("store-1", article());
    until("it has a label", () -> "LABELED".equals(parcel(id, "state")));
    var number = parcel(id, "tracking_number");
    var now = Instant.now();

    easypost.scan(number, "in_transit", now.minusSeconds(90));
    until("nothing moves", () -> holds(id).contains("NO_MOVEMENT carrier"));
    easypost.scan(number, "delivered", now.minusSeconds(30));

    until("it is delivered", () -> "DELIVERED".equals(hub.orderState(id)));
    until("nobody looks for it any more", () -> holds(id).isEmpty());
    easypost.scan(number, "out_for_delivery", now.minusSeconds(60));
    until(
        "the late scan is kept",
        () ->
            "3"
                .equals(
                    hub.text(
                        "SELECT count(*) FROM parcel_scan s JOIN parcel p ON p.id = s.parcel_id WHERE p.tracking_number = ?",
                        number)));
    assertThat(hub.orderState(id)).isEqualTo("DELIVERED");
  }

  @Test
  void messyOrder11AParcelThatIsReturnedToItsSenderIsACaseAndNotDelivered() {
    var id = packed("store-1", article());
    until("it has a label", () -> "LABELED".equals(parcel(id, "state")));
    var number = parcel(id, "tracking_number");

    easypost.scan(number, "return_to_sender", Instant.now().minusSeconds(60));
    easypost.scan(number, "delivered", Instant.now().minusSeconds(30));

    until("it is back", () -> "RETURNED".equals(parcel(id, "state")));
    until("somebody is asked", () -> holds(id).contains("RETURNED_TO_SENDER customer-care"));
    assertThat(sum("delivered", id)).isZero();
  }

  // --- 13, 14, 16

  @Test
  void messyOrder13AFlashSaleOverThreeChannelsSellsWhatThereIsAndNoMore() {
    var sku = article();
    hub.stock("nj-1", sku, 5);
    var rows = new StringBuilder();
    for (var i = 0; i < 4; i++) {
      rows.append(csv("F-" + sku + i, sku, 1, "", ""));
    }

    var sales =
        Stream.<Runnable>concat(
                Stream.of(
                    () -> upload(rows.toString()),
                    () ->
                        web(
                            "nj-1",
                            payload -> {
                              for (var line : payload.get("line_items")) {
                                if (line.hasNonNull("sku")) {
                                  ((ObjectNode) line)
                                      .put("sku", sku)
                                      .put("quantity", 1)
                                      .put("current_quantity", 1);
                                }
                              }
                            })),
                IntStream.range(0, 4)
                    .mapToObj(i -> (Runnable) () -> order("US", "", line(1, sku, 1, ""))))
            .toList();
    sales.parallelStream().forEach(Runnable::run);

    until(
        "all of them are decided",
        () ->
            Integer.parseInt(
                    hub.text(
                        "SELECT count(DISTINCT order_id) FROM order_line WHERE sku = ? AND allocated + backordered = ordered",
                        sku))
                == 9);
    assertThat(hub.text("SELECT sum(allocated) FROM order_line WHERE sku = ?", sku)).isEqualTo("5");
    assertThat(hub.text("SELECT on_hand - allocated FROM stock_level WHERE sku = ?", sku))
        .isEqualTo("0");
  }

  @Test
  void messyOrder14A3plThatWasAwayForADayComesBackWithEverythingTwiceAndTheNewestFirst()
      throws IOException {
    var id = web("annex-1", payload -> {});
    var request = asked(id, "annex-1");
    var lines =
        hub.texts(
            "SELECT r.sku || ' ' || r.quantity FROM reservation r JOIN sales_order o ON o.id = r.order_id WHERE o.channel_order_id = ? ORDER BY r.sku",
            id);
    var sku = lines.getFirst().split(" ")[0];
    var now = Instant.now();
    var yesterday = now.minus(Duration.ofDays(1));
    var last = new StringBuilder(SHIPPED);
    for (var line : lines.subList(1, lines.size())) {
      var of = line.split(" ");
      last.append(shipment(request, "S-2", of[0], Integer.parseInt(of[1]), now));
    }
    var first =
        SHIPPED
            + shipment(
                request, "S-1", sku, Integer.parseInt(lines.getFirst().split(" ")[1]), yesterday);

    files(
        "stock-today.csv",
        "sku,on_hand,as_of\n" + sku + ",70," + now + "\n",
        "shipped-2.csv",
        last.toString());
    until("today's count is known", () -> hub.onHand("annex-1", sku) == 70);
    files(
        "shipped-2-again.csv",
        last + "\n",
        "stock-yesterday.csv",
        "sku,on_hand,as_of\n" + sku + ",99," + yesterday + "\n",
        "shipped-1.csv",
        first,
        "shipped-1-again.csv",
        first + "\n");

    until("all of it is sent", () -> "SHIPPED".equals(hub.orderState(id)));
    until("the hub has read everything", () -> quiet("annex"));
    var parcels = lines.size() == 1 ? 1 : 2;
    until("the shop heard", () -> shop.order(id).path("fulfillments").size() == parcels);
    assertThat(
            hub.texts(
                "SELECT s.id::text FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE o.channel_order_id = ?",
                id))
        .as("parcels, each once")
        .hasSize(parcels);
    assertThat(hub.onHand("annex-1", sku)).as("today's count holds").isLessThanOrEqualTo(70);
    assertThat(shop.order(id).path("fulfillments")).hasSize(parcels);
  }

  private boolean quiet(String account) {
    return "0"
        .equals(
            hub.text(
                "SELECT count(*) FROM inbox_message WHERE account = ? AND state IN ('RECEIVED', 'RUNNING', 'WAITING')",
                account));
  }

  @Test
  void messyOrder16TwoSetsShareTheirLastComponent() {
    var mug = article();
    var tea = article();
    var set = article();
    var put =
        hub.api(
            "PUT",
            "/items",
            "{\"items\":[{\"sku\":\"%s\",\"components\":[{\"sku\":\"%s\",\"quantity\":2},{\"sku\":\"%s\"}]}]}"
                .formatted(set, mug, tea));
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    hub.stock("nj-1", mug, 3);
    hub.stock("nj-1", tea, 1);

    var first = order("US", "", line(1, set, 1, ""));
    var second = order("US", "", line(1, mug, 2, ""));

    asked(first, "nj-1");
    until("the other waits", () -> "BACKORDERED".equals(hub.orderState(second)));
    assertThat(hub.text("SELECT allocated::text FROM stock_level WHERE sku = ?", mug))
        .isEqualTo("2");
    hub.stock("nj-1", mug, 4);
    asked(second, "nj-1");
  }

  // --- 18, 19, 20

  @Test
  void messyOrder18AShipmentOfAnArticleThatNobodyAskedForIsNamedAndNotToldTheShop()
      throws IOException {
    var id = web("annex-1", payload -> {});
    var request = asked(id, "annex-1");
    var wrong = article();

    files(
        "shipped-wrong-" + wrong + ".csv",
        SHIPPED + shipment(request, "S-W", wrong, 1, Instant.now()));

    until("it is named", () -> story(id).toString().contains("'" + wrong + "'"));
    until("the hub has read it", () -> quiet("annex"));
    assertThat(sum("shipped", id)).isZero();
    assertThat(
            hub.texts(
                "SELECT d.id::text FROM delivery d JOIN sales_order o ON o.id = d.order_id WHERE o.channel_order_id = ? AND d.operation = 'shipment'",
                id))
        .as("what the shop is told")
        .isEmpty();
  }

  @Test
  void messyOrder19ASupplierThatIsSilentPastItsLeadTimeIsListedAndStopsNothing() {
    var sku = article();
    hub.stock("supplier-1", sku, 1);
    var id = order("US", "", line(1, sku, 1, ""));
    asked(id, "supplier-1");

    until("it is listed", () -> holds(id).contains("SILENT supplier"));
    assertThat(live(id)).isEqualTo("supplier-1");
    assertThat(hub.text("SELECT hold FROM sales_order WHERE channel_order_id = ?", id)).isNull();
  }

  @Test
  void messyOrder20HistoryOverLiveIdsIsKnownNeverSentAndTakesNoLiveOrderTwice() {
    var sku = article();
    hub.stock("nj-1", sku, 10);
    var live = "L-" + sku;
    var past = "H-" + sku;
    upload(csv(live, sku, 1, "2026-11-20T10:00:00Z", ""));
    asked(live, "nj-1");

    var rows =
        csv(live, sku, 1, "2026-11-20T10:00:00Z", "yes")
            + csv(past, sku, 2, "2024-11-20T10:00:00Z", "yes");
    upload(rows);
    until("the past is known", () -> "CLOSED".equals(hub.orderState(past)));
    upload(rows + "\n");
    until("it is read again", () -> quiet("wholesale"));

    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", live))
        .hasSize(1);
    assertThat(live(live)).isEqualTo("nj-1");
    assertThat(sum("allocated", past)).isZero();
    assertThat(hub.text("SELECT allocated::text FROM stock_level WHERE sku = ?", sku))
        .isEqualTo("1");
    assertThat(owed(past)).isEmpty();

    upload(csv(past, sku, 2, "2024-11-20T10:00:00Z", ""));
    until(
        "its channel says it is open: a person decides",
        () -> holds(past).contains("HISTORY operations"));
    assertThat(owed(past)).isEmpty();
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", past))
        .hasSize(1);

    release("wholesale:" + past, "HISTORY");
    asked(past, "nj-1");
  }

  private List<String> owed(String id) {
    return hub.texts(
        "SELECT d.operation FROM delivery d JOIN sales_order o ON o.id = d.order_id WHERE o.channel_order_id = ?",
        id);
  }

  // --- 22, 23, 24, 25

  @Test
  void messyOrder22AcrossABorderNothingLeavesWithoutATariffNumber() {
    var sku = article();
    hub.stock("nj-1", sku, 2);
    var home = order("US", "", line(1, sku, 1, ""));
    asked(home, "nj-1");

    var id = order("CA", "", line(1, sku, 1, ""));

    assertThat(holds(id)).containsExactly("UNALLOCATABLE operations");
    assertThat(story(id).toString())
        .contains(
            "SKU '%s' has no tariff number, without which it is not sent to country 'CA'"
                .formatted(sku));
    var put =
        hub.api(
            "PUT",
            "/items",
            "{\"items\":[{\"sku\":\"%s\",\"hsCode\":\"691200\",\"originCountry\":\"PT\"}]}"
                .formatted(sku));
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    release("erp:" + id, "UNALLOCATABLE");

    var request = asked(id, "nj-1");
    var body = northwind.ledger().effects().on(request).all().getFirst().data().path("request");
    assertThat(body.at("/lines/0/hsCode").asText()).isEqualTo("691200");
  }

  @Test
  void messyOrder23ADraftOrderWithADiscountByHandGoesTheSameWayAsAnyOther() {
    var web = web("nj-1", payload -> {});
    var draft =
        web(
            "nj-1",
            payload -> {
              payload.put("source_name", "shopify_draft_order");
              discount(payload, "5.00");
            });
    asked(web, "nj-1");
    asked(draft, "nj-1");

    assertThat(story(draft).stream().map(e -> e.split(":")[0]).toList())
        .isEqualTo(story(web).stream().map(e -> e.split(":")[0]).toList());
    assertThat(
            hub.text(
                "SELECT money_mismatch::text FROM sales_order WHERE channel_order_id = ?", draft))
        .isEqualTo("false");
    assertThat(
            hub.text(
                "SELECT d.document::json->'lines'->0->'discounts'->-1->>'title' FROM order_document d JOIN sales_order o ON o.id = d.order_id WHERE o.channel_order_id = ?",
                draft))
        .isEqualTo("A regular");
  }

  // Five of each currency off the first line, as somebody typed it into the draft.
  private static void discount(ObjectNode payload, String amount) {
    var applications = payload.withArray("discount_applications");
    var index = applications.size();
    applications
        .addObject()
        .put("type", "manual")
        .put("title", "A regular")
        .put("description", "A regular")
        .put("value", amount)
        .put("value_type", "fixed_amount")
        .put("allocation_method", "one")
        .put("target_selection", "explicit")
        .put("target_type", "line_item");
    var line = (ObjectNode) payload.get("line_items").get(0);
    var allocation =
        line.withArray("discount_allocations")
            .addObject()
            .put("amount", amount)
            .put("discount_application_index", index);
    allocation.set("amount_set", set(payload, amount));
    for (var total : List.of("total_price", "subtotal_price", "current_total_price")) {
      change(payload, total, amount, -1);
    }
    change(payload, "total_discounts", amount, 1);
  }

  private static ObjectNode set(ObjectNode payload, String amount) {
    var set = payload.objectNode();
    set.putObject("shop_money")
        .put("amount", amount)
        .put("currency_code", payload.get("currency").asText());
    set.putObject("presentment_money")
        .put("amount", amount)
        .put("currency_code", payload.get("presentment_currency").asText());
    return set;
  }

  private static void change(ObjectNode payload, String field, String amount, int sign) {
    for (var side : List.of("shop_money", "presentment_money")) {
      var money = (ObjectNode) payload.at("/" + field + "_set/" + side);
      var before = new BigDecimal(money.get("amount").asText());
      money.put(
          "amount",
          before.add(new BigDecimal(amount).multiply(BigDecimal.valueOf(sign))).toPlainString());
    }
    payload.put(field, payload.at("/" + field + "_set/shop_money/amount").asText());
  }

  @Test
  void messyOrder24WhileOneCarriersRatesAreDownTheOtherSellsTheLabel() {
    easypost.moods().set(Mood.of(Mood.Kind.FLAKY).on("shipments.create"));

    var id = packed("store-2", article());

    until(
        "it has a label",
        () -> {
          if ("WAITING".equals(parcel(id, "state"))) { // the other was too slow as well
            hub.api(
                "POST",
                "/parcels/"
                    + hub.read("/orders/erp:" + id + "/parcels").at("/0/id").asText()
                    + "/ask-again",
                "{\"reason\":\"a test\"}");
          }
          return "LABELED".equals(parcel(id, "state"));
        });
    assertThat(parcel(id, "account")).isEqualTo("ups-main");
    assertThat(
            Json.tree(hub.api("GET", "/orders/erp:" + id + "/parcels", null).body())
                .at("/0/choice")
                .toString())
        .contains("easypost-main");
    assertThat(easypost.ledger().effects().of("label.bought").on(id).count()).isZero();
  }

  @Test
  void messyOrder25APurchaseOrderThatForbidsPartsWaitsForAllOfIt() {
    var one = article();
    var two = article();
    hub.stock("nj-1", one, 5);
    hub.stock("nj-1", two, 0);

    var id =
        order(
            "US", ",\"service\":{\"shipComplete\":true}", line(1, one, 5, ""), line(2, two, 1, ""));

    assertThat(hub.orderState(id)).isEqualTo("BACKORDERED");
    assertThat(sum("allocated", id)).isZero();
    hub.stock("nj-1", two, 1);
    asked(id, "nj-1");
    assertThat(sum("allocated", id)).isEqualTo(6);
  }
}
