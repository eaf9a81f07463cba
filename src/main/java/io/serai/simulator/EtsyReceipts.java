package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Receipts as an Etsy shop would have them. The same seed and number give the same buyer and the
 * same wishes; what is on offer decides what is bought.
 *
 * <p>The grand total is the subtotal, shipping, gift wrap and sales tax; value-added tax is inside.
 */
final class EtsyReceipts {

  private static final long FIRST = 3_500_000_000L;

  private final long seed;

  EtsyReceipts(long seed) {
    this.seed = seed;
  }

  /** Units of a product that somebody buys. */
  record Bought(EtsyListing listing, EtsyListing.Product product, int quantity) {}

  /** The id of the receipt with this running number. */
  static long id(int number) {
    return FIRST + number * 7L;
  }

  /** Chance for the receipt with this number. */
  SplittableRandom chance(int number) {
    return new SplittableRandom(seed * 2_000_003L + number);
  }

  /** The receipt; without anything bought it is one of a pattern to print. */
  ObjectNode receipt(int number, List<Bought> bought, Instant at) {
    var random = chance(number);
    var traits = OrderTraits.of(number);
    var markets = Market.all();
    var market =
        random.nextInt(3) == 0 ? markets.getFirst() : markets.get(random.nextInt(markets.size()));
    var buyer = market.buyers().get(random.nextInt(market.buyers().size()));
    var now = at.getEpochSecond();

    var json = Jsons.object();
    json.put("receipt_id", id(number));
    json.put("receipt_type", 0);
    json.put("seller_user_id", 41_907_733);
    json.putNull("seller_email");
    json.put("buyer_user_id", 77_000_000L + number);
    json.put("buyer_email", number % 9 == 2 ? null : "etsy" + number + "@example.com");
    json.put("name", buyer.first() + " " + buyer.last());
    json.put("first_line", buyer.street());
    json.put("second_line", blankToNull(buyer.second()));
    json.put("city", buyer.city());
    json.put("state", blankToNull(buyer.provinceCode()));
    json.put("zip", blankToNull(buyer.zip()));
    json.put("status", traits.pending() ? "payment processing" : "paid");
    json.put(
        "formatted_address",
        String.join(
            "\n",
            buyer.first() + " " + buyer.last(),
            buyer.street(),
            buyer.city() + " " + buyer.zip(),
            market.country()));
    json.put("country_iso", market.countryCode());
    json.put("payment_method", number % 7 == 3 ? "paypal" : "cc");
    json.putNull("payment_email");
    json.putNull("message_from_seller");
    json.put(
        "message_from_buyer", traits.note() ? "Könnten Sie es klingelfest einpacken? 🎁" : null);
    json.putNull("message_from_payment");
    json.put("is_paid", !traits.pending());
    json.put("is_shipped", false);
    json.put("create_timestamp", now);
    json.put("created_timestamp", now);
    json.put("update_timestamp", now);
    json.put("updated_timestamp", now);
    json.put("is_gift", traits.note());
    json.put("gift_message", traits.note() ? "Alles Gute!" : "");
    json.put("gift_sender", "");

    var items = BigDecimal.ZERO;
    var transactions = json.putArray("transactions");
    for (var i = 0; i < bought.size(); i++) {
      var one = bought.get(i);
      items = items.add(one.product().article.price().multiply(BigDecimal.valueOf(one.quantity())));
      transactions.add(transaction(number, i, one, traits, now));
    }
    if (bought.isEmpty()) {
      items = new BigDecimal("6.50");
      transactions.add(pattern(number, traits, now));
    }
    var discount =
        traits.codeDiscount()
            ? items.multiply(new BigDecimal("0.15")).setScale(2, RoundingMode.HALF_UP)
            : BigDecimal.ZERO;
    var subtotal = items.subtract(discount);
    var shipping =
        bought.isEmpty() ? BigDecimal.ZERO : new BigDecimal(traits.express() ? "18.00" : "6.90");
    var wrap = traits.note() && !bought.isEmpty() ? new BigDecimal("3.50") : BigDecimal.ZERO;
    var rate =
        market.taxes().stream()
            .map(java.util.Map.Entry::getValue)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    var tax =
        market.taxesIncluded()
            ? BigDecimal.ZERO
            : subtotal.multiply(rate).setScale(2, RoundingMode.HALF_UP);
    var vat =
        market.taxesIncluded()
            ? subtotal
                .add(shipping)
                .multiply(rate)
                .divide(BigDecimal.ONE.add(rate), 2, RoundingMode.HALF_UP)
            : BigDecimal.ZERO;
    json.set("grandtotal", EtsyMoney.of(subtotal.add(shipping).add(wrap).add(tax)));
    json.set("subtotal", EtsyMoney.of(subtotal));
    json.set("total_price", EtsyMoney.of(items));
    json.set("total_shipping_cost", EtsyMoney.of(shipping));
    json.set("total_tax_cost", EtsyMoney.of(tax));
    json.set("total_vat_cost", EtsyMoney.of(vat));
    json.set("discount_amt", EtsyMoney.of(discount));
    json.set("gift_wrap_price", EtsyMoney.of(wrap));
    json.putArray("shipments");
    json.putArray("refunds");
    return json;
  }

  private static ObjectNode transaction(
      int number, int index, Bought bought, OrderTraits traits, long now) {
    var product = bought.product();
    var json = line(number, index, bought.listing().title, bought.quantity(), now);
    json.put("is_digital", false);
    json.put("listing_id", bought.listing().id);
    json.put("product_id", product.id);
    json.put("sku", product.sku);
    json.set("price", EtsyMoney.of(product.article.price()));
    var variations = json.putArray("variations");
    if (product.article.variant() != null) {
      variations
          .addObject()
          .put("property_id", EtsyListing.VARIATION)
          .put("value_id", product.id + 70_000_000_000L)
          .put("formatted_name", "Variant")
          .put("formatted_value", product.article.variant());
    }
    json.put("shipping_method", traits.express() ? "Express" : "Standard");
    json.put("shipping_upgrade", traits.express() ? "Express" : null);
    json.put("expected_ship_date", now + 3 * 86_400);
    return json;
  }

  private static ObjectNode pattern(int number, OrderTraits traits, long now) {
    var json = line(number, 0, "Knitting Pattern (PDF)", 1, now);
    json.put("is_digital", true);
    json.put("file_data", "1 PDF");
    json.put("listing_id", 1_499_000_001L);
    json.putNull("product_id");
    json.putNull("sku");
    json.set("price", EtsyMoney.of(new BigDecimal("6.50")));
    json.putArray("variations");
    return json;
  }

  private static ObjectNode line(int number, int index, String title, int quantity, long now) {
    var json = Jsons.object();
    json.put("transaction_id", 4_100_000_000L + number * 10L + index);
    json.put("title", title);
    json.put("receipt_id", id(number));
    json.put("created_timestamp", now);
    json.put("quantity", quantity);
    json.put("transaction_type", "listing");
    json.set("shipping_cost", EtsyMoney.of(BigDecimal.ZERO));
    json.putArray("product_data");
    return json;
  }

  private static String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
