package io.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One program run to its end, with what it said.
 *
 * @param status its exit status; -1 when it did not end in time
 * @param output its standard output and error, together
 */
record Command(int status, String output) {

  /** Runs a program whose output is short. */
  static Command run(
      List<String> words, Path folder, Map<String, String> environment, Duration limit) {
    try {
      var process = start(words, folder, environment);
      process.getOutputStream().close();
      var output = new StringBuilder();
      var reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var in = process.getInputStream()) {
                      output.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                      output.append(e.getMessage());
                    }
                  });
      var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      reader.join(1_000);
      return new Command(ended ? process.exitValue() : -1, output.toString().strip());
    } catch (IOException e) {
      return new Command(127, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while running " + words, e));
    }
  }

  static Process start(List<String> words, Path folder, Map<String, String> environment)
      throws IOException {
    var builder = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.equals("LC_ALL"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    builder.environment().putAll(environment);
    return builder.start();
  }

  boolean succeeded() {
    return status == 0;
  }
}
