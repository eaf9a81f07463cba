package io.serai.simulator;

import graphql.schema.DataFetchingEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cancelling an order from outside. */
final class CancelMutation {

  private static final int LONGEST_NOTE = 255;

  private final Shop shop;

  CancelMutation(Shop shop) {
    this.shop = shop;
  }

  /** Cancels at once; the job is still reported as running, as the real one does. */
  Map<String, Object> cancel(DataFetchingEnvironment env) {
    var order = shop.order(ShopifyIds.number("Order", env.getArgument("orderId")));
    var errors = new ArrayList<UserError>();
    if (order == null) {
      errors.add(UserError.of("Order does not exist", "orderId").code("NOT_FOUND"));
    } else {
      check(env, order, errors);
    }
    if (!errors.isEmpty()) {
      shop.refused(
          "orderCancel",
          order == null ? null : String.valueOf(order.id),
          Jsons.tree(UserError.json(errors)));
      return payload(null, errors);
    }
    String reason = env.getArgument("reason");
    boolean restock = env.getArgument("restock");
    shop.cancel(order, reason.toLowerCase(Locale.ROOT), restock, refunds(env));
    return payload(
        Map.of("id", "gid://shopify/Job/" + new java.util.UUID(order.id, 1), "done", false),
        errors);
  }

  private static void check(DataFetchingEnvironment env, ShopOrder order, List<UserError> errors) {
    String note = env.getArgument("staffNote");
    if (env.getArgument("refund") != null && env.getArgument("refundMethod") != null) {
      errors.add(
          UserError.of(
                  "Only one of the arguments `refund` or `refund_method` is allowed.", "refund")
              .code("INVALID"));
    }
    if (note != null && note.length() > LONGEST_NOTE) {
      errors.add(
          UserError.of(
                  "Staff note is too long. Maximum length is " + LONGEST_NOTE + " characters.",
                  "staffNote")
              .code("INVALID"));
    }
    if (order.cancelledAt != null) {
      errors.add(
          UserError.of("Cannot cancel an order that has already been canceled", "orderId")
              .code("INVALID"));
    } else if (!order.shipments.isEmpty()) {
      errors.add(
          UserError.of("Cannot cancel an order that has outstanding fulfillments", "orderId")
              .code("INVALID"));
    }
  }

  private static boolean refunds(DataFetchingEnvironment env) {
    Map<String, Object> method = env.getArgument("refundMethod");
    return Boolean.TRUE.equals(env.getArgument("refund"))
        || method != null && Boolean.TRUE.equals(method.get("originalPaymentMethodsRefund"));
  }

  private static Map<String, Object> payload(Object job, List<UserError> errors) {
    var payload = new HashMap<String, Object>();
    payload.put("job", job);
    payload.put("orderCancelUserErrors", UserError.json(errors));
    payload.put("userErrors", UserError.json(errors));
    return payload;
  }
}
