package io.serai.trace;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One step that ended, as it is told to a collector.
 *
 * <p>Guarantee: what it says is ids and words of ours; nothing a sender wrote and no sentence of a
 * failure gets into it, because both may name a buyer.
 *
 * @param mark its name
 * @param parent the step it follows in the same trace, or null
 * @param link a step of another trace that led to it, or null
 * @param kind how it stands to the world outside
 * @param words what is said of it, by attribute
 * @param failure the kind of failure it ended with, or null
 */
public record Step(
    String name,
    Mark mark,
    Mark parent,
    Mark link,
    Kind kind,
    Instant from,
    Instant to,
    Map<String, Object> words,
    String failure) {
  /** How a step stands to the world outside. */
  public enum Kind {
    /** Asked from outside, which waits for the answer. */
    SERVER,
    /** Ours alone. */
    INTERNAL,
    /** We ask a partner or channel. */
    CLIENT
  }

  /** Pairs of attribute and value, in order; what has no value is left out. */
  public static Map<String, Object> words(Object... pairs) {
    var words = new LinkedHashMap<String, Object>();
    for (var i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        words.put((String) pairs[i], pairs[i + 1]);
      }
    }
    return words;
  }
}
