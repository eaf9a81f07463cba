package io.serai.camel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.serai.support.Json;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a few scalar values out of a JSON body without building it, and stops at the last one. What
 * comes after is not judged here; the route's own reading does that.
 */
final class Peek {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxStringLength(Json.MAX_TEXT)
                  .maxNumberLength(Json.MAX_DIGITS)
                  .build())
          .build();

  private Peek() {}

  /**
   * The text of each JSON pointer that names a scalar; pointers that name nothing are left out.
   *
   * @throws IOException when the body is not JSON up to where reading stopped
   */
  static Map<String, String> at(byte[] body, Collection<String> pointers) throws IOException {
    var found = new HashMap<String, String>();
    try (var parser = FACTORY.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, "", pointers, found);
      }
    }
    return found;
  }

  // Answers whether everything is found.
  private static boolean object(
      JsonParser parser, String path, Collection<String> pointers, Map<String, String> found)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var here = path + '/' + parser.currentName();
      var token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && leads(here, pointers)) {
        if (object(parser, here, pointers, found)) {
          return true;
        }
      } else if (token.isStructStart()) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL && pointers.contains(here)) {
        found.put(here, parser.getText());
        if (found.size() == pointers.size()) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean leads(String path, Collection<String> pointers) {
    for (var pointer : pointers) {
      if (pointer.length() > path.length()
          && pointer.startsWith(path)
          && pointer.charAt(path.length()) == '/') {
        return true;
      }
    }
    return false;
  }
}
