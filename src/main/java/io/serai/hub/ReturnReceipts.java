package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts in what came back at a node: once for each receipt, whoever tells of it and however often.
 *
 * <p>Guarantee: stock, the order's lines, the return and the receipt change in one transaction. A
 * count of the node that was taken later has the units in it, so they are not added to it. Gap: two
 * who tell of the same units under two ids are seen as one when all that was to come is there
 * already and the units are the same, whether or not the second names the return; otherwise the
 * second is counted as more.
 */
final class ReturnReceipts {
  private final Book book;
  private final Fulfilling fulfilling;
  private final WorkingOrder order;
  private final ReturnLines lines;
  private final Map<Integer, Integer> taken = new LinkedHashMap<>();

  ReturnReceipts(Book book, Fulfilling fulfilling, WorkingOrder order, ReturnLines lines) {
    this.book = book;
    this.fulfilling = fulfilling;
    this.order = order;
    this.lines = lines;
  }

  /**
   * A receipt that can be counted, or why it cannot.
   *
   * @param again whether it is counted already
   * @param sameAs who counted these units under another id, or null
   * @param counted its units, those of no line of the order with no line
   */
  record Judged(
      Return.Receipt receipt,
      String node,
      boolean again,
      WorkingReturn.Receipt sameAs,
      List<WorkingReturn.Counted> counted,
      Failure failure) {
    Map<Integer, Integer> units() {
      var units = new TreeMap<Integer, Integer>();
      counted.stream()
          .filter(c -> c.lineNo() != null)
          .forEach(c -> units.merge(c.lineNo(), c.units(), Integer::sum));
      return units;
    }
  }

  /** Judges a receipt and changes nothing. */
  Judged judge(String name, WorkingReturn known, Return.Receipt receipt, String source) {
    var node = node(receipt, known, source);
    if (before(known, receipt, source) != null) {
      return new Judged(receipt, null, true, null, List.of(), null);
    }
    if (book.topology.nodes().stream().noneMatch(n -> n.id().equals(node))) {
      return failed(
          receipt,
          FailureKind.UNMAPPED,
          node == null
              ? "Receipt '%s' of return '%s' does not say where it came, and '%s' has no single node. Name the node, then replay."
                  .formatted(receipt.receiptId(), name, source)
              : "Receipt '%s' of return '%s' names node '%s', which is not configured. Add it under serai.nodes, then replay."
                  .formatted(receipt.receiptId(), name, node),
          source);
    }
    var mine = new LinkedHashMap<>(taken);
    var counted = counted(known, receipt, mine);
    var judged =
        new Judged(receipt, node, false, same(known, node, source, counted), counted, null);
    if (judged.sameAs() == null) {
      var fault = lines.tooManyCame(name, mine);
      if (fault != null) {
        return failed(receipt, FailureKind.REFUSED, fault, source);
      }
      taken.putAll(mine);
    }
    return judged;
  }

  /** The receipt of that id at that node that is counted already, or null. */
  WorkingReturn.Receipt before(WorkingReturn known, Return.Receipt receipt, String source) {
    var node = node(receipt, known, source);
    return book.returns.getOrDefault(order.id, List.of()).stream()
        .flatMap(r -> r.receipts.stream())
        .filter(r -> r.receiptId().equals(receipt.receiptId()) && r.node().equals(node))
        .findFirst()
        .orElse(null);
  }

  /** Whether a receipt that is told again brings what it brought. */
  boolean same(WorkingReturn one, Return.Receipt told, WorkingReturn.Receipt before) {
    return dispositions(counted(one, told, new LinkedHashMap<>()))
        .equals(dispositions(before.counted()));
  }

  /** Whether a return has counted all of these receipts, as somebody else told of them. */
  boolean has(WorkingReturn one, List<Return.Receipt> receipts, String source) {
    return !receipts.isEmpty()
        && receipts.stream()
            .allMatch(
                r ->
                    same(one, node(r, one, source), source, counted(one, r, new LinkedHashMap<>()))
                        != null);
  }

