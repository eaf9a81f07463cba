package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Cancellation;
import io.serai.order.HoldKind;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Wishes to cancel that somebody waits to hear about: a buyer's by way of the channel, or a
 * person's of ours.
 *
 * <p>Guarantee: a wish is answered once, yes only when every unit it is about is taken back, no as
 * soon as one of them cannot be. The channel is owed the answer in the transaction that knows it;
 * where its connector has no way to tell it, the timeline asks a person to. Gap: units that were
 * taken back before another one turned out to be on its way stay cancelled; the order is then held
 * for a person.
 */
final class Wishes {
  private final Book book;
  private final Fulfilling fulfilling;

  Wishes(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /**
   * Takes a wish down and tries to fulfill it.
   *
   * @return why nothing can be done for it, or null
   */
  ApplyResult ask(WorkingOrder order, Cancellation wanted, String request, Application cause) {
    if (request != null) {
      var known = order.wishes.stream().filter(w -> request.equals(w.request())).findFirst();
      if (known.isPresent()) {
        return new ApplyResult.NoEffect(
            order.id,
            "The wish '%s' to cancel order '%s' is known already."
                .formatted(request, order.shown()));
      }
    }
    var whole = wanted.lines().isEmpty();
    var targets = targets(order, wanted);
    var wish = new Wish(request, wanted.source(), wanted.reason(), book.now, whole, targets, null);
    if (order.cancelledAt == null && targets.isEmpty()) {
      var sentence =
          whole
              ? "Order '%s' has left in part or as a whole, so it cannot be cancelled any more."
              : "What is to be cancelled of order '%s' has left, is cancelled or is not there.";
      if (request == null) {
        return new ApplyResult.Failed(
            Failure.of(
                FailureKind.REFUSED, sentence.formatted(order.shown()), Place.of(order.account)));
      }
      remember(order, wish);
      answer(order, wish, false, sentence.formatted(order.shown()), cause);
      return null;
    }
    remember(order, wish);
    targets.forEach(
        (lineId, target) ->
            order.lines.stream()
                .filter(line -> line.lineId.equals(lineId))
                .forEach(line -> line.wantCancelled(Math.max(line.cancelWanted, target))));
    book.event(
        order,
        "cancellation.asked",
        "%s wants %s order '%s' cancelled."
            .formatted(
                wanted.source() == Cancellation.Source.BUYER ? "The buyer" : "Somebody here",
                whole ? "all of" : "a part of",
                order.shown()),
        cause);
    fulfilling.settle(order, cause);
    return null;
  }

  /** What would have to be cancelled of each line, or nothing when that cannot be any more. */
  private static Map<String, Integer> targets(WorkingOrder order, Cancellation wanted) {
    var targets = new LinkedHashMap<String, Integer>();
    if (wanted.lines().isEmpty()) {
      for (var line : order.lines) {
        if (line.shipped > 0) {
          return Map.of();
        }
        if (line.parent == null) {
          targets.put(line.lineId, line.ordered);
        }
      }
      return targets;
    }
    for (var part : wanted.lines()) {
      var line =
          order.lines.stream()
              .filter(l -> l.parent == null && l.lineId.equals(part.lineId()))
              .findFirst();
      var target = line.map(l -> targets.getOrDefault(l.lineId, l.cancelWanted) + part.quantity());
      if (target.isEmpty() || target.get() > line.get().ordered - line.get().shipped) {
        return Map.of();
      }
      targets.put(part.lineId(), target.get());
    }
    return targets;
  }

  /** What is added to an order while all of it is wanted back is wanted back too. */
  static void widen(WorkingOrder order) {
    for (var wish : List.copyOf(order.wishes)) {
      if (!wish.open() || !wish.whole()) {
        continue;
      }
      var targets = new LinkedHashMap<>(wish.targets());
      for (var line : order.lines) {
        if (line.parent == null && line.ordered > targets.getOrDefault(line.lineId, 0)) {
          targets.put(line.lineId, line.ordered);
          line.wantCancelled(Math.max(line.cancelWanted, line.ordered - line.shipped));
          order.wishesChanged = true;
        }
      }
      order.wishes.replaceAll(w -> w == wish ? wish.about(targets) : w);
    }
  }

  private static void remember(WorkingOrder order, Wish wish) {
    order.wishes.add(wish);
    order.wishesChanged = true;
    order.changed = true;
  }

  /** Answers the wishes of an order of which the outcome is known by now. */
  void decide(WorkingOrder order, Application cause) {
    for (var wish : order.wishes.stream().filter(Wish::open).toList()) {
      var granted =
          wish.targets().entrySet().stream()
              .allMatch(
                  target ->
                      order.lines.stream()
                          .filter(line -> line.lineId.equals(target.getKey()))
                          .allMatch(line -> line.cancelled >= target.getValue()));
      if (granted) {
        answer(order, wish, true, null, cause);
      } else if (order.lines.stream().noneMatch(l -> l.cancelWanted > l.cancelled)) {
        var back = order.lines.stream().mapToInt(l -> l.parent == null ? l.cancelled : 0).sum();
        var sentence =
            "Order '%s' could not be cancelled as was asked: some of it is on its way."
                .formatted(order.shown());
        if (wish.whole() && back > 0) {
          sentence =
              "%s %d unit(s) were taken back before that was known. Decide what the buyer gets, then release it."
                  .formatted(sentence, back);
          order.place(
              HoldKind.MANUAL, sentence, null, book.now.plus(HoldKind.STOCK.due()), book.now, null);
        }
        answer(order, wish, false, sentence, cause);
      }
    }
  }

  /** The channel said itself that it is cancelled: whoever waits for an answer has it. */
  static void settled(WorkingOrder order) {
    order.wishes.replaceAll(wish -> wish.open() ? wish.answered(true) : wish);
    order.wishesChanged |= !order.wishes.isEmpty();
  }

  private void answer(
      WorkingOrder order, Wish wish, boolean granted, String sentence, Application cause) {
    order.wishes.replaceAll(w -> w == wish ? wish.answered(granted) : w);
    order.wishesChanged = true;
    order.changed = true;
    if (granted && wish.whole() && order.cancelledAt == null) {
      order.cancelledAt = book.now;
      order.lift(hold -> true, book.now, null, "cancelled");
    }
    book.event(
        order,
        granted ? "order.cancelled" : "cancellation.refused",
        granted
            ? (wish.whole() ? "Order '%s' was cancelled." : "A part of order '%s' was cancelled.")
                .formatted(order.shown())
            : sentence,
        cause);
    if (!granted && wish.request() == null) {
      return; // the person reads it in the timeline
    }
    var channel = book.topology.accounts().get(order.account);
    if (channel == null || !channel.publishStatus() || order.document == null) {
      return;
    }
    if (!channel.offers(Fulfilling.CANCELLATION)) {
      book.event(
          order,
          "cancellation.untold",
          "The connector of '%s' cannot tell of a cancellation: tell the channel by hand."
              .formatted(order.account),
          cause);
      return;
    }
    book.owe(
        channel,
        Fulfilling.CANCELLATION,
        Fulfilling.CANCELLATION,
        order.id,
        Ids.text("ord", order.id) + '/' + wish.key(),
        document(channel, order, wish, granted),
        cause,
        false);
  }

  // The channel is named as it named itself in the order, whatever our record keeps of that.
  private JsonNode document(
      Topology.Account channel, WorkingOrder order, Wish wish, boolean granted) {
    var lines =
        wish.whole()
            ? null
            : wish.targets().entrySet().stream()
                .map(target -> new Cancellation.Line(target.getKey(), target.getValue()))
                .toList();
    ObjectNode document =
        (ObjectNode)
            Json.node(
                new Cancellation(
                    null, wish.source(), wish.reason(), book.now, wish.request(), granted, lines));
    document.set("channel", order.document.get("channel"));
    if (channel.trades()) {
      document.set("order", order.document);
    }
    return document;
  }

  static String text(WorkingOrder order) {
    return order.wishes.isEmpty() ? null : Json.text(order.wishes);
  }
}
