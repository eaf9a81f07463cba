package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.CatalogApi;
import io.serai.api.RulesApi;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What is connected and what runs: channels, partners, routes and rules. They are only shown. */
@Controller
final class SystemPages {
  private static final int MOST = 500;

  private final CatalogApi catalog;
  private final RulesApi rules;

  SystemPages(CatalogApi catalog, RulesApi rules) {
    this.catalog = catalog;
    this.rules = rules;
  }

  @GetMapping("/channels")
  @Allows(Role.VIEWER)
  View channels(Visit visit) {
    return visit.page(
        visit.frame("Channels", "channels"),
        "accounts",
        Map.of("accounts", catalog.channels(MOST, null).items()));
  }

  @GetMapping("/partners")
  @Allows(Role.VIEWER)
  View partners(Visit visit) {
    return visit.page(
        visit.frame("Partners", "partners"),
        "accounts",
        Map.of("accounts", catalog.partners(MOST, null).items()));
  }

  @GetMapping("/routes")
  @Allows(Role.VIEWER)
  View routes(Visit visit, @RequestParam(required = false) String status) {
    var parts = new HashMap<String, Object>();
    parts.put("files", catalog.routes(Form.given(status), MOST, null).items());
    parts.put("status", Form.given(status));
    return visit.page(visit.frame("Routes", "routes"), "routes", parts);
  }

  @GetMapping("/rules")
  @Allows(Role.VIEWER)
  View rules(Visit visit, @RequestParam(required = false) String version) {
    var parts = new HashMap<String, Object>();
    parts.put("rules", rules.get());
    parts.put("versions", rules.versions());
    parts.put("version", Form.given(version) == null ? null : rules.version(version));
    return visit.page(visit.frame("Rules", "rules"), "rules", parts);
  }
}
