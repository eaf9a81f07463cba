package io.serai.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A value that a mapping does not list, in a field that decides nothing: it is kept as text, and
 * somebody should look whether it means something.
 *
 * @param field as the mapping names it
 * @param value as it was written, cut at 200 characters
 */
public record Drift(String field, String value) {
  private static final int MOST = 200;
  private static final ThreadLocal<List<Drift>> FOUND = new ThreadLocal<>();

  /** Notes it for the mapping that runs on this thread. */
  static void found(String field, String value) {
    var found = FOUND.get();
    if (found == null) {
      found = new ArrayList<>();
      FOUND.set(found);
    }
    var kept = value.replace("\0", ""); // which the database would refuse
    found.add(new Drift(field, kept.length() > MOST ? kept.substring(0, MOST) : kept));
  }

  /** What was noted on this thread since the last call. */
  static List<Drift> take() {
    var found = FOUND.get();
    if (found == null) {
      return List.of();
    }
    FOUND.remove();
    return found;
  }
}
