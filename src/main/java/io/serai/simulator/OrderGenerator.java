package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Orders as a shop would have them, in the shape of the {@code orders/create} body.
 *
 * <p>The same seed and number give the same order, save its times. Sums hold in both currencies:
 * total = subtotal + shipping + tax unless included + tip, and the subtotal is what the lines come
 * to after discounts, tip left out.
 */
final class OrderGenerator {

  private static final ZoneId SHOP_ZONE = ZoneId.of("America/New_York");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");
  private static final int FIRST_NUMBER = 1000;

  private final String domain;
  private final Catalogue catalogue;
  private final List<Article> goods;
  private final int locations;
  private final long seed;

  OrderGenerator(String domain, Catalogue catalogue, int locations, long seed) {
    this.domain = domain;
    this.catalogue = catalogue;
    this.goods = catalogue.goods();
    this.locations = locations;
    this.seed = seed;
  }

  /** A time as webhooks write it, in the shop's zone. */
  static String time(Instant instant) {
    return TIME.format(instant.atZone(SHOP_ZONE));
  }

  /** The order with this running number, placed at this time. */
  NewOrder generate(int number, Instant at) {
    return new Draft(number, at).order();
  }

  /**
   * The order with this running number, in which a buyer of the shop's own country takes so many of
   * each SKU and nothing is peculiar.
   */
  NewOrder generate(int number, Instant at, Map<String, Integer> units) {
    return new Draft(number, at, OrderTraits.NONE, Market.all().getFirst()).order(units);
  }

  /** What a line costs and what was taken off it. */
  private record Line(
      long id,
      Article article,
      String title,
      int quantity,
      Cash price,
      boolean tip,
      Long group,
      List<Allocation> allocations) {

    Cash total() {
      var total = price.times(quantity);
      for (var allocation : allocations) {
        total = total.minus(allocation.amount());
      }
      return total;
    }

    boolean ships() {
      return !tip && article.kind() != Article.Kind.GIFT_CARD;
    }
  }

  private record Allocation(int application, Cash amount) {}

  private final class Draft {
    private final int number;
    private final Instant at;
    private final OrderTraits traits;
    private final SplittableRandom random;
    private final Market market;
    private final Market.Buyer buyer;
    private final Cash.Money money;
    private final List<Line> lines = new ArrayList<>();
    private final ArrayNode applications = Jsons.array();
    private final ArrayNode groups = Jsons.array();

    Draft(int number, Instant at) {
      this.number = number;
      this.at = at;
      this.traits = OrderTraits.of(number);
      this.random = new SplittableRandom(seed * 1_000_003L + number);
      var markets = Market.all();
      this.market = random.nextInt(3) == 0 ? markets.get(0) : pick(markets);
      this.buyer = pick(market.buyers());
      this.money = money(market);
    }

    Draft(int number, Instant at, OrderTraits traits, Market market) {
      this.number = number;
      this.at = at;
      this.traits = traits;
      this.random = new SplittableRandom(seed * 1_000_003L + number);
      this.market = market;
      this.buyer = market.buyers().getFirst();
      this.money = money(market);
    }

    private static Cash.Money money(Market market) {
      return new Cash.Money("USD", market.currency(), market.perDollar(), market.digits());
    }

    NewOrder order(Map<String, Integer> units) {
      units.forEach(
          (sku, quantity) -> {
            var article = catalogue.find(sku);
            if (article == null) {
              throw new IllegalArgumentException(
                  "SKU '%s' is not in shop '%s'; use one it sells.".formatted(sku, domain));
            }
            lines.add(
                line(article, article.title(), quantity, money.of(article.price()), false, null));
          });
      return new NewOrder(payload(), routing());
    }

    NewOrder order() {
      fill();
      discount();
      if (traits.tip()) {
        lines.add(line(null, "Tip", 1, tipAmount(), true, null));
      }
      return new NewOrder(payload(), routing());
    }

