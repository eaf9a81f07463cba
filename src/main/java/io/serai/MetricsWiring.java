package io.serai;

import io.serai.catalog.Configuration;
import io.serai.database.Database;
import io.serai.hub.BacklogMetrics;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.annotation.Bean;

/** Wires the figures that are read from the tables. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class MetricsWiring {
  @Bean
  BacklogMetrics backlogMetrics(Database database, Clock clock, Configuration configuration) {
    var accounts = new TreeMap<String, Map<String, Integer>>();
    for (var account : configuration.accounts().values()) {
      var bursts = new TreeMap<String, Integer>();
      account.quotas().forEach((name, quota) -> bursts.put(name, quota.burst()));
      accounts.put(account.name(), bursts);
    }
    return new BacklogMetrics(database.dataSource(), clock, accounts);
  }
}
