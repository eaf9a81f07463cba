package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An HTTP request as a simulator sees it, its body read whole. */
record Request(
    String method, String path, String rawQuery, Map<String, List<String>> headers, byte[] body) {

  /** The first value of a header, whatever the case of its name. */
  Optional<String> header(String name) {
    for (var entry : headers.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name) && !entry.getValue().isEmpty()) {
        return Optional.of(entry.getValue().get(0));
      }
    }
    return Optional.empty();
  }

  Map<String, String> query() {
    var parameters = new LinkedHashMap<String, String>();
    if (rawQuery != null) {
      for (var pair : rawQuery.split("&")) {
        var at = pair.indexOf('=');
        if (at > 0) {
          parameters.put(decode(pair.substring(0, at)), decode(pair.substring(at + 1)));
        }
      }
    }
    return parameters;
  }

  /** The segments of the path without empty ones. */
  List<String> segments() {
    return Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
  }

  /** The same request at another path. */
  Request at(String newPath) {
    return new Request(method, newPath, rawQuery, headers, body);
  }

  /** The same request with another body. */
  Request with(byte[] newBody) {
    return new Request(method, path, rawQuery, headers, newBody);
  }

  JsonNode json() throws IOException {
    var node = body.length == 0 ? null : Jsons.read(body);
    return node == null ? Jsons.object() : node;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
