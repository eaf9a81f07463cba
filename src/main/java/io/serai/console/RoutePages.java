package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.CatalogApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.RoutesApi;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Files of the catalogue, the routes that run because of them, and the buttons that stop those. */
@Controller
final class RoutePages {
  private static final String RUNNING = "/console/routes/running";
  private static final int MOST = 500;

  private final CatalogApi catalog;
  private final RoutesApi routes;

  RoutePages(CatalogApi catalog, RoutesApi routes) {
    this.catalog = catalog;
    this.routes = routes;
  }

  @GetMapping("/routes")
  @Allows(Role.VIEWER)
  View files(Visit visit, @RequestParam(required = false) String status) {
    var parts = new HashMap<String, Object>();
    parts.put("files", catalog.routes(Form.given(status), MOST, null).items());
    parts.put("status", Form.given(status));
    return visit.page(visit.frame("Routes", "routes"), "routes", parts);
  }

  @GetMapping("/routes/running")
  @Allows(Role.VIEWER)
  View running(
      Visit visit,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String account) {
    var at = Form.given(account);
    var parts = new HashMap<String, Object>();
    parts.put(
        "routes",
        routes.list(Form.given(state)).items().stream()
            .filter(route -> at == null || route.id().endsWith("@" + at))
            .toList());
    parts.put("state", Form.given(state));
    parts.put("account", at);
    return visit.page(visit.frame("Routes", "routes"), "routes-running", parts);
  }

  @PostMapping("/routes/{id}/stop")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View stop(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        RUNNING,
        () -> {
          var now = routes.stop(id, new RoutesApi.StopRequest(Form.given(reason), false), caller);
          return "Route '%s' is stopped; %s inside it come out."
              .formatted(id, Show.n(now.inFlight()));
        });
  }

  @PostMapping("/routes/{id}/start")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View start(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        RUNNING,
        () -> {
          routes.start(id, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return "Route '%s' runs again.".formatted(id);
        });
  }

  @PostMapping("/channels/{account}/pause")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View pause(
      Visit visit,
      Caller caller,
      @PathVariable String account,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/channels",
        () -> {
          routes.pause(account, new RoutesApi.StopRequest(Form.given(reason), false), caller);
          return "Nothing is taken in from '%s' any more; what was accepted goes on."
              .formatted(account);
        });
  }

  @PostMapping("/channels/{account}/resume")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View resume(
      Visit visit,
      Caller caller,
      @PathVariable String account,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/channels",
        () -> {
          routes.resume(account, new DeadLetterViews.Reason(Form.given(reason)), caller);
          return "What comes from '%s' is taken in again.".formatted(account);
        });
  }
}
