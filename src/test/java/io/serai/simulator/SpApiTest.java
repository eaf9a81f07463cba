package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Amazon serves, enforces and refuses. */
class SpApiTest {

  private static final String ALL =
      "includedData=BUYER,RECIPIENT,PROCEEDS,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX";
  private static final String STORE = "?marketplaceIds=ATVPDKIKX0DER";
  private static final String LISTINGS = "/listings/2021-08-01/items/A2SERAISIM0001/";

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private AmazonSimulator amazon;

  @AfterEach
  void close() {
    if (amazon != null) {
      amazon.close();
    }
  }

  // Tokens

  @Test
  void aRefreshTokenGivesAnAccessTokenForAnHour() throws IOException {
    open(o -> o);

    var reply = token("grant_type=refresh_token&refresh_token=Atzr%7Cserai");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("expires_in").asInt()).isEqualTo(3600);
    assertThat(get("/orders/2026-01-01/orders/701-0-0", reply.json()).status()).isEqualTo(404);
    clock.advance(Duration.ofHours(1));
    var late = get("/orders/2026-01-01/orders/701-0-0", reply.json());
    assertThat(late.status()).isEqualTo(403);
    assertThat(code(late)).isEqualTo("Unauthorized");
    assertThat(late.json().at("/errors/0/details").asText()).contains("expired");
  }

  @Test
  void aWrongClientAWithdrawnConsentAndAnUnknownGrantAreRefusedByName() throws IOException {
    open(o -> o);

    var client =
        Caller.call(
            "POST",
            amazon.url(),
            "/auth/o2/token",
            "grant_type=refresh_token&client_id=x&client_secret=y");
    var grant = token("grant_type=password");
    amazon.revoke(true);
    var consent = token("grant_type=refresh_token&refresh_token=Atzr%7Cserai");

    assertThat(client.status()).isEqualTo(401);
    assertThat(client.json().get("error").asText()).isEqualTo("invalid_client");
    assertThat(grant.json().get("error").asText()).isEqualTo("unsupported_grant_type");
    assertThat(consent.status()).isEqualTo(400);
    assertThat(consent.json().get("error").asText()).isEqualTo("invalid_grant");
  }

  @Test
  void withoutATokenOrWithAGrantlessOneNobodyComesIn() throws IOException {
    open(o -> o);
    var grantless = token("grant_type=client_credentials&scope=sellingpartnerapi::notifications");

    assertThat(Caller.get(amazon.url(), "/orders/2026-01-01/orders").status()).isEqualTo(403);
    assertThat(get("/orders/2026-01-01/orders", grantless.json()).status()).isEqualTo(403);
  }

  // Quotas

  @Test
  void aSearchCostsMoreThanIsRestoredInAMinute() throws IOException {
    open(o -> o);
    for (var i = 0; i < 20; i++) {
      var reply = search("lastUpdatedAfter=2026-03-01T00:00:00Z");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("x-amzn-RateLimit-Limit")).isEqualTo("0.0056");
    }

    var empty = search("lastUpdatedAfter=2026-03-01T00:00:00Z");
    clock.advance(Duration.ofSeconds(179));
    var restored = search("lastUpdatedAfter=2026-03-01T00:00:00Z");

    assertThat(empty.status()).isEqualTo(429);
    assertThat(code(empty)).isEqualTo("QuotaExceeded");
    assertThat(empty.header("x-amzn-RateLimit-Limit")).isNull();
    assertThat(restored.status()).isEqualTo(200);
  }

  @Test
  void eachOperationHasAQuotaOfItsOwn() throws IOException {
    open(o -> o);
    var id = amazon.createOrder();
    for (var i = 0; i < 30; i++) {
      assertThat(order(id).status()).isEqualTo(200);
    }

    assertThat(order(id).status()).isEqualTo(429);
    assertThat(search("createdAfter=2026-03-01T00:00:00Z").status()).isEqualTo(200);
  }

  // Searching

  @Test
  void aSearchNamesExactlyOneDateAndEndsTwoMinutesAgo() throws IOException {
    open(o -> o.quotas(100));

    assertThat(details(search("fulfilledBy=MERCHANT"))).contains("Exactly one");
    assertThat(
            details(
                search("createdAfter=2026-03-01T00:00:00Z&lastUpdatedAfter=2026-03-01T00:00:00Z")))
        .contains("Exactly one");
    assertThat(
            details(
                search(
                    "lastUpdatedAfter=2026-03-01T00:00:00Z&lastUpdatedBefore="
                        + clock.instant().minusSeconds(119))))
        .contains("two minutes");
    assertThat(details(search("createdAfter=2026-03-01T00:00:00Z&maxResultsPerPage=101")))
        .contains("between 1 and 100");
    assertThat(details(search("createdAfter=2026-03-01T00:00:00Z&includedData=EVERYTHING")))
        .contains("includedData");
  }

  @Test
  void pagesBringEveryOrderOnceAndATokenIsGoodForItsOwnSearch() throws IOException {
    open(o -> o.quotas(100));
    for (var i = 0; i < 7; i++) {
      amazon.createOrder();
      clock.advance(Duration.ofSeconds(1));
    }
    clock.advance(Duration.ofMinutes(3));
    var query =
        "lastUpdatedAfter=2026-03-01T00:00:00Z&maxResultsPerPage=3&lastUpdatedBefore="
            + clock.instant().minus(2, ChronoUnit.MINUTES);

    var ids = new ArrayList<String>();
    var page = search(query).json();
    var first = page.at("/pagination/nextToken").asText();
    while (true) {
      page.get("orders").forEach(o -> ids.add(o.get("orderId").asText()));
      if (!page.has("pagination")) {
        break;
      }
      var next = page.at("/pagination/nextToken").asText();
      page = search(query + "&paginationToken=" + next).json();
    }

    assertThat(ids).hasSize(7).doesNotHaveDuplicates();
    assertThat(details(search(query + "&fulfilledBy=AMAZON&paginationToken=" + first)))
        .contains("paginationToken");
    clock.advance(Duration.ofHours(25));
    assertThat(details(search(query + "&paginationToken=" + first))).contains("paginationToken");
  }

  @Test
  void onlyWhatIsAskedForIsShownAndAPendingOrderShowsNoPricesAndNobody() throws IOException {
    open(o -> o.quotas(100));
    amazon.createOrder();
    amazon.createOrder();
    var pending = amazon.createOrder();

    var bare = get("/orders/2026-01-01/orders/" + pending, token()).json().get("order");
    var whole = order(pending).json().get("order");
    clock.advance(Duration.ofMinutes(30));
    amazon.runDue();

    assertThat(bare.has("fulfillment")).isFalse();
    assertThat(whole.at("/fulfillment/fulfillmentStatus").asText()).isEqualTo("PENDING");
    assertThat(whole.has("recipient")).isFalse();
    assertThat(whole.has("proceeds")).isFalse();
    assertThat(whole.at("/orderItems/0/product").has("price")).isFalse();
    soon(() -> assertThat(SellerAccount.status(amazon.order(pending))).isEqualTo("UNSHIPPED"));
    assertThat(order(pending).json().at("/order/recipient/deliveryAddress/name").asText())
        .isNotBlank();
  }

  @Test
  void withoutTheRoleNobodyIsShown() throws IOException {
    open(o -> o.personalData(false).quotas(100));
    var id = amazon.createOrder();

    assertThat(order(id).status()).isEqualTo(403);
    assertThat(
            get("/orders/2026-01-01/orders/" + id + "?includedData=FULFILLMENT", token()).status())
        .isEqualTo(200);
  }

  // Shipping

  @Test
  void aPackageIsConfirmedAndTheSameReferenceEditsIt() throws IOException {
    open(o -> o);
    var id = amazon.createOrder();

    var first = confirm(id, parcel(id, "7", "1Z1"));
    var again = confirm(id, parcel(id, "7", "1Z2"));

    assertThat(first.status()).isEqualTo(204);
    assertThat(again.status()).isEqualTo(204);
    assertThat(SellerAccount.status(amazon.order(id))).isEqualTo("SHIPPED");
    assertThat(amazon.order(id).get("packages")).hasSize(1);
    assertThat(amazon.order(id).at("/packages/0/trackingNumber").asText()).isEqualTo("1Z2");
    assertThat(amazon.ledger().effects().of(SellerAccount.CONFIRMED).on(id)).hasSize(1);
  }

  @Test
  void aPackageThatBreaksARuleIsRefusedByName() throws IOException {
    open(o -> o.quotas(100));
    var id = amazon.createOrder();

    assertThat(details(confirm(id, edit(parcel(id, "0", "1Z1"), "carrierCode", "UPS"))))
        .contains("positive number");
    assertThat(details(confirm(id, edit(parcel(id, "1", "1Z1"), "carrierCode", "Other"))))
        .contains("carrierName");
    assertThat(details(confirm(id, edit(parcel(id, "1", "1Z1"), "trackingNumber", ""))))
        .contains("trackingNumber");
    assertThat(details(confirm(id, edit(parcel(id, "1", "1Z1"), "shipDate", "02/21/2026"))))
        .contains("ISO 8601");
    var tooMany = parcel(id, "1", "1Z1");
    ((ObjectNode) tooMany.at("/packageDetail/orderItems/0")).put("quantity", 99);
    assertThat(details(confirm(id, tooMany))).contains("left to ship");
    assertThat(details(confirm(id, parcel(id, "1", "1Z1").put("marketplaceId", "A1PA6795UKMFR9"))))
        .contains("marketplaceId");
    amazon.cancel(id, "AMAZON", "Payment declined");
    assertThat(details(confirm(id, parcel(id, "1", "1Z1")))).contains("status");
  }

  // Stock

  @Test
  void aPatchWritesTheQuantityAndABadOneIsInvalidAtHttp200() throws IOException {
    open(o -> o.quotas(10));

    var good = patch("MUG-BLU", 17);
    var bad = patch("MUG-BLU", -1);
    var unknown = patch("NO%20SUCH%2FSKU", 1);

    assertThat(good.json().get("status").asText()).isEqualTo("ACCEPTED");
    assertThat(amazon.stock("MUG-BLU")).isEqualTo(17);
    assertThat(bad.status()).isEqualTo(200);
    assertThat(bad.json().get("status").asText()).isEqualTo("INVALID");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/errors/0/details").asText()).contains("'NO SUCH/SKU'");
  }

  @Test
  void aFeedIsProcessedLaterAndItsReportNamesEachMessageThatWasNotTaken() throws IOException {
    open(o -> o);
    var document =
        post("/feeds/2021-06-30/documents", "{\"contentType\":\"application/json\"}").json();
    var upload =
        """
        {"header":{"sellerId":"A2SERAISIM0001","version":"2.0"},"messages":[
         {"messageId":1,"sku":"MUG-BLU","operationType":"PATCH","productType":"PRODUCT","patches":[
          {"op":"replace","path":"/attributes/fulfillment_availability","value":[{"fulfillment_channel_code":"DEFAULT","quantity":5}]}]},
         {"messageId":2,"sku":"NO-SUCH","operationType":"PATCH","productType":"PRODUCT","patches":[
          {"op":"replace","path":"/attributes/fulfillment_availability","value":[{"fulfillment_channel_code":"DEFAULT","quantity":5}]}]}]}""";
    var address = path(document.get("url").asText());
    assertThat(Caller.call("PUT", amazon.url(), address, upload).status())
        .as("signed for another type")
        .isEqualTo(403);
    Caller.call("PUT", amazon.url(), address, upload, "Content-Type", "application/json");
    var feed =
        post(
                "/feeds/2021-06-30/feeds",
                "{\"feedType\":\"JSON_LISTINGS_FEED\",\"marketplaceIds\":[\"ATVPDKIKX0DER\"],\"inputFeedDocumentId\":\"%s\"}"
                    .formatted(document.get("feedDocumentId").asText()))
            .json()
            .get("feedId")
            .asText();
    assertThat(feed(feed).get("processingStatus").asText()).isEqualTo("IN_QUEUE");
    assertThat(done()).isEmpty();

    clock.advance(Duration.ofSeconds(2));
    amazon.runDue();

    soon(() -> assertThat(amazon.stock("MUG-BLU")).isEqualTo(5));
    assertThat(done()).hasSize(1);
    var result = feed(feed).get("resultFeedDocumentId").asText();
    var url = get("/feeds/2021-06-30/documents/" + result, token()).json().get("url").asText();
    var report = Caller.get(amazon.url(), path(url)).json();
    assertThat(report.at("/issues/0/sku").asText()).isEqualTo("NO-SUCH");
    assertThat(report.at("/summary/messagesAccepted").asInt()).isOne();
  }

  private com.fasterxml.jackson.databind.JsonNode done() throws IOException {
    return get(
            "/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED&processingStatuses=DONE,FATAL",
            token())
        .json()
        .get("feeds");
  }

  @Test
  void anUploadAfterFiveMinutesIsRefused() throws IOException {
    open(o -> o);
    var document =
        post("/feeds/2021-06-30/documents", "{\"contentType\":\"application/json\"}").json();

    clock.advance(Duration.ofMinutes(6));
    var late = Caller.call("PUT", amazon.url(), path(document.get("url").asText()), "{}");

    assertThat(late.status()).isEqualTo(403);
  }

  @Test
  void whatIsSoldIsTakenOffWhatIsShown() {
    open(o -> o.initialStock(50));
    var draft = amazon.draftOrder();
    var sku = draft.at("/orderItems/0/product/sellerSku").asText();

    var id = amazon.place(draft);
    var sold = draft.at("/orderItems/0/quantityOrdered").asInt();

    assertThat(amazon.stock(sku)).isEqualTo(50 - sold);
    amazon.cancel(id, "BUYER", "Changed mind");
    assertThat(amazon.stock(sku)).isEqualTo(50);
  }

  // The queue

  @Test
  void aChangeIsToldUntilItsMessageIsDeletedByTheLatestReceipt() throws IOException {
    open(o -> o);
    var id = amazon.createOrder();

    var first = receive();
    var hidden = receive();
    clock.advance(Duration.ofSeconds(30));
    var second = receive();
    sqs("DeleteMessage", "\"ReceiptHandle\":\"" + handle(first) + "\"");
    clock.advance(Duration.ofSeconds(30));
    var third = receive();
    sqs("DeleteMessage", "\"ReceiptHandle\":\"" + handle(third) + "\"");
    clock.advance(Duration.ofSeconds(30));

    assertThat(hidden.has("Messages")).isFalse();
    assertThat(handle(second)).isNotEqualTo(handle(first));
    var told = Jsons.read(third.at("/Messages/0/Body").asText().getBytes());
    assertThat(told.at("/Payload/OrderChangeNotification/AmazonOrderId").asText()).isEqualTo(id);
    assertThat(receive().has("Messages")).isFalse();
  }

  @Test
  void theQueueOpensToItsKeyOnly() throws IOException {
    open(o -> o);

    var unsigned = Caller.call("POST", amazon.url(), "/", "{}", "X-Amz-Target", "AmazonSQS.X");
    var foreign = sqs("ReceiveMessage", "\"MaxNumberOfMessages\":1", "AKIAOTHER");
    var elsewhere =
        sqsAt("ReceiveMessage", "{\"QueueUrl\":\"http://127.0.0.1/1/other\"}", "AKIASERAISIM");

    assertThat(unsigned.status()).isEqualTo(403);
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(elsewhere.json().get("__type").asText()).endsWith("QueueDoesNotExist");
  }

  @Test
  void aRestartKnowsOrdersQueueAndWhatWasDeleted() throws IOException {
    open(o -> o);
    var kept = amazon.createOrder();
    sqs("DeleteMessage", "\"ReceiptHandle\":\"" + handle(receive()) + "\"");
    var waiting = amazon.createOrder();
    amazon.close();

    open(o -> o);

    assertThat(amazon.order(kept).get("orderId").asText()).isEqualTo(kept);
    var told = Jsons.read(receive().at("/Messages/0/Body").asText().getBytes());
    assertThat(told.at("/Payload/OrderChangeNotification/AmazonOrderId").asText())
        .isEqualTo(waiting);
  }

  private void open(UnaryOperator<AmazonOptions> setup) {
    amazon = AmazonSimulator.start(setup.apply(AmazonOptions.in(folder).clock(clock)));
  }

  private Caller.Reply token(String form) throws IOException {
    return Caller.call(
        "POST",
        amazon.url(),
        "/auth/o2/token",
        form + "&client_id=amzn1.application-oa2-client.serai&client_secret=lwa-secret");
  }

  private JsonNode token() throws IOException {
    return token("grant_type=refresh_token&refresh_token=Atzr%7Cserai").json();
  }

  private Caller.Reply get(String path, JsonNode token) throws IOException {
    return Caller.get(amazon.url(), path, "x-amz-access-token", token.get("access_token").asText());
  }

  private Caller.Reply search(String query) throws IOException {
    return get("/orders/2026-01-01/orders?" + query, token());
  }

  private Caller.Reply order(String id) throws IOException {
    return get("/orders/2026-01-01/orders/" + id + "?" + ALL, token());
  }

  private JsonNode feed(String id) throws IOException {
    return get("/feeds/2021-06-30/feeds/" + id, token()).json();
  }

  private Caller.Reply post(String path, String body) throws IOException {
    return Caller.call(
        "POST",
        amazon.url(),
        path,
        body,
        "x-amz-access-token",
        token().get("access_token").asText());
  }

  private Caller.Reply confirm(String id, ObjectNode body) throws IOException {
    return post("/orders/v0/orders/" + id + "/shipmentConfirmation", Jsons.text(body));
  }

  private ObjectNode parcel(String id, String reference, String tracking) {
    var body = Jsons.object().put("marketplaceId", "ATVPDKIKX0DER");
    var parcel = body.putObject("packageDetail");
    parcel.put("packageReferenceId", reference);
    parcel.put("carrierCode", "UPS");
    parcel.put("trackingNumber", tracking);
    parcel.put("shipDate", "2026-03-02T10:00:00Z");
    var items = parcel.putArray("orderItems");
    for (var item : amazon.order(id).get("orderItems")) {
      items
          .addObject()
          .put("orderItemId", item.get("orderItemId").asText())
          .put("quantity", item.get("quantityOrdered").asInt());
    }
    return body;
  }

  private static ObjectNode edit(ObjectNode body, String field, String value) {
    ((ObjectNode) body.get("packageDetail")).put(field, value);
    return body;
  }

  private Caller.Reply patch(String sku, int quantity) throws IOException {
    return Caller.call(
        "PATCH",
        amazon.url(),
        LISTINGS + sku + STORE,
        """
        {"productType":"PRODUCT","patches":[{"op":"replace","path":"/attributes/fulfillment_availability",
         "value":[{"fulfillment_channel_code":"DEFAULT","quantity":%d}]}]}"""
            .formatted(quantity),
        "x-amz-access-token",
        token().get("access_token").asText());
  }

  private JsonNode receive() throws IOException {
    return sqs("ReceiveMessage", "\"MaxNumberOfMessages\":1,\"WaitTimeSeconds\":0").json();
  }

  private Caller.Reply sqs(String operation, String fields) throws IOException {
    return sqs(operation, fields, "AKIASERAISIM");
  }

  private Caller.Reply sqs(String operation, String fields, String key) throws IOException {
    return sqsAt(operation, "{\"QueueUrl\":\"%s\",%s}".formatted(amazon.queueUrl(), fields), key);
  }

  private Caller.Reply sqsAt(String operation, String body, String key) throws IOException {
    return Caller.call(
        "POST",
        amazon.url(),
        "/",
        body,
        "X-Amz-Target",
        "AmazonSQS." + operation,
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=%s/20260302/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=%s"
            .formatted(key, "0".repeat(64)));
  }

  private static String handle(JsonNode received) {
    return received.at("/Messages/0/ReceiptHandle").asText();
  }

  private static String path(String url) {
    return url.substring(url.indexOf('/', "http://".length()));
  }

  private static String code(Caller.Reply reply) {
    return reply.json().at("/errors/0/code").asText();
  }

  private static String details(Caller.Reply reply) {
    assertThat(reply.status()).isEqualTo(400);
    assertThat(code(reply)).isEqualTo("InvalidInput");
    return reply.json().at("/errors/0/details").asText();
  }
}
