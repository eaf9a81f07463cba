package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what a vendor says about Walmart's orders as strictly as Walmart does, and writes what was
 * right into the book.
 *
 * <p>An order number and its date must be those of an order; what was sent cannot be more than was
 * ordered; every invoice belongs to one shipment and adds up.
 */
final class WalmartDesk implements X12Mail.Desk {

  private static final Set<String> LINE_CODES =
      Set.of("IA", "IB", "IC", "ID", "IP", "IQ", "IR", "IS", "DR", "BP", "R2");
  private static final Map<String, String> PARENTS =
      Map.of("S", "", "O", "S", "T", "O", "P", "OT", "I", "OTP");

  private final WalmartBook book;
  private final WalmartOptions options;

  WalmartDesk(WalmartBook book, WalmartOptions options) {
    this.book = book;
    this.options = options;
  }

  /** What stands in a set: what is wrong with it, or what to write down. */
  private static final class Read {
    final X12.Set set;
    final List<X12.Fault> faults = new ArrayList<>();
    final ObjectNode data = Jsons.object();
    String operation;
    String subject;

    Read(X12.Set set) {
      this.set = set;
    }

    void wrong(X12.Segment segment, int element, String code, String sentence, Object... words) {
      faults.add(set.fault(segment, element, code, sentence.formatted(words)));
    }
  }

  @Override
  public List<X12.Fault> faults(X12.Set set) {
    return read(set).faults;
  }

  @Override
  public void take(String key, X12.Set set) {
    var read = read(set);
    book.take(read.operation, read.subject, key, read.data);
  }

  private Read read(X12.Set set) {
    book.lock().lock();
    try {
      var read = new Read(set);
      for (var segment : set.all("REF")) {
        if (segment.at(1).equals("IA") && !segment.at(2).equals(options.vendor)) {
          read.wrong(segment, 2, "7", "REF02 '%s' is not this vendor's number.", segment.at(2));
        }
      }
      switch (set.type()) {
        case "855" -> answer(read, "BAK", "PO1", WalmartBook.ANSWERED);
        case "865" -> answer(read, "BCA", "POC", WalmartBook.CHANGE_ANSWERED);
        case "856" -> shipment(read);
        case "810" -> invoice(read);
        case "846" -> stock(read);
        default ->
            read.wrong(set.body().getFirst(), 0, "2", "Set %s is none a vendor sends.", set.type());
      }
      return read;
    } finally {
      book.lock().unlock();
    }
  }

  /** The order that an element names; a fault and {@code null} when there is none. */
  private ObjectNode order(Read read, X12.Segment segment, int number, int date) {
    var order = book.orders().get(segment.at(number));
    if (order == null) {
      read.wrong(segment, number, "7", "Order '%s' is none of ours.", segment.at(number));
    } else if (date > 0
        && !segment.at(date).isEmpty()
        && !segment.at(date).equals(order.get("date").asText())) {
      read.wrong(
          segment, date, "8", "Order '%s' is not of %s.", segment.at(number), segment.at(date));
    }
    return order;
  }

  /** The line of an order that pairs of qualifier and number name, all of them alike. */
  private static JsonNode line(JsonNode order, X12.Segment segment, int from) {
    JsonNode found = null;
    for (var i = from; i < segment.elements().size(); i += 2) {
      var field = field(segment.at(i));
      if (field == null) {
        continue;
      }
      JsonNode named = null;
      for (var line : order.get("lines")) {
        if (same(field, line.get(field).asText(), segment.at(i + 1))) {
          named = line;
        }
      }
      if (named == null || found != null && found != named) {
        return null;
      }
      found = named;
    }
    return found;
  }

  private static String field(String qualifier) {
    return switch (qualifier) {
      case "IN" -> "item";
      case "UP", "UK", "EN" -> "upc";
      case "VN", "SK" -> "sku";
      default -> null;
    };
  }

  private static boolean same(String field, String ours, String theirs) {
    return field.equals("upc")
        ? theirs.replaceFirst("^0+", "").equals(ours.replaceFirst("^0+", ""))
        : theirs.equals(ours);
  }

  // 855 and 865

