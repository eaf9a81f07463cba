package io.serai;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.camel.SeraiComponent;
import io.serai.camel.TopicMetrics;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.outbox.Outbox;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the figures of what comes in, is run and is sent. */
@Configuration(proxyBeanMethods = false)
class TrafficWiring {
  @Bean
  MeterBinder trafficMetrics(Inbox inbox, InboxRunner runner, Outbox outbox) {
    return registry ->
        List.of(inbox.metrics(), runner.metrics(), outbox.metrics())
            .forEach(metrics -> metrics.bindTo(registry));
  }

  @Bean
  MeterBinder topicMetrics(SeraiComponent component, io.serai.catalog.Configuration configuration) {
    return new TopicMetrics(component, configuration);
  }
}
