package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A 3PL that is reached by X12 files over SFTP: takes 940 and answers each with a 997, ships after
 * a while and says so by 945, and tells of its stock by 846, 944 and 947.
 *
 * <p>An effect is in its ledger before it is told. What was to be shipped or told when the process
 * died is shipped and told after the next start on the same folder, under the same control numbers.
 */
public final class X12Warehouse implements Simulator {

  private final X12WarehouseOptions options;
  private final Moods moods;
  private final Warehouse warehouse;
  private final Timetable timetable;
  private final X12Mail mail;
  private final ControlApi control;
  private final HttpFace face;
  private final SftpFace sftp;

  private X12Warehouse(X12WarehouseOptions options) {
    this.options = options;
    moods = new Moods(options.seed);
    warehouse =
        new Warehouse(
            options.folder.resolve(options.name + ".ledger.jsonl"),
            options.name,
            new Warehouse.Setup(options.articles, options.initialStock),
            false,
            options.clock);
    timetable = new Timetable(options.clock, options.name);
    var root = options.folder.resolve(options.name + "-mailbox");
    mail =
        new X12Mail(
            options.folder.resolve(options.name + ".mail.jsonl"),
            new X12Mail.Setup(
                root.resolve("outgoing"),
                root.resolve("incoming"),
                new X12Writing(
                    options.us,
                    options.us.id(),
                    options.hub,
                    options.hub.id(),
                    "00401",
                    "004010",
                    options.usage),
                Pattern.compile(options.named),
                options.names,
                options.answerWithin),
            moods,
            timetable,
            new X12WarehouseDesk(warehouse, this::plan),
            options.clock);
    control = new ControlApi(this, Map.of("POST stock", warehouse::stockChange));
    face =
        new HttpFace(
            options.port,
            request ->
                control.owns(request)
                    ? control.answer(request)
                    : ControlApi.error(404, "This 3PL is asked by SFTP."));
    sftp =
        new SftpFace(
            options.sftpPort,
            root,
            options.folder.resolve(options.name + ".hostkey"),
            options.user,
            options.password,
            moods,
            mail::receive);
    warehouse.all().stream().filter(WarehouseOrder::live).forEach(this::plan);
    warehouse.postTo(this::tell);
    mail.resume();
    warehouse.announceStockEvery(options.stockEvery, timetable);
  }

  /** Opens the 3PL and begins to answer. */
  public static X12Warehouse start(X12WarehouseOptions options) {
    return new X12Warehouse(options);
  }

  @Override
  public String name() {
    return options.name;
  }

  @Override
  public URI url() {
    return face.url();
  }

  @Override
  public Moods moods() {
    return moods;
  }

  @Override
  public Ledger ledger() {
    return warehouse.ledger();
  }

  ControlApi control() {
    return control;
  }

