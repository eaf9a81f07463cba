package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.catalog.Drift;
import io.serai.catalog.Mappings;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A value that nobody expected, in a field that decides nothing: kept, counted and listed. */
class DriftLogIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private DriftLog log;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    log = new DriftLog(DATABASE.dataSource(), clock);
  }

  private static List<String> rows() throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                """
                SELECT account || ' ' || field || '=' || value || ' ' || count || ' msg_' || message_id || ' '
                  || extract(epoch FROM last_seen_at - first_seen_at)::int FROM drift ORDER BY 1""")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @Test
  void aCancelReasonNobodyKnowsIsKeptAsTextAndReported() throws Exception {
    var order =
        (ObjectNode)
            Json.tree(
                Files.readAllBytes(
                    Path.of("samples/payloads/shopify/order/cancelled-masked-buyer.json")));
    order.put("cancel_reason", "weather");
    var found = new ArrayList<Drift>();
    var mapping = Mappings.builtIn().mapping("shopify/order.in.jslt");
    var context =
        Map.<String, com.fasterxml.jackson.databind.JsonNode>of(
            "account", TextNode.valueOf("shopify-main"));

    var mapped = mapping.apply(order, context, found::add);

    assertThat(mapped.path("cancelReason").asText()).isEqualTo("WEATHER");
    assertThat(found).containsExactly(new Drift("cancel_reason", "weather"));
    order.put("cancel_reason", "fraud");
    mapping.apply(order, context, found::add);
    assertThat(found).as("what is listed is no drift").hasSize(1);
  }

  @Test
  void whatIsFoundIsCountedByAccountFieldAndValue() throws Exception {
    var registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try {
      log.found("drifting-shop", "a.in.jslt", new Drift("reason", "weather"), 1L);
      log.found("drifting-shop", "a.in.jslt", new Drift("reason", "weather"), 2L);
      log.found("outlet", "a.in.jslt", new Drift("reason", "strike"), 3L);
      log.flush();
      clock.advance(Duration.ofSeconds(60));
      log.found("drifting-shop", "a.in.jslt", new Drift("reason", "weather"), 4L);
      log.flush();
      log.flush();

      assertThat(rows())
          .containsExactly(
              "drifting-shop reason=weather 3 msg_4 60", "outlet reason=strike 1 msg_3 0");
      assertThat(registry.get("serai.drift").tag("account", "drifting-shop").counter().count())
          .isEqualTo(3);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void aMappingThatFailsLeavesNoDriftToTheNextOne() throws Exception {
    var mappings = Mappings.builtIn();
    var fails =
        mappings.compile(
            "x.in.jslt", "{ \"a\": known(.a, [\"b\"], \"a\"), \"c\": require(.c, \"c\") }");
    var works = mappings.compile("y.in.jslt", "{ \"a\": .a }");
    var found = new ArrayList<Drift>();

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> fails.apply(Json.tree("{\"a\":\"z\"}"), Map.of(), found::add))
        .hasMessageContaining("'c'");
    works.apply(Json.tree("{\"a\":\"z\"}"), Map.of(), found::add);

    assertThat(found).isEmpty();
  }
}
