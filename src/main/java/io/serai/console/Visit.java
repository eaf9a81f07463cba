package io.serai.console;

import io.serai.access.AllowsInterceptor;
import io.serai.access.Caller;
import io.serai.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.RedirectView;

/** One request of a person, and the answers it can get. */
final class Visit {
  static final String THEME = "serai-theme";
  static final String DENSITY = "serai-density";
  private static final Set<String> THEMES = Set.of("dark", "light");

  private final HttpServletRequest request;
  private final Screens screens;

  Visit(HttpServletRequest request, Screens screens) {
    this.request = request;
    this.screens = screens;
  }

  HttpServletRequest request() {
    return request;
  }

  Caller caller() {
    return AllowsInterceptor.current();
  }

  Instant now() {
    return screens.clock().instant();
  }

  /** What surrounds the page; takes the notice of what was done before. */
  Frame frame(String title, String section) {
    Notice notice = null;
    var session = request.getSession(false);
    // A part that is fetched again must not take away what the page has to say.
    if (session != null && request.getHeader("HX-Request") == null) {
      notice = (Notice) session.getAttribute(Screens.NOTICE);
      session.removeAttribute(Screens.NOTICE);
    }
    var theme = Screens.cookie(request, THEME);
    var query = request.getQueryString();
    return new Frame(
        title,
        section,
        caller(),
        Screens.csrf(request),
        theme != null && THEMES.contains(theme) ? theme : "auto",
        "dense".equals(Screens.cookie(request, DENSITY)),
        notice,
        request.getRequestURI() + (query == null ? "" : "?" + query),
        now(),
        screens.mode(),
        () -> screens.saved(caller()));
  }

  /** A page of this template. */
  View page(Frame frame, String template, Map<String, Object> parts) {
    return page(frame, HttpStatus.OK, template, parts);
  }

  View page(Frame frame, HttpStatus status, String template, Map<String, Object> parts) {
    var parameters = new HashMap<>(parts);
    parameters.put("frame", frame);
    return (model, asked, response) -> screens.show(response, status.value(), template, parameters);
  }

  /** Goes on to another page of the console. */
  View to(String address) {
    var view = new RedirectView(address, false, true, false);
    view.setStatusCode(HttpStatus.SEE_OTHER);
    return view;
  }

  /** Goes on to another page, which says what came of this. */
  View to(String address, Notice notice) {
    request.getSession().setAttribute(Screens.NOTICE, notice);
    return to(address);
  }

  /**
   * Does something and goes on; what refuses it is said on that page, where the thing is shown as
   * it stands now.
   *
   * @param work does it and says what came of it
   */
  View act(String address, Supplier<String> work) {
    try {
      return to(address, Notice.done(work.get()));
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return to(address, Notice.refused(refused.getMessage()));
    }
  }
}
