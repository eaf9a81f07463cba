package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A JSON interface with a bearer token, as any program would use it. */
final class Api {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final String root;
  private final String token;

  /** The interface below this address. */
  Api(String root, String token) {
    this.root = root;
    this.token = token;
  }

  /**
   * Reads.
   *
   * @throws DemoRefused when the answer is no success
   */
  JsonNode get(String path) {
    return send("GET", path, null);
  }

  /** Writes; throws as {@link #get} does. */
  JsonNode put(String path, Object body) {
    return send("PUT", path, Json.text(body));
  }

  /** Posts; throws as {@link #get} does. */
  JsonNode post(String path, Object body) {
    return send("POST", path, Json.text(body));
  }

  private JsonNode send(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new DemoRefused(
            "%s '%s%s' answered %d: %s. See the log of what answered."
                .formatted(method, root, path, answer.statusCode(), answer.body()));
      }
      return Json.tree(answer.body());
    } catch (IOException e) {
      throw new DemoRefused(
          "%s '%s%s' was not answered: %s. See the log of what should have answered."
              .formatted(method, root, path, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoRefused(
          "%s '%s%s' was interrupted; start again.".formatted(method, root, path));
    }
  }
}
