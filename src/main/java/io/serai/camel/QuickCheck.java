package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A quick yes to documents that certainly keep a JSON Schema: a fifth of what the library takes, on
 * the path of every order. It knows the words that our canonical schemas use and no others.
 *
 * <p>Guarantee: what it passes, the library passes. Gap: its no means nothing; the library is asked
 * then, and always when the schema uses a word that is not known here.
 */
final class QuickCheck {
  /** Words that say nothing about validity. */
  private static final Set<String> COMMENTS =
      Set.of("$schema", "$id", "$defs", "title", "description");

  /** Judges one value. */
  @FunctionalInterface
  private interface Check {
    boolean passes(JsonNode value);
  }

  private final JsonNode root;
  private final Map<String, Check> definitions = new HashMap<>();
  private final Check check;

  private QuickCheck(JsonNode schema) {
    root = schema;
    check = compile(schema);
  }

  /** Of a schema of draft 2020-12 whose references stay inside it. */
  static QuickCheck of(JsonNode schema) {
    return new QuickCheck(schema);
  }

  /** Whether the document certainly keeps the schema. */
  boolean passes(JsonNode document) {
    return check.passes(document);
  }

  private Check compile(JsonNode schema) {
    if (schema.isBoolean()) {
      return schema.booleanValue() ? value -> true : value -> false;
    }
    var checks = new ArrayList<Check>();
    var object = false;
    for (var word : schema.properties()) {
      if (COMMENTS.contains(word.getKey())) {
        continue;
      }
      switch (word.getKey()) {
        case "type" -> checks.add(type(word.getValue()));
        case "enum" -> checks.add(oneOf(word.getValue()));
        case "pattern" -> checks.add(pattern(word.getValue().textValue()));
        case "minLength" -> checks.add(minLength(word.getValue().intValue()));
        case "minimum" -> checks.add(bound(word.getValue(), true));
        case "maximum" -> checks.add(bound(word.getValue(), false));
        case "minItems" -> checks.add(minItems(word.getValue().intValue()));
        case "items" -> checks.add(items(compile(word.getValue())));
        case "$ref" -> checks.add(reference(word.getValue().textValue()));
        case "anyOf" -> checks.add(anyOf(word.getValue()));
        case "properties", "required", "additionalProperties" -> object = true;
        default -> checks.add(value -> false);
      }
    }
    if (object) {
      checks.add(fields(schema));
    }
    return all(checks);
  }

  private static Check all(List<Check> checks) {
    if (checks.size() == 1) {
      return checks.getFirst();
    }
    var each = checks.toArray(Check[]::new);
    return value -> {
      for (var one : each) {
        if (!one.passes(value)) {
          return false;
        }
      }
      return true;
    };
  }

  private static Check type(JsonNode type) {
    if (type.isArray()) {
      var types = new ArrayList<Check>();
      type.forEach(one -> types.add(type(one)));
      return any(types);
    }
    return switch (type.textValue()) {
      case "object" -> JsonNode::isObject;
      case "array" -> JsonNode::isArray;
      case "string" -> JsonNode::isTextual;
      case "boolean" -> JsonNode::isBoolean;
      case "integer" -> JsonNode::isIntegralNumber;
      case "number" -> JsonNode::isNumber;
      case "null" -> JsonNode::isNull;
      default -> value -> false;
    };
  }

  private static Check any(List<Check> checks) {
    var each = checks.toArray(Check[]::new);
    return value -> {
      for (var one : each) {
        if (one.passes(value)) {
          return true;
        }
      }
      return false;
    };
  }

  private Check anyOf(JsonNode schemas) {
    var checks = new ArrayList<Check>();
    schemas.forEach(schema -> checks.add(compile(schema)));
    return any(checks);
  }

  private static Check oneOf(JsonNode values) {
    var texts = new HashSet<String>();
    values.forEach(value -> texts.add(value.textValue()));
    return value -> value.isTextual() && texts.contains(value.textValue());
  }

  private static Check pattern(String regex) {
    var pattern = Pattern.compile(regex);
    return value -> !value.isTextual() || pattern.matcher(value.textValue()).find();
  }

  private static Check minLength(int least) {
    return value -> {
      if (!value.isTextual()) {
        return true;
      }
      var text = value.textValue();
      return text.codePointCount(0, text.length()) >= least;
    };
  }

  private static Check minItems(int least) {
    return value -> !value.isArray() || value.size() >= least;
  }

  private static Check bound(JsonNode bound, boolean least) {
    if (!bound.canConvertToLong() || !bound.isIntegralNumber()) {
      return value -> false;
    }
    var limit = bound.longValue();
    return value -> {
      if (!value.isNumber()) {
        return true;
      }
      return value.isIntegralNumber()
          && value.canConvertToLong()
          && (least ? value.longValue() >= limit : value.longValue() <= limit);
    };
  }

  private static Check items(Check item) {
    return value -> {
      if (value.isArray()) {
        for (var i = 0; i < value.size(); i++) {
          if (!item.passes(value.get(i))) {
            return false;
          }
        }
      }
      return true;
    };
  }

  // A definition may use itself, so it is looked up when it is needed.
  private Check reference(String pointer) {
    if (!pointer.startsWith("#/")) {
      return value -> false;
    }
    if (!definitions.containsKey(pointer)) {
      definitions.put(pointer, null);
      var target = root.at(pointer.substring(1));
      definitions.put(pointer, target.isMissingNode() ? value -> false : compile(target));
    }
    var compiled = definitions.get(pointer);
    return compiled != null ? compiled : value -> definitions.get(pointer).passes(value);
  }

  private Check fields(JsonNode schema) {
    var known = new HashMap<String, Check>();
    schema
        .path("properties")
        .properties()
        .forEach(p -> known.put(p.getKey(), compile(p.getValue())));
    var required = new ArrayList<String>();
    schema.path("required").forEach(name -> required.add(name.textValue()));
    var others =
        schema.has("additionalProperties")
            ? compile(schema.get("additionalProperties"))
            : (Check) value -> true;
    var must = required.toArray(String[]::new);
    return value -> {
      if (!value.isObject()) {
        return true;
      }
      for (var name : must) {
        if (value.get(name) == null) {
          return false;
        }
      }
      for (var field : value.properties()) {
        if (!known.getOrDefault(field.getKey(), others).passes(field.getValue())) {
          return false;
        }
      }
      return true;
    };
  }
}
