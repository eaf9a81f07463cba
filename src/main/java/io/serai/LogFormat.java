package io.serai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Fault;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Writes the log as {@code SERAI_LOG_FORMAT} says: {@code text} for people, or {@code json}, one
 * object a line with the names of the Elastic Common Schema. What the JVM itself says when it dies
 * is text in either case.
 */
public final class LogFormat implements EnvironmentPostProcessor, Ordered {
  /** The setting. */
  static final String SETTING = "SERAI_LOG_FORMAT";

  private static final String JSON = "json";
  private static final List<String> FORMATS = List.of("text", JSON);

  /**
   * Sets the format.
   *
   * @throws BadConfiguration when the setting names no format
   */
  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    var format = environment.getProperty(SETTING);
    if (format == null || format.isBlank()) {
      return;
    }
    if (!FORMATS.contains(format)) {
      throw new BadConfiguration(
          List.of(
              new Fault(
                  "environment",
                  0,
                  "'" + SETTING + "' is '" + format + "', which is no format of a log",
                  "Set it to 'text' or 'json'")));
    }
    if (format.equals(JSON)) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  "log format",
                  Map.of(
                      "logging.structured.format.console",
                      "ecs",
                      "logging.structured.ecs.service.name",
                      "serai",
                      // as many frames as the text shows
                      "logging.structured.json.stacktrace.max-throwable-depth",
                      "8")));
    }
  }

  /** After the configuration files; what they say of logging themselves wins. */
  @Override
  public int getOrder() {
    return ConfigDataEnvironmentPostProcessor.ORDER + 2;
  }

  /** The last sentence of a hub that does not start, as a line of its log. */
  static String last(String sentence, Map<String, String> environment, Clock clock) {
    if (!JSON.equals(environment.get(SETTING))) {
      return sentence;
    }
    var line = JsonNodeFactory.instance.objectNode();
    line.put("@timestamp", clock.instant().toString());
    line.putObject("log").put("level", "ERROR").put("logger", HubProcess.class.getName());
    line.putObject("process").put("pid", ProcessHandle.current().pid());
    line.putObject("service").put("name", "serai");
    line.put("message", sentence);
    line.putObject("ecs").put("version", "8.11");
    return line.toString();
  }
}
