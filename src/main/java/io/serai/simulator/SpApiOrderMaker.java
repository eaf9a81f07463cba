package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/**
 * Makes orders of the shape of Orders 2026-01-01, the same on every run of a seed: single and
 * several lines, gifts, businesses, discounts, replacements without a price, orders that Amazon
 * ships itself, orders whose payment is pending.
 */
final class SpApiOrderMaker {

  private static final BigDecimal TAX = new BigDecimal("0.0825");
  private static final BigDecimal SHIPPING = new BigDecimal("5.99");

  private final AmazonOptions options;
  private final Catalogue catalogue;

  SpApiOrderMaker(AmazonOptions options, Catalogue catalogue) {
    this.options = options;
    this.catalogue = catalogue;
  }

  /** The n-th order, from 0, placed at an instant. */
  ObjectNode order(int n, Instant at) {
    var random = new Random(options.seed * 1_000_003 + n);
    var placed = at.truncatedTo(ChronoUnit.MILLIS);
    var replacement = n % 17 == 9;
    var amazon = n % 11 == 3;
    var pending = !amazon && !replacement && n % 7 == 2;
    var business = n % 13 == 5;
    var order = Jsons.object();
    order.put("orderId", orderId(n));
    order.put("createdTime", placed.toString());
    order.put("lastUpdatedTime", placed.toString());
    if (business) {
      order.putArray("programs").add("AMAZON_BUSINESS");
    }
    if (replacement) {
      order
          .putArray("associatedOrders")
          .addObject()
          .put("orderId", orderId(Math.max(0, n - 9)))
          .put("associationType", "REPLACEMENT_ORIGINAL_ID");
    }
    order
        .putObject("salesChannel")
        .put("channelName", "AMAZON")
        .put("marketplaceId", options.marketplaceId)
        .put("marketplaceName", "Amazon.com");
    parties(order, Market.all().getFirst().buyers().get(random.nextInt(4)), n, business);
    fulfillment(order, placed, pending, amazon);
    items(order, random, n, replacement);
    proceeds(order);
    return order;
  }

  private static String orderId(int n) {
    return "701-%07d-%07d".formatted((n * 48_271L + 1_234_567) % 10_000_000, n + 1);
  }

  private static void parties(ObjectNode order, Market.Buyer person, int n, boolean business) {
    var name = person.first() + " " + person.last();
    var buyer = order.putObject("buyer");
    buyer.put("buyerName", name);
    buyer.put("buyerEmail", "b%07d@marketplace.amazon.example".formatted(n + 1));
    if (business) {
      buyer.put("buyerCompanyName", "Atelier " + person.last());
      buyer.put("buyerPurchaseOrderNumber", "PO-" + (n + 1));
    }
    var address = order.putObject("recipient").putObject("deliveryAddress");
    address.put("name", name);
    address.put("companyName", person.company());
    address.put("addressLine1", person.street());
    address.put("addressLine2", person.second());
    address.put("addressLine3", "");
    address.put("city", person.city());
    address.put("stateOrRegion", person.provinceCode());
    address.put("postalCode", person.zip());
    address.put("countryCode", "US");
    address.put("phone", "+1 206-555-01%02d ext. %05d".formatted(n % 100, 10_000 + n % 89_999));
    address.put("addressType", business ? "COMMERCIAL" : "RESIDENTIAL");
  }

  private static void fulfillment(
      ObjectNode order, Instant placed, boolean pending, boolean amazon) {
    var fulfillment = order.putObject("fulfillment");
    fulfillment.put("fulfillmentStatus", pending ? "PENDING" : "UNSHIPPED");
    fulfillment.put("fulfilledBy", amazon ? "AMAZON" : "MERCHANT");
    fulfillment.put("fulfillmentServiceLevel", "STANDARD");
    window(fulfillment.putObject("shipByWindow"), placed, 0, 2);
    window(fulfillment.putObject("deliverByWindow"), placed, 3, 6);
  }

