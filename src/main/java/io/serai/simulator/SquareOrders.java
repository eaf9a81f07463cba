package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Orders as Square shows them (2026-05-20): sales of a till and what came back, in whole cents.
 *
 * <p>The total is what the lines come to after discounts, the tax on top of them, and the tip.
 */
final class SquareOrders {

  private static final String CURRENCY = "USD";
  private static final BigDecimal TAX = new BigDecimal("0.06625");
  private static final int WRAPPING = 250;
  private static final int TIP = 300;

  private final String location;

  SquareOrders(String location) {
    this.location = location;
  }

  /** A time as Square writes it. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** What Square calls an article. */
  static String variation(Article article) {
    return "V%07dSQ".formatted(article.index());
  }

  static ObjectNode money(long cents) {
    return Jsons.object().put("amount", cents).put("currency", CURRENCY);
  }

  /**
   * A sale that is over. What is peculiar about it is told by its number.
   *
   * @param bought without any, an amount was typed in by hand
   * @param closed when the customer had paid
   * @param heard when Square heard of it, later for a till that was offline
   */
  ObjectNode sale(String id, int number, List<Counter.Sold> bought, Instant closed, Instant heard) {
    var order = order(id, closed, heard);
    order.put("version", 2);
    order.putObject("source").put("name", "Register " + (1 + number % 2));
    var lines = order.putArray("line_items");
    var sums = new Sums(number % 5 == 2, number % 3 != 0);
    for (var one : bought) {
      var article = one.article();
      var line = lines.addObject();
      line.put("uid", "u" + lines.size()).put("catalog_object_id", variation(article));
      line.put("catalog_version", 1_700_000_000_000L).put("item_type", "ITEM");
      line.put("name", article.title());
      line.put("variation_name", article.variant() == null ? "Regular" : article.variant());
      sums.price(line, cents(article), one.quantity());
    }
    if (bought.isEmpty() || number % 4 == 3) {
      var line = lines.addObject().put("uid", "custom").put("item_type", "CUSTOM_AMOUNT");
      sums.price(line.put("name", "Wrapping"), WRAPPING, 1);
    }
    sums.put(order);
    var tip = number % 7 == 5 ? TIP : 0;
    var total = sums.total + tip;
    order.set("total_tip_money", money(tip));
    order.set("total_service_charge_money", money(0));
    order.set("total_money", money(total));
    order.set("net_amount_due_money", money(0));
    var tender = order.putArray("tenders").addObject().put("id", id + "-T");
    tender.put("type", number % 3 == 1 ? "CASH" : "CARD").put("location_id", location);
    tender.set("amount_money", money(total));
    return order;
  }

  /** The same sale while the customer still looks for money. */
  static ObjectNode open(ObjectNode sale) {
    var open = sale.deepCopy();
    open.remove(List.of("closed_at", "tenders"));
    open.set("net_amount_due_money", sale.get("total_money"));
    return open.put("state", "OPEN").put("version", 1);
  }

  /**
   * Units that came back.
   *
   * @param sale the order they were sold on, or {@code null} when nobody knows
   */
  ObjectNode back(
      String id, Article article, int quantity, ObjectNode sale, Instant closed, Instant heard) {
    var order = order(id, closed, heard).put("version", 1);
    var back = order.putArray("returns").addObject().put("uid", "r1");
    var line = back.putArray("return_line_items").addObject().put("uid", "rl1");
    line.put("catalog_object_id", variation(article)).put("item_type", "ITEM");
    line.put("name", article.title()).put("quantity", String.valueOf(quantity));
    var each = money(cents(article));
    var value = cents(article) * quantity;
    if (sale != null) {
      back.set("source_order_id", sale.get("id"));
      for (var sold : sale.get("line_items")) {
        if (sold.path("catalog_object_id").asText().equals(variation(article))) {
          line.set("source_line_item_uid", sold.get("uid"));
          // what was paid for one, tax included
          value = sold.at("/total_money/amount").asLong() * quantity / sold.get("quantity").asInt();
        }
      }
    }
    line.set("base_price_money", each);
    line.set("gross_return_money", money(cents(article) * quantity));
    line.set("total_money", money(value));
    back.putObject("return_amounts").set("total_money", money(value));
    order.putObject("return_amounts").set("total_money", money(value));
    order.set("total_money", money(0));
    return order;
  }

  private ObjectNode order(String id, Instant closed, Instant heard) {
    var order = Jsons.object().put("id", id).put("location_id", location);
    order.put("created_at", time(closed.minusSeconds(40))).put("updated_at", time(heard));
    return order.put("closed_at", time(closed)).put("state", "COMPLETED");
  }

  private static long cents(Article article) {
    return article.price().movePointRight(2).longValueExact();
  }

  /** Adds up lines, a discount on all of them and a tax on top. */
  private static final class Sums {
    private final boolean reduced;
    private final boolean taxed;
    private long discount;
    private long tax;
    private long total;

    Sums(boolean reduced, boolean taxed) {
      this.reduced = reduced;
      this.taxed = taxed;
    }

    void price(ObjectNode line, long each, int quantity) {
      var gross = each * quantity;
      var off = reduced ? share(gross, new BigDecimal("0.10")) : 0;
      var on = taxed ? share(gross - off, TAX) : 0;
      line.put("quantity", String.valueOf(quantity));
      line.set("base_price_money", money(each));
      line.set("gross_sales_money", money(gross));
      line.set("total_discount_money", money(off));
      line.set("total_tax_money", money(on));
      line.set("total_money", money(gross - off + on));
      if (reduced) {
        var applied = line.putArray("applied_discounts").addObject();
        applied.put("uid", "ad").put("discount_uid", "d1").set("applied_money", money(off));
      }
      if (taxed) {
        var applied = line.putArray("applied_taxes").addObject();
        applied.put("uid", "at").put("tax_uid", "t1").set("applied_money", money(on));
      }
      discount += off;
      tax += on;
      total += gross - off + on;
    }

    void put(ObjectNode order) {
      if (reduced) {
        var all = order.putArray("discounts").addObject().put("uid", "d1");
        all.put("name", "Neighbours").put("type", "FIXED_PERCENTAGE").put("percentage", "10");
        all.put("scope", "ORDER").set("applied_money", money(discount));
      }
      if (taxed) {
        var all = order.putArray("taxes").addObject().put("uid", "t1").put("name", "Sales Tax");
        all.put("type", "ADDITIVE").put("percentage", "6.625");
        all.put("scope", "ORDER").set("applied_money", money(tax));
      }
      order.set("total_discount_money", money(discount));
      order.set("total_tax_money", money(tax));
    }

    private static long share(long cents, BigDecimal of) {
      return BigDecimal.valueOf(cents).multiply(of).setScale(0, RoundingMode.HALF_UP).longValue();
    }
  }
}
