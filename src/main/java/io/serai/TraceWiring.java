package io.serai;

import io.serai.camel.SeraiComponent;
import io.serai.hub.Apply;
import io.serai.inbox.Inbox;
import io.serai.trace.Traces;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires who is told of the steps that documents take: nobody, unless a setting says so. */
@Configuration(proxyBeanMethods = false)
class TraceWiring {
  @Bean(destroyMethod = "close")
  Traces traces(
      @Value("${serai.traces.exporter:none}") String exporter,
      @Value("${serai.traces.outward:}") Set<String> outward,
      io.serai.catalog.Configuration configuration,
      Inbox inbox,
      Apply apply,
      SeraiComponent component) {
    for (var account : outward) {
      if (configuration.account(account) == null) {
        throw new IllegalArgumentException(
            "Setting 'serai.traces.outward' names account '%s', which is not configured. Correct the name or remove it."
                .formatted(account));
      }
    }
    var traces = Traces.to(exporter, outward);
    inbox.traceTo(traces);
    apply.traceTo(traces);
    component.traceTo(traces);
    return traces;
  }
}
