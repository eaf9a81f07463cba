package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  record Thing(
      String name,
      BigDecimal rate,
      Instant at,
      List<String> tags,
      Map<String, String> more,
      int count) {}

  @Test
  void aDecimalKeepsTheDigitsItWasSentWith() {
    JsonNode tree = Json.tree("{\"a\":90.00,\"b\":0.1,\"c\":12345678901234567890.123456789}");

    assertThat(Json.text(tree))
        .isEqualTo("{\"a\":90.00,\"b\":0.1,\"c\":12345678901234567890.123456789}");
  }

  @Test
  void aRecordIsWrittenWithoutWhatIsNotThere() {
    Thing thing = new Thing("x", new BigDecimal("0.190"), Instant.EPOCH, List.of(), Map.of(), 0);

    assertThat(Json.text(thing))
        .isEqualTo(
            "{\"name\":\"x\",\"rate\":\"0.190\",\"at\":\"1970-01-01T00:00:00Z\",\"count\":0}");
    assertThat(Json.text(Json.node(thing))).isEqualTo(Json.text(thing));
  }

  @Test
  void aFieldNobodyKnowsIsIgnored() {
    assertThat(Json.as(Json.tree("{\"name\":\"x\",\"new\":1,\"count\":2}"), Thing.class).name())
        .isEqualTo("x");
  }

  @Test
  void aCountIsNeverTakenFromTextOrAFraction() {
    assertThatThrownBy(() -> Json.as(Json.tree("{\"count\":\"2\"}"), Thing.class))
        .isInstanceOf(Json.Unreadable.class);
    assertThatThrownBy(() -> Json.as(Json.tree("{\"count\":2.5}"), Thing.class))
        .isInstanceOf(Json.Unreadable.class);
  }

  @Test
  void malformedJsonIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> Json.tree("{\"a\":1,\n\"b\":}"))
        .isInstanceOfSatisfying(
            Json.Unreadable.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.column()).isEqualTo(5);
            })
        .hasMessageStartingWith("The body is not readable JSON at line 2, column 5: ");
  }

  @Test
  void anEmptyBodyIsNoDocument() {
    assertThatThrownBy(() -> Json.tree(new byte[0]))
        .hasMessage("The body is empty where a JSON document is expected.");
  }

  @Test
  void aKeyThatOccursTwiceIsRefused() {
    assertThatThrownBy(() -> Json.tree("{\"id\":1,\"id\":2}"))
        .isInstanceOf(Json.Unreadable.class)
        .hasMessageContaining("id");
  }

  @Test
  void moreThanOneDocumentIsRefused() {
    assertThatThrownBy(() -> Json.tree("{} {}")).isInstanceOf(Json.Unreadable.class);
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] bytes = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    bytes[6] = (byte) 0xff;

    assertThatThrownBy(() -> Json.tree(bytes)).isInstanceOf(Json.Unreadable.class);
  }

  @Test
  void whatWouldCostTooMuchMemoryIsRefused() {
    assertThatThrownBy(() -> Json.tree("[".repeat(65) + "]".repeat(65)))
        .isInstanceOf(Json.Unreadable.class);
    assertThatThrownBy(() -> Json.tree("\"" + "x".repeat(Json.MAX_TEXT + 1) + "\""))
        .isInstanceOf(Json.Unreadable.class);
    assertThatThrownBy(() -> Json.tree("1".repeat(101))).isInstanceOf(Json.Unreadable.class);
  }
}
