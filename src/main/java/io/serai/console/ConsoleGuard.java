package io.serai.console;

import io.serai.access.AllowsInterceptor;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who may come in: only people with a login, and a change only from one of our own forms.
 *
 * <p>Guarantee: no page runs a script or shows a style that is not a file of ours, none can be
 * shown inside another, and a form of another site changes nothing.
 */
final class ConsoleGuard {
  static final String LOGIN = "/console/login";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private ConsoleGuard() {}

  static SecurityFilterChain chain(HttpSecurity http, Screens screens) throws Exception {
    return http.formLogin(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(csp -> csp.policyDirectives(POLICY))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                    .frameOptions(frame -> frame.deny()))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(ConsoleGuard::isOpen)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            faults ->
                faults
                    .authenticationEntryPoint(
                        (request, response, fault) -> toLogin(request, response, false))
                    .accessDeniedHandler(
                        (request, response, fault) -> {
                          if (AllowsInterceptor.current() == null) {
                            toLogin(request, response, true);
                          } else {
                            screens.problem(
                                request,
                                response,
                                HttpStatus.FORBIDDEN.value(),
                                "This form is older than your login, so nothing was changed. Go back, load the page"
                                    + " again, and send it once more.");
                          }
                        }))
        .build();
  }

  private static boolean isOpen(HttpServletRequest request) {
    var path = request.getRequestURI();
    return path.equals(LOGIN) || path.equals(LOGIN + "/sso") || path.startsWith("/console/static/");
  }

  // A part of a page that is fetched takes the whole page to the login.
  private static void toLogin(
      HttpServletRequest request, HttpServletResponse response, boolean ended) throws IOException {
    boolean part = request.getHeader("HX-Request") != null;
    var page =
        part || !request.getMethod().equals("GET")
            ? path(request.getHeader(part ? "HX-Current-URL" : "Referer"))
            : request.getRequestURI()
                + (request.getQueryString() == null ? "" : "?" + request.getQueryString());
    var address =
        LOGIN
            + (page == null
                ? "?"
                : "?next=" + URLEncoder.encode(page, StandardCharsets.UTF_8) + "&")
            + (ended ? "ended" : "");
    if (part) {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
      response.setHeader("HX-Redirect", address);
    } else if (String.valueOf(request.getHeader("Accept")).contains("text/event-stream")) {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
    } else {
      response.sendRedirect(address);
    }
  }

  /** Path and query of an address of ours, or null. */
  private static String path(String address) {
    int at = address == null ? -1 : address.indexOf("/console");
    return at < 0 ? null : address.substring(at);
  }

  /** Where to go after a login: only ever a page of the console. */
  static String next(String asked) {
    return asked != null
            && (asked.equals("/console") || asked.startsWith("/console/"))
            && asked.chars().noneMatch(c -> c < ' ' || c == '\\')
            && !asked.startsWith(LOGIN)
        ? asked
        : "/console";
  }
}