  /** What a hub on this machine has to be told to deal with it: parameters of {@code x12-3pl}. */
  public Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("partner-profile", "x12-3pl");
    all.put("our-qualifier", options.hub.qualifier());
    all.put("our-id", options.hub.id());
    all.put("their-qualifier", options.us.qualifier());
    all.put("their-id", options.us.id());
    all.putAll(sftp.parameters());
    return all;
  }

  /** Where the mailbox listens. */
  public int sftpPort() {
    return sftp.port();
  }

  /** Everything that the hub did and should not have done, in sentences. */
  public List<String> wrongs() {
    return mail.wrongs();
  }

  /** Units that lie there, by SKU. */
  public int onHand(String sku) {
    warehouse.lock().lock();
    try {
      return warehouse.onHand().get(sku);
    } finally {
      warehouse.lock().unlock();
    }
  }

  /** Ships at once what was asked for with this number and is still to be shipped. */
  public void ship(String number) {
    warehouse.ofFulfillment(number).forEach(order -> warehouse.ship(order, options.splits));
  }

  /** Says that nothing of an order will leave; answers whether that could still be said. */
  public boolean reject(String number, String reason) {
    return warehouse.ofFulfillment(number).stream()
        .map(order -> warehouse.reject(order, reason))
        .reduce(false, Boolean::logicalOr);
  }

  /** Sends an 846 with everything on the shelves. */
  public void announceStock() {
    warehouse.announceStock();
  }

  /** Somebody finds more or fewer units than there should be; told by a 947. */
  public void adjust(String sku, int units, String reason) {
    warehouse.lock().lock();
    try {
      warehouse.count(sku, warehouse.onHand().get(sku) + units);
      var number = "ADJ-" + warehouse.count(Warehouse.STOCK_COUNTED);
      var body = X12WarehousePapers.adjustment(number, sku, units, reason, warehouse.now());
      mail.send("947 " + number, "947", Map.of(number, body));
    } finally {
      warehouse.lock().unlock();
    }
  }

  /** Goods come in; told by a 944. */
  public void receiveGoods(String announcement, Map<String, Integer> units) {
    warehouse.lock().lock();
    try {
      units.forEach((sku, count) -> warehouse.count(sku, warehouse.onHand().get(sku) + count));
      var number = "RCV-" + warehouse.count(Warehouse.STOCK_COUNTED);
      var body = X12WarehousePapers.receipt(number, announcement, units, warehouse.now());
      mail.send("944 " + number, "944", Map.of(number, body));
    } finally {
      warehouse.lock().unlock();
    }
  }

  /** Numbers of the announcements of goods that came, in order. */
  public List<String> announcements() {
    return ledger().effects().of(X12WarehouseDesk.ANNOUNCED).all().stream()
        .map(Effect::subject)
        .toList();
  }

  /** What became of a document that was sent under this key. */
  String acknowledgment(String key, String subject) {
    return mail.answer(key, subject);
  }

  /** What came and went by files. */
  Ledger mailLedger() {
    return mail.ledger();
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  @Override
  public ObjectNode summary(boolean detail) {
    warehouse.lock().lock();
    try {
      var json = Rest3plSummary.ofWarehouse(warehouse, detail);
      json.putObject("webhooks").put("waiting", mail.unanswered());
      json.put("overdue", mail.count(X12Mail.OVERDUE));
      json.put("announcements", warehouse.count(X12WarehouseDesk.ANNOUNCED));
      mail.wrongs().forEach(json.putArray("wrong")::add);
      return json;
    } finally {
      warehouse.lock().unlock();
    }
  }

  @Override
  public void close() {
    face.close();
    sftp.close();
    timetable.close();
    mail.close();
    warehouse.close();
  }

  private void plan(WarehouseOrder order) {
    timetable.at(
        order.acceptedAt.plus(options.shipAfter), () -> warehouse.ship(order, options.splits));
  }

  // Every event of the warehouse is one document, under the event's id.
  private void tell(Webhook event) {
    var content = Jsons.own(event.body());
    switch (event.topic()) {
      case Warehouse.SHIPPED -> {
        var shipment = content.get("shipment");
        var order = warehouse.find(shipment.get("reference").asText());
        send(event, "945", X12WarehousePapers.shipment(shipment, ordered(order.lines)));
      }
      case Warehouse.REJECTED -> {
        var order = warehouse.find(content.get("reference").asText());
        var lines = ordered(order.lines);
        send(event, "945", X12WarehousePapers.nothing(event.subject(), lines, warehouse.now()));
      }
      case Warehouse.SNAPSHOT -> send(event, "846", X12WarehousePapers.stock(content));
      default -> {
        // The 997 has said it.
      }
    }
  }

  private void send(Webhook event, String type, List<X12.Segment> body) {
    mail.send(type + ' ' + event.id(), type, Map.of(event.subject(), body));
  }

  private static Map<String, Integer> ordered(JsonNode lines) {
    return ChannelBooks.units(lines, "sku", "quantity");
  }
}
