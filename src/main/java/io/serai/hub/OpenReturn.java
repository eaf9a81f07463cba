package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.order.TrackingState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A person or a program agrees that something comes back, and perhaps that something else is sent
 * for it.
 *
 * @param name what stands on its label, or null: its id
 * @param node where it is expected, or null
 * @param lines what is to come; empty for what is in the parcel
 * @param parcelId the parcel that a carrier brings back, or null
 * @param exchange what is sent for it
 * @param again whether what is in the parcel is sent again
 * @param atOnce whether that is sent before anything came
 * @param refund whether money is due for what comes, where nothing is sent for it
 * @param once under which key it is asked for, or null: asked again, it is another one
 */
public record OpenReturn(
    UUID orderId,
    String name,
    Return.Kind kind,
    String node,
    String reason,
    List<Return.Line> lines,
    UUID parcelId,
    List<EditOrder.Added> exchange,
    boolean again,
    boolean atOnce,
    boolean refund,
    Once once)
    implements ReturnCommand, ParcelCommand {
  /** Lists are never null. */
  public OpenReturn {
    lines = lines == null ? List.of() : List.copyOf(lines);
    exchange = exchange == null ? List.of() : List.copyOf(exchange);
  }

  /** One without a key. */
  public OpenReturn(
      UUID orderId,
      String name,
      Return.Kind kind,
      String node,
      String reason,
      List<Return.Line> lines,
      UUID parcelId,
      List<EditOrder.Added> exchange,
      boolean again,
      boolean atOnce,
      boolean refund) {
    this(orderId, name, kind, node, reason, lines, parcelId, exchange, again, atOnce, refund, null);
  }

  @Override
  public Collection<String> articles() {
    return exchange.stream().map(EditOrder.Added::sku).toList();
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    for (var one : book.returns.getOrDefault(order.id, List.of())) {
      if (once != null && once.is(one.once)) {
        return once.equals(one.once)
            ? new ApplyResult.NoEffect(
                order.id, "Return '%s' is opened already.".formatted(one.name), one.id)
            : HoldOrder.refused(
                order,
                "This key was used for another return of order '%s'; send this one under a key of its own."
                    .formatted(order.shown()));
      }
    }
    if (node != null && book.topology.nodes().stream().noneMatch(n -> n.id().equals(node))) {
      return HoldOrder.refused(
          order,
          "Node '%s' is not configured. Add it under serai.nodes, or name another."
              .formatted(node));
    }
    var rules = new ReturnRules(book, fulfilling);
    if (parcelId == null) {
      return rules.open(order, told(kind, lines, ReturnState.APPROVED), this, cause);
    }
    var parcel = book.parcels.get(parcelId);
    if (parcel == null || !parcel.orderId.equals(order.id)) {
      return HoldOrder.refused(order, "Order '%s' has no such parcel.".formatted(order.shown()));
    }
    var back = parcel.state == WorkingParcel.State.RETURNED;
    if (!back && parcel.tracking != TrackingState.RETURNING) {
      return HoldOrder.refused(
          order,
          "Parcel '%s' of order '%s' is %s: no carrier brings it back."
              .formatted(parcel.text(), order.shown(), parcel.state));
    }
    if (book.returns.getOrDefault(order.id, List.of()).stream()
        .anyMatch(r -> parcelId.equals(r.parcelId) && !r.state.refused())) {
      return HoldOrder.refused(
          order,
          "Parcel '%s' of order '%s' is a return already.".formatted(parcel.text(), order.shown()));
    }
    var inIt = new ArrayList<Return.Line>();
    var sentAgain = new ArrayList<>(exchange);
    for (var content : parcel.papers.lines()) {
      inIt.add(
          new Return.Line(
              content.lineId(),
              content.lineId() == null ? content.sku() : null,
              content.quantity(),
              null));
      var sku = content.sku() == null ? sku(order, content.lineId()) : content.sku();
      if (again && sku != null) {
        sentAgain.add(new EditOrder.Added(sku, content.quantity(), null));
      }
    }
    var done =
        rules.open(
            order,
            told(
                Return.Kind.RETURNED_TO_SENDER,
                lines.isEmpty() ? inIt : lines,
                ReturnState.IN_TRANSIT),
            new OpenReturn(
                orderId, name, kind, node, reason, lines, parcelId, sentAgain, false, atOnce,
                refund, once),
            cause);
    if (done instanceof ApplyResult.Applied) {
      order.lift(HoldKind.RETURNED_TO_SENDER, parcel, book.now);
    }
    return done;
  }

  private static String sku(WorkingOrder order, String lineId) {
    return order.lines.stream()
        .filter(line -> line.lineId.equals(lineId))
        .map(line -> line.sku)
        .findFirst()
        .orElse(null);
  }

  private Return told(Return.Kind what, List<Return.Line> expected, ReturnState state) {
    return new Return(
        null, null, name, null, what, state, null, node, reason, null, expected, List.of());
  }
}
