package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Who did what, when and why; and whether the record of it is still whole. */
@Controller
final class AuditPages {
  private static final int PAGE = 50;

  private final AuditApi audit;

  AuditPages(AuditApi audit) {
    this.audit = audit;
  }

  @GetMapping("/audit")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View list(
      Visit visit,
      @RequestParam(required = false) String actor,
      @RequestParam(required = false) String action,
      @RequestParam(required = false) String object,
      @RequestParam(required = false) String cursor,
      @RequestParam(required = false) String verify) {
    var page =
        audit.list(
            Form.given(actor), Form.given(action), Form.given(object), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("entries", page.items());
    parts.put("next", page.next());
    parts.put("actor", Form.given(actor));
    parts.put("action", Form.given(action));
    parts.put("object", Form.given(object));
    parts.put("finding", verify == null ? null : audit.verify());
    return visit.page(visit.frame("Audit", "audit"), "audit", parts);
  }
}
