package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.AllowsInterceptor;
import io.serai.access.HubMode;
import io.serai.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a person through to what their role covers; a page that says neither {@link Allows} nor
 * {@link Open} is refused to everybody.
 */
final class RightsInterceptor implements HandlerInterceptor {
  private final HubMode mode;

  RightsInterceptor(HubMode mode) {
    this.mode = mode;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method) || method.hasMethodAnnotation(Open.class)) {
      return true;
    }
    var allows = method.getMethodAnnotation(Allows.class);
    var caller = AllowsInterceptor.current();
    if (caller == null || allows == null) {
      throw Problem.forbidden("Nobody may open this address.");
    }
    var refusal = AllowsInterceptor.refusal(caller, allows);
    if (refusal == null) {
      refusal =
          mode.refusal(
              request.getMethod(),
              "/console" + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
    }
    if (refusal != null) {
      throw Problem.forbidden(refusal);
    }
    return true;
  }
}
