package io.serai.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Answers whatever goes wrong under {@code /api/} with a problem document (RFC 9457).
 *
 * <p>Guarantee: one sentence for people; never a stack trace, a statement or a payload. What nobody
 * foresaw is logged under a reference that the answer names.
 */
public final class ProblemResolver implements HandlerExceptionResolver, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResolver.class);
  private static final String QUERY_CANCELED = "57014";

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      Exception exception) {
    if (!request.getRequestURI().startsWith("/api/")
        || CsvExport.asked(request) && response.isCommitted()) { // it is broken off
      return null;
    }
    var problem = problem(request, exception);
    if (problem.status() == 503) {
      long seconds =
          exception instanceof IntakeRefused refused ? refused.retryAfter().toSeconds() : 5;
      response.setHeader("Retry-After", Long.toString(Math.max(1, seconds)));
    }
    if (exception instanceof HttpRequestMethodNotSupportedException method
        && method.getSupportedMethods() != null) {
      response.setHeader("Allow", String.join(", ", method.getSupportedMethods()));
    }
    try {
      write(request, response, problem);
    } catch (IOException gone) {
      LOG.debug("The caller went away before the answer.", gone);
    }
    return new ModelAndView();
  }

  static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.setStatus(problem.status());
    response.setContentType("application/problem+json");
    response
        .getOutputStream()
        .write(ApiJson.MAPPER.writeValueAsBytes(problem.document(request.getRequestURI())));
  }

  /** What went wrong, in a sentence for people. */
  public static Problem problem(HttpServletRequest request, Exception exception) {
    return switch (exception) {
      case Problem problem -> problem;
      case IntakeRefused refused -> Problem.unavailable(refused.getMessage());
      case HttpMessageNotReadableException unreadable -> unreadable(unreadable);
      case Json.Unreadable unreadable -> Problem.badRequest(unreadable.getMessage());
      case MissingServletRequestParameterException missing ->
          Problem.badRequest(
              "Parameter '%s' is missing; give it.".formatted(missing.getParameterName()));
      case MissingRequestHeaderException missing ->
          Problem.badRequest("Header '%s' is missing; give it.".formatted(missing.getHeaderName()));
      case MethodArgumentTypeMismatchException mismatch ->
          Problem.badRequest(
              "Parameter '%s' is '%s', which is no %s; correct it."
                  .formatted(
                      mismatch.getName(),
                      Words.cut(String.valueOf(mismatch.getValue())),
                      word(mismatch.getRequiredType())));
      case NoResourceFoundException none -> noAddress(request);
      case NoHandlerFoundException none -> noAddress(request);
      case HttpRequestMethodNotSupportedException method ->
          Problem.of(
              405,
              "method-not-allowed",
              "Method Not Allowed",
              "'%s' does not answer %s; it answers %s."
                  .formatted(
                      Words.cut(request.getRequestURI()),
                      method.getMethod(),
                      method.getSupportedHttpMethods()));
      case HttpMediaTypeNotSupportedException media ->
          Problem.of(
              415,
              "unsupported-media-type",
              "Unsupported Media Type",
              "The body is '%s'; send application/json."
                  .formatted(Words.cut(String.valueOf(media.getContentType()))));
      case HttpMediaTypeException media ->
          Problem.of(
              406,
              "not-acceptable",
              "Not Acceptable",
              "Only application/json is answered here; accept it.");
      case CannotCreateTransactionException away -> databaseAway(away);
      case DataAccessException database -> database(request, database);
      default -> unforeseen(request, exception);
    };
  }

  private static Problem noAddress(HttpServletRequest request) {
    return Problem.notFound(
        "There is nothing at '%s'; /api/v1/openapi.json lists every address."
            .formatted(Words.cut(request.getRequestURI())));
  }

  private static Problem unreadable(HttpMessageNotReadableException exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case Problem problem -> {
          return problem;
        }
        case UnrecognizedPropertyException unknown -> {
          return Problem.badRequest(
              "Field '%s' is not known; give only %s."
                  .formatted(
                      Words.cut(unknown.getPropertyName()),
                      unknown.getKnownPropertyIds().stream()
                          .map(String::valueOf)
                          .sorted()
                          .collect(Collectors.joining(", "))));
        }
        case InvalidFormatException format -> {
          return Problem.badRequest(
              "Field '%s' is '%s', which is no %s; correct it."
                  .formatted(
                      path(format),
                      Words.cut(String.valueOf(format.getValue())),
                      word(format.getTargetType())));
        }
        case JsonMappingException mapping -> {
          if (!mapping.getPath().isEmpty()) {
            return Problem.badRequest(
                "Field '%s' cannot be read: %s"
                    .formatted(path(mapping), firstLine(mapping.getOriginalMessage())));
          }
        }
        case JsonProcessingException json -> {
          var at = json.getLocation();
          return Problem.badRequest(
              "The body is not readable JSON%s: %s"
                  .formatted(
                      at == null
                          ? ""
                          : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()),
                      firstLine(json.getOriginalMessage())));
        }
        default -> {}
      }
    }
    return Problem.badRequest("The body is missing or not readable; send one JSON document.");
  }

  private static String path(JsonMappingException exception) {
    return exception.getPath().stream()
        .map(r -> r.getFieldName() != null ? r.getFieldName() : "[" + r.getIndex() + "]")
        .collect(Collectors.joining("."));
  }

  private static String firstLine(String message) {
    var line = message == null ? "no reason given" : message.lines().findFirst().orElse("");
    line = Words.cut(line.strip());
    return line.endsWith(".") ? line : line + ".";
  }

  private static String word(Class<?> type) {
    if (type == null) {
      return "such value";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return type == boolean.class ? "true or false" : "whole number";
    }
    return switch (type.getSimpleName()) {
      case "Instant" -> "instant (write it as 2026-01-31T12:00:00Z)";
      case "Boolean" -> "true or false";
      default -> type.getSimpleName();
    };
  }

  private static Problem database(HttpServletRequest request, DataAccessException exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        var state = sql.getSQLState();
        if (state.equals(QUERY_CANCELED)) {
          return Problem.unavailable(
              "The search took longer than %d s and was stopped; narrow it by channel, state or key."
                  .formatted(Reads.LIMIT.toSeconds()));
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
          return databaseAway(exception);
        }
      }
    }
    return unforeseen(request, exception);
  }

  private static Problem databaseAway(Exception exception) {
    LOG.warn("The database could not be reached for an API request: {}", exception.getMessage());
    return Problem.unavailable("The database cannot be reached just now; try again shortly.");
  }

  private static Problem unforeseen(HttpServletRequest request, Exception exception) {
    var reference = UUID.randomUUID().toString().substring(0, 8);
    LOG.error(
        "{} {} failed, reference '{}'.",
        request.getMethod(),
        Words.cut(request.getRequestURI()),
        reference,
        exception);
    return Problem.of(
            500,
            "unforeseen",
            "Internal Server Error",
            "The hub failed in a way nobody foresaw; its log tells more under reference '%s'."
                .formatted(reference))
        .with("reference", reference);
  }
}
