package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * The 3PL that the {@code rest-3pl} connector talks to: takes fulfillments, picks, packs and ships
 * them after a while, tells by signed webhook and by polling.
 *
 * <p>An effect is in its ledger before the answer leaves. What was to be shipped or told when the
 * process died is shipped and told after the next start on the same folder.
 */
public final class Rest3plSimulator implements Simulator {

  private final Rest3plOptions options;
  private final Moods moods;
  private final Warehouse warehouse;
  private final Timetable timetable;
  private final WebhookSender sender;
  private final ControlApi control;
  private final HttpFace face;

  private Rest3plSimulator(Rest3plOptions options) {
    this.options = options;
    moods = new Moods(options.seed);
    warehouse =
        new Warehouse(
            options.folder.resolve(options.name + ".ledger.jsonl"),
            options.name,
            new Warehouse.Setup(options.articles, options.initialStock),
            options.announcesAcceptance,
            options.clock);
    options.few.forEach(
        (sku, units) -> {
          if (ledger().effects().of(Warehouse.STOCK_COUNTED).on(sku).count() == 0) {
            warehouse.count(sku, units); // once: what a ledger knows of it goes on
          }
        });
    timetable = new Timetable(options.clock, options.name);
    sender =
        new WebhookSender(
            options.webhooksTo,
            this::headers,
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(10),
            moods,
            timetable,
            new Outcome());
    var api = new Rest3plApi(warehouse, options, moods, this::plan);
    control =
        new ControlApi(
            this, Map.of("POST stock", warehouse::stockChange, "POST take-back", this::takeBack));
    face =
        new HttpFace(
            options.port,
            request -> control.owns(request) ? control.answer(request) : api.answer(request));
    warehouse.all().stream().filter(WarehouseOrder::live).forEach(this::plan);
    warehouse.postTo(sender::send);
    warehouse.announceStockEvery(options.stockEvery, timetable);
  }

  /** Opens the 3PL and begins to answer. */
  public static Rest3plSimulator start(Rest3plOptions options) {
    return new Rest3plSimulator(options);
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

  /** Sends back what was asked for with this id, if it has not left; answers whether it did. */
  public boolean reject(String fulfillmentId, String reason) {
    return warehouse.ofFulfillment(fulfillmentId).stream()
        .map(order -> warehouse.reject(order, reason))
        .reduce(false, Boolean::logicalOr);
  }

  private Answer takeBack(Request request) throws Exception {
    var body = request.json();
    var receipt =
        takeBack(
            body.path("fulfillmentId").asText(null),
            body.path("returnId").asText(null),
            body.path("sku").asText(),
            body.path("quantity").asInt(1),
            body.path("disposition").asText("sellable"));
    return Answer.json(201, Jsons.object().put("receiptId", receipt));
  }

  /** Ships at once what was asked for with this id and is still to be shipped. */
  public void ship(String fulfillmentId) {
    warehouse.ofFulfillment(fulfillmentId).forEach(order -> warehouse.ship(order, options.splits));
  }

  /**
   * Takes in units of an article that came back; the number of the receipt.
   *
   * @param fulfillmentId the request they were sent for, or null
   * @param returnId what stands on the label, or null
   * @param disposition sellable, damaged, quarantine or scrap
   */
  public String takeBack(
      String fulfillmentId, String returnId, String sku, int quantity, String disposition) {
    var came = Jsons.object().put("fulfillmentId", fulfillmentId).put("returnId", returnId);
    came.putArray("items")
        .addObject()
        .put("sku", sku)
        .put("quantity", quantity)
        .put("disposition", disposition);
    return warehouse.takeBack(came);
  }

  /** Counts an article; the next snapshot says so. */
  public void count(String sku, int units) {
    warehouse.count(sku, units);
  }

  /** Posts a snapshot of the stock. */
  public void announceStock() {
    warehouse.announceStock();
  }

  ControlApi control() {
    return control;
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  @Override
  public ObjectNode summary(boolean detail) {
    warehouse.lock().lock();
    try {
      return Rest3plSummary.of(warehouse, sender, detail);
    } finally {
      warehouse.lock().unlock();
    }
  }

  @Override
  public void close() {
    timetable.close();
    sender.close();
    face.close();
    warehouse.close();
  }

  private void plan(WarehouseOrder order) {
    if (order.state == WarehouseOrder.State.RECEIVED) {
      timetable.at(order.acceptedAt.plus(options.pickAfter), () -> warehouse.confirm(order));
    }
    timetable.at(
        order.acceptedAt.plus(options.shipAfter),
        () -> {
          warehouse.confirm(order);
          warehouse.ship(order, options.splits);
        });
  }

  private Map<String, String> headers(Webhook webhook) {
    return Map.of(
        "X-Signature",
        Signature.hex(options.webhookSecret, webhook.body()),
        "X-Event-Id",
        webhook.eventId());
  }

  private final class Outcome implements WebhookSender.Listener {
    @Override
    public void acknowledged(Webhook webhook, int status, int attempts) {
      warehouse.acknowledged(webhook, status, attempts);
    }

    @Override
    public void givenUp(Webhook webhook, int lastStatus, int attempts) {
      warehouse.givenUp(webhook, lastStatus, attempts);
    }

    @Override
    public void dropped(Webhook webhook) {
      warehouse.dropped(webhook);
    }
  }
}
