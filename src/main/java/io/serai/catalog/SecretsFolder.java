package io.serai.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.ConfigTreePropertySource.Option;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the folder {@code SERAI_SECRETS_DIR} names: one file per setting, its name the key, its
 * text the value, as container platforms mount secrets. Wins over configuration files, loses
 * against the process environment. Read at start; a value that changes later takes effect at the
 * next.
 */
public final class SecretsFolder implements EnvironmentPostProcessor, Ordered {
  /** The setting that names the folder. */
  public static final String SETTING = "SERAI_SECRETS_DIR";

  private static final String NAME = "secrets folder";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    addTo(environment);
  }

  /** After the configuration files, so that their place in the order is known. */
  @Override
  public int getOrder() {
    return ConfigDataEnvironmentPostProcessor.ORDER + 1;
  }

  /**
   * Adds the folder to an environment, when it names one.
   *
   * @throws BadConfiguration when it names something that is no folder
   */
  public static void addTo(ConfigurableEnvironment environment) {
    var setting = environment.getProperty(SETTING);
    var sources = environment.getPropertySources();
    if (setting == null || setting.isBlank() || sources.contains(NAME)) {
      return;
    }
    var folder = Path.of(setting);
    if (!Files.isDirectory(folder)) {
      throw new BadConfiguration(
          List.of(
              new Fault(
                  "environment",
                  0,
                  "'" + SETTING + "' is '" + setting + "', which is no folder",
                  "Name the folder the secrets are mounted at, or remove the setting")));
    }
    var source = new ConfigTreePropertySource(NAME, folder, Option.AUTO_TRIM_TRAILING_NEW_LINE);
    if (sources.contains(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
      sources.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
    } else {
      sources.addFirst(source);
    }
  }
}
