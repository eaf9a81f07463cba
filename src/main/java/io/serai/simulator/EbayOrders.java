package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes orders as the Fulfillment API shows them with the breakdown of taxes; the same number and
 * seed give the same order.
 */
final class EbayOrders {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** What is peculiar about each marketplace: country, service, and the carrier it names. */
  private static final Map<String, List<String>> MARKETS =
      Map.of(
          "US", List.of("EBAY_US", "USPS", "USPSGroundAdvantage"),
          "GB", List.of("EBAY_GB", "RoyalMail", "UK_RoyalMailTracked48"),
          "DE", List.of("EBAY_DE", "DHL", "DE_DHLPaket"),
          "CA", List.of("EBAY_CA", "CanadaPost", "CA_PostExpeditedParcel"),
          "AU", List.of("EBAY_AU", "AustraliaPost", "AU_Regular"));

  private final EbayListings listings;
  private final long seed;
  private final List<Market> markets =
      Market.all().stream().filter(m -> MARKETS.containsKey(m.countryCode())).toList();

  EbayOrders(EbayListings listings, long seed) {
    this.listings = listings;
    this.seed = seed;
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  static String id(int number) {
    return "%02d-%05d-%05d"
        .formatted(number % 90 + 10, 14_000 + number / 100_000, number % 100_000);
  }

  /** The order with a number, bought and paid now, save one in 23 that waits for its money. */
  ObjectNode generate(int number, Instant at) {
    var random = new Random(seed * 31 + number);
    var market = markets.get(number % 4 == 0 ? 1 + random.nextInt(markets.size() - 1) : 0);
    var traits = MARKETS.get(market.countryCode());
    var sum = new Sum(market.currency());
    var order = Jsons.object();
    order.put("orderId", id(number)).put("legacyOrderId", id(number));
    order.put("creationDate", time(at)).put("lastModifiedDate", time(at));
    order.put("orderFulfillmentStatus", "NOT_STARTED");
    order.put("orderPaymentStatus", number % 23 == 17 ? "PENDING" : "PAID");
    order.put("sellerId", "serai_seller");
    var buyer = market.buyers().get(random.nextInt(market.buyers().size()));
    order
        .putObject("buyer")
        .put("username", "buyer-" + (1000 + number % 9000))
        .putObject("taxAddress")
        .put("postalCode", buyer.zip())
        .put("countryCode", market.countryCode());
    order.putObject("pricingSummary");
    order.putObject("cancelStatus").put("cancelState", "NONE_REQUESTED").putArray("cancelRequests");
    order.putObject("paymentSummary");
    order.putArray("fulfillmentStartInstructions").add(start(number, at, market, buyer, traits));
    order.putArray("fulfillmentHrefs");
    var lines = order.putArray("lineItems");
    var count = number % 3 == 0 ? 2 : 1;
    var first = random.nextInt(listings.all().size());
    for (var i = 0; i < count; i++) {
      var offer = listings.all().get((first + i * 7) % listings.all().size());
      lines.add(line(number, i, at, market, traits.get(0), offer, 1 + random.nextInt(3), sum));
    }
    order.put("salesRecordReference", Integer.toString(7000 + number));
    sum.write(order, at, number);
    return order;
  }

  private static ObjectNode start(
      int number, Instant at, Market market, Market.Buyer buyer, List<String> traits) {
    var start = Jsons.object().put("fulfillmentInstructionsType", "SHIP_TO");
    start.put("minEstimatedDeliveryDate", time(at.plus(Duration.ofDays(3))));
    start.put("maxEstimatedDeliveryDate", time(at.plus(Duration.ofDays(6))));
    start.put("ebaySupportedFulfillment", false);
    var step = start.putObject("shippingStep");
    var to = step.putObject("shipTo");
    to.put("fullName", buyer.first() + " " + buyer.last());
    if (!buyer.company().isEmpty()) {
      to.put("companyName", buyer.company());
    }
    var address = to.putObject("contactAddress").put("addressLine1", buyer.street());
    if (!buyer.second().isEmpty()) {
      address.put("addressLine2", buyer.second());
    }
    address.put("city", buyer.city());
    if (!buyer.provinceCode().isEmpty()) {
      address.put("stateOrProvince", buyer.provinceCode());
    }
    address.put("postalCode", buyer.zip()).put("countryCode", market.countryCode());
    if (!buyer.phone().isEmpty()) {
      to.putObject("primaryPhone").put("phoneNumber", buyer.phone().replaceAll("[^0-9]", ""));
    }
    to.put("email", "%08x@members.ebay.example".formatted(number * 2_654_435_761L & 0xffffffffL));
    step.put("shippingCarrierCode", traits.get(1)).put("shippingServiceCode", traits.get(2));
    return start;
  }

  private static ObjectNode line(
      int number,
      int index,
      Instant at,
      Market market,
      String marketplace,
      EbayListings.Offer offer,
      int quantity,
      Sum sum) {
    var price =
        offer
            .article
            .price()
            .multiply(market.perDollar())
            .setScale(market.digits(), RoundingMode.HALF_UP);
    var cost = price.multiply(BigDecimal.valueOf(quantity));
    var discount =
        number % 7 == 3
            ? cost.multiply(new BigDecimal("0.1")).setScale(market.digits(), RoundingMode.HALF_UP)
            : BigDecimal.ZERO;
    var shipping = number % 4 == 1 ? BigDecimal.ZERO : new BigDecimal("4.95");
    var less = number % 11 == 5 && index == 0 ? shipping.min(new BigDecimal("2")) : BigDecimal.ZERO;
    var taxRate =
        market.countryCode().equals("US") && number % 2 == 0
            ? new BigDecimal("0.0825")
            : BigDecimal.ZERO;
    var net = cost.subtract(discount).add(shipping).subtract(less);
    var tax = net.multiply(taxRate).setScale(market.digits(), RoundingMode.HALF_UP);
    var line = Jsons.object();
    line.put("lineItemId", Long.toString(10_070_000_000_000L + number * 10L + index));
    line.put("legacyItemId", offer.itemId);
    if (offer.variationId != null) {
      line.put("legacyVariationId", offer.variationId);
      line.putArray("variationAspects")
          .addObject()
          .put("name", "Variant")
          .put("value", offer.article.variant());
    }
    line.put("sku", offer.article.sku()).put("title", offer.article.title());
    line.set("lineItemCost", sum.money(cost));
    if (discount.signum() > 0) {
      line.set("discountedLineItemCost", sum.money(cost.subtract(discount)));
    }
    line.put("quantity", quantity).put("soldFormat", "FIXED_PRICE");
    line.put("listingMarketplaceId", "EBAY_US").put("purchaseMarketplaceId", marketplace);
    line.put("lineItemFulfillmentStatus", "NOT_STARTED");
    line.set("total", sum.money(net.add(tax)));
    var delivery = line.putObject("deliveryCost");
    delivery.set("shippingCost", sum.money(shipping));
    if (less.signum() > 0) {
      delivery.set("discountAmount", sum.money(less));
    }
    var promotions = line.putArray("appliedPromotions");
    if (discount.signum() > 0) {
      promotions
          .addObject()
          .put("promotionId", "PROMO-10")
          .put("description", "10 % off")
          .set("discountAmount", sum.money(discount));
    }
    var taxes = line.putArray("taxes");
    if (tax.signum() > 0) {
      taxes.addObject().put("taxType", "STATE_SALES_TAX").set("amount", sum.money(tax));
      line.putArray("ebayCollectAndRemitTaxes")
          .addObject()
          .put("taxType", "STATE_SALES_TAX")
          .put("collectionMethod", "NET")
          .set("amount", sum.money(tax));
    }
    line.putObject("properties").put("buyerProtection", true);
    line.putObject("lineItemFulfillmentInstructions")
        .put("shipByDate", time(at.plus(Duration.ofDays(2 + index))))
        .put("guaranteedDelivery", false);
    sum.add(cost, discount, shipping, less, tax);
    return line;
  }

  /** The sums of an order, written at its end. */
  private static final class Sum {
    private final String currency;
    private BigDecimal items = BigDecimal.ZERO;
    private BigDecimal discount = BigDecimal.ZERO;
    private BigDecimal shipping = BigDecimal.ZERO;
    private BigDecimal less = BigDecimal.ZERO;
    private BigDecimal tax = BigDecimal.ZERO;

    Sum(String currency) {
      this.currency = currency;
    }

    void add(
        BigDecimal moreItems,
        BigDecimal moreDiscount,
        BigDecimal moreShipping,
        BigDecimal moreLess,
        BigDecimal moreTax) {
      items = items.add(moreItems);
      discount = discount.add(moreDiscount);
      shipping = shipping.add(moreShipping);
      less = less.add(moreLess);
      tax = tax.add(moreTax);
    }

    ObjectNode money(BigDecimal amount) {
      return EbayOrders.money(amount, currency);
    }

    void write(ObjectNode order, Instant at, int number) {
      var total = items.subtract(discount).add(shipping).subtract(less).add(tax);
      var pricing = (ObjectNode) order.get("pricingSummary");
      pricing.set("priceSubtotal", money(items));
      if (discount.signum() > 0) {
        pricing.set("priceDiscount", money(discount.negate()));
      }
      pricing.set("deliveryCost", money(shipping));
      if (less.signum() > 0) {
        pricing.set("deliveryDiscount", money(less.negate()));
      }
      if (tax.signum() > 0) {
        pricing.set("tax", money(tax));
        order.put("ebayCollectAndRemitTax", true);
      }
      pricing.set("total", money(total));
      var fee = total.subtract(tax).multiply(new BigDecimal("0.12")).setScale(2, RoundingMode.UP);
      var payments = (ObjectNode) order.get("paymentSummary");
      payments.set("totalDueSeller", money(total.subtract(tax).subtract(fee)));
      payments.putArray("refunds");
      var payment = payments.putArray("payments").addObject();
      payment.put("paymentMethod", "EBAY").put("paymentReferenceId", "PAY-" + number);
      payment.put("paymentDate", time(at));
      payment.set("amount", money(total.subtract(tax).subtract(fee)));
      payment.put("paymentStatus", order.get("orderPaymentStatus").asText());
    }
  }

  /** Money in eBay's shortest form: {@code 264.8}, {@code 5.0}. */
  static ObjectNode money(BigDecimal amount, String currency) {
    var shortest = amount.stripTrailingZeros();
    if (shortest.scale() < 1) {
      shortest = shortest.setScale(1);
    }
    return Jsons.object().put("value", shortest.toPlainString()).put("currency", currency);
  }
}
