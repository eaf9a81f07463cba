package io.serai.simulator;

import java.math.BigDecimal;

/**
 * A thing on sale.
 *
 * @param index its place in the catalogue
 * @param sku its number in every system
 * @param title the product's name
 * @param variant the variant's name, or {@code null} when there is only one
 * @param price in US dollars
 * @param grams its weight
 * @param kind what is special about it
 */
record Article(
    int index, String sku, String title, String variant, BigDecimal price, int grams, Kind kind) {

  /** What an article is, as far as shipping and money care. */
  enum Kind {
    GOODS,
    GIFT_CARD,
    GIVEAWAY
  }
}
