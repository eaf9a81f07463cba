package io.serai.catalog;

/** What happens when a partner is asked for the same thing twice, and so what we may do. */
public enum Repeat {
  /** The partner recognizes our key and does it once: the same request may be sent again. */
  IDEMPOTENT,
  /** The partner can be asked whether it was done: look up before sending again. */
  QUERYABLE,
  /** Nobody knows: an unknown outcome is reviewed by a person, never sent again. */
  BLIND;

  /** The name as profiles write it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether this promise is as weak as the other or weaker; an account may only weaken. */
  public boolean noStrongerThan(Repeat other) {
    return ordinal() >= other.ordinal();
  }
}
