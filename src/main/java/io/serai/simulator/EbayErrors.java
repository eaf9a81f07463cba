package io.serai.simulator;

/** eBay's way of saying no: a list of numbered errors under a status that fits. */
final class EbayErrors {

  private EbayErrors() {}

  /** What the caller got wrong. */
  static Answer request(int status, int errorId, String message) {
    return answer(status, errorId, "API_FULFILLMENT", "REQUEST", message);
  }

  /** What the business does not allow. */
  static Answer business(int status, int errorId, String message) {
    return answer(status, errorId, "API_FULFILLMENT", "BUSINESS", message);
  }

  /** What the inventory does not allow. */
  static Answer inventory(int status, int errorId, String message) {
    return answer(status, errorId, "API_INVENTORY", "REQUEST", message);
  }

  /** A broken machine. */
  static Answer application(int status) {
    return answer(status, 30500, "API_FULFILLMENT", "APPLICATION", "System error");
  }

  /** Too many calls. */
  static Answer throttled(long seconds) {
    return answer(429, 2001, "ACCESS", "REQUEST", "Too many requests.")
        .header("Retry-After", Long.toString(seconds));
  }

  /** An access token nobody gave out, or one that is over. */
  static Answer unauthorized() {
    return answer(401, 1001, "OAuth", "REQUEST", "Invalid access token");
  }

  /** A token that may do other things. */
  static Answer forbidden() {
    return answer(403, 1100, "ACCESS", "REQUEST", "Access denied");
  }

  /** One error as it stands in a list. */
  static com.fasterxml.jackson.databind.node.ObjectNode one(
      int errorId, String domain, String category, String message) {
    return Jsons.object()
        .put("errorId", errorId)
        .put("domain", domain)
        .put("category", category)
        .put("message", message);
  }

  private static Answer answer(
      int status, int errorId, String domain, String category, String message) {
    var body = Jsons.object();
    body.putArray("errors").add(one(errorId, domain, category, message));
    return Answer.json(status, body);
  }
}
