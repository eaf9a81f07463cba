package io.serai.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is answered with a problem document (RFC 9457): what happened, to which thing,
 * what to do, in one sentence.
 */
public final class Problem extends RuntimeException {
  private final int status;
  private final String type;
  private final String title;
  private final transient Map<String, Object> more = new LinkedHashMap<>();

  private Problem(int status, String type, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
    this.title = title;
  }

  /** 400: the request itself is not well formed. */
  public static Problem badRequest(String detail) {
    return new Problem(400, "bad-request", "Bad Request", detail);
  }

  /** 403: known, but not allowed. */
  public static Problem forbidden(String detail) {
    return new Problem(403, "forbidden", "Forbidden", detail);
  }

  /** 404: no such thing. */
  public static Problem notFound(String detail) {
    return new Problem(404, "not-found", "Not Found", detail);
  }

  /** 409: the thing is not as the caller believes; {@code current} says how it is. */
  public static Problem conflict(String detail, Object current) {
    return new Problem(409, "conflict", "Conflict", detail).with("current", current);
  }

  /** 413: the body is larger than the limit. */
  public static Problem tooLarge(String detail) {
    return new Problem(413, "too-large", "Content Too Large", detail);
  }

  /** 422: well formed, but it cannot be done. */
  public static Problem unprocessable(String detail) {
    return new Problem(422, "unprocessable", "Unprocessable Content", detail);
  }

  /** 503: not now. */
  public static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", "Service Unavailable", detail);
  }

  static Problem of(int status, String type, String title, String detail) {
    return new Problem(status, type, title, detail);
  }

  /** The same problem with one more member. */
  public Problem with(String member, Object value) {
    more.put(member, value);
    return this;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  Map<String, Object> document(String instance) {
    var document = new LinkedHashMap<String, Object>();
    document.put("type", "urn:serai:problem:" + type);
    document.put("title", title);
    document.put("status", status);
    document.put("detail", getMessage());
    document.put("instance", instance);
    document.putAll(more);
    return document;
  }
}