    private void fill() {
      if (traits.giftCardLine()) {
        var card = catalogue.find("GIFT-50");
        lines.add(line(card, card.title(), 1, money.of(card.price()), false, null));
      }
      if (traits.digitalOnly()) {
        return;
      }
      var wanted = 1 + random.nextInt(3) + (random.nextInt(8) == 0 ? 3 : 0);
      var chosen = new LinkedHashMap<String, Article>();
      while (chosen.size() < Math.min(wanted, goods.size())) {
        // Squaring makes the first articles of the catalogue the popular ones.
        var r = random.nextDouble();
        var article = goods.get((int) (r * r * goods.size()));
        chosen.put(article.sku(), article);
      }
      for (var article : chosen.values()) {
        var quantity = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
        lines.add(line(article, article.title(), quantity, money.of(article.price()), false, null));
      }
      if (traits.bundle()) {
        bundle();
      }
      if (traits.giveaway()) {
        var sticker = catalogue.find("STICKER");
        lines.add(line(sticker, sticker.title(), 1, money.zero(), false, null));
      }
    }

    private void bundle() {
      var groupId = ShopifyIds.line(number, 900);
      var ninety = new BigDecimal("0.9");
      for (var sku : List.of("MUG-WHT", "COFE-250")) {
        var part = catalogue.find(sku);
        lines.add(
            line(part, part.title(), 1, money.of(part.price()).share(ninety), false, groupId));
      }
      groups.add(
          Jsons.object()
              .put("id", groupId)
              .put("title", "Morning Set")
              .put("quantity", 1)
              .put("product_id", ShopifyIds.product(catalogue.find("MUG-WHT")) + 1)
              .put("variant_id", ShopifyIds.variant(catalogue.find("MUG-WHT")) + 1)
              .put("variant_sku", "SET-MORNING")
              .set("properties", Jsons.array()));
    }

    private Cash tipAmount() {
      return money.of(new BigDecimal("5.00"));
    }

    private Line line(
        Article article, String title, int quantity, Cash price, boolean tip, Long group) {
      return new Line(
          ShopifyIds.line(number, lines.size()),
          article,
          title,
          quantity,
          price,
          tip,
          group,
          new ArrayList<>());
    }

    private void discount() {
      if (traits.lineDiscount() && !lines.get(0).price().isZero()) {
        var index = application("automatic", "Spring offer", null, "fixed_amount", "2.00", "each");
        lines.get(0).allocations().add(new Allocation(index, money.of(new BigDecimal("2.00"))));
      }
      if (traits.free() || traits.codeDiscount()) {
        var percent = traits.free() ? "100.0" : "15.0";
        var code = traits.free() ? "ONTHEHOUSE" : "WELCOME15";
        var index = application("discount_code", null, code, "percentage", percent, "across");
        var share = new BigDecimal(percent).movePointLeft(2);
        for (var line : lines) {
          var amount = line.total().share(share);
          if (!amount.isZero()) {
            line.allocations().add(new Allocation(index, amount));
          }
        }
      }
    }

    private int application(
        String type,
        String title,
        String code,
        String valueType,
        String value,
        String allocationMethod) {
      var application = Jsons.object();
      application.put("target_type", "line_item");
      application.put("type", type);
      application.put("value", value);
      application.put("value_type", valueType);
      application.put("allocation_method", allocationMethod);
      application.put("target_selection", "each".equals(allocationMethod) ? "explicit" : "all");
      if (title != null) {
        application.put("title", title);
      }
      if (code != null) {
        application.put("code", code);
      }
      applications.add(application);
      return applications.size() - 1;
    }

    private boolean ships() {
      return lines.stream().anyMatch(Line::ships);
    }

    private List<NewOrder.Route> routing() {
      var portions =
          lines.stream()
              .filter(Line::ships)
              .map(l -> new NewOrder.Portion(l.id(), l.quantity()))
              .toList();
      if (portions.isEmpty()) {
        return List.of();
      }
      if (traits.pickup()) {
        return List.of(new NewOrder.Route(locations - 1, "PICK_UP", portions));
      }
      if (traits.twoLocations() && locations > 1 && portions.size() > 1) {
        return List.of(
            new NewOrder.Route(0, "SHIPPING", portions.subList(0, 1)),
            new NewOrder.Route(1, "SHIPPING", portions.subList(1, portions.size())));
      }
      return List.of(new NewOrder.Route(0, "SHIPPING", portions));
    }

