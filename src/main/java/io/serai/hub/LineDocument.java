package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serai.allocation.LineFacts;
import io.serai.stock.Item;
import io.serai.stock.Items;
import java.util.List;
import java.util.TreeSet;

/**
 * What rules may ask of an order line, read from the order's document and the items when they ask.
 * A component of a set is worth its share of what the set is sold for, and what the set needs it
 * needs too.
 */
final class LineDocument implements LineFacts {
  private final JsonNode order;
  private final String kind;
  private final String title;
  private final String sku;
  private final Items items;

  /** Id and SKU of the line that was sold: of the set, when this is one of its components. */
  private final String soldId;

  private final String soldSku;

  /** Units that share what the sold line costs. */
  private final int pieces;

  private JsonNode document;

  LineDocument(WorkingOrder order, WorkingOrder.Line line, Items items) {
    this(
        order.document,
        line.kind,
        line.title,
        line.sku,
        line.parent == null ? line.lineId : line.parent.lineId,
        line.parent == null ? line.sku : line.parent.sku,
        line.parent == null ? 1 : line.parent.components.stream().mapToInt(c -> c.perParent).sum(),
        items);
  }

  LineDocument(JsonNode order, String lineId, String kind, String title, String sku, Items items) {
    this(order, kind, title, sku, lineId, sku, 1, items);
  }

  private LineDocument(
      JsonNode order,
      String kind,
      String title,
      String sku,
      String soldId,
      String soldSku,
      int pieces,
      Items items) {
    this.order = order;
    this.kind = kind;
    this.title = title;
    this.sku = sku;
    this.soldId = soldId;
    this.soldSku = soldSku;
    this.pieces = Math.max(1, pieces);
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
    var tags = new TreeSet<String>();
    items.find(sku).ifPresent(item -> tags.addAll(item.tags()));
    if (soldSku != null && !soldSku.equals(sku)) {
      items.find(soldSku).ifPresent(item -> tags.addAll(item.tags()));
    }
    return List.copyOf(tags);
  }

  @Override
  public double weight() {
    return items.find(sku).map(Item::weightGrams).orElse(0) / 1_000.0;
  }

  @Override
  public double value() {
    return OrderDocument.amount(document().path("unitPrice")) / pieces;
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
        if (soldId.equals(one.path("lineId").asText())) {
          document = one;
        }
      }
    }
    return document;
  }
}
