package io.serai.console;

import io.serai.api.Problem;
import io.serai.api.ProblemResolver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;

/** Shows what went wrong as the API says it: one sentence, never a stack trace. */
final class ConsoleFaults implements HandlerExceptionResolver {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleFaults.class);
  private final Screens screens;

  ConsoleFaults(Screens screens) {
    this.screens = screens;
  }

  @Override
  public ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      Exception exception) {
    if (response.isCommitted()) {
      return new ModelAndView();
    }
    var problem =
        exception instanceof NoHandlerFoundException
            ? Problem.notFound("There is no such page; the navigation leads to all there are.")
            : ProblemResolver.problem(request, exception);
    try {
      response.reset();
      screens.problem(request, response, problem.status(), problem.getMessage());
    } catch (IOException gone) {
      LOG.debug("The reader went away before the answer.", gone);
    }
    return new ModelAndView();
  }
}
