package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A plain HTTP client that talks to simulators. */
final class Caller {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Caller() {}

  /** An answer as it came. */
  record Reply(int status, byte[] body, java.net.http.HttpHeaders headers) {
    JsonNode json() {
      try {
        return Jsons.read(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String header(String name) {
      return headers.firstValue(name).orElse(null);
    }
  }

  static Reply get(URI base, String path, String... headers) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(base + path)).GET(), headers);
  }

  static Reply post(URI base, String path, Object body, String... headers) throws IOException {
    var bytes = body instanceof String text ? text.getBytes() : Jsons.bytes(body);
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)),
        headers);
  }

  /** Any method; the body as it is, without a content type of its own. */
  static Reply call(String method, URI base, String path, String body, String... headers)
      throws IOException {
    return send(
        HttpRequest.newBuilder(base.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)),
        headers);
  }

  private static Reply send(HttpRequest.Builder request, String... headers) throws IOException {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response =
          CLIENT.send(
              request.timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response.body(), response.headers());
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
