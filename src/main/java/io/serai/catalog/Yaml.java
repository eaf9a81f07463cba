package io.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML document as it was written, every node knowing its line. YAML 1.2, so {@code on} and
 * {@code no} are texts; a key that is there twice, and a document larger than {@value #NODE_LIMIT}
 * nodes are faults. Nothing is ever constructed from a tag.
 */
public sealed interface Yaml {
  /** More nodes than any file written by a person has. */
  int NODE_LIMIT = 50_000;

  /** The line it starts on, counted from 1. */
  int line();

  /**
   * A mapping in the order it was written.
   *
   * @param entries values by key
   * @param keyLines line of each key
   */
  record Mapping(Map<String, Yaml> entries, Map<String, Integer> keyLines, int line)
      implements Yaml {
    /** The value of a key, or null when the key is absent or has no value. */
    public Yaml get(String key) {
      var value = entries.get(key);
      return value instanceof Scalar scalar && scalar.isNull() ? null : value;
    }

    /** The scalar text of a key, or null when it is absent or no scalar. */
    public String text(String key) {
      return get(key) instanceof Scalar scalar ? scalar.text() : null;
    }

    /** The mapping under a key, or null when it is absent or something else. */
    public Mapping mapping(String key) {
      return get(key) instanceof Mapping mapping ? mapping : null;
    }

    /** The items of the sequence under a key; empty when it is absent or something else. */
    public List<Yaml> items(String key) {
      return get(key) instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** The line of a key, or of the mapping when the key is absent. */
    public int lineOf(String key) {
      return keyLines.getOrDefault(key, line);
    }
  }

  /** A sequence. */
  record Sequence(List<Yaml> items, int line) implements Yaml {}

  /**
   * A scalar.
   *
   * @param text as written, without quotes
   * @param plain whether it stood there without quotes
   */
  record Scalar(String text, boolean plain, int line) implements Yaml {
    /** Whether it says nothing. */
    public boolean isNull() {
      return plain && (text.isEmpty() || text.equals("null") || text.equals("~"));
    }
  }

  /**
   * Reads a text. Notes what is wrong and returns null when it is no YAML or has more than one
   * document.
   */
  static Yaml parse(String text, Faults faults) {
    var settings = LoadSettings.builder().setUseMarks(true).setCodePointLimit(2_000_000).build();
    try {
      var nodes = new ArrayList<Node>();
      new Compose(settings).composeAllFromString(text).forEach(nodes::add);
      if (nodes.isEmpty()) {
        faults.at(0, "The file is empty", "Write it or remove it");
        return null;
      }
      if (nodes.size() > 1) {
        faults.at(
            line(nodes.get(1)),
            "The file holds " + nodes.size() + " YAML documents",
            "Put each into a file of its own");
        return null;
      }
      return new Reader(faults).read(nodes.get(0), 0);
    } catch (MarkedYamlEngineException e) {
      var mark = e.getProblemMark().or(e::getContextMark);
      var line = mark.map(m -> m.getLine() + 1).orElse(0);
      faults.at(
          line,
          "The YAML cannot be read: " + e.getProblem(),
          "Correct the text at column " + mark.map(m -> m.getColumn() + 1).orElse(1));
      return null;
    } catch (YamlEngineException e) {
      faults.at(0, "The YAML cannot be read: " + e.getMessage(), "Correct the text");
      return null;
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** Turns composed nodes into ours. */
  final class Reader {
    private final Faults faults;
    private int count;

    private Reader(Faults faults) {
      this.faults = faults;
    }

    private Yaml read(Node node, int depth) {
      var line = Yaml.line(node);
      if (++count > NODE_LIMIT || depth > 100) {
        throw new YamlEngineException("more than " + NODE_LIMIT + " nodes or 100 levels");
      }
      return switch (node) {
        case MappingNode mapping -> {
          var entries = new LinkedHashMap<String, Yaml>();
          var lines = new LinkedHashMap<String, Integer>();
          for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
              faults.at(line, "A key is not a plain text", "Write the key as a text");
              continue;
            }
            if (lines.putIfAbsent(key.getValue(), Yaml.line(key)) != null) {
              faults.at(
                  Yaml.line(key),
                  "Key '" + key.getValue() + "' is there twice",
                  "Keep one; the other stands on line " + lines.get(key.getValue()));
              continue;
            }
            entries.put(key.getValue(), read(tuple.getValueNode(), depth + 1));
          }
          yield new Mapping(entries, lines, line);
        }
        case SequenceNode sequence -> {
          var items = new ArrayList<Yaml>();
          for (var item : sequence.getValue()) {
            items.add(read(item, depth + 1));
          }
          yield new Sequence(List.copyOf(items), line);
        }
        case ScalarNode scalar -> new Scalar(scalar.getValue(), scalar.isPlain(), line);
        default -> new Scalar("", true, line);
      };
    }
  }
}
