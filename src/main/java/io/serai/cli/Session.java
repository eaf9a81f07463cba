package io.serai.cli;

import java.time.Clock;
import java.util.function.UnaryOperator;

/**
 * What an operator's verb works with.
 *
 * @param terminal where it prints
 * @param environment finds variables, null when one is not set
 * @param clock what time it is
 */
public record Session(Terminal terminal, UnaryOperator<String> environment, Clock clock) {
  /** The session of this process. */
  public static Session ofProcess() {
    return new Session(
        Terminal.ofProcess(System::getenv), System::getenv, Clock.systemDefaultZone());
  }
}
