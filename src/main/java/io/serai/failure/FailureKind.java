package io.serai.failure;

/**
 * What can go wrong: a closed list, each with one behavior. Adding a value means deciding, here,
 * what the engine does with it.
 */
public enum FailureKind {
  /** Time may cure it: tried again with growing, jittered delays; counted. */
  TRANSIENT(true, true),
  /** The endpoint asked for less: the endpoint pauses until the time it gave; not counted. */
  THROTTLED(true, false),
  /** Credentials were refused: one refresh, then the endpoint pauses and its items wait. */
  AUTH(true, false),
  /** Our picture was old: read again, compute again, send as a new revision. */
  STALE(true, false),
  /** The partner's last word: parked now. */
  REFUSED(false, true),
  /** The document breaks its own rules: parked now. */
  INVALID(false, true),
  /** The bytes cannot be parsed: parked now. */
  UNREADABLE(false, true),
  /**
   * A mapping misses something it needs, or meets a deciding value it does not know: parked now.
   */
  UNMAPPED(false, true),
  /** No node can serve it: the order is held. */
  UNALLOCATABLE(false, true),
  /** The request may have had its effect: resolved by key or look-up, else parked for review. */
  UNKNOWN_OUTCOME(false, true),
  /** An answer that was due did not come. */
  SILENT(false, true),
  /** It fails in a way that says nothing, again and again. */
  POISON(false, true),
  /** Our own configuration is at fault: parked with what to correct. */
  CONFIG(false, true);

  private final boolean curable;
  private final boolean counted;

  FailureKind(boolean curable, boolean counted) {
    this.curable = curable;
    this.counted = counted;
  }

  /** Whether time alone can cure it; only those kinds are tried again by the engine. */
  public boolean curable() {
    return curable;
  }

  /** Whether an attempt that ends so counts towards giving up. */
  public boolean counted() {
    return counted;
  }
}
