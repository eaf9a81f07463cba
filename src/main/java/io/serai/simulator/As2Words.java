package io.serai.simulator;

import java.util.function.Supplier;

/** How an AS2 server words its troubles. */
final class As2Words implements BadDay.Words {

  private final Supplier<Answer> refusal;

  /**
   * Of one message.
   *
   * @param refusal the receipt that does not take it
   */
  As2Words(Supplier<Answer> refusal) {
    this.refusal = refusal;
  }

  @Override
  public Answer throttled(Mood mood) {
    return text(429, "Too many messages.")
        .header("Retry-After", String.valueOf(Math.max(1, mood.delay().toSeconds())));
  }

  @Override
  public Answer refused() {
    return refusal.get();
  }

  @Override
  public Answer concurrent() {
    return text(503, "This message is being taken.").header("Retry-After", "1");
  }

  @Override
  public Answer unauthorized() {
    return text(401, "Who are you?");
  }

  @Override
  public Answer errorIn200() {
    return text(200, "An error occurred.");
  }

  @Override
  public Answer unavailable(int status) {
    return text(status, "The server is not available.");
  }

  static Answer text(int status, String sentence) {
    return Answer.text(status, "text/plain; charset=utf-8", sentence + "\n");
  }
}
