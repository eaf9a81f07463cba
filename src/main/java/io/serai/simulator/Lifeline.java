package io.serai.simulator;

import java.io.IOException;
import java.io.InputStream;

/** Tells when whoever started this process is gone. */
final class Lifeline {

  private Lifeline() {}

  /**
   * Calls {@code gone} once the input ends or the parent process has died, whichever comes first.
   *
   * @param parent the process to watch, or {@code null} for the real parent
   */
  static void watch(InputStream input, Long parent, Runnable gone) {
    var process = parent == null ? ProcessHandle.current().parent() : ProcessHandle.of(parent);
    if (process.isEmpty()) {
      gone.run();
      return;
    }
    process.get().onExit().thenRun(gone);
    Thread.ofPlatform()
        .daemon()
        .name("lifeline")
        .start(
            () -> {
              try {
                while (input.read() >= 0) {
                  // What is typed means nothing; only the end does.
                }
              } catch (IOException e) {
                // A broken input is an ended one.
              }
              gone.run();
            });
  }
}
