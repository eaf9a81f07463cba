package io.serai.allocation;

/**
 * One thing that makes one way of shipping an order better than another. A pure function of the
 * plan; what it answers is multiplied by the weight a site gives it. A site may bring its own.
 */
public interface Scorer {
  /** What the site's file and decisions call it. */
  String name();

  /** From 0, as bad as can be, to 1. */
  double value(Plan plan);

  /** Why the value is what it is, in plain words; null when the name says it all. */
  default String reason(Plan plan) {
    return null;
  }
}
