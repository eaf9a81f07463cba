package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Systems behind the hub that read files hear what happens, over the real route. */
@TestInstance(Lifecycle.PER_CLASS)
class EventFileIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private Path lines;
  private Path rows;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    lines = Files.createDirectories(data.resolve("lines"));
    rows = Files.createDirectories(data.resolve("rows"));
    hub =
        AWholeHub.over(DATABASE)
            .channel("b2b", "api")
            .partner(
                "warehouse-of-data",
                "event-file",
                "transport",
                "folder",
                "outbox-folder",
                lines.toString(),
                "every",
                "1s",
                "events[0]",
                "order.*")
            .partner(
                "erp",
                "event-file",
                "transport",
                "folder",
                "outbox-folder",
                rows.toString(),
                "format",
                "csv",
                "every",
                "1s",
                "events[0]",
                "order.received")
            .start(data.resolve("hub"));
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  private void order(String number, String shown) {
    var order = Json.node(anOrder().of("b2b").numbered(number).with("MUG-BLU", 1).build());
    ((com.fasterxml.jackson.databind.node.ObjectNode) order.get("channel"))
        .put("displayNumber", shown);
    var answer = hub.api("POST", "/orders", Json.text(order));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static List<Path> files(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> read(Path folder) {
    var all = new ArrayList<String>();
    for (var file : files(folder)) {
      try {
        all.addAll(Files.readAllLines(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  private List<JsonNode> told(String number) {
    return read(lines).stream()
        .map(Json::tree)
        .filter(event -> number.equals(event.at("/order/channel/orderId").asText()))
        .toList();
  }

  private int told() {
    return Integer.parseInt(
        hub.text(
            "SELECT count(*) FROM delivery WHERE operation = 'event-file' AND state = 'CONFIRMED'"));
  }

  @Test
  void whatHappensLiesInNumberedFilesOnceAndInItsOrder() {
    order("F-1", "#F-1");
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(() -> told("F-1").size() >= 2 && read(rows).size() >= 2);
    order("F-2", "=1+1");
    await().atMost(AWholeHub.PATIENCE).until(() -> told("F-2").size() >= 2);
    await().atMost(AWholeHub.PATIENCE).until(() -> read(rows).size() >= 4);
    await()
        .atMost(AWholeHub.PATIENCE)
        .untilAsserted(
            () -> assertThat(told()).isEqualTo(files(lines).size() + files(rows).size()));

    var names = files(lines).stream().map(file -> file.getFileName().toString()).toList();
    assertThat(names).hasSizeGreaterThan(1);
    for (var i = 0; i < names.size(); i++) {
      assertThat(names.get(i)).isEqualTo("events-%012d.jsonl".formatted(i + 1));
    }
    for (var number : List.of("F-1", "F-2")) {
      var events = told(number);
      assertThat(events.getFirst().path("type").asText()).isEqualTo("order.received");
      assertThat(events).allSatisfy(e -> assertThat(e.path("version").asInt()).isEqualTo(1));
      assertThat(events.stream().map(e -> e.path("sequence").asLong()))
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(events.stream().map(e -> e.path("id").asText())).doesNotHaveDuplicates();
    }
    assertThat(files(rows).getFirst().getFileName()).hasToString("events-000000000001.csv");
    assertThat(read(rows).getFirst()).startsWith("id,type,version,sequence,occurred_at,order_id,");
    assertThat(read(rows).toString()).contains(",b2b,F-1,#F-1,", ",b2b,F-2,'=1+1,");
  }
}
