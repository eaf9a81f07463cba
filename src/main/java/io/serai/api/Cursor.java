package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Where a page ended: the sort key of its last row, opaque to callers.
 *
 * <p>Guarantee: rows that come or go between two pages are never shown twice and never make others
 * be skipped. Gap: not signed; a made-up cursor only moves the place in the caller's own list.
 */
final class Cursor {
  static final int DEFAULT_LIMIT = 50;
  static final int LARGEST_LIMIT = 500;

  private Cursor() {}

  static String of(Object... key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Json.text(List.of(key)).getBytes(StandardCharsets.UTF_8));
  }

  static Long number(String cursor) {
    return cursor == null ? null : key(cursor, 1).get(0).longValue();
  }

  static UUID uuid(String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      return UUID.fromString(key(cursor, 1).get(0).asText());
    } catch (IllegalArgumentException e) {
      throw refused(cursor);
    }
  }

  static JsonNode key(String cursor, int parts) {
    try {
      var key = Json.tree(Base64.getUrlDecoder().decode(cursor));
      if (key.isArray() && key.size() == parts) {
        return key;
      }
    } catch (IllegalArgumentException | Json.Unreadable e) {
      throw refused(cursor);
    }
    throw refused(cursor);
  }

  private static Problem refused(String cursor) {
    return Problem.badRequest(
        "Cursor '%s' was not made by this list; send 'next' of its last page unchanged."
            .formatted(Words.cut(cursor)));
  }

  static int limit(Integer asked) {
    if (asked == null) {
      return DEFAULT_LIMIT;
    }
    if (asked < 1 || asked > LARGEST_LIMIT) {
      throw Problem.badRequest(
          "Limit '%d' is out of range; give 1 to %d.".formatted(asked, LARGEST_LIMIT));
    }
    return asked;
  }

  /** The database's number in a text id such as {@code msg_17}. */
  static long id(String prefix, String text) {
    if (text != null && text.startsWith(prefix + "_") && text.length() <= prefix.length() + 19) {
      try {
        var digits = text.substring(prefix.length() + 1);
        if (digits.chars().allMatch(Character::isDigit)) {
          return Long.parseLong(digits);
        }
      } catch (NumberFormatException e) {
        // answered below
      }
    }
    throw Problem.badRequest(
        "'%s' is not an id; give '%s_' and a number.".formatted(Words.cut(text), prefix));
  }

  static UUID uuid(String prefix, String text) {
    try {
      return Ids.uuid(prefix, text);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(
          "'%s' is not an id; give '%s_' and 26 letters and digits."
              .formatted(Words.cut(text), prefix));
    }
  }
}
