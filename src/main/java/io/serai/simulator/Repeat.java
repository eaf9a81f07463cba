package io.serai.simulator;

/** What a partner does when it is asked the same thing twice. */
public enum Repeat {
  /** Knows the idempotency key and repeats its first answer. */
  IDEMPOTENT,
  /** Ignores the key but can be asked what it has. */
  QUERYABLE,
  /** Ignores the key and cannot be asked. */
  BLIND
}
