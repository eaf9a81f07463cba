package io.serai;

import io.serai.database.Database;
import io.serai.hub.Erasure;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Wires what erases personal data. */
@Configuration(proxyBeanMethods = false)
class ErasureWiring {
  @Bean
  Erasure erasure(
      Database database,
      Clock clock,
      io.serai.catalog.Configuration configuration,
      ConfigurableEnvironment environment) {
    return new Erasure(
        database.dataSource(), clock, RetentionTerms.erasure(environment, configuration), 20);
  }
}
