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
 * the partner and has no name yet. The retailer and the 3PL, who remember every file and number,
 * say what came of it.
 */
@Tag("alone")
@TestInstance(Lifecycle.PER_CLASS)
class FilesCrashIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private Path root;
  private WalmartMailbox walmart;
  private X12Warehouse warehouse;
  private HubProcess hub;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    root = folder;
    walmart = WalmartMailbox.start(WalmartOptions.in(folder));
    warehouse =
        X12Warehouse.start(
            X12WarehouseOptions.in(folder).splits(false).shipAfter(Duration.ofMillis(100)));
    var configuration = folder.resolve("serai.yaml");
    Files.writeString(
        configuration,
        "serai:\n  channels:\n    walmart-main:\n      connector: x12-retailer\n"
            + lines(walmart.parameters())
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
    return lines.append("      unfinished-after: 2s\n").toString();
  }

  @AfterAll
  void close() {
    hub.close();
    warehouse.close();
    walmart.close();
  }

  @Test
  void aHubThatDiesAmongItsFilesLosesNoneAndSendsNoneTwice() throws IOException {
    var numbers = new ArrayList<String>();

    dieAt(
        CrashPoint.BEFORE_FILE_MOVE,
        () -> {
          stock("MUG-BLU", "LAMP", "CAP-NVY");
          place(numbers, 3);
        });
    assertThat(lying("walmart-mailbox/outgoing"))
        .as("what was taken lies there still")
        .isNotEmpty();
    dieAt(CrashPoint.BEFORE_FILE_RENAME, () -> place(numbers, 3));
    hub.start();
    assertThat(hub.becomesReady(START)).as(hub.tail()).isTrue();

    for (var number : numbers) {
      until(number + " is acknowledged", () -> "taken".equals(walmart.acknowledgment(number)));
      until(number + " is answered", () -> walmart.answers(number).size() == 1);
      until(number + " is shipped", () -> walmart.sent(number).equals(Map.of("MUG-BLU", 2)));
      until(number + " is invoiced", () -> walmart.invoices(number).size() == 1);
    }
    until("nothing is owed", () -> count("delivery", "READY", "SENDING", "PENDING") == 0);
    until("nothing is left to read", () -> count("inbox_message", "RECEIVED", "RUNNING") == 0);
    until("the mailbox is empty", () -> lying("walmart-mailbox/outgoing").isEmpty());

    assertThat(walmart.wrongs()).isEmpty();
    assertThat(warehouse.wrongs()).isEmpty();
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
    assertThat(walmart.summary(false).path("unacknowledged").asInt()).isZero();
    assertThat(walmart.summary(false).path("answered").asInt()).isEqualTo(numbers.size());
    assertThat(count("sales_order")).isEqualTo(numbers.size());
    assertThat(count("inbox_message", "PARKED") + count("delivery", "PARKED", "REFUSED")).isZero();
    assertThat(
            text(
                "SELECT count(*) - count(DISTINCT (control, cycle)) FROM interchange WHERE direction = 'OUT' AND account = 'walmart-main'"))
        .as("no number of ours stands on two files")
        .isEqualTo("0");
  }

  private void place(List<String> numbers, int count) {
    for (var i = 0; i < count; i++) {
      numbers.add(walmart.placeOrder(Map.of("MUG-BLU", 2)));
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
          "%s; Walmart says %s, the 3PL says %s\n%s"
              .formatted(e.getMessage(), walmart.wrongs(), warehouse.wrongs(), hub.tail()),
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