  private void answer(Read read, String head, String lineId, String operation) {
    var set = read.set;
    var begin = set.first(head);
    var order = order(read, begin, 3, head.equals("BAK") ? 4 : 6);
    if (order == null) {
      return;
    }
    read.operation = operation;
    read.subject = begin.at(3);
    read.data.put("type", begin.at(2));
    var lines = read.data.putArray("lines");
    var answered = new HashSet<String>();
    var first = lineId.equals("PO1") ? 6 : 8;
    for (var i = 0; i < set.body().size(); i++) {
      var segment = set.body().get(i);
      if (!segment.id().equals(lineId)) {
        continue;
      }
      var line = line(order, segment, first);
      if (line == null) {
        read.wrong(segment, first + 1, "7", "%s names no line of the order.", lineId);
        continue;
      }
      answered.add(line.get("line").asText());
      var sum = BigDecimal.ZERO;
      var codes = 0;
      for (var j = i + 1; j < set.body().size(); j++) {
        var under = set.body().get(j);
        if (under.id().equals(lineId)) {
          break;
        }
        if (under.id().equals("ACK")) {
          codes++;
          if (!LINE_CODES.contains(under.at(1))) {
            read.wrong(under, 1, "7", "ACK01 '%s' is no state of a line.", under.at(1));
          }
          var quantity =
              under.at(2).isEmpty() ? segment.at(lineId.equals("PO1") ? 2 : 4) : under.at(2);
          sum = sum.add(number(quantity));
          var one = lines.addObject().put("sku", line.get("sku").asText());
          one.put("code", under.at(1)).put("quantity", number(quantity).intValue());
        }
      }
      if (codes == 0) {
        read.wrong(segment, 0, "3", "Line %s has no ACK.", line.get("line").asText());
      } else if (lineId.equals("PO1")
          && sum.compareTo(number(line.get("quantity").asText())) != 0) {
        read.wrong(
            segment,
            2,
            "7",
            "Line %s is answered for %s of %s units.",
            line.get("line").asText(),
            sum.toPlainString(),
            line.get("quantity").asText());
      }
    }
    for (var line : order.get("lines")) {
      if (lineId.equals("PO1")
          && line.get("quantity").asInt() > 0
          && !answered.contains(line.get("line").asText())) {
        read.wrong(begin, 0, "3", "Line %s is not answered.", line.get("line").asText());
      }
    }
    count(read, set.all(lineId).size());
  }

  private static void count(Read read, int lines) {
    var total = read.set.first("CTT");
    if (!total.at(1).isEmpty() && number(total.at(1)).intValue() != lines) {
      read.wrong(total, 1, "7", "CTT01 '%s' should be %d.", total.at(1), lines);
    }
  }

  private static BigDecimal number(String text) {
    return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
  }

  // 856

  /** A level of the hierarchy with the segments that stand in it. */
  private record Level(X12.Segment head, Level above, List<X12.Segment> segments) {
    String code() {
      return head.at(3);
    }

    /** This level or the nearest one above it with this code. */
    Level nearest(String codes) {
      return codes.contains(code()) ? this : above == null ? null : above.nearest(codes);
    }

    X12.Segment first(String id) {
      return segments.stream()
          .filter(segment -> segment.id().equals(id))
          .findFirst()
          .orElse(X12.Segment.of(id));
    }
  }

  private void shipment(Read read) {
    var begin = read.set.first("BSN");
    read.operation = WalmartBook.TOLD;
    read.subject = begin.at(2);
    if (book.knowsShipment(begin.at(2))) {
      read.wrong(begin, 2, "7", "Shipment '%s' was told before.", begin.at(2));
    }
    if (!Set.of("0001", "0004").contains(begin.at(5))) {
      read.wrong(begin, 5, "7", "BSN05 '%s' is no structure we take.", begin.at(5));
    }
    var levels = levels(read, begin.at(5));
    if (levels.stream().filter(level -> level.code().equals("S")).count() != 1) {
      read.wrong(begin, 0, "3", "There must be one shipment level.");
      return;
    }
    if (read.set.all("TD5").stream().noneMatch(s -> s.at(2).equals("2") && !s.at(3).isEmpty())) {
      read.wrong(begin, 0, "3", "There is no TD5 with a carrier.");
    }
    if (read.set.all("DTM").stream().noneMatch(segment -> segment.at(1).equals("011"))) {
      read.wrong(begin, 0, "3", "There is no DTM*011.");
    }
    var labels = labels(read, levels);
    labels.forEach(read.data.putArray("labels")::add);
    items(read, levels);
    count(read, levels.size());
  }

