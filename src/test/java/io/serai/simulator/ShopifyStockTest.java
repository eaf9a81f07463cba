package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyStockTest {

  @TempDir Path folder;
  private ShopifySimulator shop;
  private Admin admin;
  private String item;
  private String location;

  @BeforeEach
  void open() {
    shop = ShopifySimulator.start(ShopifyOptions.in(folder).initialStock(20).articles(300));
    admin = new Admin(shop);
    item = item("MUG-BLU");
    location =
        admin.data("{ locations(first: 1) { nodes { id } } }").at("/locations/nodes/0/id").asText();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void stockIsSetWhenWhatTheCallerBelievesHolds() {
    var answer = admin.setStock("k1", input("available", quantity(7, 20)));

    assertThat(payload(answer).get("userErrors")).isEmpty();
    assertThat(payload(answer).at("/inventoryAdjustmentGroup/changes"))
        .extracting(c -> c.get("name").asText() + c.get("delta").asInt())
        .containsExactly("available-13", "on_hand-13");
    assertThat(available()).isEqualTo(7);
  }

  @Test
  void aStaleBeliefChangesNothingOfTheWholeCall() {
    var other = quantity(5, 20);
    other.put("inventoryItemId", item("MUG-RED"));

    var answer = admin.setStock("k1", input("available", other, quantity(7, 19)));

    assertThat(codes(answer)).containsExactly("CHANGE_FROM_QUANTITY_STALE");
    assertThat(payload(answer).at("/userErrors/0/field"))
        .extracting(JsonNode::asText)
        .containsExactly("input", "quantities", "1", "changeFromQuantity");
    assertThat(available()).isEqualTo(20);
    assertThat(shop.ledger().effects().of("stock.set")).isEmpty();
  }

  @Test
  void nullForTheBeliefOverwritesWhateverIsThere() {
    admin.setStock("k1", input("available", quantity(7, null)));

    assertThat(available()).isEqualTo(7);
  }

  @Test
  void theBeliefMustBeStatedEvenIfNull() {
    var quantity = quantity(7, null);
    quantity.remove("changeFromQuantity");

    var answer = admin.setStock("k1", input("available", quantity));

    assertThat(answer.at("/errors/0/message").asText())
        .isEqualTo(
            "InventoryQuantityInput must include the following argument: changeFromQuantity.");
    assertThat(answer.at("/errors/0/extensions/code").asText())
        .isEqualTo("INVALID_FIELD_ARGUMENTS");
    assertThat(answer.at("/data/inventorySetQuantities").isNull()).isTrue();
  }

  @Test
  void theIdempotencyKeyIsMandatory() {
    var answer =
        admin.ask(
            """
            mutation($input: InventorySetQuantitiesInput!) {
              inventorySetQuantities(input: $input) { userErrors { code } } }
            """,
            Map.of("input", input("available", quantity(7, 20))));

    assertThat(answer.at("/errors/0/message").asText())
        .isEqualTo("The @idempotent directive is required for this mutation but was not provided.");
    assertThat(answer.at("/errors/0/extensions/code").asText()).isEqualTo("BAD_REQUEST");
    assertThat(available()).isEqualTo(20);
  }

  @Test
  void theSameKeyGetsTheSameAnswerEvenAfterOthersChangedTheStockAndAfterARestart() {
    var first = admin.setStock("k1", input("available", quantity(7, 20)));
    admin.setStock("k2", input("available", quantity(9, 7)));
    shop.close();
    open();

    var again = admin.setStock("k1", input("available", quantity(7, 20)));

    assertThat(again.get("data")).isEqualTo(first.get("data"));
    assertThat(available()).isEqualTo(9);
    assertThat(shop.ledger().effects().of("stock.set").count()).isEqualTo(2);
    assertThat(shop.ledger().effects().of("stock.repeated").withKey("k1").count()).isOne();
  }

  @Test
  void aRefusalIsRememberedUnderItsKeyToo() {
    admin.setStock("k1", input("available", quantity(7, 19)));
    admin.setStock("k2", input("available", quantity(19, 20)));

    assertThat(codes(admin.setStock("k1", input("available", quantity(7, 19)))))
        .containsExactly("CHANGE_FROM_QUANTITY_STALE");
  }

  @Test
  void aKeyWithOtherParametersIsRefused() {
    admin.setStock("k1", input("available", quantity(7, 20)));

    var answer = admin.setStock("k1", input("available", quantity(8, 7)));

    assertThat(codes(answer)).containsExactly("IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
    assertThat(available()).isEqualTo(7);
  }

  @Test
  void aWrongNameReasonItemLocationOrQuantityIsRefusedWithItsCode() {
    assertThat(codes(admin.setStock("k1", input("committed", quantity(7, 20)))))
        .containsExactly("INVALID_NAME");
    var reason = new HashMap<>(input("available", quantity(7, 20)));
    reason.put("reason", "because");
    assertThat(codes(admin.setStock("k2", reason))).containsExactly("INVALID_REASON");
    var unknownItem = quantity(7, 20);
    unknownItem.put("inventoryItemId", "gid://shopify/InventoryItem/1");
    assertThat(codes(admin.setStock("k3", input("available", unknownItem))))
        .containsExactly("INVALID_INVENTORY_ITEM");
    var unknownLocation = quantity(7, 20);
    unknownLocation.put("locationId", "gid://shopify/Location/1");
    assertThat(codes(admin.setStock("k4", input("available", unknownLocation))))
        .containsExactly("INVALID_LOCATION");
    assertThat(codes(admin.setStock("k5", input("available", quantity(1_000_000_001, 20)))))
        .containsExactly("INVALID_QUANTITY_TOO_HIGH");
    assertThat(codes(admin.setStock("k6", input("available", quantity(-1_000_000_001, 20)))))
        .containsExactly("INVALID_QUANTITY_TOO_LOW");
    assertThat(codes(admin.setStock("k7", input("on_hand", quantity(-1, 20)))))
        .containsExactly("INVALID_QUANTITY_NEGATIVE");
    assertThat(codes(admin.setStock("k8", input("available", quantity(1, 20), quantity(2, 20)))))
        .containsOnly("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR");
    assertThat(available()).isEqualTo(20);
  }

  @Test
  void moreThan250QuantitiesAreRefused() {
    var many =
        IntStream.range(0, 251)
            .mapToObj(
                i -> {
                  var quantity = quantity(1, null);
                  quantity.put(
                      "inventoryItemId",
                      ShopifyIds.gid(
                          "InventoryItem", ShopifyIds.item(Catalogue.of(300).all().get(i))));
                  return quantity;
                })
            .toList();
    var input = Map.of("name", "available", "reason", "correction", "quantities", many);

    assertThat(admin.setStock("k1", input).at("/errors/0/extensions/code").asText())
        .isEqualTo("MAX_INPUT_SIZE_EXCEEDED");
    var fewer =
        Map.of("name", "available", "reason", "correction", "quantities", many.subList(0, 250));
    assertThat(codes(admin.setStock("k2", fewer))).isEmpty();
  }

  @Test
  void anOrderMovesUnitsFromAvailableToCommittedAndAShipmentTakesThemAway() {
    var draft = shop.draftOrder();
    var line = (com.fasterxml.jackson.databind.node.ObjectNode) draft.at("/line_items/0");
    line.put("sku", "MUG-BLU").put("quantity", 3).put("fulfillable_quantity", 3);
    ((com.fasterxml.jackson.databind.node.ArrayNode) draft.get("line_items")).removeAll().add(line);
    var id = shop.createOrder(draft);
    assertThat(quantities()).containsExactly(17, 3, 20);

    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0).get("id").asText();
    admin.ship(List.of(Map.of("fulfillmentOrderId", fulfillmentOrder)), "1Z");
    assertThat(quantities()).containsExactly(17, 0, 17);

    admin.setStock("k1", input("on_hand", quantity(30, 17)));
    assertThat(quantities()).containsExactly(30, 0, 30);
  }

  @Test
  void whatTheMerchantCorrectsByHandMakesBeliefsStale() {
    shop.editStock("MUG-BLU", 4);

    assertThat(codes(admin.setStock("k1", input("available", quantity(7, 20)))))
        .containsExactly("CHANGE_FROM_QUANTITY_STALE");
    assertThat(available()).isEqualTo(4);
  }

  @Test
  void aCancelGivesTheUnitsBack() {
    var draft = shop.draftOrder();
    var line = (com.fasterxml.jackson.databind.node.ObjectNode) draft.at("/line_items/0");
    line.put("sku", "MUG-BLU").put("quantity", 3).put("fulfillable_quantity", 3);
    ((com.fasterxml.jackson.databind.node.ArrayNode) draft.get("line_items")).removeAll().add(line);

    shop.cancelOrder(shop.createOrder(draft), "customer");

    assertThat(quantities()).containsExactly(20, 0, 20);
  }

  @Test
  void theCatalogueIsListedPageByPage() {
    var skus = new ArrayList<String>();
    String after = null;
    do {
      var variables = new HashMap<String, Object>();
      variables.put("after", after);
      var page =
          admin
              .data(
                  """
                  query($after: String) { inventoryItems(first: 100, after: $after) {
                    nodes { id sku tracked variant { displayName } }
                    pageInfo { hasNextPage endCursor } } }
                  """,
                  variables)
              .get("inventoryItems");
      page.get("nodes").forEach(n -> skus.add(n.get("sku").asText()));
      after =
          page.at("/pageInfo/hasNextPage").asBoolean()
              ? page.at("/pageInfo/endCursor").asText()
              : null;
    } while (after != null);

    assertThat(skus).hasSize(300).doesNotHaveDuplicates().contains("MUG-BLU", "GIFT-50");
  }

  @Test
  void severalSkusAreFoundInOneSearch() {
    var found =
        admin.data(
            "{ productVariants(first: 10, query: \"sku:'MUG-BLU' OR sku:'TEE-M'\") {"
                + " nodes { sku inventoryItem { id } } } }");

    assertThat(found.at("/productVariants/nodes"))
        .extracting(n -> n.get("sku").asText())
        .containsExactly("MUG-BLU", "TEE-M");
  }

  private int available() {
    return quantities().get(0);
  }

  /** available, committed, on hand. */
  private List<Integer> quantities() {
    var level =
        admin.data(
            """
            query($item: ID!, $location: ID!) { inventoryItem(id: $item) {
              inventoryLevel(locationId: $location) {
                quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } }
            """,
            Map.of("item", item, "location", location));
    var quantities = new ArrayList<Integer>();
    level
        .at("/inventoryItem/inventoryLevel/quantities")
        .forEach(q -> quantities.add(q.get("quantity").asInt()));
    return quantities;
  }

  private String item(String sku) {
    return admin
        .data("{ inventoryItems(first: 1, query: \"sku:" + sku + "\") { nodes { id } } }")
        .at("/inventoryItems/nodes/0/id")
        .asText();
  }

  private Map<String, Object> quantity(int wanted, Integer believed) {
    var quantity = new HashMap<String, Object>();
    quantity.put("inventoryItemId", item);
    quantity.put("locationId", location);
    quantity.put("quantity", wanted);
    quantity.put("changeFromQuantity", believed);
    return quantity;
  }

  private static Map<String, Object> input(String name, Map<String, Object> quantity) {
    return Map.of("name", name, "reason", "correction", "quantities", List.of(quantity));
  }

  private static Map<String, Object> input(
      String name, Map<String, Object> first, Map<String, Object> second) {
    return Map.of("name", name, "reason", "correction", "quantities", List.of(first, second));
  }

  private static JsonNode payload(JsonNode answer) {
    return answer.at("/data/inventorySetQuantities");
  }

  private static List<String> codes(JsonNode answer) {
    var codes = new ArrayList<String>();
    payload(answer).get("userErrors").forEach(e -> codes.add(e.get("code").asText()));
    return codes;
  }

  @Test
  void onlyAVariantWhoseStockChangedIsUpdatedLater() {
    shop.close();
    var clock = new ManualClock();
    shop = ShopifySimulator.start(ShopifyOptions.in(folder).clock(clock));
    admin = new Admin(shop);
    var query = "{ productVariants(first: 50) { nodes { updatedAt inventoryItem { id } } } }";
    var before = admin.data(query).at("/productVariants/nodes");
    clock.advance(Duration.ofMinutes(5));

    admin.setStock("k1", input("available", quantity(7, 20)));

    var after = admin.data(query).at("/productVariants/nodes");
    for (int i = 0; i < before.size(); i++) {
      var id = after.get(i).at("/inventoryItem/id").asText();
      assertThat(after.get(i).get("updatedAt").equals(before.get(i).get("updatedAt")))
          .as("%s is as old as before", id)
          .isEqualTo(!id.equals(item));
    }
  }
}
