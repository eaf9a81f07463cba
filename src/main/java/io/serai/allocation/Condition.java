package io.serai.allocation;

/**
 * Something a rule asks of a situation. A pure function: it answers the same for the same
 * situation.
 */
@FunctionalInterface
public interface Condition {
  /** Always. */
  Condition ALWAYS = situation -> true;

  /** Whether it holds. */
  boolean holds(Situation situation);
}
