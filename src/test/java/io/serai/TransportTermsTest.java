package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.BadConfiguration;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class TransportTermsTest {
  private static MockEnvironment kafka() {
    return new MockEnvironment().withProperty("serai.transport", "kafka");
  }

  @Test
  void documentsGoToTheDatabaseUnlessKafkaIsAskedFor() {
    assertThat(TransportTerms.read(new MockEnvironment())).isEmpty();
    assertThat(
            TransportTerms.read(new MockEnvironment().withProperty("serai.transport", "postgres")))
        .isEmpty();
    assertThatThrownBy(
            () ->
                TransportTerms.read(
                    new MockEnvironment().withProperty("serai.transport", "pigeons")))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            "serai.transport: Nothing is accepted by 'pigeons'. Write 'postgres' or 'kafka'.");
  }

  @Test
  void whatIsNotSaidIsUsualAndSafe() {
    var settings =
        TransportTerms.read(
                kafka()
                    .withProperty("serai.kafka.bootstrap-servers", "b-1:9093, b-2:9093")
                    .withProperty("serai.kafka.username", "hub")
                    .withProperty("serai.kafka.password", "secret-word"))
            .orElseThrow();

    assertThat(settings.access().brokers()).isEqualTo(List.of("b-1:9093", "b-2:9093"));
    assertThat(settings.access().protocol()).isEqualTo("SASL_SSL");
    assertThat(settings.access().mechanism()).isEqualTo("SCRAM-SHA-512");
    assertThat(settings.topic()).isEqualTo("serai.intake.v1");
    assertThat(settings.group()).isEqualTo("serai-intake");
    assertThat(settings.allowSingleBroker()).isFalse();
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.toString()).doesNotContain("secret-word");
  }

  @Test
  void brokersMayStandInAList() {
    var settings =
        TransportTerms.read(
                kafka()
                    .withProperty("serai.kafka.bootstrap-servers[0]", "b-1:9092")
                    .withProperty("serai.kafka.bootstrap-servers[1]", "b-2:9092")
                    .withProperty("serai.kafka.security-protocol", "SSL")
                    .withProperty("serai.kafka.timeout", "2s"))
            .orElseThrow();

    assertThat(settings.access().brokers()).containsExactly("b-1:9092", "b-2:9092");
    assertThat(settings.access().call().minus(settings.access().connect()))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                TransportTerms.read(
                    kafka()
                        .withProperty("serai.kafka.security-protocol", "TLS")
                        .withProperty("serai.kafka.sasl-mechanism", "GUESS")
                        .withProperty("serai.kafka.timeout", "1m")
                        .withProperty("serai.kafka.allow-single-broker", "perhaps")))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            serai.kafka.bootstrap-servers: No broker is named. Name some, as in 'broker-1:9092'.
            serai.kafka.security-protocol: Brokers do not know 'TLS'. Write one of SASL_SSL, SSL, SASL_PLAINTEXT, PLAINTEXT.
            serai.kafka.sasl-mechanism: Brokers do not know 'GUESS'. Write one of SCRAM-SHA-512, SCRAM-SHA-256, PLAIN.
            serai.kafka.timeout: Nobody waits for brokers for '1m'. Write a time from 1s to 20s.
            serai.kafka.allow-single-broker: 'perhaps' is neither yes nor no. Write 'true' or 'false'.""");
    assertThatThrownBy(
            () -> TransportTerms.read(kafka().withProperty("serai.kafka.bootstrap-servers", "b:1")))
        .hasMessage(
            "serai.kafka.username: Nobody is named who logs in by 'SASL_SSL'. Name who does, or set 'serai.kafka.security-protocol'.");
  }
}
