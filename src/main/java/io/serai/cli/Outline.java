package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Prints a document of any shape for people: names and values, indented; lists of objects as
 * tables.
 */
final class Outline {
  private final Terminal terminal;

  Outline(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(JsonNode document) {
    print(document, "");
  }

  private void print(JsonNode node, String indent) {
    for (var entry : node.properties()) {
      var value = entry.getValue();
      if (value.isNull() || value.isContainerNode() && value.isEmpty()) {
        continue;
      }
      if (value.isValueNode()) {
        terminal
            .out()
            .println(
                indent
                    + terminal.faint(Text.pad(entry.getKey(), 14, false))
                    + " "
                    + Text.line(value.asText()));
      } else if (value.isObject()) {
        terminal.out().println(indent + terminal.bold(entry.getKey()));
        print(value, indent + "  ");
      } else {
        terminal.out().println(indent + terminal.bold(entry.getKey()));
        items(value, indent + "  ");
      }
    }
  }

  private void items(JsonNode array, String indent) {
    for (var item : array) {
      if (item.isValueNode()) {
        terminal.out().println(indent + "- " + Text.line(item.asText()));
      } else if (item.isObject()) {
        var line = new StringBuilder();
        var nested = item.<com.fasterxml.jackson.databind.node.ObjectNode>deepCopy();
        for (var entry : item.properties()) {
          var value = entry.getValue();
          if (value.isValueNode() || flat(value)) {
            nested.remove(entry.getKey());
            if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
              line.append(line.isEmpty() ? "" : ", ")
                  .append(entry.getKey())
                  .append(' ')
                  .append(value.isValueNode() ? value.asText() : joined(value));
            }
          }
        }
        terminal.out().println(indent + "- " + Text.line(line.toString()));
        print(nested, indent + "  ");
      } else {
        items(item, indent + "  ");
      }
    }
  }

  private static boolean flat(JsonNode node) {
    for (var child : node) {
      if (!child.isValueNode()) {
        return false;
      }
    }
    return node.isArray();
  }

  private static String joined(JsonNode array) {
    var joined = new StringBuilder();
    array.forEach(item -> joined.append(joined.isEmpty() ? "" : "; ").append(item.asText()));
    return joined.toString();
  }
}
