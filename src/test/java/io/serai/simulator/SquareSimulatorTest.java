package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Square stand-in refuses what Square refuses and keeps what Square keeps. */
class SquareSimulatorTest {

  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final String MUG = "V0000002SQ";

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private final ManualClock clock = new ManualClock(NOW);
  private SquareSimulator square;

  @BeforeEach
  void open() {
    square = SquareSimulator.start(options());
  }

  @AfterEach
  void close() {
    square.close();
    ear.close();
  }

  private SquareOptions options() {
    return SquareOptions.in(folder).notificationsTo(ear.url()).clock(clock);
  }

  private Caller.Reply post(String path, String body) throws IOException {
    return Caller.post(
        square.url(),
        "/v2" + path,
        body.replace('\'', '"'),
        "Authorization",
        "Bearer square-access-token",
        "Square-Version",
        "2026-05-20");
  }

  private static String code(Caller.Reply refused) {
    return refused.json().at("/errors/0/code").asText();
  }

  @Test
  void aSaleIsToldTwiceBySignedWebhooksThatNameItOnly() {
    var id = square.sell("MUG-BLU", 2, NOW);

    soon(() -> assertThat(ear.heard()).hasSize(2));
    assertThat(ear.heard())
        .allSatisfy(
            event -> {
              assertThat(event.header("x-square-hmacsha256-signature"))
                  .contains(square.sign(event.body()));
              assertThat(Ear.json(event).at("/data/id").asText()).isEqualTo(id);
              assertThat(Ear.json(event).toString()).doesNotContain("line_items");
            });
    assertThat(ear.heard())
        .extracting(event -> Ear.json(event).get("event_id").asText())
        .doesNotHaveDuplicates();
    assertThat(square.order(id).at("/state").asText()).isEqualTo("COMPLETED");
    soon(() -> assertThat(square.owed()).isZero());
  }

  @Test
  void whatWasNotHeardIsToldAgainAfterARestart() {
    ear.answering(503);
    square.sell("MUG-BLU", 1, NOW);
    soon(() -> assertThat(ear.heard()).hasSizeGreaterThanOrEqualTo(2));
    square.close();
    ear.answering(200);

    square = SquareSimulator.start(options());

    soon(() -> assertThat(square.owed()).isZero());
    assertThat(square.placed()).isEqualTo(1);
  }

