package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.StockApi;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Stock: what is where, what is promised, and what each channel shows of it. */
@Controller
final class StockPages {
  private static final int PAGE = 50;

  private final StockApi stock;

  StockPages(StockApi stock) {
    this.stock = stock;
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
    return visit.page(visit.frame(sku, "stock"), "stock-item", Map.of("stock", stock.get(sku)));
  }
}
