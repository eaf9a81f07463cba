package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A store's till that sends its tickets in batches to the plain interface for tills: at once while
 * the line is up, and what was rung up while it was down later, in any order and more than once.
 *
 * <p>A ticket is in its ledger before it is sent, and is sent until somebody said yes to it,
 * whatever happens in between.
 */
public final class PosRestSimulator extends ChannelBase {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final PosRestOptions options;
  private final TillBook book;
  private final Timetable timetable;
  private final WebhookSender sender;
  private volatile boolean online = true;

  private PosRestSimulator(PosRestOptions options) {
    super("pos-rest", options.seed);
    this.options = options;
    book = new TillBook(options);
    timetable = new Timetable(options.clock, name());
    sender =
        new WebhookSender(
            options.uploadsTo,
            batch ->
                Map.of(
                    "Authorization",
                    "Bearer " + options.uploadToken,
                    "Idempotency-Key",
                    batch.id()),
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(10),
            moods(),
            timetable,
            new Outcome());
    open(
        options.port,
        Map.of(),
        request -> ControlApi.error(404, "A till answers nobody; it tells."),
        book::sales,
        this::placeNext);
    book.postTo(sender::send);
    if (options.oftenOffline) {
      book.upload(2);
    }
  }

  /** Opens the book and begins to send. */
  public static PosRestSimulator start(PosRestOptions options) {
    return new PosRestSimulator(options);
  }

  @Override
  public Ledger ledger() {
    return book.ledger();
  }

  @Override
  public int placed() {
    return book.sales();
  }

  @Override
  public int owed() {
    return book.owed();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("node", options.node, "upload-token", options.uploadToken, "currency", "USD");
  }

  /** The line is up, or down: tickets are told at once, or kept. */
  public void online(boolean up) {
    online = up;
  }

  /** Tells of what was kept, so many times, each time in another order and other batches. */
  public void upload(int times) {
    book.upload(times);
  }

  /** Somebody buys; the id of the ticket. */
  public String sell(String sku, int quantity, Instant at) {
    return book.sell(List.of(new Counter.Sold(article(sku), quantity)), at, online);
  }

  /** Somebody brings this back; {@code of} is the ticket of the sale, or {@code null}. */
  public String giveBack(String sku, int quantity, String of, Instant at) {
    return book.giveBack(article(sku), quantity, of, at, online);
  }

  /**
   * Somebody brings back what another channel sold; the id of the ticket.
   *
   * @param conditions units by sellable, damaged or check
   */
  public String takeBack(
      String channel, String order, String sku, Map<String, Integer> conditions, Instant at) {
    return book.takeBack(channel, order, sku, conditions, at);
  }

  private Article article(String sku) {
    var article = book.catalogue().find(sku);
    if (article == null) {
      throw new IllegalArgumentException(
          "SKU '" + sku + "' is nothing this till knows; use one of the catalogue.");
    }
    return article;
  }

  // After every third sale something of it comes back.
  private void placeNext() {
    book.lock().lock();
    try {
      var number = book.sales() + 1;
      var up = !options.oftenOffline || number % 5 < 3;
      var bought = book.wish();
      var id = book.sell(bought, options.clock.instant(), up);
      if (number % 3 == 0 && !bought.isEmpty()) {
        var first = bought.getFirst().article();
        book.giveBack(first, 1, number % 2 == 0 ? null : id, options.clock.instant(), up);
      }
      if (!up) {
        timetable.in(PAUSE, () -> book.upload(2));
      }
    } finally {
      book.lock().unlock();
    }
  }

  @Override
  public ChannelBooks books() {
    book.lock().lock();
    try {
      var orders = new LinkedHashMap<String, Map<String, Integer>>();
      for (var ticket : book.tickets().values()) {
        if (ticket.at("/lines/0/quantity").asInt() > 0) {
          orders.put(
              ticket.get("id").asText(),
              ChannelBooks.units(ticket.get("lines"), "sku", "quantity"));
        }
      }
      Set<String> acknowledged = new LinkedHashSet<>(book.acknowledged());
      acknowledged.retainAll(orders.keySet());
      return new ChannelBooks(orders, acknowledged, List.of(), Map.of(), book.counter().taken());
    } finally {
      book.lock().unlock();
    }
  }

  @Override
  public ObjectNode summary(boolean detail) {
    book.lock().lock();
    try {
      var json = Jsons.object().put("wanted", wanted());
      json.put("tickets", book.tickets().size()).put("sales", book.sales());
      json.put("owed", book.owed());
      json.put("attempts", sender.attempts()).put("failures", sender.failures());
      if (detail) {
        json.set("taken", Jsons.tree(book.counter().taken()));
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
    sender.close();
    book.close();
  }

  /** A till never forgets a batch. */
  private final class Outcome implements WebhookSender.Listener {
    @Override
    public void acknowledged(Webhook batch, int status, int attempts) {
      book.acknowledged(batch);
    }

    @Override
    public void givenUp(Webhook batch, int lastStatus, int attempts) {
      again(batch, options.retrySpan);
    }

    @Override
    public void dropped(Webhook batch) {
      again(batch, PAUSE);
    }

    private void again(Webhook batch, Duration wait) {
      timetable.in(
          wait,
          () -> {
            if (book.owes(batch)) {
              sender.send(batch);
            }
          });
    }
  }
}
