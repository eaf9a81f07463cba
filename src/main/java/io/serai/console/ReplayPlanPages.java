package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.Problem;
import io.serai.deadletter.DryRun;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/**
 * One replay from a chosen step and to chosen destinations: what each would do, then the button.
 */
@Controller
final class ReplayPlanPages {
  private final DeadLettersApi api;
  private final DryRun dryRun;
  private final Reveals reveals;

  ReplayPlanPages(DeadLettersApi api, DryRun dryRun, Reveals reveals) {
    this.api = api;
    this.dryRun = dryRun;
    this.reveals = reveals;
  }

  private static String address(String id) {
    return "/console/dead-letters/" + Show.part(id) + "/plan";
  }

  @GetMapping("/dead-letters/{id}/plan")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View plan(Visit visit, @PathVariable String id) {
    var plan = api.plan(id);
    var parts = new HashMap<String, Object>();
    parts.put("plan", plan);
    parts.put("report", plan.dryRun() == null ? null : dryRun.of(id).orElse(null));
    parts.put("shown", reveals.until(visit.request(), id) != null);
    return visit.page(visit.frame("Replay " + id, "dead-letters"), "replay-plan", parts);
  }

  @PostMapping("/dead-letters/{id}/plan")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View replay(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String from,
      @RequestParam(required = false) List<String> destination,
      @RequestParam(required = false) String reason) {
    return visit.act(
        address(id),
        () -> {
          var sends = "map".equals(from) || "send".equals(from);
          var done =
              api.replay(
                  id,
                  new DeadLetterViews.ReplayOne(
                      MessagePages.reason(reason),
                      fence,
                      step(from),
                      sends ? chosen(destination) : null),
                  caller);
          return done.replayed().isEmpty()
              ? "'%s' is back at work from step '%s'.".formatted(id, from)
              : "%s again, to %s.%s"
                  .formatted(
                      Show.n(done.replayed().size(), "delivery goes", "deliveries go"),
                      done.replayed().stream()
                          .map(DeadLetterViews.Effect::destination)
                          .distinct()
                          .collect(Collectors.joining(", ")),
                      done.left().isEmpty()
                          ? ""
                          : " %s left alone.".formatted(Show.n(done.left().size(), "was", "were")));
        });
  }

  private static String step(String from) {
    if (Form.given(from) == null) {
      throw Problem.badRequest("No step is chosen; choose where it is taken up again.");
    }
    return from;
  }

  private static List<String> chosen(List<String> destinations) {
    if (destinations == null || destinations.isEmpty()) {
      throw Problem.badRequest(
          "No destination is chosen; tick those that are to hear of it again.");
    }
    return destinations;
  }

  @PostMapping("/deliveries/{id}/probe")
  @Allows(Role.OPERATOR)
  View probe(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) Long fence,
      @RequestParam(required = false) String back,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Form.given(back) == null || Show.link(back) == null ? Show.link(id) : address(back),
        () -> {
          api.probe(id, new DeadLetterViews.Probe(MessagePages.reason(reason), fence), caller);
          return "The partner is asked about '%s'; it is sent only if it is not there."
              .formatted(id);
        });
  }
}
