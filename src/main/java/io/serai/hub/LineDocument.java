package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serai.allocation.LineFacts;
import io.serai.stock.Item;
import io.serai.stock.Items;
import java.util.List;

/**
 * What rules may ask of an order line, read from the order's document and the item when they ask.
 */
final class LineDocument implements LineFacts {
  private final JsonNode order;
  private final String lineId;
  private final String kind;
  private final String title;
  private final String sku;
  private final Items items;
  private JsonNode document;

  LineDocument(WorkingOrder order, WorkingOrder.Line line, Items items) {
    this(order.document, line.lineId, line.kind, line.title, line.sku, items);
  }

  LineDocument(JsonNode order, String lineId, String kind, String title, String sku, Items items) {
    this.order = order;
    this.lineId = lineId;
    this.kind = kind;
    this.title = title;
    this.sku = sku;
    this.items = items;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public String title() {
    return title == null ? document().path("title").asText(null) : title;
  }

  @Override
  public List<String> tags() {
    return items.find(sku).map(item -> List.copyOf(item.tags())).orElse(List.of());
  }

  @Override
  public double weight() {
    return items.find(sku).map(Item::weightGrams).map(grams -> grams / 1_000.0).orElse(0.0);
  }

  @Override
  public double value() {
    return OrderDocument.amount(document().path("unitPrice"));
  }

  @Override
  public boolean preorder() {
    var preorder = document().path("preorder");
    return preorder.isObject() || preorder.asBoolean(false);
  }

  private JsonNode document() {
    if (document == null) {
      document = MissingNode.getInstance();
      for (var one : order.path("lines")) {
        if (lineId.equals(one.path("lineId").asText())) {
          document = one;
        }
      }
    }
    return document;
  }
}
