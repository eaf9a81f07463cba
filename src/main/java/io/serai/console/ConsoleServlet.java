package io.serai.console;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * The console's door: login, rights and headers first, then the page.
 *
 * <p>Guarantee: a hub whose console nobody opens loads none of it, so it takes orders as soon as
 * one without. Gap: the first request waits about a second for it.
 */
final class ConsoleServlet extends HttpServlet implements ApplicationListener<ContextClosedEvent> {
  private record Rooms(
      AnnotationConfigWebApplicationContext context,
      FilterChainProxy guard,
      DispatcherServlet pages) {}

  private final transient ApplicationContext hub;
  private transient volatile Rooms rooms;
  private boolean closed;

  ConsoleServlet(ApplicationContext hub) {
    this.hub = hub;
  }

  @Override
  public void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    request.setCharacterEncoding("UTF-8");
    var open = rooms == null ? open() : rooms;
    open.guard().doFilter(request, response, open.pages()::service);
  }

  private synchronized Rooms open() throws ServletException {
    if (rooms == null) {
      if (closed) {
        throw new ServletException("The hub is stopping; the console is closed.");
      }
      var context = new AnnotationConfigWebApplicationContext();
      context.setId("console");
      context.setParent(hub);
      context.setServletContext(getServletContext());
      context.register(ConsolePages.class);
      context.refresh();
      var pages = new DispatcherServlet(context);
      pages.setDetectAllHandlerMappings(false); // ours alone: the API's are not reached from here
      pages.setDetectAllHandlerAdapters(false);
      pages.setDetectAllHandlerExceptionResolvers(false);
      pages.setDetectAllViewResolvers(false);
      pages.setPublishEvents(false);
      pages.init(getServletConfig());
      rooms = new Rooms(context, context.getBean(FilterChainProxy.class), pages);
    }
    return rooms;
  }

  // Before the server waits for open answers: those that follow what happens would never end.
  @Override
  public synchronized void onApplicationEvent(ContextClosedEvent event) {
    closed = true;
    if (rooms != null && event.getApplicationContext() == hub) {
      rooms.pages().destroy();
      rooms.context().close();
    }
  }
}