    private ObjectNode payload() {
      var id = ShopifyIds.order(number);
      var shipping = shippingPrice();
      var itemTotal = money.zero();
      var discounts = money.zero();
      var subtotal = money.zero();
      var tip = money.zero();
      var weight = 0;
      for (var line : lines) {
        if (line.tip()) {
          tip = tip.plus(line.price());
          continue;
        }
        itemTotal = itemTotal.plus(line.price().times(line.quantity()));
        subtotal = subtotal.plus(line.total());
        weight += line.article().grams() * line.quantity();
        for (var allocation : line.allocations()) {
          discounts = discounts.plus(allocation.amount());
        }
      }
      var taxes = new LinkedHashMap<String, Cash>();
      var itemsJson = Jsons.array();
      for (var line : lines) {
        itemsJson.add(lineJson(line, taxes));
      }
      var shippingTaxes = taxLines(shipping, taxes);
      var tax = taxes.values().stream().reduce(money.zero(), Cash::plus);
      var total = subtotal.plus(shipping).plus(tip);
      if (!market.taxesIncluded()) {
        total = total.plus(tax);
      }

      var order = Jsons.object();
      var now = time(at);
      order.put("id", id);
      order.put("admin_graphql_api_id", ShopifyIds.gid("Order", id));
      order.put("app_id", 580111);
      order.put("browser_ip", "192.0.2." + (1 + number % 250));
      order.put("buyer_accepts_marketing", number % 5 == 0);
      order.putNull("cancel_reason");
      order.putNull("cancelled_at");
      order.put("checkout_id", id + 7);
      order.putNull("closed_at");
      order.put("confirmation_number", confirmation());
      order.put("confirmed", true);
      order.put("contact_email", email());
      order.put("created_at", now);
      order.put("currency", money.shopCurrency());
      amount(order, "current_subtotal_price", subtotal);
      order.putNull("current_total_additional_fees_set");
      amount(order, "current_total_discounts", discounts);
      order.putNull("current_total_duties_set");
      amount(order, "current_total_price", total);
      amount(order, "current_total_tax", tax);
      order.put("customer_locale", market.locale());
      order.set("discount_codes", discountCodes(discounts));
      order.put("email", email());
      order.put("estimated_taxes", false);
      order.put("financial_status", traits.pending() ? "pending" : "paid");
      order.putNull("fulfillment_status");
      order.putNull("landing_site");
      order.putNull("location_id");
      order.put("name", "#" + (FIRST_NUMBER + number));
      order.put("note", traits.note() ? "Leave it with the neighbour, danke schön 🌿" : null);
      order.set("note_attributes", noteAttributes());
      order.put("number", number);
      order.put("order_number", FIRST_NUMBER + number);
      order.set("payment_gateway_names", gateways());
      order.put("phone", phone());
      order.putNull("po_number");
      order.put("presentment_currency", money.buyerCurrency());
      order.put("processed_at", now);
      order.put("source_name", "web");
      amount(order, "subtotal_price", subtotal);
      order.put("tags", traits.bundle() ? "bundle, gift" : "");
      order.put("tax_exempt", false);
      order.set("tax_lines", taxSummary(taxes));
      order.put("taxes_included", market.taxesIncluded());
      order.put("test", traits.test());
      order.put("token", token());
      order.set("total_cash_rounding_payment_adjustment_set", money.zero().set());
      order.set("total_cash_rounding_refund_adjustment_set", money.zero().set());
      amount(order, "total_discounts", discounts);
      amount(order, "total_line_items_price", itemTotal);
      order.put("total_outstanding", traits.pending() ? total.text() : money.zero().text());
      amount(order, "total_price", total);
      order.set("total_shipping_price_set", shipping.set());
      amount(order, "total_tax", tax);
      order.put("total_tip_received", tip.text());
      order.put("total_weight", weight);
      order.put("updated_at", now);
      order.putNull("user_id");
      order.set("billing_address", address());
      order.set("customer", customer(now));
      order.set("discount_applications", applications);
      order.set("fulfillments", Jsons.array());
      order.set("line_items", itemsJson);
      order.set("line_item_groups", groups);
      order.putNull("payment_terms");
      order.set("refunds", Jsons.array());
      order.set("returns", Jsons.array());
      order.set("shipping_address", ships() && !traits.pickup() ? address() : null);
      order.set("shipping_lines", shippingLines(shipping, shippingTaxes));
      order.put("order_status_url", "https://" + domain + "/orders/" + token() + "/authenticate");
      return order;
    }

