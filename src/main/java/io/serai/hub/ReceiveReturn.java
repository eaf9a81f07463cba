package io.serai.hub;

import io.serai.order.Return;
import java.util.ArrayList;
import java.util.UUID;

/**
 * A person or a program counts in what came with a return, once for each receipt.
 *
 * @param receipt what came; no lines for all that is awaited, sellable
 */
public record ReceiveReturn(UUID orderId, UUID returnId, Return.Receipt receipt)
    implements ReturnCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var rules = new ReturnRules(book, fulfilling);
    var one = order == null ? null : rules.find(order, returnId);
    if (one == null) {
      return new ApplyResult.NoEffect(null, "The return is not known.");
    }
    var lines = new ReturnLines(book, order);
    var arrivals = new ReturnReceipts(book, fulfilling, order, lines);
    var before = arrivals.before(one, receipt, cause.source());
    if (before != null) {
      var same =
          before.returnId().equals(one.id)
              && (receipt.lines().isEmpty() || arrivals.same(one, receipt, before));
      return same
          ? new ApplyResult.NoEffect(
              order.id, "Receipt '%s' is counted already.".formatted(receipt.receiptId()), one.id)
          : new ApplyResult.NoEffect(
              order.id,
              "Receipt '%s' of order '%s' is counted already, with other units or another return; give this one a name or key of its own."
                  .formatted(receipt.receiptId(), order.shown()));
    }
    var came = receipt;
    if (receipt.lines().isEmpty()) {
      var all = new ArrayList<Return.Received>();
      for (var line : one.lines) {
        if (line.open() > 0) {
          all.add(new Return.Received(lines.line(line.no).lineId, null, line.open(), null));
        }
      }
      if (all.isEmpty()) {
        return HoldOrder.refused(
            order,
            "Nothing of return '%s' of order '%s' is awaited; name what came."
                .formatted(one.name, order.shown()));
      }
      came = new Return.Receipt(receipt.receiptId(), receipt.node(), receipt.at(), all);
    }
    if (came.receiptId() == null) {
      came =
          new Return.Receipt(
              "%s-%d".formatted(one.text(), one.receipts.size() + 1),
              came.node(),
              came.at(),
              came.lines());
    }
    var judged = arrivals.judge(one.name, one, came, cause.source());
    if (judged.failure() != null) {
      return new ApplyResult.Failed(judged.failure());
    }
    arrivals.count(one, null, judged, true, cause);
    order.changed = true;
    return new ApplyResult.Applied(order.id, one.id);
  }
}
