package io.serai.edi;

import java.util.List;

/**
 * One segment as it was read: identifier, elements as text, and where it stands.
 *
 * <p>Composites are not taken apart here: {@link Delimiters#components} says what parts them. An
 * element that is absent is the empty text; of EDIFACT, what was released stands there as it is
 * meant.
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

  /** The component of an element, both counted from 1; empty when it is absent. */
  public String component(int place, int component, Delimiters delimiters) {
    var value = element(place);
    char separator = delimiters.components();
    int from = 0;
    for (int i = 1; i < component; i++) {
      int cut = value.indexOf(separator, from);
      if (cut < 0) {
        return "";
      }
      from = cut + 1;
    }
    int end = value.indexOf(separator, from);
    return end < 0 ? value.substring(from) : value.substring(from, end);
  }

  /** The segment as it is written, without the terminator. */
  public String text(Delimiters delimiters) {
    var text = new StringBuilder(id);
    for (var element : elements) {
      text.append(delimiters.element()).append(delimiters.written(element));
    }
    return text.toString();
  }

  /** The segment of X12 with its delimiters, without the terminator. */
  public String text(char separator) {
    var text = new StringBuilder(id);
    for (var element : elements) {
      text.append(separator).append(element);
    }
    return text.toString();
  }
}
