package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.GraphqlErrorException;
import graphql.schema.DataFetchingEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Setting stock: all of a call or nothing of it, compared with what the caller believes to be there
 * now, remembered under its idempotency key.
 */
final class InventoryMutation {

  private static final int HIGHEST = 1_000_000_000;
  private static final String NAME = "inventorySetQuantities";
  private static final List<String> REASONS =
      List.of(
          "correction",
          "cycle_count_available",
          "damaged",
          "movement_canceled",
          "movement_created",
          "movement_received",
          "movement_updated",
          "other",
          "promotion",
          "quality_control",
          "received",
          "reservation_created",
          "reservation_deleted",
          "reservation_updated",
          "restock",
          "safety_stock",
          "shrinkage");

  private final Shop shop;
  private final StockView view;

  InventoryMutation(Shop shop, StockView view) {
    this.shop = shop;
    this.view = view;
  }

  Map<String, Object> set(DataFetchingEnvironment env) {
    var key = key(env);
    Map<String, Object> input = env.getArgument("input");
    var quantities = quantities(input);
    if (quantities.size() > Connections.LARGEST_PAGE) {
      throw refusal(
          "The input array size of "
              + quantities.size()
              + " is greater than the maximum allowed of "
              + Connections.LARGEST_PAGE
              + ".",
          "MAX_INPUT_SIZE_EXCEEDED");
    }
    for (var quantity : quantities) {
      if (!quantity.containsKey("changeFromQuantity")) {
        throw refusal(
            "InventoryQuantityInput must include the following argument: changeFromQuantity.",
            "INVALID_FIELD_ARGUMENTS");
      }
    }
    var hash = Signature.hex("input", Jsons.bytes(Jsons.tree(input)));
    var earlier = shop.stockAnswer(key);
    if (earlier != null) {
      return repeat(earlier, key, hash);
    }
    var errors = check(input, quantities);
    var data = Jsons.object();
    data.put("hash", hash);
    data.put("name", (String) input.get("name"));
    data.put("reason", (String) input.get("reason"));
    data.put("referenceDocumentUri", (String) input.get("referenceDocumentUri"));
    if (errors.isEmpty()) {
      data.set("changes", changes(input, quantities));
    } else {
      data.set("errors", Jsons.tree(UserError.json(errors)));
    }
    return answer(shop.writeStock(errors.isEmpty(), key, data));
  }

  private Map<String, Object> repeat(Effect earlier, String key, String hash) {
    if (!hash.equals(earlier.text("hash"))) {
      var errors =
          List.of(
              UserError.of("This idempotency key was used with other parameters.", "input")
                  .code("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"));
      shop.refused(NAME, key, Jsons.tree(UserError.json(errors)));
      return payload(null, UserError.json(errors));
    }
    shop.stockRepeated(key);
    return answer(earlier);
  }

  private static String key(DataFetchingEnvironment env) {
    var directives = env.getQueryDirectives().getImmediateAppliedDirective("idempotent");
    if (directives.isEmpty()) {
      throw refusal(
          "The @idempotent directive is required for this mutation but was not provided.",
          "BAD_REQUEST");
    }
    String key = directives.get(0).getArgument("key").getValue();
    if (key == null || key.isBlank()) {
      throw refusal("The idempotency key is blank.", "BAD_REQUEST");
    }
    return key;
  }

  private List<UserError> check(Map<String, Object> input, List<Map<String, Object>> quantities) {
    var errors = new ArrayList<UserError>();
    var name = (String) input.get("name");
    if (!"available".equals(name) && !"on_hand".equals(name)) {
      errors.add(
          UserError.of(
                  "The quantity name must be either 'available' or 'on_hand'.", "input", "name")
              .code("INVALID_NAME"));
      return errors;
    }
    if (!REASONS.contains((String) input.get("reason"))) {
      errors.add(
          UserError.of(
                  "The specified reason is invalid. Valid values are: "
                      + String.join(", ", REASONS)
                      + ".",
                  "input",
                  "reason")
              .code("INVALID_REASON"));
    }
    var pairs = new HashSet<String>();
    var twice = new HashSet<String>();
    for (var quantity : quantities) {
      if (!pairs.add(pair(quantity))) {
        twice.add(pair(quantity));
      }
    }
    for (var i = 0; i < quantities.size(); i++) {
      check(name, quantities.get(i), i, twice, errors);
    }
    return errors;
  }

