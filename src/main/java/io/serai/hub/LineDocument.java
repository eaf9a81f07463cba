package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serai.allocation.LineFacts;

/** What rules may ask of an order line, read from the order's document when they ask. */
final class LineDocument implements LineFacts {
  private final WorkingOrder order;
  private final WorkingOrder.Line line;
  private JsonNode document;

  LineDocument(WorkingOrder order, WorkingOrder.Line line) {
    this.order = order;
    this.line = line;
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
  public double value() {
    return OrderDocument.amount(document().path("unitPrice"));
  }

  @Override
  public boolean preorder() {
    return line.preorder;
  }

  private JsonNode document() {
    if (document == null) {
      document = MissingNode.getInstance();
      for (var one : order.document.path("lines")) {
        if (line.lineId.equals(one.path("lineId").asText())) {
          document = one;
        }
      }
    }
    return document;
  }
}
