package io.serai;

import io.serai.camel.SeraiComponent;
import io.serai.database.Database;
import io.serai.deadletter.Replay;
import io.serai.hub.Topology;
import io.serai.outbox.Outbox;
import io.serai.reconcile.Counterpart;
import io.serai.reconcile.Reconciliation;
import io.serai.reconcile.Remedies;
import java.time.Clock;
import java.util.HashMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertyResolver;

/** Wires what compares channels and partners with what is here. */
@Configuration(proxyBeanMethods = false)
class ReconcileWiring {
  @Bean
  Reconciliation reconciliation(
      Database database,
      Clock clock,
      SeraiComponent component,
      Topology topology,
      PropertyResolver properties) {
    var counterparts = new HashMap<String, Counterpart>();
    topology
        .accounts()
        .values()
        .forEach(
            account ->
                counterparts.put(
                    account.name(),
                    new Counterpart(
                        account.name(),
                        account.channel(),
                        account.publishStatus(),
                        account.publishStock())));
    return new Reconciliation(
        database.dataSource(),
        clock,
        ReconcileTerms.read(properties),
        component.tellers(),
        counterparts);
  }

  @Bean
  Remedies remedies(
      Database database, Clock clock, Replay replay, SeraiComponent component, Outbox outbox) {
    return new Remedies(database.dataSource(), clock, replay, component::pull, outbox::nudge);
  }

  @Bean
  ReconcileLifecycle reconcileLifecycle(Reconciliation reconciliation) {
    return new ReconcileLifecycle(reconciliation);
  }
}
