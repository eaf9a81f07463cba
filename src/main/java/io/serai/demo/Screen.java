package io.serai.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the demo and the bench print: lines that stay, and on a terminal one last line that is
 * written over. Piped, the live line becomes a plain line now and then.
 */
final class Screen {
  private static final long PLAIN_EVERY = 2_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private String live = "";
  private String lastPlain = "";
  private long plainAt = Long.MIN_VALUE;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The standard output of this process. */
  static Screen standard() {
    return new Screen(System.out, isTerminal());
  }

  // The JDK tells a terminal from a pipe only from version 22 on.
  private static boolean isTerminal() {
    try {
      var out = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return out.startsWith("/dev/pts/") || out.startsWith("/dev/tty");
    } catch (IOException | RuntimeException e) {
      return System.console() != null;
    }
  }

  /** A line that stays. */
  synchronized void line(String text) {
    if (terminal && !live.isEmpty()) {
      out.print("\r\033[K");
    }
    out.println(text);
    if (terminal && !live.isEmpty()) {
      printLive();
    }
    out.flush();
  }

  /** Over the former one, and no longer than the terminal is wide: a second row would stay. */
  private void printLive() {
    out.print("\r\033[K\033[?7l" + live + "\033[?7h");
  }

  /** Says how things are now. */
  synchronized void live(String text) {
    if (terminal) {
      if (!text.equals(live)) {
        live = text;
        printLive();
        out.flush();
      }
      return;
    }
    var now = System.nanoTime();
    if (!text.equals(lastPlain) && (plainAt == Long.MIN_VALUE || now - plainAt >= PLAIN_EVERY)) {
      out.println(text);
      out.flush();
      lastPlain = text;
      plainAt = now;
    }
  }

  /** Keeps what the live line said last, and goes on below it. */
  synchronized void settle(String text) {
    if (terminal) {
      out.print("\r\033[K");
      live = "";
    }
    if (!text.equals(lastPlain)) {
      out.println(text);
    }
    lastPlain = text;
    out.flush();
  }
}
