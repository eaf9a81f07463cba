package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  static ChannelBooks books(SellerAccount account) {
    var orders = new LinkedHashMap<String, Map<String, Integer>>();
    var told = new ArrayList<ChannelBooks.Told>();
    for (var order : account.orders()) {
      var id = order.get("orderId").asText();
      var units = new LinkedHashMap<String, Integer>();
      for (var item : order.get("orderItems")) {
        units.merge(
            item.at("/product/sellerSku").asText(),
            item.get("quantityOrdered").asInt(),
            Integer::sum);
      }
      orders.put(id, units);
    }
    for (var effect : account.ledger().effects().of(SellerAccount.CONFIRMED)) {
      told.add(told(effect));
    }
    return new ChannelBooks(orders, Set.of(), told, new LinkedHashMap<>(account.stock()));
  }

  private static ChannelBooks.Told told(Effect effect) {
    var parcel = effect.data().get("packageDetail");
    var units = 0;
    for (var item : parcel.get("orderItems")) {
      units += item.get("quantity").asInt();
    }
    return new ChannelBooks.Told(
        effect.subject(),
        effect.subject() + "/" + parcel.get("packageReferenceId").asText(),
        units,
        List.of(parcel.get("trackingNumber").asText()));
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
