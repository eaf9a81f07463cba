package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.hub.ReturnTerms;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class ReturnTimesTest {
  @Test
  void whatIsNotSaidIsUsual() {
    assertThat(ReturnTimes.read(new MockEnvironment())).isEqualTo(ReturnTerms.USUAL);
    assertThat(
            ReturnTimes.read(
                new MockEnvironment()
                    .withProperty("serai.returns.overdue", "14d")
                    .withProperty("serai.returns.approve-within", "48h")))
        .isEqualTo(new ReturnTerms(Duration.ofDays(14), Duration.ofHours(48)));
  }

  @Test
  void aTimeThatIsNoneIsRefusedByName() {
    assertThatThrownBy(
            () ->
                ReturnTimes.read(
                    new MockEnvironment()
                        .withProperty("serai.returns.overdue", "soon")
                        .withProperty("serai.returns.approve-within", "5m")))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            serai.returns.overdue: 'soon' is no time that a return may take. Write a number of days or hours from one hour, as in '30d'.
            serai.returns.approve-within: '5m' is no time that a return may take. Write a number of days or hours from one hour, as in '30d'.""");
  }
}
