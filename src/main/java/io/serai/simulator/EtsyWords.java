package io.serai.simulator;

/** How Etsy words its troubles: one sentence under {@code error}. */
final class EtsyWords implements BadDay.Words {

  @Override
  public Answer throttled(Mood mood) {
    return error(429, "Exceeded rate limit")
        .header("retry-after", Long.toString(Math.max(1, mood.delay().toSeconds())));
  }

  @Override
  public Answer refused() {
    return error(400, "The shop does not take this change");
  }

  @Override
  public Answer concurrent() {
    return error(409, "The resource is being changed by another request");
  }

  @Override
  public Answer unauthorized() {
    return Answer.json(
        401,
        Jsons.object()
            .put("error", "invalid_token")
            .put("error_description", "access token is expired"));
  }

  @Override
  public Answer errorIn200() {
    return error(200, "Server Error");
  }

  @Override
  public Answer unavailable(int status) {
    return error(status, "Service Unavailable");
  }

  static Answer error(int status, String sentence) {
    return Answer.json(status, Jsons.object().put("error", sentence));
  }
}
