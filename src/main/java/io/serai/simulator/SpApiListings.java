package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Listings Items 2021-08-01: {@code searchListingsItems} and {@code patchListingsItem}, as far as
 * stock goes.
 *
 * <p>The model allows 20 listings a page and no more than 1,000 to page through. A patch names one
 * top-level attribute; what is wrong with it is said in {@code issues} at HTTP 200, status INVALID.
 */
final class SpApiListings {

  private static final int PAGE = 20;
  private static final int MOST = 1_000;
  private static final String AVAILABILITY = "/attributes/fulfillment_availability";

  private final SellerAccount account;
  private final AmazonOptions options;
  private int submissions;

  SpApiListings(SellerAccount account, AmazonOptions options) {
    this.account = account;
    this.options = options;
  }

  Answer search(Request request) {
    var query = request.query();
    if (!options.marketplaceId.equals(query.get("marketplaceIds"))) {
      return SpApiWords.invalid("marketplaceIds does not name a store of the seller.");
    }
    int size;
    int from;
    try {
      size = Integer.parseInt(query.getOrDefault("pageSize", "10"));
      from = Integer.parseInt(query.getOrDefault("pageToken", "P0").substring(1));
    } catch (RuntimeException e) {
      return SpApiWords.invalid("pageSize or pageToken cannot be read.");
    }
    if (size < 1 || size > PAGE) {
      return SpApiWords.invalid("pageSize must be between 1 and 20.");
    }
    var all = List.copyOf(account.stock().entrySet());
    var reachable = Math.min(all.size(), MOST);
    var to = Math.min(reachable, from + size);
    var body = Jsons.object();
    body.put("numberOfResults", all.size());
    var items = body.putArray("items");
    for (var entry : all.subList(Math.min(from, to), to)) {
      items.add(item(entry));
    }
    if (to < reachable) {
      body.putObject("pagination").put("nextToken", "P" + to);
    }
    return Answer.json(200, body);
  }

  private ObjectNode item(Map.Entry<String, Integer> entry) {
    var article = account.catalogue().find(entry.getKey());
    var item = Jsons.object();
    item.put("sku", entry.getKey());
    item.putArray("summaries")
        .addObject()
        .put("marketplaceId", options.marketplaceId)
        .put("asin", "B0%08d".formatted(article.index() * 101 + 7))
        .put("productType", "PRODUCT")
        .put("itemName", article.title())
        .putArray("status")
        .add("BUYABLE");
    item.putArray("fulfillmentAvailability")
        .addObject()
        .put("fulfillmentChannelCode", "DEFAULT")
        .put("quantity", entry.getValue());
    return item;
  }

  Answer patch(Request request) {
    JsonNode body;
    try {
      body = request.json();
    } catch (IOException e) {
      return SpApiWords.invalid("The body is not JSON.");
    }
    if (!options.marketplaceId.equals(request.query().get("marketplaceIds"))) {
      return SpApiWords.invalid("marketplaceIds does not name a store of the seller.");
    }
    if (!SpApiOrders.has(body, "productType") || body.path("patches").isEmpty()) {
      return SpApiWords.invalid("productType or patches is missing.");
    }
    var sku = sku(request);
    if (!account.stock().containsKey(sku)) {
      return SpApiWords.missing("SKU '" + sku + "' not found in marketplace.");
    }
    return Answer.json(200, submit(sku, body.get("patches")));
  }

  /** Writes the patches of a listing, or says what is wrong with them. */
  ObjectNode submit(String sku, JsonNode patches) {
    var issues = issues(sku, patches);
    if (issues.isEmpty()) {
      var quantity = patches.at("/0/value/0/quantity").asInt();
      account.setStock(sku, quantity, "patch");
    }
    var answer = Jsons.object();
    answer.put("sku", sku);
    answer.put("status", issues.isEmpty() ? "ACCEPTED" : "INVALID");
    answer.put("submissionId", "sub-" + ++submissions);
    var list = answer.putArray("issues");
    for (var issue : issues) {
      list.addObject()
          .put("code", "90220")
          .put("message", issue)
          .put("severity", "ERROR")
          .putArray("categories")
          .add("INVALID_ATTRIBUTE");
    }
    return answer;
  }

  /** What keeps the patches of a listing from being written, one sentence each. */
  List<String> issues(String sku, JsonNode patches) {
    var issues = new ArrayList<String>();
    if (!account.stock().containsKey(sku)) {
      issues.add("The SKU '" + sku + "' is not known.");
    }
    for (var patch : patches) {
      var value = patch.at("/value/0");
      if (!List.of("add", "replace", "merge", "delete").contains(patch.path("op").asText())) {
        issues.add("'op' is not one of add, replace, merge, delete.");
      } else if (!AVAILABILITY.equals(patch.path("path").asText())) {
        issues.add("'path' is not an attribute that is served here.");
      } else if (!"DEFAULT".equals(value.path("fulfillment_channel_code").asText())) {
        issues.add("'fulfillment_channel_code' is not one of the seller's.");
      } else if (!value.path("quantity").isInt() || value.get("quantity").asInt() < 0) {
        issues.add("'quantity' is not a whole number from 0.");
      }
    }
    return issues;
  }

  // A SKU may hold a slash, so it is all that follows the seller.
  private String sku(Request request) {
    var before = "/listings/2021-08-01/items/" + options.sellerId + "/";
    return request.path().startsWith(before) ? request.path().substring(before.length()) : "";
  }
}
