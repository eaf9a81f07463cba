package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.transport.As2Key;
import io.serai.transport.As2Peer;
import io.serai.transport.As2Stub;
import io.serai.transport.As2Stub.Answer;
import io.serai.transport.As2Stub.Wrapping;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** X12 files at a whole hub: what is taken, answered, refused and counted. */
@TestInstance(Lifecycle.PER_CLASS)
class X12ExchangeIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static int serial = 5000;

  private static final As2Key OURS = As2Key.of("hub");
  private static final As2Key THEIRS = As2Key.of("depot");
  private static final As2Key LATER = As2Key.of("store");

  private AWholeHub hub;
  private As2Peer peer;
  private As2Stub later;

  @BeforeAll
  void start(@TempDir Path data) {
    peer = new As2Peer("DEPOT", THEIRS, "HUB", OURS);
    later = As2Stub.of(LATER, OURS);
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "hub-store",
                "x12-retailer",
                "partner-profile",
                "walmart-dsv",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAIHUB",
                "their-id",
                "RETAILHUB",
                "transport",
                "upload",
                "upload-token",
                "store-secret")
            .channel(
                "hub-as2",
                "x12-retailer",
                "partner-profile",
                "walmart-dsv",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAIHUB",
                "their-id",
                "RETAILHUB",
                "transport",
                "as2",
                "as2-our-name",
                "HUB",
                "as2-their-name",
                "DEPOT",
                "as2-key",
                OURS.pem(),
                "as2-certificate",
                THEIRS.certificatePem(),
                "as2-url",
                peer.url())
            .channel(
                "hub-later",
                "x12-retailer",
                "partner-profile",
                "walmart-dsv",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAIHUB",
                "their-id",
                "RETAILHUB",
                "transport",
                "as2",
                "as2-our-name",
                "HUB",
                "as2-their-name",
                "STORE",
                "as2-key",
                OURS.pem(),
                "as2-certificate",
                LATER.certificatePem(),
                "as2-url",
                later.url(),
                "as2-receipt-url",
                "https://hub.example/as2")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
    peer.close();
    later.close();
  }

  private static int next() {
    return ++serial;
  }

  /** One interchange of the retailer's with these sets in one group. */
  private static String interchange(int control, String usage, String... sets) {
    var text = new StringBuilder();
    text.append(
            "ISA*00*          *00*          *08*RETAILHUB      *ZZ*SERAIHUB       *260302*0915*^*00501*")
        .append("%09d*0*%s*>~\n".formatted(control, usage));
    text.append("GS*PO*RETAILHUB*SERAIHUB*20260302*0915*%d*X*005010~\n".formatted(control));
    for (var i = 0; i < sets.length; i++) {
      var number = "%04d".formatted(i + 1);
      var body = sets[i];
      var segments = (int) body.chars().filter(c -> c == '~').count() + 2;
      text.append("ST*850*").append(number).append("~\n").append(body);
      text.append("SE*%d*%s~\n".formatted(segments, number));
    }
    text.append("GE*%d*%d~\n".formatted(sets.length, control));
    text.append("IEA*1*%09d~\n".formatted(control));
    return text.toString();
  }

  private static String order(String number) {
    return "BEG*00*DS*"
        + number
        + "**20260301~\nN1*ST*ADA EXAMPLE*92*7045~\nN3*1 MAIN ST~\nN4*NEWARK*NJ*07102*US~\n"
        + "PO1*001*2*EA*9.9**VN*MUG-BLU~\nCTT*1~\n";
  }

  private String upload(String name, String file) {
    var answer =
        hub.send(
            hub.to("/webhooks/hub-store")
                .header("Authorization", "Bearer store-secret")
                .header("X-File-Name", name)
                .POST(BodyPublishers.ofString(file, StandardCharsets.ISO_8859_1))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var message = Json.tree(answer.body()).path("id").asText();
    Await.until(
        "file " + name + " is read",
        AWholeHub.PATIENCE,
        () -> !List.of("RECEIVED", "RUNNING").contains(stateOf(message)));
    return message;
  }

  private String stateOf(String message) {
    return hub.text("SELECT state FROM inbox_message WHERE id = ?::bigint", message.substring(4));
  }

  private String answerTo(String message) {
    return hub.text(
        "SELECT d.state || ' ' || coalesce(f.sentence, '') FROM delivery d LEFT JOIN failure f ON f.id = d.failure_id WHERE d.message_id = ?::bigint AND d.operation = 'functional-acknowledgment'",
        message.substring(4));
  }

  @Test
  void oneBadSetNeverHoldsItsNeighborsAndAllAreAcknowledged() {
    var good = "PO-" + next();
    var late = "PO-" + next();
    var file = interchange(next(), "P", order(good), "REF*DP*1~\n", order(late));

    var message = upload("three.edi", file);

    assertThat(stateOf(message)).isEqualTo("SPLIT");
    assertThat(
            hub.texts(
                "SELECT set_id || ' ' || control || ' ' || outcome || ' ' || coalesce(subject, '-') FROM interchange_set WHERE interchange_id = (SELECT id FROM interchange WHERE message_id = ?::bigint) ORDER BY place",
                message.substring(4)))
        .containsExactly(
            "850 0001 ACCEPTED " + good, "850 0002 REFUSED -", "850 0003 ACCEPTED " + late);
    Await.until(
        "the 997 is sent",
        AWholeHub.PATIENCE,
        () -> !answerTo(message).matches("(READY|SENDING) .*"));
    assertThat(answerTo(message)).startsWith("CONFIRMED ");
    assertThat(
            hub.text(
                "SELECT convert_from(c.body, 'LATIN1') FROM interchange i JOIN interchange_content c ON c.interchange_id = i.id JOIN delivery d ON d.id = i.delivery_id WHERE d.message_id = ?::bigint",
                message.substring(4)))
        .contains("AK5*A~", "AK5*R*", "AK9*P*3*3*2~");
    assertThat(
            hub.text(
                "SELECT f.sentence FROM inbox_message m JOIN failure f ON f.id = m.failure_id WHERE m.parent_id = ?::bigint AND m.state = 'PARKED'",
                message.substring(4)))
        .contains("Set 850 '0002'", "BEG");
  }

  @Test
  void anOrderIsReadShownAndOwedItsAnswer() {
    var number = "PO-" + next();
    var control = next();
    var message = upload("one.edi", interchange(control, "P", order(number)));

    Await.until(
        "order " + number + " is applied",
        AWholeHub.PATIENCE,
        () ->
            !hub.texts(
                    "SELECT id::text FROM sales_order WHERE account = 'hub-store' AND channel_order_id LIKE ?",
                    number + "%")
                .isEmpty());

    var listed = hub.read("/interchanges?account=hub-store&subject=" + number);
    assertThat(listed.at("/items/0/control").asText()).isEqualTo("%09d".formatted(control));
    assertThat(listed.at("/items/0/state").asText()).isEqualTo("ACCEPTED");
    assertThat(listed.at("/items/0/sets/0/set").asText()).isEqualTo("850");
    assertThat(listed.at("/items/0/messageId").asText()).isEqualTo(message);
    var detail = hub.read("/interchanges/" + listed.at("/items/0/id").asText());
    assertThat(detail.at("/sets/0/subject").asText()).isEqualTo(number);
    assertThat(detail.at("/sets/0/messageId").asText()).startsWith("msg_");
    var conversation = hub.read("/conversations?account=hub-store&subject=" + number);
    assertThat(conversation.at("/items/0/steps/0/set").asText()).isEqualTo("850");
    var numbers = hub.read("/control-numbers?account=hub-store");
    assertThat(numbers.at("/items/0/level").asText()).isEqualTo("INTERCHANGE");
    assertThat(numbers.at("/items/0/last").asLong()).isPositive();
    assertThat(hub.read("/conversations/overdue").path("items")).isEmpty();
  }

  @Test
  void anOrderThatCameOverAs2IsAcknowledgedOverAs2() {
    var number = "PO-" + next();

    var receipt =
        peer.send(
            hub.as2Port(),
            "850.edi",
            interchange(next(), "P", order(number)).getBytes(StandardCharsets.ISO_8859_1));

    assertThat(receipt.getException()).isNull();
    assertThat(receipt.getMDNDisposition()).endsWith("; processed");
    assertThat(receipt.getMDNVerificationCertificate()).isEqualTo(OURS.certificate());
    Await.until(
        "the 997 came",
        AWholeHub.PATIENCE,
        () ->
            peer.files().stream()
                .map(file -> new String(file.content(), StandardCharsets.ISO_8859_1))
                .anyMatch(file -> file.contains("ST*997*") && file.contains("AK5*A~")));
    Await.until(
        "that it came is known",
        AWholeHub.PATIENCE,
        () ->
            "CONFIRMED"
                .equals(
                    hub.text(
                        "SELECT state FROM delivery WHERE destination = 'hub-as2' AND operation = 'functional-acknowledgment'")));
    Await.until(
        "the order is applied",
        AWholeHub.PATIENCE,
        () ->
            !hub.texts(
                    "SELECT id::text FROM sales_order WHERE account = 'hub-as2' AND channel_order_id LIKE ?",
                    number + "%")
                .isEmpty());
  }

  @Test
  void receiptsThatAreWantedLaterAreSentAndTakenLater() {
    later.answer(request -> Answer.of(200));

    var answer =
        later.send(
            hub.as2Port(),
            "<1@store>",
            interchange(next(), "P", order("PO-" + next())).getBytes(StandardCharsets.ISO_8859_1),
            new Wrapping(LATER, OURS),
            Map.of("Receipt-Delivery-Option", later.url()));

    assertThat(answer.statusCode()).as(As2Stub.text(answer)).isEqualTo(200);
    Await.until(
        "the receipt and the 997 came", AWholeHub.PATIENCE, () -> sent(true) && sent(false));
    Await.until(
        "our receipt is done with",
        AWholeHub.PATIENCE,
        () -> "CONFIRMED".equals(stateOfDelivery("receipt")));
    Await.until(
        "the 997 waits for its receipt",
        AWholeHub.PATIENCE,
        () -> "PENDING".equals(stateOfDelivery("functional-acknowledgment")));

    var message =
        later.requests().stream()
            .filter(request -> later.open(request).receipt() == null)
            .findFirst()
            .orElseThrow();
    assertThat(later.send(hub.as2Port(), later.taken(message)).statusCode()).isEqualTo(200);

    Await.until(
        "the 997 is done with",
        AWholeHub.PATIENCE,
        () -> "CONFIRMED".equals(stateOfDelivery("functional-acknowledgment")));
  }

  private boolean sent(boolean receipt) {
    return later.requests().stream()
        .anyMatch(request -> (later.open(request).receipt() != null) == receipt);
  }

  private String stateOfDelivery(String operation) {
    return hub.text(
        "SELECT max(state) FROM delivery WHERE destination = 'hub-later' AND operation = ?",
        operation);
  }
}
