package io.serai.allocation;

/** How far things are from each other, as a table says. */
@FunctionalInterface
public interface Distances {
  /** Knows nothing. */
  Distances NONE = (country, postalCode, node) -> null;

  /**
   * The way from a node to a destination, or null when the table cannot tell.
   *
   * @param country ISO 3166-1 alpha-2, or null
   */
  Distance between(String country, String postalCode, Candidate node);

  /**
   * How far, and how that is known.
   *
   * @param fallback in plain words, what the table had to use instead of the place itself, or null
   */
  record Distance(double kilometers, String fallback) {}
}