  // Which lines the units are of, as far as the order has them.
  private List<WorkingReturn.Counted> counted(
      WorkingReturn known, Return.Receipt receipt, Map<Integer, Integer> mine) {
    var counted = new ArrayList<WorkingReturn.Counted>();
    for (var line : receipt.lines()) {
      var units = lines.resolve(line.lineId(), line.sku(), line.quantity(), known, mine);
      if (units == null) {
        counted.add(
            new WorkingReturn.Counted(
                null,
                line.sku() == null ? line.lineId() : line.sku(),
                line.quantity(),
                line.becomes()));
        continue;
      }
      units.forEach(
          (no, count) -> {
            mine.merge(no, count, Integer::sum);
            counted.add(new WorkingReturn.Counted(no, lines.line(no).sku, count, line.becomes()));
          });
    }
    return counted;
  }

  private static Judged failed(
      Return.Receipt receipt, FailureKind kind, String sentence, String source) {
    return new Judged(
        receipt, null, false, null, List.of(), Failure.of(kind, sentence, Place.of(source)));
  }

  private String node(Return.Receipt receipt, WorkingReturn known, String source) {
    if (receipt.node() != null) {
      return receipt.node();
    }
    var of =
        book.topology.nodes().stream()
            .filter(n -> source.equals(n.partner()))
            .map(Candidate::id)
            .toList();
    return of.size() == 1 ? of.getFirst() : known == null ? null : known.node;
  }

  // Two people count the same parcel: the node's own system, and somebody who looked.
  private static WorkingReturn.Receipt same(
      WorkingReturn known, String node, String source, List<WorkingReturn.Counted> counted) {
    if (known == null || counted.stream().anyMatch(c -> c.lineNo() == null || open(known, c) > 0)) {
      return null;
    }
    return known.receipts.stream()
        .filter(r -> r.sameAs() == null && r.node().equals(node) && !r.source().equals(source))
        .filter(r -> units(r.counted()).equals(units(counted)))
        .filter(r -> known.receipts.stream().noneMatch(k -> r.receiptId().equals(k.sameAs())))
        .findFirst()
        .orElse(null);
  }

  private static int open(WorkingReturn known, WorkingReturn.Counted counted) {
    return known.lines.stream()
        .filter(l -> l.no == counted.lineNo())
        .mapToInt(WorkingReturn.Line::open)
        .sum();
  }

  // By article: of two lines of one article either may be meant.
  private static Map<String, Integer> units(List<WorkingReturn.Counted> counted) {
    return counted.stream()
        .filter(c -> c.lineNo() != null)
        .collect(
            Collectors.toMap(
                c -> c.sku() == null ? "line " + c.lineNo() : c.sku(),
                WorkingReturn.Counted::units,
                Integer::sum,
                TreeMap::new));
  }

  /**
   * Counts a receipt that was judged.
   *
   * @param named what who tells of it calls the return, or null
   * @param refund whether money is due for it, as far as the return says so too
   */
  void count(WorkingReturn one, String named, Judged judged, boolean refund, Application cause) {
    if (judged.again()) {
      return;
    }
    var receipt = judged.receipt();
    var at = receipt.at() == null || receipt.at().isAfter(book.now) ? book.now : receipt.at();
    one.receipts.add(
        new WorkingReturn.Receipt(
            receipt.receiptId(),
            one.id,
            named,
            judged.node(),
            cause.source(),
            at,
            judged.sameAs() == null ? null : judged.sameAs().receiptId(),
            judged.counted(),
            cause.messageId(),
            true,
            false));
    one.changed = true;
    if (judged.sameAs() != null) {
      again(one, judged, cause);
      return;
    }
    var wasRefused = one.state.refused() ? one.state : null;
    var strange = new ArrayList<String>();
    for (var counted : judged.counted()) {
      if (counted.lineNo() == null) {
        strange.add("%d of '%s'".formatted(counted.units(), counted.sku()));
        continue;
      }
      var line = one.line(counted.lineNo());
      if (one.announced && line.quantity == 0) {
        strange.add("%d of '%s'".formatted(counted.units(), counted.sku()));
      }
      line.received += counted.units();
      line.changed = true;
      restock(counted, judged.node(), at, cause);
    }
    var units = judged.units();
    var whole = lines.count(units);
    arrived(one, judged, cause);
    if (refund && one.refund && one.kind != Return.Kind.EXCHANGE && !whole.isEmpty()) {
      new Refunding(book).dueFor(order, one.text(), whole, cause);
    }
    if (!strange.isEmpty()) {
      wrong(one, judged, strange, cause);
    }
    if (wasRefused != null) {
      look(
          one,
          "Return '%s' of order '%s' came to '%s' though it was %s. Decide what becomes of it, then close it."
              .formatted(
                  one.name,
                  order.shown(),
                  judged.node(),
                  wasRefused.name().toLowerCase(Locale.ROOT)),
          cause);
    }
    if (one.state == ReturnState.RECEIVED
        && one.exchange != null
        && one.exchange.owed()
        && new Replacements(book, fulfilling).exchange(order, one, cause)
            instanceof ApplyResult.Failed failed) {
      look(
          one,
          "Return '%s' is there, and what is to be sent for it cannot be: %s"
              .formatted(one.name, failed.failure().sentence()),
          cause);
    }
  }

