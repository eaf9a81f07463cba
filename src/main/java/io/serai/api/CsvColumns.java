package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The columns of a list of records: one for each component, parts of parts as {@code part.part}.
 *
 * <p>They follow from the type alone, so an empty list has the same as a full one. Lists of plain
 * values stand in one cell with blanks between them, whatever else is nested as JSON.
 */
final class CsvColumns {
  private static final int DEEPEST = 3;
  private static final String LINE_END = "\r\n";
  private static final Pattern QUOTED = Pattern.compile("[\",;\\r\\n]");

  // Spreadsheets compute what begins so, also when it came from a stranger; a number is one.
  private static final Pattern FORMULA = Pattern.compile("^[=+@\\t\\r-].*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+([.][0-9]+)?");

  private final List<List<String>> paths = new ArrayList<>();

  private CsvColumns() {}

  static CsvColumns of(Class<?> type) {
    var columns = new CsvColumns();
    columns.add(type, List.of());
    return columns;
  }

  private void add(Class<?> type, List<String> before) {
    for (var component : type.getRecordComponents()) {
      var path = new ArrayList<>(before);
      path.add(component.getName());
      if (component.getType().isRecord() && path.size() < DEEPEST) {
        add(component.getType(), path);
      } else {
        paths.add(path);
      }
    }
  }

  void heading(Writer out) throws IOException {
    var line = new StringJoiner(",", "", LINE_END);
    paths.forEach(path -> line.add(String.join(".", path)));
    out.write(line.toString());
  }

  void row(JsonNode item, Writer out) throws IOException {
    var line = new StringJoiner(",", "", LINE_END);
    for (var path : paths) {
      var value = item;
      for (var name : path) {
        value = value.path(name);
      }
      line.add(cell(text(value)));
    }
    out.write(line.toString());
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isValueNode()) {
      return value.asText();
    }
    if (value.isArray()) {
      var all = new StringJoiner(" ");
      for (var one : value) {
        if (!one.isValueNode()) {
          return Json.text(value);
        }
        all.add(one.asText());
      }
      return all.toString();
    }
    return Json.text(value);
  }

  static String cell(String text) {
    var safe =
        FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches() ? "'" + text : text;
    return QUOTED.matcher(safe).find() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
