package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.CatalogApi;
import io.serai.api.CatalogViews;
import io.serai.api.ReplaysApi;
import io.serai.api.RulesApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.View;

/** The first page: what needs a human now, what flows, and what is wrong with the hub itself. */
@Controller
final class HomePages {
  private static final int CAUSES = 8;
  private static final int MOST = 500;

  private final Pile pile;
  private final CatalogApi catalog;
  private final ReplaysApi replays;
  private final RulesApi rules;
  private final HomeReads reads;

  HomePages(Pile pile, CatalogApi catalog, ReplaysApi replays, RulesApi rules, HomeReads reads) {
    this.pile = pile;
    this.catalog = catalog;
    this.replays = replays;
    this.rules = rules;
    this.reads = reads;
  }

  /**
   * Something wrong with the hub itself.
   *
   * @param name of what is at fault
   * @param state in a word
   * @param sentence what happened and what to do
   * @param address where more is shown
   */
  record Trouble(String name, String state, String sentence, String address) {}

  @GetMapping({"", "/"})
  @Allows(Role.VIEWER)
  View home(Visit visit) {
    var counted = pile.look();
    var groups = counted.groups();
    var accounts = new ArrayList<>(catalog.channels(MOST, null).items());
    accounts.addAll(catalog.partners(MOST, null).items());
    var parts = new HashMap<String, Object>();
    parts.put("rows", DeadLetterPages.Row.of(groups.subList(0, Math.min(CAUSES, groups.size()))));
    parts.put("counted", counted);
    parts.put("troubles", troubles(accounts));
    parts.put("accounts", accounts);
    parts.put("flow", reads.flow(visit.now()));
    parts.put(
        "running",
        replays.list(null, 20, null).items().stream()
            .filter(job -> !job.state().equals("DONE") && !job.state().equals("ABORTED"))
            .toList());
    return visit.page(visit.frame("Home", "home"), "home", parts);
  }

  private List<Trouble> troubles(List<CatalogViews.Account> accounts) {
    var troubles = new ArrayList<Trouble>();
    for (var account : accounts) {
      if (!account.state().equals("OK")) {
        troubles.add(
            new Trouble(account.name(), account.state(), account.remark(), "/console/channels"));
      }
    }
    for (var file : catalog.routes(null, MOST, null).items()) {
      if (!file.status().equals("OK")) {
        troubles.add(
            new Trouble(
                file.file(),
                file.status(),
                file.faults().isEmpty() ? "It is not in effect." : file.faults().get(0).sentence(),
                "/console/routes"));
      }
    }
    for (var fault : rules.get().faults()) {
      troubles.add(new Trouble("rules", "DEGRADED", fault, "/console/rules"));
    }
    return troubles;
  }
}