  private void restock(WorkingReturn.Counted counted, String node, Instant at, Application cause) {
    if (counted.disposition() != Return.Disposition.SCRAP && counted.sku() != null) {
      new StockRules(book)
          .cameBack(
              new WorkingStock.Key(counted.sku(), node),
              counted.units(),
              counted.disposition(),
              at,
              cause);
    }
  }

  private void arrived(WorkingReturn one, Judged judged, Application cause) {
    var units = judged.units();
    if (!units.isEmpty()) {
      var dispositions =
          judged.counted().stream()
              .filter(c -> c.lineNo() != null)
              .collect(
                  Collectors.groupingBy(
                      WorkingReturn.Counted::disposition,
                      TreeMap::new,
                      Collectors.summingInt(WorkingReturn.Counted::units)));
      book.event(
          order,
          "return.received",
          "%s came back to '%s' with return '%s' of order '%s': %s."
              .formatted(
                  lines.words(units),
                  judged.node(),
                  one.name,
                  order.shown(),
                  dispositions.entrySet().stream()
                      .map(e -> e.getValue() + " " + words(e.getKey()))
                      .collect(Collectors.joining(", "))),
          one,
          cause);
    }
    if ((one.complete() || !one.announced || one.state.refused())
        && one.may(ReturnState.RECEIVED)) {
      one.to(ReturnState.RECEIVED);
      new ReturnRules(book, fulfilling).received(order, one);
    }
  }

  private static String words(Return.Disposition disposition) {
    return switch (disposition) {
      case SELLABLE -> "for sale again";
      case DAMAGED -> "damaged";
      case QUARANTINE -> "to be looked at";
      case SCRAP -> "thrown away";
    };
  }

  private void wrong(WorkingReturn one, Judged judged, List<String> strange, Application cause) {
    look(
        one,
        "With return '%s' of order '%s' came to '%s' what was not to come: %s. What the order never had is not counted in. Find out whose it is, then close the return."
            .formatted(one.name, order.shown(), judged.node(), String.join(", ", strange)),
        cause);
  }

  private void again(WorkingReturn one, Judged judged, Application cause) {
    var before = judged.sameAs();
    var differs = !dispositions(before.counted()).equals(dispositions(judged.counted()));
    var sentence =
        "'%s' tells of what '%s' counted as '%s' already (return '%s' of order '%s'); nothing is counted again%s"
            .formatted(
                cause.source(),
                before.source(),
                before.receiptId(),
                one.name,
                order.shown(),
                differs
                    ? ". They differ in what may be done with it: look at it, and move the stock if need be."
                    : ".");
    if (differs) {
      look(one, sentence, cause);
    } else {
      book.event(order, "return.told-again", sentence, one, cause);
    }
  }

  private static Map<String, Integer> dispositions(List<WorkingReturn.Counted> counted) {
    var all = new TreeMap<String, Integer>();
    counted.forEach(
        c -> all.merge(Objects.toString(c.sku()) + ' ' + c.disposition(), c.units(), Integer::sum));
    return all;
  }

  // A person has to look; nothing else of the order stops.
  private void look(WorkingReturn one, String sentence, Application cause) {
    if (order.place(HoldKind.RETURN, one.text(), sentence, book.now)) {
      book.event(order, "return.case", sentence, one, cause);
    }
  }
}
