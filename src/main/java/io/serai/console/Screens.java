package io.serai.console;

import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.serai.access.Caller;
import io.serai.access.HubMode;
import io.serai.api.ViewsApi;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.security.web.csrf.CsrfToken;

/**
 * Makes pages of templates.
 *
 * <p>Guarantee: a page is made whole before its first byte is sent, so a fault in it is an error
 * page and never half a page.
 */
final class Screens {
  static final String NOTICE = "serai.notice";
  private final TemplateEngine templates;
  private final Clock clock;
  private final HubMode mode;
  private final ViewsApi views;

  Screens(TemplateEngine templates, Clock clock, HubMode mode, ViewsApi views) {
    this.templates = templates;
    this.clock = clock;
    this.mode = mode;
    this.views = views;
  }

  HubMode mode() {
    return mode;
  }

  List<ViewsApi.View> saved(Caller caller) {
    return caller == null ? List.of() : views.list(caller).items();
  }

  Clock clock() {
    return clock;
  }

  void show(
      HttpServletResponse response, int status, String template, Map<String, Object> parameters)
      throws IOException {
    var page = new Utf8ByteOutput();
    templates.render(template + ".jte", parameters, page);
    response.setStatus(status);
    response.setContentType("text/html;charset=utf-8");
    response.setContentLength(page.getContentLength());
    page.writeTo(response.getOutputStream());
  }

  void problem(
      HttpServletRequest request, HttpServletResponse response, int status, String sentence)
      throws IOException {
    var frame = new Visit(request, this).frame("Not done", "");
    show(
        response,
        status,
        "problem",
        Map.of("frame", frame, "status", status, "sentence", sentence));
  }

  /** Proves that a form is ours; makes a session when there is none. */
  static String csrf(HttpServletRequest request) {
    return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
        ? token.getToken()
        : "";
  }

  static String cookie(HttpServletRequest request, String name) {
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(name)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }
}