  @Test
  void aStrangerAndAVersionThatIsNoDateAreSentAway() throws IOException {
    var id = square.sell("MUG-BLU", 1, NOW);

    var stranger = Caller.get(square.url(), "/v2/orders/" + id, "Authorization", "Bearer guessed");
    var odd =
        Caller.get(
            square.url(),
            "/v2/orders/" + id,
            "Authorization",
            "Bearer square-access-token",
            "Square-Version",
            "newest");

    assertThat(stranger.status()).isEqualTo(401);
    assertThat(code(stranger)).isEqualTo("UNAUTHORIZED");
    assertThat(code(odd)).isEqualTo("INVALID_SQUARE_VERSION_FORMAT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /orders/search                 | {}                                               | BAD_REQUEST
          /orders/search                 | {'location_ids':['L'],'limit':1001}              | INVALID_VALUE
          /orders/search                 | {'location_ids':['L'],'cursor':'bm8='}           | INVALID_CURSOR
          /orders/search                 | {'location_ids':['L'],'query':{'filter':{'date_time_filter':{'updated_at':{'start_at':'2026-01-01T00:00:00Z'}}},'sort':{'sort_field':'CLOSED_AT'}}} | BAD_REQUEST
          /orders/search                 | {'location_ids':['L'],'query':{'filter':{'date_time_filter':{'updated_at':{'start_at':'yesterday'}}},'sort':{'sort_field':'UPDATED_AT'}}}           | INVALID_TIME
          /orders/search                 | []                                               | EXPECTED_JSON_BODY
          /catalog/batch-retrieve        | {}                                               | MISSING_REQUIRED_PARAMETER
          /inventory/changes/batch-create | {'changes':[]}                                  | MISSING_REQUIRED_PARAMETER
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[]}            | ARRAY_EMPTY
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'TRANSFER'}]} | INVALID_VALUE
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'V0000002SQ','quantity':'1','occurred_at':'2026-03-02T10:00:00Z'}}]} | MISSING_REQUIRED_PARAMETER
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'V0000002SQ','location_id':'L','quantity':'1'}}]} | INVALID_TIME
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'V0000002SQ','location_id':'L','quantity':'1','occurred_at':'2026-03-01T09:59:59Z'}}]} | INVALID_TIME
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'V0000002SQ','location_id':'L','quantity':1,'occurred_at':'2026-03-02T10:00:00Z'}}]} | INVALID_VALUE
          /inventory/changes/batch-create | {'idempotency_key':'k','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'nothing','location_id':'L','quantity':'1','occurred_at':'2026-03-02T10:00:00Z'}}]} | NOT_FOUND
          /nothing                       | {}                                               | NOT_FOUND
          """)
  void whatSquareRefusesIsRefused(String path, String body, String code) throws IOException {
    var refused = post(path, body);

    assertThat(refused.status()).isBetween(400, 404);
    assertThat(code(refused)).isEqualTo(code);
  }

  @Test
  void aSearchGoesFromPageToPageAndItsCursorIsForItsOwnQueryOnly() throws IOException {
    var ids = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      ids.add(square.sell("MUG-BLU", 1, NOW));
      clock.advance(Duration.ofMinutes(1));
    }
    var query =
        """
        'location_ids':['LH0B0KEN'],'limit':2,'query':{'filter':{'state_filter':{'states':['COMPLETED']},
        'date_time_filter':{'updated_at':{'start_at':'2026-03-02T10:01:00Z'}}},'sort':{'sort_field':'UPDATED_AT','sort_order':'ASC'}}""";

    var first = post("/orders/search", "{" + query + "}").json();
    var cursor = first.get("cursor").asText();
    var second = post("/orders/search", "{" + query + ",'cursor':'" + cursor + "'}").json();
    var other = post("/orders/search", "{'location_ids':['L'],'cursor':'" + cursor + "'}");

    assertThat(ids(first)).containsExactly(ids.get(1), ids.get(2));
    assertThat(ids(second)).containsExactly(ids.get(3), ids.get(4));
    assertThat(second.has("cursor")).isFalse();
    assertThat(code(other)).isEqualTo("INVALID_CURSOR");
  }

  private static java.util.List<String> ids(JsonNode page) {
    return page.get("orders").findValuesAsText("id").stream()
        .filter(id -> id.matches("SQ(SL|RT)\\d{8}"))
        .toList();
  }

  @Test
  void anIdempotencyKeyIsForOneContentAndWorksOnce() throws IOException {
    var add =
        """
        {'idempotency_key':'k','changes':[{'type':'ADJUSTMENT','adjustment':{'catalog_object_id':'%s','location_id':'LH0B0KEN',
        'from_state':'NONE','to_state':'IN_STOCK','quantity':'%d','occurred_at':'2026-03-02T10:00:00Z'}}]}""";

    post("/inventory/changes/batch-create", add.formatted(MUG, 5));
    var again = post("/inventory/changes/batch-create", add.formatted(MUG, 5));
    var other = post("/inventory/changes/batch-create", add.formatted(MUG, 6));

    assertThat(again.json().at("/counts/0/quantity").asText()).isEqualTo("1005");
    assertThat(code(other)).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void ofTwoCountsTheLaterOneHoldsAndSalesAreTakenOff() throws IOException {
    var count =
        """
        {'idempotency_key':'%1$s','changes':[{'type':'PHYSICAL_COUNT','physical_count':{'catalog_object_id':'V0000002SQ',
        'location_id':'LH0B0KEN','state':'IN_STOCK','quantity':'%1$s','occurred_at':'2026-03-02T%2$s:00:00Z'}}]}""";

    post("/inventory/changes/batch-create", count.formatted(40, "09"));
    post("/inventory/changes/batch-create", count.formatted(30, "08"));
    square.sell("MUG-BLU", 3, NOW);

    var counts =
        post("/inventory/counts/batch-retrieve", "{'catalog_object_ids':['" + MUG + "']}").json();
    assertThat(counts.at("/counts/0/quantity").asText()).isEqualTo("37");
  }

  @Test
  void whatIsSoldIsGoneAndWhatComesBackLiesThereAgain() {
    var sale = square.sell("MUG-BLU", 3, NOW);
    var back = square.giveBack("MUG-BLU", 1, sale);

    var books = square.books();
    assertThat(books.taken()).containsEntry("MUG-BLU", 2);
    assertThat(books.orders()).containsOnlyKeys(sale);
    assertThat(square.order(back).at("/returns/0/source_order_id").asText()).isEqualTo(sale);
  }

  @Test
  void aTillWithEmptyShelvesSellsNothingThatLiesThere() {
    square.close();
    square = SquareSimulator.start(options().shelf(1));

    square.createUpTo(80, 0);

    soon(() -> assertThat(square.placed()).isEqualTo(80));
    assertThat(square.books().taken().values()).allMatch(units -> units <= 1);
  }
}
