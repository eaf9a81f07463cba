package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.catalog.ShortIds;
import io.serai.simulator.ChannelBooks;
import io.serai.simulator.Effect;
import io.serai.simulator.Effects;
import io.serai.simulator.Ledger;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Everybody the demo's hub deals with: a channel of every kind that can be stood in for, the 3PL of
 * New Jersey, who runs the national warehouse in Nevada, and a 3PL in Ohio that is reached by X12
 * files over SFTP; each 3PL in a process of its own, and all channels and carriers beside the
 * first. The retailer among them is reached by X12 files over AS2.
 */
final class Stage implements AutoCloseable {
  /** A second shop, that nobody simulates: what a reader sends by hand arrives there. */
  static final String OUTLET = "shopify-outlet";

  /** The 3PL of node {@code nj-1}. */
  static final String NORTHWIND = "northwind";

  /** Who runs the national warehouse, node {@code nv-1}. */
  static final String SUMMIT = "summit";

  /** The 3PL of node {@code oh-1}, which is reached by X12 files. */
  static final String HARBOR = "harbor";

  /** A 3PL's stand-in that is reached by HTTP. */
  static final String REST = "rest3pl";

  /** A 3PL's stand-in that is reached by X12 files. */
  static final String EDI = "x12-3pl";

  /** The channel's stand-in that is reached by X12 files. */
  static final String WALMART = "walmart";

  /** The node of the store, whose shelves tills and the web sell from. */
  static final String STORE = "hoboken";

  /** The node that prints are sent from: its own people pack them and buy the labels. */
  static final String PRINTS = "brooklyn";

  /** What begins the name of every print. */
  static final String PRINT = "PSTR";

  /** Units of an article in the store: one for each of its tills. */
  static final int SHELF = 2;

  /** What the goods for Ohio are announced by. */
  private static final String ADVICE = "PO-1001";

  /** Channels that are tills: one order in so many comes from each. */
  private static final Set<String> TILLS = Set.of("square", "pos-rest");

  private static final int TILL_SHARE = 20;

  /** Signs the shops' webhooks. */
  static final String SHOP_SECRET = "demo-webhook-secret";

  /** The channel that a second one of the same kind is made up from. */
  private static final String SHOPIFY = "shopify";

