package io.serai.edi;

import java.util.List;

/**
 * What one segment, or one composite, is made of.
 *
 * @param id its identifier
 * @param name what it is, in words
 * @param parts its elements in order
 * @param relations the rules between elements
 */
record SegmentRule(String id, String name, List<Part> parts, List<Relation> relations) {

  /**
   * One element at its place.
   *
   * @param rule what it may hold; of a composite only name and type are read
   * @param mandatory whether it must be there
   * @param composite what it is made of, null when it is a single value
   */
  record Part(ElementRule rule, boolean mandatory, SegmentRule composite) {}

  /**
   * A rule between elements.
   *
   * @param kind P, R, E, C or L
   * @param places the elements it is about, from 1
   */
  record Relation(char kind, int[] places) {}
}
