package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.WalmartMailbox;
import io.serai.simulator.WalmartOptions;
import io.serai.simulator.X12Warehouse;
import io.serai.simulator.X12WarehouseOptions;
import io.serai.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole hub between a retailer and a 3PL that are reached by nothing but X12 files over SFTP. */
@TestInstance(Lifecycle.PER_CLASS)
class RetailerFilesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PROFILE = "connectors/walmart-dsv.partner.yaml";

  private WalmartMailbox walmart;
  private X12Warehouse warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    walmart = WalmartMailbox.start(WalmartOptions.in(folder));
    warehouse =
        X12Warehouse.start(
            X12WarehouseOptions.in(folder).splits(false).shipAfter(Duration.ofMillis(100)));
    hub =
        AWholeHub.over(DATABASE)
            .home(impatient(folder.resolve("home")))
            .channel("walmart-main", walmart.connector(), settings(walmart.parameters()))
            .partner("harbor", "x12-3pl", settings(warehouse.parameters()))
            .node("oh-1", "type", "3pl", "partner", "harbor", "country", "US")
            .start(folder.resolve("hub"));
    for (var sku : new String[] {"MUG-BLU", "LAMP", "CAP-NVY"}) {
      hub.stock("oh-1", sku, 500);
    }
  }

  /** A home in which an 855 has to be acknowledged within seconds, so that a test can wait. */
  private static Path impatient(Path home) throws IOException {
    try (var file = RetailerFilesIT.class.getClassLoader().getResourceAsStream(PROFILE)) {
      var profile = new String(file.readAllBytes());
      var impatient =
          profile.replaceFirst("(\"855\": \\{ acknowledged-within: )24h", "$1" + "2s");
      assertThat(impatient).isNotEqualTo(profile);
      Files.createDirectories(home.resolve("connectors"));
      Files.writeString(home.resolve(PROFILE), impatient);
    }
    return home;
  }

  private static Object[] settings(Map<String, Object> parameters) {
    var settings = new ArrayList<Object>();
    parameters.forEach(
        (name, value) -> {
          settings.add(name);
          settings.add(name.endsWith("-schedule") ? "* * * * * ?" : value);
        });
    return settings.toArray();
  }

  @AfterEach
  void calm() {
    walmart.moods().calm();
    warehouse.moods().calm();
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    warehouse.close();
    walmart.close();
  }

  private void until(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, AWholeHub.PATIENCE, condition::call);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s; Walmart says %s, the 3PL says %s, the hub stopped at %s"
              .formatted(
                  e.getMessage(),
                  walmart.wrongs(),
                  warehouse.wrongs(),
                  hub.texts("SELECT kind || ' ' || sentence FROM failure ORDER BY id")),
          e);
    }
  }

  private String orders(String number) {
    return hub.text(
        "SELECT count(*)::text FROM sales_order WHERE channel_order_id LIKE ? || '%'", number);
  }

  private String delivery(String operation, String number) {
    return hub.text(
        """
        SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
        WHERE d.operation = ? AND d.destination = 'walmart-main' AND o.channel_order_id LIKE ? || '%'""",
        operation,
        number);
  }

  @Test
  void anOrderGoesFrom850To810AndEverybodyIsContent() {
    var number = walmart.placeOrder(Map.of("MUG-BLU", 2, "LAMP", 1));

    until("the 850 is acknowledged", () -> "taken".equals(walmart.acknowledgment(number)));
    until("it is answered by an 855", () -> walmart.answers(number).size() == 1);
    until("the ship notice came", () -> !walmart.sent(number).isEmpty());
    until("the invoice came", () -> walmart.invoices(number).size() == 1);

    assertThat(walmart.sent(number)).isEqualTo(Map.of("MUG-BLU", 2, "LAMP", 1));
    assertThat(walmart.invoices(number).getFirst().get("total").asText()).isEqualTo("95.90");
    assertThat(walmart.answers(number).getFirst().findValuesAsText("code"))
        .containsExactly("IA", "IA");
    until("all of ours is acknowledged", () -> "CONFIRMED".equals(delivery("invoice", number)));
    until("the 945 is acknowledged", () -> warehouse.summary(false).at("/webhooks/waiting").asInt() == 0);
    assertThat(walmart.wrongs()).isEmpty();
    assertThat(warehouse.wrongs()).isEmpty();
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
  }

  @Test
  void silenceAfterAnAnswerIsADeadLetter() {
    walmart.moods().set(Mood.of(Mood.Kind.SILENT).on("855"));
    var number = walmart.placeOrder(Map.of("CAP-NVY", 1));

    until("the 855 is taken", () -> walmart.answers(number).size() == 1);
    until(
        "nobody said so",
        () ->
            "SILENT"
                .equals(
                    hub.text(
                        """
                        SELECT f.kind FROM failure f JOIN delivery d ON d.failure_id = f.id JOIN sales_order o ON o.id = d.order_id
                        WHERE o.channel_order_id LIKE ? || '%'""",
                        number)));
  }

  @Test
  void aRefusedShipNoticeIsADeadLetterThatNamesTheSegment() {
    walmart.moods().set(Mood.of(Mood.Kind.REJECTING).on("856"));
    var number = walmart.placeOrder(Map.of("CAP-NVY", 2));

    until("the 856 is parked", () -> "PARKED".equals(delivery("shipment", number)));

    assertThat(
            hub.text(
                """
                SELECT f.kind || ' ' || f.sentence FROM failure f JOIN delivery d ON d.failure_id = f.id JOIN sales_order o ON o.id = d.order_id
                WHERE d.operation = 'shipment' AND o.channel_order_id LIKE ? || '%'""",
                number))
        .startsWith("REFUSED ")
        .contains("MAN");
  }

  @Test
  void aFileThatComesTwiceIsOneOrder() {
    walmart.moods().set(Mood.of(Mood.Kind.TWICE).on("850"));
    var number = walmart.placeOrder(Map.of("LAMP", 1));

    until("the ship notice came", () -> !walmart.sent(number).isEmpty());
    until("the invoice came", () -> walmart.invoices(number).size() == 1);
    hub.quiet();

    assertThat(orders(number)).isEqualTo("1");
    assertThat(walmart.answers(number)).hasSize(1);
    assertThat(walmart.wrongs()).isEmpty();
  }

  @Test
  void whatIsMiscountedIsRefusedToTheSender() {
    walmart.moods().set(Mood.of(Mood.Kind.WRONG_COUNTS).on("850"));
    var number = walmart.placeOrder(Map.of("LAMP", 1));

    until("the sender knows", () -> "refused".equals(walmart.acknowledgment(number)));

    assertThat(orders(number)).isEqualTo("0");
    assertThat(walmart.wrongs()).isEmpty();
  }
}
