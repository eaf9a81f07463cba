package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.simulator.WalmartMailbox;
import io.serai.simulator.WalmartOptions;
import io.serai.simulator.X12Warehouse;
import io.serai.simulator.X12WarehouseOptions;
import io.serai.support.Await;
import io.serai.support.CrashPoint;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hub dies among its files: one is committed and still lies in its folder, one is written at
 * the partner and has no name yet, one came over AS2 and its sender has no receipt, one went over
 * AS2 and nobody noted its receipt. The retailers and the 3PL, who remember every file, message and
 * number, say what came of it.
 */
@Tag("alone")
@TestInstance(Lifecycle.PER_CLASS)
class FilesCrashIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private Path root;
  private WalmartMailbox walmart;
  private WalmartMailbox lakeside;
  private X12Warehouse warehouse;
  private HubProcess hub;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    root = folder;
    walmart = WalmartMailbox.start(WalmartOptions.in(folder));
    var as2Port = FreePort.next();
    lakeside =
        WalmartMailbox.start(
            WalmartOptions.in(folder.resolve("lakeside"))
                .as2(URI.create("http://127.0.0.1:" + as2Port + "/as2"))
                .vendor("ZZ", "LAKESIDEHUB"));
    warehouse =
        X12Warehouse.start(
            X12WarehouseOptions.in(folder).splits(false).shipAfter(Duration.ofMillis(100)));
    var configuration = folder.resolve("serai.yaml");
    Files.writeString(
        configuration,
        "serai:\n  channels:\n    walmart-main:\n      connector: x12-retailer\n"
            + lines(walmart.parameters())
            + "    lakeside:\n      connector: x12-retailer\n"
            + lines(lakeside.parameters())
            + "  partners:\n    harbor:\n      connector: x12-3pl\n"
            + lines(warehouse.parameters())
            + "  nodes:\n    oh-1: { type: 3pl, partner: harbor, country: US }\n");
    hub =
        new HubProcess(
            folder.resolve("hub"),
            configuration,
            FreePort.next(),
            FreePort.next(),
            Map.of(
                "SERAI_AS2_PORT", String.valueOf(as2Port),
                "SERAI_DB_URL", DATABASE.url(),
                "SERAI_DB_USER", TestDatabase.server().user(),
                "SERAI_DB_PASSWORD", TestDatabase.server().password()));
  }

  private static String lines(Map<String, Object> parameters) {
    var lines = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            lines.append(
                "      %s: %s\n"
                    .formatted(
                        name, Json.text(name.endsWith("-schedule") ? "* * * * * ?" : value))));
    if (parameters.get("transport").equals("sftp")) {
      lines.append("      unfinished-after: 2s\n");
    }
    return lines.toString();
  }

  @AfterAll
  void close() {
    hub.close();
    warehouse.close();
    walmart.close();
    lakeside.close();
  }

  @Test
  void aHubThatDiesAmongItsFilesLosesNoneAndSendsNoneTwice() throws IOException {
    var numbers = new ArrayList<String>();

    dieAt(
        CrashPoint.BEFORE_FILE_MOVE,
        () -> {
          stock("MUG-BLU", "LAMP", "CAP-NVY");
          place(walmart, numbers, 3);
        });
    assertThat(lying("walmart-mailbox/outgoing"))
        .as("what was taken lies there still")
        .isNotEmpty();
    dieAt(CrashPoint.BEFORE_FILE_RENAME, () -> place(walmart, numbers, 3));
    var messages = new ArrayList<String>();
    dieAt(CrashPoint.BEFORE_AS2_RECEIPT, () -> place(lakeside, messages, 2));
    assertThat(count("as2_received")).as("a message is committed").isPositive();
    assertThat(messages.stream().filter(number -> lakeside.receipt(number) == null))
        .as("and nobody heard of it")
        .isNotEmpty();
    dieAt(CrashPoint.AFTER_AS2_POST, () -> place(lakeside, messages, 2));
    assertThat(lakeside.taken()).as("a message of ours came").isPositive();
    assertThat(count("as2_sent", "SENT")).as("and nobody noted it").isPositive();
    hub.start();
    assertThat(hub.becomesReady(START)).as(hub.tail()).isTrue();

    untilAllIsDone(walmart, numbers);
    untilAllIsDone(lakeside, messages);
    for (var number : messages) {
      until(number + " has its receipt", () -> lakeside.receipt(number) != null);
      var receipt = lakeside.receipt(number);
      assertThat(receipt).contains("said=processed,");
      assertThat(lakeside.sendAgain(number)).as("the same again").isEqualTo(receipt);
    }
    until("nothing is owed", () -> count("delivery", "READY", "SENDING", "PENDING") == 0);
    until("nothing is left to read", () -> count("inbox_message", "RECEIVED", "RUNNING") == 0);
    until("the mailbox is empty", () -> lying("walmart-mailbox/outgoing").isEmpty());

    assertThat(walmart.wrongs()).isEmpty();
    assertThat(lakeside.wrongs()).isEmpty();
    assertThat(lakeside.takenAgain()).as("what had no receipt went again").isPositive();
    assertThat(lakeside.unanswered()).as("what had no receipt came again").isPositive();
    assertThat(count("as2_sent", "SENT", "REFUSED")).as("every receipt is noted").isZero();
    assertThat(warehouse.wrongs()).isEmpty();
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
    assertThat(walmart.summary(false).path("unacknowledged").asInt()).isZero();
    assertThat(walmart.summary(false).path("answered").asInt()).isEqualTo(numbers.size());
    assertThat(lakeside.summary(false).path("unacknowledged").asInt()).isZero();
    assertThat(lakeside.summary(false).path("answered").asInt()).isEqualTo(messages.size());
    assertThat(count("sales_order")).isEqualTo(numbers.size() + messages.size());
    assertThat(count("inbox_message", "PARKED") + count("delivery", "PARKED", "REFUSED")).isZero();
    assertThat(
            text(
                "SELECT count(*) - count(DISTINCT (account, control, cycle)) FROM interchange WHERE direction = 'OUT' AND account <> 'harbor'"))
        .as("no number of ours stands on two files")
        .isEqualTo("0");
  }

  private static void place(WalmartMailbox retailer, List<String> numbers, int count) {
    for (var i = 0; i < count; i++) {
      numbers.add(retailer.placeOrder(Map.of("MUG-BLU", 2)));
    }
  }

  private void untilAllIsDone(WalmartMailbox retailer, List<String> numbers) {
    for (var number : numbers) {
      until(number + " is acknowledged", () -> "taken".equals(retailer.acknowledgment(number)));
      until(number + " is answered", () -> retailer.answers(number).size() == 1);
      until(number + " is shipped", () -> retailer.sent(number).equals(Map.of("MUG-BLU", 2)));
      until(number + " is invoiced", () -> retailer.invoices(number).size() == 1);
    }
  }

  private void dieAt(String point, Runnable work) {
    hub.start(null, List.of("-Dserai.crash-point=" + point + ":1"));
    if (hub.becomesReady(START)) {
      work.run();
    }
    assertThat(hub.awaitEnd(point + " is never reached", PATIENCE)).isEqualTo(HubProcess.HALTED);
  }

  private void stock(String... skus) {
    var body = Json.MAPPER.createObjectNode().put("node", "oh-1");
    var levels = body.putArray("levels");
    for (var sku : skus) {
      levels.addObject().put("sku", sku).put("onHand", 500);
    }
    hub.call("PUT", "/api/v1/stock", body);
  }

  private void until(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, PATIENCE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s; Walmart says %s, Lakeside says %s, the 3PL says %s\n%s"
              .formatted(
                  e.getMessage(),
                  walmart.wrongs(),
                  lakeside.wrongs(),
                  warehouse.wrongs(),
                  hub.tail()),
          e);
    }
  }

  private List<Path> lying(String folder) throws IOException {
    try (var files = Files.list(root.resolve(folder))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private int count(String table, String... states) {
    return Integer.parseInt(
        text(
            "SELECT count(*) FROM "
                + table
                + (states.length == 0
                    ? ""
                    : " WHERE state IN ('" + String.join("', '", states) + "')")));
  }

  private static String text(String query) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
