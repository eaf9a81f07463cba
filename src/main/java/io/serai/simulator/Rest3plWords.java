package io.serai.simulator;

/** How the REST 3PL words its troubles. */
final class Rest3plWords implements BadDay.Words {

  @Override
  public Answer throttled(Mood mood) {
    var seconds = Math.max(1, mood.delay().toSeconds());
    return error(429, "THROTTLED", "Too many requests; come back in " + seconds + " s.")
        .header("Retry-After", String.valueOf(seconds));
  }

  @Override
  public Answer refused() {
    return error(422, "REFUSED", "The warehouse does not take this request.");
  }

  @Override
  public Answer concurrent() {
    return error(409, "IDEMPOTENCY_KEY_IN_USE", "A request with this key is under way.")
        .header("Retry-After", "1");
  }

  @Override
  public Answer unauthorized() {
    return error(401, "UNAUTHORIZED", "The bearer token is not known.");
  }

  @Override
  public Answer errorIn200() {
    return error(200, "INTERNAL", "The request could not be handled.");
  }

  @Override
  public Answer unavailable(int status) {
    return error(status, "UNAVAILABLE", "The service is not available.");
  }

  static Answer error(int status, String code, String message) {
    var body = Jsons.object();
    body.put("status", "error");
    body.putObject("error").put("code", code).put("message", message);
    return Answer.json(status, body);
  }
}
