package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.PasswordLogin;
import io.serai.access.Role;
import io.serai.api.Problem;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/**
 * Coming and going.
 *
 * <p>Guarantee: a login gets a session of a new number, so one that somebody planted is of no use.
 */
@Controller
final class SessionPages {
  private static final int A_YEAR = 365 * 24 * 3600;

  private final PasswordLogin login;
  private final Reveals reveals;
  private final ObjectProvider<OidcLogin> oidc;

  SessionPages(PasswordLogin login, Reveals reveals, ObjectProvider<OidcLogin> oidc) {
    this.login = login;
    this.reveals = reveals;
    this.oidc = oidc;
  }

  @GetMapping("/login")
  @Open
  View form(
      Visit visit,
      @RequestParam(required = false) String next,
      @RequestParam(required = false) String ended) {
    return form(
        visit,
        HttpStatus.OK,
        next,
        "",
        ended == null
            ? null
            : "Your session has ended and nothing was changed. Log in and send it again; what you typed is kept.");
  }

  private View form(Visit visit, HttpStatus status, String next, String name, String sentence) {
    return visit.page(
        visit.frame("Log in", ""),
        status,
        "login",
        Map.of(
            "next",
            ConsoleGuard.next(next),
            "name",
            name,
            "sso",
            oidc.getIfAvailable() != null,
            "sentence",
            sentence == null ? "" : sentence));
  }

  @PostMapping("/login")
  @Open
  View enter(
      Visit visit,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String password,
      @RequestParam(required = false) String next,
      HttpServletResponse response) {
    var request = visit.request();
    var tried = login.enter(name, password, request.getRemoteAddr());
    if (tried.caller().isEmpty()) {
      if (tried.waitSeconds() > 0) {
        response.setHeader("Retry-After", Long.toString(tried.waitSeconds()));
      }
      return form(
          visit,
          tried.waitSeconds() > 0 ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNAUTHORIZED,
          next,
          name,
          tried.sentence());
    }
    open(request, tried.caller().get());
    return visit.to(ConsoleGuard.next(next));
  }

  /** Goes on to the identity provider. */
  @GetMapping("/login/sso")
  @Open
  View elsewhere(Visit visit, @RequestParam(required = false) String next) {
    var oidc = this.oidc.getIfAvailable();
    if (oidc == null) {
      throw Problem.notFound("Nobody logs in elsewhere here; log in by name and password.");
    }
    var address = oidc.start(visit.request(), next);
    return address == null
        ? form(visit, HttpStatus.SERVICE_UNAVAILABLE, next, "", oidc.away())
        : visit.to(address);
  }

  /** Opens a session of a new number for somebody who proved who they are. */
  static void open(HttpServletRequest request, Caller caller) {
    request.getSession().invalidate();
    request
        .getSession(true)
        .setAttribute(
            HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
            new SecurityContextImpl(
                UsernamePasswordAuthenticationToken.authenticated(
                    caller,
                    null,
                    List.of(new SimpleGrantedAuthority("ROLE_" + caller.role().name())))));
  }

  @PostMapping("/logout")
  @Allows(Role.VIEWER)
  View leave(Visit visit, Caller caller) {
    login.leave(caller);
    visit.request().getSession().invalidate();
    return visit.to(ConsoleGuard.LOGIN);
  }

  @PostMapping("/theme")
  @Allows(Role.VIEWER)
  View theme(
      Visit visit,
      @RequestParam String theme,
      @RequestParam(required = false) String next,
      HttpServletResponse response) {
    remember(Visit.THEME, theme.equals("dark") || theme.equals("light") ? theme : "", response);
    return visit.to(ConsoleGuard.next(next));
  }

  /** Rows that stand close together, or as usual. */
  @PostMapping("/density")
  @Allows(Role.VIEWER)
  View density(
      Visit visit,
      @RequestParam String density,
      @RequestParam(required = false) String next,
      HttpServletResponse response) {
    remember(Visit.DENSITY, density.equals("dense") ? density : "", response);
    return visit.to(ConsoleGuard.next(next));
  }

  private static void remember(String name, String value, HttpServletResponse response) {
    var cookie = new Cookie(name, value);
    cookie.setPath("/console");
    cookie.setHttpOnly(true);
    cookie.setAttribute("SameSite", "Lax");
    cookie.setMaxAge(value.isEmpty() ? 0 : A_YEAR);
    response.addCookie(cookie);
  }

  @PostMapping("/reveal")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View reveal(
      Visit visit,
      Caller caller,
      @RequestParam String object,
      @RequestParam(defaultValue = "") String reason,
      @RequestParam(required = false) String next) {
    return visit.act(
        ConsoleGuard.next(next),
        () -> {
          if (reason.isBlank() || reason.length() > Form.LONGEST_REASON) {
            throw Problem.badRequest(
                "Showing personal data needs a reason of up to %d characters; say why."
                    .formatted(Form.LONGEST_REASON));
          }
          reveals.reveal(visit.request(), caller, object, reason.strip());
          return "Personal data is shown for %d minutes; your reason is in the audit."
              .formatted(Reveals.SHOWN.toMinutes());
        });
  }
}
