package io.serai.hub;

import io.serai.order.Refund;

/** Whether what a channel tells of a refund stands in the order's state already. */
final class RefundInState {
  private RefundInState() {}

  /**
   * Whether the order's state that is applied counts this refund already: it lists all there are,
   * or it is younger; of one instant it does when more units of the lines are gone than the refunds
   * explain that were told so far.
   */
  static boolean counted(WorkingOrder order, Purse purse, Refund refund) {
    if (order.document == null
        || order.channelVersion == null
        || refund.refundedAt() == null
        || order.document.at("/payment/refunds").isArray()) {
      return false;
    }
    var at = refund.refundedAt().toString();
    if (!at.equals(order.channelVersion)) {
      return !OrderRules.newer(at, order.channelVersion);
    }
    for (var part : refund.lines()) {
      var line = Refunding.line(order, part.lineId());
      if (line == null) {
        continue;
      }
      var refunded = line.refunded - purse.refundedUnits(line.lineId);
      var cancels =
          purse.given.stream()
              .flatMap(g -> g.lines.stream())
              .filter(l -> l.lineId().equals(line.lineId))
              .filter(l -> l.restock() == Refund.Restock.CANCEL)
              .mapToInt(Refund.Line::quantity)
              .sum();
      var cancelled = part.restock() == Refund.Restock.CANCEL ? said(order, line) - cancels : 0;
      if (Math.max(refunded, cancelled) < part.quantity()) {
        return false;
      }
    }
    return !refund.lines().isEmpty();
  }

  private static int said(WorkingOrder order, WorkingOrder.Line line) {
    var said = Edits.line(order.document, line.lineId);
    return said == null ? 0 : said.path("cancelled").asInt();
  }
}
