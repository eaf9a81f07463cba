package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.StockCasesApi;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What somebody has to look into about stock, and the verbs that end it. */
@Controller
final class StockCasePages {
  private static final int PAGE = 50;
  private static final String HERE = "/console/stock/cases";

  private final StockCasesApi cases;

  StockCasePages(StockCasesApi cases) {
    this.cases = cases;
  }

  @GetMapping("/stock/cases")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String kind,
      @RequestParam(required = false) String sku,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String cursor) {
    var page =
        cases.list(
            null, Form.given(kind), Form.given(sku), Form.given(node), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("cases", page.items());
    parts.put("next", page.next());
    parts.put("kind", Form.given(kind));
    parts.put("sku", Form.given(sku));
    parts.put("node", Form.given(node));
    return visit.page(visit.frame("Stock cases", "stock"), "stock-cases", parts);
  }

  @PostMapping("/stock/cases/{id}/accept")
  @Allows(Role.OPERATOR)
  View accept(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () -> {
          cases.accept(id, new StockCasesApi.Decision(MessagePages.reason(reason), null), caller);
          return "What was counted stands; case '%s' is closed.".formatted(id);
        });
  }

  @PostMapping("/stock/cases/{id}/refuse")
  @Allows(Role.OPERATOR)
  View refuse(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () -> {
          var result =
              cases.refuse(
                  id, new StockCasesApi.Decision(MessagePages.reason(reason), false), caller);
          return result.done().isEmpty()
              ? "The count had been taken back before; case '%s' is closed.".formatted(id)
              : "The count is taken back: %s are on hand at '%s' again. Case '%s' is closed."
                  .formatted(Show.n(result.done().getFirst().onHand()), result.node(), id);
        });
  }

  @PostMapping("/stock/cases/{id}/relieve")
  @Allows(Role.OPERATOR)
  View relieve(Visit visit, Caller caller, @PathVariable String id) {
    return visit.act(
        HERE,
        () -> {
          cases.relieve(id, caller);
          return "The newest promises of case '%s' are being moved.".formatted(id);
        });
  }
}
