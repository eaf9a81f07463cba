package io.serai.edi;

import java.util.List;

/**
 * One document to write.
 *
 * @param set number of the set, or type of the message
 * @param segments what stands between ST and SE, or UNH and UNT
 */
public record Document(String set, List<Segment> segments) {
  /** Fixes the segments. */
  public Document {
    segments = List.copyOf(segments);
  }
}
