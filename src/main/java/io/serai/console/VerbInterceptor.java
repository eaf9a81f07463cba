package io.serai.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** After anything a person did here, the next page shows the dead letters as they are then. */
final class VerbInterceptor implements HandlerInterceptor {
  private final Pile pile;

  VerbInterceptor(Pile pile) {
    this.pile = pile;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request, HttpServletResponse response, Object handler, Exception fault) {
    if (request.getMethod().equals("POST")) {
      pile.touched();
    }
  }
}
