package io.serai.edi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one transaction set is made of, between ST and SE.
 *
 * @param id its number
 * @param group the functional group it travels in
 * @param name what it is, in words
 * @param root its segments and loops
 * @param segments every segment identifier it may hold
 */
record SetRule(String id, String group, String name, Loop root, Set<String> segments) {

  SetRule(String id, String group, String name, Loop root) {
    this(id, group, name, root, identifiers(root, new HashSet<>()));
  }

  private static Set<String> identifiers(Loop loop, Set<String> found) {
    for (var part : loop.parts()) {
      if (part instanceof Loop inner) {
        identifiers(inner, found);
      } else {
        found.add(part.trigger());
      }
    }
    return found;
  }

  /** Something that stands at a place of a loop. */
  sealed interface Part permits Use, Loop {
    /** The segment that shows that this part begins. */
    String trigger();

    boolean mandatory();

    int max();
  }

  /** A segment at its place. */
  record Use(String trigger, boolean mandatory, int max) implements Part {}

  /**
   * Segments that repeat together; the first opens the loop.
   *
   * @param name its number in X12, empty for the set itself
   * @param mandatory whether it must be there
   * @param max how often at most
   * @param parts what it holds, the opening segment first
   * @param afterLs index of the LS that must have been read before, -1 when there is none
   */
  record Loop(String name, boolean mandatory, int max, List<Part> parts, int afterLs)
      implements Part {
    @Override
    public String trigger() {
      return parts.get(0).trigger();
    }
  }
}
