package io.serai.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a caller through to a method that {@link Allows} their role.
 *
 * <p>Guarantee: denied by default; a method without {@code Allows} is refused to everybody, before
 * its arguments are read.
 */
public final class AllowsInterceptor implements HandlerInterceptor {
  private final HubMode mode;

  /** Refuses changes, too, where the hub is read-only. */
  public AllowsInterceptor(HubMode mode) {
    this.mode = mode;
  }

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
    var refusal = refusal(caller, allows);
    if (refusal == null && !caller.scope().isAll()) {
      refusal = outOfScope(caller, request, method);
    }
    // The body says whether it only looks: asked when it is read.
    if (refusal == null && !method.hasMethodAnnotation(OffersDryRun.class)) {
      refusal =
          mode.refusal(
              request.getMethod(),
              request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE).toString());
    }
    if (refusal != null) {
      ProblemAnswer.forbidden(request, response, refusal);
    }
    return refusal == null;
  }

  @SuppressWarnings("unchecked")
  private static String outOfScope(
      Caller caller, HttpServletRequest request, HandlerMethod method) {
    var path =
        (Map<String, String>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return caller
        .scope()
        .refusal(
            caller.name(),
            Scope.verb(
                request.getMethod(),
                request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE).toString()),
            method.getMethodAnnotation(OneChannel.class),
            path == null ? Map.of() : path,
            request::getParameterValues);
  }

  /** Why this caller may not, in a sentence, or null when they may. */
  public static String refusal(Caller caller, Allows allows) {
    if (allows == null) {
      return "Nobody may call this address.";
    }
    return caller.role().coversAny(allows.value())
        ? null
        : "'%s' is %s and may not do this; it needs %s."
            .formatted(caller.name(), caller.role().word(), Role.words(allows.value()));
  }

  /** Who calls in this thread's request, or null outside of one. */
  public static Caller current() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Caller caller
        ? caller
        : null;
  }
}
