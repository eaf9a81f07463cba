package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.simulator.Effects;
import io.serai.simulator.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Everybody the demo's hub deals with: a shop, the 3PL of New Jersey, and who runs the national
 * warehouse in Nevada, each in a process of its own and the shop beside the first.
 */
final class Stage implements AutoCloseable {
  /** The shop whose orders are watched. */
  static final String SHOP = "shopify-main";

  /** A second shop, that nobody simulates: what a reader sends by hand arrives there. */
  static final String OUTLET = "shopify-outlet";

  /** The 3PL of node {@code nj-1}. */
  static final String NORTHWIND = "northwind";

  /** Who runs the national warehouse, node {@code nv-1}. */
  static final String SUMMIT = "summit";

  /** Signs the shops' webhooks. */
  static final String SHOP_SECRET = "demo-webhook-secret";

  private static final String PARTNER_KEY = "3pl-key";
  private static final String PARTNER_SECRET = "3pl-secret";

  private final Map<String, StandIns> partners;

  private Stage(Map<String, StandIns> partners) {
    this.partners = partners;
  }

  /**
   * Starts everybody; they answer when this returns.
   *
   * @param hub root of the hub, which need not answer yet
   * @param stock units of each article at each 3PL, unless their ledgers say otherwise
   */
  static Stage set(Path folder, String hub, int stock) {
    var starting = new LinkedHashMap<String, CompletableFuture<StandIns>>();
    for (var partner : List.of(NORTHWIND, SUMMIT)) {
      var options =
          List.of(
              "--hub", hub,
              "--shopify-account", SHOP,
              "--shopify-secret", SHOP_SECRET,
              "--3pl-account", partner,
              "--3pl-key", PARTNER_KEY,
              "--3pl-secret", PARTNER_SECRET,
              "--locations", "1",
              "--3pl-stock", Integer.toString(stock),
              "--cost-bucket", "20000",
              "--restore-rate", "1000",
              "--retry-span", "PT10M");
      starting.put(
          partner,
          CompletableFuture.supplyAsync(() -> StandIns.start(folder.resolve(partner), options)));
    }
    var partners = new LinkedHashMap<String, StandIns>();
    RuntimeException fault = null;
    for (var one : starting.entrySet()) {
      try {
        partners.put(one.getKey(), one.getValue().join());
      } catch (CompletionException e) {
        fault = e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    var stage = new Stage(partners);
    if (fault != null) {
      stage.close();
      throw fault;
    }
    return stage;
  }

  /** What the hub has to know of them. */
  Map<String, Object> configuration() {
    var all = new LinkedHashMap<String, Object>(); // nodes are asked in the order they stand
    for (var shop : List.of(SHOP, OUTLET)) {
      var prefix = "serai.channels." + shop + '.';
      var watched = shop.equals(SHOP);
      all.put(prefix + "connector", "shopify");
      all.put(prefix + "shop", watched ? "acme" : "acme-outlet");
      all.put(prefix + "base-url", shop().url("shopify").toString());
      all.put(prefix + "webhook-secret", SHOP_SECRET);
      all.put(prefix + "access-token", "shpat_simulated");
      all.put(prefix + "publish-stock", watched);
      all.put(prefix + "publish-status", watched);
      all.put(prefix + "reconcile", watched);
      all.put(prefix + "read-listings", watched);
      all.put(prefix + "reconcile-schedule", "0/15 * * * * ?");
      all.put(prefix + "listing-schedule", "5/10 * * * * ?");
    }
    partners.forEach(
        (partner, standIns) -> {
          var prefix = "serai.partners." + partner + '.';
          all.put(prefix + "connector", "rest-3pl");
          all.put(prefix + "base-url", standIns.url("rest3pl").toString());
          all.put(prefix + "api-key", PARTNER_KEY);
          all.put(prefix + "webhook-secret", PARTNER_SECRET);
          all.put(prefix + "poll-stock", false);
          all.put(prefix + "shipment-schedule", "10/15 * * * * ?");
        });
    node(all, "nj-1", "3pl", NORTHWIND, "07001");
    node(all, "nv-1", "warehouse", SUMMIT, "89501");
    all.put("serai.nodes.nv-1.capabilities", "fragile");
    node(all, "hoboken", "store", null, "07030");
    all.put("serai.nodes.hoboken.serves", "US");
    return all;
  }

  private static void node(
      Map<String, Object> all, String name, String type, String partner, String postalCode) {
    var prefix = "serai.nodes." + name + '.';
    all.put(prefix + "type", type);
    all.put(prefix + "country", "US");
    all.put(prefix + "postal-code", postalCode);
    if (partner != null) {
      all.put(prefix + "partner", partner);
    }
  }

  /**
   * Describes fragile articles and reports stock to the hub through its public interface, unless it
   * has some: what the warehouses count, save that bulky articles lie in Nevada only and knives are
   * scarce; the store has one of most things.
   */
  void seed(Api hub) {
    if (!hub.get("/api/v1/stock?limit=1").path("items").isEmpty()) {
      return;
    }
    var counted = new Api(shop().url("rest3pl").toString(), PARTNER_KEY).get("/stock");
    var items = new ArrayList<Map<String, Object>>();
    var jersey = new ArrayList<Map<String, Object>>();
    var nevada = new ArrayList<Map<String, Object>>();
    var store = new ArrayList<Map<String, Object>>();
    for (var level : counted.get("levels")) {
      var sku = level.get("sku").asText();
      var onHand = sku.startsWith("KNIF") ? 5 : level.get("onHand").asInt();
      var bulky = sku.matches("(BLKT|BAG|PLNT|BORD).*");
      if (sku.startsWith("MUG")) {
        items.add(Map.of("sku", sku, "tags", List.of("fragile"), "weightGrams", 350));
      }
      if (!bulky) {
        jersey.add(Map.of("sku", sku, "onHand", onHand));
      }
      nevada.add(Map.of("sku", sku, "onHand", onHand));
      if (!bulky && !sku.startsWith("KNIF")) {
        store.add(Map.of("sku", sku, "onHand", 1));
      }
    }
    hub.put("/api/v1/items", Map.of("items", items));
    hub.put("/api/v1/stock", Map.of("node", "nj-1", "levels", jersey));
    hub.put("/api/v1/stock", Map.of("node", "nv-1", "levels", nevada));
    hub.put("/api/v1/stock", Map.of("node", "hoboken", "levels", store));
  }

  /** The process the shop is in. */
  StandIns shop() {
    return partners.get(NORTHWIND);
  }

  /** Each 3PL's process, by the partner's name. */
  Map<String, StandIns> partners() {
    return partners;
  }

  /** What everybody says of themselves now. */
  Report report() {
    var placed = 0;
    var quiet = true;
    var oversold = new ArrayList<String>();
    JsonNode stock = null;
    for (var one : partners.entrySet()) {
      var summary = one.getValue().summary().orElse(null);
      if (summary == null) {
        quiet = false;
        continue;
      }
      quiet &=
          summary.at("/shopify/webhooks/waiting").asInt() == 0
              && summary.at("/rest3pl/webhooks/waiting").asInt() == 0
              && summary.at("/rest3pl/fulfillments/waiting").asInt() == 0;
      summary.at("/rest3pl/oversold").forEach(sku -> oversold.add(sku.asText()));
      if (one.getKey().equals(NORTHWIND)) {
        placed = summary.at("/shopify/orders/created").asInt();
        stock = summary.at("/shopify/stock");
      }
    }
    return new Report(placed, quiet, oversold, stock);
  }

  /**
   * What the simulators say of themselves.
   *
   * @param placed orders in the shop
   * @param quiet whether nobody owes a webhook or a parcel
   * @param oversold SKUs of which a 3PL was asked for more than it had
   * @param stock what the shop shows as available, by SKU; null when it could not be asked
   */
  record Report(int placed, boolean quiet, List<String> oversold, JsonNode stock) {}

  /** The shop's ledger as it is now. */
  Effects shopLedger() {
    return Ledger.read(shop().ledger("shopify"));
  }

  /** The 3PLs' ledgers as they are now, by the partner's name. */
  Map<String, Effects> partnerLedgers() {
    var ledgers = new LinkedHashMap<String, Effects>();
    partners.forEach((name, process) -> ledgers.put(name, Ledger.read(process.ledger("rest3pl"))));
    return ledgers;
  }

  /** Puts everybody in these moods; see {@link MoodsOption}. */
  void moods(MoodsOption moods) {
    for (var process : partners.values()) {
      process.moods(moods.json());
    }
  }

  @Override
  public void close() {
    partners.values().parallelStream().forEach(StandIns::close);
  }
}