  private static final String SCARCE = "KNIF";
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
   * @param as2 where it takes AS2 messages
   * @param stock units of each article at each 3PL, unless their ledgers say otherwise
   */
  static Stage set(Path folder, String hub, String as2, int stock) {
    var starting = new LinkedHashMap<String, CompletableFuture<StandIns>>();
    for (var partner : List.of(NORTHWIND, SUMMIT, HARBOR)) {
      var options =
          new ArrayList<>(
              List.of(
                  "--hub",
                  hub,
                  "--shopify-secret",
                  SHOP_SECRET,
                  "--3pl-account",
                  partner,
                  "--3pl-key",
                  PARTNER_KEY,
                  "--3pl-secret",
                  PARTNER_SECRET,
                  "--locations",
                  "1",
                  "--store",
                  STORE,
                  "--3pl-few",
                  SCARCE + "=5",
                  "--3pl-stock",
                  Integer.toString(stock),
                  "--cost-bucket",
                  "20000",
                  "--restore-rate",
                  "1000",
                  "--retry-span",
                  "PT10M"));
      if (partner.equals(NORTHWIND)) {
        options.addAll(List.of("--channel", "all=main", "--as2", as2));
        options.addAll(List.of("--carrier", "easypost=easypost-main", "--carrier", "ups=ups-main"));
      }
      if (partner.equals(HARBOR)) {
        options.add("--edi");
      }
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
    for (var channel : channels()) {
      channel(all, channel.account(), channel.connector(), channel.parameters());
      if (channel.name().equals(SHOPIFY)) {
        all.put("serai.channels." + channel.account() + ".refund-on", "received");
        channel(all, OUTLET, SHOPIFY, channel.parameters());
      }
      if (channel.name().equals("amazon")) {
        // its search does not show orders of the last two minutes, which all of them are
        all.put("serai.channels." + channel.account() + ".compare", false);
      }
      if (channel.name().equals(WALMART)) {
        var walmart = "serai.channels." + channel.account() + '.';
        all.put(walmart + "publish-stock", true);
        all.put(walmart + "listing-schedule", "*/5 * * * * ?");
        all.put(walmart + "stock-pace", "5s");
      }
    }
    var outlet = "serai.channels." + OUTLET + '.';
    all.put(outlet + "shop", "acme-outlet");
    for (var off :
        List.of("publish-stock", "publish-status", "reconcile", "read-listings", "compare")) {
      all.put(outlet + off, false);
    }
    partners.forEach(
        (partner, standIns) -> {
          var prefix = "serai.partners." + partner + '.';
          if (partner.equals(HARBOR)) {
            all.put(prefix + "connector", EDI);
            standIns.partner().forEach((name, value) -> all.put(prefix + name, value));
            all.put(prefix + "announce-goods", true);
            return;
          }
          all.put(prefix + "connector", "rest-3pl");
          all.put(prefix + "base-url", standIns.url(REST).toString());
          all.put(prefix + "api-key", PARTNER_KEY);
          all.put(prefix + "webhook-secret", PARTNER_SECRET);
          all.put(prefix + "poll-stock", false);
          all.put(prefix + "shipment-schedule", "10/15 * * * * ?");
        });
    for (var carrier : carriers()) {
      var prefix = "serai.partners." + carrier.account() + '.';
      all.put(prefix + "connector", carrier.connector());
      carrier.parameters().forEach((name, value) -> all.put(prefix + name, value));
    }
    node(all, "nj-1", "3pl", NORTHWIND, "07001");
    node(all, "nv-1", "warehouse", SUMMIT, "89501");
    all.put("serai.nodes.nv-1.capabilities", "fragile");
    node(all, "oh-1", "3pl", HARBOR, "43215");
    node(all, STORE, "store", null, "07030");
    all.put("serai.nodes." + STORE + ".serves", "US");
    node(all, PRINTS, "store", null, "11201");
    var prints = "serai.nodes." + PRINTS + '.';
    all.put(prints + "serves", "US");
    all.put(prints + "region", "NY");
    all.put(
        prints + "carriers",
        String.join(", ", carriers().stream().map(StandIns.Channel::account).toList()));
    all.put(prints + "ship-from.name", "Acme Prints");
    all.put(prints + "ship-from.street", "45 Water Street");
    all.put(prints + "ship-from.city", "Brooklyn");
    all.put(prints + "ship-from.phone", "+17185550100");
    return all;
  }

  private static void channel(
      Map<String, Object> all, String account, String connector, Map<String, Object> parameters) {
    var prefix = "serai.channels." + account + '.';
    all.put(prefix + "connector", connector);
    parameters.forEach((name, value) -> all.put(prefix + name, value));
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
   * Describes fragile articles and prints and reports stock to the hub through its public
   * interface, unless it has some: what the warehouses count, save that bulky articles lie in
   * Nevada only and knives are scarce; the store with tills has two of most things, the other one
   * has prints. Goods for Ohio are announced.
   */
  void seed(Api hub) {
    if (!hub.get("/api/v1/stock?limit=1").path("items").isEmpty()) {
      return;
    }
    var counted = new Api(house().url(REST).toString(), PARTNER_KEY).get("/stock");
    var items = new ArrayList<Map<String, Object>>();
    var jersey = new ArrayList<Map<String, Object>>();
    var nevada = new ArrayList<Map<String, Object>>();
    var store = new ArrayList<Map<String, Object>>();
    var prints = new ArrayList<Map<String, Object>>();
    for (var level : counted.get("levels")) {
      var sku = level.get("sku").asText();
      var onHand = level.get("onHand").asInt();
      var bulky = sku.matches("(BLKT|BAG|PLNT|BORD).*");
      if (sku.startsWith("MUG")) {
        items.add(Map.of("sku", sku, "tags", List.of("fragile"), "weightGrams", 350));
      }
      if (sku.startsWith(PRINT)) {
        items.add(Map.of("sku", sku, "tags", List.of("print"), "weightGrams", Clerk.PRINT_GRAMS));
        prints.add(Map.of("sku", sku, "onHand", onHand));
      }
      if (!bulky) {
        jersey.add(Map.of("sku", sku, "onHand", onHand));
      }
      nevada.add(Map.of("sku", sku, "onHand", onHand));
      if (!bulky && !sku.equals(SCARCE)) {
        store.add(Map.of("sku", sku, "onHand", SHELF));
      }
    }
    hub.put("/api/v1/items", Map.of("items", items));
    hub.put("/api/v1/stock", Map.of("node", "nj-1", "levels", jersey));
    hub.put("/api/v1/stock", Map.of("node", "nv-1", "levels", nevada));
    hub.put("/api/v1/stock", Map.of("node", "oh-1", "levels", nevada));
    hub.put("/api/v1/stock", Map.of("node", STORE, "levels", store));
    hub.put("/api/v1/stock", Map.of("node", PRINTS, "levels", prints));
    hub.post(
        "/api/v1/stock/expect",
        Map.of("node", "oh-1", "rows", List.of(expected("MUG-BLU", 48), expected("LAMP", 12))));
  }

  private static Map<String, Object> expected(String sku, int quantity) {
    return Map.of(
        "sku",
        sku,
        "quantity",
        quantity,
        "advice",
        ADVICE,
        "expectedAt",
        Clock.systemUTC().instant().plus(Duration.ofDays(7)).toString());
  }

  /** The process the channels are in. */
  private StandIns house() {
    return partners.get(NORTHWIND);
  }

  /** The channels whose orders are watched. */
  List<StandIns.Channel> channels() {
    return house().channels();
  }

  /** The carriers that sell labels. */
  List<StandIns.Channel> carriers() {
    return house().carriers();
  }

  /** A buyer of the first shop takes so many of each SKU; answers the order as the shop has it. */
  JsonNode place(Map<String, Integer> units) {
    return house().post(SHOPIFY + "/place", Json.text(Map.of("units", units)));
  }

  /** Units of an order in the first shop that are sent or to be sent; empty when it cannot say. */
  OptionalInt wanted(String order) {
    var orders = house().ask(SHOPIFY + "/orders");
    if (orders.isEmpty()) {
      return OptionalInt.empty();
    }
    var one = orders.get().path(order);
    var units = one.path("unitsLeft").asInt();
    for (var sent : one.path("fulfillments")) {
      units += sent.path("units").asInt();
    }
    return OptionalInt.of(units);
  }

  /** The first shop takes a line off an order that has not left yet. */
  void takeOff(String order, String line, int quantity) {
    house()
        .post(
            SHOPIFY + "/refund",
            Json.text(
                Map.of(
                    "orderId",
                    order,
                    "lineId",
                    line,
                    "quantity",
                    quantity,
                    "restockType",
                    "cancel")));
  }

  /** The buyer is to send units of a line back to the first shop, which agrees. */
  void sendBack(String order, String line, int quantity) {
    house()
        .post(
            SHOPIFY + "/return",
            Json.text(Map.of("orderId", order, "lineId", line, "quantity", quantity)));
  }

  /** The 3PL of New Jersey takes in, for sale again, what it sent by this request. */
  void takeBack(String request, String sku, int quantity) {
    house()
        .post(
            REST + "/take-back",
            Json.text(Map.of("fulfillmentId", request, "sku", sku, "quantity", quantity)));
  }

  /** The carriers' ledgers as they are now, by their names in the hub. */
  Map<String, Effects> carrierLedgers() {
    var ledgers = new LinkedHashMap<String, Effects>();
    carriers().forEach(c -> ledgers.put(c.account(), Ledger.read(house().ledger(c.name()))));
    return ledgers;
  }

  /** Root of what a channel or a carrier serves. */
  URI url(StandIns.Channel channel) {
    return house().url(channel.name());
  }

  /** Each 3PL's process, by the partner's name. */
  Map<String, StandIns> partners() {
    return partners;
  }

  /**
   * Wants this many orders in all channels together, those of earlier starts among them: a few at
   * the tills, the rest in equal parts.
   */
  void placeUpTo(int total, double perSecond) {
    var shops = new ArrayList<StandIns.Channel>();
    var rest = total;
    for (var channel : channels()) {
      if (TILLS.contains(channel.name())) {
        rest -= placeUpTo(channel, (total + TILL_SHARE / 2) / TILL_SHARE, perSecond, total);
      } else {
        shops.add(channel);
      }
    }
    for (var i = 0; i < shops.size(); i++) {
      rest -= placeUpTo(shops.get(i), rest / (shops.size() - i), perSecond, total);
    }
  }

  private int placeUpTo(StandIns.Channel channel, int part, double perSecond, int total) {
    if (part > 0) {
      house().placeUpTo(channel.name(), part, perSecond * part / total);
    }
    return part;
  }

  /** What everybody says of themselves now. */
  Report report() {
    var placed = 0;
    var quiet = true;
    var progress = house().ask("progress").orElse(null);
    if (progress == null) {
      quiet = false;
    } else {
      for (var channel : progress) {
        placed += channel.path("placed").asInt();
        quiet &= channel.path("owed").asInt() == 0;
      }
    }
    var oversold = new ArrayList<String>();
    var wrongs = new ArrayList<String>();
    var announced = 0;
    for (var partner : partners.entrySet()) {
      var summary = partner.getValue().ask(standIn(partner.getKey()) + "/summary").orElse(null);
      if (summary == null) {
        quiet = false;
        continue;
      }
      quiet &=
          summary.at("/webhooks/waiting").asInt() == 0
              && summary.at("/fulfillments/waiting").asInt() == 0;
      announced += summary.path("announcements").asInt();
      summary.path("oversold").forEach(sku -> oversold.add(sku.asText()));
      summary.path("wrong").forEach(sentence -> wrongs.add(sentence.asText()));
    }
    var mailbox = house().ask(WALMART + "/summary").orElse(null);
    if (mailbox == null) {
      return new Report(placed, false, oversold, wrongs, Papers.NONE);
    }
    mailbox.path("wrong").forEach(sentence -> wrongs.add(sentence.asText()));
    return new Report(placed, quiet, oversold, wrongs, Papers.of(mailbox, announced));
  }

  /** The stand-in of a partner. */
  static String standIn(String partner) {
    return partner.equals(HARBOR) ? EDI : REST;
  }

  /**
   * What the simulators say of themselves.
   *
   * @param placed orders in all channels
   * @param quiet whether nobody owes a webhook or a parcel
   * @param oversold SKUs of which a 3PL was asked for more than it had
   * @param wrongs what those who are reached by X12 files complain of, in sentences
   * @param papers what came and went by X12 files
   */
  record Report(
      int placed, boolean quiet, List<String> oversold, List<String> wrongs, Papers papers) {}

  /**
   * What a retailer and a 3PL that are reached by X12 files say of them.
   *
   * @param answers to the retailer's orders, 855
   * @param notices of shipments, 856
   * @param invoices 810
   * @param stockFiles 846
   * @param taken AS2 messages that the retailer took and gave its receipt for
   * @param delivered AS2 messages of the retailer's that the hub gave its receipt for
   * @param announcements of goods to come that the 3PL took, 943
   */
  record Papers(
      int answers,
      int notices,
      int invoices,
      int stockFiles,
      int taken,
      int delivered,
      int announcements) {
    static final Papers NONE = new Papers(0, 0, 0, 0, 0, 0, 0);

    static Papers of(JsonNode mailbox, int announcements) {
      return new Papers(
          mailbox.path("answered").asInt(),
          mailbox.path("shipments").asInt(),
          mailbox.path("invoices").asInt(),
          mailbox.path("stockFiles").asInt(),
          mailbox.at("/as2/taken").asInt(),
          mailbox.at("/as2/delivered").asInt(),
          announcements);
    }
  }

  /** What every channel holds now, by its name in the hub; empty when one cannot be asked. */
  Optional<Map<String, ChannelBooks>> books() {
    var books = new LinkedHashMap<String, ChannelBooks>();
    for (var channel : channels()) {
      var one = house().ask(channel.name() + "/books");
      if (one.isEmpty()) {
        return Optional.empty();
      }
      books.put(channel.account(), ChannelBooks.read(one.get()));
    }
    return Optional.of(books);
  }

  /**
   * The 3PLs' ledgers as they are now, by the partner's name. One that is reached by X12 files
   * knows requests by the short form of our id; its ledger is given in our words.
   *
   * @param fulfillments what the hub asked for
   */
  Map<String, Effects> partnerLedgers(List<HubRecords.Fulfillment> fulfillments) {
    var orders = new HashMap<String, String>();
    fulfillments.forEach(f -> orders.put(f.id(), f.channelOrderId()));
    var ledgers = new LinkedHashMap<String, Effects>();
    partners.forEach(
        (name, process) -> {
          var ledger = Ledger.read(process.ledger(standIn(name)));
          ledgers.put(
              name, name.equals(HARBOR) ? ledger.map(one -> inOurWords(one, orders)) : ledger);
        });
    return ledgers;
  }

  private static Effect inOurWords(Effect effect, Map<String, String> orders) {
    if (!effect.operation().matches("(fulfillment|shipment)\\..*")) {
      return effect;
    }
    var id = Ids.text("ful", ShortIds.uuid(effect.subject()));
    var data = effect.data().deepCopy();
    for (var named : List.of(data, data.path("request"))) {
      if (named.has("orderId")) {
        ((ObjectNode) named).put("orderId", orders.getOrDefault(id, named.get("orderId").asText()));
      }
    }
    return new Effect(effect.seq(), effect.at(), effect.operation(), id, effect.key(), data);
  }

  /** Puts everybody in these moods; see {@link MoodsOption}. */
  void moods(MoodsOption moods) {
    var channels = channels().stream().map(StandIns.Channel::name).toList();
    for (var process : partners.values()) {
      process.moods(moods.json(channels));
    }
  }

  @Override
  public void close() {
    partners.values().parallelStream().forEach(StandIns::close);
  }
}
