package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * EDIFACT files at a whole hub: an order as ORDERS that an EDIFACT warehouse ships (ORDERS, DESADV,
 * INVRPT), what the retailer hears of it, and what CONTRL says both ways.
 */
@TestInstance(Lifecycle.PER_CLASS)
class EdifactExchangeIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String US = "4098765000010";
  private static final String RETAILER = "4012345000016";
  private static final String WAREHOUSE = "4033333000017";

  private static int serial = 7000;

  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data) {
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "kaufhof",
                "edifact-retailer",
                "partner-profile",
                "edifact-retailer",
                "our-id",
                US,
                "their-id",
                RETAILER,
                "upload-token",
                "secret-of-the-retailer")
            .partner(
                "halle7",
                "edifact-3pl",
                "partner-profile",
                "edifact-3pl",
                "our-id",
                US,
                "their-id",
                WAREHOUSE,
                "upload-token",
                "secret-of-the-warehouse")
            .node("de-7", "type", "3pl", "partner", "halle7", "country", "DE")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  private static int next() {
    return ++serial;
  }

  private static String message(int number, String type, String... segments) {
    return "UNH+%d+%s'".formatted(number, type)
        + String.join("'", segments)
        + "'UNT+%d+%d'".formatted(segments.length + 2, number);
  }

  private static String order(int number, String purchaseOrder) {
    return message(
        number,
        "ORDERS:D:96A:UN:EAN008",
        "BGM+220+" + purchaseOrder + "+9",
        "DTM+137:20260301:102",
        "NAD+BY+" + RETAILER + "::9",
        "NAD+DP+++Zoë Müller+Ahornweg 18+Köln++50667+DE",
        "CUX+2:EUR:9",
        "LIN+1++4006381333931:EN",
        "PIA+1+MUG-BLU:SA",
        "QTY+21:3:PCE",
        "PRI+AAA:6.25",
        "UNS+S");
  }

  private static String interchange(String sender, int control, String test, String... messages) {
    return "UNA:+.? 'UNB+UNOC:3+%s:14+%s:14+260302:0915+%d%s'"
            .formatted(sender, US, control, test.isEmpty() ? "" : "++++++" + test)
        + String.join("", messages)
        + "UNZ+%d+%d'".formatted(messages.length, control);
  }

  private String retailer(String file) {
    return upload("kaufhof", "secret-of-the-retailer", file);
  }

  private String warehouse(String file) {
    return upload("halle7", "secret-of-the-warehouse", file);
  }

  private String upload(String account, String secret, String file) {
    var answer =
        hub.send(
            hub.to("/webhooks/" + account)
                .header("Authorization", "Bearer " + secret)
                .header("X-File-Name", "file-" + next() + ".edi")
                .POST(BodyPublishers.ofString(file, StandardCharsets.ISO_8859_1))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var message = Json.tree(answer.body()).path("id").asText().substring(4);
    Await.until(
        "the file is read",
        AWholeHub.PATIENCE,
        () ->
            !List.of("RECEIVED", "RUNNING")
                .contains(
                    hub.text("SELECT state FROM inbox_message WHERE id = ?::bigint", message)));
    assertThat(hub.text("SELECT state FROM inbox_message WHERE id = ?::bigint", message))
        .isEqualTo("SPLIT");
    return message;
  }

  /** What answers a file, in one line, or null. */
  private String contrl(String message) {
    return hub.text(
        """
        SELECT replace(convert_from(c.body, 'LATIN1'), E'\\n', '') FROM interchange i
        JOIN interchange_content c ON c.interchange_id = i.id JOIN delivery d ON d.id = i.delivery_id
        WHERE d.message_id = ?::bigint AND d.operation = 'functional-acknowledgment'""",
        message);
  }

  /** The one message that an account was sent of a type with this in it, in one line. */
  private String sent(String account, String type, String with) {
    var sql =
        """
        SELECT replace(convert_from(c.body, 'LATIN1'), E'\\n', '') FROM interchange i
        JOIN interchange_content c ON c.interchange_id = i.id JOIN delivery d ON d.id = i.delivery_id
        WHERE d.destination = ? AND convert_from(c.body, 'LATIN1') LIKE ? AND convert_from(c.body, 'LATIN1') LIKE ?""";
    var like = "%+" + type + ":%";
    Await.until(
        "'%s' is sent a %s".formatted(account, type),
        AWholeHub.PATIENCE,
        () -> hub.text(sql, account, like, "%" + with + "%") != null);
    return hub.text(sql, account, like, "%" + with + "%");
  }

  private String stateOf(String account, String control) {
    return hub.text(
        "SELECT d.state FROM delivery d JOIN interchange i ON i.delivery_id = d.id WHERE i.account = ? AND i.direction = 'OUT' AND i.control = ?",
        account,
        control);
  }

  private static String between(String text, String from, String to) {
    var rest = text.substring(text.indexOf(from) + from.length());
    return rest.substring(0, rest.indexOf(to));
  }

  private static String controlOf(String sent) {
    return between(sent, "'UNZ+1+", "'");
  }

  private static String answer(int control, String sender, String answered, String... more) {
    var segments = new java.util.ArrayList<String>();
    segments.add("UCI+%s+%s:14+%s:14+7".formatted(answered, US, sender));
    segments.addAll(List.of(more));
    return interchange(
        sender, control, "", message(1, "CONTRL:D:3:UN", segments.toArray(String[]::new)));
  }

  @Test
  void anOrderIsShippedByAWarehouseAndTheRetailerIsTold() {
    hub.stock("de-7", "MUG-BLU", 10);
    var number = "A-" + next();
    var control = next();

    var file = retailer(interchange(RETAILER, control, "", order(1, number)));

    assertThat(contrl(file))
        .contains("UNB+UNOC:3+" + US + ":14+" + RETAILER + ":14+", "+CONTRL:D:3:UN'")
        .contains("'UCI+%d+%s:14+%s:14+7'".formatted(control, RETAILER, US))
        .contains("'UCM+1+ORDERS:D:96A:UN:EAN008+7'");
    var asked = sent("halle7", "ORDERS", number);
    assertThat(asked)
        .contains("+ORDERS:D:96A:UN:EAN008'", "'NAD+DP+++Zoë Müller+Ahornweg 18+Köln++50667+DE'")
        .contains("'LIN+1++MUG-BLU:SA'", "'QTY+21:3:PCE'", "'RFF+LI:1'");
    Await.until(
        "the request waits for its CONTRL",
        AWholeHub.PATIENCE,
        () -> "PENDING".equals(stateOf("halle7", controlOf(asked))));
    assertThat(hub.read("/conversations?account=halle7").at("/items/0/owed/0/set").asText())
        .isEqualTo("CONTRL");

    warehouse(answer(next(), WAREHOUSE, controlOf(asked), "UCM+0001+ORDERS:D:96A:UN:EAN008+7"));

    Await.until(
        "the request is confirmed",
        AWholeHub.PATIENCE,
        () -> "CONFIRMED".equals(stateOf("halle7", controlOf(asked))));

    warehouse(
        interchange(
            WAREHOUSE,
            next(),
            "",
            message(
                1,
                "DESADV:D:96A:UN",
                "BGM+351+LS-" + number + "+9",
                "DTM+137:202603031635:203",
                "DTM+11:202603031620:203",
                "RFF+ON:" + between(asked, "'BGM+220+", "+"),
                "TDT+20++30++:::Paketpost",
                "CPS+1",
                "PAC+1++CT",
                "CPS+2+1",
                "PAC+1++CT",
                "PCI+33E",
                "GIN+BJ+340123450000000017",
                "LIN+1++MUG-BLU:SA",
                "QTY+12:3:PCE",
                "RFF+LI:1",
                "CNT+2:1")));

    var told = sent("kaufhof", "DESADV", number);
    assertThat(told)
        .contains("+DESADV:D:96A:UN:EAN005'", "'RFF+ON:" + number + "'")
        .contains("'CPS+1'PAC+1++CT'CPS+2+1'PAC+1++CT'PCI+33E'GIN+BJ+340123450000000017'")
        .contains("'QTY+12:3:PCE'RFF+LI:1'CNT+2:1'");
    Await.until(
        "the notice waits for its CONTRL",
        AWholeHub.PATIENCE,
        () -> "PENDING".equals(stateOf("kaufhof", controlOf(told))));

    retailer(
        answer(
            next(),
            RETAILER,
            controlOf(told),
            "UCM+0001+DESADV:D:96A:UN:EAN005+4",
            "UCS+5",
            "UCD+12+2:2"));

    Await.until(
        "the notice is refused",
        AWholeHub.PATIENCE,
        () -> "PARKED".equals(stateOf("kaufhof", controlOf(told))));
    assertThat(
            hub.text(
                "SELECT f.sentence FROM delivery d JOIN failure f ON f.id = d.failure_id JOIN interchange i ON i.delivery_id = d.id WHERE i.account = 'kaufhof' AND i.control = ?",
                controlOf(told)))
        .contains("element 01-2 of segment 5 of the message: the value is not valid");
  }

  @Test
  void whatAWarehouseCountsIsItsStock() {
    warehouse(
        interchange(
            WAREHOUSE,
            next(),
            "",
            message(
                1,
                "INVRPT:D:96A:UN",
                "BGM+35+1+9",
                "DTM+137:202603032200:203",
                "LIN+1++LAMP:SA",
                "QTY+17:41:PCE",
                "QTY+124:1:PCE")));

    Await.until(
        "the stock is applied",
        AWholeHub.PATIENCE,
        () ->
            "41"
                .equals(
                    hub.text(
                        "SELECT on_hand::text FROM stock_level WHERE sku = 'LAMP' AND node = 'de-7'")));
  }

  @Test
  void oneBadMessageNeverHoldsItsNeighborsAndCanBeCorrected() {
    var good = "B-" + next();
    var bad = "B-" + next();
    var last = "B-" + next();
    var spoiled = order(2, bad).replace("DTM+137:20260301:102", "DTM+137:20260230:102");

    var file = retailer(interchange(RETAILER, next(), "", order(1, good), spoiled, order(3, last)));

    assertThat(contrl(file))
        .contains("'UCM+1+ORDERS:D:96A:UN:EAN008+7'", "'UCM+3+ORDERS:D:96A:UN:EAN008+7'")
        .contains("'UCM+2+ORDERS:D:96A:UN:EAN008+4'UCS+3'UCD+12+2:2'");
    var sets =
        hub.texts(
            "SELECT set_id || ' ' || control || ' ' || outcome || ' ' || coalesce(subject, '-') FROM interchange_set WHERE interchange_id = (SELECT id FROM interchange WHERE message_id = ?::bigint) ORDER BY place",
            file);
    assertThat(sets)
        .containsExactly(
            "ORDERS 1 ACCEPTED " + good, "ORDERS 2 REFUSED " + bad, "ORDERS 3 ACCEPTED " + last);
    var parked =
        hub.text(
            "SELECT f.sentence FROM inbox_message m JOIN failure f ON f.id = m.failure_id WHERE m.parent_id = ?::bigint AND m.state = 'PARKED'",
            file);
    assertThat(parked)
        .startsWith("Message ORDERS '2' of interchange")
        .contains("DTM01-2 (date or period) is '20260230', no date or time of format 102.");
    var body =
        hub.text(
            "SELECT convert_from(p.body, 'LATIN1') FROM inbox_message m JOIN message_payload p ON p.message_id = m.id WHERE m.parent_id = ?::bigint AND m.state = 'PARKED'",
            file);
    assertThat(body).startsWith("UNA:+.? 'UNB+UNOC:3+").contains("Zoë Müller", "UNZ+1+");
  }

  @Test
  void aTestIsAnsweredAsATestAndNeverApplied() {
    var number = "T-" + next();

    var file = retailer(interchange(RETAILER, next(), "1", order(1, number)));

    assertThat(contrl(file)).containsPattern("UNB\\+UNOC:3\\+.*\\+\\d{9}\\+{6}1'UNH");
    assertThat(hub.text("SELECT state FROM interchange WHERE message_id = ?::bigint", file))
        .isEqualTo("TEST");
    assertThat(
            hub.text("SELECT count(*)::text FROM inbox_message WHERE parent_id = ?::bigint", file))
        .isEqualTo("0");
  }

  @Test
  void anInterchangeThatComesAgainHasNoSecondEffectAndOtherContentUnderItsNumberIsRefused() {
    var control = next();
    var first = interchange(RETAILER, control, "", order(1, "D-" + next()));
    retailer(first);

    var again = retailer(first + "\n\n");
    var other = retailer(interchange(RETAILER, control, "", order(1, "D-" + next())));

    assertThat(hub.text("SELECT state FROM interchange WHERE message_id = ?::bigint", again))
        .isEqualTo("DUPLICATE");
    assertThat(contrl(again)).isNull();
    assertThat(contrl(other))
        .contains("'UCI+%d+%s:14+%s:14+4+26+UNB+6'".formatted(control, RETAILER, US));
    assertThat(hub.text("SELECT sentence FROM interchange WHERE message_id = ?::bigint", other))
        .startsWith(
            "UNB05 (interchange control reference) is '"
                + control
                + "', which this sender used before");
  }

  @Test
  void whoIsNotAgreedIsNotTaken() {
    var file = retailer(interchange("4000000000006", next(), "", order(1, "X-" + next())));

    assertThat(contrl(file)).contains("+4+23+UNB+3'");
    assertThat(hub.text("SELECT sentence FROM interchange WHERE message_id = ?::bigint", file))
        .isEqualTo("The sender is '14/4000000000006', and 'kaufhof' is '14/" + RETAILER + "'.");
  }
}
