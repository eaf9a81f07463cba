package io.serai.simulator;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The door to eBay's APIs: whose token it is, what is asked, and how the day goes. */
final class EbayApi {

  /** One thing that can be asked. */
  private record Call(String name, EbayTokens.Of of, HttpFace.Handler handler) {}

  private final EbayOptions options;
  private final EbayShop shop;
  private final EbayTokens tokens;
  private final Moods moods;
  private final EbayFulfillment fulfillment;
  private final EbayInventory inventory;
  private final EbayCancellations cancellations;
  private String day = "";
  private int callsToday;

  EbayApi(EbayOptions options, EbayShop shop, EbayTokens tokens, Moods moods) {
    this.options = options;
    this.shop = shop;
    this.tokens = tokens;
    this.moods = moods;
    this.fulfillment = new EbayFulfillment(shop, moods);
    this.inventory = new EbayInventory(shop, options);
    this.cancellations = new EbayCancellations(shop);
  }

  Answer answer(Request request) throws Exception {
    var path = request.segments();
    var call = call(request.method(), String.join("/", path), path);
    if (call == null) {
      return EbayErrors.request(404, 2002, "Resource not found");
    }
    return BadDay.live(
        moods.onCall(List.of(call.name())).orElse(null), new Words(), () -> served(call, request));
  }

  private Answer served(Call call, Request request) throws Exception {
    if (call.of() != null) {
      var scheme = request.path().startsWith("/post-order/") ? "IAF" : "Bearer";
      var of = tokens.bearer(request, scheme);
      if (of == null) {
        return EbayErrors.unauthorized();
      }
      if (of != call.of()) {
        return EbayErrors.forbidden();
      }
      if (exhausted()) {
        return EbayErrors.throttled(60);
      }
    }
    if ("POST".equals(request.method()) && !"token".equals(call.name())) {
      var type = request.header("Content-Type").orElse("");
      if (!type.startsWith("application/json")) {
        return EbayErrors.request(415, 2004, "Content-Type must be application/json");
      }
      try {
        request.json();
      } catch (IOException e) {
        return EbayErrors.request(400, 2004, "The request is not well formed");
      }
    }
    shop.lock().lock();
    try {
      return call.handler().answer(request);
    } catch (EbaySearch.Wrong e) {
      return EbayErrors.request(400, e.errorId(), e.getMessage());
    } finally {
      shop.lock().unlock();
    }
  }

  private Call call(String method, String path, List<String> at) {
    var get = "GET".equals(method);
    var post = "POST".equals(method);
    if (path.equals("identity/v1/oauth2/token") && post) {
      return new Call("token", null, tokens::grant);
    }
    if (path.startsWith("commerce/notification/v1/public_key/") && get && at.size() == 5) {
      return new Call(
          "public-key",
          EbayTokens.Of.APPLICATION,
          r ->
              shop.keys().id().equals(at.get(4))
                  ? shop.keys().answer()
                  : EbayErrors.request(404, 195016, "The public key is not known"));
    }
    if (path.startsWith("sell/fulfillment/v1/order")) {
      return order(get, post, at);
    }
    if (path.equals("sell/inventory/v1/inventory_item") && get) {
      return seller("inventory-items", inventory::items);
    }
    if (path.equals("sell/inventory/v1/offer") && get) {
      return seller("offers", inventory::offers);
    }
    if (path.equals("sell/inventory/v1/bulk_update_price_quantity") && post) {
      return seller("stock", inventory::update);
    }
    if (path.equals("post-order/v2/cancellation") && post) {
      return seller("cancel", cancellations::create);
    }
    if (path.startsWith("post-order/v2/cancellation/") && at.size() == 4 && get) {
      return seller("cancellation", r -> cancellations.show(at.get(3)));
    }
    if (path.startsWith("post-order/v2/cancellation/") && at.size() == 5 && post) {
      return switch (at.get(4)) {
        case "approve" -> seller("approve", r -> cancellations.approve(at.get(3)));
        case "reject" -> seller("reject", r -> cancellations.reject(at.get(3)));
        default -> null;
      };
    }
    return null;
  }

  private Call order(boolean get, boolean post, List<String> at) {
    if (at.size() == 4 && get) {
      return seller("search-orders", fulfillment::search);
    }
    if (at.size() == 5 && get) {
      return seller("get-order", r -> fulfillment.order(at.get(4), r));
    }
    if (at.size() == 6 && at.get(5).equals("shipping_fulfillment")) {
      return get
          ? seller("list-shipments", r -> fulfillment.list(at.get(4)))
          : post ? seller("ship", r -> fulfillment.ship(at.get(4), r)) : null;
    }
    if (at.size() == 6 && at.get(5).equals("issue_refund") && post) {
      return seller("refund", r -> fulfillment.refund(at.get(4), r));
    }
    return null;
  }

  private static Call seller(String name, HttpFace.Handler handler) {
    return new Call(name, EbayTokens.Of.SELLER, handler);
  }

  private synchronized boolean exhausted() {
    if (options.callsPerDay == 0) {
      return false;
    }
    var today = Instant.now(options.clock).atZone(ZoneOffset.UTC).toLocalDate().toString();
    if (!today.equals(day)) {
      day = today;
      callsToday = 0;
    }
    return ++callsToday > options.callsPerDay;
  }

  /** How eBay words its troubles. */
  private static final class Words implements BadDay.Words {
    @Override
    public Answer throttled(Mood mood) {
      return EbayErrors.throttled(Math.max(1, mood.delay().toSeconds()));
    }

    @Override
    public Answer refused() {
      return EbayErrors.business(400, 32600, "Invalid input data");
    }

    @Override
    public Answer concurrent() {
      return EbayErrors.business(409, 34922, "Another request is processed");
    }

    @Override
    public Answer unauthorized() {
      return EbayErrors.unauthorized();
    }

    @Override
    public Answer errorIn200() {
      var body = Jsons.object();
      body.putArray("errors")
          .add(EbayErrors.one(30500, "API_FULFILLMENT", "APPLICATION", "System error"));
      return Answer.json(200, body);
    }

    @Override
    public Answer unavailable(int status) {
      return EbayErrors.application(status);
    }
  }
}
