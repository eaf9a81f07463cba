package io.serai.hub;

import java.util.List;
import java.util.UUID;

/**
 * Sends something in place of something else: lines of an order that cost nothing and that the
 * channel does not know, linked to what they stand for.
 */
final class Replacements {
  private final Book book;
  private final Fulfilling fulfilling;

  Replacements(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /**
   * A line and what it stands for.
   *
   * @param replaces the line it is sent in place of, or null
   * @param returnId the return it is sent for, or null
   * @param once under which key somebody asked for it, or null
   */
  record Sent(
      UUID orderId,
      String lineId,
      String replaces,
      UUID returnId,
      int quantity,
      String reason,
      String actor,
      Once once) {}

  /** Adds the lines that are sent for a return. What it cannot add changes nothing. */
  ApplyResult exchange(WorkingOrder order, WorkingReturn one, Application cause) {
    var articles = one.exchange.articles();
    var added = add(order, articles, cause);
    if (added.refused() != null) {
      return added.refused();
    }
    one.exchange = new WorkingReturn.Exchange(articles, one.exchange.atOnce(), added.lineIds());
    one.changed = true;
    for (var i = 0; i < articles.size(); i++) {
      book.replacements.add(
          new Sent(
              order.id,
              added.lineIds().get(i),
              null,
              one.id,
              articles.get(i).quantity(),
              one.reason,
              cause.source(),
              null));
    }
    book.event(
        order,
        "return.exchanged",
        "For return '%s' of order '%s' is sent: %s."
            .formatted(one.name, order.shown(), words(articles)),
        one,
        cause);
    return new ApplyResult.Applied(order.id, null);
  }

  static String words(List<EditOrder.Added> articles) {
    return String.join(
        ", ", articles.stream().map(a -> "%d of '%s'".formatted(a.quantity(), a.sku())).toList());
  }

  /** Lines that were added, or why they were not. */
  record Lines(List<String> lineIds, ApplyResult refused) {}

  Lines add(WorkingOrder order, List<EditOrder.Added> articles, Application cause) {
    var before = ids(order);
    var edit = new EditOrder(order.id, List.of(), articles, null, true);
    // The message, if there is one, ends with what it is about.
    var inner = new Application(edit, null, null, null, cause.source(), null, cause.done());
    var result = edit.apply(book, fulfilling, inner, EditClaim.REPLACEMENT);
    if (!(result instanceof ApplyResult.Applied)) {
      return new Lines(List.of(), result);
    }
    return new Lines(ids(order).stream().filter(id -> !before.contains(id)).toList(), null);
  }

  private static List<String> ids(WorkingOrder order) {
    return order.lines.stream()
        .filter(line -> line.parent == null)
        .map(line -> line.lineId)
        .toList();
  }
}
