package io.serai.reconcile;

/** What puts a finding right. */
public enum Remedy {
  /** The message or delivery that stopped is put back to work. */
  REPLAY,
  /** The other side is asked for the thing again. */
  PULL,
  /** The other side is told again, as a new revision under a key of its own. */
  WRITE_BACK
}
