package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private final ManualClock clock = new ManualClock();
  private final LoginThrottle throttle = new LoginThrottle(clock);

  @Test
  void tenWrongSecretsCloseTheDoorForTheRestOfTheMinute() {
    for (int i = 1; i < LoginThrottle.LIMIT; i++) {
      assertThat(throttle.wrong("10.0.0.1")).isFalse();
    }
    assertThat(throttle.waitSeconds("10.0.0.1")).isZero();

    assertThat(throttle.wrong("10.0.0.1")).isTrue();

    assertThat(throttle.waitSeconds("10.0.0.1")).isEqualTo(60);
    assertThat(throttle.waitSeconds("10.0.0.2")).isZero();
    clock.advance(Duration.ofSeconds(61));
    assertThat(throttle.waitSeconds("10.0.0.1")).isZero();
  }

  @Test
  void wrongSecretsFarApartNeverCloseIt() {
    for (int i = 0; i < 100; i++) {
      throttle.wrong("10.0.0.1");
      clock.advance(Duration.ofSeconds(7));

      assertThat(throttle.waitSeconds("10.0.0.1")).isZero();
    }
  }
}
