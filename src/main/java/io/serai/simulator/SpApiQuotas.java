package io.serai.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The usage plans of the operations we serve, one token bucket each for the account and its
 * application.
 *
 * <p>Rates are those that the models of Orders 2026-01-01, Orders v0, Listings Items 2021-08-01 and
 * Feeds 2021-06-30 state for every operation. A call that is refused for its credentials takes
 * nothing; one that is refused for its content does.
 */
final class SpApiQuotas {

  static final String SEARCH_ORDERS = "searchOrders";
  static final String GET_ORDER = "getOrder";
  static final String CONFIRM_SHIPMENT = "confirmShipment";
  static final String SEARCH_LISTINGS = "searchListingsItems";
  static final String PATCH_LISTING = "patchListingsItem";
  static final String CREATE_FEED_DOCUMENT = "createFeedDocument";
  static final String CREATE_FEED = "createFeed";
  static final String GET_FEED = "getFeed";
  static final String GET_FEEDS = "getFeeds";
  static final String GET_FEED_DOCUMENT = "getFeedDocument";

  private record Plan(double rate, CostBucket bucket) {}

  private final Map<String, Plan> plans = new LinkedHashMap<>();
  private final AmazonOptions options;

  SpApiQuotas(AmazonOptions options) {
    this.options = options;
    plan(SEARCH_ORDERS, 0.0056, 20);
    plan(GET_ORDER, 0.5, 30);
    plan(CONFIRM_SHIPMENT, 2, 10);
    plan(SEARCH_LISTINGS, 5, 5);
    plan(PATCH_LISTING, 5, 5);
    plan(CREATE_FEED_DOCUMENT, 0.5, 15);
    plan(CREATE_FEED, 0.0083, 15);
    plan(GET_FEED, 2, 15);
    plan(GET_FEEDS, 0.0222, 10);
    plan(GET_FEED_DOCUMENT, 0.0222, 10);
  }

  /** Takes one call; answers whether it was there to take. */
  boolean take(String operation) {
    return plans.get(operation).bucket().take(1);
  }

  /** The rate as the header {@code x-amzn-RateLimit-Limit} writes it. */
  String rate(String operation) {
    return BigDecimal.valueOf(plans.get(operation).rate())
        .setScale(4, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private void plan(String operation, double rate, int burst) {
    var factor = options.quotaFactor;
    plans.put(
        operation,
        new Plan(rate * factor, new CostBucket(burst * factor, rate * factor, options.clock)));
  }
}
