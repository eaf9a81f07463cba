package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;

/** One of our own steps kept a route from asking the partner: nothing was sent by it. */
final class NotAsked extends FailureException {
  private final boolean putOff;

  private NotAsked(Failure failure, boolean putOff, Throwable cause) {
    super(failure, cause);
    this.putOff = putOff;
  }

  /** Something it needs before is not there; the failure's kind says what follows. */
  static NotAsked stopped(Failure failure, Throwable cause) {
    return new NotAsked(failure, false, cause);
  }

  /** Our count of calls says that the partner bears none now; the failure says for how long. */
  static NotAsked withoutQuota(Failure failure) {
    return new NotAsked(failure, true, null);
  }

  /** Whether it is only too early, which says nothing about the partner. */
  boolean putOff() {
    return putOff;
  }
}
