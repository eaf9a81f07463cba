package io.serai.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.catalog.Configuration;
import java.util.List;

/** How far this replica lags behind the topics that its accounts read. */
public final class TopicMetrics implements MeterBinder {
  private final Topics topics;
  private final List<String> accounts;

  /** Of the accounts that read a topic as a group. */
  public TopicMetrics(SeraiComponent component, Configuration configuration) {
    this.topics = component.topics();
    this.accounts =
        configuration.accounts().values().stream()
            .filter(account -> account.profile().parameters().containsKey("topic"))
            .map(account -> account.name())
            .toList();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var account : accounts) {
      Gauge.builder("serai.topic.behind", topics, t -> t.behind().getOrDefault(account, 0L))
          .tag("account", account)
          .description("Records of this replica's partitions that are not read yet.")
          .register(registry);
    }
  }
}
