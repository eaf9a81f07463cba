package io.serai.simulator;

/** How Amazon words an error: a list of code, message and details. */
final class SpApiWords implements BadDay.Words {

  static Answer error(int status, String code, String message, String details) {
    var body = Jsons.object();
    body.putArray("errors")
        .addObject()
        .put("code", code)
        .put("message", message)
        .put("details", details);
    return Answer.json(status, body).header("x-amzn-RequestId", "req-" + System.nanoTime());
  }

  static Answer invalid(String details) {
    return error(400, "InvalidInput", "One or more request parameters are invalid.", details);
  }

  static Answer missing(String details) {
    return error(404, "NotFound", "The requested resource doesn't exist.", details);
  }

  /** Without the header of the rate: Amazon leaves it out just when it is wanted most. */
  static Answer quota() {
    return error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.", "");
  }

  static Answer denied(String details) {
    return error(403, "Unauthorized", "Access to requested resource is denied.", details);
  }

  @Override
  public Answer throttled(Mood mood) {
    return quota();
  }

  @Override
  public Answer refused() {
    return invalid("The request was refused.");
  }

  @Override
  public Answer concurrent() {
    return error(409, "Conflict", "The resource is being changed by another request.", "");
  }

  @Override
  public Answer unauthorized() {
    return denied("The access token you provided has expired.");
  }

  @Override
  public Answer errorIn200() {
    var body = Jsons.object();
    body.putArray("errors")
        .addObject()
        .put("code", "InternalFailure")
        .put("message", "We encountered an internal error. Please try again.");
    return Answer.json(200, body);
  }

  @Override
  public Answer unavailable(int status) {
    return error(
        status,
        status == 500 ? "InternalFailure" : "ServiceUnavailable",
        "The service is not available for now.",
        "");
  }
}
