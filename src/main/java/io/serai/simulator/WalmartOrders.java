package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes Walmart's purchase orders for goods that the vendor sends to the buyer, and their X12. */
final class WalmartOrders {

  private static final long FIRST = 108_800_000_000_000L;
  private static final String[][] BUYERS = {
    {"Ada Whitfield", "418 Juniper Court", "Asheville", "NC", "28801"},
    {"Marcus Oyelaran", "77 Harbor Street Apt 5", "Portland", "ME", "04101"},
    {"Ines Calderon", "2290 Mesa Verde Road", "Santa Fe", "NM", "87505"},
    {"Tom Ellery", "9 Mill Lane", "Burlington", "VT", "05401"},
    {"Priya Raman", "1500 Lakeview Terrace", "Madison", "WI", "53703"},
  };

  private final Catalogue catalogue;
  private final WalmartOptions options;

  WalmartOrders(WalmartOptions options, Catalogue catalogue) {
    this.options = options;
    this.catalogue = catalogue;
  }

  /** The order with this running number, the same on every run of the seed. */
  ObjectNode order(int number, Instant at) {
    var random = new SplittableRandom(options.seed * 5_000_011L + number);
    var goods = catalogue.goods();
    var units = new java.util.LinkedHashMap<Article, Integer>();
    for (var i = random.nextInt(3); i >= 0; i--) {
      units.merge(goods.get(random.nextInt(goods.size())), 1 + random.nextInt(2), Integer::sum);
    }
    return order(number, units, at);
  }

  /** An order of these articles. */
  ObjectNode order(int number, Map<Article, Integer> units, Instant at) {
    var buyer = BUYERS[number % BUYERS.length];
    var order = Jsons.object();
    order.put("number", String.valueOf(FIRST + number * 13L));
    order.put("date", X12Writing.day(at));
    order.put("shipBy", X12Writing.day(at.plus(Duration.ofDays(2))));
    order.put("customerOrder", "%d-%06d".formatted(2000 + number % 8000, number));
    order.put("name", buyer[0]).put("street", buyer[1]).put("city", buyer[2]);
    order.put("state", buyer[3]).put("postcode", buyer[4]);
    var lines = order.putArray("lines");
    units.forEach(
        (article, quantity) -> {
          var line = lines.addObject().put("line", String.valueOf(lines.size()));
          line.put("sku", article.sku()).put("item", item(article)).put("upc", upc(article));
          line.put("title", article.title()).put("quantity", quantity);
          line.put("price", cost(article).toPlainString());
        });
    return order;
  }

  /** What Walmart pays the vendor. */
  static BigDecimal cost(Article article) {
    return article
        .price()
        .movePointLeft(1)
        .multiply(BigDecimal.valueOf(7))
        .setScale(2, java.math.RoundingMode.HALF_UP);
  }

  /** Walmart's number of an article. */
  static String item(Article article) {
    return "55%07d".formatted(article.index());
  }

  /** The article's bar code. */
  static String upc(Article article) {
    var digits = "0614141%04d".formatted(article.index() % 10_000);
    return digits + Gs1.checkDigit(digits);
  }

  /** The 850 of an order. */
  List<X12.Segment> purchaseOrder(JsonNode order) {
    var body = new ArrayList<X12.Segment>();
    body.add(
        X12.Segment.of(
            "BEG", "00", "DS", order.get("number").asText(), null, order.get("date").asText()));
    body.add(X12.Segment.of("CUR", "BY", "USD"));
    body.add(X12.Segment.of("REF", "DP", options.department));
    body.add(X12.Segment.of("REF", "IA", options.vendor));
    body.add(X12.Segment.of("REF", "CO", order.get("customerOrder").asText()));
    body.add(X12.Segment.of("DTM", "038", order.get("shipBy").asText()));
    body.add(
        X12.Segment.of(
            "TD5", null, "2", "FDEG", "U", null, null, null, null, null, null, null, "CG"));
    body.add(X12.Segment.of("N1", "ST", order.get("name").asText()));
    body.add(X12.Segment.of("N3", order.get("street").asText()));
    body.add(
        X12.Segment.of(
            "N4",
            order.get("city").asText(),
            order.get("state").asText(),
            order.get("postcode").asText(),
            "US"));
    for (var line : order.get("lines")) {
      body.add(
          X12.Segment.of(
              "PO1",
              line.get("line").asText(),
              line.get("quantity").asInt(),
              "EA",
              line.get("price").asText(),
              null,
              "IN",
              line.get("item").asText(),
              "UP",
              line.get("upc").asText(),
              "VN",
              line.get("sku").asText()));
      body.add(X12.Segment.of("PID", "F", null, null, null, line.get("title").asText()));
    }
    body.add(X12.Segment.of("CTT", order.get("lines").size()));
    return body;
  }

  /**
   * The 860 that says how many of a line are wanted from now on.
   *
   * @param less how many fewer than before
   */
  static List<X12.Segment> change(
      JsonNode order, JsonNode line, int sequence, int less, Instant at) {
    return List.of(
        X12.Segment.of(
            "BCH",
            "04",
            "DS",
            order.get("number").asText(),
            null,
            sequence,
            order.get("date").asText(),
            null,
            null,
            null,
            null,
            X12Writing.day(at)),
        X12.Segment.of(
            "POC",
            line.get("line").asText(),
            line.get("quantity").asInt() == 0 ? "DI" : "QD",
            line.get("quantity").asInt() + less,
            line.get("quantity").asInt(),
            "EA",
            line.get("price").asText(),
            null,
            "IN",
            line.get("item").asText(),
            "UP",
            line.get("upc").asText(),
            "VN",
            line.get("sku").asText()),
        X12.Segment.of("CTT", 1));
  }

  /** The 860 that cancels an order. */
  static List<X12.Segment> cancel(JsonNode order, int sequence, Instant at) {
    var body = new ArrayList<X12.Segment>();
    body.add(
        X12.Segment.of(
            "BCH",
            "01",
            "DS",
            order.get("number").asText(),
            null,
            sequence,
            order.get("date").asText(),
            null,
            null,
            null,
            null,
            X12Writing.day(at)));
    return body;
  }
}
