package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class ApprovalTermsTest {
  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void nobodyNeedsAnybodyUnlessItIsSaid() {
    var terms = ApprovalTerms.from(environment);

    assertThat(terms).isEqualTo(ApprovalTerms.NONE);
    assertThat(terms.refundsAbove("EUR")).isNull();
  }

  @Test
  void whatIsSaidOfOneCurrencyLeavesNothingToAnother() {
    environment
        .withProperty("serai.approval.replays-above", "1000")
        .withProperty("serai.approval.discards-above", "20")
        .withProperty("serai.approval.refunds-above.eur", "200.00");

    var terms = ApprovalTerms.from(environment);

    assertThat(terms.replaysAbove()).isEqualTo(1000);
    assertThat(terms.discardsAbove()).isEqualTo(20);
    assertThat(terms.refundsAbove("EUR")).isEqualByComparingTo("200");
    assertThat(terms.refundsAbove("USD")).isEqualTo(BigDecimal.ZERO);
  }

  @Test
  void everyFaultIsNamed() {
    environment
        .withProperty("serai.approval.replays-above", "many")
        .withProperty("serai.approval.discards-above", "-1")
        .withProperty("serai.approval.refunds-above.EUR", "1e3")
        .withProperty("serai.approval.refunds-above.EURO", "5");

    assertThatThrownBy(() -> ApprovalTerms.from(environment))
        .isInstanceOf(AccessRefused.class)
        .hasMessageContaining(
            "'serai.approval.replays-above' is 'many', which is no whole number; give one as 1000.")
        .hasMessageContaining(
            "'serai.approval.discards-above' is '-1', which is no whole number; give one as 1000.")
        .hasMessageContaining(
            "'serai.approval.refunds-above.EUR' is '1e3', which is no amount; give decimal text as 200.00.")
        .hasMessageContaining(
            "'serai.approval.refunds-above.EURO' names no currency; write it as serai.approval.refunds-above.EUR.");
  }
}
