package io.serai;

import io.serai.database.Database;
import io.serai.hub.Erasure;
import io.serai.hub.Retention;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Wires what deletes bodies that nobody needs any more. */
@Configuration(proxyBeanMethods = false)
class RetentionWiring {
  @Bean
  Retention.Terms retentionTerms(ConfigurableEnvironment environment) {
    return RetentionTerms.read(environment);
  }

  @Bean
  Retention retention(Database database, Clock clock, Retention.Terms terms, Erasure erasure) {
    return new Retention(database.dataSource(), clock, terms, 20).with(erasure);
  }
}