  // Instants of a day's end in Seattle, as Amazon writes them for an American seller.
  private static void window(ObjectNode window, Instant placed, int from, int to) {
    var day = placed.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(8));
    window.put("earliestDateTime", day.plus(Duration.ofDays(from)).toString());
    window.put("latestDateTime", day.plus(Duration.ofDays(to)).minusSeconds(1).toString());
  }

  private void items(ObjectNode order, Random random, int n, boolean replacement) {
    var goods = catalogue.goods();
    var items = order.putArray("orderItems");
    var lines = n % 5 == 0 ? 2 : 1;
    var first = random.nextInt(goods.size());
    for (var i = 0; i < lines; i++) {
      var article = goods.get((first + i * 7) % goods.size());
      var quantity = 1 + random.nextInt(3);
      var item = items.addObject();
      item.put("orderItemId", "%d%012d".formatted(i + 1, n + 1L));
      item.put("quantityOrdered", quantity);
      var product = item.putObject("product");
      product.put("asin", "B0%08d".formatted(article.index() * 101 + 7));
      product.put(
          "title", article.title() + (article.variant() == null ? "" : ", " + article.variant()));
      product.put("sellerSku", article.sku());
      product
          .putObject("condition")
          .put("conditionType", "NEW")
          .put("conditionSubtype", "NEW")
          .put("conditionNote", "");
      var price = replacement ? BigDecimal.ZERO.setScale(2) : article.price();
      money(product.putObject("price").putObject("unitPrice"), price);
      breakdown(item, n, i, price.multiply(BigDecimal.valueOf(quantity)));
      item.putObject("fulfillment")
          .put("quantityFulfilled", 0)
          .put("quantityUnfulfilled", quantity);
      if (n % 9 == 4) {
        ((ObjectNode) item.get("fulfillment"))
            .putObject("packing")
            .putObject("giftOption")
            .put("giftMessage", "Happy birthday! 🎂")
            .put("giftWrapLevel", "STANDARD");
      }
    }
  }

  private static void breakdown(ObjectNode item, int n, int line, BigDecimal goods) {
    var proceeds = item.putObject("proceeds");
    var total = goods;
    var parts = proceeds.putArray("breakdowns");
    money(parts.addObject().put("type", "ITEM").putObject("subtotal"), goods);
    if (line == 0 && n % 3 == 1 && goods.signum() > 0) {
      money(parts.addObject().put("type", "SHIPPING").putObject("subtotal"), SHIPPING);
      total = total.add(SHIPPING);
    }
    if (n % 10 == 6 && goods.signum() > 0) {
      var discount = goods.movePointLeft(1).setScale(2, RoundingMode.HALF_UP).negate();
      money(parts.addObject().put("type", "DISCOUNT").putObject("subtotal"), discount);
      item.putObject("promotion")
          .putArray("breakdowns")
          .addObject()
          .put("promotionId", "COUPON-" + n);
      total = total.add(discount);
    }
    var tax = total.multiply(TAX).setScale(2, RoundingMode.HALF_UP);
    if (tax.signum() > 0) {
      var part = parts.addObject().put("type", "TAX");
      money(part.putObject("subtotal"), tax);
      money(
          part.putArray("detailedBreakdowns").addObject().put("subtype", "ITEM").putObject("value"),
          tax);
      item.putObject("tax")
          .putArray("taxCollections")
          .addObject()
          .put("model", "MARKETPLACE_FACILITATOR")
          .put("responsibleParty", "Amazon Services, Inc.");
      total = total.add(tax);
    }
    money(proceeds.putObject("proceedsTotal"), total);
  }

  private static void proceeds(ObjectNode order) {
    var total = BigDecimal.ZERO.setScale(2);
    for (var item : order.get("orderItems")) {
      total = total.add(new BigDecimal(item.at("/proceeds/proceedsTotal/amount").asText()));
    }
    money(order.putObject("proceeds").putObject("grandTotal"), total);
  }

  private static void money(ObjectNode money, BigDecimal amount) {
    money.put("amount", amount.toPlainString()).put("currencyCode", "USD");
  }
}
