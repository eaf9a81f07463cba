package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShipByTest {
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  private static String given(String order, Duration within) {
    return Json.text(ShipBy.given(Json.tree(order.getBytes()), within));
  }

  @Test
  void anOrderThatNamesNoneHasTheOneItsChannelWants() {
    assertThat(given("{\"placedAt\":\"2026-03-02T10:00:00Z\"}", TWO_DAYS))
        .isEqualTo(
            "{\"placedAt\":\"2026-03-02T10:00:00Z\",\"service\":{\"shipBy\":\"2026-03-04T10:00:00Z\"}}");
    assertThat(
            given(
                "{\"placedAt\":\"2026-03-02T10:00:00Z\",\"service\":{\"requestedService\":\"air\",\"shipBy\":null}}",
                TWO_DAYS))
        .contains("\"requestedService\":\"air\"", "\"shipBy\":\"2026-03-04T10:00:00Z\"");
  }

  @Test
  void whatItNamesItselfStands() {
    var order =
        "{\"placedAt\":\"2026-03-02T10:00:00Z\",\"service\":{\"shipBy\":\"2026-03-02T18:00:00Z\"}}";

    assertThat(given(order, TWO_DAYS)).isEqualTo(order);
  }

  @Test
  void aChannelThatWantsNoneChangesNothingAndNeitherDoesAnOrderWithoutATime() {
    assertThat(given("{\"placedAt\":\"2026-03-02T10:00:00Z\"}", null))
        .isEqualTo("{\"placedAt\":\"2026-03-02T10:00:00Z\"}");
    assertThat(given("{\"placedAt\":\"soon\"}", TWO_DAYS)).isEqualTo("{\"placedAt\":\"soon\"}");
  }

  @Test
  void theDocumentThatCameStaysAsItIs() {
    var order = Json.tree("{\"placedAt\":\"2026-03-02T10:00:00Z\",\"service\":{}}".getBytes());

    ShipBy.given(order, TWO_DAYS);

    assertThat(order.at("/service/shipBy").isMissingNode()).isTrue();
  }
}
