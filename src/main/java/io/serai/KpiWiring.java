package io.serai;

import io.serai.database.Database;
import io.serai.kpi.Kpis;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the figures about the business. */
@Configuration(proxyBeanMethods = false)
class KpiWiring {
  @Bean
  Kpis kpis(Database database, Clock clock) {
    return new Kpis(database.dataSource(), clock);
  }

  @Bean
  KpiLifecycle kpiLifecycle(Kpis kpis, Database database) {
    return new KpiLifecycle(kpis, database.leases());
  }
}
