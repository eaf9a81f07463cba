package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.AllowsInterceptor;
import io.serai.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a person through to what their role covers; a page that says neither {@link Allows} nor
 * {@link Open} is refused to everybody.
 */
final class RightsInterceptor implements HandlerInterceptor {
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
    if (refusal != null) {
      throw Problem.forbidden(refusal);
    }
    return true;
  }
}
