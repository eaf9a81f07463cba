package io.serai.access;

import com.fasterxml.jackson.core.JsonFactory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers a refused request with a problem document (RFC 9457) before any controller sees it. */
final class ProblemAnswer {
  private static final JsonFactory JSON = new JsonFactory();

  private ProblemAnswer() {}

  static void write(
      HttpServletRequest request,
      HttpServletResponse response,
      int status,
      String type,
      String title,
      String detail)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/problem+json");
    try (var json = JSON.createGenerator(response.getOutputStream())) {
      json.writeStartObject();
      json.writeStringField("type", "urn:serai:problem:" + type);
      json.writeStringField("title", title);
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      json.writeStringField("instance", request.getRequestURI());
      json.writeEndObject();
    }
  }

  static void unauthorized(HttpServletRequest request, HttpServletResponse response, String detail)
      throws IOException {
    response.addHeader("WWW-Authenticate", "Bearer realm=\"serai\"");
    response.addHeader("WWW-Authenticate", "Basic realm=\"serai\", charset=\"UTF-8\"");
    write(request, response, 401, "unauthorized", "Unauthorized", detail);
  }

  static void forbidden(HttpServletRequest request, HttpServletResponse response, String detail)
      throws IOException {
    write(request, response, 403, "forbidden", "Forbidden", detail);
  }
}
