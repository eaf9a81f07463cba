package io.serai.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds the caller in the Authorization header: bearer token, or name and password.
 *
 * <p>Guarantee: wrong credentials are answered 401 here and reach nothing else; a change that a
 * browser sends on behalf of another site is refused, so a remembered login cannot be misused. Gap:
 * a request without credentials passes on as nobody; the chain refuses it.
 */
final class CallerFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(CallerFilter.class);
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> FOREIGN = Set.of("cross-site", "same-site");

  private final Callers callers;
  private final ApiTokens tokens;
  private final LoginThrottle throttle;

  CallerFilter(Callers callers, ApiTokens tokens, LoginThrottle throttle) {
    this.callers = callers;
    this.tokens = tokens;
    this.throttle = throttle;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var site = request.getHeader("Sec-Fetch-Site");
    if (!READING.contains(request.getMethod()) && site != null && FOREIGN.contains(site)) {
      ProblemAnswer.forbidden(
          request,
          response,
          "A browser sent this change from another site; send it from the hub's own address.");
      return;
    }
    var header = request.getHeader("Authorization");
    if (header == null) {
      chain.doFilter(request, response);
      return;
    }
    var credentials = Credentials.of(header);
    var caller = Optional.<Caller>empty();
    var sentence =
        "The credentials are not known; send a valid bearer token or a valid name and password.";
    switch (credentials) {
      case Credentials.Token token -> {
        caller = callers.byToken(token.token());
        if (caller.isEmpty()) {
          try {
            var found = tokens.find(token.token());
            caller = Optional.ofNullable(found.caller());
            sentence = found.sentence() == null ? sentence : found.sentence();
          } catch (DataAccessException | TransactionException away) {
            LOG.warn("Tokens cannot be looked up: {}", away.getMessage());
            response.setHeader("Retry-After", "5");
            ProblemAnswer.write(
                request,
                response,
                503,
                "unavailable",
                "Service Unavailable",
                "The database cannot be asked whose token this is; try again in 5 s.");
            return;
          }
        }
      }
      case Credentials.Login login -> {
        var who = request.getRemoteAddr() + " " + login.name();
        long wait = throttle.waitSeconds(who);
        if (wait > 0) {
          tooMany(request, response, wait);
          return;
        }
        caller = callers.byLogin(login.name(), login.password());
        if (caller.isEmpty() && throttle.wrong(who)) {
          LOG.warn(
              "{} wrong passwords for one user came from address '{}' within a minute; its logins are refused for the rest of it.",
              LoginThrottle.LIMIT,
              request.getRemoteAddr());
        }
      }
      case Credentials.Unreadable none -> {}
    }
    if (caller.isEmpty()) {
      ProblemAnswer.unauthorized(request, response, sentence);
      return;
    }
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication(caller.get()));
    SecurityContextHolder.setContext(context);
    try {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  private static void tooMany(HttpServletRequest request, HttpServletResponse response, long wait)
      throws IOException {
    response.setHeader("Retry-After", Long.toString(wait));
    ProblemAnswer.write(
        request,
        response,
        429,
        "too-many-attempts",
        "Too Many Requests",
        "Your address sent %d wrong passwords for this user within a minute; try again in %d s."
            .formatted(LoginThrottle.LIMIT, wait));
  }

  /** What the Authorization header holds. */
  private sealed interface Credentials {
    record Token(String token) implements Credentials {}

    record Login(String name, String password) implements Credentials {}

    record Unreadable() implements Credentials {}

    static Credentials of(String header) {
      int space = header.indexOf(' ');
      if (space < 0) {
        return new Unreadable();
      }
      var value = header.substring(space + 1).strip();
      return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
        case "bearer" -> new Token(value);
        case "basic" -> login(value);
        default -> new Unreadable();
      };
    }

    private static Credentials login(String encoded) {
      try {
        var pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return colon < 0
            ? new Unreadable()
            : new Login(pair.substring(0, colon), pair.substring(colon + 1));
      } catch (IllegalArgumentException notBase64) {
        return new Unreadable();
      }
    }
  }

  private static UsernamePasswordAuthenticationToken authentication(Caller caller) {
    return UsernamePasswordAuthenticationToken.authenticated(
        caller, null, List.of(new SimpleGrantedAuthority("ROLE_" + caller.role().name())));
  }
}
