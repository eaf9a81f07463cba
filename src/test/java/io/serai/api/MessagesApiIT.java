package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class MessagesApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();

  @Test
  void aMessageIsReadWithItsPayloadAsItArrivedAndWhatWentWrong() {
    var body = "{ \"id\": 1,  \"email\": \"ada@example.com\", \"total\": 1.10 }";
    var id = hub.parkedMessage(account, body, "Field 'sku' of line 1 is missing.");

    var read = hub.get("/messages/" + id).json();

    assertThat(read.at("/payload/text").asText()).isEqualTo(body);
    assertThat(read.at("/payload/contentType").asText()).isEqualTo("application/json");
    assertThat(read.path("state").asText()).isEqualTo("PARKED");
    assertThat(read.path("eventType").asText()).isEqualTo("orders/create");
    assertThat(read.at("/failures/0/sentence").asText())
        .isEqualTo("Field 'sku' of line 1 is missing.");
    assertThat(read.at("/failures/0/step").asText()).isEqualTo("map");
  }

  @Test
  void aViewerSeesTheShapeOfThePayloadButNotThePerson() {
    var id =
        hub.parkedMessage(
            account,
            "{\"id\":17,\"email\":\"ada@example.com\",\"phone\":123456,\"sku\":\"MUG\",\"zip\":7001}",
            "x.");

    var read = hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/messages/" + id, null);

    assertThat(read.response().body())
        .doesNotContain("ada@")
        .doesNotContain("123456")
        .doesNotContain("7001");
    assertThat(read.json().at("/payload/text").asText()).contains("MUG").contains("17");
    assertThat(read.json().at("/payload/masked").asBoolean()).isTrue();
  }

  @Test
  void aViewerDoesNotSeeAPayloadThatIsNotJson() {
    var id = hub.parkedMessage(account, "ISA*00*Ada Example~", "x.");

    var read = hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/messages/" + id, null);

    assertThat(read.response().body()).doesNotContain("Ada");
    assertThat(read.json().at("/payload/note").asText()).startsWith("Only operators may see");
    assertThat(
            hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/messages/" + id + "/payload", null)
                .status())
        .isEqualTo(403);
  }

  @Test
  void whoIsShownPersonalDataIsNotedOnce() {
    var id = hub.parkedMessage(account, "{}", "x.");
    hub.get("/messages/" + id);
    hub.get("/messages/" + id);
    hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/messages/" + id, null);

    var entries = hub.get("/audit?object=" + id).json().path("items");

    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).path("action").asText()).isEqualTo("personal-data.read");
    assertThat(entries.get(0).path("actor").asText()).isEqualTo("token:api");
  }

  @Test
  void aPayloadIsDownloadedAsAnAttachment() {
    var id = hub.parkedMessage(account, "<script>", "x.");

    var download = hub.get("/messages/" + id + "/payload");

    assertThat(download.response().body()).isEqualTo("<script>");
    assertThat(download.type()).isEqualTo("application/octet-stream");
    assertThat(download.response().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"" + id + ".bin\"");
    assertThat(download.response().headers().firstValue("X-Content-Type-Options"))
        .contains("nosniff");
  }

  @Test
  void messagesAreListedByAccountAndStateNewestFirst() {
    var first = hub.parkedMessage(account, "{}", "x.");
    var second = hub.parkedMessage(account, "{}", "y.");

    var seen = new ArrayList<String>();
    var page = hub.get("/messages?state=parked&limit=1&account=" + account).json();
    seen.add(page.at("/items/0/id").asText());
    page =
        hub.get(
                "/messages?state=PARKED&limit=1&account="
                    + account
                    + "&cursor="
                    + page.path("next").asText())
            .json();
    seen.add(page.at("/items/0/id").asText());

    assertThat(seen).containsExactly(second, first);
    assertThat(page.path("next").isNull()).isTrue();
    assertThat(hub.get("/messages?state=APPLIED&account=" + account).json().path("items"))
        .isEmpty();
  }

  @Test
  void aDeliveryIsReadWithItsAttempts() {
    var id = hub.doubtfulDelivery("northwind-" + UUID.randomUUID());

    var read = hub.get("/deliveries/" + id).json();

    assertThat(read.path("outcomeUnknown").asBoolean()).isTrue();
    assertThat(read.at("/history/0/status").asInt()).isEqualTo(504);
    assertThat(read.at("/content/shipTo/name").asText()).isEqualTo("Ada Example");
    assertThat(
            hub.send(ApiHub.bearer(ApiHub.VIEWER), "GET", "/deliveries/" + id, null)
                .response()
                .body())
        .doesNotContain("Ada");
  }

  @Test
  void theAttemptThatConfirmedADeliveryIsOneOfItsAttempts() {
    var id = hub.confirmedAtTheSecondAttempt("northwind-" + UUID.randomUUID());

    var history = hub.get("/deliveries/" + id).json().path("history");

    assertThat(history).hasSize(2);
    assertThat(history.at("/0/attempt").asInt()).isEqualTo(2);
    assertThat(history.at("/0/outcome").asText()).isEqualTo("CONFIRMED");
    assertThat(history.at("/0/startedAt").asText()).isNotBlank();
    assertThat(history.at("/1/outcome").asText()).isEqualTo("UNKNOWN_OUTCOME");
  }

  @Test
  void whatIsNotKnownIsAnsweredInOneSentence() {
    assertThat(hub.get("/messages/msg_999999999").detail())
        .isEqualTo("Message 'msg_999999999' is not known; list messages to find its id.");
    assertThat(hub.get("/deliveries/dlv_999999999").detail())
        .isEqualTo("Delivery 'dlv_999999999' is not known; its order lists its deliveries.");
    assertThat(hub.get("/messages/17").detail())
        .isEqualTo("'17' is not an id; give 'msg_' and a number.");
    assertThat(hub.get("/messages/msg_999999999/payload").status()).isEqualTo(404);
    assertThat(hub.get("/messages?state=lost").detail())
        .startsWith("'lost' is no message state; give one of RECEIVED, RUNNING,");
  }
}
