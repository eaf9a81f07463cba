package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import io.serai.reconcile.Terms;
import java.time.Duration;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class ReconcileTermsTest {
  @Test
  void whatIsNotSaidIsUsual() {
    assertThat(ReconcileTerms.read(new MockEnvironment())).isEqualTo(Terms.USUAL);
    assertThat(
            ReconcileTerms.read(
                new MockEnvironment()
                    .withProperty("serai.reconcile.at", "23:15")
                    .withProperty("serai.reconcile.window", "10d")
                    .withProperty("serai.reconcile.grace", "0s")
                    .withProperty("serai.reconcile.every-b", "3")
                    .withProperty("serai.reconcile.every-c", "10")
                    .withProperty("serai.reconcile.share-a", "70")
                    .withProperty("serai.reconcile.share-b", "90")))
        .isEqualTo(
            new Terms(LocalTime.of(23, 15), Duration.ofDays(10), Duration.ZERO, 3, 10, 70, 90));
  }

  @Test
  void whatNobodyCanMeanIsRefusedByName() {
    assertThatThrownBy(
            () ->
                ReconcileTerms.read(
                    new MockEnvironment()
                        .withProperty("serai.reconcile.at", "at night")
                        .withProperty("serai.reconcile.window", "long")
                        .withProperty("serai.reconcile.every-b", "0")))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining(
            "serai.reconcile.at: Accounts cannot be compared by 'at night'. Write a time of day in UTC, as in '02:30'.")
        .hasMessageContaining(
            "serai.reconcile.every-b: Accounts cannot be compared by '0'. Write a number of nights from 1 to 366.")
        .hasMessageContaining(
            "serai.reconcile.window: Accounts cannot be compared by 'long'. Write a duration, as in '3d'.");
    assertThatThrownBy(
            () ->
                ReconcileTerms.read(
                    new MockEnvironment().withProperty("serai.reconcile.share-b", "70")))
        .hasMessage(
            "serai.reconcile.share-b: Classes A and B together cannot be less than A alone ('70' below '80'). Write a percentage from 80.");
  }
}
