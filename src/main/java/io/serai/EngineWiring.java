package io.serai;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.database.Database;
import io.serai.hub.Apply;
import io.serai.inbox.InboxRunner;
import io.serai.outbox.Outbox;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires how the engine begins to stop, and what shows that replicas do not trust each other. */
@Configuration(proxyBeanMethods = false)
class EngineWiring {
  @Bean
  EarlyStop earlyStop(Database database, InboxRunner runner, Outbox outbox) {
    var stop = new EarlyStop(runner, outbox);
    database.whenOutgrown(stop::stop);
    return stop;
  }

  @Bean
  MeterBinder fenceMetrics(Apply apply, Outbox outbox) {
    return registry ->
        FunctionCounter.builder(
                "serai.fence.refused", apply, a -> a.refusedByFence() + outbox.refusedByFence())
            .description("Writes of this replica that came after another had taken the work over")
            .register(registry);
  }
}
