package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** One interchange of 20,000 orders at a hub that has little memory. */
@Tag("alone")
@Tag("long")
class X12BenchIT {
  @Test
  void fiftyFiveMegabytesAreReadAnsweredAndAppliedInAHubOf256() {
    var ended =
        new CommandLine(new X12Bench())
            .execute(
                "--warmup=0",
                "--interchanges=1",
                "--orders=20000",
                "--no-answers",
                "--hub-option=-Xmx256m");

    assertThat(ended).as("what the bench counted stands above").isZero();
  }
}
