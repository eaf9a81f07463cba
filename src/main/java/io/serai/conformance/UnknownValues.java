package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Drift;
import io.serai.catalog.Mapping;
import io.serai.catalog.MappingException;
import io.serai.catalog.Samples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Puts a value that nobody ever heard of into every text of a sample, one at a time; an id into all
 * places that name the same thing. A mapping may refuse it, keep it, report it as drift or not read
 * it; what it may not do is to take something else for it in silence.
 */
final class UnknownValues {
  private static final String VALUE = "Serai-unheard-of";

  private UnknownValues() {}

  /**
   * Fields in whose place something else was taken.
   *
   * @param selects names of fields, or of a list and the place in it, that say what stands beside
   *     them: with another word it is something else, which need not be read
   */
  static List<String> silent(Mapping mapping, Sample sample, Set<String> selects) {
    var usual = mapping.apply(sample.input(), sample.variables());
    var silent = new ArrayList<String>();
    for (var pointer : judged(sample, selects)) {
      var changed = sample.input().deepCopy();
      for (var same : sameThing(sample.input(), pointer)) {
        put(changed, same);
      }
      var drift = new ArrayList<Drift>();
      JsonNode mapped;
      try {
        mapped = mapping.apply(changed, sample.variables(), drift::add);
      } catch (MappingException refused) {
        continue;
      }
      if (drift.isEmpty() && !kept(mapped) && takesSomethingElse(usual, mapped)) {
        silent.add(pointer);
      }
    }
    return silent;
  }

  // An id that stands in several places names one thing: it is another one in all of them, or the
  // sample would contradict itself.
  private static List<String> sameThing(JsonNode input, String pointer) {
    if (!isId(pointer)) {
      return List.of(pointer);
    }
    return texts(input, "").stream()
        .filter(other -> isId(other) && input.at(other).equals(input.at(pointer)))
        .toList();
  }

  private static boolean isId(String pointer) {
    var name = pointer.substring(pointer.lastIndexOf('/') + 1);
    return name.equals("id") || name.endsWith("Id") || name.endsWith("_id");
  }

  /** How many texts of a sample are judged. */
  static int count(Sample sample, Set<String> selects) {
    return judged(sample, selects).size();
  }

  private static List<String> judged(Sample sample, Set<String> selects) {
    return texts(sample.input(), "").stream()
        .filter(pointer -> selects.stream().noneMatch(name -> pointer.endsWith('/' + name)))
        .toList();
  }

  private static List<String> texts(JsonNode node, String at) {
    var found = new ArrayList<String>();
    if (node.isTextual() && !node.textValue().isBlank()) {
      found.add(at);
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              e ->
                  found.addAll(
                      texts(
                          e.getValue(),
                          at + "/" + e.getKey().replace("~", "~0").replace("/", "~1"))));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        found.addAll(texts(node.get(i), at + "/" + i));
      }
    }
    return found;
  }

  private static void put(JsonNode tree, String pointer) {
    int last = pointer.lastIndexOf('/');
    var parent = tree.at(pointer.substring(0, last));
    var name = pointer.substring(last + 1);
    if (parent instanceof ObjectNode object) {
      object.set(name.replace("~1", "/").replace("~0", "~"), TextNode.valueOf(VALUE));
    } else if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), TextNode.valueOf(VALUE));
    }
  }

  private static boolean kept(JsonNode mapped) {
    return bare(mapped.toString()).contains(bare(VALUE));
  }

  private static String bare(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }

  // Left out is not taken for something else.
  private static boolean takesSomethingElse(JsonNode usual, JsonNode mapped) {
    if (mapped.isObject() && usual.isObject()) {
      for (var entry : mapped.properties()) {
        if (takesSomethingElse(usual.path(entry.getKey()), entry.getValue())) {
          return true;
        }
      }
      return false;
    }
    if (mapped.isArray() && usual.isArray() && mapped.size() == usual.size()) {
      for (int i = 0; i < mapped.size(); i++) {
        if (takesSomethingElse(usual.get(i), mapped.get(i))) {
          return true;
        }
      }
      return false;
    }
    return !mapped.equals(usual) && !mapped.isNull();
  }
}
