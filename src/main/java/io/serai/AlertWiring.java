package io.serai;

import io.serai.alert.AlertTerms;
import io.serai.alert.Alerts;
import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.database.Database;
import io.serai.deadletter.DeadLetters;
import io.serai.outbox.Outbox;
import java.time.Clock;
import java.util.HashMap;
import java.util.Set;
import org.springframework.context.annotation.Bean;

/** Wires what tells people that something needs them. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class AlertWiring {
  @Bean
  Alerts alerts(
      Database database, Clock clock, DeadLetters deadLetters, Configuration configuration) {
    var terms = new HashMap<String, AlertTerms>();
    for (var account : configuration.accounts().values()) {
      if (account.profile().operations().containsKey(Alerts.ALERT)) {
        terms.put(account.name(), terms(account));
      }
    }
    return new Alerts(database.dataSource(), clock, deadLetters, terms);
  }

  private static AlertTerms terms(Account account) {
    return new AlertTerms(
        account.duration("after"),
        account.number("from"),
        account.number("or-money"),
        account.duration("repeat"),
        Set.copyOf(account.texts("kinds")),
        account.has("console-url") ? account.url("console-url").toString() : null,
        account.repeat(Alerts.ALERT).name(),
        account.profile().deadlines().giveUp());
  }

  @Bean
  AlertLifecycle alertLifecycle(Alerts alerts, Database database, Outbox outbox) {
    return new AlertLifecycle(alerts, database.leases(), outbox);
  }
}
