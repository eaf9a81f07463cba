package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.MaintenanceApi;
import io.serai.api.Problem;
import io.serai.catalog.Configuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.TreeSet;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** When channels and partners are left alone: plan it, see what waits, end it early. */
@Controller
final class MaintenancePages {
  static final String HERE = "/console/maintenance";
  private static final int PAGE = 50;

  private final MaintenanceApi maintenance;
  private final Configuration configuration;

  MaintenancePages(MaintenanceApi maintenance, Configuration configuration) {
    this.maintenance = maintenance;
    this.configuration = configuration;
  }

  @GetMapping("/maintenance")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String destination,
      @RequestParam(required = false) String cursor) {
    var page = maintenance.list(Form.given(destination), null, PAGE, Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("windows", page.items());
    parts.put("next", page.next());
    parts.put("destinations", new TreeSet<>(configuration.accounts().keySet()));
    parts.put("destination", Form.given(destination));
    parts.put("mark", Form.mark());
    return visit.page(visit.frame("Maintenance", "maintenance"), "maintenance", parts);
  }

  @PostMapping("/maintenance")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View plan(
      Visit visit,
      Caller caller,
      @RequestParam String destination,
      @RequestParam(required = false) String from,
      @RequestParam(required = false) String until,
      @RequestParam(required = false) String zone,
      @RequestParam(required = false) String reason,
      @RequestParam String mark) {
    return visit.act(
        HERE,
        () ->
            Form.once(
                visit.request(),
                mark,
                () -> {
                  var window =
                      maintenance.plan(
                          new MaintenanceApi.Request(
                              Form.given(destination),
                              instant(from, zone),
                              instant(until, zone),
                              Form.given(reason)),
                          caller);
                  return "'%s' is left alone from %s until %s UTC."
                      .formatted(
                          window.destination(), Show.utc(window.from()), Show.utc(window.until()));
                }));
  }

  @PostMapping("/maintenance/{id}/end")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View end(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () -> {
          var window = maintenance.end(id, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return window.state().equals("CANCELLED")
              ? "'%s' is not left alone after all.".formatted(window.destination())
              : "'%s' is not left alone any more; what waited goes out slowly at first."
                  .formatted(window.destination());
        });
  }

  /** What a field for a local time holds, in the browser's zone; UTC where no script said it. */
  static Instant instant(String local, String zone) {
    var text = Form.given(local);
    if (text == null) {
      return null;
    }
    try {
      var where = Form.given(zone) == null ? "UTC" : zone.strip();
      return LocalDateTime.parse(text.replace(' ', 'T')).atZone(ZoneId.of(where)).toInstant();
    } catch (DateTimeException e) {
      throw Problem.badRequest(
          "'%s' is no time; write it as 2026-01-31T22:00.".formatted(Show.cut(text, 40)));
    }
  }
}
