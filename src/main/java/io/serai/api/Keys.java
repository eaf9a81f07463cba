package io.serai.api;

import io.serai.hub.Once;
import io.serai.support.Json;
import java.util.UUID;

/** The header Idempotency-Key: what is sent again under one key is done once. */
final class Keys {
  static final String HEADER = "Idempotency-Key";
  private static final int LONGEST = 200;

  private Keys() {}

  /** The key that came with a request, or null. */
  static String given(String header) {
    var key = Words.present(header);
    if (key != null && (key.length() > LONGEST || !key.chars().allMatch(c -> c > ' ' && c < 127))) {
      throw Problem.badRequest(
          "Idempotency-Key '%s' is longer than %d characters or not plain text; shorten it."
              .formatted(Words.cut(key), LONGEST));
    }
    return key;
  }

  /**
   * The key that came with a request that must not be done twice.
   *
   * @param what is asked for, as "refund"
   */
  static String required(String header, String what) {
    var key = given(header);
    if (key == null) {
      throw Problem.badRequest(
          "Nothing tells a new %s from one that is sent again; send the header '%s', a new one for each."
              .formatted(what, HEADER));
    }
    return key;
  }

  /** A request under its key, or null when it has none. */
  static Once once(String key, Object body) {
    return key == null ? null : new Once(key, UUID.nameUUIDFromBytes(Json.bytes(body)).toString());
  }
}
