package io.serai.simulator;

/** How EasyPost words its troubles. */
final class EasypostWords implements BadDay.Words {

  @Override
  public Answer throttled(Mood mood) {
    return error(429, "RATE_LIMITED", "You have exceeded the rate limit.")
        .header("Retry-After", String.valueOf(Math.max(1, mood.delay().toSeconds())));
  }

  @Override
  public Answer refused() {
    return error(422, "SHIPMENT.POSTAGE.FAILURE", "Unable to buy postage from the carrier.");
  }

  @Override
  public Answer concurrent() {
    return error(409, "CONFLICT", "The shipment is being worked on.");
  }

  @Override
  public Answer unauthorized() {
    return error(401, "APIKEY.INACTIVE", "This api key is no longer active.");
  }

  @Override
  public Answer errorIn200() {
    return error(200, "INTERNAL_SERVER_ERROR", "We're sorry, something went wrong.");
  }

  @Override
  public Answer unavailable(int status) {
    return error(status, "INTERNAL_SERVER_ERROR", "We're sorry, something went wrong.");
  }

  static Answer error(int status, String code, String message) {
    return error(status, code, message, null);
  }

  static Answer error(int status, String code, String message, String field) {
    var body = Jsons.object();
    var error = body.putObject("error").put("code", code).put("message", message);
    var errors = error.putArray("errors");
    if (field != null) {
      errors.addObject().put("field", field).put("message", message);
    }
    return Answer.json(status, body);
  }
}
