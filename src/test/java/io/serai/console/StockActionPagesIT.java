package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a person does to stock: they see what it comes to, then do it, once. */
@ResourceLock(ApiHub.SHARED)
class StockActionPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String sku = "MUG-" + UUID.randomUUID();
  private final String page = "/console/stock/item?sku=" + sku;
  private final Browser operator = Browser.of(hub, "otto");

  @BeforeEach
  void tenLieThere() {
    hub.node("nj-1");
    hub.post(
        "/stock/receive",
        "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"%s\",\"quantity\":10}]}".formatted(sku));
  }

  private int level(String term) {
    return hub.get("/stock?sku=" + sku).json().at("/items/0").path(term).asInt();
  }

  private Browser.Seen plan(String verb, String... fields) {
    var form =
        operator.get(page).page().selectFirst("form:has(input[name=verb][value=" + verb + "])");
    var all = new LinkedHashMap<String, String>();
    form.select("input[type=hidden]").forEach(field -> all.put(field.attr("name"), field.val()));
    all.put("node", "nj-1");
    all.put("reason", "It was so");
    for (var i = 0; i < fields.length; i += 2) {
      all.put(fields[i], fields[i + 1]);
    }
    return operator.submit(form.attr("action"), all);
  }

  private Browser.Seen confirm(Document plan) {
    return operator.press(plan, "/console/stock/change", Map.of());
  }

  @Test
  void whatItComesToIsShownBeforeItIsDone() {
    var plan = plan("adjust", "quantity", "-3");

    assertThat(plan.page().select("tbody td.num").eachText())
        .containsExactly("10", "7", "10", "7", "–", "0");
    assertThat(plan.text()).contains("Nothing is changed yet").contains("It was so");
    assertThat(plan.page().select(".twin").text())
        .contains("./serai stock adjust --node 'nj-1' --reason 'It was so'");
    assertThat(level("onHand")).isEqualTo(10);

    var done = confirm(plan.page());

    assertThat(done.text())
        .contains(
            "Done. '" + sku + "' at 'nj-1': 7 on hand (10 before), 7 may be sold (10 before).");
    assertThat(level("onHand")).isEqualTo(7);
    assertThat(
            hub.jdbc
                .sql(
                    "SELECT reason FROM audit_entry WHERE action = 'stock.adjust' AND actor = 'otto' AND after::text LIKE ?")
                .param("%" + sku + "%")
                .query(String.class)
                .list())
        .containsExactly("It was so");
  }

  @Test
  void pressedTwiceItIsDoneOnceAndAStaleLookIsRefused() {
    var plan = plan("adjust", "quantity", "-3").page();
    var stale = plan("adjust", "quantity", "5").page();
    confirm(plan);

    assertThat(confirm(plan).text()).contains("Done. It was done before; nothing was done again.");
    assertThat(confirm(stale).text())
        .contains(
            "Not done. The stock of '%s' at 'nj-1' has changed since it was looked at (10 on hand then, 7 now). If you sent this before, it may be done: look at its movements, then plan it again."
                .formatted(sku));
    assertThat(level("onHand")).isEqualTo(7);
  }

  @Test
  void unitsAreSetAsideFrozenAndCounted() {
    confirm(plan("move", "quantity", "4", "from", "SELLABLE", "to", "QUARANTINED").page());
    assertThat(level("quarantined")).isEqualTo(4);
    assertThat(level("available")).isEqualTo(6);

    confirm(plan("freeze").page());
    assertThat(level("available")).isZero();

    var plan = plan("count", "quantity", "9").page();
    assertThat(plan.select("tbody td.num").eachText().subList(0, 4))
        .containsExactly("10", "9", "0", "5");
    confirm(plan);
    assertThat(level("onHand")).isEqualTo(9);
    assertThat(level("available")).isEqualTo(5);
  }

  @Test
  void whatCannotBeDoneIsSaidAtTheLook() {
    assertThat(plan("adjust", "quantity", "-11").text())
        .contains(
            "SKU '" + sku + "' has 10 units at node 'nj-1', so 11 cannot be taken off; count it.");
    assertThat(plan("move", "quantity", "1", "from", "DAMAGED", "to", "SELLABLE").text())
        .contains("SKU '" + sku + "' has 0 damaged units at node 'nj-1', so 1 cannot be moved.");
    assertThat(plan("adjust", "quantity", "many").text())
        .contains("'many' is no number of units; type a whole number.");
    assertThat(plan("adjust", "quantity", "1", "reason", " ").text())
        .contains("This needs a reason");
    assertThat(plan("adjust", "quantity", "1", "verb", "burn").text())
        .contains("'burn' is nothing that is done to stock.");
    assertThat(
            hub.post(
                    "/stock/adjust",
                    "{\"node\":\"nj-1\",\"dryRun\":true,\"rows\":[{\"sku\":\"never-%s\",\"quantity\":1}]}"
                        .formatted(sku))
                .detail())
        .contains("was never seen at node 'nj-1'; report, count or receive it first.");
    assertThat(level("onHand")).isEqualTo(10);
  }

  @Test
  void anArticleIsKeptBackBlockedAndLifted() {
    var buffer = "/console/stock/buffer";
    var kept =
        operator.press(
            operator.get(page).page(),
            buffer,
            Map.of("node", "nj-1", "kept", "units", "units", "2", "reason", "Show room"));
    assertThat(kept.text()).contains("2 units are kept back at 'nj-1'. 8 may be sold (10 before).");

    var blocked =
        operator.press(
            operator.get(page).page(),
            buffer,
            Map.of("kept", "all", "node", "nj-1", "reason", "Recalled"));
    assertThat(blocked.text()).contains("0 may be sold (8 before)").contains("all: blocked");
    assertThat(
            hub.jdbc
                .sql("SELECT reason FROM audit_entry WHERE object = ? ORDER BY id")
                .param("buffer:%s@nj-1/*".formatted(sku))
                .query(String.class)
                .list())
        .containsExactly("Show room", "Recalled");

    operator.press(
        operator.get(page).page(),
        buffer,
        Map.of("kept", "none", "node", "nj-1", "reason", "Over"));
    assertThat(level("available")).isEqualTo(10);
    assertThat(
            operator
                .press(
                    operator.get(page).page(),
                    buffer,
                    Map.of("kept", "units", "units", "x", "reason", "r"))
                .text())
        .contains("'x' is no number of units; type a whole number.");
  }

  @Test
  void theLedgerShowsWhatWasOnHandAfterEachMovementAndAtAnyInstant() {
    confirm(plan("adjust", "quantity", "-3").page());
    var address = "/console/stock/ledger?sku=" + sku;

    var ledger = operator.get(address + "&node=nj-1").page();
    assertThat(ledger.select("tbody tr td:nth-child(3)").eachText()).containsExactly("3", "10");
    assertThat(ledger.select("tbody tr td:nth-child(6)").eachText())
        .as("on hand after each, newest first")
        .containsExactly("7", "10");
    assertThat(operator.get(address + "&cause=adjustment").text())
        .contains("Choose one node and every cause to see what was on hand after each.");
    assertThat(operator.get(address + "&node=nj-1&to=2020-01-01T00:00:00Z").text())
        .contains("As it was at")
        .contains("None that fits.");
  }

  @Test
  void aListingIsToldAtOnceAndWhatNobodyListsIsRefused() {
    assertThat(
            operator
                .press(
                    operator.get(page).page(),
                    "/console/stock/publish",
                    Map.of("reason", "they show 40"))
                .text())
        .contains(
            "No listing of '%s' is told of stock, so there is nothing to publish.".formatted(sku));
    assertThat(hub.post("/stock/" + sku + "/publish", "{}").detail())
        .isEqualTo("Publishing '%s' needs a reason; say why it is told at once.".formatted(sku));
  }

  @Test
  void aCountThatIsFarOffIsRefusedOrAcceptedWhereItIsListed() {
    hub.post(
        "/stock/count",
        "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"%s\",\"quantity\":4}]}".formatted(sku));
    hub.jdbc
        .sql(
            """
            INSERT INTO stock_case (kind, sku, node, quantity, expected, counted, sentence, owner, opened_at, due_at)
            VALUES ('DISCREPANCY', :sku, 'nj-1', 6, 10, 4, 'Six are missing.', 'operations', now(), now())""")
        .param("sku", sku)
        .update();
    var id = hub.get("/stock-cases?sku=" + sku).json().at("/items/0/id").asText();
    var list = "/console/stock/cases?sku=" + sku;
    assertThat(operator.get(page).page().select("a[href='" + list + "']")).hasSize(1);
    var listed = operator.get(list).page();
    assertThat(listed.text()).contains("6 units are added again");
    assertThat(listed.select("form[action$='/accept']")).hasSize(1);

    var refused =
        operator.press(
            listed, "/console/stock/cases/" + id + "/refuse", Map.of("reason", "the wrong shelf"));

    assertThat(refused.text()).contains("10 are on hand at 'nj-1' again");
    assertThat(level("onHand")).isEqualTo(10);
    assertThat(operator.get(list).text()).contains("Nothing to look into");
  }
}
