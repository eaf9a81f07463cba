package io.serai.order;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The records and the schemas say the same: every component is a property and the other way round.
 */
class CanonicalDocumentsTest {

  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");
  private static final ChannelRef CHANNEL =
      new ChannelRef(
          "shopify",
          "shopify-main",
          "1001",
          "#1001",
          "L-1",
          "C-1",
          "PO-1",
          "DE",
          "web",
          "https://x");
  private static final Party PARTY =
      new Party(
          "Jana Ørsted",
          "Jana",
          "Ørsted",
          "Acme",
          "jana@example.com",
          "+493055500142",
          new Address(
              List.of("Weserstraße 12"), "Berlin", "BE", "Berlin", "12045", "DE", "RESIDENTIAL"),
          PiiState.MASKED);
  private static final Service SERVICE =
      new Service("STD", AT, AT, AT, new Service.Pickup("L"), new Service.Gift("For you"), true);

  private static final Rates.Quote QUOTE =
      new Rates.Quote("rate_1", "ups", "03", "Ground", Money.of("9.10", "USD"), 3, AT);
  private static final Label LABEL =
      new Label(
          "1ZA1B2",
          "https://t",
          "ups",
          "03",
          Money.of("9.10", "USD"),
          "1ZA1B2",
          "ZPL",
          "XlhBXlha",
          "https://f");

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("order", fullest()),
        Arguments.of("order", anOrder().build()),
        Arguments.of(
            "cancellation",
            new Cancellation(
                CHANNEL,
                Cancellation.Source.BUYER,
                "CUSTOMER",
                AT,
                "r-1",
                true,
                List.of(new Cancellation.Line("1", 2)))),
        Arguments.of(
            "refund",
            new Refund(
                CHANNEL,
                "r1",
                AT,
                List.of(new Refund.Line("1", 1, Refund.Restock.RETURN)),
                Money.of("1.5", "KWD"))),
        Arguments.of(
            "return",
            new Return(
                CHANNEL,
                "ful_1",
                "945",
                "#1001-R1",
                Return.Kind.EXCHANGE,
                ReturnState.APPROVED,
                AT,
                "nj-1",
                "too small",
                false,
                List.of(new Return.Line("1", "MUG-BLU", 1, "too small")),
                List.of(
                    new Return.Receipt(
                        "R-1",
                        "nj-1",
                        AT,
                        List.of(
                            new Return.Received("1", "MUG-BLU", 1, Return.Disposition.DAMAGED)))))),
        Arguments.of(
            "stock",
            new StockReport(
                "nj-1",
                "northwind",
                StockReport.Kind.ABSOLUTE,
                AT,
                7L,
                List.of(new StockReport.Level("MUG-BLU", 12)),
                true)),
        Arguments.of(
            "stock",
            new StockReport(
                "nj-1",
                null,
                StockReport.Kind.DELTA,
                AT,
                null,
                List.of(new StockReport.Level("MUG-BLU", 2)),
                null,
                StockReport.Cause.RECEIPT,
                "PO-7")),
        Arguments.of(
            "goods-announcement",
            new GoodsAnnouncement(
                "PO-7",
                "nj-1",
                AT,
                AT,
                true,
                "5550001",
                "ROADWAY",
                "RDWY",
                List.of(new GoodsAnnouncement.Line("MUG-BLU", "Mug", "L2602", 2)))),
        Arguments.of(
            "stock-publication",
            new StockPublication(
                List.of(new StockPublication.Item("k", "MUG-BLU", "45", "46", "64", 3, 4)))),
        Arguments.of(
            "fulfillment-request",
            new FulfillmentRequest(
                "ful_1",
                "ord_1",
                FulfillmentRequest.Action.CANCEL,
                CHANNEL,
                "nj-1",
                "northwind",
                "F-1",
                PARTY,
                SERVICE,
                "note",
                List.of(new FulfillmentRequest.Line("1", "MUG-BLU", "Mug", 1, "691200", "PT")),
                "EUR",
                AT,
                List.of("handle-with-care"),
                "0f4c")),
        Arguments.of(
            "fulfillment-response",
            new FulfillmentResponse(
                "ful_1",
                FulfillmentResponse.State.ACCEPTED,
                "F-1",
                "picked",
                RefusalCode.DAMAGED,
                List.of(new FulfillmentResponse.Refused("1", "MUG-BLU", 1, RefusalCode.NOT_FOUND)),
                AT)),
        Arguments.of(
            "acknowledgment",
            new Acknowledgment(
                "R-1",
                "key-1",
                Acknowledgment.State.REJECTED,
                "F-1",
                "E12",
                "no such item",
                List.of(new Acknowledgment.Refused("L-1", "E13", "no such listing")),
                AT)),
        Arguments.of(
            "order-acknowledgment",
            new OrderAcknowledgment(
                "ord_1",
                "ord_1",
                OrderAcknowledgment.State.CHANGED,
                AT,
                List.of(new OrderAcknowledgment.Line("1", "MUG-BLU", 5, 3, 1, 1)),
                CHANNEL,
                Map.of("currency", "EUR"))),
        Arguments.of(
            "invoice",
            new Invoice(
                "1001-1",
                "ord_1",
                "shp_1",
                "S-1",
                AT,
                AT,
                "EUR",
                new Shipment.Carrier("dhl", "DHL", "DHLC"),
                "1Z",
                "B-1",
                List.of(
                    new Invoice.Line(
                        "1", "MUG-BLU", 1, Money.of("1.00", "EUR"), Money.of("1.00", "EUR"))),
                List.of(new Invoice.Amount("Freight", "D240", Money.of("1.00", "EUR"))),
                List.of(new Invoice.Amount("Spring", "C310", Money.of("1.00", "EUR"))),
                List.of(new Invoice.Amount("ST", null, Money.of("1.00", "EUR"))),
                new Invoice.Totals(
                    Money.of("1.00", "EUR"),
                    Money.of("1.00", "EUR"),
                    Money.of("1.00", "EUR"),
                    Money.of("1.00", "EUR"),
                    Money.of("2.00", "EUR")),
                CHANNEL,
                Map.of("currency", "EUR"))),
        Arguments.of(
            "order-change",
            new OrderChange(
                CHANNEL,
                "C-1",
                false,
                AT,
                "they said so",
                List.of(
                    new OrderChange.Line("1", 2, Money.of("1.00", "EUR"), null),
                    new OrderChange.Line("2", 1, null, fullest().lines().getFirst())),
                AT,
                AT,
                AT,
                Map.of("a", "b"))),
        Arguments.of(
            "change-answer",
            new ChangeAnswer(
                "C-1",
                "ord_1",
                ChangeAnswer.State.CHANGED,
                AT,
                List.of(
                    new ChangeAnswer.Line(
                        "1", "MUG-BLU", 3, 2, 3, 0, Money.of("1.00", "EUR"), false)),
                CHANNEL,
                Map.of("currency", "EUR"))),
        Arguments.of(
            "shipment",
            new Shipment(
                "ful_1",
                "S-1",
                "ord_1",
                CHANNEL,
                AT,
                new Shipment.Carrier("dhl", "DHL"),
                "ground",
                List.of(
                    new Shipment.Package(
                        List.of(new Shipment.Tracking("1Z", "https://t")),
                        List.of(new Shipment.Line("1", "MUG-BLU", 1)))),
                true,
                RefusalCode.NOT_FOUND)),
        Arguments.of(
            "tracking",
            new Tracking(
                "1Z",
                "ups",
                AT,
                List.of(
                    new Tracking.Event(
                        AT, TrackingState.OUT_FOR_DELIVERY, "OT", "On the van", "Newark")))),
        Arguments.of("rates", new Rates("shp_1", List.of(QUOTE))),
        Arguments.of("label", LABEL),
        Arguments.of(
            "parcel-request",
            new ParcelRequest(
                "pcl_1",
                1,
                "ups-main",
                "ord_1",
                CHANNEL,
                "store-1",
                PARTY,
                PARTY,
                SERVICE,
                "ring twice",
                new ParcelRequest.Size(900, 300, 200, 100),
                List.of(new ParcelRequest.Line("1", "MUG-BLU", "Mug", 2, "691200", "PT")),
                "USD",
                "ZPL",
                QUOTE,
                "shp_1",
                LABEL)),
        Arguments.of(
            "listing",
            new ListingReport(
                List.of(new ListingReport.Listing("45", "MUG-BLU", "46", "Mug", "64", -2)))));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void aRecordIsWrittenAsItsSchemaSaysAndReadBackTheSame(String name, Object document)
      throws Exception {
    JsonNode json = Json.tree(Json.bytes(document));

    assertThat(schema(name).validate(json)).isEmpty();
    assertThat(Json.as(json, document.getClass())).isEqualTo(document);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyComponentIsAPropertyAndEveryPropertyAComponent(String name, Object document)
      throws Exception {
    JsonNode schema = Json.tree(Files.readAllBytes(file(name)));

    compare(schema, schema, document.getClass(), name);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void aPropertyNobodyKnowsIsRefused(String name, Object document) throws Exception {
    ObjectNode json = (ObjectNode) Json.tree(Json.bytes(document));

    json.put("surprise", 1);

    assertThat(schema(name).validate(json)).hasSize(1);
  }

  @Test
  void moneyIsTextInDocumentsNeverANumber() {
    assertThat(Json.text(Money.of("12.3", "EUR")))
        .isEqualTo("{\"amount\":\"12.30\",\"currency\":\"EUR\"}");
    assertThat(Json.as(Json.tree("{\"amount\":\"12.30\",\"currency\":\"EUR\"}"), Money.class))
        .isEqualTo(Money.of("12.3", "EUR"));
  }

  @Test
  void theSchemaRefusesWhatThePlainTypesWouldTake() throws Exception {
    for (String broken :
        List.of(
            "/totals/grandTotal/amount=\"12,30\"",
            "/placedAt=\"2026-03-02 09:00\"",
            "/currency=\"euro\"",
            "/payment/state=\"Paid\"",
            "/fulfilledBy=\"AMAZON\"")) {
      String pointer = broken.substring(0, broken.indexOf('='));
      ObjectNode json = (ObjectNode) Json.tree(Json.bytes(anOrder().build()));
      int at = pointer.lastIndexOf('/');
      ((ObjectNode) json.at(pointer.substring(0, at)))
          .set(pointer.substring(at + 1), Json.tree(broken.substring(broken.indexOf('=') + 1)));

      assertThat(schema("order").validate(json)).as(broken).isNotEmpty();
    }
  }

  private static Order fullest() {
    Money eur = Money.of("1.00", "EUR");
    var taxes = List.of(new Tax("VAT", new BigDecimal("0.19"), eur, true, CollectedBy.CHANNEL));
    var discounts = List.of(new Discount(eur, "Spring", "SPRING", "CHANNEL"));
    return new Order(
        "1.0",
        CHANNEL,
        OrderType.B2B,
        FulfilledBy.MERCHANT,
        AT,
        AT,
        AT,
        AT,
        "FRAUD",
        true,
        "EUR",
        "USD",
        false,
        "de",
        PARTY,
        PARTY,
        PARTY,
        List.of(
            new OrderLine(
                "1",
                1,
                "0",
                LineKind.PHYSICAL,
                "MUG-BLU",
                new ListingRef("a", "b", "c", "04012345678901"),
                "Mug",
                Map.of("Engraving", "25\""),
                "EA",
                5,
                1,
                1,
                1,
                1,
                true,
                eur,
                discounts,
                taxes,
                eur,
                new Preorder(AT))),
        List.of(new ShippingLine("Standard", "STD", eur, discounts, taxes)),
        discounts,
        taxes,
        List.of(new Fee("Deposit", eur)),
        new Totals(eur, eur, eur, eur, eur, eur, eur, eur, eur, eur),
        new Payment(PaymentState.PARTIALLY_PAID, "card", eur),
        new Risk(Risk.Level.HIGH, List.of("the card's country")),
        SERVICE,
        "note",
        List.of("vip"),
        Map.of("noteAttributes", Map.of("a", "b")));
  }

  private static void compare(JsonNode root, JsonNode schema, Class<?> type, String path) {
    JsonNode node = resolved(root, schema);
    if (!type.isRecord()) {
      return;
    }
    Set<String> properties = new TreeSet<>();
    node.path("properties").fieldNames().forEachRemaining(properties::add);
    Set<String> components =
        Arrays.stream(type.getRecordComponents())
            .map(c -> c.getName())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(properties).as(path).isEqualTo(components);

    for (var component : type.getRecordComponents()) {
      JsonNode property = resolved(root, node.path("properties").path(component.getName()));
      Class<?> of = component.getType();
      if (List.class.isAssignableFrom(of)) {
        property = property.path("items");
        var argument =
            ((java.lang.reflect.ParameterizedType) component.getGenericType())
                .getActualTypeArguments()[0];
        of = argument instanceof Class<?> c ? c : Object.class;
      }
      if (of.isEnum()) {
        Set<String> allowed = new TreeSet<>();
        resolved(root, property).path("enum").forEach(v -> allowed.add(v.asText()));
        Set<String> constants =
            Arrays.stream(of.getEnumConstants())
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(allowed).as(path + "." + component.getName()).isEqualTo(constants);
      }
      compare(root, property, of, path + "." + component.getName());
    }
  }

  private static JsonNode resolved(JsonNode root, JsonNode schema) {
    return schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
  }

  private static Path file(String name) {
    return Path.of("mappings/canonical", name + ".schema.json");
  }

  static JsonSchema schema(String name) throws Exception {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Json.tree(Files.readAllBytes(file(name))));
  }
}
