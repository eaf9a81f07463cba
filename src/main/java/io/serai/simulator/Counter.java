package io.serai.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What lies within reach of a store's tills, what people buy of it and what they bring back.
 *
 * <p>The same seed and number give the same wishes; nothing is sold that does not lie there. Not
 * safe for use by several threads at once.
 */
final class Counter {

  /** Units of an article that somebody carries out. */
  record Sold(Article article, int quantity) {}

  private static final int HEAVY_GRAMS = 1_000;
  private static final int DEAR = 100;

  private final List<Article> articles;
  private final long seed;
  private final int each;
  private final Map<String, Integer> taken = new LinkedHashMap<>();

  /**
   * A full counter.
   *
   * @param each units of every article that is neither heavy nor dear
   */
  Counter(Catalogue catalogue, int each, long seed) {
    this.articles =
        catalogue.goods().stream()
            .filter(a -> a.grams() < HEAVY_GRAMS && a.price().intValue() < DEAR)
            .toList();
    this.each = each;
    this.seed = seed;
  }

  /** What is sold there at all. */
  List<Article> articles() {
    return articles;
  }

  /** What the customer with this running number buys; nothing when nothing he wants is left. */
  List<Sold> wish(int number) {
    var random = new SplittableRandom(seed * 3_000_017L + number);
    var bought = new ArrayList<Sold>();
    var wanted = 1 + random.nextInt(2);
    var start = random.nextInt(articles.size());
    for (var i = 0; i < articles.size() && bought.size() < wanted; i++) {
      var article = articles.get((start + i) % articles.size());
      var left = each - taken.getOrDefault(article.sku(), 0);
      if (left > 0) {
        bought.add(new Sold(article, Math.min(left, 1 + random.nextInt(2))));
      }
    }
    return bought;
  }

  /** These units were carried out; negative ones came back. */
  void took(String sku, int units) {
    taken.merge(sku, units, Integer::sum);
  }

  /** Units that are gone by SKU, less what came back; 0 where all of it did. */
  Map<String, Integer> taken() {
    return new LinkedHashMap<>(taken);
  }
}
