package io.serai.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The articles that shop and warehouse both know, the same on every run.
 *
 * <p>A gift card and a giveaway of price zero are always among them; only goods and giveaways are
 * stocked.
 */
final class Catalogue {

  private static final String[][] GOODS = {
    {"MUG", "Enamel Mug", "24.00", "380", "BLU:Blue", "RED:Red", "WHT:White"},
    {"TEE", "Organic T-Shirt", "29.50", "190", "S:Small", "M:Medium", "L:Large", "XL:Extra Large"},
    {"CAP", "Canvas Cap", "22.00", "110", "NVY:Navy", "OLV:Olive"},
    {"TOTE", "Market Tote", "18.75", "240", "NAT:Natural", "BLK:Black"},
    {"LAMP", "Copper Desk Lamp", "89.00", "1450"},
    {"KETL", "Pour-Over Kettle", "64.90", "980", "STL:Steel", "BLK:Matte Black"},
    {"NOTE", "Dotted Notebook", "14.20", "310", "A5:A5", "A6:A6"},
    {"PEN", "Brass Pen", "36.00", "45"},
    {"SOAP", "Olive Oil Soap", "7.95", "120", "LAV:Lavender", "CIT:Citrus", "PLN:Plain"},
    {"CAND", "Soy Candle", "21.40", "410", "FIG:Fig", "CED:Cedar"},
    {"BLKT", "Wool Blanket", "129.00", "1900", "GRY:Grey", "MUS:Mustard"},
    {"BOWL", "Stoneware Bowl", "26.30", "620", "S:Small", "L:Large"},
    {"KNIF", "Santoku Knife", "112.50", "290"},
    {"BORD", "Oak Cutting Board", "48.00", "1320"},
    {"SOCK", "Merino Socks", "16.90", "80", "S:36-39", "M:40-43", "L:44-46"},
    {"PSTR", "Screen Print", "42.00", "150", "A3:A3", "A2:A2"},
    {"COFE", "Coffee Beans", "15.60", "270", "250:250 g", "1K:1 kg"},
    {"TEAP", "Cast Iron Teapot", "74.00", "1680"},
    {"PLNT", "Terracotta Planter", "31.00", "2100", "S:Small", "L:Large"},
    {"BAG", "Weekender Bag", "148.00", "1550", "TAN:Tan", "BLK:Black"},
  };

  private final List<Article> articles = new ArrayList<>();
  private final Map<String, Article> bySku = new LinkedHashMap<>();

  private Catalogue() {}

  /** The named articles and, when {@code size} asks for more, numbered ones. */
  static Catalogue of(int size) {
    var catalogue = new Catalogue();
    catalogue.add("GIFT-50", "Gift Card", "50.00", "50.00", 0, Article.Kind.GIFT_CARD);
    catalogue.add("STICKER", "Sticker", null, "0.00", 5, Article.Kind.GIVEAWAY);
    for (var row : GOODS) {
      if (row.length == 4) {
        catalogue.goods(row[0], row[1], null, row[2], Integer.parseInt(row[3]));
      }
      for (var i = 4; i < row.length; i++) {
        var variant = row[i].split(":", 2);
        catalogue.goods(
            row[0] + "-" + variant[0], row[1], variant[1], row[2], Integer.parseInt(row[3]));
      }
    }
    for (var n = 0; catalogue.articles.size() < size; n++) {
      catalogue.goods(
          "SKU-%05d".formatted(n),
          "Article " + n,
          null,
          new BigDecimal(500 + (n * 37) % 9500).movePointLeft(2).toPlainString(),
          100 + (n * 13) % 2000);
    }
    return catalogue;
  }

  List<Article> all() {
    return articles;
  }

  /** What may be bought and shipped. */
  List<Article> goods() {
    return articles.stream().filter(a -> a.kind() == Article.Kind.GOODS).toList();
  }

  /** What a warehouse keeps. */
  List<Article> stocked() {
    return articles.stream().filter(a -> a.kind() != Article.Kind.GIFT_CARD).toList();
  }

  /** The article of a SKU, or {@code null}. */
  Article find(String sku) {
    return bySku.get(sku);
  }

  private void goods(String sku, String title, String variant, String price, int grams) {
    add(sku, title, variant, price, grams, Article.Kind.GOODS);
  }

  private void add(
      String sku, String title, String variant, String price, int grams, Article.Kind kind) {
    var article =
        new Article(articles.size(), sku, title, variant, new BigDecimal(price), grams, kind);
    articles.add(article);
    bySku.put(sku, article);
  }
}
