package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** X12 as operators see it. */
@ResourceLock(ApiHub.SHARED)
class InterchangePagesIT {
  private static final String ACCOUNT = "walmart-main";
  private static final String OURS = "ZZ/SERAIHUB";
  private static final String THEIRS = "08/925485US00";

  private final ApiHub hub = ApiHub.running();
  private final Browser operator = Browser.of(hub, "otto");
  private final String order = "PO-" + UUID.randomUUID().toString().substring(0, 12);
  private final String control =
      "%09d".formatted(UUID.randomUUID().getMostSignificantBits() >>> 37);

  private String file() {
    return """
        ISA*00*          *00*          *08*925485US00     *ZZ*SERAIHUB       *260302*0915*^*00501*%1$s*0*P*>~
        GS*PO*925485US00*SERAIHUB*20260302*0915*7*X*005010~
        ST*850*0001~
        BEG*00*DS*%2$s**20260302~
        N1*ST*Ines Example~
        SE*4*0001~
        GE*1*7~
        IEA*1*%1$s~
        """
        .formatted(control, order);
  }

  /** An interchange with one set in it; its id. */
  private String interchange(
      String direction, String set, String state, String outcome, Instant at, String message) {
    var in = direction.equals("IN");
    long id =
        hub.jdbc
            .sql(
                """
                WITH i AS (
                  INSERT INTO interchange (account, direction, usage, sender, receiver, control, state, sentence, file_name,
                    content_sha256, message_id, created_at)
                  VALUES (:account, :direction, 'P', :sender, :receiver, :control, :state, :sentence, :file, '', :message, :at)
                  RETURNING id, created_at
                ), s AS (
                  INSERT INTO interchange_set (interchange_id, place, account, direction, functional_id, group_control, set_id,
                    control, subject, outcome, sentence, created_at)
                  SELECT id, 1, :account, :direction, 'PO', '7', :set, '0001', :subject, :outcome, :sentence, created_at FROM i
                )
                SELECT id FROM i""")
            .param("account", ACCOUNT)
            .param("direction", direction)
            .param("sender", in ? THEIRS : OURS)
            .param("receiver", in ? OURS : THEIRS)
            .param("control", control)
            .param("state", state)
            .param("sentence", outcome.equals("REFUSED") ? "BEG05 is no date." : null)
            .param("file", set + "-" + order + ".edi")
            .param("message", message == null ? null : Long.valueOf(message.substring(4)))
            .param("at", at.atOffset(ZoneOffset.UTC))
            .param("set", set)
            .param("subject", order)
            .param("outcome", outcome)
            .query(Long.class)
            .single();
    return "itc_" + id;
  }

  @Test
  void anInterchangeIsFoundByItsOrderAndOpened() {
    var id = interchange("IN", "850", "REFUSED", "REFUSED", Instant.now(), null);

    var list = operator.get("/console/interchanges?subject=" + order).page();
    var seen = operator.get(list.select("a.open").attr("href"));

    assertThat(list.select("tbody .state").text()).isEqualTo("refused");
    assertThat(list.select("main").text()).contains("1 × 850").contains("850-" + order + ".edi");
    assertThat(seen.address()).isEqualTo("/console/interchanges/" + id);
    assertThat(seen.page().select("h1").text()).isEqualTo("Interchange " + control);
    assertThat(seen.text()).contains("from walmart-main").contains("BEG05 is no date.");
  }

  @Test
  void itsSegmentsAreMaskedUntilTheyAreAskedForAndThenNamed() {
    var message = hub.parkedMessage(ACCOUNT, file(), "Only its payload is needed.");
    var id = interchange("IN", "850", "ACCEPTED", "ACCEPTED", Instant.now(), message);
    var page = operator.get("/console/interchanges/" + id).page();
    assertThat(page.text()).doesNotContain("Ines Example");
    assertThat(operator.get("/console/interchanges/" + id).page().select(".segments")).isEmpty();

    var seen = operator.press(page, "/console/reveal", Map.of("reason", "address is wrong"));

    assertThat(seen.page().select(".segments > li")).hasSize(8);
    assertThat(seen.page().select(".segments > li").get(3).text())
        .contains("BEG*00*DS*" + order)
        .contains("beginning of the purchase order")
        .contains("BEG03 purchase order number " + order);
    assertThat(seen.text()).contains("Ines Example");
    assertThat(operator.get("/console/interchanges/" + id + "/content").response().body())
        .isEqualTo(file());
  }

  @Test
  void theDocumentsOfAnOrderStandInTheOrderOfTheirCourseWithWhatIsOwed() {
    var longAgo = Instant.now().minusSeconds(3 * 86_400);
    var came = interchange("IN", "850", "ACCEPTED", "ACCEPTED", longAgo, null);

    var page = operator.get("/console/conversations?account=walmart-main&subject=" + order).page();

    assertThat(page.select("thead th").eachText()).startsWith("Order", "850", "855");
    assertThat(page.select("tbody tr")).hasSize(1);
    assertThat(page.select("tbody td").get(1).select("a").attr("href"))
        .isEqualTo("/console/interchanges/" + came);
    assertThat(page.select("tbody td").get(2).select(".state").text()).isEqualTo("overdue");
    assertThat(page.select("tbody td").get(2).text()).contains("by us, due 2 days ago");
    assertThat(operator.get("/console/interchanges").text()).contains("855 after 850");
  }

  @Test
  void theLastNumbersAreShownWithWhatNeverReachedThePartner() {
    interchange("OUT", "856", "STORED", "SENT", Instant.now(), null);
    hub.jdbc
        .sql(
            """
            INSERT INTO control_number (level, sender, receiver, usage, last, taken_at)
            VALUES ('INTERCHANGE', ?, ?, 'P', 41, now()) ON CONFLICT DO NOTHING""")
        .params(OURS, THEIRS)
        .update();

    var seen = operator.get("/console/control-numbers?account=walmart-main");

    assertThat(seen.page().select("tbody tr").first().text())
        .startsWith("interchange " + OURS + " " + THEIRS + " production 41 never");
    assertThat(seen.text()).contains(control).contains("Its delivery is not kept any more.");
  }

  @Test
  void whatIsNoX12AccountIsSaid() {
    var seen = operator.get("/console/conversations?account=shopify-main");

    assertThat(seen.status()).isEqualTo(404);
    assertThat(seen.text()).contains("Account 'shopify-main' exchanges no EDI files.");
  }
}
