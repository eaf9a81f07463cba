package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.StockApi;
import io.serai.api.StockBuffersApi;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Stock: what is where, what is promised, and what each channel shows of it. */
@Controller
final class StockPages {
  private static final int PAGE = 50;

  /** What may be done to the stock of an article, as its page offers it. */
  record Act(String verb, String title, String units, String says) {}

  static final List<Act> ACTS =
      List.of(
          new Act(
              "adjust",
              "Adjust",
              "Units more, or −less",
              "Units were found, or are gone. Of what is promised a shortage is left, and the newest promise moves."),
          new Act(
              "count",
              "Count",
              "Units counted",
              "Everything that lies there, promised units included. It replaces what is on hand and ends a freeze."),
          new Act(
              "move",
              "Set aside",
              "Units",
              "They stay on hand; only sellable ones can be promised."),
          new Act(
              "receive", "Receive", "Units", "Units that came in and are for sale from now on."),
          new Act(
              "freeze",
              "Freeze",
              null,
              "Whatever is not promised stays as it is until it is counted. What is promised goes on being sent."),
          new Act(
              "unfreeze", "End the freeze", null, "What is not promised may be promised again."));

  private static final int BUFFERS = 100;

  private final StockApi stock;
  private final StockBuffersApi buffers;

  StockPages(StockApi stock, StockBuffersApi buffers) {
    this.stock = stock;
    this.buffers = buffers;
  }

  @GetMapping("/stock")
  @Allows(Role.VIEWER)
  View levels(
      Visit visit,
      @RequestParam(required = false) String sku,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String cursor) {
    var page = stock.list(Form.given(sku), Form.given(node), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("levels", page.items());
    parts.put("next", page.next());
    parts.put("sku", Form.given(sku));
    parts.put("node", Form.given(node));
    return visit.page(visit.frame("Stock", "stock"), "stock", parts);
  }

  @GetMapping("/stock/item")
  @Allows(Role.VIEWER)
  View item(Visit visit, @RequestParam String sku) {
    var parts = new HashMap<String, Object>();
    parts.put("stock", stock.get(sku));
    parts.put("buffers", buffers.list(sku, null, BUFFERS, null).items());
    parts.put("nodes", stock.nodes());
    parts.put("channels", buffers.channels());
    return visit.page(visit.frame(sku, "stock"), "stock-item", parts);
  }
}
