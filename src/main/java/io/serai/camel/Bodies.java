package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import org.apache.camel.Exchange;

/** Reads an exchange's body as a JSON tree, parsing only what is not one yet. */
final class Bodies {
  private Bodies() {}

  static JsonNode tree(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    return switch (body) {
      case JsonNode tree -> tree;
      case byte[] bytes -> Json.tree(bytes);
      case String text -> Json.tree(text);
      case null -> Json.tree("");
      default -> {
        var bytes = exchange.getMessage().getBody(byte[].class);
        yield Json.tree(bytes == null ? new byte[0] : bytes);
      }
    };
  }
}
