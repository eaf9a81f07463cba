package io.serai.outbox;

/**
 * What a partner's operation does when it is asked twice; decides what an unknown outcome allows.
 */
public enum RepeatMode {
  /** The same key has its effect once: ask again with the same key. */
  IDEMPOTENT,
  /** The partner can be asked whether it happened: look up, then ask again if it did not. */
  QUERYABLE,
  /** Neither: a person decides. */
  BLIND
}
