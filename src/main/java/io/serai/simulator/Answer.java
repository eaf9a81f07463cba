package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer and the manner in which it reaches, or does not reach, the caller. */
record Answer(int status, Map<String, String> headers, byte[] body, Manner manner, Duration delay) {

  /** How much of the answer is sent. */
  enum Manner {
    WHOLE,
    HALF,
    NOTHING
  }

  static Answer json(int status, JsonNode body) {
    return new Answer(
        status,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        Jsons.bytes(body),
        Manner.WHOLE,
        Duration.ZERO);
  }

  static Answer text(int status, String type, String body) {
    return new Answer(
        status,
        Map.of("Content-Type", type),
        body.getBytes(StandardCharsets.UTF_8),
        Manner.WHOLE,
        Duration.ZERO);
  }

  static Answer nothing() {
    return new Answer(0, Map.of(), new byte[0], Manner.NOTHING, Duration.ZERO);
  }

  Answer header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, manner, delay);
  }

  Answer half() {
    return new Answer(status, headers, body, Manner.HALF, delay);
  }

  Answer after(Duration newDelay) {
    return new Answer(status, headers, body, manner, newDelay);
  }
}
