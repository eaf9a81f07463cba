package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Etsy shop: its receipts, its listings, and the tokens it no longer accepts.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written, so a shop that is opened again is the shop that was.
 */
final class EtsyShop extends LedgerBase {

  /** How a shop is set up; what its ledger says from an earlier opening wins. */
  record Setup(long shopId, int articles, int initialStock) {}

  static final String RECEIPT = "receipt.created";
  static final String CHANGED = "receipt.changed";
  static final String TOLD = "shipment.created";
  static final String INVENTORY = "inventory.replaced";
  static final String STATE = "listing.state";
  static final String EDITED = "stock.edited";
  static final String TOKENS = "tokens.expired";
  static final String REVOKED = "access.revoked";

  private static final long FIRST_LISTING = 1_500_000_000L;
  private static final long FIRST_PRODUCT = 21_000_000_000L;

  private final EtsyReceipts generator;
  private final Map<Long, ObjectNode> receipts = new LinkedHashMap<>();
  private final Map<Long, EtsyListing> listings = new LinkedHashMap<>();
  private Setup setup;
  private int tokenGeneration;
  private boolean revoked;

  /** Opens a shop on its ledger. */
  EtsyShop(Path file, Setup wanted, long seed, Clock clock) {
    super(clock);
    this.generator = new EtsyReceipts(seed);
    open(file);
    if (setup == null) {
      record("shop.opened", Long.toString(wanted.shopId()), Jsons.tree(wanted));
    }
  }

  long id() {
    return setup.shopId();
  }

  long seconds() {
    return now().getEpochSecond();
  }

  /** Which tokens are accepted: those issued under this number. */
  int tokenGeneration() {
    return tokenGeneration;
  }

  boolean revoked() {
    return revoked;
  }

  /** How many receipts there are. */
  int size() {
    lock().lock();
    try {
      return receipts.size();
    } finally {
      lock().unlock();
    }
  }

  Collection<ObjectNode> receipts() {
    return receipts.values();
  }

  ObjectNode receipt(long receiptId) {
    return receipts.get(receiptId);
  }

  Collection<EtsyListing> listings() {
    return listings.values();
  }

  EtsyListing listing(long listingId) {
    return listings.get(listingId);
  }

  /** Somebody buys: the next receipt of the seed, of what is on offer now. */
  ObjectNode placeNext() {
    lock().lock();
    try {
      var number = receipts.size() + 1;
      var receipt = generator.receipt(number, choose(number), now());
      return place(receipt);
    } finally {
      lock().unlock();
    }
  }

  /** Takes a receipt as it is; the units it names are sold. */
  ObjectNode place(ObjectNode receipt) {
    var id = receipt.get("receipt_id").asText();
    record(RECEIPT, id, Jsons.object().set("receipt", receipt));
    return receipts.get(Long.parseLong(id));
  }

  /** Somebody buys all there is of a listing. */
  void sellOut(EtsyListing listing) {
    var all =
        listing.products.stream()
            .map(p -> new EtsyReceipts.Bought(listing, p, p.quantity))
            .filter(b -> b.quantity() > 0)
            .toList();
    place(generator.receipt(receipts.size() + 1, all, now()));
  }

  private List<EtsyReceipts.Bought> choose(int number) {
    var random = generator.chance(number);
    random.nextInt();
    var bought = new ArrayList<EtsyReceipts.Bought>();
    if (OrderTraits.of(number).digitalOnly()) {
      return bought;
    }
    var offered = new ArrayList<>(listings.values());
    var wanted = 1 + random.nextInt(3);
    for (var tries = 0; tries < 40 && bought.size() < wanted; tries++) {
      var listing = offered.get(random.nextInt(offered.size()));
      var product = listing.products.get(random.nextInt(listing.products.size()));
      var taken = bought.stream().anyMatch(b -> b.product() == product);
      if (!listing.state.equals("active") || !product.enabled || product.quantity == 0 || taken) {
        continue;
      }
      bought.add(
          new EtsyReceipts.Bought(
              listing, product, Math.min(product.quantity, 1 + random.nextInt(3))));
    }
    return bought;
  }

  /** The seller's or the buyer's doing: changes fields of a receipt. */
  void change(long receiptId, String why, ObjectNode fields) {
    record(CHANGED, Long.toString(receiptId), Jsons.object().put("why", why).set("fields", fields));
  }

  /** Etsy cancels a receipt and shows its units again. */
  void cancel(long receiptId) {
    change(receiptId, "cancelled", Jsons.object().put("status", "canceled"));
  }

  /** Money goes back to the buyer. */
  void refund(long receiptId, BigDecimal amount, String reason) {
    var receipt = receipts.get(receiptId);
    var refunds = (ArrayNode) receipt.get("refunds").deepCopy();
    var refund = refunds.addObject();
    refund.set("amount", EtsyMoney.of(amount));
    refund.put("created_timestamp", seconds());
    refund.put("reason", reason);
    refund.putNull("note_from_issuer");
    refund.put("status", "success");
    var back = 0L;
    for (var one : refunds) {
      back += one.at("/amount/amount").asLong();
    }
    var whole = back >= receipt.at("/grandtotal/amount").asLong();
    var fields = Jsons.object().put("status", whole ? "fully refunded" : "partially refunded");
    fields.set("refunds", refunds);
    change(receiptId, "refunded", fields);
  }

