package io.serai.catalog;

/** How far a call came that ended without a readable answer. */
public enum Mishap {
  /** The partner answered. */
  NONE,
  /** No byte of the request left: refused, name not resolved for now, pool exhausted. */
  NOT_SENT,
  /** It never can be sent like this: bad certificate, impossible address. */
  MISADDRESSED,
  /** It left, and then: timeout, reset, half an answer, an answer nobody can read. */
  SENT
}
