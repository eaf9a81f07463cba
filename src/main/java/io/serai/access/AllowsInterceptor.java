package io.serai.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a caller through to a method whose {@link Allows} their role covers.
 *
 * <p>Guarantee: denied by default; a method without {@code Allows} is refused to everybody, before
 * its arguments are read.
 */
public final class AllowsInterceptor implements HandlerInterceptor {
  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (!(handler instanceof HandlerMethod method)) {
      return true; // no controller: nothing to protect, answered 404
    }
    var allows = method.getMethodAnnotation(Allows.class);
    var caller = current();
    if (caller == null) {
      ProblemAnswer.unauthorized(
          request, response, "This address needs credentials; send a bearer token or a login.");
      return false;
    }
    if (allows == null || !caller.role().covers(allows.value())) {
      ProblemAnswer.forbidden(
          request,
          response,
          allows == null
              ? "Nobody may call this address."
              : "'%s' is %s and may not do this; it needs %s."
                  .formatted(caller.name(), caller.role().word(), allows.value().word()));
      return false;
    }
    return true;
  }

  /** Who calls in this thread's request, or null outside of one. */
  public static Caller current() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Caller caller
        ? caller
        : null;
  }
}
