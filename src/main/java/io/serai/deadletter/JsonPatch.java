package io.serai.deadletter;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One change that is made to many documents: operations one after the other (RFC 6902), or an
 * object that is merged into them (RFC 7396).
 *
 * <p>Guarantee: all of it or nothing; a document that it does not fit stays as it is, and it is
 * said what does not fit.
 */
public final class JsonPatch {
  private static final List<String> KNOWN =
      List.of("add", "remove", "replace", "move", "copy", "test");

  private final JsonNode merged; // null where there are operations
  private final List<Operation> operations;

  private record Operation(String name, JsonPointer path, JsonPointer from, JsonNode value) {}

  /** A document that a patch does not fit. */
  public static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String sentence) {
      super(sentence);
    }
  }

  private JsonPatch(JsonNode merged, List<Operation> operations) {
    this.merged = merged;
    this.operations = operations;
  }

  /**
   * Reads a patch.
   *
   * @throws IllegalArgumentException with the sentence, when it is none
   */
  public static JsonPatch of(JsonNode patch) {
    if (patch instanceof ObjectNode object && !object.isEmpty()) {
      return new JsonPatch(object, List.of());
    }
    if (!(patch instanceof ArrayNode) || patch.isEmpty()) {
      throw new IllegalArgumentException(
          "The patch holds nothing; give operations as [{\"op\": \"replace\", \"path\": \"/a\", \"value\": 1}], or an object to be merged.");
    }
    var operations = new ArrayList<Operation>();
    for (var one : patch) {
      operations.add(operation(one, operations.size() + 1));
    }
    return new JsonPatch(null, operations);
  }

  private static Operation operation(JsonNode one, int number) {
    var name = one.path("op").asText();
    if (!KNOWN.contains(name)) {
      throw new IllegalArgumentException(
          "Operation %d of the patch is '%s'; known are add, remove, replace, move, copy and test."
              .formatted(number, name));
    }
    boolean moves = name.equals("move") || name.equals("copy");
    if (!moves && !name.equals("remove") && !one.has("value")) {
      throw new IllegalArgumentException(
          "Operation %d of the patch ('%s') has no 'value'; add it.".formatted(number, name));
    }
    return new Operation(
        name,
        pointer(one, "path", number),
        moves ? pointer(one, "from", number) : null,
        one.get("value"));
  }

  private static JsonPointer pointer(JsonNode one, String key, int number) {
    try {
      if (one.path(key).isTextual()) {
        return JsonPointer.compile(one.path(key).textValue());
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "Operation %d of the patch has no JSON pointer in '%s'; write one, as '/lines/0/sku'."
            .formatted(number, key));
  }

  /**
   * The document with the change.
   *
   * @throws Unfit when it does not fit
   */
  public JsonNode apply(JsonNode document) throws Unfit {
    if (merged != null) {
      return merge(document, merged);
    }
    var changed = document.deepCopy();
    for (var one : operations) {
      changed = apply(one, changed);
    }
    return changed;
  }

  private static JsonNode merge(JsonNode target, JsonNode with) {
    if (!(with instanceof ObjectNode object)) {
      return with.deepCopy();
    }
    var merged = target instanceof ObjectNode known ? known.deepCopy() : object.objectNode();
    object
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                merged.remove(entry.getKey());
              } else {
                var before = merged.get(entry.getKey());
                merged.set(
                    entry.getKey(),
                    merge(before == null ? object.objectNode() : before, entry.getValue()));
              }
            });
    return merged;
  }

  private static JsonNode apply(Operation one, JsonNode document) throws Unfit {
    return switch (one.name()) {
      case "add" -> add(document, one.path(), one.value().deepCopy());
      case "remove" -> remove(document, one.path());
      case "replace" -> {
        there(document, one.path());
        yield one.path().matches()
            ? one.value().deepCopy()
            : set(document, one.path(), one.value().deepCopy());
      }
      case "copy" -> add(document, one.path(), there(document, one.from()).deepCopy());
      case "move" -> {
        var moved = there(document, one.from());
        if (one.path().toString().startsWith(one.from() + "/")) {
          throw new Unfit("'%s' cannot be moved into itself.".formatted(one.from()));
        }
        yield add(remove(document, one.from()), one.path(), moved);
      }
      default -> {
        var found = there(document, one.path());
        if (!JsonDiff.between(one.value(), found).isEmpty()) {
          throw new Unfit(
              "At '%s' stands another value than the patch expects.".formatted(one.path()));
        }
        yield document;
      }
    };
  }

  private static JsonNode there(JsonNode document, JsonPointer path) throws Unfit {
    var found = document.at(path);
    if (found.isMissingNode()) {
      throw new Unfit("There is nothing at '%s'.".formatted(path));
    }
    return found;
  }

  private static JsonNode add(JsonNode document, JsonPointer path, JsonNode value) throws Unfit {
    if (path.matches()) {
      return value;
    }
    var last = path.last();
    if (document.at(path.head()) instanceof ArrayNode list) {
      var index = last.getMatchingProperty().equals("-") ? list.size() : last.getMatchingIndex();
      if (index < 0 || index > list.size()) {
        throw new Unfit("'%s' is no place in a list of %d.".formatted(path, list.size()));
      }
      list.insert(index, value);
      return document;
    }
    return set(document, path, value);
  }

  private static JsonNode set(JsonNode document, JsonPointer path, JsonNode value) throws Unfit {
    switch (document.at(path.head())) {
      case ObjectNode object -> object.set(path.last().getMatchingProperty(), value);
      case ArrayNode list -> list.set(path.last().getMatchingIndex(), value);
      default -> throw new Unfit("There is no object or list at '%s'.".formatted(path.head()));
    }
    return document;
  }

  private static JsonNode remove(JsonNode document, JsonPointer path) throws Unfit {
    there(document, path);
    if (path.matches()) {
      throw new Unfit("The whole document cannot be removed.");
    }
    if (document.at(path.head()) instanceof ArrayNode list) {
      list.remove(path.last().getMatchingIndex());
    } else {
      ((ObjectNode) document.at(path.head())).remove(path.last().getMatchingProperty());
    }
    return document;
  }
}
