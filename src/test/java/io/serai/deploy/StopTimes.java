package io.serai.deploy;

import java.io.IOException;
import java.nio.file.Path;

/** How long a hub may take to stop, by what bounds each part of it. */
final class StopTimes {
  /** Inbox and outbox wait for what is under way, each twice at most 5 s. */
  private static final int ENGINE = 20;

  /** In seconds: the web server's calls, the engine's work, Camel's exchanges. */
  static final int LONGEST = web() + ENGINE + camel();

  private StopTimes() {}

  private static int web() {
    return seconds("/spring/lifecycle.timeout-per-shutdown-phase");
  }

  private static int camel() {
    return seconds("/camel/main/shutdown-timeout");
  }

  private static int seconds(String path) {
    try {
      var settings =
          RenderedChart.YAML.readTree(Path.of("src/main/resources/application.yaml").toFile());
      return Integer.parseInt(settings.at(path).asText().replace("s", ""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
