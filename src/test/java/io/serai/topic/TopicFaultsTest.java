package io.serai.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** What brokers throw, as one sentence each; what a broker really says, KafkaIT asks one. */
class TopicFaultsTest {
  private static final TopicAccess ACCESS =
      new TopicAccess(
          "erp",
          TopicAccess.brokers(List.of("One.example:9092, two.example:9092")),
          "SSL",
          "PLAIN",
          null,
          null,
          "-----BEGIN CERTIFICATE-----",
          "certificate",
          "key",
          Duration.ofSeconds(5),
          Duration.ofSeconds(20));

  private final TopicFaults faults = new TopicFaults(ACCESS);

  private String sentence(Exception thrown, FailureKind kind) {
    var failure = faults.name(thrown, "orders");
    assertThat(failure.kind()).isEqualTo(kind);
    return failure.sentence();
  }

  @Test
  void whoMayNotIsToldWhatToGrant() {
    assertThat(sentence(new TopicAuthorizationException(Set.of("orders")), FailureKind.AUTH))
        .isEqualTo(
            "The brokers of 'erp' do not let it at topic 'orders'. Grant it to the account there; it goes on by itself.");
    assertThat(sentence(GroupAuthorizationException.forGroupId("serai"), FailureKind.AUTH))
        .isEqualTo(
            "The brokers of 'erp' do not let it join group 'serai'. Grant it, or set another 'group'; it goes on by itself.");
    assertThat(
            sentence(new ClusterAuthorizationException("no idempotent writes."), FailureKind.AUTH))
        .isEqualTo(
            "The brokers of 'erp' refuse what it asks (no idempotent writes). Grant it there; it goes on by itself.");
    assertThat(
            sentence(
                new KafkaException("wrapped", new SslAuthenticationException("bad certificate")),
                FailureKind.AUTH))
        .isEqualTo(
            "The brokers of 'erp' refuse its login (bad certificate). Correct its certificates; it goes on by itself.");
  }

  @Test
  void whatNobodyAnswersIsAnOutage() {
    assertThat(sentence(new TimeoutException("Timed out.\nat length"), FailureKind.TRANSIENT))
        .isEqualTo(
            "No broker of 'erp' answers at 'one.example:9092, two.example:9092' (Timed out). Start them, or correct 'bootstrap-servers' or 'security-protocol'; it goes on by itself.");
  }

  @Test
  void certificatesAreGivenAsTheyStandAndPasswordsEndNothing() {
    var tls = ACCESS.properties();
    assertThat(tls)
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.certificate.chain", "certificate")
        .containsEntry("ssl.keystore.key", "key");

    var login =
        new TopicAccess(
                "erp",
                List.of("one:9092"),
                "SASL_SSL",
                "SCRAM-SHA-512",
                "hub",
                "a\"; b\\",
                null,
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20))
            .properties();
    assertThat(login)
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"hub\" password=\"a\\\"; b\\\\\";")
        .doesNotContainKey("ssl.truststore.type");
  }
}
