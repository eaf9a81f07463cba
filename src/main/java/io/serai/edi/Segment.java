package io.serai.edi;

import java.util.List;

/**
 * One segment as it was read: identifier, elements as text, and where it stands.
 *
 * <p>Composites are not taken apart here; an element that is absent is the empty text.
 *
 * @param id the identifier, BEG or N1
 * @param elements its elements in order, the first at index 0
 * @param position its place in the set, ST being 1; 0 outside of one
 * @param line the line of the file it begins on, from 1
 * @param offset the byte of the file it begins at, from 0
 */
public record Segment(String id, List<String> elements, int position, long line, long offset) {
  /** Takes the elements as they are; the list is not changed afterwards. */
  public Segment {
    elements = List.copyOf(elements);
  }

  /** The element at this place, counted from 1, empty when it is absent. */
  public String element(int place) {
    return place <= elements.size() ? elements.get(place - 1) : "";
  }

  Segment at(int place) {
    return new Segment(id, elements, place, line, offset);
  }

  /** The segment with its delimiters, without the terminator. */
  public String text(char separator) {
    var text = new StringBuilder(id);
    for (var element : elements) {
      text.append(separator).append(element);
    }
    return text.toString();
  }
}
