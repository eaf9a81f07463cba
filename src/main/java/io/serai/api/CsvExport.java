package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.lang.reflect.ParameterizedType;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolverComposite;
import org.springframework.web.method.support.InvocableHandlerMethod;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletRequestDataBinderFactory;

/**
 * Any list of the API as CSV: asked for by {@code Accept: text/csv}, or by {@code .csv} behind its
 * address.
 *
 * <p>Guarantee: the rows are those the caller would see page by page, with the same rights and the
 * same masks; no more than a page of them is in memory; no value is a formula to a spreadsheet. An
 * export that fails on its way is broken off, so that nobody takes a part for the whole. Gap: rows
 * that come or go while it runs may or may not be in it.
 */
final class CsvExport implements HandlerInterceptor {
  private static final String ASKED = CsvExport.class.getName();
  private static final String ENDING = ".csv";
  private static final int MOST = Integer.MAX_VALUE;

  private final Supplier<RequestMappingHandlerAdapter> adapters;

  CsvExport(Supplier<RequestMappingHandlerAdapter> adapters) {
    this.adapters = adapters;
  }

  /** Whether a request is answered as CSV. */
  static boolean asked(HttpServletRequest request) {
    return request.getAttribute(ASKED) != null;
  }

  /** Sees that CSV is asked for, and lets the rest of the way see a request for JSON. */
  static final class Door extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      var accept = request.getHeader("Accept");
      var ends = request.getRequestURI().endsWith(ENDING);
      if (!"GET".equals(request.getMethod())
          || !ends && (accept == null || !accept.contains("text/csv"))) {
        chain.doFilter(request, response);
        return;
      }
      request.setAttribute(ASKED, true);
      chain.doFilter(new AsJson(request, ends), response);
    }
  }

  private static final class AsJson extends HttpServletRequestWrapper {
    private final boolean ends;

    AsJson(HttpServletRequest request, boolean ends) {
      super(request);
      this.ends = ends;
    }

    private String without(String path) {
      return ends && path != null && path.endsWith(ENDING)
          ? path.substring(0, path.length() - ENDING.length())
          : path;
    }

    @Override
    public String getRequestURI() {
      return without(super.getRequestURI());
    }

    @Override
    public String getServletPath() {
      return without(super.getServletPath());
    }

    @Override
    public String getHeader(String name) {
      return "Accept".equalsIgnoreCase(name) ? "application/json" : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return "Accept".equalsIgnoreCase(name)
          ? Collections.enumeration(List.of("application/json"))
          : super.getHeaders(name);
    }
  }

  /** The same request for another page. */
  private static final class PageOf extends HttpServletRequestWrapper {
    private final Map<String, String> pages;

    PageOf(HttpServletRequest request, int limit, String cursor) {
      super(request);
      this.pages =
          cursor == null
              ? Map.of("limit", Integer.toString(limit))
              : Map.of("limit", Integer.toString(limit), "cursor", cursor);
    }

    @Override
    public String getParameter(String name) {
      return pages.getOrDefault(name, super.getParameter(name));
    }

    @Override
    public String[] getParameterValues(String name) {
      return pages.containsKey(name)
          ? new String[] {pages.get(name)}
          : super.getParameterValues(name);
    }
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws Exception {
    if (!asked(request) || !(handler instanceof HandlerMethod method)) {
      return true;
    }
    if (method.getMethod().getReturnType() != Page.class) {
      throw Problem.badRequest(
          "'%s' is no list, and only lists are answered as CSV; ask for JSON."
              .formatted(request.getRequestURI()));
    }
    var item =
        ((ParameterizedType) method.getMethod().getGenericReturnType()).getActualTypeArguments()[0];
    var left = most(request.getParameter("limit"));
    var cursor = request.getParameter("cursor");
    var page = page(method, request, Math.min(left, Cursor.LARGEST_LIMIT), cursor);
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"%s.csv\""
            .formatted(
                request
                    .getRequestURI()
                    .replaceFirst("^/api/v1/", "")
                    .replaceAll("[^A-Za-z0-9_-]+", "-")));
    var columns = CsvColumns.of((Class<?>) item);
    var out =
        new BufferedWriter(
            new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
    columns.heading(out);
    while (true) {
      for (var one : page.items()) {
        JsonNode row = ApiJson.MAPPER.valueToTree(one);
        columns.row(row, out);
      }
      left -= page.items().size();
      if (page.next() == null || left <= 0) {
        break;
      }
      page = page(method, request, Math.min(left, Cursor.LARGEST_LIMIT), page.next());
    }
    out.flush();
    return false;
  }

  private static int most(String limit) {
    try {
      return limit == null || limit.isBlank() ? MOST : Math.max(1, Integer.parseInt(limit.strip()));
    } catch (NumberFormatException e) {
      throw Problem.badRequest("Limit '%s' is no number; give 1 or more.".formatted(limit));
    }
  }

  private Page<?> page(HandlerMethod method, HttpServletRequest request, int limit, String cursor)
      throws Exception {
    var adapter = adapters.get();
    var resolvers = new HandlerMethodArgumentResolverComposite();
    resolvers.addResolvers(adapter.getArgumentResolvers());
    var call = new InvocableHandlerMethod(method.createWithResolvedBean());
    call.setHandlerMethodArgumentResolvers(resolvers);
    call.setDataBinderFactory(
        new ServletRequestDataBinderFactory(List.of(), adapter.getWebBindingInitializer()));
    return (Page<?>)
        call.invokeForRequest(
            new ServletWebRequest(new PageOf(request, limit, cursor)), new ModelAndViewContainer());
  }
}
