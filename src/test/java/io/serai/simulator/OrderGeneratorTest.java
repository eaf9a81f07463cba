package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderGeneratorTest {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  private final OrderGenerator generator =
      new OrderGenerator("acme.myshopify.com", Catalogue.of(60), 2, 7);
  private final List<ObjectNode> orders =
      IntStream.rangeClosed(1, 200).mapToObj(n -> generator.generate(n, AT).payload()).toList();

  @Test
  void theSameSeedAndNumberGiveTheSameOrder() {
    var again = new OrderGenerator("acme.myshopify.com", Catalogue.of(60), 2, 7);

    assertThat(again.generate(42, AT).payload()).isEqualTo(orders.get(41));
    assertThat(new OrderGenerator("acme.myshopify.com", Catalogue.of(60), 2, 8).generate(42, AT))
        .isNotEqualTo(again.generate(42, AT));
  }

  @Test
  void totalsAddUpInBothCurrencies() {
    for (var order : orders) {
      for (var side : List.of("shop_money", "presentment_money")) {
        var expected =
            amount(order, "subtotal_price_set", side)
                .add(amount(order, "total_shipping_price_set", side));
        if (!order.get("taxes_included").asBoolean()) {
          expected = expected.add(amount(order, "total_tax_set", side));
        }
        for (var line : order.get("line_items")) {
          if (line.has("tip_payment_gateway")) {
            expected = expected.add(amount(line, "price_set", side));
          }
        }

        assertThat(amount(order, "total_price_set", side))
            .as(order.get("name").asText() + " " + side)
            .isEqualByComparingTo(expected);
      }
    }
  }

  @Test
  void theSubtotalIsWhatTheLinesComeToAfterDiscounts() {
    for (var order : orders) {
      var expected = BigDecimal.ZERO;
      for (var line : order.get("line_items")) {
        if (!line.has("tip_payment_gateway")) {
          expected =
              expected.add(
                  new BigDecimal(line.get("price").asText())
                      .multiply(BigDecimal.valueOf(line.get("quantity").asInt())));
          for (var allocation : line.get("discount_allocations")) {
            expected = expected.subtract(new BigDecimal(allocation.get("amount").asText()));
          }
        }
      }

      assertThat(new BigDecimal(order.get("subtotal_price").asText()))
          .as(order.get("name").asText())
          .isEqualByComparingTo(expected);
    }
  }

  @Test
  void everyPeculiarityIsAmongThem() {
    assertThat(orders).anyMatch(o -> o.get("taxes_included").asBoolean());
    assertThat(orders).anyMatch(o -> !o.get("taxes_included").asBoolean());
    assertThat(orders).anyMatch(o -> o.get("test").asBoolean());
    assertThat(orders).anyMatch(o -> o.get("phone").isNull());
    assertThat(orders).anyMatch(o -> !o.get("discount_applications").isEmpty());
    assertThat(orders).anyMatch(o -> !o.get("line_item_groups").isEmpty());
    assertThat(orders).anyMatch(o -> "0.00".equals(o.get("total_price").asText()));
    assertThat(orders).anyMatch(o -> "pending".equals(o.get("financial_status").asText()));
    assertThat(orders).anyMatch(o -> o.get("payment_gateway_names").toString().contains("gift"));
    assertThat(orders).anyMatch(o -> !"0.00".equals(o.get("total_tip_received").asText()));
    assertThat(orders).anyMatch(line(l -> l.get("gift_card").asBoolean()));
    assertThat(orders).anyMatch(line(l -> "0.00".equals(l.get("price").asText())));
    assertThat(orders)
        .extracting(o -> o.get("presentment_currency").asText())
        .contains("USD", "EUR", "GBP", "JPY", "PLN", "AED");
    assertThat(orders).extracting(o -> o.at("/customer/first_name").asText()).contains("花子");
  }

  @Test
  void aYenAmountHasNoDecimals() {
    var yen =
        orders.stream()
            .filter(o -> "JPY".equals(o.get("presentment_currency").asText()))
            .findFirst()
            .orElseThrow();

    assertThat(yen.at("/total_price_set/presentment_money/amount").asText()).doesNotContain(".");
  }

  @Test
  void aPickupOrderHasNoShippingAddressAndIsRoutedToTheStore() {
    var number = IntStream.range(1, 99).filter(n -> OrderTraits.of(n).pickup()).findFirst();

    var order = generator.generate(number.orElseThrow(), AT);

    assertThat(order.payload().get("shipping_address").isNull()).isTrue();
    assertThat(order.routing()).extracting(NewOrder.Route::method).containsExactly("PICK_UP");
    assertThat(order.routing()).extracting(NewOrder.Route::location).containsExactly(1);
  }

  @Test
  void anOrderOfGiftCardsOnlyIsNotShipped() {
    var number = IntStream.range(1, 99).filter(n -> OrderTraits.of(n).digitalOnly()).findFirst();

    var order = generator.generate(number.orElseThrow(), AT);

    assertThat(order.routing()).isEmpty();
    assertThat(order.payload().get("shipping_lines")).isEmpty();
  }

  private static Predicate<ObjectNode> line(Predicate<JsonNode> what) {
    return order -> {
      for (var line : order.get("line_items")) {
        if (what.test(line)) {
          return true;
        }
      }
      return false;
    };
  }

  private static BigDecimal amount(JsonNode node, String field, String side) {
    return new BigDecimal(node.at("/" + field + "/" + side + "/amount").asText());
  }
}
