package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.support.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A hub, as its REST interface shows it.
 *
 * <p>Guarantee: every failure becomes one {@link Sentence}; credentials are sent to the address the
 * operator named and, on a redirect, nowhere else. Gap: a change whose answer was lost may have
 * been made; the sentence says so.
 */
final class Hub {
  static final String USUAL_URL = "http://127.0.0.1:8080";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String ACCEPTED = "application/json, application/problem+json, */*;q=0.1";

  private final String url;
  private final String authorization;
  private final boolean csv;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  Hub(String url, UnaryOperator<String> environment) {
    this(url, environment, false);
  }

  /** One whose lists are wanted as CSV. */
  Hub(String url, UnaryOperator<String> environment, boolean csv) {
    this.csv = csv;
    var given = url == null ? environment.apply("SERAI_URL") : url;
    this.url = checked(given == null || given.isBlank() ? USUAL_URL : given.strip());
    this.authorization = authorization(environment);
  }

  private static String checked(String url) {
    var trimmed = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    try {
      var uri = URI.create(trimmed);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return trimmed;
      }
    } catch (IllegalArgumentException e) {
      // answered below
    }
    throw new Sentence(
        "'%s' is no address of a hub; set SERAI_URL or --url to one like %s."
            .formatted(url, USUAL_URL));
  }

  private static String authorization(UnaryOperator<String> environment) {
    var token = environment.apply("SERAI_API_TOKEN");
    if (token != null && !token.isBlank()) {
      return "Bearer " + token.strip();
    }
    var password = environment.apply("SERAI_ADMIN_PASSWORD");
    if (password != null && !password.isBlank()) {
      return "Basic "
          + Base64.getEncoder()
              .encodeToString(("admin:" + password.strip()).getBytes(StandardCharsets.UTF_8));
    }
    throw new Sentence(
        "No credentials are set; put the hub's token into SERAI_API_TOKEN, or the password of user"
            + " 'admin' into SERAI_ADMIN_PASSWORD.");
  }

  /** Query parameters; those that are null are left out. */
  static String query(Object... namesAndValues) {
    var query = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(namesAndValues[i])
            .append('=')
            .append(segment(namesAndValues[i + 1].toString()).replace("%3A", ":"));
      }
    }
    return query.toString();
  }

  /** A text as one part of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) {
    return json(send("GET", path, null));
  }

  JsonNode put(String path, Object body) {
    return json(send("PUT", path, body));
  }

  JsonNode post(String path, Object body) {
    return json(send("POST", path, body));
  }

  /** Sends a change that must not be made twice, under a key of its own. */
  JsonNode postOnce(String path, Object body) {
    return json(
        send("POST", path, body, ACCEPTED, "Idempotency-Key", UUID.randomUUID().toString()));
  }

  JsonNode delete(String path) {
    return json(send("DELETE", path, null));
  }

  byte[] bytes(String path) {
    return send("GET", path, null);
  }

  /** Up to so many items of a list, over as many pages as that takes; as text when it is CSV. */
  JsonNode list(String path, int most) {
    if (csv) {
      return TextNode.valueOf(
          new String(
              send(
                  "GET",
                  path + (path.contains("?") ? "&" : "?") + "limit=" + most,
                  null,
                  "text/csv, application/problem+json;q=0.5"),
              StandardCharsets.UTF_8));
    }
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    String next = null;
    do {
      int page = Math.min(500, most - items.size());
      var answer =
          get(
              path
                  + (path.contains("?") ? "&" : "?")
                  + "limit="
                  + page
                  + (next == null ? "" : "&cursor=" + segment(next)));
      answer.path("items").forEach(items::add);
      next = answer.path("next").isTextual() ? answer.path("next").textValue() : null;
    } while (next != null && items.size() < most);
    var all = JsonNodeFactory.instance.objectNode();
    all.set("items", items);
    all.put("next", next);
    return all;
  }

  private byte[] send(String method, String path, Object body) {
    return send(method, path, body, ACCEPTED);
  }

  private byte[] send(String method, String path, Object body, String accept, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
            .timeout(PATIENCE)
            .header("Authorization", authorization)
            .header("Accept", accept)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 300) {
        throw problem(answer);
      }
      return answer.body();
    } catch (ConnectException e) {
      throw new Sentence(
          "No hub answers at %s; start one with 'serai run' or name another with SERAI_URL."
              .formatted(url));
    } catch (HttpTimeoutException e) {
      throw new Sentence(
          "The hub at %s did not answer within %d s%s"
              .formatted(url, PATIENCE.toSeconds(), afterwards(method)));
    } catch (IOException e) {
      throw new Sentence(
          "The connection to the hub at %s broke%s".formatted(url, afterwards(method)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Sentence("Interrupted.");
    }
  }

  private static String afterwards(String method) {
    return method.equals("GET")
        ? "; try again."
        : "; look whether the change was made before you repeat it.";
  }

  private Sentence problem(HttpResponse<byte[]> answer) {
    var detail = "";
    try {
      var problem = Json.tree(answer.body());
      detail = problem.path("detail").asText("");
      for (var refused : problem.path("refused")) {
        detail += "\n  " + refused.path("sentence").asText();
      }
      var current = problem.path("current");
      if (current.isObject()) {
        detail +=
            " It is %s now (fence %s)."
                .formatted(current.path("state").asText(), current.path("fence").asText());
      }
    } catch (Json.Unreadable notJson) {
      // the status says it
    }
    if (!detail.isBlank()) {
      return new Sentence(detail);
    }
    return new Sentence(
        "%s answered %d without a reason; is it a hub?".formatted(url, answer.statusCode()));
  }

  private JsonNode json(byte[] body) {
    try {
      return Json.tree(body);
    } catch (Json.Unreadable e) {
      throw new Sentence("%s did not answer JSON; is it a hub?".formatted(url));
    }
  }

  /** A body of the parts that are not null. */
  static Map<String, Object> body(Object... namesAndValues) {
    var body = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        body.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
      }
    }
    return body;
  }
}
