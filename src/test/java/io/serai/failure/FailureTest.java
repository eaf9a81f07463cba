package io.serai.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {
  private static Failure failure(String sentence, String evidence) {
    return new Failure(
        FailureKind.UNKNOWN_OUTCOME, sentence, Place.of("northwind"), evidence, 200, null);
  }

  @Test
  void whatAPartnerAnsweredCanAlwaysBeStored() {
    var failure = failure("'northwind' said 'a\0b'.", "\0 garbage");

    assertThat(failure.sentence()).isEqualTo("'northwind' said 'a\uFFFDb'.");
    assertThat(failure.evidence()).isEqualTo("\uFFFD garbage");
  }

  @Test
  void longEvidenceIsCutAndSaysSo() {
    var failure = failure("A sentence.", "x".repeat(Failure.EVIDENCE_LIMIT + 1));

    assertThat(failure.evidence()).hasSize(Failure.EVIDENCE_LIMIT + 1).endsWith("x…");
  }

  @Test
  void noEvidenceStaysNone() {
    assertThat(failure("A sentence.", null).evidence()).isNull();
  }
}
