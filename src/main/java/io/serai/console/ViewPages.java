package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.ViewsApi;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Keeps a list with its filter under a name, and drops it. */
@Controller
final class ViewPages {
  private final ViewsApi views;

  ViewPages(ViewsApi views) {
    this.views = views;
  }

  @PostMapping("/views")
  @Allows(Role.VIEWER)
  View save(
      Visit visit,
      Caller caller,
      @RequestParam(required = false) String name,
      @RequestParam String address,
      @RequestParam(required = false) String shared) {
    return visit.act(
        ConsoleGuard.next(address),
        () -> {
          var saved =
              views.save(
                  new ViewsApi.Request(Form.given(name), Form.given(address), shared != null),
                  caller);
          return "This list is saved as '%s'%s."
              .formatted(saved.name(), saved.shared() ? " for everybody" : "");
        });
  }

  @PostMapping("/views/{id}/delete")
  @Allows(Role.VIEWER)
  View delete(Visit visit, Caller caller, @PathVariable String id, @RequestParam String next) {
    return visit.act(
        ConsoleGuard.next(next),
        () -> {
          views.delete(id, caller);
          return "The view is deleted.";
        });
  }
}
