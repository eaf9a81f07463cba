package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The mappings of X12 partners, and what they write as X12 reads it. */
class X12MappingsTest {
  private static final Path SAMPLES = Path.of("samples/payloads");
  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);

  /** Every tree of the samples, ours and theirs, with the number of its set. */
  static Stream<Path> trees() throws IOException {
    return Stream.of("x12-retailer", "x12-3pl")
        .flatMap(connector -> files(SAMPLES.resolve(connector)))
        .filter(file -> file.toString().endsWith(".json"))
        .filter(file -> !file.toString().matches(".*\\.(canonical|variables)\\.json"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("trees")
  void aTreeWrittenAndReadAgainIsTheSameAndSoAreItsBytes(Path file) {
    for (var version : List.of("004010", "005010")) {
      var sample = read(file);
      var ours = sample.has("set");
      var set = ours ? sample.get("set").asText() : sample.at("/envelope/set").asText();
      var bytes = written(set, ours ? sample.get("body") : sample, version, Delimiters.USUAL);

      var heard = AFile.read(bytes, ReadOptions.STRICT);

      assertThat(heard.words()).isEmpty();
      var tree = SetTree.of(heard.sets().get(0));
      assertThat(written(set, tree, version, Delimiters.USUAL)).isEqualTo(bytes);
      assertThat(bare(tree)).isEqualTo(asText(bare(ours ? sample.get("body") : sample)));
    }
  }

  @ParameterizedTest
  @MethodSource("trees")
  void noDelimiterOfAPartnerGetsIntoAValue(Path file) {
    var sample = read(file);
    var ours = sample.has("set");
    var set = ours ? sample.get("set").asText() : sample.at("/envelope/set").asText();
    var delimiters = new Delimiters('|', ',', '^', '!');

    var heard =
        AFile.read(
            written(set, ours ? sample.get("body") : sample, "004010", delimiters),
            ReadOptions.STRICT);

    assertThat(heard.words()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /BEG/BEG01, 99, BEG.BEG01",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /BEG/BEG02, BK, BEG.BEG02",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /PO1Loop/1/PO1/PO103, LB,"
        + " PO1Loop[].PO1.PO103",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /PO1Loop/1/PO1/PO103, CA,"
        + " PO1Loop[].PO4[].PO401",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /PO1Loop/0/PO1/PO105, TP,"
        + " PO1Loop[].PO1.PO105",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /PO1Loop/0/PO1/PO102, 0.5,"
        + " PO1Loop[].PO1.PO102",
    "x12-retailer/order.in, order/two-lines-for-a-distribution-center, /PO1Loop/0/PO1/PO104, '',"
        + " PO1Loop[].PO1.PO104",
    "x12-retailer/order.in, order/cases-charges-and-windows, /DTM/0/DTM04, XX, DTM.DTM04",
    "x12-retailer/order.in, order/cases-charges-and-windows, /envelope/usage, X, envelope.usage",
    "x12-retailer/order-change.in, order-change/quantity-down, /BCH/BCH01, 22, BCH.BCH01",
    "x12-retailer/order-change.in, order-change/quantity-down, /POCLoop/0/POC/POC02, NC,"
        + " POCLoop[].POC.POC02",
    "x12-retailer/order-change.in, order-change/quantity-down, /POCLoop/0/POC/POC05/0, LB,"
        + " POCLoop[].POC.POC05",
    "x12-3pl/shipment.in, shipment/two-parcels, /W06/W0601, Z, W06.W0601",
    "x12-3pl/shipment.in, shipment/two-parcels, /W06/W0602, FO-20417, W06.W0602",
    "x12-3pl/shipment.in, shipment/two-parcels, /LXLoop/0/W12Loop/0/W12/W1205, CA,"
        + " LXLoop[].W12Loop[].W12.W1205",
    "x12-3pl/shipment.in, shipment/cartons-with-labels-on-a-truck, /LXLoop/0/MAN/0/MAN02,"
        + " 00001234560000000019, LXLoop[].MAN[].MAN02",
    "x12-3pl/stock.in, stock/846-by-lot-with-what-is-held, /BIA/BIA01, 04, BIA.BIA01",
    "x12-3pl/stock.in, stock/846-by-lot-with-what-is-held, /LINLoop/0/QTYLoop/0/QTY/QTY01, 63,"
        + " LINLoop[].QTYLoop[].QTY.QTY01",
    "x12-3pl/stock.in, stock/846-by-lot-with-what-is-held, /LINLoop/0/QTYLoop/0/QTY/QTY03/0, PL,"
        + " LINLoop[].QTYLoop[].QTY.QTY03",
    "x12-3pl/stock.in, stock/944-two-damaged, /W07Loop/0/W13Loop/0/W13/W1303, 77,"
        + " W07Loop[].W13Loop[].W13.W1303",
    "x12-3pl/stock.in, stock/947-count-damage-and-release, /W19Loop/0/W19/W1901, 99,"
        + " W19Loop[].W19.W1901",
    "x12-retailer/shipment.out, shipment/a-parcel-to-a-buyer.canonical, /carrier/code, northpost,"
        + " carrier.code",
    "x12-retailer/shipment.out, shipment/a-parcel-to-a-buyer.canonical,"
        + " /packages/0/tracking/0/number, '', packages[].sscc",
    "x12-retailer/shipment.out, shipment/cartons-with-labels-on-a-truck.canonical,"
        + " /packages/0/sscc, 001234560000000019, packages[].sscc",
    "x12-retailer/invoice.out, invoice/part-of-a-case.canonical, /taxes/0/title, Surcharge,"
        + " taxes[].title",
    "x12-3pl/fulfillment-request.out, fulfillment-request/the-order-is-taken-back.canonical,"
        + " /action, PAUSE, action"
  })
  void whatDecidesAndIsNotKnownIsNamedAndNeverGuessed(
      String mapping, String sample, String pointer, String value, String field) {
    var input =
        (ObjectNode)
            read(SAMPLES.resolve(mapping.split("/")[0]).resolve(sample + ".json")).deepCopy();
    replace(input, pointer, value);

    assertThatThrownBy(() -> map(mapping, input, Map.of()))
        .isInstanceOfSatisfying(
            MappingException.class,
            e -> {
              assertThat(e.unmapped()).as(e.getMessage()).isTrue();
              assertThat(e.field()).isEqualTo(field);
            });
  }

  @Test
  void aPartnersOwnWordsAreTranslated() {
    var order = (ObjectNode) sample("x12-retailer/order/two-lines-for-a-distribution-center");
    replace(order, "/PO1Loop/0/PO1/PO103", "CS");

    var mapped =
        map(
            "x12-retailer/order.in",
            order,
            Map.of("codes", Json.tree("{\"355\":{\"CS\":\"CA\"}}")));

    assertThat(mapped.at("/lines/0/ordered").asInt()).isEqualTo(48 * 12);
    assertThat(mapped.at("/lines/0/lineTotal/amount").asText()).isEqualTo("300.00");
  }

  @Test
  void quantitiesByStoreAreRefusedByName() {
    var order = (ObjectNode) sample("x12-retailer/order/two-lines-for-a-distribution-center");
    ((ObjectNode) order.at("/PO1Loop/0"))
        .set("SDQ", Json.tree("[{\"SDQ01\":\"EA\",\"SDQ03\":\"0001\",\"SDQ04\":\"48\"}]"));

    assertThatThrownBy(() -> map("x12-retailer/order.in", order, Map.of()))
        .isInstanceOfSatisfying(MappingException.class, e -> assertThat(e.code()).isEqualTo("SDQ"))
        .hasMessageContaining("Line '001' is divided over several stores (SDQ)");
  }

  @Test
  void aLastShipmentOfNothingSaysThatNothingComesAndAnyOtherIsRefused() {
    var advice = (ObjectNode) sample("x12-3pl/shipment/two-parcels");
    replace(advice, "/LXLoop/0/W12Loop/0/W12/W1203", "0");
    replace(advice, "/LXLoop/1/W12Loop/0/W12/W1203", "0");

    var nothing = map("x12-3pl/shipment.in", advice, Map.of());

    assertThat(nothing.get("last").asBoolean()).isTrue();
    assertThat(nothing.has("packages")).isFalse();

    replace(advice, "/W06/W0601", "P");
    assertThatThrownBy(() -> map("x12-3pl/shipment.in", advice, Map.of()))
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.code()).isEqualTo("NOTHING_SHIPPED"));
  }

  @Test
  void aDespatchAdviceThatNamesNoRequestIsRefusedByName() {
    var advice = (ObjectNode) sample("edifact-3pl/shipment/two-cartons-with-labels");
    replace(advice, "/RFFGroup/0/RFF/RFF01/0", "DQ");

    assertThatThrownBy(() -> map("edifact-3pl/shipment.in", advice, Map.of()))
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.code()).isEqualTo("REQUEST"))
        .hasMessageContaining("its header has no RFF with ON. Ask the warehouse to send RFF+ON");
  }

  @Test
  void whatIsWantedOfAChangedLineIsWhatIsLeftToReceive() {
    var change = (ObjectNode) sample("x12-retailer/order-change/quantity-down");
    replace(change, "/POCLoop/0/POC/POC03", "4");
    replace(change, "/POCLoop/0/POC/POC04", "3");

    assertThat(map("x12-retailer/order-change.in", change, Map.of()).at("/lines/0/ordered").asInt())
        .isEqualTo(36);

    replace(change, "/POCLoop/0/POC/POC04", "0");
    assertThat(map("x12-retailer/order-change.in", change, Map.of()).at("/lines/0/ordered").asInt())
        .isEqualTo(48);
  }

  @Test
  void theNumberThatA3plReturnsIsTheRequestItWasAsked() {
    var request =
        sample("x12-3pl/fulfillment-request/two-lines-of-a-retailer-to-a-buyer.canonical");
    var asked = map("x12-3pl/fulfillment-request.out", request, Map.of());
    var advice = (ObjectNode) sample("x12-3pl/shipment/two-parcels");

    replace(advice, "/W06/W0602", asked.at("/body/W05/W0502").asText().toLowerCase());

    assertThat(asked.at("/body/W05/W0502").asText()).hasSizeLessThanOrEqualTo(22);
    assertThat(map("x12-3pl/shipment.in", advice, Map.of()).get("fulfillmentId"))
        .isEqualTo(request.get("fulfillmentId"));
  }

  @Test
  void aCartonWhoseLinesCameInLoopsOfTheirOwnIsOneCarton() {
    var advice = (ObjectNode) sample("x12-3pl/shipment/cartons-with-labels-on-a-truck");
    replace(advice, "/LXLoop/1/MAN/0/MAN02", "00001234560000000018");

    var packages = map("x12-3pl/shipment.in", advice, Map.of()).get("packages");

    assertThat(packages).hasSize(1);
    assertThat(packages.at("/0/lines")).hasSize(3);
  }

  @Test
  void aNewerStateOfOneMinuteIsNewer() {
    var first = sample("x12-retailer/order/two-lines-for-a-distribution-center");
    var second = (ObjectNode) first.deepCopy();
    replace(second, "/envelope/interchangeControl", "000001202");

    var before = map("x12-retailer/order.in", first, Map.of()).get("updatedAt").asText();
    var after = map("x12-retailer/order.in", second, Map.of()).get("updatedAt").asText();

    assertThat(java.time.Instant.parse(after)).isAfter(java.time.Instant.parse(before));
  }

  @ParameterizedTest
  @MethodSource("invoices")
  void anInvoiceAddsUpInItsOwnElements(Path file) {
    var body = read(file).get("body");
    var sum = BigDecimal.ZERO;
    for (var line : body.get("IT1Loop")) {
      sum =
          sum.add(
              line.at("/IT1/IT102")
                  .decimalValue()
                  .multiply(new BigDecimal(line.at("/IT1/IT104").asText())));
    }
    for (var charge : body.path("SACLoop")) {
      var cents = charge.at("/SAC/SAC05").decimalValue().movePointLeft(2);
      sum = "A".equals(charge.at("/SAC/SAC01").asText()) ? sum.subtract(cents) : sum.add(cents);
    }
    for (var tax : body.path("TXI")) {
      sum = sum.add(new BigDecimal(tax.get("TXI02").asText()));
    }

    assertThat(sum.movePointRight(2)).isEqualByComparingTo(body.at("/TDS/TDS01").decimalValue());
  }

  static Stream<Path> invoices() throws IOException {
    return trees().filter(file -> file.getParent().endsWith("invoice"));
  }

  private static byte[] written(String set, JsonNode tree, String version, Delimiters delimiters) {
    var envelope =
        new Envelope(
            "ZZ",
            "SERAIHUB",
            "08",
            "RETAILHUB",
            "SERAIHUB",
            "RETAILHUB",
            version,
            "T",
            false,
            delimiters,
            "\n",
            false);
    return X12Writer.write(
        envelope,
        new X12Writer.Numbers(7, 7),
        AT,
        List.of(new Document(set, SetTree.segments(set, tree, delimiters.component()))));
  }

  private static JsonNode map(String mapping, JsonNode input, Map<String, JsonNode> given) {
    var variables = new HashMap<String, JsonNode>(given);
    variables.put("account", TextNode.valueOf("big-box"));
    return Json.tree(Json.bytes(MAPPINGS.mapping(mapping).apply(input, variables)));
  }

  private static void replace(ObjectNode tree, String pointer, String value) {
    int cut = pointer.lastIndexOf('/');
    var parent = tree.at(pointer.substring(0, cut));
    var name = pointer.substring(cut + 1);
    if (parent instanceof ObjectNode object) {
      object.put(name, value);
    } else {
      ((com.fasterxml.jackson.databind.node.ArrayNode) parent)
          .set(Integer.parseInt(name), TextNode.valueOf(value));
    }
  }

  private static JsonNode bare(JsonNode tree) {
    var bare = ((ObjectNode) tree).deepCopy();
    bare.remove("envelope");
    return bare;
  }

  /** What X12 can say of a tree: texts, cleaned as the writer cleans them. */
  private static JsonNode asText(JsonNode node) {
    if (node.isObject()) {
      var object = Json.MAPPER.createObjectNode();
      node.properties().forEach(entry -> object.set(entry.getKey(), asText(entry.getValue())));
      return object;
    }
    if (node.isArray()) {
      var list = Json.MAPPER.createArrayNode();
      node.forEach(one -> list.add(asText(one)));
      return list;
    }
    return TextNode.valueOf(cleaned(node.asText()));
  }

  // Accents, quotes and delimiters of the samples, as a partner sees them.
  private static String cleaned(String text) {
    return java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFD)
        .replaceAll("\\p{M}+", "")
        .replaceAll("[“”]", "\"")
        .replace("—", "-")
        .replaceAll("[*~\n]", " ")
        .replaceAll(" {2,}", " ")
        .strip();
  }

  private static JsonNode sample(String name) {
    return read(SAMPLES.resolve(name + ".json"));
  }

  private static JsonNode read(Path file) {
    try {
      return Json.tree(
          Files.readString(file, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
