package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.ReconcileApi;
import io.serai.api.ReconcileViews;
import io.serai.reconcile.FindingKind;
import io.serai.reconcile.Reconciliation;
import java.util.Arrays;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What stands otherwise at channels and partners, and the buttons that put it right. */
@Controller
final class ReconcilePages {
  private static final int PAGE = 50;
  private static final int RUNS = 10;

  private final ReconcileApi api;
  private final Reconciliation reconciliation;

  ReconcilePages(ReconcileApi api, Reconciliation reconciliation) {
    this.api = api;
    this.reconciliation = reconciliation;
  }

  @GetMapping("/reconciliation")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String kind,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String cursor) {
    var page =
        api.findings(
            Form.given(state), Form.given(account), Form.given(kind), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("findings", page.items());
    parts.put("next", page.next());
    parts.put("runs", api.runs(Form.given(account), RUNS, null).items());
    parts.put("accounts", reconciliation.accounts());
    parts.put("kinds", Arrays.stream(FindingKind.values()).map(Enum::name).toList());
    parts.put("account", Form.given(account));
    parts.put("kind", Form.given(kind));
    parts.put("state", state == null ? "open" : state);
    return visit.page(visit.frame("Reconciliation", "reconciliation"), "reconciliation", parts);
  }

  @PostMapping("/reconciliation/compare")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View compare(Visit visit, Caller caller, @RequestParam(required = false) String account) {
    return visit.act(
        "/console/reconciliation",
        () -> {
          api.start(new ReconcileViews.Start(Form.given(account), null, null), caller);
          return "'%s' is compared; the list of comparisons says when it is over."
              .formatted(account);
        });
  }

  @PostMapping("/reconciliation/{id}/fix")
  @Allows(Role.OPERATOR)
  View fix(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/reconciliation",
        () -> api.fix(id, new DeadLetterViews.Reason(Form.given(reason)), caller).sentence());
  }

  @PostMapping("/reconciliation/{id}/accept")
  @Allows(Role.OPERATOR)
  View accept(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/reconciliation",
        () -> {
          api.accept(id, new DeadLetterViews.Reason(MessagePages.reason(reason)), caller);
          return "It may stay as it is until either side changes.";
        });
  }
}
