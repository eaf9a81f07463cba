package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.simulator.Repeat;
import io.serai.support.Await;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever falsifies one book is found out by the others, or the crash tests prove nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class BooksIT {
  private static final Scene scene = Scene.with(Repeat.IDEMPOTENT);

  @BeforeAll
  static void anHonestDay() {
    scene.start();
    scene.stock(1_000);
    scene.shop().place(15);
    scene.becomeQuiet();
    scene.kill();
  }

  @AfterAll
  static void end() {
    scene.close();
  }

  @Test
  @Order(1)
  void honestBooksAreSound() {
    assertThat(scene.books().broken()).isEmpty();
    assertThat(scene.books().rows("SELECT 1 FROM shipment")).isNotEmpty();
    assertThat(scene.books().rows("SELECT 1 FROM publication")).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @Order(2)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          I1: event                            | and is stored 0 times          | UPDATE inbox_message SET dedupe_key = concat('x', dedupe_key)       | UPDATE inbox_message SET dedupe_key = substr(dedupe_key, 2)
          I1: event                            | stays RECEIVED                 | UPDATE inbox_message SET state = 'RECEIVED' WHERE state = 'APPLIED'  | UPDATE inbox_message SET state = 'APPLIED' WHERE state = 'RECEIVED'
          I1: order                            | to be applied and is not there | UPDATE sales_order SET channel_order_id = concat('x', channel_order_id) | UPDATE sales_order SET channel_order_id = substr(channel_order_id, 2)
          I1: fulfillment                      | and no 3PL ever heard of it    | INSERT INTO fulfillment_order SELECT gen_random_uuid(), order_id, 'x', partner, state, reference, created_at, updated_at FROM fulfillment_order | DELETE FROM fulfillment_order WHERE node = 'x'
          I2: of 'MUG-BLU' at 'node-idempotent' | count as promised             | UPDATE stock_level SET allocated = allocated + 1                     | UPDATE stock_level SET allocated = allocated - 1
          I5: the shop shows                   | may be sold                    | UPDATE stock_level SET safety = 5 | UPDATE stock_level SET safety = 0
          I13: of order                        | are ordered                    | UPDATE order_line SET ordered = ordered + 1                          | UPDATE order_line SET ordered = ordered - 1
          """)
  void aFalsifiedTableIsFoundOut(String begins, String says, String falsify, String restore) {
    execute(falsify);
    try {
      assertThat(scene.books().broken())
          .anySatisfy(broken -> assertThat(broken).startsWith(begins).contains(says));
    } finally {
      execute(restore);
    }
    assertThat(scene.books().broken()).isEmpty();
  }

  @Test
  @Order(3) // it cannot be taken back
  void aRequestThatIsSentTwiceUnderTwoKeysIsFoundOut() throws Exception {
    var partner = scene.partner(Repeat.IDEMPOTENT);
    var ledger = partner.ledger();
    var shipped = ledger.effects().of("shipment.created").count();
    var first = ledger.effects().of("fulfillment.accepted").all().getFirst();

    post(partner.url() + "/fulfillments", first.data().get("request"));
    Await.until(
        "it is shipped again",
        Duration.ofSeconds(120),
        () -> ledger.effects().of("shipment.created").count() > shipped);

    assertThat(scene.books().broken())
        .anySatisfy(b -> assertThat(b).startsWith("I3: a 3PL took fulfillment").contains("2 times"))
        .anySatisfy(b -> assertThat(b).startsWith("I3: of '").contains("were ordered"))
        .anySatisfy(b -> assertThat(b).startsWith("I7: of order").contains("were shipped"));
  }

  private static void post(String url, JsonNode body) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url))
                  .header("Authorization", "Bearer 3pl-key")
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", "another")
                  .POST(BodyPublishers.ofByteArray(Json.bytes((ObjectNode) body)))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
  }

  private static void execute(String sql) {
    try (var connection = scene.database().dataSource().getConnection();
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
