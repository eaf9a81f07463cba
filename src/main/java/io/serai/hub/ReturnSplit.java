package io.serai.hub;

import io.serai.order.Return;
import io.serai.order.ReturnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a return that is announced at last what came under its name and was counted to another.
 *
 * <p>A receipt may name a return that nobody has told of yet. Its units are counted to the return
 * that seems meant, because places have names of their own for what others call otherwise; an
 * announcement of that very name says that it was not. Guarantee: the units move from return to
 * return and nowhere else (stock, money and the order's lines have them already), and the one that
 * loses them is awaited again; when it cannot be, because no more has left, the name is one more
 * for the same return. Gap: money that is due for them stays due in the name of the other.
 */
final class ReturnSplit {
  private final Book book;
  private final WorkingReturn from;
  private final WorkingReturn to;
  private final List<WorkingReturn.Receipt> moved = new ArrayList<>();
  private final boolean awaited;
  private final Instant receivedAt;

  /**
   * Takes out of a return what was told under another name.
   *
   * @param from the return it was counted to
   */
  ReturnSplit(Book book, WorkingReturn from, Return told) {
    this.book = book;
    this.from = from;
    for (var receipt : from.receipts) {
      if (from.isToldAs(receipt, told)) {
        moved.add(receipt);
      }
    }
    from.receipts.stream()
        .filter(r -> moved.stream().anyMatch(m -> m.receiptId().equals(r.sameAs())))
        .filter(r -> !moved.contains(r))
        .toList()
        .forEach(moved::add);
    var first = moved.getFirst();
    to =
        new WorkingReturn(
            book.ids.next(), from.orderId, first.source(), ReturnState.RECEIVED, true);
    to.receivedAt = moved.getLast().at();
    to.node = first.node();
    to.kind = told.kind() == null ? from.kind : told.kind();
    to.refund = told.refund() == null ? from.refund : told.refund();
    from.receipts.removeAll(moved);
    for (var receipt : moved) {
      to.receipts.add(receipt.movedTo(to.id));
      count(receipt, 1);
    }
    book.returns.get(from.orderId).add(to);
    receivedAt = from.receivedAt;
    awaited = from.state == ReturnState.RECEIVED && from.announced && !from.complete();
    if (awaited) {
      from.awaitAgain(book.now.plus(book.topology.returns().overdue()));
    }
  }

  /** Whether an announcement is of what came under its name and was counted to this return. */
  static boolean isMeant(WorkingReturn one, Return told) {
    return told.receipts().isEmpty()
        && !told.lines().isEmpty()
        && (told.returnId() == null || !one.isCalled(told.returnId()))
        && (told.name() == null || !one.isCalled(told.name()))
        && one.receipts.stream().anyMatch(r -> one.isToldAs(r, told));
  }

  /** The return that has them now. */
  WorkingReturn taken() {
    return to;
  }

  /** Leaves everything as it was. */
  void undo() {
    book.returns.get(from.orderId).remove(to);
    from.receipts.addAll(moved);
    moved.forEach(receipt -> count(receipt, -1));
    if (awaited) {
      from.state = ReturnState.RECEIVED;
      from.receivedAt = receivedAt;
      from.dueAt = null;
    }
  }

  /** Makes it last, and the timeline tell of it. */
  void keep(WorkingOrder order, String name, Application cause) {
    from.lines.forEach(line -> line.changed = true);
    from.changed = true;
    book.event(
        order,
        "return.split",
        "What came as '%s' was counted to return '%s' of order '%s'. It is a return of its own, which is announced only now%s."
            .formatted(
                name,
                from.name,
                order.shown(),
                awaited ? "; '%s' is awaited again".formatted(from.name) : ""),
        from,
        cause);
  }

  // Towards the new return, or back.
  private void count(WorkingReturn.Receipt receipt, int way) {
    if (receipt.sameAs() != null) {
      return;
    }
    for (var counted : receipt.counted()) {
      if (counted.lineNo() != null) {
        from.line(counted.lineNo()).received -= way * counted.units();
        to.line(counted.lineNo()).received += way * counted.units();
      }
    }
  }
}
