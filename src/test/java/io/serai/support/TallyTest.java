package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Tally tally = new Tally("serai.things", "Things", "account", "result");

  private double shown(String account, String result) {
    return meters
        .get("serai.things")
        .tags("account", account, "result", result)
        .functionCounter()
        .count();
  }

  @Test
  void whatIsCountedBeforeAndAfterItIsShownIsShownOnce() {
    tally.count("shop", "new");
    tally.bindTo(meters);
    tally.count("shop", "new");
    tally.count("shop", "duplicate");
    tally.add(40, List.of("shop", "duplicate"));

    assertThat(shown("shop", "new")).isEqualTo(2);
    assertThat(shown("shop", "duplicate")).isEqualTo(41);
    assertThat(meters.getMeters()).hasSize(2);
  }
}
