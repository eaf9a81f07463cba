package io.serai.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Where output goes and how it may look there.
 *
 * @param out what was asked for
 * @param err what went wrong
 * @param width columns, or 0 when lines must not be cut (a file or a pipe)
 * @param color whether colors may be used
 * @param zone in which times are shown
 */
public record Terminal(PrintWriter out, PrintWriter err, int width, boolean color, ZoneId zone) {
  private static final int USUAL_WIDTH = 100;
  private static final int NARROWEST = 40;

  /** The terminal this process was started from, or the file or pipe. */
  public static Terminal ofProcess(UnaryOperator<String> environment) {
    boolean interactive = interactive();
    boolean color =
        interactive
            && environment.apply("NO_COLOR") == null
            && !"dumb".equals(environment.apply("TERM"));
    return new Terminal(
        new PrintWriter(System.out, true),
        new PrintWriter(System.err, true),
        interactive ? Math.max(NARROWEST, columns(environment)) : 0,
        color,
        ZoneId.systemDefault());
  }

  private static boolean interactive() {
    var console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since Java 22 there is a console without a terminal too.
      return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException | RuntimeException before22) {
      return isTerminalBefore22();
    }
  }

  private static boolean isTerminalBefore22() {
    return Runtime.version().feature() < 22;
  }

  private static int columns(UnaryOperator<String> environment) {
    var given = environment.apply("COLUMNS");
    if (given != null && given.matches("[1-9][0-9]{0,4}")) {
      return Integer.parseInt(given);
    }
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      try (var reader = stty.inputReader()) {
        var line = reader.readLine();
        if (stty.waitFor(1, TimeUnit.SECONDS)
            && line != null
            && line.matches("[0-9]+ [1-9][0-9]*")) {
          return Integer.parseInt(line.substring(line.indexOf(' ') + 1));
        }
      }
    } catch (IOException e) {
      // no stty: the usual width
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return USUAL_WIDTH;
  }

  /** The text in bold, where that is possible. */
  String bold(String text) {
    return color ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** The text in faint, where that is possible. */
  String faint(String text) {
    return color ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /** The text in the color of a state it holds: what needs somebody, what waits, what is well. */
  String state(String text) {
    if (!color) {
      return text;
    }
    int code =
        switch (text.strip()) {
          case "PARKED",
              "REFUSED",
              "FAILED",
              "ON_HOLD",
              "UNALLOCATABLE",
              "UNMAPPED",
              "ABORTED",
              "OPEN" ->
              31;
          case "WAITING",
              "BACKORDERED",
              "PARTIALLY_ALLOCATED",
              "PENDING",
              "PENDING_PAYMENT",
              "PAUSED",
              "RECOVERING",
              "MAINTENANCE",
              "HELD",
              "SKIPPED",
              "DEGRADED" ->
              33;
          case "APPLIED", "CONFIRMED", "SHIPPED", "DELIVERED", "CLOSED", "DONE", "REPLAYED", "OK" ->
              32;
          default -> 0;
        };
    return code == 0 ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
