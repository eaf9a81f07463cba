package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.KpisApi;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Figures about the business, with their definitions, trends and orders. */
@Controller
final class KpiPages {
  private static final int PAGE = 50;

  private final KpisApi kpis;

  KpiPages(KpisApi kpis) {
    this.kpis = kpis;
  }

  @GetMapping("/kpis")
  @Allows(Role.VIEWER)
  View list(Visit visit, @RequestParam(required = false) String account) {
    var parts = new HashMap<String, Object>();
    parts.put("kpis", kpis.list(Form.given(account)).items());
    return visit.page(visit.frame("Figures", "kpis"), "kpis", parts);
  }

  @GetMapping("/kpis/{id}")
  @Allows(Role.VIEWER)
  View one(
      Visit visit,
      @PathVariable String id,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String cursor) {
    var orders = kpis.orders(id, Form.given(account), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("kpi", kpis.get(id, Form.given(account)));
    parts.put("orders", orders.items());
    parts.put("next", orders.next());
    return visit.page(visit.frame("Figure " + id, "kpis"), "kpi", parts);
  }
}
