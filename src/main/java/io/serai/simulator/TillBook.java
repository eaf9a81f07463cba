package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The tickets of a store's till, and the batches of them that nobody has said yes to.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written, so opening the ledger again gives the same book. The methods take {@link #lock()} by
 * themselves; callers that read several things hold it.
 */
final class TillBook extends WebhookBase {

  static final String RUNG = "ticket.rung";
  private static final String UPLOADED = "batch.uploaded";
  private static final String ACKNOWLEDGED = "batch.acknowledged";
  private static final int MOST_TICKETS = 3;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx")
          .withZone(ZoneId.of("America/New_York"));

  private final PosRestOptions options;
  private final Catalogue catalogue;
  private final Counter counter;
  private final Map<String, ObjectNode> tickets = new LinkedHashMap<>();
  private final Set<String> kept = new LinkedHashSet<>();
  private final Set<String> acknowledged = new LinkedHashSet<>();
  private int sales;
  private int uploads;

  /** Opens a book on its ledger. */
  TillBook(PosRestOptions options) {
    super(options.clock);
    this.options = options;
    catalogue = Catalogue.of(options.articles);
    counter = new Counter(catalogue, options.shelf, options.seed);
    open(options.folder.resolve("pos-rest.ledger.jsonl"));
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Counter counter() {
    return counter;
  }

  Map<String, ObjectNode> tickets() {
    return tickets;
  }

  /** Tickets of which somebody said that they were heard. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  int sales() {
    return sales;
  }

  /** Batches nobody has said yes to, and tickets that are in none. */
  @Override
  int owed() {
    return super.owed() + kept.size();
  }

  /** What is bought next by the seed. */
  List<Counter.Sold> wish() {
    lock().lock();
    try {
      return counter.wish(sales + 1);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Somebody buys; the id of the ticket.
   *
   * @param bought nothing is a service of the house
   * @param online whether it is told at once, or kept
   */
  String sell(List<Counter.Sold> bought, Instant at, boolean online) {
    lock().lock();
    try {
      var number = tickets.size() + 1;
      var ticket = ticket(number, at).put("payment", number % 3 == 0 ? "cash" : "card");
      var lines = ticket.putArray("lines");
      var total = BigDecimal.ZERO;
      for (var one : bought) {
        var article = one.article();
        var line = lines.addObject().put("line", String.valueOf(lines.size()));
        line.put("sku", article.sku()).put("title", article.title());
        line.put("quantity", one.quantity()).put("price", article.price().toPlainString());
        total = total.add(article.price().multiply(BigDecimal.valueOf(one.quantity())));
        if (number % 6 == 2) {
          line.put("discount", "1.00");
          total = total.subtract(BigDecimal.ONE);
        }
      }
      if (bought.isEmpty()) {
        var line = lines.addObject().put("line", "1").put("kind", "service");
        line.put("title", "Wrapping").put("quantity", 1).put("price", "2.50");
        total = new BigDecimal("2.50");
      }
      return ring(ticket.put("total", total.toPlainString()), online);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Units come back; the id of the ticket.
   *
   * @param of the ticket of the sale, or {@code null} when nobody has it any more
   */
  String giveBack(Article article, int quantity, String of, Instant at, boolean online) {
    lock().lock();
    try {
      var ticket = ticket(tickets.size() + 1, at);
      var line = ticket.putArray("lines").addObject().put("line", "1");
      line.put("sku", article.sku()).put("quantity", -quantity);
      line.put("price", article.price().toPlainString());
      if (of != null) {
        ticket.put("of", of);
        for (var sold : tickets.get(of).get("lines")) {
          if (sold.path("sku").asText().equals(article.sku())) {
            line.set("ofLine", sold.get("line"));
          }
        }
      }
      return ring(ticket, online);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Units of an order of another channel come back; the id of the ticket.
   *
   * @param conditions units by sellable, damaged or check
   */
  String takeBack(
      String channel, String order, String sku, Map<String, Integer> conditions, Instant at) {
    lock().lock();
    try {
      var ticket = ticket(tickets.size() + 1, at).put("of", order).put("ofChannel", channel);
      var lines = ticket.putArray("lines");
      conditions.forEach(
          (condition, units) ->
              lines
                  .addObject()
                  .put("line", String.valueOf(lines.size()))
                  .put("sku", sku)
                  .put("quantity", -units)
                  .put("condition", condition));
      return ring(ticket, true);
    } finally {
      lock().unlock();
    }
  }

  /** Tells of everything that was kept, so many times, each time in another order and batches. */
  void upload(int times) {
    lock().lock();
    try {
      var all = new ArrayList<>(kept);
      for (var time = 0; time < times; time++) {
        Collections.shuffle(all, new Random(options.seed + uploads));
        for (var i = 0; i < all.size(); i += MOST_TICKETS) {
          var batch = Jsons.object();
          all.subList(i, Math.min(all.size(), i + MOST_TICKETS))
              .forEach(batch.withArray("tickets")::add);
          record(UPLOADED, "till", "up-%s-%d".formatted(options.seed, uploads + 1), batch);
        }
      }
    } finally {
      lock().unlock();
    }
  }

  /** Somebody said yes to a batch. */
  void acknowledged(Webhook batch) {
    finish(ACKNOWLEDGED, batch, 200, 0);
  }

  private ObjectNode ticket(int number, Instant at) {
    return Jsons.object()
        .put("id", "TK-%06d".formatted(number))
        .put("at", TIME.format(at))
        .put("till", "T1");
  }

  private String ring(ObjectNode ticket, boolean online) {
    var id = ticket.get("id").asText();
    record(RUNG, id, null, Jsons.object().put("online", online).set("ticket", ticket));
    return id;
  }

  @Override
  void apply(Effect effect) {
    var data = effect.data();
    switch (effect.operation()) {
      case RUNG -> {
        var ticket = (ObjectNode) data.get("ticket");
        tickets.put(effect.subject(), ticket);
        var sold = false;
        for (var line : ticket.get("lines")) {
          sold |= line.get("quantity").asInt() > 0;
          if (line.has("sku")) {
            counter.took(line.get("sku").asText(), line.get("quantity").asInt());
          }
        }
        sales += sold ? 1 : 0;
        if (data.get("online").asBoolean()) {
          send(effect, effect.subject(), List.of(ticket));
        } else {
          kept.add(effect.subject());
        }
      }
      case UPLOADED -> {
        uploads++;
        var batch = new ArrayList<ObjectNode>();
        for (var id : data.get("tickets")) {
          kept.remove(id.asText());
          batch.add(tickets.get(id.asText()));
        }
        send(effect, effect.key(), batch);
      }
      default -> {
        var batch = Jsons.own(settle(effect.key()).body());
        batch.get("tickets").forEach(ticket -> acknowledged.add(ticket.get("id").asText()));
      }
    }
  }

  private void send(Effect effect, String key, List<ObjectNode> tickets) {
    var body = Jsons.object();
    body.putArray("tickets").addAll(tickets);
    var webhook = new Webhook(key, key, "tickets", "till", effect.at(), Jsons.bytes(body));
    owe(webhook);
  }
}
