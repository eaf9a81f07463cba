package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Acknowledgment;
import io.serai.order.ListingReport;
import io.serai.order.StockReport;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.outbox.RepeatMode;
import io.serai.stock.CrossReference;
import io.serai.stock.Item;
import io.serai.stock.Item.Part;
import io.serai.stock.Items;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shop that keeps stock per location is told, and in which order. */
class PublicationsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private Set<String> countsSales = Set.of();
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
                Duration.ofHours(48))
            .fedBy(locations));
    topology = new Topology(AHub.TWO_NODES.nodes(), accounts, countsSales);
    hub = new AHub(DATABASE, topology, clock);
  }

  private StockPublisher publisher(int bulk) {
    return new StockPublisher(
        DATABASE.dataSource(),
        clock,
        topology,
        Map.of(SHOP, bulk),
        Map.of(),
        Map.of(),
        () -> hub.items);
  }

  private Publications.State shows(String sku) throws SQLException {
    return new Publications(DATABASE.dataSource(), clock, topology, () -> hub.items)
        .of(sku)
        .getFirst();
  }

  /** The calls that wait to be sent, oldest first. */
  private List<Delivery> calls() {
    return hub.all(
        """
        SELECT d.id, d.destination, d.business_key, c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
        WHERE d.operation = 'stock' AND d.state = 'READY' ORDER BY d.id""",
        rows ->
            new Delivery(
                rows.getLong(1),
                rows.getString(2),
                "stock",
                "stock",
                Delivery.lane(rows.getString(2), rows.getString(3)),
                null,
                rows.getString(3),
                1,
                rows.getString(3),
                RepeatMode.IDEMPOTENT,
                Json.tree(rows.getString(4)),
                false,
                0,
                clock.instant().plusSeconds(60),
                clock.instant(),
                1,
                clock.instant().plusSeconds(60)));
  }

  private static List<String> articles(Delivery call) {
    return call.content().path("items").findValuesAsText("sku");
  }

  /** The channel answers the oldest call; what it does not refuse it takes. */
  private Delivery answered(Map<String, FailureKind> refusals) throws SQLException {
    var call = calls().getFirst();
    var items = new ArrayList<Outcome.Item>();
    for (var item : call.content().path("items")) {
      var kind = refusals.get(item.path("sku").asText());
      items.add(
          new Outcome.Item(
              item.path("key").asText(),
              kind != null
                  ? new Outcome.Failed(Failure.of(kind, "The shop said no.", Place.of(SHOP)))
                  : refusals.isEmpty()
                      ? new Outcome.Confirmed(null)
                      : new Outcome.Failed(
                          Failure.of(
                              FailureKind.STALE,
                              "BATCH_NOT_APPLIED: another one.",
                              Place.of(SHOP)))));
    }
    publisher(250).settle(call, new Outcome.Items(items));
    hub.run("UPDATE delivery SET state = 'CONFIRMED' WHERE id = ?", call.id());
    return call;
  }

  /** Everything that waits is told and taken. */
  private void settled() throws SQLException {
    publisher(250).publishDue();
    while (!calls().isEmpty()) {
      answered(Map.of());
      publisher(250).publishDue();
    }
  }

  private void offers(String sku, String listingId) {
    var listing = new ListingReport.Listing(listingId, sku, null, sku, null, 1_000);
    hub.apply(new ListingReport(List.of(listing)), hub.message(SHOP, "listing", sku));
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
    publisher(bulk).publishDue();
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
    answered(Map.of());
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

  @Test
  void aSetIsToldAsItsComponentsAllowInPacksAndUnderOtherNames() throws SQLException {
    open(Map.of());
    hub.items =
        new Items(
            List.of(
                new Item(
                    "SET",
                    null,
                    Set.of(),
                    null,
                    null,
                    null,
                    List.of(new Part("MUG", 2), new Part("TEA", 1)))),
            List.of(
                new CrossReference(SHOP, "MUG-6", "MUG", 6),
                new CrossReference(SHOP, "B00TEA", "TEA", 1)));
    hub.has("MUG", NEAR, 7).has("MUG", FAR, 8).has("TEA", FAR, 5);
    for (var code : List.of("SET", "MUG-6", "B00TEA", "MUG")) {
      lists(code, "64001");
    }

    assertThat(told(250))
        .isEqualTo(Map.of("SET@64001", 5, "MUG-6@64001", 2, "B00TEA@64001", 5, "MUG@64001", 15));

    settled();
    hub.apply(anOrder().numbered("1001").with("SET", 4).build());
    assertThat(told(250))
        .isEqualTo(Map.of("SET@64001", 1, "MUG-6@64001", 1, "B00TEA@64001", 1, "MUG@64001", 7));
    assertThat(shows("TEA").code()).isEqualTo("B00TEA");
  }

  @Test
  void whatAChannelSoldItselfIsNotToldToIt() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    settled();

    hub.apply(anOrder().numbered("1001").placedAt(clock.instant()).with("MUG-BLU", 2).build());

    assertThat(shows("MUG-BLU").shown()).isEqualTo(18);
    assertThat(publisher(250).publishDue()).containsExactly(SHOP); // looked at, and nothing to say
    assertThat(calls()).isEmpty();
    assertThat(shows("MUG-BLU").pendingSince()).isNull();
    hub.has("MUG-BLU", FAR, 5);
    publisher(250).publishDue();
    assertThat(calls().getFirst().content().at("/items/0/changeFrom").asInt()).isEqualTo(18);
  }

  @Test
  void aSaleOfBeforeTheChannelWasReadAndWrittenOverIsToldToIt() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    settled();
    var soldAt = hub.clock.instant();
    hub.clock.advance(Duration.ofSeconds(1));
    hub.has("MUG-BLU", FAR, 5);
    publisher(250).publishDue();
    // somebody sold meanwhile, and of whom we did not hear yet: it is read, and 25 written
    answered(Map.of("MUG-BLU", FailureKind.STALE));
    settled();
    assertThat(shows("MUG-BLU").shown()).isEqualTo(25);

    hub.apply(anOrder().numbered("1001").placedAt(soldAt).with("MUG-BLU", 2).build());

    publisher(250).publishDue();
    var item = calls().getFirst().content().at("/items/0");
    assertThat(item.get("quantity").asInt()).isEqualTo(23);
    assertThat(item.has("changeFrom")).as("what it shows is read").isFalse();
  }

  @Test
  void aSaleThatIsHeardOfWhileTheChannelIsReadIsToldToIt() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    settled();
    hub.has("MUG-BLU", FAR, 5);
    publisher(250).publishDue();
    answered(Map.of("MUG-BLU", FailureKind.STALE));
    publisher(250).publishDue();

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    answered(Map.of());
    publisher(250).publishDue();
    var item = calls().getFirst().content().at("/items/0");
    assertThat(item.get("quantity").asInt()).isEqualTo(23);
    assertThat(item.get("changeFrom").asInt()).isEqualTo(25);
  }

  @Test
  void aSaleOfBeforeTheListingsWereReadIsNotTakenOffTwice() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 1_002);
    lists("MUG-BLU", "64001");
    settled();
    var soldAt = hub.clock.instant();
    hub.clock.advance(Duration.ofSeconds(1));
    lists("MUG-BLU", "64001"); // shows 1,000

    hub.apply(anOrder().numbered("1001").placedAt(soldAt).with("MUG-BLU", 2).build());

    publisher(250).publishDue();
    var item = calls().getFirst().content().at("/items/0");
    assertThat(item.get("quantity").asInt()).isEqualTo(1_000);
    assertThat(item.has("changeFrom")).as("not 998").isFalse();
  }

  @Test
  void withFewLeftAChannelsOwnSaleIsNotTakenForGranted() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 5);
    lists("MUG-BLU", "64001");
    settled();

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    publisher(250).publishDue();
    assertThat(calls().getFirst().content().at("/items/0/quantity").asInt()).isEqualTo(3);
    assertThat(calls().getFirst().content().at("/items/0/changeFrom").asInt()).isEqualTo(5);
  }

  @Test
  void ofAnArticleOfferedTwiceBothOffersAreToldBecauseOneOfThemDidNotSell() throws SQLException {
    countsSales = Set.of(SHOP);
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    hub.apply(
        new ListingReport(
            List.of(
                new ListingReport.Listing("item-1", "MUG-BLU", null, "Mug", "64001", 1_000),
                new ListingReport.Listing(
                    "item-2", "MUG-BLU", null, "Mug, again", "64001", 1_000))),
        hub.message(SHOP, "listing", "MUG-BLU"));
    settled();

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    publisher(250).publishDue();
    assertThat(calls().getFirst().content().path("items")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "TEE-RED, BACKORDERED, false",
    "UNKNOWN, ON_HOLD, false",
    "TEE-RED, BACKORDERED, true",
    "UNKNOWN, ON_HOLD, true"
  })
  void aChannelThatSoldWhatWaitsIsToldThatItMayStillBeSold(
      String other, String state, boolean counts) throws SQLException {
    countsSales = counts ? Set.of(SHOP) : Set.of();
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    hub.has("TEE-RED", NEAR, 0);
    lists("MUG-BLU", "64001");
    settled();

    hub.apply(
        anOrder().numbered("1001").shippedComplete(true).with("MUG-BLU", 2).with(other, 1).build());

    assertThat(hub.text("SELECT state FROM sales_order")).isEqualTo(state);
    publisher(250).publishDue();
    var item = calls().getFirst().content().at("/items/0");
    assertThat(item.get("quantity").asInt()).isEqualTo(20);
    assertThat(item.get("changeFrom").asInt()).as("the channel refuses it otherwise").isEqualTo(20);
  }

  @Test
  void whatCameForThoseThatWaitIsShownToNobodyUntilTheyAreServedOrGone() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 0);
    lists("MUG-BLU", "64001");
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 9).build());
    settled();
    hub.clock.advance(FollowUps.PATIENCE.plusHours(1));

    hub.has("MUG-BLU", NEAR, 3);
    settled();
    hub.followUp();
    settled();
    assertThat(shows("MUG-BLU").accepted()).as("nobody new may pass").isZero();

    hub.clock.advance(Duration.ofMinutes(2));
    hub.has("MUG-BLU", NEAR, 11);
    settled();
    assertThat(shows("MUG-BLU").accepted()).as("what is left when they are served").isEqualTo(2);
    hub.followUp();
    settled();
    assertThat(shows("MUG-BLU").accepted()).isEqualTo(2);
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsShownAgain() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 0);
    lists("MUG-BLU", "64001");
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 9).build());
    hub.clock.advance(FollowUps.PATIENCE.plusHours(1));
    hub.has("MUG-BLU", NEAR, 3);
    hub.followUp();
    settled();
    assertThat(shows("MUG-BLU").accepted()).isZero();

    hub.apply(hub.cancellationOf("1001"));
    hub.clock.advance(Duration.ofMinutes(1));
    hub.followUp();
    settled();

    assertThat(shows("MUG-BLU").accepted()).isEqualTo(3);
  }

  @Test
  void aChannelThatShowsWhatItWasToldIsToldOfItsOwnSales() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    settled();

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    assertThat(told(250)).containsEntry("MUG-BLU@64001", 18);
  }

  @Test
  void whileACallIsOpenWhatChangesIsNotQueuedAndWhatRunsOutDoesNotWait() throws SQLException {
    open(Map.of());
    for (var sku : List.of("A", "B", "C")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher(250).publishDue();
    assertThat(calls()).hasSize(1);

    hub.apply(anOrder().numbered("1001").with("A", 1).build());
    publisher(250).publishDue();
    assertThat(calls()).hasSize(1);

    hub.has("D", NEAR, 2);
    lists("D", "64001");
    hub.apply(anOrder().numbered("1002").with("D", 2).build());
    publisher(250).publishDue();
    assertThat(calls()).hasSize(2);
    assertThat(articles(calls().getLast())).containsExactly("D");
    assertThat(calls().getLast().content().at("/items/0/quantity").asInt()).isZero();
  }

  @Test
  void aChannelThatTakesOneListingACallIsToldOfEightAtOnce() throws SQLException {
    open(Map.of());
    for (var i = 0; i < 10; i++) {
      hub.has("A" + i, NEAR, 50);
      lists("A" + i, "64001");
    }

    publisher(1).publishDue();

    assertThat(calls()).hasSize(8).allSatisfy(call -> assertThat(articles(call)).hasSize(1));
  }

  @Test
  void whereManyGoTogetherAndSlowlyFewAndWhatHurriesGoOneByOne() throws SQLException {
    open(Map.of());
    var publisher =
        new StockPublisher(
            DATABASE.dataSource(),
            clock,
            topology,
            Map.of(SHOP, 250),
            Map.of(SHOP, 3),
            Map.of(),
            () -> hub.items);
    for (var sku : List.of("A", "B", "C")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher.publishDue();
    assertThat(calls()).singleElement().satisfies(c -> assertThat(articles(c)).hasSize(3));
    settled();

    hub.apply(anOrder().numbered("1001").with("A", 1).build());
    hub.apply(anOrder().numbered("1002").with("B", 1).build());
    publisher.publishDue();
    assertThat(calls()).hasSize(2);
    settled();

    for (var sku : List.of("A", "B", "C")) {
      hub.apply(anOrder().numbered("2-" + sku).with(sku, sku.equals("C") ? 50 : 49).build());
    }
    publisher.publishDue();
    assertThat(calls()).hasSize(3);
  }

  @Test
  void whatAChannelOnlyTookOnIsShownWhenItSaysSoAndWhatItRefusesIsADeadLetter()
      throws SQLException {
    open(Map.of());
    for (var sku : List.of("A", "B")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher(250).publishDue();
    takenOn("F-1");

    hub.apply(
        new Acknowledgment(
            "F-1",
            null,
            Acknowledgment.State.ACCEPTED,
            null,
            null,
            null,
            List.of(new Acknowledgment.Refused("item-B", "90220", "It is archived.")),
            clock.instant()),
        hub.message(SHOP, "acknowledgment", "F-1"));

    assertThat(shows("A").accepted()).isEqualTo(50);
    assertThat(shows("B").accepted()).isNull();
    assertThat(
            hub.all(
                """
                SELECT (c.content::json #>> '{items,0,sku}') || ' ' || f.kind || ' ' || f.sentence FROM delivery d
                JOIN delivery_content c ON c.delivery_id = d.id JOIN failure f ON f.id = d.failure_id WHERE d.state = 'PARKED'""",
                rows -> rows.getString(1)))
        .containsExactly(
            "B REFUSED '%s' refused the quantity of listing 'item-B': It is archived. Correct the cause with the partner, then replay."
                .formatted(SHOP));
    publisher(250).publishDue();
    assertThat(calls()).isEmpty();

    hub.apply(anOrder().numbered("1001").with("A", 1).build());
    publisher(250).publishDue();
    assertThat(articles(calls().getFirst())).containsExactly("A");
  }

  @Test
  void whatRunsOutDoesNotWaitForAJobAndIsToldOnceMoreWhenThatIsDone() throws SQLException {
    open(Map.of());
    for (var sku : List.of("A", "B")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher(250).publishDue();
    takenOn("F-1");

    hub.apply(anOrder().numbered("1001").with("A", 50).build());
    hub.apply(anOrder().numbered("1002").with("B", 1).build());
    publisher(250).publishDue();
    assertThat(calls())
        .singleElement()
        .satisfies(c -> assertThat(articles(c)).containsExactly("A"));
    assertThat(calls().getFirst().content().at("/items/0/quantity").asInt()).isZero();
    answered(Map.of());

    // the job was told of fifty, and may be done after the call that said none
    hub.apply(
        new Acknowledgment(
            "F-1", null, Acknowledgment.State.ACCEPTED, null, null, null, null, clock.instant()),
        hub.message(SHOP, "acknowledgment", "F-1"));
    publisher(250).publishDue();

    assertThat(articles(calls().getFirst())).containsExactly("A");
    assertThat(calls().getFirst().content().at("/items/0/quantity").asInt()).isZero();
    settled();
    assertThat(shows("A").accepted()).isZero();
    assertThat(shows("B").accepted()).isEqualTo(49);
    publisher(250).publishDue();
    assertThat(calls()).isEmpty();
  }

  @Test
  void whatAChannelTookOnAndForgotIsToldAnew() throws SQLException {
    open(Map.of());
    hub.has("A", NEAR, 50);
    lists("A", "64001");
    publisher(250).publishDue();
    takenOn("F-1");

    publisher(250).publishDue();
    assertThat(calls()).isEmpty();
    clock.advance(Duration.ofHours(2));
    publisher(250).publishDue();

    assertThat(articles(calls().getFirst())).containsExactly("A");
    var late =
        hub.apply(
            new Acknowledgment(
                "F-1",
                null,
                Acknowledgment.State.ACCEPTED,
                null,
                null,
                null,
                null,
                clock.instant()),
            hub.message(SHOP, "acknowledgment", "F-1"));
    assertThat(late.messageState()).isEqualTo("IGNORED");
    assertThat(calls()).hasSize(1);
  }

  private void takenOn(String job) {
    hub.run(
        "UPDATE delivery SET state = 'PENDING', remote_id = ?, due_at = ? WHERE id = ?",
        job,
        clock.instant().plusSeconds(3_600),
        calls().getFirst().id());
  }

  @Test
  void aListingThatBearsFewChangesRestsUnlessItRunsOut() throws SQLException {
    open(Map.of());
    var publisher =
        new StockPublisher(
            DATABASE.dataSource(),
            clock,
            topology,
            Map.of(SHOP, 250),
            Map.of(),
            Map.of(SHOP, new StockRest(Duration.ofMinutes(6), null)),
            () -> hub.items);
    hub.has("A", NEAR, 50);
    hub.has("B", NEAR, 50);
    lists("A", "64001");
    lists("B", "64001");
    publisher.publishDue();
    settled();

    hub.apply(anOrder().numbered("1001").with("A", 1).build());
    hub.apply(anOrder().numbered("1002").with("B", 50).build());
    publisher.publishDue();
    assertThat(articles(calls().getLast())).containsExactly("B");
    answered(Map.of());

    clock.advance(Duration.ofMinutes(6));
    publisher.publishDue();
    assertThat(articles(calls().getLast())).containsExactly("A");
    assertThat(calls().getLast().content().at("/items/0/quantity").asInt()).isEqualTo(49);
  }

  @Test
  void whatGathersForAChannelThatWantsFewCallsGoesInOneUnlessItRunsOut() throws SQLException {
    open(Map.of());
    var publisher = paced(Duration.ofMinutes(15), null);
    for (var sku : List.of("A", "B", "C")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher.publishDue();
    settled();

    clock.advance(Duration.ofMinutes(14));
    hub.apply(anOrder().numbered("1001").with("A", 1).build());
    publisher.publishDue();
    hub.apply(anOrder().numbered("1002").with("C", 50).build());
    publisher.publishDue();
    assertThat(articles(answered(Map.of()))).containsExactly("C");

    hub.apply(anOrder().numbered("1003").with("B", 1).build());
    clock.advance(Duration.ofMinutes(14));
    publisher.publishDue();
    assertThat(calls()).as("one went a moment ago").isEmpty();
    clock.advance(Duration.ofMinutes(1));
    publisher.publishDue();
    assertThat(articles(calls().getFirst())).containsExactly("A", "B");
  }

  @Test
  void everythingIsToldAgainAfterAWhileThoughNothingChanged() throws SQLException {
    open(Map.of());
    var publisher = paced(Duration.ofMinutes(15), Duration.ofHours(20));
    for (var sku : List.of("A", "B")) {
      hub.has(sku, NEAR, 50);
      lists(sku, "64001");
    }
    publisher.publishDue();
    settled();
    clock.advance(Duration.ofHours(10));
    hub.apply(anOrder().numbered("1001").with("B", 1).build());
    publisher.publishDue();
    assertThat(articles(answered(Map.of()))).containsExactly("B");

    clock.advance(Duration.ofHours(9));
    publisher.publishDue();
    assertThat(calls()).isEmpty();
    clock.advance(Duration.ofHours(1));
    publisher.publishDue();

    assertThat(calls()).hasSize(1);
    assertThat(articles(answered(Map.of()))).containsExactly("A", "B");
    clock.advance(Duration.ofMinutes(1));
    publisher.publishDue();
    assertThat(calls()).as("once").isEmpty();
  }

  private StockPublisher paced(Duration pace, Duration refresh) {
    return new StockPublisher(
        DATABASE.dataSource(),
        clock,
        topology,
        Map.of(SHOP, 250),
        Map.of(),
        Map.of(SHOP, new StockRest(Duration.ZERO, null, pace, refresh)),
        () -> hub.items);
  }

  @Test
  void variationsOfOneListingRestTogetherAndAreToldByTurns() throws SQLException {
    open(Map.of());
    var publisher =
        new StockPublisher(
            DATABASE.dataSource(),
            clock,
            topology,
            Map.of(SHOP, 250),
            Map.of(),
            Map.of(SHOP, new StockRest(Duration.ofMinutes(6), "/")),
            () -> hub.items);
    var listings = Map.of("A", "110/1", "B", "110/2", "C", "110/3", "D", "120/4");
    for (var listing : new TreeMap<>(listings).entrySet()) {
      hub.has(listing.getKey(), NEAR, 50);
      offers(listing.getKey(), listing.getValue());
    }
    publisher.publishDue();
    assertThat(articles(calls().getFirst())).as("first each is told").hasSize(4);
    settled();

    clock.advance(Duration.ofMinutes(6));
    hub.apply(anOrder().numbered("1001").with("A", 1).with("B", 1).with("D", 1).build());
    publisher.publishDue();
    assertThat(articles(calls().getLast())).containsExactlyInAnyOrder("A", "D");
    answered(Map.of());
    publisher.publishDue();
    assertThat(calls()).as("its listing rests").isEmpty();

    hub.apply(anOrder().numbered("1002").with("C", 50).build());
    publisher.publishDue();
    assertThat(articles(calls().getLast())).as("runs out").containsExactly("C");
    answered(Map.of());

    clock.advance(Duration.ofMinutes(6));
    hub.apply(anOrder().numbered("1003").with("A", 1).build());
    publisher.publishDue();
    assertThat(articles(calls().getLast())).as("its turn").containsExactly("B");
    answered(Map.of());
    clock.advance(Duration.ofMinutes(6));
    publisher.publishDue();
    assertThat(articles(calls().getLast())).containsExactly("A");
  }

  @Test
  void aCallThatWaitsUntilItIsNotTrueAnyMoreIsMadeAnew() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    publisher(250).publishDue();
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());

    clock.advance(Duration.ofSeconds(4));
    publisher(250).publishDue();
    assertThat(calls().getFirst().content().at("/items/0/quantity").asInt()).isEqualTo(20);
    clock.advance(Duration.ofSeconds(2));
    publisher(250).publishDue();

    assertThat(calls()).hasSize(1);
    assertThat(calls().getFirst().content().at("/items/0/quantity").asInt()).isEqualTo(18);
    assertThat(hub.text("SELECT reason FROM delivery WHERE state = 'SUPERSEDED'"))
        .isEqualTo("It waited for its turn until it was not true any more.");
  }

  @Test
  void whatSomebodyChangedMeanwhileIsReadAnewByItselfAndAtOnce() throws SQLException {
    open(Map.of());
    hub.has("A", NEAR, 20).has("B", NEAR, 20);
    lists("A", "64001");
    lists("B", "64001");
    publisher(250).publishDue();

    answered(Map.of("A", FailureKind.STALE));
    publisher(250).publishDue();

    assertThat(calls()).hasSize(2);
    assertThat(articles(calls().getFirst())).containsExactly("B");
    assertThat(articles(calls().getLast())).containsExactly("A");
    assertThat(calls().getLast().content().at("/items/0").has("changeFrom")).isFalse();
  }

  @Test
  void callsCarryLessWhereTheyFailForWhatWasSoldMeanwhileAndMoreWhenTheySucceed()
      throws SQLException {
    open(Map.of());
    for (var sku : List.of("A", "B", "C", "D")) {
      hub.has(sku, NEAR, 20);
      lists(sku, "64001");
    }
    var publisher = publisher(4);
    publisher.publishDue();
    assertThat(calls()).hasSize(1);
    var call = calls().getFirst();
    var stale =
        new Outcome.Failed(Failure.of(FailureKind.STALE, "Sold meanwhile.", Place.of(SHOP)));

    publisher.settle(
        call,
        new Outcome.Items(
            call.content().path("items").findValuesAsText("key").stream()
                .map(key -> new Outcome.Item(key, stale))
                .toList()));
    hub.run("UPDATE delivery SET state = 'CONFIRMED'");
    publisher.publishDue();
    assertThat(calls()).extracting(PublicationsIT::articles).allMatch(a -> a.size() == 2);
    assertThat(calls()).hasSize(2);

    for (var next : calls()) {
      publisher.settle(
          next,
          new Outcome.Items(
              next.content().path("items").findValuesAsText("key").stream()
                  .map(key -> new Outcome.Item(key, new Outcome.Confirmed(null)))
                  .toList()));
    }
    hub.run("UPDATE delivery SET state = 'CONFIRMED'");
    for (var sku : List.of("A", "B", "C", "D")) {
      hub.has(sku, FAR, 20);
    }
    publisher.publishDue();
    assertThat(calls()).hasSize(1);
  }

  @Test
  void aRefusedListingIsPendingUntilSomebodySeesToIt() throws SQLException {
    open(Map.of());
    hub.has("A", NEAR, 20);
    lists("A", "64001");
    publisher(250).publishDue();
    clock.advance(Duration.ofSeconds(3));

    answered(Map.of("A", FailureKind.REFUSED));

    assertThat(hub.number("SELECT count(*) FROM delivery WHERE state = 'PARKED'")).isEqualTo(1);
    assertThat(shows("A").lag()).isEqualTo(Duration.ofSeconds(3));
    hub.run("DELETE FROM failure");
  }

  @Test
  void howFarAChannelIsBehindIsSeen() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20);
    lists("MUG-BLU", "64001");
    settled();
    assertThat(shows("MUG-BLU").pendingSince()).isNull();
    assertThat(shows("MUG-BLU").exposure()).isZero();

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 5).build());
    clock.advance(Duration.ofSeconds(2));

    var behind = shows("MUG-BLU");
    assertThat(behind.wanted()).isEqualTo(15);
    assertThat(behind.accepted()).isEqualTo(20);
    assertThat(behind.lag()).isEqualTo(Duration.ofSeconds(2));
    assertThat(behind.exposure()).isEqualTo(5);
    var standing =
        new Publications(DATABASE.dataSource(), clock, topology, () -> hub.items)
            .standings()
            .get(SHOP);
    assertThat(standing).isEqualTo(new Publications.Standing(1, Duration.ofSeconds(2), 5));
    var publisher = publisher(250);
    publisher.publishDue();
    clock.advance(Duration.ofSeconds(1));
    var call = calls().getFirst();
    publisher.settle(call, new Outcome.Confirmed(null));
    assertThat(shows("MUG-BLU").accepted()).isEqualTo(15);
    assertThat(publisher.lags().quantile(SHOP, 0.95)).isEqualTo(Duration.ofSeconds(3));
    assertThat(publisher.lags().counts()).containsEntry(SHOP, 1L);
  }

  @Test
  void whatIsKeptBackFromAChannelIsNotToldToIt() throws SQLException {
    open(Map.of());
    hub.has("MUG-BLU", NEAR, 20).has("MUG-BLU", FAR, 4);
    lists("MUG-BLU", "64001");
    settled();

    hub.applyInside(new BufferChange(new Buffer("MUG-BLU", "", SHOP, 3, null)));

    assertThat(told(250)).containsEntry("MUG-BLU@64001", 18);
  }

  @Test
  void aWholeCountOfOneNodeIsNotUrgentWhileAnotherNodeHasSome() throws SQLException {
    open(Map.of());
    hub.has("A", NEAR, 20).has("A", FAR, 20).has("B", NEAR, 20);
    lists("A", "64001");
    lists("B", "64001");
    settled();

    clock.advance(Duration.ofMinutes(1));
    hub.apply(
        new StockReport(
            NEAR, null, StockReport.Kind.ABSOLUTE, clock.instant(), null, List.of(), true));

    assertThat(hub.all("SELECT sku FROM publication WHERE urgent", rows -> rows.getString(1)))
        .containsExactly("B");
  }

  /** Messy order 13: everybody wants the one article, in every channel at once. */
  @Test
  void aFlashSaleOnOneArticleEndsAtZeroInEveryChannel() throws SQLException {
    var channels = List.of(SHOP, "shop-2", "shop-3", "shop-4", "shop-5", "shop-6");
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    for (var channel : channels) {
      accounts.put(
          channel,
          new Topology.Account(
              channel,
              true,
              false,
              true,
              Map.of("stock", RepeatMode.IDEMPOTENT),
              Duration.ofHours(48)));
    }
    topology = new Topology(AHub.TWO_NODES.nodes(), accounts, Set.copyOf(channels));
    hub = new AHub(DATABASE, topology, clock);
    hub.has("HYPE", NEAR, 40).has("HYPE", FAR, 10);
    for (var channel : channels) {
      hub.apply(
          new ListingReport(
              List.of(new ListingReport.Listing("h", "HYPE", null, "Hype", "1", 1_000))),
          hub.message(channel, "listing", "HYPE"));
    }
    settled();

    var orders = new ArrayList<CompletableFuture<ApplyResult>>();
    for (var i = 0; i < 120; i++) {
      var order =
          anOrder().of(channels.get(i % 6)).numbered(Integer.toString(5000 + i)).with("HYPE", 1);
      var done = new CompletableFuture<ApplyResult>();
      hub.engine()
          .apply(
              order.build(), Json.node(order.build()), hub.message(order.build()), done::complete);
      orders.add(done);
    }
    orders.forEach(AHub::get);
    var owed = publisher(250).publishDue();

    assertThat(hub.number("SELECT sum(allocated) FROM order_line")).isEqualTo(50);
    assertThat(hub.number("SELECT sum(backordered) FROM order_line")).isEqualTo(70);
    assertThat(owed).containsExactlyInAnyOrderElementsOf(channels);
    assertThat(calls())
        .allSatisfy(call -> assertThat(call.content().at("/items/0/quantity").asInt()).isZero());
    settled();
    assertThat(hub.number("SELECT count(*) FROM publication WHERE quantity <> 0")).isZero();
    assertThat(
            new Publications(DATABASE.dataSource(), clock, topology, () -> hub.items)
                .standings()
                .values())
        .allMatch(so -> so.pending() == 0 && so.exposure() == 0);
  }
}
