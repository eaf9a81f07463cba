package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.hub.Erasure;
import io.serai.hub.Retention.Terms;
import java.time.Duration;
import java.util.Map;
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

  private static Configuration accounts(MockEnvironment environment) {
    return Configuration.read(
        environment, Catalog.open(RetentionTermsTest.class.getClassLoader(), null).edition());
  }

  @Test
  void peopleAreKnownAsLongAsIsSaidAndNoLongerThanAnAccountAllows() {
    var usual = new MockEnvironment();
    assertThat(RetentionTerms.erasure(usual, accounts(usual))).isEqualTo(Erasure.Terms.USUAL);

    var said =
        new MockEnvironment()
            .withProperty("serai.retention.personal-data", "365d")
            .withProperty("serai.retention.dead-letters", "90d");

    assertThat(RetentionTerms.erasure(said, accounts(said)))
        .isEqualTo(new Erasure.Terms(Duration.ofDays(365), Duration.ofDays(90), Map.of()));
    assertThat(RetentionTerms.erasure(said, accounts(said)).deadLettersOf("shop"))
        .isEqualTo(Duration.ofDays(90));
  }

  @Test
  void aTimeThatPeopleAreKnownIsJudgedByName() {
    var wrong =
        new MockEnvironment()
            .withProperty("serai.retention.personal-data", "soon")
            .withProperty("serai.retention.dead-letters", "1h");

    assertThatThrownBy(() -> RetentionTerms.erasure(wrong, accounts(new MockEnvironment())))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            serai.retention.personal-data: Bodies cannot be kept for 'soon'. Write a number of days from 1, as in '90d'.
            serai.retention.dead-letters: Bodies cannot be kept for '1h'. Write a number of days from 1, as in '90d'.""");
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
