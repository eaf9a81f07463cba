package io.serai.demo;

import io.serai.demo.Reckoning.Kind;
import io.serai.demo.Reckoning.Summary;

/** The last words of a demo: one row a figure, and every finding by name. */
final class SummaryTable {
  private static final int MOST_FINDINGS = 50;

  private final Screen screen;

  SummaryTable(Screen screen) {
    this.screen = screen;
  }

  void print(Summary s) {
    screen.line("");
    row("placed", s.placed(), "orders in the shop's ledger");
    row("accepted", s.accepted(), "acknowledged or found by the hub");
    row("allocated", s.allocated(), "orders that nodes were asked to ship");
    row("backordered", s.backordered(), "orders that wait for stock");
    row("held", s.held(), "orders that wait for money or for somebody");
    row("nothing to ship", s.nothingToShip(), "gift cards, cancelled");
    row("sent", s.sent(), "requests in the 3PLs' ledgers");
    row("kept", s.ownPeople(), "requests to a store, whose own people pick them");
    row("shipped", s.shipped(), "shipments in the 3PLs' ledgers");
    row("status written back", s.told(), "shipments the shop confirmed");
    row(
        "stock written back",
        s.agreed(),
        "of %d articles show in the shop what may be sold".formatted(s.listed()));
    row("parked", s.parked(), "messages and deliveries among the dead letters");
    row("lost", s.count(Kind.LOST), "");
    row("doubled", s.count(Kind.DOUBLED), "");
    row("oversold", s.count(Kind.OVERSOLD), "");
    s.findings().stream()
        .limit(MOST_FINDINGS)
        .forEach(f -> screen.line("  %s: %s".formatted(f.kind(), f.sentence())));
    if (s.findings().size() > MOST_FINDINGS) {
      screen.line("  and %d more".formatted(s.findings().size() - MOST_FINDINGS));
    }
  }

  private void row(String name, long count, String of) {
    screen.line("  %-20s %7d   %s".formatted(name, count, of).stripTrailing());
  }
}
