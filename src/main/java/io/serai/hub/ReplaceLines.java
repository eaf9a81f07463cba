package io.serai.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A person sends units of lines once more: they were lost, broke or were the wrong ones, and
 * nothing has to come back for them.
 *
 * @param once under which key it is asked for, or null: asked again, it is sent again
 */
public record ReplaceLines(UUID orderId, List<Line> lines, String reason, Once once)
    implements ReturnCommand {
  /** One without a key. */
  public ReplaceLines(UUID orderId, List<Line> lines, String reason) {
    this(orderId, lines, reason, null);
  }

  /**
   * So many of a line once more.
   *
   * @param sku another article in its place, or null: the same
   */
  public record Line(String lineId, int quantity, String sku) {}

  @Override
  public Collection<String> articles() {
    return lines.stream().map(Line::sku).filter(java.util.Objects::nonNull).toList();
  }

  @Override
  public boolean sends() {
    return true;
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    for (var before : book.replacedOnce.getOrDefault(order.id, List.of())) {
      if (once != null && once.is(before)) {
        return once.equals(before)
            ? new ApplyResult.NoEffect(order.id, "It is sent once more already.", order.id)
            : HoldOrder.refused(
                order,
                "This key was used for another replacement of order '%s'; send this one under a key of its own."
                    .formatted(order.shown()));
      }
    }
    var articles = new ArrayList<EditOrder.Added>();
    for (var line : lines) {
      var sold =
          order.lines.stream()
              .filter(l -> l.lineId.equals(line.lineId()) && l.parent == null)
              .findFirst();
      if (sold.isEmpty()) {
        return HoldOrder.refused(
            order, "Order '%s' has no line '%s'.".formatted(order.shown(), line.lineId()));
      }
      if (line.quantity() > sold.get().shipped) {
        return HoldOrder.refused(
            order,
            "%d of line '%s' of order '%s' left, so %d cannot be sent again."
                .formatted(sold.get().shipped, line.lineId(), order.shown(), line.quantity()));
      }
      articles.add(
          new EditOrder.Added(
              line.sku() == null ? sold.get().sku : line.sku(), line.quantity(), null));
    }
    var added = new Replacements(book, fulfilling).add(order, articles, cause);
    if (added.refused() != null) {
      return added.refused();
    }
    for (var i = 0; i < lines.size(); i++) {
      book.replacements.add(
          new Replacements.Sent(
              order.id,
              added.lineIds().get(i),
              lines.get(i).lineId(),
              null,
              lines.get(i).quantity(),
              reason,
              cause.source(),
              once));
    }
    if (once != null) {
      book.replacedOnce.computeIfAbsent(order.id, id -> new ArrayList<>()).add(once);
    }
    book.event(
        order,
        "order.replaced",
        "Of order '%s' is sent once more: %s (%s)."
            .formatted(order.shown(), Replacements.words(articles), reason),
        cause);
    return new ApplyResult.Applied(order.id, null);
  }
}