  /** The payment of a receipt has come. */
  void pay(long receiptId) {
    change(receiptId, "paid", Jsons.object().put("status", "paid").put("is_paid", true));
  }

  /** A parcel is told of, or only that it left; the buyer is mailed each time. */
  void ship(long receiptId, String code, String carrier) {
    var data = Jsons.object().put("id", 900_000_000L + count(TOLD));
    data.put("tracking_code", code);
    data.put("carrier_name", carrier);
    record(TOLD, Long.toString(receiptId), data);
  }

  void replace(EtsyListing listing, JsonNode inventory) {
    record(INVENTORY, Long.toString(listing.id), inventory);
  }

  void state(EtsyListing listing, String state) {
    record(STATE, Long.toString(listing.id), Jsons.object().put("state", state));
  }

  /** The seller corrects a quantity by hand, unknown to every caller. */
  void edit(EtsyListing listing, String sku, int quantity) {
    record(
        EDITED,
        Long.toString(listing.id),
        Jsons.object().put("sku", sku).put("quantity", quantity));
  }

  /** Every access token given so far is no longer accepted. */
  void expireTokens() {
    record(TOKENS, "all", Jsons.object());
  }

  /** The seller takes the application's access away, or gives it back. */
  void revoke(boolean away) {
    record(REVOKED, "all", Jsons.object().put("revoked", away));
  }

  private void record(String operation, String subject, JsonNode data) {
    record(operation, subject, null, data);
  }

  @Override
  void apply(Effect effect) {
    var data = effect.data();
    var at = effect.at().getEpochSecond();
    switch (effect.operation()) {
      case "shop.opened" -> open(data, at);
      case RECEIPT -> {
        var receipt = (ObjectNode) data.get("receipt").deepCopy();
        receipts.put(receipt.get("receipt_id").asLong(), receipt);
        sell(receipt, -1, at);
      }
      case CHANGED -> {
        var receipt = receipts.get(Long.parseLong(effect.subject()));
        var cancelled =
            data.at("/fields/status").asText().equals("canceled")
                && !receipt.get("status").asText().equals("canceled");
        receipt.setAll((ObjectNode) data.get("fields").deepCopy());
        touch(receipt, at);
        if (cancelled) {
          sell(receipt, 1, at);
        }
      }
      case TOLD -> told(receipts.get(Long.parseLong(effect.subject())), data, at);
      case INVENTORY -> {
        var listing = listings.get(Long.parseLong(effect.subject()));
        listing.replace(data);
        listing.modified = at;
      }
      case STATE -> {
        var listing = listings.get(Long.parseLong(effect.subject()));
        if (listing.state.equals("sold_out")) {
          listing.products.forEach(p -> p.quantity = 1);
        }
        listing.state = data.get("state").asText();
        listing.modified = at;
      }
      case EDITED -> {
        var listing = listings.get(Long.parseLong(effect.subject()));
        listing.product(data.get("sku").asText()).quantity = data.get("quantity").asInt();
        listing.modified = at;
      }
      case TOKENS -> tokenGeneration++;
      case REVOKED -> revoked = data.get("revoked").asBoolean();
      default -> {}
    }
  }

  private void open(JsonNode data, long at) {
    setup =
        new Setup(
            data.get("shopId").asLong(),
            data.get("articles").asInt(),
            data.get("initialStock").asInt());
    var byTitle = new LinkedHashMap<String, EtsyListing>();
    for (var article : Catalogue.of(setup.articles()).goods()) {
      byTitle
          .computeIfAbsent(
              article.title(),
              title -> new EtsyListing(FIRST_LISTING + byTitle.size() * 11L, title, at))
          .products
          .add(
              new EtsyListing.Product(
                  FIRST_PRODUCT + article.index(), article, setup.initialStock()));
    }
    byTitle.values().forEach(listing -> listings.put(listing.id, listing));
  }

  private void sell(ObjectNode receipt, int sign, long at) {
    for (var line : receipt.get("transactions")) {
      var listing = listings.get(line.path("listing_id").asLong());
      var product = listing == null ? null : listing.product(line.path("sku").asText());
      if (product == null) {
        continue;
      }
      product.quantity = Math.max(0, product.quantity + sign * line.get("quantity").asInt());
      listing.modified = at;
      if (sign < 0 && listing.products.stream().allMatch(p -> p.quantity == 0)) {
        listing.state = "sold_out";
      }
    }
  }

  private static void told(ObjectNode receipt, JsonNode data, long at) {
    receipt
        .withArray("shipments")
        .addObject()
        .put("receipt_shipping_id", data.get("id").asLong())
        .put("shipment_notification_timestamp", at)
        .put("carrier_name", data.path("carrier_name").asText(""))
        .put("tracking_code", data.path("tracking_code").asText(""));
    receipt.put("is_shipped", true);
    if (receipt.get("status").asText().equals("paid")) {
      receipt.put("status", "completed");
    }
    touch(receipt, at);
  }

  private static void touch(ObjectNode receipt, long at) {
    receipt.put("update_timestamp", at);
    receipt.put("updated_timestamp", at);
  }
}
