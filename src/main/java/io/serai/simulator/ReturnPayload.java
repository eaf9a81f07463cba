package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The bodies of Shopify's {@code returns/…} webhooks: the return as it stands. */
final class ReturnPayload {
  private ReturnPayload() {}

  /**
   * The body of one.
   *
   * @param lines units by the id of their line; null where Shopify names none
   */
  static ObjectNode of(ShopOrder order, long id, String status, ObjectNode lines) {
    var body = Jsons.object();
    body.put("id", id).put("admin_graphql_api_id", ShopifyIds.gid("Return", id));
    body.putObject("order")
        .put("id", order.id)
        .put("admin_graphql_api_id", ShopifyIds.gid("Order", order.id));
    body.put("status", status).put("name", order.name + "-R" + id % 1000);
    if (lines != null) {
      var listed = body.putArray("return_line_items");
      lines
          .properties()
          .forEach(
              line -> {
                var entry = listed.addObject().put("id", id * 10 + listed.size());
                entry
                    .putObject("fulfillment_line_item")
                    .putObject("line_item")
                    .put("id", Long.parseLong(line.getKey()));
                entry.put("quantity", line.getValue().asInt());
                entry.put("return_reason", "size_too_small");
              });
      body.put("total_return_line_items", listed.size());
    }
    return body;
  }
}
