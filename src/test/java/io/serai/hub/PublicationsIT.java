package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.ListingReport;
import io.serai.outbox.RepeatMode;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a shop that keeps stock per location is told, and in which order. */
class PublicationsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private Topology topology;
  private AHub hub;

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.run("DELETE FROM delivery WHERE operation = 'stock'"); // it is owed without a message
    hub.holdsTogether();
  }

  private void open(Map<String, List<String>> locations) {
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        SHOP,
        new Topology.Account(
            SHOP,
            true,
            true,
            true,
            Map.of("shipment", RepeatMode.QUERYABLE, "stock", RepeatMode.IDEMPOTENT),
            Duration.ofHours(48),
            locations));
    topology = new Topology(AHub.TWO_NODES.nodes(), accounts);
    hub = new AHub(DATABASE, topology, clock);
  }

  private AHub.Result lists(String sku, String... locations) {
    var listings =
        java.util.Arrays.stream(locations)
            .map(at -> new ListingReport.Listing("item-" + sku, sku, null, sku, at, 1_000))
            .toList();
    return hub.apply(new ListingReport(listings), hub.message(SHOP, "listing", sku));
  }

  /** What the shop is told now, by article and location. */
  private Map<String, Integer> told(int bulk) throws SQLException {
    new StockPublisher(DATABASE.dataSource(), clock, topology, Map.of(SHOP, bulk)).publishDue();
    var told = new TreeMap<String, Integer>();
    for (var content :
        hub.all(
            "SELECT content FROM delivery_content JOIN delivery ON id = delivery_id WHERE operation ="
                + " 'stock' ORDER BY id",
            rows -> io.serai.support.Json.tree(rows.getString(1)))) {
      content
          .path("items")
          .forEach(
              item ->
                  told.put(
                      item.path("sku").asText() + "@" + item.path("locationId").asText(),
                      item.path("quantity").asInt()));
    }
    return told;
  }

  @Test
  void theOnlyLocationIsToldWhatAllNodesHold() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 7);
    lists("MUG-BLU", "64001");

    assertThat(told(250)).isEqualTo(Map.of("MUG-BLU@64001", 12));
  }

  @Test
  void eachLocationIsToldWhatItsNodesHoldAndOneThatNoneFeedsIsLeftAlone() throws SQLException {
    open(Map.of("64001", List.of(NEAR), "64002", List.of(FAR)));
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 7);

    assertThat(lists("MUG-BLU", "64001", "64002", "64003").messageState()).isEqualTo("APPLIED");

    assertThat(told(250)).isEqualTo(Map.of("MUG-BLU@64001", 5, "MUG-BLU@64002", 7));
  }

  @Test
  void severalNodesMayFeedOneLocation() throws SQLException {
    open(Map.of("64002", List.of(NEAR, FAR)));
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 7);
    lists("MUG-BLU", "64001", "64002");

    assertThat(told(250)).isEqualTo(Map.of("MUG-BLU@64002", 12));
  }

  @Test
  void severalLocationsOfWhichNobodySaysWhatFeedsThemPark() {
    open(Map.of());

    var both = lists("MUG-BLU", "64001", "64002");

    assertThat(both.messageState()).isEqualTo("PARKED");
    assertThat(both.failed().failure().kind().name()).isEqualTo("CONFIG");
    assertThat(both.failed().failure().sentence())
        .isEqualTo(
            "Channel 'shopify-main' keeps stock at several places ('64001', '64002') and nothing"
                + " says which nodes feed them. Say so in 'locations' under"
                + " serai.channels.shopify-main, then replay.");
  }

  @Test
  void aSecondLocationIsNoticedThoughEachArticleHasOne() {
    open(Map.of());
    assertThat(lists("MUG-BLU", "64001").messageState()).isEqualTo("APPLIED");
    assertThat(lists("TEE-RED", "64001").messageState()).isEqualTo("APPLIED");

    assertThat(lists("CAP-GRN", "64002").messageState()).isEqualTo("PARKED");
  }

  @Test
  void otherLocationsAfterAStartAreComputedAnew() throws SQLException {
    open(Map.of("64001", List.of(NEAR)));
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 7);
    lists("MUG-BLU", "64001", "64002");
    assertThat(told(250)).isEqualTo(Map.of("MUG-BLU@64001", 5));
    hub.close();

    open(Map.of("64001", List.of(NEAR), "64002", List.of(FAR)));
    new StockPublisher(DATABASE.dataSource(), clock, topology, Map.of()).remark();

    assertThat(told(250)).isEqualTo(Map.of("MUG-BLU@64001", 5, "MUG-BLU@64002", 7));
  }

  @Test
  void anArticleThatRanOutGoesBeforeOneThatOnlyChanged() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 2).has("MUG-BLU", FAR, 1).has("TEE-RED", NEAR, 0);
    hub.has("TEE-RED", FAR, 9);
    lists("TEE-RED", "64001");
    lists("MUG-BLU", "64001");
    hub.run("UPDATE publication SET marked_at = NULL, urgent = false");

    hub.apply(anOrder().numbered("1001").with("TEE-RED", 1).build());
    clock.advance(Duration.ofSeconds(1));
    hub.apply(anOrder().numbered("1002").with("MUG-BLU", 3).build());

    assertThat(hub.all("SELECT sku FROM publication WHERE urgent", rows -> rows.getString(1)))
        .containsExactly("MUG-BLU");
    told(1);
    assertThat(
            hub.all(
                "SELECT content::json #>> '{items,0,sku}' FROM delivery_content JOIN delivery ON id"
                    + " = delivery_id WHERE operation = 'stock' ORDER BY id",
                rows -> rows.getString(1)))
        .containsExactly("MUG-BLU", "TEE-RED");
  }

  @Test
  void anArticleThatRanOutAtOneOfTwoLocationsIsUrgent() {
    open(Map.of("64001", List.of(NEAR), "64002", List.of(FAR)));
    hub.has("MUG-BLU", NEAR, 2).has("MUG-BLU", FAR, 9);
    lists("MUG-BLU", "64001", "64002");
    hub.run("UPDATE publication SET marked_at = NULL, urgent = false");

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    assertThat(hub.number("SELECT count(*) FROM publication WHERE urgent")).isPositive();
  }
}
