package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.ReplaysApi;
import java.util.HashMap;
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

  private final ReplaysApi replays;

  JobPages(ReplaysApi replays) {
    this.replays = replays;
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
    return visit.page(
        visit.frame((job.dryRun() ? "Dry run " : "Replay ") + id, "jobs"), "job", parts);
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
