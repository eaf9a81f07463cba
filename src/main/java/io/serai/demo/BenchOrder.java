package io.serai.demo;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * One order of the bench: about six kilobytes of {@code orders/create}, three lines. The same seed
 * and index give the same bytes, so a duplicate is made anew instead of being kept.
 */
final class BenchOrder {
  /** Lines of every order. */
  static final int LINES = 3;

  private static final long FIRST_ID = 8_100_000_000_000L;
  private static final String[] STREETS = {
    "Lindenallee", "Rue des Écoles", "Calle Mayor", "Ulica Długa", "Hafenstraße", "Storgatan"
  };
  private static final String[] PEOPLE = {
    "Maja Lindqvist", "Théo Garnier", "Núria Casals", "Zofia Król", "Jörg Hübner", "Åse Dahl"
  };

  /** What may be bought and how often it is. */
  static final class Shelf {
    private final double[] shares;
    private final int[] rank;

    /** Articles whose popularity falls as one over their rank, in a shuffled order. */
    Shelf(int articles, long seed) {
      shares = new double[articles];
      rank = new int[articles];
      var sum = 0.0;
      for (var i = 0; i < articles; i++) {
        sum += 1.0 / (i + 1);
        shares[i] = sum;
        rank[i] = i;
      }
      for (var i = 0; i < articles; i++) {
        shares[i] /= sum;
      }
      var random = new SplittableRandom(seed);
      for (var i = articles - 1; i > 0; i--) {
        var other = random.nextInt(i + 1);
        var kept = rank[i];
        rank[i] = rank[other];
        rank[other] = kept;
      }
    }

    int draw(SplittableRandom random) {
      var found = java.util.Arrays.binarySearch(shares, random.nextDouble());
      return rank[Math.min(shares.length - 1, found < 0 ? -found - 1 : found)];
    }

    int articles() {
      return rank.length;
    }
  }

  final long id;
  final int[] articles = new int[LINES];
  final int[] quantities = new int[LINES];
  private final SplittableRandom random;

  /** The order with this index. */
  BenchOrder(Shelf shelf, long seed, long index) {
    id = FIRST_ID + index;
    random = new SplittableRandom(seed * 31 + index);
    for (var i = 0; i < LINES; i++) {
      articles[i] = shelf.draw(random);
      for (var j = 0; j < i; j++) {
        if (articles[j] == articles[i]) {
          i--;
          break;
        }
      }
    }
    for (var i = 0; i < LINES; i++) {
      quantities[i] = random.nextInt(4) == 0 ? 2 : 1;
    }
  }

  /** An article's number as the stock knows it. */
  static String sku(int article) {
    return "SKU-%05d".formatted(article);
  }

  /** The index of the order with this id, or a negative number when it is none of the bench's. */
  static long index(long id) {
    return id - FIRST_ID;
  }

