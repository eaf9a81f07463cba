package io.serai.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Ports that must be known before their server runs. */
final class Ports {
  private Ports() {}

  /** The port a variable names, or one that is free just now; another process may take it first. */
  static int from(Map<String, String> environment, String variable) {
    var given = environment.getOrDefault(variable, "").strip();
    if (given.matches("[1-9]\\d{0,4}")) {
      return Integer.parseInt(given);
    }
    return free();
  }

  /** A port that is free just now. */
  static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
