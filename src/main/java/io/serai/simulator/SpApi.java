package io.serai.simulator;

import java.util.List;

/**
 * The HTTP protocol of the Selling Partner API: who may call, how often, and what is served.
 *
 * <p>Sources: the models of Orders 2026-01-01, Orders v0, Listings Items 2021-08-01 and Feeds
 * 2021-06-30. Credentials are judged first, then the quota, then the content; every answer but 429
 * names the rate in {@code x-amzn-RateLimit-Limit}.
 */
final class SpApi {

  private final LwaTokens tokens;
  private final SpApiQuotas quotas;
  private final SpApiOrders orders;
  private final SpApiShipments shipments;
  private final SpApiListings listings;
  private final SpApiFeeds feeds;
  private final SellerAccount account;
  private final Moods moods;
  private final SpApiWords words = new SpApiWords();

  SpApi(
      SellerAccount account,
      AmazonOptions options,
      LwaTokens tokens,
      SpApiListings listings,
      SpApiFeeds feeds,
      Moods moods) {
    this.account = account;
    this.tokens = tokens;
    this.quotas = new SpApiQuotas(options);
    this.orders = new SpApiOrders(account, options, moods);
    this.shipments = new SpApiShipments(account);
    this.listings = listings;
    this.feeds = feeds;
    this.moods = moods;
  }

  Answer answer(Request request) throws Exception {
    if (SpApiFeeds.isUpload(request)) {
      return feeds.content(request);
    }
    var operation = operation(request);
    if (operation == null) {
      return SpApiWords.missing(request.method() + " " + request.path() + " is not served.");
    }
    var token = request.header("x-amz-access-token").orElse(null);
    if (token == null) {
      return SpApiWords.denied("Access token is missing in the request header.");
    }
    switch (tokens.grant(token)) {
      case UNKNOWN, GRANTLESS -> {
        return SpApiWords.denied("The access token you provided is revoked, malformed or invalid.");
      }
      case EXPIRED -> {
        return SpApiWords.denied("The access token you provided has expired.");
      }
      case SELLER -> {
        // may come in
      }
    }
    if (!quotas.take(operation)) {
      account.note("quota.exceeded", operation, Jsons.object());
      return SpApiWords.quota();
    }
    var mood = moods.onCall(List.of(operation)).orElse(null);
    var answer = BadDay.live(mood, words, () -> good(operation, request));
    return answer.status() == 429
        ? answer
        : answer.header("x-amzn-RateLimit-Limit", quotas.rate(operation));
  }

  private static String operation(Request request) {
    var path = request.segments();
    var method = request.method();
    if (path.size() < 3) {
      return null;
    }
    return switch (path.get(0) + "/" + path.get(1) + "/" + path.get(2)) {
      case "orders/2026-01-01/orders" ->
          !method.equals("GET")
              ? null
              : path.size() == 3 ? SpApiQuotas.SEARCH_ORDERS : SpApiQuotas.GET_ORDER;
      case "orders/v0/orders" ->
          method.equals("POST") && path.getLast().equals("shipmentConfirmation")
              ? SpApiQuotas.CONFIRM_SHIPMENT
              : null;
      case "listings/2021-08-01/items" ->
          method.equals("GET") && path.size() == 4
              ? SpApiQuotas.SEARCH_LISTINGS
              : method.equals("PATCH") ? SpApiQuotas.PATCH_LISTING : null;
      case "feeds/2021-06-30/documents" ->
          method.equals("POST") ? SpApiQuotas.CREATE_FEED_DOCUMENT : SpApiQuotas.GET_FEED_DOCUMENT;
      case "feeds/2021-06-30/feeds" ->
          method.equals("POST")
              ? SpApiQuotas.CREATE_FEED
              : path.size() == 3 ? SpApiQuotas.GET_FEEDS : SpApiQuotas.GET_FEED;
      default -> null;
    };
  }

  private Answer good(String operation, Request request) throws Exception {
    account.lock().lock();
    try {
      return switch (operation) {
        case SpApiQuotas.SEARCH_ORDERS -> orders.search(request);
        case SpApiQuotas.GET_ORDER -> orders.get(request);
        case SpApiQuotas.CONFIRM_SHIPMENT -> shipments.confirm(request);
        case SpApiQuotas.SEARCH_LISTINGS -> listings.search(request);
        case SpApiQuotas.PATCH_LISTING -> listings.patch(request);
        case SpApiQuotas.CREATE_FEED_DOCUMENT -> feeds.createDocument(request);
        case SpApiQuotas.CREATE_FEED -> feeds.create(request);
        case SpApiQuotas.GET_FEED -> feeds.get(request);
        case SpApiQuotas.GET_FEEDS -> feeds.list(request);
        default -> feeds.document(request);
      };
    } finally {
      account.lock().unlock();
    }
  }
}