  /** The webhook's body. */
  byte[] body() {
    var cents = 0L;
    for (var i = 0; i < LINES; i++) {
      cents += price(articles[i]) * quantities[i];
    }
    var shipping = 590L;
    var tax = (cents + shipping) * 19 / 119;
    var who = PEOPLE[random.nextInt(PEOPLE.length)];
    var text = new StringBuilder(6_500);
    text.append("{\"id\":").append(id);
    text(text, "admin_graphql_api_id", "gid://shopify/Order/" + id);
    text.append(
        ",\"app_id\":1354745,\"browser_ip\":\"198.51.100.7\",\"buyer_accepts_marketing\":false,\"cancel_reason\":null,\"cancelled_at\":null");
    text(text, "cart_token", token());
    text.append(",\"checkout_id\":").append(id + 77);
    text(text, "checkout_token", token());
    text.append(
        ",\"client_details\":{\"accept_language\":\"de\",\"browser_height\":null,\"browser_ip\":\"198.51.100.7\",\"browser_width\":null,\"session_hash\":null,\"user_agent\":\"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15\"}");
    text.append(",\"closed_at\":null,\"company\":null,\"confirmed\":true");
    text(text, "confirmation_number", token().substring(0, 9));
    text(text, "contact_email", "buyer" + id % 100_000 + "@example.com");
    text.append(",\"created_at\":\"2026-11-27T09:30:00+01:00\",\"currency\":\"EUR\"");
    money(text, "current_subtotal_price", cents);
    money(text, "current_total_discounts", 0);
    money(text, "current_total_price", cents + shipping);
    money(text, "current_total_tax", tax);
    text.append(",\"customer_locale\":\"de\",\"discount_codes\":[]");
    text(text, "email", "buyer" + id % 100_000 + "@example.com");
    text.append(
        ",\"estimated_taxes\":false,\"financial_status\":\"paid\",\"fulfillment_status\":null,\"landing_site\":\"/products/new\",\"location_id\":null");
    text(text, "name", "#" + id % 10_000_000);
    text.append(
            ",\"note\":\"Bitte beim Nachbarn abgeben – danke!\",\"note_attributes\":[],\"number\":")
        .append(id % 10_000_000);
    text.append(",\"order_number\":").append(id % 10_000_000 + 1000);
    text(
        text,
        "order_status_url",
        "https://acme.example.com/1/orders/" + token() + "/authenticate?key=" + token());
    text.append(
        ",\"payment_gateway_names\":[\"shopify_payments\"],\"phone\":null,\"presentment_currency\":\"EUR\",\"processed_at\":\"2026-11-27T09:30:00+01:00\",\"referring_site\":null,\"source_name\":\"web\"");
    money(text, "subtotal_price", cents);
    text.append(",\"tags\":\"\",\"tax_exempt\":false,\"tax_lines\":[")
        .append(taxLine(tax))
        .append("],\"taxes_included\":true,\"test\":false");
    text(text, "token", token());
    money(text, "total_discounts", 0);
    money(text, "total_line_items_price", cents);
    text.append(",\"total_outstanding\":\"0.00\"");
    money(text, "total_price", cents + shipping);
    set(text, "total_shipping_price_set", shipping);
    money(text, "total_tax", tax);
    text.append(
        ",\"total_tip_received\":\"0.00\",\"total_weight\":1240,\"updated_at\":\"2026-11-27T09:30:01+01:00\",\"user_id\":null");
    address(text, "billing_address", who);
    address(text, "shipping_address", who);
    text.append(",\"customer\":{\"id\":").append(id + 5);
    text(text, "email", "buyer" + id % 100_000 + "@example.com");
    text.append(
        ",\"created_at\":\"2025-03-01T08:00:00+01:00\",\"state\":\"enabled\",\"verified_email\":true,\"tax_exempt\":false");
    text(text, "first_name", who.substring(0, who.indexOf(' ')));
    text(text, "last_name", who.substring(who.indexOf(' ') + 1));
    text.append(",\"currency\":\"EUR\"}");
    text.append(",\"discount_applications\":[],\"fulfillments\":[],\"line_items\":[");
    for (var i = 0; i < LINES; i++) {
      line(text, i);
    }
    text.append("],\"payment_terms\":null,\"refunds\":[],\"shipping_lines\":[{\"id\":")
        .append(id + 9);
    text.append(
        ",\"carrier_identifier\":null,\"code\":\"Standard\",\"discounted_price\":\"5.90\",\"is_removed\":false,\"phone\":null,\"price\":\"5.90\"");
    set(text, "price_set", shipping);
    text.append(",\"source\":\"shopify\",\"title\":\"Standard\",\"tax_lines\":[")
        .append(taxLine(shipping * 19 / 119))
        .append("],\"discount_allocations\":[]}]}");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void line(StringBuilder text, int i) {
    var price = price(articles[i]);
    text.append(i == 0 ? "{" : ",{").append("\"id\":").append(id * 10 + i);
    text(text, "admin_graphql_api_id", "gid://shopify/LineItem/" + (id * 10 + i));
    text.append(",\"current_quantity\":").append(quantities[i]);
    text.append(",\"fulfillable_quantity\":").append(quantities[i]);
    text.append(
        ",\"fulfillment_service\":\"manual\",\"fulfillment_status\":null,\"gift_card\":false,\"grams\":410");
    text(text, "name", "Article " + articles[i] + " - Large");
    text(text, "price", amount(price));
    set(text, "price_set", price);
    text.append(",\"product_exists\":true,\"product_id\":").append(7_000_000_000L + articles[i]);
    text.append(",\"properties\":[],\"quantity\":").append(quantities[i]);
    text(text, "sku", sku(articles[i]));
    text.append(",\"requires_shipping\":true,\"taxable\":true");
    text(text, "title", "Article " + articles[i]);
    text.append(",\"total_discount\":\"0.00\",\"variant_id\":")
        .append(4_000_000_000L + articles[i]);
    text.append(
        ",\"variant_inventory_management\":\"shopify\",\"variant_title\":\"Large\",\"vendor\":\"Acme\",\"tax_lines\":[");
    text.append(taxLine(price * quantities[i] * 19 / 119))
        .append("],\"duties\":[],\"discount_allocations\":[]}");
  }

  private void address(StringBuilder text, String field, String who) {
    text.append(",\"")
        .append(field)
        .append("\":{\"first_name\":\"")
        .append(who, 0, who.indexOf(' '))
        .append('"');
    text(text, "last_name", who.substring(who.indexOf(' ') + 1));
    text(text, "name", who);
    text(
        text,
        "address1",
        STREETS[random.nextInt(STREETS.length)] + ' ' + (1 + random.nextInt(200)));
    text.append(",\"address2\":null,\"company\":null,\"phone\":\"+49 40 5550")
        .append(100 + random.nextInt(900))
        .append('"');
    text.append(
        ",\"city\":\"Hamburg\",\"zip\":\"20095\",\"province\":null,\"province_code\":null,\"country\":\"Germany\",\"country_code\":\"DE\",\"latitude\":53.55,\"longitude\":9.99}");
  }

  private static String taxLine(long cents) {
    return "{\"channel_liable\":false,\"price\":\""
        + amount(cents)
        + "\",\"rate\":0.19,\"title\":\"DE MwSt\"}";
  }

  private static void money(StringBuilder text, String field, long cents) {
    text(text, field, amount(cents));
    set(text, field + "_set", cents);
  }

  private static void set(StringBuilder text, String field, long cents) {
    var one = "{\"amount\":\"" + amount(cents) + "\",\"currency_code\":\"EUR\"}";
    text.append(",\"").append(field).append("\":{\"shop_money\":").append(one);
    text.append(",\"presentment_money\":").append(one).append('}');
  }

  private static void text(StringBuilder text, String field, String value) {
    text.append(",\"").append(field).append("\":\"").append(value).append('"');
  }

  private static long price(int article) {
    return 700 + article * 53L % 8_000;
  }

  private static String amount(long cents) {
    var rest = cents % 100;
    return cents / 100 + (rest < 10 ? ".0" : ".") + rest;
  }

  private String token() {
    return Long.toHexString(random.nextLong() | Long.MIN_VALUE);
  }
}
