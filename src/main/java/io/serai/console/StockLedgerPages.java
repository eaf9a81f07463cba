package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.PublishNowApi;
import io.serai.api.StockApi;
import io.serai.api.StockViews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** How the stock of an article moved, what it was at any instant, and telling channels at once. */
@Controller
final class StockLedgerPages {
  private static final int PAGE = 50;
  private static final String OUTSIDE = "outside";

  private final StockApi stock;
  private final PublishNowApi publishing;

  StockLedgerPages(StockApi stock, PublishNowApi publishing) {
    this.stock = stock;
    this.publishing = publishing;
  }

  /** What the list is narrowed to. */
  record Filter(String node, String cause, String from, String to) {
    String query(String sku) {
      return "sku=%s&node=%s&cause=%s&from=%s&to=%s&"
          .formatted(
              Show.part(sku), Show.part(node), Show.part(cause), Show.part(from), Show.part(to));
    }
  }

  /** A movement and what was on hand after it. */
  record Row(StockViews.Movement movement, long onHand) {}

  @GetMapping("/stock/ledger")
  @Allows(Role.VIEWER)
  View ledger(
      Visit visit,
      @RequestParam String sku,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String cause,
      @RequestParam(required = false) String from,
      @RequestParam(required = false) String to,
      @RequestParam(required = false) Long balance,
      @RequestParam(required = false) String cursor) {
    var filter = new Filter(Form.given(node), Form.given(cause), Form.given(from), Form.given(to));
    var past = stock.levels(sku, filter.to());
    var page =
        stock.movements(
            sku,
            filter.node(),
            filter.cause(),
            filter.from(),
            filter.to(),
            PAGE,
            Form.given(cursor));
    // What is on hand is walked back from the end: of one node, and only when nothing is left out.
    boolean balanced = filter.node() != null && filter.cause() == null;
    long onHand =
        balance != null
            ? balance
            : past.nodes().stream()
                .filter(level -> level.node().equals(filter.node()))
                .mapToLong(StockViews.PastLevel::onHand)
                .sum();
    var rows = new ArrayList<Row>();
    for (var movement : page.items()) {
      rows.add(new Row(movement, onHand));
      onHand -=
          movement.from().equals(OUTSIDE)
              ? movement.quantity()
              : movement.to().equals(OUTSIDE) ? -movement.quantity() : 0;
    }
    var parts = new HashMap<String, Object>();
    parts.put("sku", sku);
    parts.put("filter", filter);
    parts.put("rows", rows);
    parts.put("balanced", balanced);
    parts.put("next", page.next());
    parts.put("carry", Long.toString(onHand));
    parts.put("past", filter.to() == null ? null : past);
    parts.put("nodes", List.copyOf(stock.nodes()));
    return visit.page(visit.frame("How " + sku + " moved", "stock"), "stock-ledger", parts);
  }

  @PostMapping("/stock/publish")
  @Allows(Role.OPERATOR)
  View publish(
      Visit visit,
      Caller caller,
      @RequestParam String sku,
      @RequestParam(required = false) String channel,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/stock/item?sku=" + Show.part(sku),
        () -> {
          var told =
              publishing.publish(
                  sku,
                  new PublishNowApi.Request(Form.given(channel), null, MessagePages.reason(reason)),
                  caller);
          return told.listings().stream()
              .map(one -> "%s is told %s".formatted(one.channel(), Show.n(one.quantity())))
              .distinct()
              .collect(java.util.stream.Collectors.joining("; ", "", "."));
        });
  }
}
