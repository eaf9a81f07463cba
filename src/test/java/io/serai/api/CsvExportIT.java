package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Any list as CSV: the same rows, rights and masks, and nothing that a spreadsheet computes. */
@ResourceLock(ApiHub.SHARED)
class CsvExportIT {
  private static final String NODE = "csv-export-it";
  private static final int PARCELS = 1_203;

  private static ApiHub hub;

  @BeforeAll
  static void fill() {
    hub = ApiHub.running();
    var order = hub.order("erp", "csv-export-it", "#CSV", "csv@example.com");
    hub.jdbc
        .sql(
            """
            INSERT INTO parcel (id, order_id, fulfillment_order_id, node, state, round, tracking_number, document, created_at, updated_at)
            SELECT gen_random_uuid(), :order, gen_random_uuid(), :node, CASE n WHEN 7 THEN 'KEPT' ELSE 'LABELED' END, 1,
              CASE n WHEN 7 THEN '=HYPERLINK("http://x.example")' ELSE 'plain, with a comma ' || n END, '{"carrier":"usps","lines":[]}', now(), now()
            FROM generate_series(1, :n) n""")
        .param("order", order)
        .param("node", NODE)
        .param("n", PARCELS)
        .update();
  }

  private static List<String> lines(String body) {
    return body.lines().toList();
  }

  private static ApiHub.Answer asked(String path, String accept) {
    return hub.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/api/v1" + path))
            .header("Authorization", ApiHub.bearer(ApiHub.TOKEN))
            .header("Accept", accept)
            .build());
  }

  @Test
  void allPagesOfAListAreOneFile() {
    var answer = asked("/parcels?node=" + NODE, "text/csv");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.type()).isEqualTo("text/csv;charset=UTF-8");
    assertThat(answer.response().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"parcels.csv\"");
    var lines = lines(answer.response().body());
    assertThat(lines).hasSize(PARCELS + 1).doesNotHaveDuplicates();
    assertThat(lines.getFirst())
        .startsWith("id,order,number,node,state,account,carrier,trackingNumber,");
    assertThat(lines).anyMatch(line -> line.contains(",usps,\"plain, with a comma 1203\","));
  }

  @Test
  void theEndingOfTheAddressAsksForItTooAndALimitHolds() {
    assertThat(lines(hub.get("/parcels.csv?limit=3&node=" + NODE).response().body())).hasSize(4);
    assertThat(lines(hub.get("/parcels.csv?limit=700&node=" + NODE).response().body()))
        .hasSize(701);
    assertThat(lines(hub.get("/parcels.csv?node=nowhere").response().body())).hasSize(1);
  }

  @Test
  void whatLooksLikeAFormulaIsText() {
    assertThat(lines(hub.get("/parcels.csv?state=KEPT&node=" + NODE).response().body()).get(1))
        .contains(",\"'=HYPERLINK(\"\"http://x.example\"\")\",");
  }

  @Test
  void whatIsNoListIsRefused() {
    var answer = hub.get("/orders/erp:csv-export-it.csv");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.response().body()).contains("is no list, and only lists are answered as CSV");
    assertThat(hub.get("/parcels.csv?limit=many").response().body())
        .contains("Limit 'many' is no number; give 1 or more.");
  }

  @Test
  void whoMayNotReadAListMayNotReadItAsCsv() {
    assertThat(hub.send(ApiHub.bearer("guessed"), "GET", "/orders.csv", null).status())
        .isEqualTo(401);
    assertThat(hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/audit.csv", null).status())
        .isEqualTo(hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/audit", null).status())
        .isEqualTo(403);
    assertThat(hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/orders.csv?limit=1", null).status())
        .isEqualTo(200);
  }

  @Test
  void aTerminalPrintsItAndTheListToo() {
    var terminal = new OnTerminal(hub);

    assertThat(terminal.serai("parcels", "list", "--node", NODE, "--csv", "-n", "2"))
        .as(terminal.err())
        .isZero();
    assertThat(lines(terminal.out())).hasSize(3);
    assertThat(terminal.out()).startsWith("id,order,");

    assertThat(terminal.serai("parcels", "list", "--node", NODE, "--state", "KEPT")).isZero();
    assertThat(terminal.out()).contains("#CSV", "KEPT", "usps");
    var id = hub.get("/parcels?state=KEPT&node=" + NODE).json().at("/items/0/id").asText();
    assertThat(terminal.serai("parcels", "show", id)).isZero();
    assertThat(terminal.out()).contains(id, "KEPT");
  }
}
