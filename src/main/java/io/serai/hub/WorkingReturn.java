package io.serai.hub;

import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.support.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A return as it stands inside one apply transaction: loaded or new, written once. */
final class WorkingReturn {
  /** Units of one line of the order, or of a component of it. */
  static final class Line {
    final int no;
    int quantity;
    int received;
    String reason;
    boolean changed;

    Line(int no) {
      this.no = no;
    }

    /** Units that are still to come. */
    int open() {
      return Math.max(0, quantity - received);
    }
  }

  /** Units that a receipt brought for a line of the order; no line for what is not of it. */
  record Counted(Integer lineNo, String sku, int units, Return.Disposition disposition) {}

  /**
   * What one place took in at once.
   *
   * @param named what it calls the return, which may be another's name for it, or null
   * @param sameAs the receipt that counted these units already, or null
   * @param isMoved whether it was counted to another return before
   */
  record Receipt(
      String receiptId,
      UUID returnId,
      String named,
      String node,
      String source,
      Instant at,
      String sameAs,
      List<Counted> counted,
      Long messageId,
      boolean isNew,
      boolean isMoved) {
    /** The same, counted to another return. */
    Receipt movedTo(UUID other) {
      return new Receipt(
          receiptId, other, named, node, source, at, sameAs, counted, messageId, isNew, true);
    }
  }

  /**
   * What is sent for what comes back.
   *
   * @param atOnce whether nobody waits for it to come
   * @param lineIds the lines it became, in the order of {@code articles}; empty until then
   */
  record Exchange(List<EditOrder.Added> articles, boolean atOnce, List<String> lineIds) {
    // Lists are never null.
    Exchange {
      articles = articles == null ? List.of() : List.copyOf(articles);
      lineIds = lineIds == null ? List.of() : List.copyOf(lineIds);
    }

    boolean owed() {
      return lineIds.isEmpty() && !articles.isEmpty();
    }
  }

  final UUID id;
  final UUID orderId;
  final boolean isNew;
  final String source;
  String name;
  String remoteId;
  Return.Kind kind = Return.Kind.RETURN;
  ReturnState state;
  boolean announced;
  String node;
  String reason;

  /** Whether money is due for what comes back. */
  boolean refund = true;

  /** Under which key somebody asked for it, or null. */
  Once once;

  UUID parcelId;
  String version;
  Exchange exchange;
  Approval decision;
  Instant approvedAt;
  Instant dueAt;
  Instant overdueAt;
  Instant receivedAt;
  Instant closedAt;
  boolean changed;
  final List<Line> lines = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();

  /** By which rule it was approved, and with which figures. */
  record Approval(String rule, String sentence, Instant at) {}

  WorkingReturn(UUID id, UUID orderId, String source, ReturnState state, boolean isNew) {
    this.id = id;
    this.orderId = orderId;
    this.source = source;
    this.state = state;
    this.isNew = isNew;
    this.changed = isNew;
    this.name = text();
  }

  String text() {
    return Ids.text("ret", id);
  }

  /** Whether somebody means it by that name. */
  boolean isCalled(String called) {
    return called.equals(name) || called.equals(remoteId) || called.equals(text());
  }

  /** Whether a receipt of it was told under the name that a document has, which is not its own. */
  boolean isToldAs(Receipt receipt, Return told) {
    return receipt.named() != null
        && !isCalled(receipt.named())
        && (receipt.named().equals(told.returnId()) || receipt.named().equals(told.name()));
  }

  /** Whether it may come to stand there in one step. */
  boolean may(ReturnState next) {
    return state.next().contains(next);
  }

  void to(ReturnState next) {
    if (!may(next)) {
      throw new IllegalStateException(
          "Return '%s' was %s and cannot become %s".formatted(text(), state, next));
    }
    state = next;
    changed = true;
  }

  /** Lets it be awaited as before: what was taken for it is another's. */
  void awaitAgain(Instant until) {
    state = approvedAt == null ? ReturnState.REQUESTED : ReturnState.APPROVED;
    dueAt = approvedAt == null ? null : until;
    receivedAt = null;
    changed = true;
  }

  /** The part of it that is of a line, made when there is none. */
  Line line(int no) {
    for (var line : lines) {
      if (line.no == no) {
        return line;
      }
    }
    var line = new Line(no);
    line.changed = true;
    lines.add(line);
    return line;
  }

  /** Units of a line that it stands for: those that came, and those that are still to come. */
  int claims(int no) {
    return lines.stream()
        .filter(l -> l.no == no)
        .mapToInt(l -> state.awaits() ? Math.max(l.quantity, l.received) : l.received)
        .sum();
  }

  /** Units of a line that came with it. */
  int received(int no) {
    return lines.stream().filter(l -> l.no == no).mapToInt(l -> l.received).sum();
  }

  /** Whether all that was to come is there. */
  boolean complete() {
    return lines.stream().allMatch(l -> l.received >= l.quantity)
        && lines.stream().anyMatch(l -> l.received > 0);
  }
}
