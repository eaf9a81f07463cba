package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingLintTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".price * .quantity",
        ".quantity * .price",
        "(.unit_price) - 1",
        "$total / 2",
        ".lines[0].totalPrice + .tax",
        "fallback(.amount, 0) + 1",
        ".\"list price\" * 2",
        "{\"x\": 1 - .order.discount_amount}",
        "number(.price)",
        "sum([for (.lines) .unitPrice])",
        "round(.shipping.cost)",
        "let x = .fee\n 1 + $fee",
      })
  void arithmeticOnMoneyIsFound(String text) {
    assertThat(MappingLint.check(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".quantity - .current_quantity",
        "money-multiply(money(.price, .currency), .quantity - 1)",
        ".price // not .price * 2",
        "\"total: \" + .total",
        "size(.tax_lines) + 1",
        ".total_weight * 2",
        ".line_price_type + 1",
        "{ * - price : . }",
        "if (.price) 1 + 2 else 3 * 4",
        "[for (.tax_lines) .index + 1]",
        "number(.quantity) * 2",
        ".a-price",
        "\".price * 2\"",
      })
  void whatIsNotMoneyMayBeComputed(String text) {
    assertThat(MappingLint.check(text)).isEmpty();
  }

  @Test
  void theFaultNamesLineFieldAndRemedy() {
    assertThat(MappingLint.check("{\n  \"a\": 1,\n  \"b\": .price * 2\n}"))
        .isEqualTo(
            List.of(
                new MappingLint.Finding(
                    3,
                    "'*' computes the money in 'price' as a binary fraction; use money-add,"
                        + " money-subtract, money-multiply or money-divide.")));
    assertThat(MappingLint.check("number(.price)").getFirst().sentence())
        .isEqualTo(
            "'number' makes a binary fraction of the money in 'price'; use decimal() or the money-"
                + " functions.");
  }

  @Test
  void aMappingWithSuchAFaultDoesNotCompile() {
    assertThatThrownBy(() -> Mappings.builtIn().compile("x.in.jslt", "\n.price * 2"))
        .isInstanceOf(MappingException.class)
        .hasMessageStartingWith("Mapping 'x.in.jslt' line 2: '*' computes the money in 'price'");
  }
}
