package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.CatalogApi;
import io.serai.api.ChannelHoldsApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.RulesApi;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/**
 * What is connected and what runs: channels, partners, routes and rules. They are only shown, but
 * for new orders of a channel, which can be held.
 */
@Controller
final class SystemPages {
  private static final int MOST = 500;

  private static final String CHANNELS = "/console/channels";

  private final CatalogApi catalog;
  private final ChannelHoldsApi holds;
  private final RulesApi rules;

  SystemPages(CatalogApi catalog, ChannelHoldsApi holds, RulesApi rules) {
    this.catalog = catalog;
    this.holds = holds;
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

  @PostMapping("/channels/{account}/hold")
  @Allows(Role.OPERATOR)
  View hold(
      Visit visit,
      Caller caller,
      @PathVariable String account,
      @RequestParam(required = false) String reason) {
    return visit.act(
        CHANNELS,
        () -> {
          holds.hold(account, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return "New orders of '%s' are held from now on.".formatted(account);
        });
  }

  @PostMapping("/channels/{account}/release")
  @Allows(Role.OPERATOR)
  View release(
      Visit visit,
      Caller caller,
      @PathVariable String account,
      @RequestParam(required = false) String reason) {
    return visit.act(
        CHANNELS,
        () -> {
          holds.release(account, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return "New orders of '%s' are not held any more; those that were go on now."
              .formatted(account);
        });
  }

  @GetMapping("/partners")
  @Allows(Role.VIEWER)
  View partners(Visit visit) {
    return visit.page(
        visit.frame("Partners", "partners"),
        "accounts",
        Map.of("accounts", catalog.partners(MOST, null).items()));
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
