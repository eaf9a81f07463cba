package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** Items and cross-references as programs and people read and write them. */
final class ItemViews {
  private ItemViews() {}

  /** One item. */
  @Schema(
      name = "Item",
      requiredProperties = {"sku"})
  record Article(
      @Schema(example = "MUG-SET") String sku,
      @Schema(example = "Mug and tea") String title,
      @Schema(description = "Words that rules know.", example = "[\"fragile\"]") List<String> tags,
      @Schema(description = "Of one unit.", example = "350") Integer weightGrams,
      @Schema(description = "The customs tariff number.", example = "691200") String hsCode,
      @Schema(description = "ISO 3166-1 alpha-2.", example = "PT") String originCountry,
      @Schema(
              description = "How often it is counted, and how exactly.",
              allowableValues = {"A", "B", "C"})
          String abcClass,
      @Schema(description = "What a set consists of; empty for what is stocked itself.")
          List<Component> components,
      @Schema(accessMode = Schema.AccessMode.READ_ONLY) Instant updatedAt) {}

  /** So many of a SKU in each set. */
  @Schema(name = "Component")
  record Component(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(description = "1 to 10,000.", example = "2") int quantity) {}

  /** Items as sent; only described here, read row by row. */
  @Schema(name = "Items")
  record Described(@Schema(description = "Up to 10,000.") List<Article> items) {}

  /** What a channel's code means. */
  @Schema(
      name = "CrossReference",
      requiredProperties = {"code", "sku"})
  record Reference(
      @Schema(description = "Absent: in every channel.", example = "shopify-main") String channel,
      @Schema(description = "What the channel sells under.", example = "MUG-BLU-6") String code,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(
              description = "Units in one of what is sold, 1 to 10,000; 1 when absent.",
              example = "6")
          int quantity,
      @Schema(accessMode = Schema.AccessMode.READ_ONLY) Instant updatedAt) {}

  /** Cross-references as sent; only described here, read row by row. */
  @Schema(name = "CrossReferences")
  record References(@Schema(description = "Up to 10,000.") List<Reference> crossReferences) {}

  /** What became of rows. */
  @Schema(name = "ItemsResult")
  record Result(
      @Schema(description = "Rows sent.") int received,
      @Schema(description = "Rows taken, changed or not.") int applied,
      @Schema(description = "Rows refused, by name.") List<StockViews.Refused> refused) {}

  /** What is forgotten. */
  @Schema(name = "Removed")
  record Removed(@Schema(example = "MUG-SET") String removed) {}
}
