package io.serai.camel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Mappings;
import io.serai.catalog.Repeat;
import io.serai.database.Leases;
import io.serai.database.TestDatabase;
import io.serai.exchange.Incoming;
import io.serai.exchange.Outgoing;
import io.serai.exchange.Partners;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.fault.FaultProxy;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import io.serai.support.Sha256;
import io.serai.transport.As2Key;
import io.serai.transport.As2Peer;
import io.serai.transport.As2Request;
import io.serai.transport.As2Stub;
import io.serai.transport.As2Stub.Answer;
import io.serai.transport.As2Stub.Wrapping;
import io.serai.transport.Mdn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Files over AS2, between the hub, a partner that another wrote, and one that does all wrong. */
class As2IT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  @TempDir static Path home;

  private static final String CONNECTOR =
      """
      connector: exchange
      title: Exchange
      kind: partner
      description: A partner that exchanges files.
      transports: [as2]
      operations: { shipment: { repeat: idempotent } }
      deadlines: { connect: 40s, call: 50s } # a slow machine is no outage
      """;
  private static final As2Key HUB = As2Key.of("hub");
  private static final As2Key STORE = As2Key.of("store");
  private static final byte[] FILE = "ISA*00*~IEA*1*000000001~".getBytes(US_ASCII);

  private static final As2Key STRANGER = As2Key.of("stranger");
  private static final Wrapping USUAL = new Wrapping(STORE, HUB);

  private static Edition edition;
  private static As2Peer peer;
  private static As2Stub stub;

  private final ManualClock clock = new ManualClock();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private ProducerTemplate out;
  private volatile String closed;

  @BeforeAll
  static void begin() throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(home.resolve("connectors/exchange.connector.yaml"), CONNECTOR);
    edition = Catalog.open(As2IT.class.getClassLoader(), home).edition();
    peer = new As2Peer("STORE", STORE, "HUB", HUB);
    stub = As2Stub.of(STORE, HUB);
  }

  @AfterAll
  static void end() {
    peer.close();
    stub.close();
  }

  @BeforeEach
  void prepare() {
    DATABASE.truncate();
    peer.files().clear();
    stub.requests().clear();
    stub.answer(stub::taken);
    closed = null;
    clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    set("as2-our-name", "HUB");
    set("as2-their-name", "STORE");
    set("as2-key", HUB.pem());
    set("as2-certificate", STORE.certificatePem());
    set("as2-url", peer.url());
  }

  @AfterEach
  void close() throws Exception {
    for (var one : opened) {
      one.close();
    }
  }

  private void set(String name, Object value) {
    settings.put("serai.partners.store." + name, value.toString());
  }

  private Hub hub() {
    var environment = new MockEnvironment();
    environment.setProperty("serai.partners.store.connector", "exchange");
    settings.forEach(environment::setProperty);
    var runner =
        new InboxRunner(
            () -> DATABASE.connect("inbox"), clock, "hub", InboxRunner.Settings.DEFAULT);
    var inbox =
        new Inbox(
            () -> DATABASE.connect("accept"),
            clock,
            "hub",
            Inbox.Limits.DEFAULT,
            runner,
            () -> Optional.ofNullable(closed));
    opened.addAll(List.of(inbox, runner));
    return new Hub(
        Configuration.read(environment, edition),
        Mappings.builtIn(),
        null,
        inbox,
        runner,
        null,
        null,
        new Leases(DATABASE.dataSource(), clock, "hub"),
        DATABASE.dataSource(),
        null,
        new io.serai.exchange.Exchange(
            new Partners(),
            new Incoming(DATABASE.dataSource(), clock),
            new Outgoing(DATABASE.dataSource(), clock)),
        clock);
  }

  /** Starts the account's routes; answers the port it listens at. */
  private int start() throws Exception {
    return start("interchange");
  }

  private int start(String document) throws Exception {
    return start(document, 0);
  }

  private int start(String document, int port) throws Exception {
    var component = new SeraiComponent(hub(), port);
    var context = new DefaultCamelContext();
    context.disableJMX();
    context.addComponent("serai", component);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("serai:as2/%s?account=store".formatted(document))
                .routeId("in")
                .to("serai:accept/%s?account=store".formatted(document));
            from("direct:out").to("serai:as2-send?account=store");
            from("direct:receipt").to("serai:as2-receipt?account=store");
            from("direct:wrap").to("serai:envelope/shipment?account=store");
            if (settings.containsKey("serai.partners.other.connector")) {
              from("serai:as2/%s?account=other".formatted(document))
                  .to("serai:accept/%s?account=other".formatted(document));
            }
          }
        });
    context.start();
    opened.add(0, context);
    out = context.createProducerTemplate();
    opened.add(0, out);
    return component.as2().port();
  }

  private Exchange post(String key) {
    return post(key, null);
  }

  private Exchange post(String key, String acknowledgeBy) {
    return out.request(
        "direct:out",
        exchange -> {
          exchange.setVariable(Variables.DELIVERY_KEY, key);
          exchange.setVariable(Variables.FILE_NAME, "856.edi");
          exchange.setVariable(Variables.INTERCHANGE, "000000007");
          if (acknowledgeBy != null) {
            exchange.setVariable(Variables.ACKNOWLEDGE_BY, acknowledgeBy);
          }
          exchange.getMessage().setBody(FILE);
        });
  }

  private static String outcome(Exchange exchange) {
    return exchange.getException() instanceof FailureException failed
        ? failed.failure().kind() + " " + failed.getMessage()
        : exchange.getException() != null
            ? exchange.getException().toString()
            : exchange.getMessage().getBody(JsonNode.class).path("outcome").asText();
  }

  private static String refusal() {
    return texts("SELECT sentence FROM as2_refusal WHERE account = 'store'").getFirst();
  }

  private static List<String> stored() {
    return texts("SELECT event_type FROM inbox_message WHERE document = 'interchange'");
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
      throw new AssertionError(e);
    }
  }

  @Test
  void anotherImplementationsFileIsStoredBeforeItsSenderHasItsReceipt() throws Exception {
    var port = start();

    var answer = peer.send(port, "850.edi", FILE);

    assertThat(answer.getException()).isNull();
    assertThat(answer.getMDNDisposition())
        .isEqualTo("automatic-action/MDN-sent-automatically; processed");
    assertThat(answer.getMDNVerificationCertificate()).isEqualTo(HUB.certificate());
    assertThat(stored()).containsExactly("850.edi");
  }

  @Test
  void anotherImplementationTakesOurFileAndProvesIt() throws Exception {
    start();

    var exchange = post("shipment:1:1");

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getMessage().getBody().toString()).contains("\"outcome\":\"confirmed\"");
    assertThat(peer.files())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.name()).isEqualTo("856.edi");
              assertThat(file.content()).isEqualTo(FILE);
            });
    assertThat(texts("SELECT state FROM as2_sent")).containsExactly("CONFIRMED");
  }

  @Test
  void aMessageThatComesAgainHasTheSameReceiptAndNoOtherEffect() throws Exception {
    var port = start();
    var receipts = new HashSet<Mdn>();

    for (var i = 0; i < 10; i++) {
      receipts.add(stub.receipt(stub.send(port, "<1@store>", FILE, USUAL, Map.of())));
    }

    assertThat(receipts)
        .singleElement()
        .satisfies(
            mdn -> {
              assertThat(mdn.disposition()).isEqualTo("processed");
              assertThat(mdn.messageId()).isEqualTo("<1@store>");
              assertThat(mdn.signed()).isTrue();
            });
    assertThat(stored()).hasSize(1);
    assertThat(texts("SELECT message_id FROM as2_received")).containsExactly("<1@store>");
  }

  @Test
  void otherContentUnderTheSameIdIsAnotherFile() throws Exception {
    var port = start();

    stub.send(port, "<1@store>", FILE, USUAL, Map.of());
    stub.send(port, "<1@store>", "ISA*other~".getBytes(US_ASCII), USUAL, Map.of());

    assertThat(stored()).hasSize(2);
  }

  @Test
  void ofTablesOnlyWhatIsNewsCounts() throws Exception {
    var port = start("batch");
    var monday = "sku,on_hand\nMUG,1\n".getBytes(US_ASCII);
    var tuesday = "sku,on_hand\nMUG,2\n".getBytes(US_ASCII);

    stub.send(port, "<1@store>", monday, USUAL, Map.of());
    stub.send(port, "<2@store>", tuesday, USUAL, Map.of());
    stub.send(port, "<1@store>", monday, USUAL, Map.of());
    assertThat(texts("SELECT id::text FROM inbox_message")).as("a message again").hasSize(2);

    stub.send(port, "<3@store>", monday, USUAL, Map.of("file", "wednesday.csv"));
    assertThat(texts("SELECT id::text FROM inbox_message")).as("Monday's stock again").hasSize(3);
  }

  @Test
  void aMessageThatSomebodyRecordedIsNoNewsUnderAnotherId() throws Exception {
    var port = start("batch");
    var monday = As2Stub.wrap("sku,on_hand\nMUG,1\n".getBytes(US_ASCII), USUAL, Map.of());
    stub.send(port, monday, "<1@store>");
    stub.send(port, "<2@store>", "sku,on_hand\nMUG,2\n".getBytes(US_ASCII), USUAL, Map.of());

    var answer = stub.send(port, monday, "<3@store>");

    assertThat(stub.receipt(answer).disposition()).isEqualTo("processed");
    assertThat(texts("SELECT id::text FROM inbox_message")).hasSize(2);
    assertThat(texts("SELECT message_id FROM as2_received ORDER BY 1"))
        .containsExactly("<1@store>", "<2@store>");
  }

  @Test
  void aLargeMessageIsStoredWhole() throws Exception {
    var port = start();
    var file = new byte[8_000_000];
    new java.util.Random(42).nextBytes(file);

    var answer = stub.send(port, "<1@store>", file, USUAL, Map.of());

    assertThat(stub.receipt(answer).disposition()).isEqualTo("processed");
    assertThat(texts("SELECT encode(sha256(body), 'hex') FROM message_payload"))
        .containsExactly(Sha256.hex(file));
  }

  @Test
  void aRefusalIsNotedOnceAMessageAndNotOnceARequest() throws Exception {
    var port = start();
    var forged = new Wrapping(STRANGER, HUB);
    stub.send(port, "<1@store>", FILE, forged, Map.of());
    var first = texts("SELECT refused_at::text FROM as2_refusal");

    clock.advance(Duration.ofMinutes(10));
    stub.send(port, "<1@store>", FILE, forged, Map.of());
    assertThat(texts("SELECT refused_at::text FROM as2_refusal")).isEqualTo(first);

    clock.advance(Duration.ofMinutes(51));
    stub.send(port, "<1@store>", FILE, forged, Map.of());
    assertThat(texts("SELECT refused_at::text FROM as2_refusal")).isNotEqualTo(first);

    stub.send(port, "<2@store>", FILE, new Wrapping(null, HUB), Map.of());
    assertThat(texts("SELECT message_id FROM as2_refusal")).containsExactly("<2@store>");
  }

  @Test
  void aLaterReceiptThatSaysDuplicateOfASecondAttemptSettlesNothing() throws Exception {
    set("as2-url", stub.url());
    set("as2-receipt-url", "https://hub.example/as2");
    var port = start();
    stub.answer(request -> Answer.of(200));
    post("shipment:1:1");
    post("shipment:1:1");
    var message = stub.requests().getFirst();

    var duplicate =
        stub.send(
            port,
            stub.says(
                message.messageId(), "processed/error: duplicate-document", null, "Seen it."));

    assertThat(duplicate.statusCode()).isEqualTo(200);
    assertThat(texts("SELECT state || ' ' || said FROM as2_sent"))
        .containsExactly("SENT processed/error: duplicate-document (Seen it.)");
    assertThat(texts("SELECT id::text FROM inbox_message WHERE document = 'acknowledgment'"))
        .isEmpty();

    stub.send(port, stub.taken(message));
    assertThat(texts("SELECT state FROM as2_sent")).containsExactly("CONFIRMED");
  }

  @Test
  void whoeverIsNotKnownIsTold() throws Exception {
    var port = start();

    var answer = stub.send(port, "<1@store>", FILE, USUAL, Map.of("AS2-From", "OTHER"));

    assertThat(stub.receipt(answer).disposition())
        .isEqualTo("processed/error: authentication-failed");
    assertThat(stub.receipt(answer).text())
        .isEqualTo("No partner is known here by these AS2 names.");
    assertThat(stored()).isEmpty();
  }

  @Test
  void whatDoesNotHoldIsRefusedInTheWordsOfBoth() throws Exception {
    var port = start();

    var forged =
        stub.receipt(stub.send(port, "<1@store>", FILE, new Wrapping(STRANGER, HUB), Map.of()));

    assertThat(forged.disposition()).isEqualTo("processed/error: authentication-failed");
    assertThat(forged.signed()).isTrue();
    assertThat(forged.mic()).isNull();
    assertThat(refusal())
        .startsWith("it is signed with a certificate that is not the partner's but that of");

    var bare = stub.receipt(stub.send(port, "<2@store>", FILE, new Wrapping(null, HUB), Map.of()));

    assertThat(bare.disposition()).isEqualTo("processed/error: decryption-failed");
    assertThat(bare.text()).endsWith("it cannot be decrypted with our key.");
    assertThat(refusal()).startsWith("it is not signed");

    var sealed =
        stub.receipt(stub.send(port, "<3@store>", FILE, new Wrapping(STORE, STRANGER), Map.of()));

    assertThat(sealed.disposition()).isEqualTo("processed/error: decryption-failed");
    assertThat(stored()).isEmpty();
  }

  @Test
  void aReceiptIsNotSignedUnlessThatIsAsked() throws Exception {
    var port = start();

    var answer =
        stub.send(
            port, "<1@store>", FILE, USUAL, Map.of("Disposition-Notification-Options", "none"));

    assertThat(stub.receipt(answer).signed()).isFalse();
    assertThat(stub.receipt(answer).disposition()).isEqualTo("processed");
  }

  @Test
  void nobodyHearsThatItWasTakenWhileNothingCanBeStored() throws Exception {
    var port = start();
    closed = "The disk is full.";

    var answer = stub.send(port, "<1@store>", FILE, USUAL, Map.of());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(stored()).isEmpty();

    closed = null;
    var again = stub.receipt(stub.send(port, "<1@store>", FILE, USUAL, Map.of()));

    assertThat(again.disposition()).isEqualTo("processed");
    assertThat(stored()).hasSize(1);
  }

  @Test
  void aNameThatIsAPathIsTextAndLeadsNowhere() throws Exception {
    var port = start();

    stub.send(port, "<1@store>", FILE, USUAL, Map.of("file", "../../etc/passwd"));

    assertThat(stored()).containsExactly("../../etc/passwd");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> start("interchange", taken.getLocalPort()))
          .hasStackTraceContaining(
              "Port %d, which partners send AS2 messages to, cannot be opened"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void aMessageThatIsTooLargeIsNotRead() throws Exception {
    var port = start();

    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              "POST /as2 HTTP/1.1\r\nHost: hub\r\nAS2-From: STORE\r\nAS2-To: HUB\r\nContent-Length: 2000000000\r\n\r\n"
                  .getBytes(US_ASCII));
      var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));

      assertThat(line.readLine()).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void whatIsRefusedIsNotReadToItsEnd() throws Exception {
    var port = start();

    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              "POST /as2 HTTP/1.1\r\nHost: hub\r\nAS2-From: A\r\nAS2-To: B\r\nContent-Length: 1000\r\n\r\n"
                  .getBytes(US_ASCII));
      var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));

      assertThat(lines.readLine()).startsWith("HTTP/1.1 403");
      assertThat(lines.lines().takeWhile(line -> !line.isEmpty())).contains("Connection: close");
    }
  }

  @Test
  void anAccountsLargeMessageHoldsUpNoOtherAccounts() throws Exception {
    List.of("connector", "as2-our-name", "as2-key", "as2-certificate", "as2-url")
        .forEach(
            name ->
                settings.put(
                    "serai.partners.other." + name,
                    settings.getOrDefault("serai.partners.store." + name, "exchange")));
    settings.put("serai.partners.other.as2-their-name", "OTHER");
    var port = start();
    try (var slow = new Socket("127.0.0.1", port)) {
      var sends = slow.getOutputStream();
      sends.write(
          "POST /as2 HTTP/1.1\r\nHost: hub\r\nAS2-From: STORE\r\nAS2-To: HUB\r\nContent-Length: 16000001\r\n\r\n"
              .getBytes(US_ASCII));
      sends.write(new byte[16_000_000]); // more than lies between us: it is being read

      var answer =
          stub.send(port, "<1@other>", new byte[200_000], USUAL, Map.of("AS2-From", "OTHER"));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(stub.receipt(answer).disposition()).isEqualTo("processed");
    }
  }

  @Test
  void aReceiptThatIsWantedLaterIsOwedWithTheFileAndSentWhereThatWasAgreed() throws Exception {
    set("as2-url", stub.url());
    var port = start();

    var answer =
        stub.send(
            port,
            "<1@store>",
            FILE,
            USUAL,
            Map.of("Receipt-Delivery-Option", stub.url() + "?of=1"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(stored()).hasSize(1);
    var owed =
        texts(
            "SELECT c.content::text FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id WHERE d.operation = 'receipt' AND d.state = 'READY'");
    assertThat(owed).hasSize(1);

    var sent =
        out.request(
            "direct:receipt",
            exchange -> {
              exchange.setVariable(Variables.DELIVERY_KEY, "receipt:1");
              exchange.getMessage().setBody(Json.tree(owed.getFirst()));
            });

    assertThat(outcome(sent)).isEqualTo("confirmed");
    var mdn = stub.open(stub.requests().getFirst()).receipt();
    assertThat(mdn.disposition()).isEqualTo("processed");
    assertThat(mdn.messageId()).isEqualTo("<1@store>");
    assertThat(mdn.signed()).isTrue();
  }

  @Test
  void aReceiptGoesToNoAddressThatOnlyTheMessageNames() throws Exception {
    set("as2-url", stub.url());
    var port = start();

    var answer =
        stub.send(
            port,
            "<1@store>",
            FILE,
            USUAL,
            Map.of("Receipt-Delivery-Option", "http://127.0.0.1:" + port + "/as2"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(As2Stub.text(answer)).contains("'as2-receipts-to' does not name");
    assertThat(stored()).isEmpty();
    assertThat(texts("SELECT id::text FROM delivery")).isEmpty();
  }

  @Test
  void withoutAReceiptTheSameMessageGoesAgain() throws Exception {
    set("as2-url", stub.url());
    start();
    stub.answer(request -> Answer.of(200));

    var first = post("shipment:1:1");
    stub.answer(stub::taken);
    var second = post("shipment:1:1");

    assertThat(outcome(first)).startsWith("UNKNOWN_OUTCOME ").contains("no receipt");
    assertThat(outcome(second)).isEqualTo("confirmed");
    assertThat(stub.requests()).hasSize(2);
    assertThat(stub.requests().get(1).messageId()).isEqualTo(stub.requests().get(0).messageId());
  }

  @Test
  void whatIsNoProofLeavesTheOutcomeUnknown() throws Exception {
    set("as2-url", stub.url());
    start();
    var answers =
        Map.<String, As2Stub.Answering>of(
            "is for message '<other@hub>'",
            request -> stub.says("<other@hub>", "processed", stub.open(request).mic(), ""),
            "is not signed",
            stub::saysUnsigned,
            "a certificate that is not the partner's",
            request -> stub.forged(request, STRANGER),
            "digest of other bytes",
            request -> stub.says(request.messageId(), "processed", "YWJj, sha-256", ""),
            "no digest",
            request -> stub.says(request.messageId(), "processed", null, ""),
            "HTTP 500",
            request -> Answer.of(500));

    answers.forEach(
        (why, answering) -> {
          stub.answer(answering);
          assertThat(outcome(post("shipment:1:1"))).startsWith("UNKNOWN_OUTCOME ").contains(why);
        });

    assertThat(stub.requests())
        .extracting(As2Request::messageId)
        .containsOnly(texts("SELECT message_id FROM as2_sent").getFirst());
  }

  @Test
  void aReceiptThatRefusesIsThePartnersLastWord() throws Exception {
    set("as2-url", stub.url());
    start();
    stub.answer(
        request ->
            stub.says(
                request.messageId(),
                "processed/error: decryption-failed",
                null,
                "Wrong key used."));

    assertThat(outcome(post("shipment:1:1")))
        .isEqualTo(
            "REFUSED 'store' refused a file over AS2: processed/error: decryption-failed (Wrong key used.). Correct the cause with the partner, then replay.");
    assertThat(outcome(post("shipment:1:1"))).startsWith("REFUSED ");
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void aRefusalOfASecondAttemptSaysNothingOfTheFirst() throws Exception {
    set("as2-url", stub.url());
    start();
    stub.answer(request -> Answer.of(500));
    post("shipment:1:1");

    stub.answer(request -> Answer.of(404));
    var notFound = post("shipment:1:1");
    stub.answer(
        request ->
            stub.says(
                request.messageId(), "processed/error: duplicate-document", null, "Seen it."));
    var duplicate = post("shipment:1:1");

    assertThat(outcome(notFound)).startsWith("UNKNOWN_OUTCOME ").contains("HTTP 404");
    assertThat(outcome(duplicate)).startsWith("UNKNOWN_OUTCOME ").contains("duplicate-document");
    assertThat(texts("SELECT state FROM as2_sent")).containsExactly("SENT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct:out", "direct:wrap"})
  void whateverBreaksIsAnswered(String route) throws Exception {
    start();
    var breaks =
        new Object() {
          @Override
          public String toString() {
            throw new LinkageError("no such class");
          }
        };

    var answered =
        out.asyncSend(
            route,
            exchange -> {
              exchange.setVariable(Variables.DELIVERY_KEY, breaks);
              exchange.setVariable(Variables.DELIVERY_ID, breaks);
            });

    assertThat(answered.get(60, TimeUnit.SECONDS).getException())
        .hasRootCauseInstanceOf(LinkageError.class);
  }

  @ParameterizedTest
  @CsvSource({"401, AUTH", "404, REFUSED", "302, CONFIG", "503, THROTTLED"})
  void whatTheServerSaysHasAName(int status, FailureKind kind) throws Exception {
    set("as2-url", stub.url());
    start();
    stub.answer(request -> Answer.of(status));

    assertThat(outcome(post("shipment:1:1"))).startsWith(kind + " 'store' answered HTTP " + status);
  }

  @Test
  void aServerThatIsNotThereIsTriedAgain() throws Exception {
    try (var taken = new Socket()) { // bound, and nobody listens at it
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      set("as2-url", "http://127.0.0.1:" + taken.getLocalPort() + "/as2");
      start();

      assertThat(outcome(post("shipment:1:1"))).startsWith("TRANSIENT 'store' cannot be reached");
    }
  }

  @Test
  void nothingIsSentToAServerThatCannotProveWhoItIs() throws Exception {
    var tls = As2Key.of("tls");
    try (var secure = As2Stub.secure(STORE, HUB, tls)) {
      set("as2-url", secure.url());
      start();

      assertThat(outcome(post("shipment:1:1")))
          .startsWith("AUTH The HTTPS certificate of '127.0.0.1:")
          .contains("nothing was sent");
      assertThat(secure.requests()).isEmpty();

      set("as2-https-certificate", tls.certificatePem());
      start();

      assertThat(outcome(post("shipment:1:1"))).isEqualTo("confirmed");
    }
  }

  @Test
  void withoutAnAddressNothingIsSent() throws Exception {
    settings.remove("serai.partners.store.as2-url");
    start();

    assertThat(outcome(post("shipment:1:1")))
        .isEqualTo(
            "CONFIG A file for 'store' has no address. Set the account's 'as2-url', then replay.");
  }

  @ParameterizedTest
  @CsvSource({
    "sha-256, aes256-cbc, true",
    "sha-512, 3des, false",
    "sha-1, none, true",
    "none, aes128-cbc, true",
    "none, aes192-cbc, false",
    "none, none, false"
  })
  void howeverItIsWrappedBothSidesMeanTheSameBytes(String sign, String encrypt, boolean compress)
      throws Exception {
    set("as2-url", stub.url());
    set("as2-sign", sign);
    set("as2-encrypt", encrypt);
    set("as2-compress", compress);
    start();

    assertThat(outcome(post("shipment:1:1"))).isEqualTo("confirmed");
    assertThat(stub.open(stub.requests().getFirst()).content()).isEqualTo(FILE);
  }

  @Test
  void aReceiptThatComesLaterClosesWhatWaitsForIt() throws Exception {
    set("as2-url", stub.url());
    set("as2-receipt-url", "https://hub.example/as2");
    var port = start();
    stub.answer(request -> Answer.of(200));

    var pending = post("shipment:1:1");
    var message = stub.requests().getFirst();
    assertThat(outcome(pending)).isEqualTo("pending");
    assertThat(pending.getMessage().getBody(JsonNode.class).path("due").asText())
        .isEqualTo(clock.instant().plus(Duration.ofHours(1)).toString());
    assertThat(message.receiptTo()).isEqualTo("https://hub.example/as2");

    var wrong = stub.send(port, stub.saysUnsigned(message));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(texts("SELECT state FROM as2_sent")).containsExactly("SENT");

    var right = stub.taken(message);
    assertThat(stub.send(port, right).statusCode()).isEqualTo(200);
    assertThat(stub.send(port, right).statusCode()).isEqualTo(200);

    assertThat(texts("SELECT state FROM as2_sent")).containsExactly("CONFIRMED");
    assertThat(texts("SELECT message_key FROM inbox_message WHERE document = 'acknowledgment'"))
        .containsExactly("shipment:1:1");
  }

  @Test
  void whereADocumentIsOwedOnlyARefusalThatComesLaterIsNews() throws Exception {
    set("as2-url", stub.url());
    set("as2-receipt-url", "https://hub.example/as2");
    var port = start();
    stub.answer(request -> Answer.of(200));
    var by = clock.instant().plus(Duration.ofHours(24)).toString();

    assertThat(outcome(post("shipment:1:1", by))).isEqualTo("confirmed");
    assertThat(outcome(post("shipment:2:1", by))).isEqualTo("confirmed");
    stub.send(port, stub.taken(stub.requests().get(0)));
    stub.send(
        port,
        stub.says(
            stub.requests().get(1).messageId(),
            "processed/error: unexpected-processing-error",
            null,
            "Disk full."));

    assertThat(texts("SELECT delivery_key || ' ' || state FROM as2_sent ORDER BY 1"))
        .containsExactly("shipment:1:1 CONFIRMED", "shipment:2:1 REFUSED");
    assertThat(texts("SELECT message_key FROM inbox_message WHERE document = 'acknowledgment'"))
        .containsExactly("shipment:2:1");
  }

  @Test
  void aReceiptForWhatWasNeverSentIsTold() throws Exception {
    var port = start();

    var answer = stub.send(port, stub.says("<1@nobody>", "processed", "YWJj, sha-256", ""));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(refusal()).contains("'<1@nobody>', which was never sent");
  }

  @Test
  void aKeyThatCannotBeUsedIsNamedAndNotShown() {
    set("as2-key", "s3cr3t-that-is-no-key");

    assertThatThrownBy(this::hub)
        .hasMessageContaining(
            "'serai.partners.store.as2-key' cannot be used: it holds no certificate")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void aSenderThatNeverHeardItsReceiptHasItTheNextTime() throws Exception {
    var port = start();
    try (var line = FaultProxy.to("127.0.0.1", port)) {
      line.loseAnswers();
      assertThatThrownBy(() -> stub.send(line.port(), "<1@store>", FILE, USUAL, Map.of()))
          .isInstanceOf(UncheckedIOException.class);
      Await.until("the file is stored", Duration.ofSeconds(60), () -> stored().size() == 1);
      line.forward();

      var receipt = stub.receipt(stub.send(line.port(), "<1@store>", FILE, USUAL, Map.of()));

      assertThat(receipt.disposition()).isEqualTo("processed");
      assertThat(stored()).hasSize(1);
    }
  }

  @Test
  void aLineThatBreaksLeavesTheOutcomeUnknownAndTheNextTimeItIsTheSameMessage() throws Exception {
    try (var line = FaultProxy.to("127.0.0.1", URI.create(stub.url()).getPort())) {
      set("as2-url", "http://127.0.0.1:" + line.port() + "/as2");
      start();
      line.loseAnswers();

      assertThat(outcome(post("shipment:1:1"))).startsWith("UNKNOWN_OUTCOME ");

      line.forward();
      assertThat(outcome(post("shipment:1:1"))).isEqualTo("confirmed");
      Await.until("both attempts came", Duration.ofSeconds(60), () -> stub.requests().size() == 2);
      assertThat(stub.requests().get(1).messageId()).isEqualTo(stub.requests().get(0).messageId());
    }
  }

  @Test
  void aPartnerThatDoesItTwiceIsNeverAskedTwice() {
    set("as2-deduplicates", false);

    assertThat(hub().configuration().account("store").repeat("shipment")).isEqualTo(Repeat.BLIND);
  }
}
