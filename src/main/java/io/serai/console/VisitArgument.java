package io.serai.console;

import io.serai.access.AllowsInterceptor;
import io.serai.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives a page its visit and who makes it. */
final class VisitArgument implements HandlerMethodArgumentResolver {
  private final Screens screens;

  VisitArgument(Screens screens) {
    this.screens = screens;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Visit.class
        || parameter.getParameterType() == Caller.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      ModelAndViewContainer container,
      NativeWebRequest request,
      WebDataBinderFactory binders) {
    return parameter.getParameterType() == Caller.class
        ? AllowsInterceptor.current()
        : new Visit(request.getNativeRequest(HttpServletRequest.class), screens);
  }
}
