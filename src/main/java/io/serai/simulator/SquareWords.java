package io.serai.simulator;

/** Square's way of saying no: a list of errors with category, code and detail. */
final class SquareWords implements BadDay.Words {

  @Override
  public Answer throttled(Mood mood) {
    return error(429, "RATE_LIMIT_ERROR", "RATE_LIMITED", "Too many requests.", null)
        .header("Retry-After", Long.toString(Math.max(1, mood.delay().toSeconds())));
  }

  @Override
  public Answer refused() {
    return request("BAD_REQUEST", "The request is not accepted.", null);
  }

  @Override
  public Answer concurrent() {
    return error(409, "API_ERROR", "TEMPORARY_ERROR", "The request is still under way.", null);
  }

  @Override
  public Answer unauthorized() {
    return error(
        401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", "This request could not be authorized.", null);
  }

  @Override
  public Answer errorIn200() {
    return error(200, "API_ERROR", "INTERNAL_SERVER_ERROR", "An internal error occurred.", null);
  }

  @Override
  public Answer unavailable(int status) {
    return error(status, "API_ERROR", "SERVICE_UNAVAILABLE", "Try again later.", null);
  }

  /** What the caller got wrong, and in which field. */
  static Answer request(String code, String detail, String field) {
    return error(
        code.equals("NOT_FOUND") ? 404 : 400, "INVALID_REQUEST_ERROR", code, detail, field);
  }

  private static Answer error(
      int status, String category, String code, String detail, String field) {
    var body = Jsons.object();
    var one = body.putArray("errors").addObject();
    one.put("category", category).put("code", code).put("detail", detail);
    if (field != null) {
      one.put("field", field);
    }
    return Answer.json(status, body);
  }
}