  private static List<Level> levels(Read read, String structure) {
    var levels = new ArrayList<Level>();
    var byId = new HashMap<String, Level>();
    for (var segment : read.set.body()) {
      if (segment.id().equals("HL")) {
        var above = byId.get(segment.at(2));
        var level = new Level(segment, above, new ArrayList<>());
        if (!segment.at(1).equals(String.valueOf(levels.size() + 1))) {
          read.wrong(segment, 1, "7", "HL01 should be %d.", levels.size() + 1);
        }
        var parents = PARENTS.get(segment.at(3));
        var parent = above == null ? "" : above.code();
        var bare = segment.at(3).equals("I") && parent.equals("O");
        if (parents == null
            || !segment.at(2).isEmpty() && above == null
            || (above == null ? !parents.isEmpty() : !parents.contains(parent))
            || bare != structure.equals("0004") && segment.at(3).equals("I")) {
          read.wrong(
              segment,
              2,
              "7",
              "Level %s of '%s' cannot stand under '%s'.",
              segment.at(1),
              segment.at(3),
              segment.at(2));
        }
        levels.add(level);
        byId.put(segment.at(1), level);
      } else if (!levels.isEmpty()) {
        levels.getLast().segments().add(segment);
      }
    }
    return levels;
  }

  /** Numbers on the labels of cartons and pallets. */
  private List<String> labels(Read read, List<Level> levels) {
    var labels = new ArrayList<String>();
    for (var level : levels) {
      if (!"PT".contains(level.code())) {
        continue;
      }
      var label = level.segments().stream().filter(s -> s.is("MAN", "GM")).findFirst().orElse(null);
      if (label == null) {
        if (level.code().equals("P") && !level.first("MAN").at(1).equals("CP")) {
          read.wrong(level.head(), 0, "3", "Carton %s has no label.", level.head().at(1));
        }
        continue;
      }
      var number = label.at(2);
      if (!number.matches("(00)?\\d{18}") || !Gs1.valid(number)) {
        read.wrong(label, 2, "7", "'%s' is no SSCC-18: length or check digit.", number);
      }
      if (labels.contains(number) || book.knowsLabel(number)) {
        read.wrong(label, 2, "7", "Label '%s' was used before.", number);
      }
      labels.add(number);
    }
    return labels;
  }

  private void items(Read read, List<Level> levels) {
    var units = new TreeMap<String, Map<String, Integer>>();
    var parcels = new TreeMap<String, Set<String>>();
    for (var level : levels) {
      if (level.code().equals("O")) {
        order(read, level.first("PRF"), 1, 4);
      }
      if (!level.code().equals("I") || level.nearest("O") == null) {
        continue;
      }
      var number = level.nearest("O").first("PRF").at(1);
      var order = book.orders().get(number);
      if (order == null) {
        continue;
      }
      var line = line(order, level.first("LIN"), 2);
      if (line == null) {
        read.wrong(
            level.head(), 0, "3", "Item %s is none of order '%s'.", level.head().at(1), number);
        continue;
      }
      var sku = line.get("sku").asText();
      var count = number(level.first("SN1").at(2)).intValue();
      var now = units.computeIfAbsent(number, o -> new TreeMap<>()).merge(sku, count, Integer::sum);
      if (count < 1
          || now + book.sent(number).getOrDefault(sku, 0) > line.get("quantity").asInt()) {
        read.wrong(
            level.first("SN1"), 2, "7", "More of '%s' is sent than order '%s' wants.", sku, number);
      }
      var carton = level.nearest("PT");
      if (carton != null) {
        var tracked = carton.segments().stream().filter(s -> s.is("MAN", "CP")).findFirst();
        parcels
            .computeIfAbsent(number, o -> new java.util.TreeSet<>())
            .add(tracked.orElse(carton.first("MAN")).at(2));
      }
    }
    if (units.isEmpty()) {
      read.wrong(read.set.first("BSN"), 0, "3", "Nothing is sent.");
    }
    var orders = read.data.putArray("orders");
    units.forEach(
        (number, sent) -> {
          var one = orders.addObject().put("order", number);
          one.set("units", Jsons.tree(sent));
          one.set("parcels", Jsons.tree(parcels.getOrDefault(number, Set.of())));
        });
  }

