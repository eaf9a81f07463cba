package io.serai.demo;

import io.serai.demo.Reckoning.Kind;
import io.serai.demo.Reckoning.Row;
import io.serai.demo.Reckoning.Summary;

/** The last words of a demo: one row a channel, one row a figure, and every finding by name. */
final class SummaryTable {
  private static final int MOST_FINDINGS = 50;

  private final Screen screen;

  SummaryTable(Screen screen) {
    this.screen = screen;
  }

  void print(Summary s, Stage.Papers papers, BooksCompared books) {
    screen.line("");
    screen.line(
        "  %-18s %7s %9s %10s %12s %6s %8s %8s %10s"
            .formatted(
                "channel",
                "placed",
                "accepted",
                "allocated",
                "backordered",
                "held",
                "no goods",
                "told",
                "stock"));
    s.channels().forEach(this::channel);
    screen.line("");
    var all = s.total();
    row("placed", all.placed(), "orders in the channels' ledgers");
    row("accepted", all.accepted(), "acknowledged or found by the hub");
    row("allocated", all.allocated(), "orders that nodes were asked to ship");
    row("backordered", all.backordered(), "orders that wait for stock");
    row("held", all.held(), "orders that wait for money or for somebody");
    row(
        "nothing to ship",
        all.nothingToShip(),
        "gift cards, cancelled, sold at a till, shipped by the channel itself");
    row("sent", s.sent(), "requests in the 3PLs' ledgers");
    row("kept", s.ownPeople(), "requests to a store, whose own people pick them");
    row(
        "labels bought",
        s.labels().bought().values().stream().mapToInt(Integer::intValue).sum(),
        "for parcels that the store in Brooklyn packed: %s; %d are on their way or there"
            .formatted(
                String.join(
                    ", ",
                    s.labels().bought().entrySet().stream()
                        .map(e -> e.getValue() + " of '" + e.getKey() + "'")
                        .toList()),
                s.labels().scanned().size()));
    row("shipped", s.shipped(), "shipments in the 3PLs' ledgers");
    row("status written back", all.told(), "shipments the channels confirmed");
    row(
        "stock written back",
        all.agreed(),
        "of %d articles show in a channel what may be sold".formatted(all.listed()));
    row(
        "sold at tills",
        s.takenAtTills(),
        "units; %d of %d articles lie in the store as the hub counts them"
            .formatted(s.articlesCounted(), s.articlesAtTills()));
    row(
        "X12 files",
        papers.answers() + papers.notices() + papers.invoices() + papers.stockFiles(),
        "taken by the retailer: %d answers, %d ship notices, %d invoices, %d of stock"
            .formatted(papers.answers(), papers.notices(), papers.invoices(), papers.stockFiles()));
    row(
        "AS2 messages",
        papers.taken() + papers.delivered(),
        "with their receipts: %d to the retailer, %d from it"
            .formatted(papers.taken(), papers.delivered()));
    row("announced", papers.announcements(), "lots of goods to come that the X12 3PL was told of");
    row("parked", s.parked(), "messages and deliveries among the dead letters");
    row("lost", s.count(Kind.LOST), "");
    row("doubled", s.count(Kind.DOUBLED), "");
    row("oversold", s.count(Kind.OVERSOLD), "");
    row("refused", s.count(Kind.REFUSED), "documents that a partner could not take");
    row(
        "reconciliation",
        books.open().size(),
        "open; %d things compared with the books of %d accounts"
            .formatted(books.things(), books.accounts()));
    books.open().stream()
        .limit(MOST_FINDINGS)
        .forEach(sentence -> screen.line("  DIFFERS: " + sentence));
    s.findings().stream()
        .limit(MOST_FINDINGS)
        .forEach(f -> screen.line("  %s: %s".formatted(f.kind(), f.sentence())));
    if (s.findings().size() > MOST_FINDINGS) {
      screen.line("  and %d more".formatted(s.findings().size() - MOST_FINDINGS));
    }
  }

  private void channel(Row row) {
    screen.line(
        "  %-18s %7d %9d %10d %12d %6d %8d %8d %10s"
            .formatted(
                row.account(),
                row.placed(),
                row.accepted(),
                row.allocated(),
                row.backordered(),
                row.held(),
                row.nothingToShip(),
                row.told(),
                row.listed() == 0 ? "-" : row.agreed() + "/" + row.listed()));
  }

  private void row(String name, long count, String of) {
    screen.line("  %-20s %7d   %s".formatted(name, count, of).stripTrailing());
  }
}
