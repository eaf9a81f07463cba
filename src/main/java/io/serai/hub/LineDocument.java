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
  private final WorkingOrder order;
  private final WorkingOrder.Line line;
  private final WorkingOrder.Line sold;
  private final Items items;
  private JsonNode document;

  LineDocument(WorkingOrder order, WorkingOrder.Line line, Items items) {
    this.order = order;
    this.line = line;
    this.sold = line.parent == null ? line : line.parent;
    this.items = items;
  }

  @Override
  public String kind() {
    return line.kind;
  }

  @Override
  public String title() {
    return line.title == null ? document().path("title").asText(null) : line.title;
  }

  @Override
  public List<String> tags() {
    var tags = new TreeSet<String>();
    items.find(line.sku).ifPresent(item -> tags.addAll(item.tags()));
    if (sold != line) {
      items.find(sold.sku).ifPresent(item -> tags.addAll(item.tags()));
    }
    return List.copyOf(tags);
  }

  @Override
  public double weight() {
    return items.find(line.sku).map(Item::weightGrams).orElse(0) / 1_000.0;
  }

  @Override
  public String hsCode() {
    return items.find(line.sku).map(Item::hsCode).orElse(null);
  }

  @Override
  public double value() {
    var pieces = sold.components.stream().mapToInt(c -> c.perParent).sum();
    return OrderDocument.amount(document().path("unitPrice")) / Math.max(1, pieces);
  }

  @Override
  public boolean preorder() {
    return document().path("preorder").isObject();
  }

  private JsonNode document() {
    if (document == null) {
      document = MissingNode.getInstance();
      for (var one : order.document.path("lines")) {
        if (sold.lineId.equals(one.path("lineId").asText())) {
          document = one;
        }
      }
    }
    return document;
  }
}
