package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of stock by hand, over HTTP. */
@ResourceLock(ApiHub.SHARED)
class StockChangesApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String sku = "SKU-" + UUID.randomUUID();

  @BeforeEach
  void aNode() {
    hub.node("nj-1");
  }

  private ApiHub.Answer change(String verb, String row) {
    return hub.send(
        ApiHub.bearer(ApiHub.TOKEN),
        "POST",
        "/stock/" + verb,
        "{\"node\":\"nj-1\",\"reason\":\"It was so\",\"rows\":[{\"sku\":\"%s\"%s}]}"
            .formatted(sku, row));
  }

  private JsonNode level() {
    return hub.get("/stock?sku=" + sku).json().at("/items/0");
  }

  private ApiHub.Answer buffer(String rest) {
    return hub.put("/stock-buffers", "{\"sku\":\"%s\",%s}".formatted(sku, rest));
  }

  @Test
  void unitsComeAreSetAsideAndCountedAndTheLedgerTellsHow() {
    assertThat(change("receive", ",\"quantity\":10").json().at("/done/0/onHand").asInt())
        .isEqualTo(10);
    change("move", ",\"quantity\":2,\"from\":\"SELLABLE\",\"to\":\"DAMAGED\"");
    change("adjust", ",\"quantity\":-1");

    var level = level();
    assertThat(level.path("onHand").asInt()).isEqualTo(9);
    assertThat(level.path("damaged").asInt()).isEqualTo(2);
    assertThat(level.path("available").asInt()).isEqualTo(7);
    assertThat(level.path("source").asText()).isEqualTo("token:api");
    assertThat(level.path("unsellableSource").asText()).isEqualTo("token:api");
    assertThat(level.path("ageSeconds").asLong()).isBetween(0L, 600L);

    var movements = hub.get("/stock/" + sku + "/movements").json().path("items");
    assertThat(movements)
        .extracting(m -> m.path("cause").asText())
        .containsExactly("adjustment", "condition", "receipt");
    assertThat(movements)
        .allSatisfy(m -> assertThat(m.path("note").asText()).isEqualTo("It was so"));
    var first = hub.get("/stock/" + sku + "/movements?limit=1&cause=receipt").json();
    assertThat(first.at("/items/0/quantity").asInt()).isEqualTo(10);
    assertThat(first.path("next").isNull()).isTrue();
    var page = hub.get("/stock/" + sku + "/movements?limit=2").json();
    assertThat(
            hub.get("/stock/" + sku + "/movements?limit=2&cursor=" + page.path("next").asText())
                .json()
                .path("items"))
        .hasSize(1);
  }

  @Test
  void anyInstantCanBeRebuilt() {
    change("receive", ",\"quantity\":10");
    var then = hub.jdbc.sql("SELECT clock_timestamp()::text").query(String.class).single();
    change("adjust", ",\"quantity\":-4");

    var now = hub.get("/stock/" + sku + "/levels").json();
    var past =
        hub.get(
                "/stock/"
                    + sku
                    + "/levels?at="
                    + then.replace(' ', 'T')
                        .replaceAll("([+-]\\d\\d)$", "$1:00")
                        .replace("+", "%2B"))
            .json();

    assertThat(now.at("/nodes/0/onHand").asInt()).isEqualTo(6);
    assertThat(past.at("/nodes/0/onHand").asInt()).isEqualTo(10);
    assertThat(past.at("/nodes/0/available").asInt()).isEqualTo(10);
    assertThat(
            hub.get("/stock/" + sku + "/levels?at=2020-01-01T00:00:00Z")
                .json()
                .at("/nodes/0/onHand")
                .asInt())
        .isZero();
  }

  @Test
  void aFreezeIsSeenAndACountEndsIt() {
    change("receive", ",\"quantity\":10");

    change("freeze", "");
    assertThat(level().path("frozen").asInt()).isEqualTo(10);
    assertThat(level().path("frozenSince").isTextual()).isTrue();
    assertThat(change("freeze", "").detail())
        .startsWith(
            "None of the 1 rows for node 'nj-1' can be done; the first: SKU '%s' is frozen at node 'nj-1' since"
                .formatted(sku));

    var counted = change("count", ",\"quantity\":8").json();
    assertThat(counted.at("/done/0/onHandBefore").asInt()).isEqualTo(10);
    assertThat(level().path("frozen").asInt()).isZero();
    assertThat(level().path("available").asInt()).isEqualTo(8);
    assertThat(level().path("countedAt").isTextual()).isTrue();
    change("freeze", "");
    change("unfreeze", "");
    assertThat(level().path("available").asInt()).isEqualTo(8);
  }

  @Test
  void announcedUnitsAreListedUntilTheyAreReceived() {
    change(
        "expect", ",\"quantity\":10,\"advice\":\"PO-7\",\"expectedAt\":\"2020-01-01T08:00:00Z\"");

    var incoming = hub.get("/incoming-stock?sku=" + sku).json().at("/items/0");
    assertThat(incoming.path("open").asInt()).isEqualTo(10);
    assertThat(incoming.path("overdue").asBoolean()).isTrue();
    assertThat(level().path("incoming").asInt()).isEqualTo(10);
    assertThat(level().path("asOf").isMissingNode() || level().path("asOf").isNull()).isTrue();

    change("receive", ",\"quantity\":10,\"advice\":\"PO-7\"");
    assertThat(hub.get("/incoming-stock?sku=" + sku).json().path("items")).isEmpty();
    assertThat(level().path("available").asInt()).isEqualTo(10);
  }

  @Test
  void aBufferHoldsWithTheAnswerAndIsListed() {
    change("receive", ",\"quantity\":10");

    assertThat(buffer("\"node\":\"nj-1\",\"percent\":25").status()).isEqualTo(200);

    assertThat(level().path("safety").asInt()).isEqualTo(3);
    assertThat(level().at("/buffer/percent").asInt()).isEqualTo(25);
    var listed = hub.get("/stock-buffers?sku=" + sku).json().at("/items/0");
    assertThat(listed.path("percent").asInt()).isEqualTo(25);
    assertThat(listed.path("changedBy").asText()).isEqualTo("token:api");
    buffer("\"node\":\"nj-1\",\"percent\":null");
    assertThat(level().path("safety").asInt()).isZero();
    assertThat(hub.get("/stock-buffers?sku=" + sku).json().path("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"units\":-1 | 'units' is '-1'; it is a whole number from 0 to 1000000000.",
        "\"percent\":101 | 'percent' is '101'; it is a whole number from 0 to 100.",
        "\"units\":1.5 | 'units' is '1.5'; it is a whole number from 0 to 1000000000.",
        "\"units\":1,\"percent\":1 | The buffer has units and percent; give one of them.",
        "\"nodes\":1 | Field 'nodes' is not known; a buffer has sku, node, channel, units, percent and reason.",
        "\"node\":\"nj-1\" | The buffer has neither units nor percent; give one of them, or null to remove it.",
        "\"node\":7,\"units\":1 | 'node' is '7'; give it as text of at most 255 characters, or leave it out for every one.",
      })
  void aBufferThatIsNoneIsRefusedInOneSentence(String rest, String sentence) {
    var answer = buffer(rest);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).isEqualTo(sentence);
  }

  @Test
  void whatWasNotCountedForLongerThanItsClassAllowsIsDue() {
    hub.put("/items", "{\"items\":[{\"sku\":\"%s\",\"abcClass\":\"B\"}]}".formatted(sku));
    hub.put(
        "/stock", "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"%s\",\"onHand\":9}]}".formatted(sku));
    assertThat(due()).isEmpty();

    hub.jdbc
        .sql("UPDATE stock_level SET counted_at = counted_at - interval '31 days' WHERE sku = :sku")
        .param("sku", sku)
        .update();

    assertThat(due()).hasSize(1);
    assertThat(due().get(0).path("node").asText()).isEqualTo("nj-1");
    assertThat(due().get(0).path("onHand").asInt()).isEqualTo(9);
    assertThat(hub.put("/stock-classes/B", "{\"countEveryDays\":40,\"alarmPercent\":10}").status())
        .isEqualTo(200);
    assertThat(due()).as("later").isEmpty();
    assertThat(hub.get("/stock-classes").json().toString())
        .contains("{\"class\":\"B\",\"countEveryDays\":40,\"alarmPercent\":10}");
    hub.put("/stock-classes/B", "{\"countEveryDays\":30,\"alarmPercent\":10}");
    assertThat(due()).hasSize(1);
    change("count", ",\"quantity\":9");
    assertThat(due()).isEmpty();
  }

  private List<JsonNode> due() {
    var due = new ArrayList<JsonNode>();
    var cursor = "";
    do {
      var page = hub.get("/stock-counts?class=B&limit=2" + cursor).json();
      page.path("items").forEach(due::add);
      cursor = page.hasNonNull("next") ? "&cursor=" + page.path("next").asText() : null;
    } while (cursor != null);
    return due.stream().filter(one -> sku.equals(one.path("sku").asText())).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A | {\"countEveryDays\":0,\"alarmPercent\":5} | 400 | 'countEveryDays' is '0'; it is a whole number from 1 to 3650.",
        "A | {\"countEveryDays\":7} | 400 | 'alarmPercent' is ''; it is a whole number from 0 to 1000.",
        "A | {\"every\":7} | 400 | Field 'every' is not known; a class has countEveryDays and alarmPercent.",
        "D | {\"countEveryDays\":7,\"alarmPercent\":5} | 404 | Class 'D' is not known; there are A, B and C."
      })
  void aClassThatIsNoneIsRefusedInOneSentence(
      String rank, String body, int status, String sentence) {
    var answer = hub.put("/stock-classes/" + rank, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(sentence);
  }

  private String discrepancy() {
    change("count", ",\"quantity\":4");
    hub.jdbc
        .sql(
            """
            INSERT INTO stock_case (kind, sku, node, quantity, expected, counted, sentence, owner, opened_at, due_at)
            VALUES ('DISCREPANCY', :sku, 'nj-1', 6, 10, 4, 'Six are missing.', 'operations', now(), now())""")
        .param("sku", sku)
        .update();
    var one = hub.get("/stock-cases?kind=discrepancy&sku=" + sku).json().at("/items/0");
    assertThat(one.path("expected").asInt()).isEqualTo(10);
    assertThat(one.path("counted").asInt()).isEqualTo(4);
    return one.path("id").asText();
  }

  private int onHand() {
    return hub.jdbc
        .sql("SELECT on_hand FROM stock_level WHERE sku = :sku")
        .param("sku", sku)
        .query(Integer.class)
        .single();
  }

  @Test
  void aCountThatIsFarOffIsRefusedAfterALookAndOnlyOnce() {
    var id = discrepancy();
    change("adjust", ",\"quantity\":-1"); // what happens since stays as it is

    var looked = hub.post("/stock-cases/" + id + "/refuse", "{\"dryRun\":true}");
    assertThat(looked.json().at("/done/0/onHand").asInt()).isEqualTo(9);
    assertThat(onHand()).isEqualTo(3);
    assertThat(hub.post("/stock-cases/" + id + "/refuse", "{}").detail())
        .isEqualTo("A count is accepted or refused with a reason; say why.");

    var refused = hub.post("/stock-cases/" + id + "/refuse", "{\"reason\":\"the wrong shelf\"}");
    assertThat(refused.status()).isEqualTo(200);
    assertThat(onHand()).isEqualTo(9);
    assertThat(hub.get("/stock-cases?sku=" + sku).json().path("items")).isEmpty();
    var again = hub.post("/stock-cases/" + id + "/refuse", "{\"reason\":\"the wrong shelf\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail())
        .isEqualTo("Case '%s' is closed, so there is no count to accept or refuse.".formatted(id));

    hub.jdbc
        .sql("UPDATE stock_case SET closed_at = NULL WHERE id = :id")
        .param("id", Long.parseLong(id.substring(4)))
        .update(); // as after a crash between the two
    assertThat(
            hub.post("/stock-cases/" + id + "/refuse", "{\"reason\":\"the wrong shelf\"}")
                .json()
                .path("repeated")
                .asBoolean())
        .isTrue();
    assertThat(onHand()).isEqualTo(9);
  }

  @Test
  void aCountThatIsFarOffStandsWhenItIsAccepted() {
    var id = discrepancy();

    var accepted = hub.post("/stock-cases/" + id + "/accept", "{\"reason\":\"six were stolen\"}");

    assertThat(accepted.json().path("closedAt").isTextual()).isTrue();
    assertThat(onHand()).isEqualTo(4);
    assertThat(
            hub.jdbc
                .sql(
                    "SELECT reason FROM audit_entry WHERE object = :case AND action = 'stock.accept'")
                .param("case", "case:" + id)
                .query(String.class)
                .list())
        .containsExactly("six were stolen");
  }

  @Test
  void aCaseOfWhichTheBooksAreNotKnownIsAdjustedByHand() {
    var id = discrepancy();
    hub.jdbc
        .sql("UPDATE stock_case SET expected = NULL, counted = NULL WHERE id = :id")
        .param("id", Long.parseLong(id.substring(4)))
        .update();

    assertThat(hub.post("/stock-cases/" + id + "/refuse", "{\"reason\":\"no\"}").detail())
        .isEqualTo(
            "Case '%s' was opened by an older version, which did not keep what the books had; adjust the stock by hand."
                .formatted(id));
  }

  @Test
  void aShortageIsACaseWithItsMovementsAndPromisesCanBeMovedByHand() {
    change("receive", ",\"quantity\":10");
    hub.jdbc
        .sql("UPDATE stock_level SET allocated = 6 WHERE sku = :sku")
        .param("sku", sku)
        .update();
    hub.put(
        "/stock", "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"%s\",\"onHand\":4}]}".formatted(sku));

    var one = hub.get("/stock-cases?sku=" + sku).json().at("/items/0");

    assertThat(one.path("kind").asText()).isEqualTo("SHORTAGE");
    assertThat(one.path("quantity").asInt()).isEqualTo(2);
    assertThat(one.path("owner").asText()).isEqualTo("operations");
    assertThat(one.path("overdue").asBoolean()).isFalse();
    var id = one.path("id").asText();
    assertThat(hub.get("/stock-cases/" + id).json().path("movements")).hasSize(2);
    assertThat(
            hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", "/stock-cases/" + id + "/relieve", "{}")
                .json()
                .path("reliefAt")
                .isTextual())
        .isTrue();
    hub.put(
        "/stock", "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"%s\",\"onHand\":9}]}".formatted(sku));
    assertThat(hub.get("/stock-cases?sku=" + sku).json().path("items")).isEmpty();
    assertThat(hub.get("/stock-cases?state=all&sku=" + sku).json().path("items")).hasSize(1);
    var closed =
        hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", "/stock-cases/" + id + "/relieve", "{}");
    assertThat(closed.status()).isEqualTo(409);
    assertThat(closed.detail())
        .isEqualTo("Case '%s' is closed, so there are no promises to move.".formatted(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adjust | ,\"quantity\":0 | SKU '%s' has 0 as quantity; a difference is a whole number but 0, at most 1000000000 either way.",
        "adjust | ,\"quantity\":1.5 | SKU '%s' has 1.5 as quantity; a difference is a whole number but 0, at most 1000000000 either way.",
        "receive | ,\"quantity\":-1 | SKU '%s' has -1 as quantity; it is a whole number from 1 to 1000000000.",
        "receive | ,\"quantity\":1e12 | SKU '%s' has 1E+12 as quantity; it is a whole number from 1 to 1000000000.",
        "count | '' | SKU '%s' has no 'quantity'; give a whole number.",
        "count | ,\"quantity\":\"7\" | SKU '%s' has a 'quantity' that is no number; give a whole number.",
        "move | ,\"quantity\":1,\"from\":\"SELLABLE\" | SKU '%s' has no 'to'; give one of SELLABLE, DAMAGED, QUARANTINED.",
        "move | ,\"quantity\":1,\"from\":\"SELLABLE\",\"to\":\"LOST\" | SKU '%s' has 'to' as 'LOST'; give one of SELLABLE, DAMAGED, QUARANTINED.",
        "move | ,\"quantity\":1,\"from\":\"DAMAGED\",\"to\":\"DAMAGED\" | SKU '%s' is to be moved from DAMAGED to DAMAGED; name two conditions.",
        "expect | ,\"quantity\":1 | SKU '%s' has no 'advice'; give the name of the purchase order or delivery.",
        "expect | ,\"quantity\":1,\"advice\":\"PO-7\" | SKU '%s' has no 'expectedAt'; give the instant when it is to come.",
        "expect | ,\"quantity\":1,\"advice\":\"PO-7\",\"expectedAt\":\"soon\" | SKU '%s': 'expectedAt' is 'soon', which is no instant; write it as 2026-01-31T12:00:00Z.",
        "unfreeze | '' | SKU '%s' was never seen at node 'nj-1'; report, count or receive it first.",
        "adjust | ,\"quantity\":1,\"onHand\":1 | Field 'onHand' is not known; a row has advice, condition, expectedAt, from, quantity, sku, to.",
      })
  void aRowThatCannotBeDoneIsRefusedByName(String verb, String row, String sentence) {
    var answer = change(verb, row);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/refused/0/sentence").asText()).endsWith(sentence.formatted(sku));
  }

  @Test
  void theSameSkuTwiceIsRefusedOnceAndDoneOnce() {
    var answer =
        hub.send(
            ApiHub.bearer(ApiHub.TOKEN),
            "POST",
            "/stock/receive",
            "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"%1$s\",\"quantity\":1},{\"sku\":\"%1$s\",\"quantity\":2}]}"
                .formatted(sku));

    assertThat(answer.json().at("/refused/0/sentence").asText())
        .isEqualTo("Row 2: SKU '%s' is given more than once; send it once.".formatted(sku));
    assertThat(level().path("onHand").asInt()).isEqualTo(1);
  }

  @Test
  void aReferenceMakesItSafeToSendAgain() {
    var body =
        "{\"node\":\"nj-1\",\"reference\":\"R-%1$s\",\"rows\":[{\"sku\":\"%1$s\",\"quantity\":5}]}"
            .formatted(sku);
    hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", "/stock/receive", body);

    var again = hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", "/stock/receive", body);

    assertThat(again.json().path("repeated").asBoolean()).isTrue();
    assertThat(level().path("onHand").asInt()).isEqualTo(5);
    assertThat(
            hub.jdbc
                .sql(
                    "SELECT count(*) FROM audit_entry WHERE action = 'stock.receive' AND after::text LIKE :sku")
                .param("sku", "%" + sku + "%")
                .query(Integer.class)
                .single())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | 400 | The body is not an object; send {\"node\": ..., \"rows\": [...]}.",
        "{\"rows\":[]} | 400 | The change names no node; give 'node' as text.",
        "{\"node\":\"nj-1\"} | 400 | The change for node 'nj-1' has no list 'rows'; give rows of sku and quantity.",
        "{\"node\":\"nj-1\",\"levels\":[]} | 400 | Field 'levels' is not known; a change has node, rows, reason, reference, at and dryRun.",
        "{\"node\":\"nj-1\",\"rows\":[],\"at\":\"soon\"} | 400 | 'at' is 'soon', which is no instant; write it as 2026-01-31T12:00:00Z.",
      })
  void aChangeThatIsNoneIsRefusedInOneSentence(String body, int status, String sentence) {
    var answer = hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", "/stock/adjust", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(sentence);
  }

  @Test
  void anUnknownNodeIsNamed() {
    var answer =
        hub.send(
            ApiHub.bearer(ApiHub.TOKEN),
            "POST",
            "/stock/adjust",
            "{\"node\":\"atlantis\",\"rows\":[]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail()).startsWith("Node 'atlantis' is not known;").contains("nj-1");
  }

  @Test
  void aBufferForAChannelThatIsNotThereIsRefusedByName() {
    var answer = buffer("\"channel\":\"shopify-mian\",\"units\":2");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.detail())
        .startsWith("Channel 'shopify-mian' is not known;")
        .contains("shopify-main");
    assertThat(hub.get("/stock-buffers?sku=" + sku).json().path("items")).isEmpty();
  }
}
