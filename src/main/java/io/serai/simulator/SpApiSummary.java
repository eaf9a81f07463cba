package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A seller's account in figures. */
final class SpApiSummary {

  private SpApiSummary() {}

  static ObjectNode of(SellerAccount account, LwaTokens tokens, int wanted, boolean detail) {
    var json = Jsons.object();
    var orders = json.putObject("orders");
    orders.put("wanted", wanted);
    orders.put("created", account.orders().size());
    orders.put("toShip", account.orders().stream().filter(SpApiSummary::ships).count());
    orders.put(
        "byAmazon", account.orders().stream().filter(o -> !SellerAccount.byMerchant(o)).count());
    orders.put("cancelled", of(account, "CANCELLED"));
    orders.put("pending", of(account, "PENDING"));
    orders.put("shippedInFull", of(account, "SHIPPED"));
    var back = json.putObject("writeBacks");
    back.put("packages", account.count(SellerAccount.CONFIRMED));
    back.put("packagesEdited", account.count("shipment.edited"));
    back.put("packagesRefused", account.count("confirmShipment.refused"));
    back.put("stockSet", account.count(SellerAccount.STOCK));
    back.put("feeds", account.count(SellerAccount.FEED));
    json.putObject("queue")
        .put("sent", account.count(SellerAccount.NOTIFIED))
        .put("waiting", account.queue().size());
    json.put("tokens", tokens.count());
    json.put("quotaExceeded", account.count("quota.exceeded"));
    var stock = json.putObject("stock");
    account.stock().forEach(stock::put);
    if (detail) {
      var byOrder = json.putObject("byOrder");
      for (var order : account.orders()) {
        var one = byOrder.putObject(order.get("orderId").asText());
        one.put("status", SellerAccount.status(order));
        one.put("toShip", ships(order));
        one.set("packages", order.withArray("packages"));
      }
    }
    return json;
  }

  private static boolean ships(ObjectNode order) {
    return SellerAccount.byMerchant(order) && !"CANCELLED".equals(SellerAccount.status(order));
  }

  private static long of(SellerAccount account, String status) {
    return account.orders().stream()
        .filter(SellerAccount::byMerchant)
        .filter(o -> SellerAccount.status(o).equals(status))
        .count();
  }
}
