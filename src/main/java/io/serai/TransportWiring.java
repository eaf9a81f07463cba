package io.serai;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.camel.SeraiComponent;
import io.serai.database.Readiness;
import io.serai.database.Refusal;
import io.serai.inbox.Inbox;
import io.serai.inbox.Intake;
import io.serai.intake.Transport;
import java.time.Clock;
import java.util.Optional;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.ConfigurableEnvironment;

/** Wires what accepts documents, and what says whether it does. */
@Configuration(proxyBeanMethods = false)
class TransportWiring {
  @Bean
  TransportLifecycle transportLifecycle(
      ConfigurableEnvironment environment, Inbox inbox, Clock clock, SeraiComponent component) {
    var transport =
        TransportTerms.read(environment).map(settings -> new Transport(settings, inbox, clock));
    transport.map(Transport::intake).ifPresent(component::acceptBy);
    return new TransportLifecycle(transport);
  }

  @Bean(destroyMethod = "")
  @Primary
  Intake intake(TransportLifecycle lifecycle, Inbox inbox) {
    return lifecycle.intake(inbox);
  }

  @Bean
  HealthIndicator intakeHealthIndicator(Readiness database, TransportLifecycle lifecycle) {
    return () -> health(database.refusal(), lifecycle.transport());
  }

  @Bean
  MeterBinder intakeMetrics(Readiness database, TransportLifecycle lifecycle) {
    return registry -> {
      Gauge.builder("serai.intake.refused", () -> refused(database, lifecycle) ? 1 : 0)
          .description("1 while nothing is accepted, because what keeps it is away or not durable")
          .register(registry);
      Gauge.builder(
              "serai.transport.behind",
              () -> lifecycle.transport().map(Transport::behind).orElse(0L))
          .description("Accepted documents of this replica's partitions that are not stored yet.")
          .register(registry);
    };
  }

  private static boolean refused(Readiness database, TransportLifecycle lifecycle) {
    return lifecycle
        .transport()
        .map(topic -> topic.refusal().isPresent())
        .orElseGet(() -> database.refusal().isPresent());
  }

  /** Whether documents are accepted: with a topic, the database may be away meanwhile. */
  static Health health(Optional<Refusal> database, Optional<Transport> transport) {
    if (transport.isEmpty()) {
      return database.isEmpty()
          ? Health.up().build()
          : Health.down().withDetail("reason", database.get().sentence()).build();
    }
    var topic = transport.get();
    var health = topic.refusal().isPresent() ? Health.down() : Health.up();
    topic.refusal().ifPresent(sentence -> health.withDetail("reason", sentence));
    health.withDetail("transport", "kafka").withDetail("topic", topic.topic());
    topic
        .standing()
        .ifPresent(
            seen ->
                health
                    .withDetail("replicas", seen.replicas())
                    .withDetail("minInSyncReplicas", seen.needed()));
    if (topic.allowsSingleBroker()) {
      health.withDetail("allowSingleBroker", true);
    }
    database.ifPresent(refusal -> health.withDetail("database", refusal.sentence()));
    topic.trouble().ifPresent(sentence -> health.withDetail("waiting", sentence));
    return health.withDetail("behind", topic.behind()).build();
  }
}
