package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Walmart as a vendor who sends to its buyers meets it: a mailbox by SFTP or AS2 that hands over
 * 850 and 860, expects a 997 for each, and takes 855, 865, 856, 810 and 846 as strictly as Walmart
 * does.
 *
 * <p>Over AS2, what befalls calls befalls the hub's messages, under operation {@code as2}; what
 * befalls files befalls what is in them, whichever way they go.
 *
 * <p>An effect is in its ledger before it is told. Opened again on the same folder it knows its
 * orders, every control number that was used, and which of its files nobody has acknowledged.
 */
public final class WalmartMailbox extends ChannelBase {

  private final WalmartOptions options;
  private final WalmartBook book;
  private final WalmartOrders orders;
  private final Timetable timetable;
  private final X12Mail mail;
  private final SftpFace sftp;
  private final As2Mailbox as2;

  private WalmartMailbox(WalmartOptions options) {
    super("walmart", options.seed);
    this.options = options;
    book = new WalmartBook(options);
    orders = new WalmartOrders(options, book.catalogue());
    timetable = new Timetable(options.clock, name());
    var root = options.folder.resolve("walmart-mailbox");
    mail =
        new X12Mail(
            options.folder.resolve("walmart.mail.jsonl"),
            new X12Mail.Setup(
                root.resolve("outgoing"),
                root.resolve("incoming"),
                new X12Writing(
                    options.us,
                    options.us.id(),
                    options.hub,
                    options.hub.id(),
                    "00501",
                    "005010",
                    options.usage),
                Pattern.compile(options.named),
                options.names,
                options.answerWithin),
            moods(),
            timetable,
            new WalmartDesk(book, options),
            options.clock);
    as2 = options.as2 == null ? null : as2(root);
    open(options.port, Map.of(), this::posted, this::placed, this::placeNext);
    sftp =
        as2 != null
            ? null
            : new SftpFace(
                options.sftpPort,
                root,
                options.folder.resolve("walmart.hostkey"),
                options.user,
                options.password,
                moods(),
                mail::receive);
    book.orders().values().forEach(this::send);
    if (as2 != null) {
      as2.resume();
      mail.onPlaced(as2::send);
    }
    mail.resume();
  }

  /** Opens the mailbox and begins to answer. */
  public static WalmartMailbox start(WalmartOptions options) {
    return new WalmartMailbox(options);
  }

  private As2Mailbox as2(Path root) {
    return new As2Mailbox(
        options.folder.resolve("walmart.as2.jsonl"),
        new As2Mailbox.Setup(
            options.as2, "WALMART", "SERAIHUB", root.resolve("outgoing"), root.resolve("incoming")),
        moods(),
        timetable,
        mail::receive,
        options.clock);
  }

  private Answer posted(Request request) throws Exception {
    return as2 == null ? ControlApi.error(404, "A mailbox is asked by SFTP.") : as2.answer(request);
  }

  @Override
  public String connector() {
    return "x12-retailer";
  }

  @Override
  public Ledger ledger() {
    return book.ledger();
  }

  @Override
  public int placed() {
    return book.placed();
  }

  /** Orders and changes of which no 997 has come. */
  @Override
  public int owed() {
    return mail.unanswered();
  }

