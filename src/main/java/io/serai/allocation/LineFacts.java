package io.serai.allocation;

import java.util.List;

/**
 * What a line says that rules may ask, besides SKU and quantity. What is not known is null or, for
 * numbers, zero.
 */
public interface LineFacts {
  /** A line of which nothing more is known. */
  LineFacts NONE = new LineFacts() {};

  /** What was sold, for instance {@code PHYSICAL}. */
  default String kind() {
    return null;
  }

  /** What the buyer read. */
  default String title() {
    return null;
  }

  /** What the item needs, for instance {@code fragile} or {@code hazmat}. */
  default List<String> tags() {
    return List.of();
  }

  /** Kilograms of one unit. */
  default double weight() {
    return 0;
  }

  /** What one unit is sold for, for comparing only. */
  default double value() {
    return 0;
  }

  /** Its customs tariff number. */
  default String hsCode() {
    return null;
  }

  /** Whether it was sold before it is in stock. */
  default boolean preorder() {
    return false;
  }
}
