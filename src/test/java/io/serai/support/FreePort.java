package io.serai.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for what others must know before it listens: below those that the system gives to whoever
 * asks for any, so that nobody is given one between its choice and its use, and never the same one
 * twice in a JVM.
 */
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int MANY = 12_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % MANY));

  private FreePort() {}

  /** A port on which nothing listens. */
  public static int next() {
    for (var tried = 0; tried < MANY; tried++) {
      var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), MANY);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken: the next one
      }
    }
    throw new AssertionError("No port from %d on is free.".formatted(FIRST));
  }
}