  private void check(
      String name,
      Map<String, Object> quantity,
      int index,
      Set<String> twice,
      List<UserError> errors) {
    var article = view.articleOfItem((String) quantity.get("inventoryItemId"));
    var location = view.locationIndex((String) quantity.get("locationId"));
    var wanted = (Integer) quantity.get("quantity");
    if (article == null) {
      errors.add(
          error(index, "inventoryItemId", "The specified inventory item could not be found.")
              .code("INVALID_INVENTORY_ITEM"));
    }
    if (location < 0) {
      errors.add(
          error(index, "locationId", "The specified location could not be found.")
              .code("INVALID_LOCATION"));
    }
    if (twice.contains(pair(quantity))) {
      errors.add(
          error(
                  index,
                  "locationId",
                  "The combination of inventoryItemId and locationId must be unique.")
              .code("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"));
    }
    if (wanted > HIGHEST) {
      errors.add(
          error(index, "quantity", "The quantity can't be higher than 1,000,000,000.")
              .code("INVALID_QUANTITY_TOO_HIGH"));
    } else if (wanted < -HIGHEST) {
      errors.add(
          error(index, "quantity", "The quantity can't be lower than -1,000,000,000.")
              .code("INVALID_QUANTITY_TOO_LOW"));
    } else if (wanted < 0 && "on_hand".equals(name)) {
      errors.add(
          error(index, "quantity", "The quantity can't be negative.")
              .code("INVALID_QUANTITY_NEGATIVE"));
    }
    var believed = (Integer) quantity.get("changeFromQuantity");
    if (article != null
        && location >= 0
        && believed != null
        && believed != view.quantity(article.index(), location, name)) {
      errors.add(
          error(
                  index,
                  "changeFromQuantity",
                  "The quantity to change from is no longer the current one.")
              .code("CHANGE_FROM_QUANTITY_STALE"));
    }
  }

  private static UserError error(int index, String field, String message) {
    return UserError.of(message, "input", "quantities", String.valueOf(index), field);
  }

  private JsonNode changes(Map<String, Object> input, List<Map<String, Object>> quantities) {
    var changes = Jsons.array();
    for (var quantity : quantities) {
      var article = view.articleOfItem((String) quantity.get("inventoryItemId"));
      var location = view.locationIndex((String) quantity.get("locationId"));
      changes
          .addObject()
          .put("sku", article.sku())
          .put("article", article.index())
          .put("location", location)
          .put("from", view.quantity(article.index(), location, (String) input.get("name")))
          .put("to", (Integer) quantity.get("quantity"));
    }
    return changes;
  }

  /** The answer an effect stands for, the first time and every time after. */
  private Map<String, Object> answer(Effect effect) {
    var data = effect.data();
    if (data.has("errors")) {
      var errors = new ArrayList<Map<String, Object>>();
      for (var error : data.get("errors")) {
        var map = new HashMap<String, Object>();
        map.put("field", texts(error.get("field")));
        map.put("message", error.get("message").asText());
        map.put("code", error.get("code").textValue());
        errors.add(map);
      }
      return payload(null, errors);
    }
    var changes = new ArrayList<Map<String, Object>>();
    for (var change : data.get("changes")) {
      var delta = change.get("to").asInt() - change.get("from").asInt();
      if (delta != 0) {
        for (var name : List.of("available", "on_hand")) {
          changes.add(change((ObjectNode) change, name, delta));
        }
      }
    }
    if (changes.isEmpty()) {
      return payload(null, List.of());
    }
    var group = StockView.view("InventoryAdjustmentGroup", 54_600_000_000_000L + effect.seq());
    group.put("createdAt", StockView.time(effect.at()));
    group.put("reason", effect.text("reason"));
    group.put("referenceDocumentUri", effect.text("referenceDocumentUri"));
    group.put("changes", changes);
    return payload(group, List.of());
  }

  private Map<String, Object> change(ObjectNode change, String name, int delta) {
    var article = shop.catalogue().all().get(change.get("article").asInt());
    var location = change.get("location").asInt();
    var view = new HashMap<String, Object>();
    view.put("name", name);
    view.put("delta", delta);
    view.put("quantityAfterChange", null);
    view.put("item", StockView.lazily(() -> this.view.item(article)));
    view.put("location", StockView.lazily(() -> this.view.location(location)));
    return view;
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(t -> texts.add(t.asText()));
    return texts;
  }

  private static String pair(Map<String, Object> quantity) {
    return quantity.get("inventoryItemId") + " " + quantity.get("locationId");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> quantities(Map<String, Object> input) {
    return (List<Map<String, Object>>) input.get("quantities");
  }

  private static GraphqlErrorException refusal(String message, String code) {
    return GraphqlErrorException.newErrorException()
        .message(message)
        .extensions(Map.of("code", code))
        .build();
  }

  private static Map<String, Object> payload(Object group, List<Map<String, Object>> errors) {
    var payload = new HashMap<String, Object>();
    payload.put("inventoryAdjustmentGroup", group);
    payload.put("userErrors", errors);
    return payload;
  }
}
