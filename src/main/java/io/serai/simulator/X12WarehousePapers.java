package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an EDI 3PL tells its depositor, as X12: shipments, receipts, adjustments, stock. */
final class X12WarehousePapers {

  private X12WarehousePapers() {}

  /**
   * The 945 of a shipment.
   *
   * @param ordered units of the order by SKU
   */
  static List<X12.Segment> shipment(JsonNode shipment, Map<String, Integer> ordered) {
    var at = Instant.parse(shipment.get("shippedAt").asText());
    var packages = shipment.get("packages");
    var units = 0;
    for (var parcel : packages) {
      for (var line : parcel.get("lines")) {
        units += line.get("quantity").asInt();
      }
    }
    var whole = ordered.values().stream().mapToInt(Integer::intValue).sum();
    var first = shipment.get("id").asText().endsWith("-1");
    var body = new ArrayList<X12.Segment>();
    body.add(
        X12.Segment.of(
            "W06",
            first && units < whole ? "P" : "F",
            shipment.get("fulfillmentId").asText(),
            X12Writing.day(at),
            shipment.get("id").asText(),
            null,
            shipment.path("orderId").asText()));
    body.add(X12.Segment.of("N1", "WH", "HARBOR 3PL", "92", "01"));
    body.add(X12.Segment.of("N9", "BM", shipment.get("reference").asText()));
    body.add(X12.Segment.of("G62", "11", X12Writing.day(at)));
    body.add(
        X12.Segment.of(
            "W27",
            "U",
            scac(shipment.at("/carrier/code").asText()),
            shipment.path("service").asText()));
    var number = 0;
    for (var parcel : packages) {
      body.add(X12.Segment.of("LX", ++number));
      body.add(X12.Segment.of("MAN", "GM", label(parcel.get("id").asText())));
      body.add(X12.Segment.of("MAN", "CP", parcel.at("/tracking/0/number").asText()));
      for (var line : parcel.get("lines")) {
        var sku = line.get("sku").asText();
        var shipped = line.get("quantity").asInt();
        var wanted = ordered.getOrDefault(sku, shipped);
        var less = wanted - shipped;
        body.add(
            X12.Segment.of(
                "W12", less == 0 ? "CC" : "CP", wanted, shipped, less, "EA", null, "VN", sku));
      }
    }
    body.add(X12.Segment.of("W03", units));
    return body;
  }

  /** The SSCC on a parcel's label, from the warehouse's own number of it. */
  private static String label(String parcel) {
    var parts = parcel.split("-");
    var digits =
        "00614141%06d%d%02d"
            .formatted(
                Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
    return "00" + digits + Gs1.checkDigit(digits);
  }

  /** A 945 that says that nothing of an order was sent. */
  static List<X12.Segment> nothing(String fulfillment, Map<String, Integer> ordered, Instant at) {
    var body = new ArrayList<X12.Segment>();
    body.add(X12.Segment.of("W06", "F", fulfillment, X12Writing.day(at), "NONE-" + fulfillment));
    body.add(X12.Segment.of("N1", "WH", "HARBOR 3PL", "92", "01"));
    body.add(X12.Segment.of("LX", 1));
    ordered.forEach(
        (sku, units) ->
            body.add(X12.Segment.of("W12", "OS", units, 0, units, "EA", null, "VN", sku)));
    body.add(X12.Segment.of("W03", 0));
    return body;
  }

  private static String scac(String carrier) {
    return switch (carrier) {
      case "UPS" -> "UPSN";
      case "FEDEX" -> "FDEG";
      case "USPS" -> "USPS";
      default -> "DHLC";
    };
  }

  /** The 846 of everything on the shelves. */
  static List<X12.Segment> stock(JsonNode snapshot) {
    var at = Instant.parse(snapshot.get("asOf").asText());
    var body = new ArrayList<X12.Segment>();
    body.add(
        X12.Segment.of(
            "BIA",
            "00",
            "MM",
            "STOCK-" + snapshot.get("sequence").asInt(),
            X12Writing.day(at),
            X12Writing.time(at)));
    body.add(X12.Segment.of("N1", "WH", "HARBOR 3PL", "92", "01"));
    var number = 0;
    for (var level : snapshot.get("levels")) {
      body.add(X12.Segment.of("LIN", ++number, "VN", level.get("sku").asText()));
      body.add(X12.Segment.of("QTY", "17", level.get("onHand").asInt(), "EA"));
    }
    body.add(X12.Segment.of("CTT", number));
    return body;
  }

  /** The 947 of a difference that somebody found. */
  static List<X12.Segment> adjustment(
      String number, String sku, int units, String reason, Instant at) {
    return List.of(
        X12.Segment.of("W15", X12Writing.day(at), number, number),
        X12.Segment.of("N1", "WH", "HARBOR 3PL", "92", "01"),
        X12.Segment.of("W19", reason, units, "EA", null, "VN", sku));
  }

  /** The 944 of goods that came in. */
  static List<X12.Segment> receipt(
      String number, String announcement, Map<String, Integer> units, Instant at) {
    var body = new ArrayList<X12.Segment>();
    body.add(X12.Segment.of("W17", "F", X12Writing.day(at), number, announcement));
    body.add(X12.Segment.of("N1", "WH", "HARBOR 3PL", "92", "01"));
    new LinkedHashMap<>(units)
        .forEach((sku, count) -> body.add(X12.Segment.of("W07", count, "EA", null, "VN", sku)));
    var sum = units.values().stream().mapToInt(Integer::intValue).sum();
    body.add(X12.Segment.of("W14", sum));
    return body;
  }
}
