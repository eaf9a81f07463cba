package io.serai.simulator;

/** Numbers and global ids as the shop hands them out, each computed from what it belongs to. */
final class ShopifyIds {

  private static final long ORDERS = 6_200_000_000_000L;
  private static final long LINES = 15_400_000_000_000L;
  private static final long FULFILLMENT_ORDERS = 7_100_000_000_000L;
  private static final long FULFILLMENT_ORDER_LINES = 16_300_000_000_000L;
  private static final long FULFILLMENTS = 5_600_000_000_000L;
  private static final long ITEMS = 48_500_000_000_000L;
  private static final long VARIANTS = 46_100_000_000_000L;
  private static final long PRODUCTS = 8_300_000_000_000L;
  private static final long LOCATIONS = 84_600_000_000L;
  private static final long CUSTOMERS = 7_900_000_000_000L;
  private static final long REFUNDS = 970_000_000_000L;
  private static final long RETURNS = 945_000_000L;

  private ShopifyIds() {}

  static long order(int number) {
    return ORDERS + number * 1024L;
  }

  static long line(int orderNumber, int index) {
    return LINES + orderNumber * 1024L + index;
  }

  static long fulfillmentOrder(int orderNumber, int index) {
    return FULFILLMENT_ORDERS + orderNumber * 1024L + index;
  }

  static long fulfillmentOrderLine(int orderNumber, int index) {
    return FULFILLMENT_ORDER_LINES + orderNumber * 1024L + index;
  }

  static long fulfillment(long seq) {
    return FULFILLMENTS + seq;
  }

  static long refund(long seq) {
    return REFUNDS + seq;
  }

  static long returned(long seq) {
    return RETURNS + seq;
  }

  static long item(Article article) {
    return ITEMS + article.index() * 1024L;
  }

  static long variant(Article article) {
    return VARIANTS + article.index() * 1024L;
  }

  static long product(Article article) {
    return PRODUCTS + article.index() * 1024L;
  }

  /** The article's place in the catalogue by the number of its inventory item, or -1. */
  static int articleOfItem(long item) {
    var index = item - ITEMS;
    return index >= 0 && index % 1024 == 0 && index / 1024 <= Integer.MAX_VALUE
        ? (int) (index / 1024)
        : -1;
  }

  static int articleOfVariant(long variant) {
    return articleOfItem(variant - VARIANTS + ITEMS);
  }

  static long location(int index) {
    return LOCATIONS + index;
  }

  static long customer(int orderNumber) {
    return CUSTOMERS + orderNumber * 1024L;
  }

  static String gid(String type, long number) {
    return "gid://shopify/" + type + "/" + number;
  }

  /** The number of a global id of this type, or -1 when it is none. */
  static long number(String type, String gid) {
    var prefix = "gid://shopify/" + type + "/";
    if (gid == null || !gid.startsWith(prefix)) {
      return -1;
    }
    var rest = gid.substring(prefix.length());
    var question = rest.indexOf('?');
    if (question >= 0) {
      rest = rest.substring(0, question);
    }
    try {
      return Long.parseLong(rest);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
