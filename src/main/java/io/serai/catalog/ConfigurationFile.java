package io.serai.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads configuration the way the hub's start does, without starting the hub. */
public final class ConfigurationFile {
  private ConfigurationFile() {}

  /**
   * The environment a start with this file would have, secrets folder and process environment
   * included.
   *
   * @param file a YAML or properties file, or null for the built-in configuration alone
   * @throws BadConfiguration when the file is not there or cannot be read
   */
  public static ConfigurableEnvironment environment(Path file) {
    var environment = new StandardEnvironment();
    if (file != null) {
      if (!Files.isRegularFile(file)) {
        throw new BadConfiguration(
            List.of(
                new Fault(
                    file.toString(), 0, "There is no file '" + file + "'", "Correct the path")));
      }
      environment
          .getPropertySources()
          .addFirst(
              new MapPropertySource(
                  "command line",
                  Map.of(
                      "spring.config.additional-location",
                      file.toAbsolutePath().toUri().toString())));
    }
    try {
      ConfigDataEnvironmentPostProcessor.applyTo(environment);
    } catch (RuntimeException e) {
      throw new BadConfiguration(List.of(fault(file, e)));
    }
    SecretsFolder.addTo(environment);
    return environment;
  }

  private static Fault fault(Path file, RuntimeException thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
        return new Fault(
            String.valueOf(file == null ? "configuration" : file.getFileName()),
            yaml.getProblemMark().getLine() + 1,
            "The YAML cannot be read: " + yaml.getProblem(),
            "Correct the text");
      }
    }
    var message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    return new Fault(
        String.valueOf(file == null ? "configuration" : file.getFileName()),
        0,
        "The configuration cannot be read: " + message.replaceAll("[.]$", ""),
        "Correct it");
  }
}
