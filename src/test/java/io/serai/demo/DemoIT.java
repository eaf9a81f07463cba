package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as people run it: a process that is killed, and the same command again. */
@Tag("alone")
class DemoIT {
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir Path folder;
  private Process demo;

  private Path start(String log, String... arguments) throws IOException {
    var command =
        ChildJvm.command(
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            "io.serai.Serai",
            List.of(arguments));
    var output = folder.resolve(log);
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
    demo = builder.start();
    return output;
  }

  private static int sent(Path output) throws IOException {
    return Files.readString(output)
        .lines()
        .filter(line -> line.startsWith("placed "))
        .map(line -> line.replaceFirst(".* sent (\\d+) .*", "$1"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }

  @AfterEach
  void end() throws InterruptedException {
    demo.destroy();
    if (!demo.waitFor(120, TimeUnit.SECONDS)) {
      demo.destroyForcibly().waitFor();
    }
  }

  @Test
  void aDemoKilledInTheMiddleGoesOnAndLosesAndDoublesNothing() throws Exception {
    var data = folder.resolve("data").toString();
    var first = start("first.log", "demo", "--data", data, "--orders", "60", "--rate", "4");
    Await.until(
        "the demo asks 3PLs to ship",
        PATIENCE,
        () -> {
          assertThat(demo.isAlive()).as(Files.readString(first)).isTrue();
          return sent(first) > 0;
        });
    demo.destroyForcibly().waitFor();
    assertThat(sent(first)).as("killed before the end").isLessThan(50);

    var second = start("second.log", "demo", "--data", data, "--orders", "60", "--exit");

    assertThat(demo.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    var told = Files.readString(second);
    assertThat(demo.exitValue()).as(told).isZero();
    assertThat(told)
        .containsPattern("(?m)^  placed +60 ")
        .containsPattern("(?m)^  accepted +60 ")
        .containsPattern("(?m)^  Why order #\\d+ went where it went")
        .containsPattern("(?m)^    (nj-1|nv-1|hoboken|brooklyn) +ships  ")
        .containsPattern("(?m)^    By rules 'demo@")
        .containsPattern("(?m)^  The story of order #\\d+ ")
        .containsPattern("(?m)^ +\\d+\\.\\d s  .*'northwind' is asked to send it from 'nj-1'")
        .containsPattern("(?m)^      PSTR-A3 +1 ordered, 0 taken off .* 1 sent from 'brooklyn'")
        .containsPattern("(?m)^      PSTR-A2 +1 ordered, 1 taken off in time, 0 sent")
        .containsPattern("(?m)^ +\\d+\\.\\d s  .*1 for sale again")
        .containsPattern("(?m)^ +\\d+\\.\\d s  'shopify-main' gave the money back")
        .containsPattern("(?m)^      TEE-M +3 ordered, .* 3 sent from 'nj-1', 1 back")
        .containsPattern("(?m)^  labels bought +[1-9]")
        .containsPattern("(?m)^  sent +[1-9]")
        .containsPattern("(?m)^  X12 files +[1-9]\\d* .* [1-9]\\d* invoices, [1-9]\\d* of stock$")
        .containsPattern(
            "(?m)^  AS2 messages +[1-9]\\d* .* [1-9]\\d* to the retailer, [1-9]\\d* from it$")
        .containsPattern("(?m)^  announced +1 ")
        .containsPattern("(?m)^  lost +0$")
        .containsPattern("(?m)^  doubled +0$")
        .containsPattern("(?m)^  oversold +0$");
  }
}
