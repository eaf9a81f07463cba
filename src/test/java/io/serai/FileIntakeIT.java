package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.transport.SftpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders and stock in CSV files, by upload and from a folder, at a whole hub that is set up as
 * docs/intake.md shows, and what else is shown there.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FileIntakeIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String HEADER =
      "order_id,sku,quantity,unit_price,name,address1,city,postal_code,country\n";
  private static final Path GUIDE = Path.of("docs/intake.md");
  private static final String TO = ",Ada Example,1 Main St,Newark,07102,US\n";

  private AWholeHub hub;
  private Path dropped;
  private Path served;
  private SftpServer server;
  private static int serial = 100;

  @BeforeAll
  void start(@TempDir Path data, @TempDir Path incoming) throws IOException {
    dropped = incoming;
    Files.createDirectories(incoming.resolve("wholesale"));
    served = Files.createDirectories(incoming.resolve("served/out"));
    Files.createDirectories(incoming.resolve("served/in"));
    Files.createDirectories(incoming.resolve("annex/out"));
    Files.createDirectories(incoming.resolve("annex/in"));
    server = new SftpServer(served.getParent());
    hub =
        AWholeHub.over(DATABASE)
            .asShownIn(GUIDE)
            .channel("tills", "square", "reconcile", false)
            .channel(
                "wholesale",
                "csv-orders",
                "upload-token",
                "file-secret",
                "watch-folder",
                true,
                "folder",
                incoming.toString(),
                "settled-after",
                "2s")
            .channel(
                "depot",
                "csv-orders",
                "transport",
                "sftp",
                "host",
                "127.0.0.1",
                "port",
                server.port(),
                "username",
                SftpServer.USER,
                "password",
                SftpServer.PASSWORD,
                "host-key",
                server.fingerprint(),
                "inbox-folder",
                "/out",
                "file-pattern",
                "*.csv",
                "settled-after",
                "1s",
                "file-schedule",
                "* * * * * ?")
            .partner(
                "mill",
                "x12-3pl",
                "partner-profile",
                "x12-3pl",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAI",
                "their-qualifier",
                "ZZ",
                "their-id",
                "NORTHWIND",
                "transport",
                "sftp",
                "host",
                "127.0.0.1",
                "port",
                server.port(),
                "username",
                SftpServer.USER,
                "password",
                SftpServer.PASSWORD,
                "host-key",
                server.fingerprint(),
                "inbox-folder",
                "/out",
                "outbox-folder",
                "/in",
                "file-pattern",
                "*.edi",
                "settled-after",
                "1s",
                "file-schedule",
                "* * * * * ?")
            .partner(
                "annex",
                "file-3pl",
                "transport",
                "folder",
                "inbox-folder",
                incoming.resolve("annex/out").toString(),
                "outbox-folder",
                incoming.resolve("annex/in").toString(),
                "settled-after",
                "1s",
                "file-schedule",
                "* * * * * ?",
                "stock-columns",
                "sku,on_hand",
                "stock-widths",
                "10,6")
            .node("annex-1", "type", "3pl", "partner", "annex", "country", "US")
            .partner(
                "stocktake",
                "csv-stock",
                "upload-token",
                "count-secret",
                "watch-folder",
                true,
                "folder",
                incoming.toString(),
                "encoding",
                "windows-1252")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
    server.close();
  }

  private static String next() {
    return "W-" + ++serial;
  }

  private HttpResponse<String> upload(String account, String secret, String name, byte[] file) {
    return hub.send(
        hub.to("/webhooks/" + account)
            .header("Authorization", "Bearer " + secret)
            .header("Content-Type", "text/csv")
            .header("X-File-Name", name)
            .POST(BodyPublishers.ofByteArray(file))
            .build());
  }

  private String orders(String name, String text) {
    var answer = upload("wholesale", "file-secret", name, text.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.tree(answer.body()).path("id").asText();
  }

  private String stateOf(String message) {
    return hub.text("SELECT state FROM inbox_message WHERE id = ?::bigint", message.substring(4));
  }

  private String messagesOf(String file) {
    return hub.text("SELECT count(*) FROM inbox_message WHERE event_type = ?", file);
  }

  private void awaitEnd(String message) {
    Await.until(
        "the rows of " + message + " have ended",
        AWholeHub.PATIENCE,
        () ->
            !"RECEIVED".equals(stateOf(message))
                && !"RUNNING".equals(stateOf(message))
                && "0"
                    .equals(
                        hub.text(
                            "SELECT count(*) FROM inbox_message WHERE parent_id = ?::bigint AND state IN ('RECEIVED', 'RUNNING')",
                            message.substring(4))));
  }

  @Test
  void anUploadedFileBecomesItsOrdersAndTheSameFileAgainNothing() {
    var one = next();
    var two = next();
    var file =
        HEADER + one + ",MUG,2,9.90" + TO + one + ",CUP,1,4.00" + TO + two + ",MUG,1,9.90" + TO;

    var message = orders("morning.csv", file);
    awaitEnd(message);
    var again =
        upload("wholesale", "file-secret", "morning.csv", file.getBytes(StandardCharsets.UTF_8));

    assertThat(stateOf(message)).isEqualTo("SPLIT");
    assertThat(
            hub.text("SELECT reason FROM inbox_message WHERE id = ?::bigint", message.substring(4)))
        .isEqualTo("3 rows of 'morning.csv' became 2 messages, 0 of them at fault.");
    assertThat(
            hub.texts(
                "SELECT grand_total::text FROM sales_order WHERE channel_order_id IN (?, ?) ORDER BY channel_order_id",
                one,
                two))
        .allSatisfy(total -> assertThat(Double.parseDouble(total)).isIn(23.8, 9.9));
    assertThat(Json.tree(again.body()).path("duplicate").asBoolean()).isTrue();
    assertThat(Json.tree(again.body()).path("id").asText()).isEqualTo(message);
  }

  @Test
  void aFileOnAnSftpServerBecomesItsOrdersAndIsArchivedThere() throws IOException {
    var one = next();
    Files.writeString(served.resolve("evening.csv"), HEADER + one + ",MUG,1,9.90" + TO);

    Await.until("the order is there", AWholeHub.PATIENCE, () -> hub.orderState(one) != null);
    Await.until(
        "the file is archived",
        AWholeHub.PATIENCE,
        () -> !Files.exists(served.resolve("evening.csv")));

    assertThat(served.resolve("archive")).isDirectoryContaining("glob:**-evening.csv");
    assertThat(
            hub.text(
                "SELECT event_type FROM inbox_message WHERE account = 'depot' AND document = 'batch'"))
        .isEqualTo("evening.csv");
    assertThat(hub.read("/channels/depot").toString())
        .doesNotContain(SftpServer.PASSWORD)
        .contains("\"lastSuccessAt\"");
  }

  @Test
  void anX12FileOnAnSftpServerIsAcknowledgedByAFileThere() throws IOException {
    Files.writeString(
        served.resolve("shipments.edi"),
        "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*SERAI          *260302*1000*U*00401*000000007*0*P*>~"
            + "GS*SW*NORTHWIND*SERAI*20260302*1000*7*X*004010~ST*945*0001~SE*2*0001~GE*1*7~IEA*1*000000007~\n");
    var mailbox = served.resolveSibling("in");

    Await.until(
        "the acknowledgment is there",
        AWholeHub.PATIENCE,
        () -> {
          try (var files = Files.list(mailbox)) {
            return files.anyMatch(f -> !f.getFileName().toString().startsWith("."));
          }
        });

    try (var files = Files.list(mailbox)) {
      assertThat(files)
          .singleElement()
          .satisfies(
              file -> assertThat(Files.readString(file)).contains("ST*997*", "AK2*945*0001~"));
    }
    Await.until(
        "the hub knows that it is",
        AWholeHub.PATIENCE,
        () ->
            "CONFIRMED".equals(hub.text("SELECT state FROM delivery WHERE destination = 'mill'")));
  }

  @Test
  void aWarehouseWithoutEdiIsAskedAndAnswersByFiles() throws IOException {
    var out = dropped.resolve("annex/out");
    var in = dropped.resolve("annex/in");
    Files.writeString(out.resolve("stock.txt"), "ANX-MUG   000012\nANX-CUP   twelve\n");
    Await.until(
        "the stock is counted",
        AWholeHub.PATIENCE,
        () -> "12".equals(hub.text("SELECT on_hand FROM stock_level WHERE sku = 'ANX-MUG'")));
    var one = next();
    orders("annex.csv", HEADER + one + ",ANX-MUG,2,9.90" + TO);
    Await.until(
        "the request is there",
        AWholeHub.PATIENCE,
        () -> {
          try (var files = Files.list(in)) {
            return files.anyMatch(f -> f.getFileName().toString().startsWith("order-"));
          }
        });

    String request;
    try (var files = Files.list(in)) {
      request = Files.readString(files.findFirst().orElseThrow());
    }
    var values = request.lines().skip(1).findFirst().orElseThrow().split(",");
    assertThat(request.lines().findFirst().orElseThrow()).startsWith("action,fulfillment_id,");
    assertThat(values[0]).isEqualTo("REQUEST");
    assertThat(values[5]).isEqualTo("ANX-MUG");
    assertThat(values[6]).isEqualTo("2");

    Files.writeString(
        out.resolve("shipped.csv"),
        "fulfillment_id,shipment_id,sku,quantity,shipped_at,tracking_number,carrier,last\n"
            + values[1]
            + ",S-1,ANX-MUG,2,2026-03-02T16:20:00Z,1Z9,UPS,yes\n"
            + "ful_nobody,S-2,ANX-MUG,many,2026-03-02T16:20:00Z,1Z9,UPS,yes\n");
    Await.until(
        "the order is shipped",
        AWholeHub.PATIENCE,
        () -> String.valueOf(hub.orderState(one)).contains("SHIPPED"));

    for (var bad : List.of("'row 2, on_hand' is 'twelve'", "'row 3, quantity' is 'many'")) {
      Await.until(
          bad,
          AWholeHub.PATIENCE,
          () -> hub.parked().stream().anyMatch(sentence -> sentence.contains(bad)));
    }
    comesBack(out, values[1], one);
  }

  // One of two comes back broken, told twice; a row beside it that cannot be read stops alone.
  private void comesBack(Path out, String fulfillment, String order) throws IOException {
    var header = "receipt_id,fulfillment_id,sku,quantity,received_at,condition,clerk\n";
    // after the count, which else would have it in it
    var row = "W-1,%s,ANX-MUG,1,%s,damaged,".formatted(fulfillment, Instant.now());
    Files.writeString(
        out.resolve("returns.csv"),
        header + row + "ann\nW-2," + fulfillment + ",ANX-MUG,1,2026-03-20 09:20:00,wet,ann\n");
    Files.writeString(out.resolve("returns-again.csv"), header + row + "bob\n");

    Await.until(
        "both files are read and all of their rows have ended",
        AWholeHub.PATIENCE,
        () ->
            "3"
                .equals(
                    hub.text(
                        """
                        SELECT count(*) FROM inbox_message
                        WHERE account = 'annex' AND document = 'return' AND state NOT IN ('RECEIVED', 'RUNNING')""")));
    assertThat(
            hub.texts(
                "SELECT message_key || ' ' || state FROM inbox_message WHERE account = 'annex' AND document = 'return' ORDER BY 1"))
        .as(String.join("\n", hub.parked()))
        .containsExactly("W-1 APPLIED", "W-1 IGNORED", "W-2 PARKED");
    assertThat(
            hub.texts(
                """
                SELECT l.returned || ' of ' || l.ordered FROM order_line l JOIN sales_order o ON o.id = l.order_id
                WHERE o.channel_order_id = ?""",
                order))
        .containsExactly("1 of 2");
    assertThat(hub.text("SELECT damaged FROM stock_level WHERE sku = 'ANX-MUG'")).isEqualTo("1");
    assertThat(hub.parked()).anySatisfy(p -> assertThat(p).contains("'row 3, condition' is 'wet'"));
  }

  @Test
  void aBadRowParksItsOrderAloneWithItsNumberAndRunsAgainAloneWhenItIsCorrected() {
    var bad = next();
    var good = next();
    var message =
        orders("noon.csv", HEADER + bad + ",MUG,two,9.90" + TO + good + ",MUG,1,9.90" + TO);
    awaitEnd(message);

    assertThat(hub.orderState(good)).isNotNull();
    assertThat(hub.orderState(bad)).isNull();
    assertThat(hub.parked())
        .filteredOn(p -> p.startsWith(bad))
        .singleElement()
        .asString()
        .contains("UNMAPPED")
        .contains("'row 2, quantity' is 'two'");

    var id = hub.text("SELECT 'msg_' || id FROM inbox_message WHERE message_key = ?", bad);
    var body = hub.read("/messages/" + id).at("/payload/text").asText();
    var edited =
        hub.api(
            "POST",
            "/dead-letters/" + id + "/edit",
            Json.text(
                Map.of("payload", body.replace("\"two\"", "\"2\""), "reason", "typing error")));
    assertThat(edited.statusCode()).as(edited.body()).isLessThan(300);

    Await.until("the order is there", AWholeHub.PATIENCE, () -> hub.orderState(bad) != null);
  }

  @Test
  void aRowThatCannotBeReadIsNamedAsWhatIsWrongWithIt() {
    var bad = next();
    var good = next();
    var message = orders("broken.csv", HEADER + bad + ",MUG,1" + "\n" + good + ",MUG,1,9.90" + TO);
    awaitEnd(message);

    assertThat(hub.parked())
        .contains(bad + " INVALID Row 2 has 3 values, and there are 9 columns.");
    assertThat(hub.orderState(good)).isNotNull();
  }

  @Test
  void aFileWithoutItsColumnsIsParkedAsAWhole() {
    var message = orders("wrong.csv", "order;article;quantity\n1;MUG;2\n");
    awaitEnd(message);

    assertThat(stateOf(message)).isEqualTo("PARKED");
    assertThat(hub.parked())
        .anySatisfy(
            p ->
                assertThat(p)
                    .endsWith(
                        "INVALID File 'wrong.csv' has no column 'order_id', 'sku', 'unit_price'; its columns are 'order', 'article', 'quantity'. Correct the file and send it again; nothing of it was taken."));
  }

  @Test
  void aStrangersFileIsRefusedUnread() {
    var answer = upload("wholesale", "guessed", "x.csv", new byte[1 << 20]);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(messagesOf("x.csv")).isEqualTo("0");
  }

  @Test
  void aFileInTheFolderIsTakenAndPutAside() throws IOException {
    var one = next();
    var folder = dropped.resolve("wholesale");
    Files.writeString(folder.resolve("evening.csv"), HEADER + one + ",MUG,1,9.90" + TO);

    Await.until("the order is there", AWholeHub.PATIENCE, () -> hub.orderState(one) != null);
    Await.until(
        "the file is put aside",
        AWholeHub.PATIENCE,
        () -> {
          try (var done = Files.list(folder.resolve(".done"))) {
            return done.anyMatch(f -> f.toString().endsWith("-evening.csv"));
          } catch (IOException e) {
            return false;
          }
        });
    assertThat(folder.resolve("evening.csv")).doesNotExist();
    assertThat(hub.text("SELECT event_type FROM inbox_message WHERE message_key = ?", one))
        .isEqualTo("evening.csv:2");
  }

  @Test
  void aCopyThatStallsIsNotTakenForTheWhole() throws IOException {
    var half = next();
    var whole = next();
    var rest = next();
    var folder = dropped.resolve("wholesale");
    Files.writeString(folder.resolve("slow.csv"), HEADER + half + ",MUG,1,9.90" + TO);
    Files.setLastModifiedTime(
        folder.resolve("slow.csv"), FileTime.from(Instant.now().plus(Duration.ofMinutes(5))));
    Files.writeString(folder.resolve("whole.csv"), HEADER + whole + ",MUG,1,9.90" + TO);

    Await.until("the whole is there", AWholeHub.PATIENCE, () -> hub.orderState(whole) != null);
    assertThat(hub.orderState(half)).as("its file still changes").isNull();
    Files.writeString(
        folder.resolve("slow.csv"), rest + ",MUG,1,9.90" + TO, StandardOpenOption.APPEND);

    Await.until("the rest is there", AWholeHub.PATIENCE, () -> hub.orderState(rest) != null);
    assertThat(hub.text("SELECT count(*) FROM inbox_message WHERE event_type = 'slow.csv'"))
        .isEqualTo("1");
  }

  @Test
  void aFileThatGrowsOnAfterItWasMovedIsTakenAgainAsAWhole() throws IOException {
    var early = next();
    var late = next();
    var folder = dropped.resolve("wholesale");
    var file = folder.resolve("growing.csv");
    try (var writer = Files.newBufferedWriter(file)) {
      writer.write(HEADER + early + ",MUG,1,9.90" + TO);
      writer.flush();
      Await.until("it is moved", AWholeHub.PATIENCE, () -> !Files.exists(file));

      writer.write(late + ",MUG,1,9.90" + TO);
    }

    Await.until("the rest is there", AWholeHub.PATIENCE, () -> hub.orderState(late) != null);
    hub.quiet();
    assertThat(hub.texts("SELECT event_type FROM inbox_message WHERE event_type = 'growing.csv'"))
        .as("once as far as it came, once whole")
        .hasSize(2);
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", early))
        .hasSize(1);
    try (var done = Files.list(folder.resolve(".done"))) {
      assertThat(done.filter(f -> f.getFileName().toString().endsWith("-growing.csv"))).hasSize(1);
    }
  }

  @Test
  void theUploadThatTheGuideShowsIsTaken() throws IOException {
    var one = next();
    var command =
        Files.readString(GUIDE)
            .lines()
            .filter(l -> l.startsWith("curl "))
            .findFirst()
            .orElseThrow();
    assertThat(command).contains("--data-binary @monday.csv");
    var address = URI.create(command.substring(command.lastIndexOf(' ') + 1));
    var request =
        hub.to(address.getPath()).POST(BodyPublishers.ofString(HEADER + one + ",MUG,1,9.90" + TO));
    var headers = Pattern.compile("-H '([^:]+): ([^']+)'").matcher(command);
    while (headers.find()) {
      request.header(headers.group(1), headers.group(2).replace("...", "file-secret"));
    }

    assertThat(hub.send(request.build()).statusCode()).isEqualTo(200);

    Await.until("the order is there", AWholeHub.PATIENCE, () -> hub.orderState(one) != null);
    assertThat(hub.text("SELECT event_type FROM inbox_message WHERE message_key = ?", one))
        .isEqualTo("monday.csv:2");
  }

  @Test
  void theTicketsThatTheGuideOfTillsShowsAreTaken() throws IOException {
    hub.stock("store-1", "MUG-BLU", 10);
    var guide = Files.readString(Path.of("mappings/pos-rest/README.md"));
    var from = guide.indexOf("```json\n") + "```json\n".length();
    var answer =
        hub.send(
            hub.to("/webhooks/store-main")
                .header("Authorization", "Bearer ...")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(guide.substring(from, guide.indexOf("```", from))))
                .build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Await.until(
        "the refund is noted",
        AWholeHub.PATIENCE,
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT refunded FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = 'T2-118'")));
    hub.quiet();
    assertThat(hub.onHand("store-1", "MUG-BLU"))
        .as("both were rung up before the count")
        .isEqualTo(10);
  }

  @Test
  void theShopThatOnlySignsIsProvenAsTheGuideShows() throws Exception {
    var order =
        "{\"orderId\":\"none\"}"
            .getBytes(StandardCharsets.UTF_8); // whether it is taken, not what it is
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("...".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var proof = Base64.getEncoder().encodeToString(mac.doFinal(order));

    assertThat(toAtelier(order, proof)).isEqualTo(200);
    assertThat(toAtelier(order, "bm8=")).isEqualTo(401);
  }

  private int toAtelier(byte[] order, String proof) {
    return hub.send(
            hub.to("/webhooks/atelier")
                .header("Content-Type", "application/json")
                .header("X-Atelier-Proof", proof)
                .POST(BodyPublishers.ofByteArray(order))
                .build())
        .statusCode();
  }

  @Test
  void whatTheGuideSaysOfB2bIsInTheDescriptionOfTheInterfaceAndInTheModel() throws IOException {
    var guide = Files.readString(GUIDE);
    var fields =
        Pattern.compile("`((?:channel|service)\\.\\w+)`")
            .matcher(guide.substring(guide.indexOf("## B2B")))
            .results()
            .map(field -> field.group(1))
            .toList();
    var described = hub.read("/openapi.json").at("/paths/~1api~1v1~1orders/post");
    var model = Json.tree(Files.readAllBytes(Path.of("mappings/canonical/order.schema.json")));

    assertThat(fields).hasSize(5);
    assertThat(fields)
        .allSatisfy(
            field -> {
              var parts = field.split("\\.");
              assertThat(described.path("description").asText()).contains("`" + field + "`");
              assertThat(
                      model.at("/properties/" + parts[0]).findValue(parts[1]) != null
                          || model.path("$defs").path(parts[0]).findValue(parts[1]) != null)
                  .as(field)
                  .isTrue();
            });
    assertThat(described.path("parameters").findValuesAsText("name")).contains("Idempotency-Key");
  }

  @Test
  void aFileThatIsTooLargeLiesWhereItIsIsWarnedOfAndHoldsUpNoOther() throws IOException {
    var folder = dropped.resolve("wholesale");
    var large = folder.resolve("january-to-december.csv");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength((48 << 20) + 1);
    }
    var one = next();
    Files.writeString(folder.resolve("january.csv"), HEADER + one + ",MUG,1,9.90" + TO);

    Await.until("the next is taken", AWholeHub.PATIENCE, () -> hub.orderState(one) != null);
    Await.until(
        "it is warned of",
        AWholeHub.PATIENCE,
        () -> !hub.read("/channels/wholesale").at("/health/warnings").isEmpty());
    assertThat(hub.read("/channels/wholesale").at("/health/warnings"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "File 'january-to-december.csv' in the folder of 'wholesale' is larger than 48 MB and is left where it lies; split it.");
    assertThat(large).exists();
    Files.delete(large);
  }

  @Test
  void aLargerUploadIsRefusedUnread() throws IOException {
    var uri = hub.to("/webhooks/wholesale").build().uri();
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(60_000);
      var announced =
          "POST %s HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer file-secret\r\nX-File-Name: year.csv\r\nContent-Length: %d\r\n\r\n"
              .formatted(uri.getPath(), (48 << 20) + 1);
      socket.getOutputStream().write(announced.getBytes(StandardCharsets.US_ASCII));

      var answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
    assertThat(messagesOf("year.csv")).isEqualTo("0");
  }

  @Test
  void countsAreTakenRowByRowInTheEncodingOfTheAccount() {
    var text =
        "node;sku;on_hand;bin\nstore-1;Tasse-Größe;12;A\nstore-1;CUP;many;B\nnowhere;CUP;1;C\n";

    var answer =
        upload(
            "stocktake",
            "count-secret",
            "count.csv",
            text.getBytes(Charset.forName("windows-1252")));
    awaitEnd(Json.tree(answer.body()).path("id").asText());

    assertThat(hub.onHand("store-1", "Tasse-Größe")).isEqualTo(12);
    assertThat(hub.parked())
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("store-1/CUP UNMAPPED")
                    .contains("'row 3, on_hand' is 'many'"))
        .anySatisfy(
            p -> assertThat(p).startsWith("nowhere/CUP UNMAPPED").contains("node 'nowhere'"));
  }

  @Test
  void theSameCountInTheNextFileCountsAnew() {
    var text = "node,sku,on_hand\nstore-1,PLATE,12\n";
    upload("stocktake", "count-secret", "monday.csv", text.getBytes(StandardCharsets.UTF_8));
    Await.until(
        "12 are there",
        AWholeHub.PATIENCE,
        () -> "12".equals(hub.text("SELECT on_hand FROM stock_level WHERE sku = 'PLATE'")));
    hub.stock("store-1", "PLATE", 7);

    var answer =
        upload(
            "stocktake",
            "count-secret",
            "tuesday.csv",
            (text + "\n").getBytes(StandardCharsets.UTF_8));
    awaitEnd(Json.tree(answer.body()).path("id").asText());

    assertThat(hub.onHand("store-1", "PLATE")).isEqualTo(12);
  }

  @Test
  void manyFilesAtOnceWaitForTheirTurnAndNoneFails() {
    var messages = new ArrayList<String>();
    for (var i = 0; i < 60; i++) {
      var text = "node,sku,on_hand\nstore-1,MANY-%d,%d\n".formatted(i, i + 1);
      var answer =
          upload("stocktake", "count-secret", i + ".csv", text.getBytes(StandardCharsets.UTF_8));
      messages.add(Json.tree(answer.body()).path("id").asText());
    }

    messages.forEach(this::awaitEnd);

    assertThat(
            hub.text(
                "SELECT count(*) FROM stock_level WHERE sku LIKE 'MANY-%' AND on_hand = substr(sku, 6)::int + 1"))
        .isEqualTo("60");
    assertThat(
            hub.text(
                "SELECT sum(attempt_count) FROM inbox_message WHERE event_type LIKE '%.csv' AND document = 'batch' AND account = 'stocktake'"))
        .isEqualTo("0");
  }

  @Test
  void anOrderThatIsChangedBackIsChangedBackAndTheSameRowsAgainAreNothing() {
    var id = next();
    for (var quantity : List.of(2, 3, 2)) {
      awaitEnd(orders(quantity + ".csv", HEADER + id + ",MUG," + quantity + ",9.90" + TO));
      assertThat(
              hub.text(
                  "SELECT (l.ordered - l.cancel_wanted)::text FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                  id))
          .isEqualTo(String.valueOf(quantity));
    }

    var again = orders("again.csv", "\n" + HEADER + id + ",MUG,2,9.90" + TO);
    awaitEnd(again);

    assertThat(stateOf(again)).isEqualTo("SPLIT");
    assertThat(hub.text("SELECT count(*) FROM inbox_message WHERE message_key = ?", id))
        .as("three states and no fourth message")
        .isEqualTo("3");
  }

  @Test
  void aCountThatComesBackAfterAnotherIsTakenAndOneThatIsSentTwiceIsNot() {
    for (var onHand : List.of(0, 10, 0)) {
      var text =
          ("node,sku,on_hand\nstore-1,BOWL,%d\n".formatted(onHand))
              .getBytes(StandardCharsets.UTF_8);
      var answer = Json.tree(upload("stocktake", "count-secret", "export.csv", text).body());
      awaitEnd(answer.path("id").asText());
      var again = Json.tree(upload("stocktake", "count-secret", "export.csv", text).body());

      assertThat(hub.onHand("store-1", "BOWL")).isEqualTo(onHand);
      assertThat(answer.path("duplicate").asBoolean()).isFalse();
      assertThat(again.path("duplicate").asBoolean()).isTrue();
      assertThat(again.path("id")).isEqualTo(answer.path("id"));
    }
  }

  @Test
  void fortyMegabytesWithOneBadRowAreTakenButForThatRow() {
    var rows = 10_000;
    var text = new StringBuilder("node,sku,on_hand,remark\n");
    var remark = "x".repeat(4_300);
    for (var i = 2; i <= rows + 1; i++) {
      text.append("store-1,BULK-")
          .append(i)
          .append(i == 7_001 ? ",\"7," : ",7,")
          .append(remark)
          .append('\n');
    }
    var file = text.toString().getBytes(StandardCharsets.US_ASCII);
    assertThat(file.length).isGreaterThan(40 << 20);

    var answer = upload("stocktake", "count-secret", "large.csv", file);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    awaitEnd(Json.tree(answer.body()).path("id").asText());

    assertThat(hub.text("SELECT count(*) FROM stock_level WHERE sku LIKE 'BULK-%' AND on_hand = 7"))
        .isEqualTo(String.valueOf(rows - 1));
    assertThat(hub.parked())
        .filteredOn(p -> p.contains("BULK-"))
        .containsExactly(
            "store-1/BULK-7001 INVALID Row 7001 opens a quote at its value 3 and does not close it.");
  }
}
