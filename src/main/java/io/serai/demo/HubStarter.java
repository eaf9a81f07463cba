package io.serai.demo;

import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts a hub in this process; it takes traffic when this returns. */
@FunctionalInterface
public interface HubStarter {
  /**
   * Starts it.
   *
   * @param environment where the database settings stand
   * @param properties the configuration; what the process's own environment says wins
   */
  ConfigurableApplicationContext start(
      Map<String, String> environment, Map<String, Object> properties);
}
