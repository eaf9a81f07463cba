package io.serai.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A few values out of a body that nobody has judged yet. */
class PeekTest {
  private static Map<String, String> peek(String body, String... pointers) throws IOException {
    return Peek.at(body.getBytes(UTF_8), List.of(pointers));
  }

  @Test
  void scalarsAreReadByPointerAndTheRestIsLeftOut() throws IOException {
    var found =
        peek(
            "{\"id\":12,\"order\":{\"id\":\"A-1\",\"list\":[{\"id\":9}]},\"at\":null}",
            "/id",
            "/order/id",
            "/at",
            "/order",
            "/none");

    assertThat(found).containsOnly(Map.entry("/id", "12"), Map.entry("/order/id", "A-1"));
  }

  @Test
  void numbersKeepTheirDigits() throws IOException {
    assertThat(peek("{\"id\":98765432109876543210}", "/id"))
        .containsEntry("/id", "98765432109876543210");
  }

  @Test
  void readingStopsAtTheLastValueSoWhatIsBrokenBehindItDoesNotMatter() throws IOException {
    assertThat(peek("{\"id\":1,\"rest\":{{{", "/id")).containsEntry("/id", "1");
  }

  @Test
  void whatIsBrokenBeforeTheValueIsNotJson() {
    assertThatThrownBy(() -> peek("{\"rest\":{{{,\"id\":1}", "/id"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> peek("{\"rest\":\"half", "/id")).isInstanceOf(IOException.class);
  }

  @Test
  void aBodyThatIsNoObjectHasNoValues() throws IOException {
    assertThat(peek("[1,2,3]", "/id")).isEmpty();
    assertThat(peek("", "/id")).isEmpty();
    assertThat(peek("17", "/id")).isEmpty();
  }

  @Test
  void endlessNestingIsRefusedAndCostsLittle() {
    assertThatThrownBy(() -> peek("{\"a\":" + "[".repeat(100_000), "/id"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aNulInAValueIsMadeVisibleAndALongKeyIsCut() throws IOException {
    var found = peek("{\"id\":\"a\\u0000b\"}", "/id");

    assertThat(WebhookConsumer.clean(found.get("/id"))).isEqualTo("a\uFFFDb");
    assertThat(WebhookConsumer.clean("x".repeat(5_000))).hasSize(500);
  }

  @Test
  void oneInstantWrittenTwoWaysIsOneVersion() {
    assertThat(WebhookConsumer.instant("2026-03-02T05:00:00-05:00"))
        .isEqualTo(WebhookConsumer.instant("2026-03-02T10:00:00Z"));
    assertThat(WebhookConsumer.instant("v7")).isEqualTo("v7");
  }
}
