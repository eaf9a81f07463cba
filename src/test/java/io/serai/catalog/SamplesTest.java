package io.serai.catalog;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.order.Order;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample gives what stands beside it, and every mapping has samples. */
class SamplesTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();

  /** Documents with a schema of another name than the folder's. */
  private static final Map<String, String> SCHEMAS =
      Map.ofEntries(
          entry("shopify/stock.out.jslt", "stock-publication"),
          entry("shopify/refund.out.jslt", "refund-request"),
          entry("amazon/stock.out.jslt", "stock-publication"),
          entry("ebay/stock.out.jslt", "stock-publication"),
          entry("etsy/stock.out.jslt", "stock-publication"),
          entry("square/stock.out.jslt", "stock-publication"),
          entry("rest-3pl/fulfillment.out.jslt", "fulfillment-request"),
          entry("easypost/shipment.out.jslt", "parcel-request"),
          entry("ups/rate.out.jslt", "parcel-request"),
          entry("ups/ship.out.jslt", "parcel-request"),
          entry("x12-retailer/acknowledgment.out.jslt", "order-acknowledgment"),
          entry("x12-retailer/order-change.out.jslt", "change-answer"),
          entry("x12-retailer/stock.out.jslt", "stock-publication"),
          entry("edifact-retailer/acknowledgment.out.jslt", "order-acknowledgment"),
          entry("edifact-retailer/stock.out.jslt", "stock-publication"));

  /** Mappings that hold no partner's document: a constant wrapped, an id picked out. */
  private static final Set<String> PLUMBING =
      Set.of(
          "shopify/fulfillment-orders.out.jslt",
          "shopify/order-answer.in.jslt",
          "shopify/order-fetch.out.jslt",
          "shopify/order-books.in.jslt",
          "shopify/order-books.out.jslt",
          "shopify/stock-books.in.jslt",
          "rest-3pl/fulfillment-books.in.jslt",
          "rest-3pl/stock-books.in.jslt",
          "ebay/order-books.in.jslt",
          "shopify/shipment-next.out.jslt",
          "shopify/shipment-rest.out.jslt",
          "shopify/shipment-told.in.jslt",
          "shopify/orders-poll.out.jslt",
          "shopify/listings-poll.out.jslt",
          "shopify/cancellation-lookup.in.jslt",
          "shopify/capture-lookup.in.jslt",
          "shopify/stock-levels.in.jslt",
          "shopify/stock-levels.out.jslt",
          "amazon/listings-query.out.jslt",
          "amazon/order-answer.in.jslt",
          "amazon/order-items.in.jslt",
          "amazon/order-unread.in.jslt",
          "amazon/orders-query.out.jslt",
          "amazon/order-books.out.jslt",
          "amazon/shipment-next.out.jslt",
          "amazon/shipment-order.out.jslt",
          "amazon/shipment-rest.out.jslt",
          "amazon/shipment-told.in.jslt",
          "amazon/shipment-unsure.out.jslt",
          "ebay/orders-window.out.jslt",
          "ebay/orders-query.out.jslt",
          "ebay/order-id.out.jslt",
          "ebay/order-read.in.jslt",
          "ebay/channel-order.out.jslt",
          "ebay/article.in.jslt",
          "ebay/listings-poll.out.jslt",
          "ebay/offers-query.out.jslt",
          "ebay/fulfillments.in.jslt",
          "ebay/shipment-next.out.jslt",
          "ebay/shipment-rest.out.jslt",
          "ebay/shipment-told.in.jslt",
          "ebay/cancellation-path.out.jslt",
          "ebay/cancellation-request.out.jslt",
          "ebay/cancellation-lookup.in.jslt",
          "amazon/stock-path.out.jslt",
          "etsy/receipts-poll.out.jslt",
          "etsy/listings-poll.out.jslt",
          "etsy/receipt-id.out.jslt",
          "etsy/receipt-answer.in.jslt",
          "etsy/stock-next.out.jslt",
          "etsy/stock-receipt.in.jslt",
          "etsy/shipment-rest.out.jslt",
          "etsy/shipment-receipt.in.jslt",
          "edi/listings-page.in.jslt",
          "edi/listing.in.jslt",
          "rest-3pl/fulfillment-id.out.jslt",
          "easypost/label-lookup.in.jslt",
          "easypost/buy.out.jslt",
          "easypost/buy-path.out.jslt",
          "easypost/shipment-path.out.jslt",
          "easypost/bought-path.out.jslt",
          "easypost/refund-path.out.jslt",
          "easypost/refund-lookup.in.jslt",
          "easypost/file-address.out.jslt",
          "easypost/file.in.jslt",
          "ups/recovery.out.jslt",
          "ups/void-path.out.jslt",
          "square/order-answer.in.jslt",
          "square/catalog.out.jslt",
          "square/orders-poll.out.jslt",
          "square/counts-poll.out.jslt",
          "square/counts-page.in.jslt",
          "square/articles.out.jslt",
          "square/listings-page.in.jslt",
          "square/page.in.jslt",
          "rest-3pl/lookup.in.jslt",
          "rest-3pl/page.in.jslt");

  static List<Sample> samples() {
    return Sample.all();
  }

  static Stream<Sample> documents() throws IOException {
    return Sample.all().stream().filter(s -> schemaOf(s) != null);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleGivesWhatStandsBesideIt(Sample sample) {
    JsonNode mapped = Json.tree(Json.bytes(sample.map(MAPPINGS)));

    assertThat(mapped.toPrettyString()).isEqualTo(Sample.read(sample.expected()).toPrettyString());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theCanonicalSideFitsItsSchema(Sample sample) throws IOException {
    JsonNode canonical =
        Sample.read(sample.towardsCanonical() ? sample.expected() : sample.input());

    assertThat(schema(schemaOf(sample)).validate(canonical)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anOrderAddsUpAndContradictsNothing(Sample sample) {
    if (sample.document().equals("order")) {
      Order order = Json.as(sample.map(MAPPINGS), Order.class);

      assertThat(order.contradictions()).isEmpty();
      assertThat(order.moneyMismatch()).isEmpty();
      assertThat(Json.tree(Json.bytes(order)))
          .as("nothing is lost in the record")
          .isEqualTo(Sample.read(sample.expected()));
    }
  }

  @Test
  void everyMappingHasItsOrdinaryItsFullestAndItsUgliestSample() throws IOException {
    Map<String, Long> counts =
        Sample.all().stream()
            .collect(Collectors.groupingBy(Sample::mapping, Collectors.counting()));

    for (String mapping : mappings()) {
      if (!PLUMBING.contains(mapping)) {
        assertThat(counts.getOrDefault(mapping, 0L)).as(mapping).isGreaterThanOrEqualTo(3);
      }
    }
  }

  @Test
  void everyMappingSaysInItsFirstLineFromWhatToWhat() throws IOException {
    for (String mapping : mappings()) {
      assertThat(Files.readAllLines(Sample.MAPPINGS.resolve(mapping)).getFirst())
          .as(mapping)
          .startsWith("// ")
          .contains("->");
    }
  }

  @Test
  void everyMappingFileCompilesByItself() throws IOException {
    try (Stream<Path> files = Files.walk(Sample.MAPPINGS)) {
      files
          .filter(f -> f.toString().endsWith(".jslt"))
          .map(f -> Sample.MAPPINGS.relativize(f).toString())
          .forEach(name -> assertThat(MAPPINGS.mapping(name).version()).hasSize(16));
    }
  }

  @Test
  void everyPartnerExplainsItselfInAReadme() throws IOException {
    for (String mapping : mappings()) {
      assertThat(Sample.MAPPINGS.resolve(mapping).resolveSibling("README.md")).exists();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shopify/order.in.jslt, two-lines-tax-included.json, id, id",
    "shopify/order.in.jslt, two-lines-tax-included.json, updated_at, updated_at",
    "shopify/order.in.jslt, two-lines-tax-included.json, created_at, created_at",
    "shopify/order.in.jslt, two-lines-tax-included.json, line_items, line_items",
    "shopify/order.in.jslt, two-lines-tax-included.json, taxes_included, taxes_included",
    "shopify/order.in.jslt, two-lines-tax-included.json, financial_status, financial_status",
    "shopify/order.in.jslt, two-lines-tax-included.json, test, test",
    "shopify/order.in.jslt, two-lines-tax-included.json, total_price+total_price_set, total_price",
    "shopify/order.in.jslt, two-lines-tax-included.json, currency+presentment_currency, currency",
    "shopify/order-graphql.in.jslt, two-lines-tax-included.graphql.json, id, id",
    "shopify/order-graphql.in.jslt, two-lines-tax-included.graphql.json, updatedAt, updatedAt",
    "shopify/order-graphql.in.jslt, two-lines-tax-included.graphql.json, displayFinancialStatus, displayFinancialStatus",
    "shopify/order-graphql.in.jslt, two-lines-tax-included.graphql.json, lineItems, lineItems.nodes",
  })
  void anOrderWithoutAFieldItNeedsIsRefusedNamingTheField(
      String mapping, String file, String removed, String named) {
    ObjectNode order = order(file);
    order.remove(List.of(removed.split("\\+")));

    assertUnmapped(mapping, order, named, null);
  }

  @ParameterizedTest
  @CsvSource({
    "id, line_items[].id",
    "quantity, line_items[].quantity",
    "requires_shipping, line_items[].requires_shipping",
    "price+price_set, line_items[].price",
  })
  void aLineWithoutAFieldItNeedsIsRefusedNamingTheField(String removed, String named) {
    ObjectNode order = order("two-lines-tax-included.json");
    ((ObjectNode) order.at("/line_items/1")).remove(List.of(removed.split("\\+")));

    assertUnmapped("shopify/order.in.jslt", order, named, null);
  }

  @Test
  void aDecidingValueNobodyKnowsIsRefusedNamingPathAndValue() {
    ObjectNode order = order("two-lines-tax-included.json");
    order.put("financial_status", "half_paid");
    assertUnmapped("shopify/order.in.jslt", order, "financial_status", "half_paid");

    ObjectNode currency = order("two-lines-tax-included.json");
    currency.put("presentment_currency", "EURO");
    assertThatThrownBy(() -> map("shopify/order.in.jslt", currency)).hasMessageContaining("'EURO'");

    ObjectNode refund =
        (ObjectNode)
            Sample.read(Sample.ROOT.resolve("shopify/refund/one-returned-one-cancelled.json"));
    ((ObjectNode) refund.at("/refund_line_items/0")).put("restock_type", "burn");
    assertUnmapped("shopify/refund.in.jslt", refund, "refund_line_items[].restock_type", "burn");
  }

  @Test
  void aFractionOfAPieceIsRefusedByName() {
    ObjectNode order = order("two-lines-tax-included.json");
    ((ObjectNode) order.at("/line_items/0")).put("quantity", 0.5);

    assertUnmapped("shopify/order.in.jslt", order, "line_items[].quantity", "0.5");
  }

  @Test
  void chargedMoneyThatIsOnlyKnownInTheShopsCurrencyIsMissing() {
    ObjectNode order = order("yen-emoji-removed-line.json");
    ((ObjectNode) order.at("/line_items/0")).remove("price_set");

    assertUnmapped("shopify/order.in.jslt", order, "line_items[].price", null);
  }

  @Test
  void anOrderWhoseLinesGoOnIsRefusedRatherThanHalved() {
    ObjectNode order = order("two-lines-tax-included.graphql.json");
    ((ObjectNode) order.at("/lineItems/pageInfo")).put("hasNextPage", true);

    assertRefused("shopify/order-graphql.in.jslt", order, Map.of(), "TRUNCATED");
  }

  @Test
  void aPageWithErrorsIsNeverTakenForAnEmptyOne() {
    JsonNode throttled =
        Json.tree(
            "{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{\"code\":\"THROTTLED\"}}]}");

    assertRefused("shopify/page.in.jslt", throttled, Map.of(), "THROTTLED");
    assertUnmapped(
        "shopify/page.in.jslt", (ObjectNode) Json.tree("{\"data\":{}}"), "data.orders", null);
    assertRefused(
        "rest-3pl/page.in.jslt",
        Json.tree(
            "{\"status\":\"error\",\"error\":{\"code\":\"INTERNAL\",\"message\":\"Broken.\"}}"),
        Map.of(),
        "INTERNAL");
  }

  @Test
  void aReceiptOfTwoReturnsIsRefusedNamingItsRow() {
    JsonNode rows =
        Sample.read(Sample.ROOT.resolve("file-3pl/return/by-its-label-in-every-condition.json"));
    ((ObjectNode) rows.at("/rows/2/values")).put("return_id", "#1002-R1");

    assertRefused("file-3pl/return.in.jslt", rows, Map.of(), "BAD_ROW");
    assertThatThrownBy(() -> map("file-3pl/return.in.jslt", rows))
        .hasMessageContaining(
            "Row 7 is of another return or request than row 5, and both are of receipt 'W-88'. Have the warehouse give each return a receipt of its own.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fulfillment_id | row 2, return_id or fulfillment_id",
        "received_at | row 2, received_at",
        "sku | row 2, sku"
      })
  void aReturnedRowWithoutAFieldItNeedsIsRefusedNamingTheField(String removed, String named) {
    ObjectNode rows =
        (ObjectNode) Sample.read(Sample.ROOT.resolve("file-3pl/return/one-of-a-request.json"));
    ((ObjectNode) rows.at("/rows/0/values")).remove(removed);

    assertThatThrownBy(() -> map("file-3pl/return.in.jslt", rows))
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.field()).isEqualTo(named));
  }

  @Test
  void a944AboutReturnsThatNamesNoneIsRefusedNamingTheField() {
    ObjectNode set =
        (ObjectNode) Sample.read(Sample.ROOT.resolve("x12-3pl/return/one-by-its-label.json"));
    set.remove("N9");
    ((ObjectNode) set.get("W17")).remove("W1704");

    assertUnmapped("x12-3pl/return.in.jslt", set, "N9[N901=RZ].N902 or W17.W1704", null);
  }

  @Test
  void anOrderTheShopDoesNotKnowStopsTheShipment() {
    assertRefused(
        "shopify/order-answer.in.jslt",
        Json.tree("{\"data\":{\"order\":null}}"),
        Map.of(),
        "ORDER_NOT_FOUND");
  }

  @Test
  void aShipmentNobodyWaitsForIsRefused() {
    Sample sample = sample("one-box-by-sku.canonical.json");
    Map<String, JsonNode> context = sample.context();
    ((ObjectNode) context.get("order").at("/fulfillmentOrders/nodes/0")).put("status", "CLOSED");

    assertRefused(sample.mapping(), Sample.read(sample.input()), context, "NOTHING_OPEN");
  }

  @Test
  void aShipmentOverTwoShopifyLocationsIsToldLocationByLocation() {
    Sample sample = sample("two-boxes-over-a-split-fulfillment-order.canonical.json");
    Map<String, JsonNode> context = sample.context();
    ((ObjectNode) context.get("order").at("/fulfillmentOrders/nodes/1/assignedLocation/location"))
        .put("id", "gid://shopify/Location/64099");

    JsonNode told = MAPPINGS.mapping(sample.mapping()).apply(Sample.read(sample.input()), context);

    assertThat(told).hasSize(2);
    assertThat(told.findValuesAsText("fulfillmentOrderId"))
        .containsExactly(
            "gid://shopify/FulfillmentOrder/602", "gid://shopify/FulfillmentOrder/603");
    assertThat(told.at("/1/fulfillment/trackingInfo"))
        .isEqualTo(told.at("/0/fulfillment/trackingInfo"));
  }

  @Test
  void whatALocationWasToldIsNotToldAgain() {
    Sample sample = sample("two-boxes-over-a-split-fulfillment-order.canonical.json");
    Map<String, JsonNode> context = sample.context();
    context.put("claim", Json.tree("2"));
    ((ObjectNode) context.get("order"))
        .set(
            "fulfillments",
            Json.tree(
                """
                [{"status":"SUCCESS","trackingInfo":[{"number":"JD014600000201"},{"number":"JD014600000202"}],
                  "fulfillmentLineItems":{"nodes":[
                    {"quantity":1,"lineItem":{"id":"gid://shopify/LineItem/15200000000201","sku":"LMP-ARC-BRS"}}]}},
                 {"status":"CANCELLED","trackingInfo":[{"number":"JD014600000201"}],
                  "fulfillmentLineItems":{"nodes":[
                    {"quantity":2,"lineItem":{"id":"gid://shopify/LineItem/15200000000201","sku":"LMP-ARC-BRS"}}]}}]"""));
    ((ObjectNode) context.get("order").at("/fulfillmentOrders/nodes/1")).put("status", "CLOSED");

    JsonNode told = MAPPINGS.mapping(sample.mapping()).apply(Sample.read(sample.input()), context);

    assertThat(told).hasSize(1);
    assertThat(told.at("/0/fulfillment/lineItemsByFulfillmentOrder/0/fulfillmentOrderLineItems"))
        .isEqualTo(
            Json.tree(
                """
                [{"id":"gid://shopify/FulfillmentOrderLineItem/712","quantity":2},
                 {"id":"gid://shopify/FulfillmentOrderLineItem/713","quantity":1}]"""));
  }

  @Test
  void halfACancellationIsRefused() {
    ObjectNode cancellation =
        (ObjectNode)
            Sample.read(
                Sample.ROOT.resolve("shopify/cancellation-out/out-of-stock.canonical.json"));
    cancellation.putArray("lines").addObject().put("lineId", "1").put("quantity", 1);

    assertRefused("shopify/cancellation.out.jslt", cancellation, Map.of(), "PARTIAL_CANCELLATION");
  }

  @Test
  void aCancelIsNeverSentAsARequest() {
    ObjectNode request =
        (ObjectNode)
            Sample.read(Sample.ROOT.resolve("rest-3pl/fulfillment/two-lines.canonical.json"));
    request.put("action", "CANCEL");

    assertRefused("rest-3pl/fulfillment.out.jslt", request, Map.of(), "CONFIG");
  }

  @Test
  void theOrderIdIsTheFirstThingA3plReads() {
    String sent = Json.text(sample("rest-3pl/fulfillment/two-lines.canonical.json").map(MAPPINGS));

    assertThat(sent).startsWith("{\"orderId\":\"6120000000101\",\"fulfillmentId\":\"ful_");
    assertThat(sent.split("MUG-BLU", -1)).as("each SKU once").hasSize(2);
    assertThat(sent).contains("{\"sku\":\"MUG-BLU\",\"quantity\":2");
  }

  private static Sample sample(String input) {
    return Sample.all().stream().filter(s -> s.input().endsWith(input)).findFirst().orElseThrow();
  }

  private static ObjectNode order(String file) {
    return (ObjectNode) Sample.read(Sample.ROOT.resolve("shopify/order").resolve(file));
  }

  private static JsonNode map(String mapping, JsonNode input) {
    return MAPPINGS.mapping(mapping).apply(input);
  }

  private static void assertUnmapped(String mapping, ObjectNode input, String field, String value) {
    assertThatThrownBy(() -> map(mapping, input))
        .isInstanceOfSatisfying(
            MappingException.class,
            e -> {
              assertThat(e.unmapped()).isTrue();
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.value()).isEqualTo(value);
              assertThat(e.line()).isPositive();
            });
  }

  private static void assertRefused(
      String mapping, JsonNode input, Map<String, JsonNode> context, String code) {
    assertThatThrownBy(() -> MAPPINGS.mapping(mapping).apply(input, context))
        .isInstanceOfSatisfying(
            MappingException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).endsWith(".");
            });
  }

  private static List<String> mappings() throws IOException {
    try (Stream<Path> files = Files.walk(Sample.MAPPINGS)) {
      return files
          .map(f -> Sample.MAPPINGS.relativize(f).toString())
          .filter(
              f ->
                  f.matches(
                      "(shopify|ebay|rest-3pl|x12-3pl|x12-retailer|edifact-3pl|edifact-retailer)/.*"))
          .filter(f -> f.endsWith(".in.jslt") || f.endsWith(".out.jslt"))
          .sorted()
          .toList();
    }
  }

  private static String schemaOf(Sample sample) {
    String name = SCHEMAS.getOrDefault(sample.mapping(), sample.document());
    return Files.exists(Path.of("mappings/canonical", name + ".schema.json")) ? name : null;
  }

  private static JsonSchema schema(String name) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(
            Json.tree(Files.readAllBytes(Path.of("mappings/canonical", name + ".schema.json"))));
  }
}