    private ObjectNode lineJson(Line line, Map<String, Cash> taxes) {
      var json = Jsons.object();
      var article = line.article();
      json.put("id", line.id());
      json.put("admin_graphql_api_id", ShopifyIds.gid("LineItem", line.id()));
      json.set("attributed_staffs", Jsons.array());
      json.put("current_quantity", line.quantity());
      json.put("fulfillable_quantity", line.ships() ? line.quantity() : 0);
      json.put("fulfillment_service", giftCard(line) ? "gift_card" : "manual");
      json.putNull("fulfillment_status");
      json.put("gift_card", giftCard(line));
      json.put("grams", article == null ? 0 : article.grams());
      json.put("name", name(line));
      json.put("price", line.price().text());
      json.set("price_set", line.price().set());
      json.put("product_exists", article != null);
      json.put("product_id", article == null ? null : ShopifyIds.product(article));
      json.set("properties", Jsons.array());
      json.put("quantity", line.quantity());
      json.put("requires_shipping", line.ships());
      json.put("sales_line_item_group_id", line.group());
      json.put("sku", article == null ? null : article.sku());
      json.put("taxable", taxable(line));
      json.put("title", line.title());
      json.put("total_discount", money.zero().text());
      json.set("total_discount_set", money.zero().set());
      json.put("variant_id", article == null ? null : ShopifyIds.variant(article));
      json.put("variant_inventory_management", line.ships() ? "shopify" : null);
      json.put("variant_title", article == null ? null : article.variant());
      json.put("vendor", article == null ? null : "Acme");
      if (line.tip()) {
        json.put("tip_payment_gateway", "shopify_payments");
        json.put("tip_payment_method", "Visa");
      }
      json.set("tax_lines", taxable(line) ? taxLines(line.total(), taxes) : Jsons.array());
      json.set("duties", Jsons.array());
      var allocations = Jsons.array();
      for (var allocation : line.allocations()) {
        allocations.add(
            Jsons.object()
                .put("amount", allocation.amount().text())
                .put("discount_application_index", allocation.application())
                .set("amount_set", allocation.amount().set()));
      }
      json.set("discount_allocations", allocations);
      return json;
    }

    private boolean giftCard(Line line) {
      return !line.tip() && line.article().kind() == Article.Kind.GIFT_CARD;
    }

    private boolean taxable(Line line) {
      return !line.tip() && line.article().kind() == Article.Kind.GOODS;
    }

    private String name(Line line) {
      return line.article() == null || line.article().variant() == null
          ? line.title()
          : line.title() + " - " + line.article().variant();
    }

    /** Tax lines of an amount, which are also added up by title. */
    private ArrayNode taxLines(Cash amount, Map<String, Cash> sums) {
      var list = Jsons.array();
      var all =
          market.taxes().stream().map(Map.Entry::getValue).reduce(BigDecimal.ZERO, BigDecimal::add);
      for (var tax : market.taxes()) {
        var value =
            market.taxesIncluded()
                ? amount.contained(tax.getValue(), all)
                : amount.share(tax.getValue());
        sums.merge(tax.getKey(), value, Cash::plus);
        list.add(taxLine(tax.getKey(), tax.getValue(), value));
      }
      return list;
    }

    private ObjectNode taxLine(String title, BigDecimal rate, Cash value) {
      var line = Jsons.object();
      line.put("channel_liable", false);
      line.put("price", value.text());
      line.set("price_set", value.set());
      line.put("rate", rate);
      line.put("title", title);
      return line;
    }

    private ArrayNode taxSummary(Map<String, Cash> sums) {
      var list = Jsons.array();
      for (var tax : market.taxes()) {
        list.add(
            taxLine(tax.getKey(), tax.getValue(), sums.getOrDefault(tax.getKey(), money.zero())));
      }
      return list;
    }

    private Cash shippingPrice() {
      if (!ships() || traits.pickup() || traits.free()) {
        return money.zero();
      }
      return money.of(new BigDecimal(traits.express() ? "18.00" : "6.90"));
    }

