package io.serai.hub;

/**
 * Under which key somebody asks for something: asked again under it, it is done once.
 *
 * @param key the asker's own, anew for each thing
 * @param body what is asked for, cut to a fingerprint: another one under the same key is refused
 */
public record Once(String key, String body) {
  /** Whether it was asked for under the same key. */
  boolean is(Once other) {
    return other != null && key.equals(other.key);
  }
}
