package io.serai.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;

/** Makes one call suffer the mood it was drawn for. */
final class BadDay {

  /** How a particular stand-in words what every stand-in can do. */
  interface Words {
    /** Come back later. */
    Answer throttled(Mood mood);

    /** No, for a business reason. */
    Answer refused();

    /** Another request with this key is under way. */
    Answer concurrent();

    /** These credentials are not known. */
    Answer unauthorized();

    /** An error under a status that says success. */
    Answer errorIn200();

    /** Down, or broken behind the door. */
    Answer unavailable(int status);
  }

  private static final byte[] NO_JSON = {
    '{', '"', 's', 't', 'a', 't', 'u', 's', '"', ':', (byte) 0xff, (byte) 0xfe, 0, '}', ']'
  };

  private static final String PAGE =
      """
      <!doctype html>
      <html><head><title>One moment</title></head>
      <body><h1>We will be right back</h1></body></html>
      """;

  private BadDay() {}

  /**
   * Answers a call under a mood.
   *
   * @param mood the mood drawn, or {@code null} on a good day
   * @param effect does what was asked and answers; not called when the mood comes before it
   */
  static Answer live(Mood mood, Words words, Callable<Answer> effect) throws Exception {
    if (mood == null) {
      return effect.call();
    }
    var honest = mood.takesEffect() ? effect.call() : null;
    return switch (mood.kind()) {
      case SLOW -> (honest == null ? words.unavailable(504) : honest).after(mood.delay());
      case FLAKY, FAILED_AFTER_EFFECT ->
          words.unavailable(mood.status() == 0 ? 503 : mood.status());
      case THROTTLING -> words.throttled(mood);
      case REFUSING -> words.refused();
      case CONCURRENT -> words.concurrent();
      case UNAUTHORIZED -> words.unauthorized();
      case ANSWER_LOST, REQUEST_LOST -> Answer.nothing();
      case HALF_ANSWER -> (honest == null ? words.errorIn200() : honest).half();
      case GARBAGE ->
          new Answer(
              status(mood, 200),
              Map.of("Content-Type", "application/json"),
              NO_JSON,
              Answer.Manner.WHOLE,
              java.time.Duration.ZERO);
      case ERROR_IN_200 -> words.errorIn200();
      case HTML ->
          new Answer(
              status(mood, 200),
              Map.of("Content-Type", "text/html; charset=utf-8"),
              PAGE.getBytes(StandardCharsets.UTF_8),
              Answer.Manner.WHOLE,
              java.time.Duration.ZERO);
      case DUPLICATING,
          OUT_OF_ORDER,
          DROPPING,
          LATE_POLLS,
          REPEATED_ITEMS,
          SHUFFLED_ITEMS,
          LATE_LINES,
          EXPIRED_CURSOR,
          SILENT,
          LATE,
          TWICE,
          TRUNCATED,
          WRONG_COUNTS,
          REJECTING ->
          effect.call();
    };
  }

  private static int status(Mood mood, int usual) {
    return mood.status() == 0 ? usual : mood.status();
  }
}
