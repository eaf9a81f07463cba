package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.hub.Retention.Terms;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class RetentionTermsTest {
  @Test
  void whatIsNotSaidIsUsual() {
    assertThat(RetentionTerms.read(new MockEnvironment())).isEqualTo(Terms.USUAL);
    assertThat(
            RetentionTerms.read(
                new MockEnvironment().withProperty("serai.retention.orders", "30d")))
        .isEqualTo(new Terms(Duration.ofDays(30), Terms.USUAL.stock(), Terms.USUAL.interchanges()));
  }

  @Test
  void aTimeThatIsNoneOrShorterThanADayIsRefusedByName() {
    assertThatThrownBy(
            () ->
                RetentionTerms.read(
                    new MockEnvironment()
                        .withProperty("serai.retention.orders", "for ever")
                        .withProperty("serai.retention.stock", "6h")))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            serai.retention.orders: Bodies cannot be kept for 'for ever'. Write a number of days from 1, as in '90d'.
            serai.retention.stock: Bodies cannot be kept for '6h'. Write a number of days from 1, as in '90d'.""");
  }
}
