package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is shown of endpoints. */
class EndpointMetricsTest {
  private final Endpoints endpoints =
      new Endpoints(
          () -> {
            throw new SQLException("no database here");
          },
          new ManualClock(),
          "node-1");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void bind() {
    new EndpointMetrics(endpoints, List.of("northwind", "fabrikam")).bindTo(registry);
  }

  private double gauge(String name, String destination) {
    return registry.get(name).tag("destination", destination).gauge().value();
  }

  private void fails(FailureKind kind) {
    endpoints.saw(
        "northwind", new Outcome.Failed(Failure.of(kind, "It failed.", Place.of("northwind"))));
  }

  @Test
  void anEndpointThatIsWellShowsNothingUnusual() {
    assertThat(gauge("serai.endpoint.paused", "northwind")).isZero();
    assertThat(gauge("serai.endpoint.breaker", "northwind")).isZero();
    assertThat(gauge("serai.endpoint.share", "northwind")).isEqualTo(1);
    assertThat(gauge("serai.endpoint.draining", "northwind")).isZero();
    assertThat(gauge("serai.endpoint.retry.tokens", "northwind")).isEqualTo(100);
  }

  @Test
  void aPauseAndAnOpenBreakerAreShownForTheEndpointThatHasThem() {
    fails(FailureKind.AUTH);
    for (var i = 0; i < 20; i++) {
      fails(FailureKind.TRANSIENT);
    }

    assertThat(gauge("serai.endpoint.paused", "northwind")).isEqualTo(1);
    assertThat(gauge("serai.endpoint.breaker", "northwind")).isEqualTo(1);
    assertThat(gauge("serai.endpoint.paused", "fabrikam")).isZero();
    assertThat(gauge("serai.endpoint.breaker", "fabrikam")).isZero();
  }
}
