package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Dead letters by words: narrowed, counted, ticked over pages, exported. */
@ResourceLock(ApiHub.SHARED)
class DeadLetterListPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String list = "/console/dead-letters/list";
  private final Browser operator = Browser.of(hub, "otto");

  private String parked(String sentence) {
    return hub.parkedMessage(account, "{}", sentence);
  }

  private String parkedAbout(String sku) {
    var id = parked("It stopped.");
    var order = hub.order(account, UUID.randomUUID().toString(), null, null);
    hub.jdbc.sql("UPDATE order_line SET sku = ? WHERE order_id = ?").params(sku, order).update();
    hub.jdbc
        .sql("UPDATE inbox_message SET order_id = ? WHERE id = ?")
        .params(order, Long.parseLong(id.substring(4)))
        .update();
    return id;
  }

  private List<String> ids(Browser.Seen seen) {
    return seen.page().select("tbody input[name=id]").eachAttr("value");
  }

  private String q(String more) {
    return "account:" + account + more;
  }

  @Test
  void wordsNarrowTheListAndTheNumberIsExact() {
    var mug = parkedAbout("MUG-" + unique);
    parkedAbout("CUP-" + unique);

    var both = operator.get(list + "?q=" + Show.part(q("")));
    var one = operator.get(list + "?q=" + Show.part(q(" sku:MUG-" + unique)));

    assertThat(both.text()).contains("2 things have stopped and fit the filter");
    assertThat(ids(one)).containsExactly(mug);
    assertThat(operator.get(list + "?q=" + Show.part(q(" age:>1h"))).text())
        .contains("Nothing that stopped fits");
    assertThat(operator.get(list + "?q=odd:1").text()).contains("'odd' is no word to filter by");
  }

  @Test
  void whatIsTickedStaysTickedOverPagesAndIsReplayed() {
    var all = new ArrayList<String>();
    for (int i = 0; i < 51; i++) {
      all.add(parked("It stopped."));
    }
    var first = operator.get(list + "?q=" + Show.part(q("")));
    var next = first.page().select("button[name=cursor]").last().attr("value");

    var second = send(first, list, Map.of("id", all.get(50), "cursor", next));
    assertThat(ids(second)).containsExactly(all.get(0));
    assertThat(second.text()).contains("1 more is ticked on other pages.");
    assertThat(second.page().select("input[name=kept]").eachAttr("value"))
        .containsExactly(all.get(50));

    var again = send(second, list, Map.of("id", all.get(0), "cursor", ""));
    assertThat(again.page().select("tbody input[checked]").eachAttr("value"))
        .containsExactly(all.get(50));

    var job = send(second, list + "/replay", Map.of("id", all.get(0), "which", "dry-selected"));
    assertThat(job.address()).startsWith("/console/jobs/rpl_");
    assertThat(total(job.address())).isEqualTo(2);
  }

  private int total(String job) {
    return hub.get("/replays/" + job.substring(job.lastIndexOf('/') + 1))
        .json()
        .path("total")
        .asInt();
  }

  @Test
  void allThatFitAreReplayedOrDiscardedByTheirExactNumber() {
    parked("One.");
    parked("Two.");
    var seen = operator.get(list + "?q=" + Show.part(q(" kind:unmapped")));

    assertThat(total(send(seen, list + "/replay", Map.of("which", "dry-all")).address()))
        .isEqualTo(2);
    assertThat(send(seen, list + "/replay", Map.of("which", "selected")).text())
        .contains("Not done. Nothing is ticked; tick what is meant.");
    var discard = Map.of("which", "all", "discardReason", "tests");
    assertThat(send(seen, list + "/discard", with(discard, "3")).text())
        .contains("Not done. The selection holds 2 dead letters now, not 3");
    assertThat(send(seen, list + "/discard", with(discard, "2")).text())
        .contains("2 are discarded, 0 were left alone.")
        .contains("Nothing that stopped fits");
  }

  private static Map<String, String> with(Map<String, String> fields, String count) {
    var all = new LinkedHashMap<>(fields);
    all.put("discardCount", count);
    return all;
  }

  /** Presses a button of the list's form that sends it to this address. */
  private Browser.Seen send(Browser.Seen seen, String address, Map<String, String> fields) {
    var all = new LinkedHashMap<String, String>();
    seen.page()
        .select("form.bulk input[type=hidden]")
        .forEach(field -> all.put(field.attr("name"), field.val()));
    all.putAll(fields);
    return operator.submit(address, all);
  }

  @Test
  void columnsAreChosenByTheAddressAndTheListIsAFile() {
    var id = parked("=cmd()");
    var words = Show.part(q(""));

    assertThat(
            operator
                .get(list + "?q=" + words + "&cols=route&cols=stopped")
                .page()
                .select("thead th"))
        .extracting(th -> th.text())
        .containsExactly("", "Dead letter", "Route", "Stopped");
    var csv = operator.get("/console/dead-letters/export?as=csv&q=" + words).response().body();
    assertThat(csv).startsWith("id,type,").contains(id).contains("'=cmd()");
    var json = operator.get("/console/dead-letters/export?as=json&q=" + words).response().body();
    assertThat(Json.tree(json)).hasSize(1);
    assertThat(Json.tree(json).at("/0/id").asText()).isEqualTo(id);
    assertThat(operator.get("/console/dead-letters/export?q=odd:1").status()).isEqualTo(400);
  }

  @Test
  void whatStoppedIsCountedByAnArticleAStepOrADay() {
    parkedAbout("MUG-" + unique);
    parkedAbout("MUG-" + unique);
    parked("About no order.");

    var sku = operator.get("/console/dead-letters/by?by=sku&q=" + Show.part(q("")));
    var rows = sku.page().select("tbody tr");
    assertThat(rows.eachText().get(0)).startsWith("MUG-" + unique + " 2 2");
    assertThat(rows.eachText().get(1)).startsWith("none recorded 1");
    var inside = operator.get(rows.first().select("a.open").attr("href"));
    assertThat(inside.text()).contains("2 things have stopped and fit the filter");
    assertThat(operator.get("/console/dead-letters/by?by=color").text())
        .contains("'color' is no thing to count by; give one of KIND");
    assertThat(hub.get("/dead-letters/counts?by=channel&q=" + Show.part(q(""))).json())
        .isEqualTo(
            hub.get("/dead-letters/counts?by=channel&q=" + Show.part("channel:" + account)).json());
    assertThat(hub.get("/dead-letters?q=x&kind=UNMAPPED").detail())
        .isEqualTo("'q' and other filters are given; write them all into 'q'.");
  }

  @Test
  void causesAreSortedByAnyColumn() {
    parked("Seldom " + unique + ".");
    var often = "Often " + unique + ".";
    parked(often);
    parked(often);
    var causes = "/console/dead-letters?account=" + account;

    var byCount = operator.get(causes).page().select("tbody tr").eachText();
    var byAge = operator.get(causes + "&sort=since").page();

    assertThat(byCount.get(0)).contains(often);
    assertThat(byAge.select("tbody tr").eachText().get(0)).contains("Seldom");
    assertThat(byAge.select("th[aria-sort]").text()).startsWith("Since");
  }
}