  // 810

  private void invoice(Read read) {
    var begin = read.set.first("BIG");
    var order = order(read, begin, 4, 3);
    if (book.knowsInvoice(begin.at(2))) {
      read.wrong(begin, 2, "7", "Invoice '%s' came before.", begin.at(2));
    }
    if (order == null) {
      return;
    }
    var units = new TreeMap<String, Integer>();
    var total = BigDecimal.ZERO;
    for (var segment : read.set.all("IT1")) {
      var line = line(order, segment, 6);
      if (line == null) {
        read.wrong(segment, 7, "7", "IT1 names no line of order '%s'.", begin.at(4));
        continue;
      }
      if (number(segment.at(4)).compareTo(number(line.get("price").asText())) != 0) {
        read.wrong(
            segment, 4, "7", "Price %s was not agreed for '%s'.", segment.at(4), segment.at(7));
      }
      units.merge(line.get("sku").asText(), number(segment.at(2)).intValue(), Integer::sum);
      total = total.add(number(segment.at(2)).multiply(number(segment.at(4))));
    }
    for (var segment : read.set.all("SAC")) {
      var amount = number(segment.at(5)).movePointLeft(2);
      total = segment.at(1).equals("A") ? total.subtract(amount) : total.add(amount);
    }
    for (var segment : read.set.all("TXI")) {
      total = total.add(number(segment.at(2)));
    }
    var claimed = read.set.first("TDS");
    if (number(claimed.at(1)).movePointLeft(2).compareTo(total) != 0) {
      read.wrong(claimed, 1, "7", "TDS01 '%s' is not the sum %s.", claimed.at(1), total);
    }
    count(read, read.set.all("IT1").size());
    var shipment = book.toInvoice(begin.at(4), units);
    if (shipment == null && read.faults.isEmpty()) {
      read.wrong(begin, 4, "7", "No shipment of order '%s' is open for %s.", begin.at(4), units);
    }
    read.operation = WalmartBook.INVOICED;
    read.subject = begin.at(4);
    read.data.put("number", begin.at(2)).put("total", total.toPlainString());
    read.data.put("shipment", shipment == null ? "" : shipment.id());
    read.data.set("units", Jsons.tree(units));
  }

  // 846

  private void stock(Read read) {
    read.operation = WalmartBook.STOCK;
    read.subject = read.set.first("BIA").at(3);
    var levels = read.data.putObject("levels");
    Article article = null;
    for (var segment : read.set.body()) {
      if (segment.id().equals("LIN")) {
        article = article(segment);
        if (article == null) {
          read.wrong(segment, 3, "7", "'%s' is no article of this vendor.", segment.at(3));
        }
      } else if (segment.is("QTY", "33") && article != null) {
        var units = number(segment.at(2));
        if (units.signum() < 0) {
          read.wrong(segment, 2, "7", "There cannot be %s units.", segment.at(2));
        }
        levels.put(article.sku(), units.intValue());
      }
    }
  }

  private Article article(X12.Segment segment) {
    Article found = null;
    for (var i = 2; i < segment.elements().size(); i += 2) {
      var field = field(segment.at(i));
      var value = segment.at(i + 1);
      if (field == null) {
        continue;
      }
      Article named = null;
      for (var article : book.catalogue().goods()) {
        var ours =
            switch (field) {
              case "item" -> WalmartOrders.item(article);
              case "upc" -> WalmartOrders.upc(article);
              default -> article.sku();
            };
        if (same(field, ours, value)) {
          named = article;
        }
      }
      if (named == null || found != null && found != named) {
        return null;
      }
      found = named;
    }
    return found;
  }
}
