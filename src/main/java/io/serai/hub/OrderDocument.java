package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.allocation.OrderFacts;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What rules may ask of an order, read from its canonical document when they ask. */
final class OrderDocument implements OrderFacts {
  private final WorkingOrder order;
  private final JsonNode document;

  OrderDocument(WorkingOrder order) {
    this.order = order;
    this.document = order.document;
  }

  @Override
  public String account() {
    return order.account;
  }

  @Override
  public String channel() {
    return text(document.at("/channel/type"));
  }

  @Override
  public String marketplace() {
    return text(document.at("/channel/marketplace"));
  }

  @Override
  public String type() {
    return text(document.path("orderType"));
  }

  @Override
  public String currency() {
    return order.currency;
  }

  @Override
  public double value() {
    return order.grandTotal == null ? 0 : order.grandTotal.doubleValue();
  }

  @Override
  public List<String> tags() {
    return texts(document.path("tags"));
  }

  @Override
  public boolean b2b() {
    return !text(document.at("/buyer/companyName"), "").isBlank()
        || !text(document.at("/channel/purchaseOrderNumber"), "").isBlank();
  }

  @Override
  public boolean gift() {
    return document.at("/service/gift").isObject();
  }

  @Override
  public Boolean shipComplete() {
    if (order.lines.stream().anyMatch(WorkingOrder.Line::isSet)) {
      return true; // half a set is of no use to anybody
    }
    var value = document.at("/service/shipComplete");
    return value.isBoolean() ? value.booleanValue() : null;
  }

  @Override
  public String service() {
    return text(document.at("/service/requestedService"));
  }

  @Override
  public Instant shipBy() {
    return instant(document.at("/service/shipBy"));
  }

  @Override
  public Instant deliverBy() {
    return instant(document.at("/service/deliverBy"));
  }

  @Override
  public String country() {
    return order.shipCountry == null ? address("countryCode") : order.shipCountry;
  }

  @Override
  public String region() {
    return address("region");
  }

  @Override
  public String city() {
    return address("city");
  }

  @Override
  public String postalCode() {
    return address("postalCode");
  }

  @Override
  public String addressType() {
    return address("type");
  }

  private String address(String field) {
    return text(document.path("shipTo").path("address").path(field));
  }

  private static Instant instant(JsonNode value) {
    try {
      return value.isTextual() ? Instant.parse(value.textValue()) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String text(JsonNode value) {
    return text(value, null);
  }

  private static String text(JsonNode value, String otherwise) {
    return value.isValueNode() && !value.isNull() ? value.asText() : otherwise;
  }

  static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>(list.size());
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  /** An amount as the canonical model writes it; zero when there is none. */
  static double amount(JsonNode money) {
    var amount = money.isObject() ? money.path("amount") : money;
    try {
      return amount.isValueNode() && !amount.isNull()
          ? new BigDecimal(amount.asText()).doubleValue()
          : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
