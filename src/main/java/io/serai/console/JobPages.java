package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.Csv;
import io.serai.api.DeadLetterViews;
import io.serai.api.Problem;
import io.serai.api.ReplayRepeatsApi;
import io.serai.api.ReplaysApi;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Replays of many: how far they are, what came of each item, and the brake. */
@Controller
final class JobPages {
  private static final int PAGE = 50;
  private static final int EXPORTED = 500;

  private final ReplaysApi replays;
  private final ReplayRepeatsApi repeats;
  private final AuditApi audit;

  JobPages(ReplaysApi replays, ReplayRepeatsApi repeats, AuditApi audit) {
    this.replays = replays;
    this.repeats = repeats;
    this.audit = audit;
  }

  @GetMapping("/jobs")
  @Allows(Role.VIEWER)
  View list(Visit visit, @RequestParam(required = false) String cursor) {
    var page = replays.list(null, PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("jobs", page.items());
    parts.put("next", page.next());
    return visit.page(visit.frame("Replays", "jobs"), "jobs", parts);
  }

  @GetMapping("/jobs/{id}")
  @Allows(Role.VIEWER)
  View job(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String cursor) {
    var job = replays.get(id);
    var items = replays.items(id, Form.given(state), PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("job", job);
    parts.put("items", items.items());
    parts.put("next", items.next());
    parts.put("state", Form.given(state));
    parts.put("report", repeats.report(id));
    parts.put("mark", Form.mark());
    parts.put(
        "audit", caller.mayReadAudit() ? audit.list(null, null, id, 20, null).items() : List.of());
    return visit.page(
        visit.frame((job.dryRun() ? "Dry run " : "Replay ") + id, "jobs"), "job", parts);
  }

  /** All items, or those of one state, for a spreadsheet. */
  @GetMapping("/jobs/{id}/items.csv")
  @Allows(Role.VIEWER)
  View export(@PathVariable String id, @RequestParam(required = false) String state) {
    var known = replays.get(id).id();
    var only = Form.given(state);
    replays.items(id, only, 1, null); // a state that is none is said before the file begins
    return (model, request, response) -> {
      response.setContentType("text/csv;charset=utf-8");
      response.setHeader("Content-Disposition", "attachment; filename=\"%s.csv\"".formatted(known));
      Csv.write(
          DeadLetterViews.Item.class,
          cursor -> replays.items(id, only, EXPORTED, cursor),
          response.getOutputStream());
    };
  }

  /** Another replay over what is left of this one; a second press gets the first one's. */
  @PostMapping("/jobs/{id}/repeat")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View repeat(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String only,
      @RequestParam(required = false) Integer rate,
      @RequestParam(required = false) String reason,
      @RequestParam(required = false) String dry,
      @RequestParam String mark) {
    try {
      boolean looks = Form.given(dry) != null;
      if (!looks) {
        MessagePages.reason(reason);
      }
      var job =
          Form.once(
              visit.request(),
              mark + only + looks,
              () ->
                  repeats
                      .repeat(
                          id,
                          new ReplayRepeatsApi.Repeat(
                              Form.given(only), rate, null, looks, Form.given(reason)),
                          caller)
                      .getBody()
                      .id());
      return visit.to("/console/jobs/" + job);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return visit.to("/console/jobs/" + id, Notice.refused(refused.getMessage()));
    }
  }

  @PostMapping("/jobs/{id}/pause")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View pause(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/jobs/" + id,
        () -> {
          replays.pause(id, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return "It is paused: no further item is replayed.";
        });
  }

  @PostMapping("/jobs/{id}/resume")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View resume(Visit visit, Caller caller, @PathVariable String id) {
    return visit.act(
        "/console/jobs/" + id,
        () -> {
          replays.resume(id, caller);
          return "It goes on where it was.";
        });
  }

  @PostMapping("/jobs/{id}/abort")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View abort(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/jobs/" + id,
        () -> {
          replays.abort(id, new DeadLetterViews.Reason(MessagePages.reason(reason)), caller);
          return "It is given up: what was replayed stays so, the rest stays a dead letter.";
        });
  }
}
