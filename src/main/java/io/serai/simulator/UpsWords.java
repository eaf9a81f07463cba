package io.serai.simulator;

/** How UPS words its troubles. */
final class UpsWords implements BadDay.Words {

  @Override
  public Answer throttled(Mood mood) {
    return error(429, "10429", "Too Many Requests")
        .header("Retry-After", String.valueOf(Math.max(1, mood.delay().toSeconds())));
  }

  @Override
  public Answer refused() {
    return error(
        400, "111210", "The requested service is unavailable between the selected locations.");
  }

  @Override
  public Answer concurrent() {
    return error(409, "10409", "A request like this is being worked on.");
  }

  @Override
  public Answer unauthorized() {
    return error(401, "250002", "Invalid Authentication Information.");
  }

  @Override
  public Answer errorIn200() {
    return error(200, "10001", "The service cannot answer.");
  }

  @Override
  public Answer unavailable(int status) {
    return error(status, "10003", "The service is not available.");
  }

  static Answer error(int status, String code, String message) {
    var body = Jsons.object();
    body.putObject("response")
        .putArray("errors")
        .addObject()
        .put("code", code)
        .put("message", message);
    return Answer.json(status, body);
  }
}