  @Override
  public Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("partner-profile", "walmart-dsv");
    all.put("our-qualifier", options.hub.qualifier());
    all.put("our-id", options.hub.id());
    all.put(
        "listings",
        listings().entrySet().stream()
            .map(one -> one.getKey() + '=' + one.getValue())
            .collect(Collectors.joining(",")));
    all.putAll(as2 == null ? sftp.parameters() : as2.parameters(url()));
    return all;
  }

  /** Where the mailbox listens. */
  public int sftpPort() {
    return sftp.port();
  }

  /** Everything that the hub did and should not have done, in sentences. */
  public List<String> wrongs() {
    if (as2 == null) {
      return mail.wrongs();
    }
    var all = new ArrayList<>(mail.wrongs());
    all.addAll(as2.wrongs());
    return all;
  }

  /** Over AS2: messages that the hub took, and said so. */
  public int delivered() {
    return as2.count(As2Mailbox.DELIVERED);
  }

  /** Over AS2: messages of the hub's that were taken, each counted once. */
  public int taken() {
    return as2.count(As2Mailbox.TAKEN);
  }

  /** Over AS2: how often the hub sent a message that was taken before. */
  public int takenAgain() {
    return as2.count(As2Mailbox.AGAIN);
  }

  /** Over AS2: the hub's receipt for the 850 of an order in one line, or null while none came. */
  public String receipt(String number) {
    var receipt = as2.receipt(mail.file("850 " + number));
    return receipt == null ? null : receipt.toString();
  }

  /** Over AS2: sends the message with the 850 of an order once more; the receipt in one line. */
  public String sendAgain(String number) {
    return String.valueOf(as2.sendAgain(mail.file("850 " + number)));
  }

  /** Over AS2: how often a message of ours was sent and no receipt came. */
  public int unanswered() {
    return as2.count(As2Mailbox.UNANSWERED);
  }

  /** The next order of the seed; its number. */
  public String placeOrder() {
    book.lock().lock();
    try {
      return place(orders.order(book.orders().size() + 1, options.clock.instant()));
    } finally {
      book.lock().unlock();
    }
  }

  /** An order of these units by SKU; its number. */
  public String placeOrder(Map<String, Integer> units) {
    var wanted = new LinkedHashMap<Article, Integer>();
    units.forEach((sku, quantity) -> wanted.put(article(sku), quantity));
    book.lock().lock();
    try {
      return place(orders.order(book.orders().size() + 1, wanted, options.clock.instant()));
    } finally {
      book.lock().unlock();
    }
  }

  private void placeNext() {
    placeOrder();
  }

  private String place(ObjectNode order) {
    book.place(order);
    send(order);
    return order.get("number").asText();
  }

  private void send(JsonNode order) {
    var number = order.get("number").asText();
    mail.send("850 " + number, "850", Map.of(number, orders.purchaseOrder(order)));
  }

  /** Wants so many units of a line from now on; told by an 860. */
  public void changeQuantity(String number, String sku, int quantity) {
    book.lock().lock();
    try {
      var order = order(number);
      for (var line : order.get("lines")) {
        if (line.get("sku").asText().equals(sku)) {
          var less = line.get("quantity").asInt() - quantity;
          ((ObjectNode) line).put("quantity", quantity);
          var sequence = book.nextChange(number);
          var now = options.clock.instant();
          tell(order, sequence, WalmartOrders.change(order, line, sequence, less, now));
        }
      }
    } finally {
      book.lock().unlock();
    }
  }

  /** Cancels an order; told by an 860. */
  public void cancel(String number) {
    book.lock().lock();
    try {
      var order = order(number);
      order.get("lines").forEach(line -> ((ObjectNode) line).put("quantity", 0));
      var sequence = book.nextChange(number);
      tell(order, sequence, WalmartOrders.cancel(order, sequence, options.clock.instant()));
    } finally {
      book.lock().unlock();
    }
  }

  private void tell(ObjectNode order, int sequence, List<X12.Segment> body) {
    var number = order.get("number").asText();
    book.change(order);
    mail.send("860 " + number + '/' + sequence, "860", Map.of(number, body));
  }

  private ObjectNode order(String number) {
    var order = book.orders().get(number);
    if (order == null) {
      throw new IllegalArgumentException(
          "Order '" + number + "' was never placed here; place it first.");
    }
    return order.deepCopy();
  }

  private Article article(String sku) {
    var article = book.catalogue().find(sku);
    if (article == null) {
      throw new IllegalArgumentException(
          "SKU '" + sku + "' is nothing that Walmart buys; use one of the catalogue.");
    }
    return article;
  }

  /** What became of the 850 of an order: taken, refused, or {@code null} when no 997 has come. */
  public String acknowledgment(String number) {
    return mail.answer("850 " + number, number);
  }

  /** The 850 of an order as it was sent. */
  public String purchaseOrder(String number) {
    return mail.text("850 " + number);
  }

  /** The 855s to an order: state and units of its lines. */
  public List<JsonNode> answers(String number) {
    book.lock().lock();
    try {
      return List.copyOf(book.answers(number));
    } finally {
      book.lock().unlock();
    }
  }

  /** The invoices for an order. */
  public List<JsonNode> invoices(String number) {
    book.lock().lock();
    try {
      return List.copyOf(book.invoices(number));
    } finally {
      book.lock().unlock();
    }
  }

  /** Units of an order that ship notices told of, by SKU. */
  public Map<String, Integer> sent(String number) {
    book.lock().lock();
    try {
      return book.sent(number);
    } finally {
      book.lock().unlock();
    }
  }

  /** What the vendor said there is of an article, or {@code null} when it said nothing. */
  public Integer stock(String sku) {
    book.lock().lock();
    try {
      return book.shown().get(sku);
    } finally {
      book.lock().unlock();
    }
  }

  /** Its own number of each article it buys, by SKU. */
  public Map<String, String> listings() {
    var numbers = new LinkedHashMap<String, String>();
    book.catalogue().goods().forEach(one -> numbers.put(one.sku(), WalmartOrders.item(one)));
    return numbers;
  }

  /** When the last file about this left, for those who measure. */
  Instant sentAt(String key) {
    return mail.sentAt(key);
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  /** What came and went by files. */
  Ledger mailLedger() {
    return mail.ledger();
  }

  @Override
  public ChannelBooks books() {
    book.lock().lock();
    try {
      var all = new LinkedHashMap<String, Map<String, Integer>>();
      var acknowledged = new LinkedHashSet<String>();
      var told = new ArrayList<ChannelBooks.Told>();
      for (var order : book.orders().values()) {
        var number = order.get("number").asText();
        var id = number + '-' + order.get("date").asText();
        all.put(id, ChannelBooks.units(order.get("lines"), "sku", "quantity"));
        if ("taken".equals(acknowledgment(number))) {
          acknowledged.add(id);
        }
        for (var shipment : book.shipments(number)) {
          var units = shipment.units().values().stream().mapToInt(Integer::intValue).sum();
          told.add(new ChannelBooks.Told(id, shipment.id(), units, shipment.parcels()));
        }
      }
      return new ChannelBooks(all, acknowledged, told, new LinkedHashMap<>(book.shown()));
    } finally {
      book.lock().unlock();
    }
  }

  @Override
  public ObjectNode summary(boolean detail) {
    book.lock().lock();
    try {
      var json = Jsons.object().put("wanted", wanted()).put("orders", book.placed());
      json.put("changes", book.count(WalmartBook.CHANGED));
      json.put("answered", book.count(WalmartBook.ANSWERED));
      json.put("shipments", book.count(WalmartBook.TOLD));
      json.put("invoices", book.count(WalmartBook.INVOICED));
      json.put("stockFiles", book.count(WalmartBook.STOCK));
      json.put("unacknowledged", mail.unanswered()).put("overdue", mail.count(X12Mail.OVERDUE));
      if (as2 != null) {
        json.putObject("as2").put("delivered", delivered()).put("taken", taken());
      }
      wrongs().forEach(json.putArray("wrong")::add);
      if (detail) {
        json.set("shown", Jsons.tree(book.shown()));
      }
      return json;
    } finally {
      book.lock().unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    timetable.close();
    if (as2 == null) {
      sftp.close();
    } else {
      as2.close();
    }
    mail.close();
    book.close();
  }
}
