package io.serai.stock;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An article: what rules, warehouses and customs ask of it.
 *
 * @param tags words that rules know, such as {@code fragile}, sorted
 * @param weightGrams of one unit, or null when nobody said
 * @param hsCode the customs tariff number, or null
 * @param originCountry ISO 3166-1 alpha-2, or null
 * @param abcClass how much it matters to count it, {@code A}, {@code B} or {@code C}, or null
 * @param components what a set consists of; empty for what is stocked itself
 */
public record Item(
    String sku,
    String title,
    Set<String> tags,
    Integer weightGrams,
    String hsCode,
    String originCountry,
    String abcClass,
    List<Part> components) {

  /** One that nobody put into a class. */
  public Item(
      String sku,
      String title,
      Set<String> tags,
      Integer weightGrams,
      String hsCode,
      String originCountry,
      List<Part> components) {
    this(sku, title, tags, weightGrams, hsCode, originCountry, null, components);
  }

  /** Tags and components are never null. */
  public Item {
    tags = tags == null ? Set.of() : java.util.Collections.unmodifiableSet(new TreeSet<>(tags));
    components = components == null ? List.of() : List.copyOf(components);
  }

  /** So many units of a SKU that is stocked. */
  public record Part(String sku, int quantity) {}

  /** Whether it is a set, which is never stocked itself. */
  public boolean isSet() {
    return !components.isEmpty();
  }
}
