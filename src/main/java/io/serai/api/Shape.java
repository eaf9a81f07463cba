package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.CsvReader;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a payload is made of: its fields with the kinds of value and the values they have, whatever
 * their place in a list. Of JSON, X12, EDIFACT and CSV; of anything else nothing is known.
 */
final class Shape {
  private static final int MOST_VALUES = 5;
  private static final int MOST_FIELDS = 20_000;

  private final Map<String, Field> fields = new TreeMap<>();

  private record Field(Set<String> kinds, Set<String> values) {
    Field() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  private Shape() {}

  /** The shape of these bytes, or null. */
  static Shape of(byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8).strip();
    var shape = new Shape();
    try {
      shape.read("", Json.tree(body));
      return shape;
    } catch (Json.Unreadable notJson) {
      if (text.startsWith("ISA") && text.length() > 106) {
        shape.segments(text, text.charAt(3), text.charAt(105));
      } else if (text.startsWith("UNA") && text.length() > 9) {
        shape.segments(text.substring(9), text.charAt(4), text.charAt(8));
      } else if (text.startsWith("UNB")) {
        shape.segments(text, '+', '\'');
      } else if (text.startsWith("<") || !shape.table(body)) {
        return null;
      }
      return shape;
    }
  }

  private void read(String path, JsonNode node) {
    if (fields.size() > MOST_FIELDS) {
      return;
    }
    if (!path.isEmpty()) {
      note(path, node.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
    }
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  read(
                      path + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                      entry.getValue()));
    } else if (node.isArray()) {
      node.forEach(item -> read(path + "/*", item));
    } else {
      value(path, Json.text(node));
    }
  }

  private void segments(String text, char element, char terminator) {
    for (var segment : text.split(java.util.regex.Pattern.quote(String.valueOf(terminator)))) {
      var elements =
          segment.strip().split(java.util.regex.Pattern.quote(String.valueOf(element)), -1);
      if (elements[0].isEmpty() || fields.size() > MOST_FIELDS) {
        continue;
      }
      note("/" + elements[0], "segment");
      for (int i = 1; i < elements.length; i++) {
        if (!elements[i].isBlank()) {
          var path = "/%s/%02d".formatted(elements[0], i);
          note(path, "element");
          value(path, Json.text(elements[i].strip()));
        }
      }
    }
  }

  private boolean table(byte[] body) {
    var reader = new CsvReader(body, StandardCharsets.UTF_8);
    var heading = reader.next();
    if (heading == null || heading.fault() != null || heading.fields().size() < 2) {
      return false;
    }
    heading.fields().forEach(column -> note("/" + column, "column"));
    for (var row = reader.next(); row != null; row = reader.next()) {
      for (int i = 0; i < Math.min(row.fields().size(), heading.fields().size()); i++) {
        value("/" + heading.fields().get(i), Json.text(row.fields().get(i)));
      }
    }
    return true;
  }

  private void note(String path, String kind) {
    fields.computeIfAbsent(path, p -> new Field()).kinds().add(kind);
  }

  private void value(String path, String json) {
    var values = fields.computeIfAbsent(path, p -> new Field()).values();
    if (values.size() < MOST_VALUES) {
      values.add(json);
    }
  }

  /** What is otherwise in this one than in one that was good: what it lacks and has first. */
  List<ComparisonApi.Otherwise> against(Shape good) {
    var missing = new ArrayList<ComparisonApi.Otherwise>();
    var added = new ArrayList<ComparisonApi.Otherwise>();
    var kinds = new ArrayList<ComparisonApi.Otherwise>();
    var values = new ArrayList<ComparisonApi.Otherwise>();
    good.fields.forEach(
        (path, field) -> {
          var mine = fields.get(path);
          if (mine == null) {
            if (fields.containsKey(parent(path)) || parent(path).isEmpty()) {
              missing.add(new ComparisonApi.Otherwise(path, "MISSING", said(field), null));
            }
          } else if (!mine.kinds().equals(field.kinds())) {
            kinds.add(
                new ComparisonApi.Otherwise(
                    path,
                    "KIND",
                    String.join(", ", field.kinds()),
                    String.join(", ", mine.kinds())));
          } else if (!mine.values().equals(field.values())) {
            values.add(new ComparisonApi.Otherwise(path, "VALUE", said(field), said(mine)));
          }
        });
    fields.forEach(
        (path, field) -> {
          if (!good.fields.containsKey(path)
              && (good.fields.containsKey(parent(path)) || parent(path).isEmpty())) {
            added.add(new ComparisonApi.Otherwise(path, "ADDED", null, said(field)));
          }
        });
    var all = new ArrayList<ComparisonApi.Otherwise>(missing);
    all.addAll(added);
    all.addAll(kinds);
    all.addAll(values);
    return all;
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String said(Field field) {
    return field.values().isEmpty() ? null : String.join(", ", field.values());
  }
}
