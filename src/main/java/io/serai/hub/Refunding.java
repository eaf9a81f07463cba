package io.serai.hub;

import java.util.Map;

/** Money that goes back to a buyer: what is due, what a channel is asked for, what it did. */
final class Refunding {
  private final Book book;

  Refunding(Book book) {
    this.book = book;
  }

  /**
   * Units of a return were received: what they cost is due to the buyer. To be called once for each
   * receipt, in the transaction that counts it and after the lines know that they came back.
   *
   * @param order the order they were bought with
   * @param returnId the return's public id
   * @param unitsOfLines how many of each line came with this receipt, by the channel's line id
   * @param cause the document that says so
   */
  void dueFor(
      WorkingOrder order, String returnId, Map<String, Integer> unitsOfLines, Application cause) {
    var units = unitsOfLines.values().stream().mapToInt(Integer::intValue).sum();
    if (units <= 0) {
      return;
    }
    book.event(
        order,
        "refund.due",
        "The money for %d unit(s) of return '%s' is due to the buyer.".formatted(units, returnId),
        cause);
  }
}
