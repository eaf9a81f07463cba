package io.serai.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP side of a stand-in: 127.0.0.1 only, one virtual thread a request.
 *
 * <p>It can send half an answer or none, which ordinary servers refuse to do.
 */
final class HttpFace implements AutoCloseable {

  private static final int LARGEST_BODY = 16 * 1024 * 1024;

  static {
    // Without it the JDK's server waits 40 ms before the body of an answer on a kept connection.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
  }

  /** What a request is answered with. */
  interface Handler {
    /** Answers; an exception is answered with 500 and its message. */
    Answer answer(Request request) throws Exception;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Handler handler;

  /** Opens the port, 0 for a free one, and answers from now on. */
  HttpFace(int port, Handler handler) {
    this.handler = handler;
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Port " + port + " of 127.0.0.1 cannot be opened; stop what holds it or give another.",
          e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
      var request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              exchange.getRequestURI().getRawQuery(),
              exchange.getRequestHeaders(),
              body);
      send(exchange, answer(request));
    }
  }

  private Answer answer(Request request) {
    try {
      return handler.answer(request);
    } catch (Exception e) {
      var error = Jsons.object().put("code", "INTERNAL").put("message", String.valueOf(e));
      return Answer.json(500, Jsons.object().set("error", error));
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    if (!answer.delay().isZero()) {
      try {
        Thread.sleep(answer.delay());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (answer.manner() == Answer.Manner.NOTHING) {
      return; // closing an exchange that was never answered closes its connection
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    var body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length == 0) {
      return;
    }
    var out = exchange.getResponseBody();
    if (answer.manner() == Answer.Manner.HALF) {
      out.write(body, 0, body.length / 2);
      out.flush();
      return; // closing it now closes the connection in the middle of the body
    }
    out.write(body);
    out.close();
  }
}