    private ArrayNode shippingLines(Cash price, ArrayNode taxes) {
      var list = Jsons.array();
      if (!ships()) {
        return list;
      }
      var title =
          traits.pickup()
              ? ShopifyLocation.NAMES.get(locations - 1)
              : traits.express() ? "Express" : "Standard";
      var line = Jsons.object();
      line.put("id", ShopifyIds.line(number, 1000));
      line.putNull("carrier_identifier");
      line.put("code", title);
      line.put("discounted_price", price.text());
      line.set("discounted_price_set", price.set());
      line.put("is_removed", false);
      line.putNull("phone");
      line.put("price", price.text());
      line.set("price_set", price.set());
      line.putNull("requested_fulfillment_service_id");
      line.put("source", "shopify");
      line.put("title", title);
      line.set("tax_lines", taxes);
      line.set("discount_allocations", Jsons.array());
      list.add(line);
      return list;
    }

    private ArrayNode discountCodes(Cash discounts) {
      var list = Jsons.array();
      if (traits.free() || traits.codeDiscount()) {
        list.add(
            Jsons.object()
                .put("code", traits.free() ? "ONTHEHOUSE" : "WELCOME15")
                .put("amount", discounts.text())
                .put("type", "percentage"));
      }
      return list;
    }

    private ArrayNode noteAttributes() {
      var list = Jsons.array();
      if (traits.note()) {
        list.add(Jsons.object().put("name", "gift_message").put("value", "Für Dich, 元気で!"));
      }
      return list;
    }

    private ArrayNode gateways() {
      var list = Jsons.array();
      if (traits.free()) {
        return list;
      }
      if (traits.paidByGiftCard()) {
        list.add("gift_card");
      }
      return list.add(traits.pending() ? "manual" : "shopify_payments");
    }

    private ObjectNode address() {
      var json = Jsons.object();
      json.put("first_name", buyer.first());
      json.put("address1", buyer.street());
      json.put("phone", phone());
      json.put("city", buyer.city());
      json.put("zip", blankToNull(buyer.zip()));
      json.put("province", blankToNull(buyer.province()));
      json.put("country", market.country());
      json.put("last_name", buyer.last());
      json.put("address2", blankToNull(buyer.second()));
      json.put("company", blankToNull(buyer.company()));
      json.putNull("latitude");
      json.putNull("longitude");
      json.put("name", buyer.first() + " " + buyer.last());
      json.put("country_code", market.countryCode());
      json.put("province_code", blankToNull(buyer.provinceCode()));
      return json;
    }

    private ObjectNode customer(String now) {
      var id = ShopifyIds.customer(number);
      var json = Jsons.object();
      json.put("id", id);
      json.put("admin_graphql_api_id", ShopifyIds.gid("Customer", id));
      json.put("created_at", now);
      json.put("updated_at", now);
      json.put("first_name", buyer.first());
      json.put("last_name", buyer.last());
      json.put("state", "disabled");
      json.putNull("note");
      json.put("verified_email", true);
      json.put("tax_exempt", false);
      json.put("email", email());
      json.put("phone", phone());
      json.put("currency", money.buyerCurrency());
      json.set("tax_exemptions", Jsons.array());
      var home = address();
      home.remove(List.of("latitude", "longitude"));
      home.put("id", id + 1);
      home.put("customer_id", id);
      home.put("country_name", market.country());
      home.put("default", true);
      json.set("default_address", home);
      return json;
    }

    private String email() {
      return "buyer" + number + "@example.com";
    }

    private String phone() {
      return traits.noPhone() ? null : blankToNull(buyer.phone());
    }

    private String confirmation() {
      return Long.toString(31L * 36 * 36 * 36 * 36 * 36 * 2 + number * 7919L, 36).toUpperCase();
    }

    private String token() {
      return "%032x".formatted(seed * 31 + number);
    }

    private <T> T pick(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }
  }

  private static String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void amount(ObjectNode order, String field, Cash cash) {
    order.put(field, cash.text());
    order.set(field + "_set", cash.set());
  }

  /** A decimal as the Admin API writes it: at least one place, no more than needed. */
  static String decimal(BigDecimal amount) {
    var plain = amount.stripTrailingZeros();
    return (plain.scale() < 1 ? plain.setScale(1, RoundingMode.UNNECESSARY) : plain)
        .toPlainString();
  }
}
